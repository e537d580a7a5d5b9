"""Answers that a wrong clock dated: found, and counted at the times that are likely right."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.study_day import study_day
from sco_quiz.learning.wrong_clock import EARLIEST, Misfit, Way, find_misfits, place
from sco_quiz.numbers_and_times import in_full, many, plural
from sco_quiz.progress.corrections import Correction, at_the_time_that_counts
from sco_quiz.progress.log import (
    IN_ORDER,
    SELECT_EVENTS,
    Event,
    EventKind,
    as_one_step,
    correct_clock,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.learning.study_day import Moment
    from sco_quiz.learning.wrong_clock import Shift
    from sco_quiz.workspace.workspace import Workspace

RECENT = 2_000
"""The events that are looked at unless all have to be: as many are read within a frame."""
ALL = 1 << 62

# An import is no clock: its events stand card by card, each at a time that another app knows. And
# that a clock was put right says nothing of when the learner did the next thing.
_EVENTS = """INDEXED BY event_order WHERE device NOT IN (
  SELECT json_extract(data, '$.device') FROM event
  WHERE card IS NULL AND kind = 'import' AND json_extract(data, '$.device') IS NOT NULL)
AND kind <> 'clock' AND (kind <> 'undo' OR card IS NOT NULL)
AND stamp >= coalesce(
  (SELECT stamp FROM event ORDER BY stamp DESC LIMIT 1 OFFSET ?), 0) """
_ANSWERS = (EventKind.REVIEW, EventKind.ANSWER)


class WrongTime(NamedTuple):
    """Events in a row of one device, whose clock was wrong.

    Attributes:
        events: As they stand in the log, in order.
        misfit: Where they stand among their neighbours.
    """

    events: Sequence[Event]
    misfit: Misfit


class Offer(NamedTuple):
    """A way to put the times right.

    Attributes:
        way: The way.
        words: What it does, without a full stop.
    """

    way: Way
    words: str


class WrongTimes:
    """All that a wrong clock dated.

    Attributes:
        summary: What is wrong, in a few words.
        words: What is wrong, in sentences.
        offers: The ways to put it right that differ; none while the clock is wrong itself.
    """

    def __init__(self, found: Sequence[WrongTime], now: Moment, rollover: int) -> None:
        """Say what was found, and work out the times that may count.

        Args:
            found: At least one.
            now: The present.
            rollover: The hour at which the study day begins.
        """
        self._found = found
        self._shifts: dict[Way, list[Shift]] = {way: [] for way in Way}
        for own, misfit in found:
            times = [event.at for event in own]
            for way, shifts in self._shifts.items():
                shifts.append(place(misfit, min(times), max(times), way, now, rollover))
        answers = sum(event.kind in _ANSWERS for own, _ in found for event in own)
        self._told = [
            [event for event in own if not answers or event.kind in _ANSWERS] for own, _ in found
        ]
        """The events whose dates are told: the answers, where there are any."""
        what = many(answers, "answer") if answers else "steps of yours"
        are = plural(answers, "is", "are")
        dated = _dates([event.day for own in self._told for event in own])
        today = _date(study_day(now.at, now.tz, 0))  # as it stands on the clock
        self.offers: list[Offer] = []
        if now.at < EARLIEST:
            self.summary = f"the clock is wrong: it says {today}"
            self.words = f"The clock is wrong: it says {today}. Set it right before you study."
            return
        self.summary = f"{what} {are} dated {dated}"
        self.words = (
            f"The clock was wrong: {self.summary}. It says {today} now;"
            " if that is wrong too, set it right first."
        )
        them = plural(answers, "it", "them")
        has_next = any(each.misfit.behind is not None for each in found)
        latest, between = self._shifts[Way.NOW], self._shifts[Way.NEIGHBOURS]
        where = "as late as can be" if has_next else "as given now"
        self.offers.append(Offer(Way.NOW, f"Count {them} {where}: {self._days_of(latest)}"))
        if between != latest:
            words = f"Count {them} between their neighbours: {self._days_of(between)}"
            self.offers.append(Offer(Way.NEIGHBOURS, words))

    def put_right(self, workspace: Workspace, way: Way) -> None:
        """Have other times count; the log keeps those that it has. Taken back as one step.

        Args:
            workspace: Over the log in which they were found.
            way: The way to find the times.

        Raises:
            ProgressError: The log could not be written.
        """
        drafts = [
            correct_clock(workspace.now(), own[0].device, own[0].seq, own[-1].seq, shift)
            for (own, _), shift in zip(self._found, self._shifts[way], strict=True)
        ]
        workspace.progress.append(*as_one_step(drafts))

    def _days_of(self, shifts: Sequence[Shift]) -> str:
        """Return the dates that count for what is told."""
        return _dates(
            [
                shift.moment(end(event.at for event in own)).day
                for own, shift in zip(self._told, shifts, strict=True)
                if own
                for end in (min, max)
            ]
        )


def find_wrong_times(workspace: Workspace, *, everywhere: bool = False) -> WrongTimes | None:
    """Find answers whose time cannot be right.

    Args:
        workspace: Where to look.
        everywhere: Look at all events, rather than at the last ones and only where they are odd.

    Returns:
        None where every time may be right.
    """
    progress, now = workspace.progress, workspace.now()
    if not everywhere and not progress.may_be_out_of_time(now.at):
        return None
    most = ALL if everywhere else RECENT
    rows = progress.query(SELECT_EVENTS + _EVENTS + IN_ORDER, (most,))
    corrections = [Correction.of(data) for data in progress.corrections]
    found = []
    events = sorted(map(Event._make, rows), key=attrgetter("device", "seq"))
    for _, group in groupby(events, attrgetter("device")):
        own = list(group)
        times = [at_the_time_that_counts(event, corrections).at for event in own]
        found += [
            WrongTime(own[misfit.first : misfit.last + 1], misfit)
            for misfit in find_misfits(times, now.at)
        ]
    if not everywhere and any(own[0].seq > 1 and misfit.before is None for own, misfit in found):
        return find_wrong_times(workspace, everywhere=True)  # it may have begun before these
    return WrongTimes(found, now, workspace.config.rollover) if found else None


def _dates(days: Sequence[int]) -> str:
    """Return the date of study days that are all the same, or the first and the last one."""
    first, last = _date(min(days)), _date(max(days))
    return first if first == last else f"{first} to {last}"


def _date(day: int) -> str:
    return in_full(date.fromordinal(min(max(day, 1), date.max.toordinal())))
