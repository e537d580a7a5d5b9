"""A clock that was wrong: the times that cannot be, and those that count instead of them.

Events of one device come one after the other, so their times rise. The times that do not fit into
such a row, or lie ahead of the present, are of a wrong clock.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.study_day import DAY_MS, Moment, study_day

if TYPE_CHECKING:
    from collections.abc import Sequence

SLACK_MS = DAY_MS
"""By how much a time may be out of line: travel, and clocks that are set by hand."""
EARLIEST = 1_577_836_800_000
"""The year 2020, before there was anything to answer. A clock without a battery begins before."""


class Way(StrEnum):
    """A way to find the right times: as late as can be, or half-way between the neighbours."""

    NOW = "now"
    NEIGHBOURS = "neighbours"


class Misfit(NamedTuple):
    """Times in a row that cannot be.

    Attributes:
        first: The place of the first of them.
        last: The place of the last one.
        before: The time that fits and comes before them; None where there is none.
        behind: The time that fits and comes behind them; None where there is none.
    """

    first: int
    last: int
    before: int | None
    behind: int | None


class Shift(NamedTuple):
    """The times that count instead of others.

    Attributes:
        low: The earliest of the others, UTC milliseconds.
        high: The latest of the others.
        start: The time that counts instead of the earliest.
        end: The time that counts instead of the latest.
        tz: Minutes east of UTC at the times that count.
        rollover: The hour at which their study day begins.
    """

    low: int
    high: int
    start: int
    end: int
    tz: int
    rollover: int

    def moment(self, at: int) -> Moment:
        """Return the moment that counts instead of a time."""
        passed = min(max(at, self.low), self.high) - self.low
        if self.high > self.low:
            passed = passed * (self.end - self.start) // (self.high - self.low)
        counted = self.start + passed
        return Moment(counted, self.tz, study_day(counted, self.tz, self.rollover))


def find_misfits(times: Sequence[int], now: int) -> list[Misfit]:
    """Find the times that cannot be, so that as many as possible can.

    Args:
        times: UTC milliseconds, in the order in which they were taken.
        now: The present. Less than a day ahead of it is no misfit, unless others lie further ahead.
    """
    edge = now + SLACK_MS
    if max(times, default=0) > edge:
        edge = now
    fitting = _rising(times, edge)
    found: list[Misfit] = []
    for before, behind in zip([-1, *fitting], [*fitting, len(times)], strict=True):
        low = times[before] if before >= 0 else None
        high = times[behind] if behind < len(times) else None
        since = None
        for place in range(before + 1, behind + 1):
            if place < behind and _is_out(times[place], low, high, edge):
                since = place if since is None else since
            elif since is not None:
                found.append(Misfit(since, place - 1, low, high))
                since = None
    return found


def _rising(times: Sequence[int], edge: int) -> list[int]:
    """Return the places of the longest row of times that never fall and can be, in order."""
    ends: list[int] = []  # by length of a row: the earliest time that one ends with
    places: list[int] = []
    before = [-1] * len(times)
    for place, time in enumerate(times):
        if EARLIEST <= time <= edge:
            length = bisect_right(ends, time)
            before[place] = places[length - 1] if length else -1
            ends[length : length + 1] = [time]
            places[length : length + 1] = [place]
    row = []
    place = places[-1] if places else -1
    while place >= 0:
        row.append(place)
        place = before[place]
    return row[::-1]


def _is_out(time: int, low: int | None, high: int | None, edge: int) -> bool:
    return (
        not EARLIEST <= time <= edge
        or (low is not None and time < low - SLACK_MS)
        or (high is not None and time > high + SLACK_MS)
    )


def place(misfit: Misfit, low: int, high: int, way: Way, now: Moment, rollover: int) -> Shift:
    """Find the times that count for a misfit; the time between its events stays, if there is room.

    Its end is now, or when the next thing was done. By its neighbours it stands half-way between
    them: of somebody who studies every day, that is the day left out.

    Args:
        misfit: Where it stands among its neighbours.
        low: Its earliest time.
        high: Its latest time.
        way: How to find the times.
        now: The present.
        rollover: The hour at which the study day begins.
    """
    last = now.at if misfit.behind is None else min(misfit.behind, now.at)
    length = high - low
    first = last - length if misfit.before is None else min(misfit.before, last)
    room = last - first
    if length > room:
        start, end = first, last
    elif way is Way.NOW:
        start, end = last - length, last
    else:
        start = first + (room - length) // 2
        end = start + length
    return Shift(low, high, start, end, now.tz, rollover)
