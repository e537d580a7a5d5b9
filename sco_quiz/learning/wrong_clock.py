"""Finds times from a wrong clock, and the times that count instead of them.

Events of one device happen one after the other, so their times rise. Times that do not fit into a
rising row, or lie ahead of the present, come from a wrong clock.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.study_day import DAY_MS, Moment, study_day

if TYPE_CHECKING:
    from collections.abc import Sequence

SLACK_MS = DAY_MS
"""The time by which a right clock may differ: travel, and clocks that are set by hand."""
EARLIEST = 1_577_836_800_000
"""The year 2020, before the program existed. A clock without a battery starts at an earlier one."""


class Way(StrEnum):
    """A way to choose the right times: as late as possible, or half-way between the neighbours."""

    NOW = "now"
    NEIGHBOURS = "neighbours"


class Misfit(NamedTuple):
    """A stretch of impossible times.

    Attributes:
        first: The index of the first of them.
        last: The index of the last one.
        before: The possible time before them; None if there is none.
        behind: The possible time after them; None if there is none.
    """

    first: int
    last: int
    before: int | None
    behind: int | None


class Shift(NamedTuple):
    """The times that count instead of the recorded ones.

    Attributes:
        low: The earliest recorded time, in UTC milliseconds.
        high: The latest recorded time.
        start: The time that counts instead of the earliest.
        end: The time that counts instead of the latest.
        tz: The offset from UTC at the times that count, in minutes east.
        rollover: The hour at which their study day begins.
    """

    low: int
    high: int
    start: int
    end: int
    tz: int
    rollover: int

    def moment(self, at: int) -> Moment:
        """Return the moment that counts instead of a recorded time."""
        passed = min(max(at, self.low), self.high) - self.low
        if self.high > self.low:
            passed = passed * (self.end - self.start) // (self.high - self.low)
        counted = self.start + passed
        return Moment(counted, self.tz, study_day(counted, self.tz, self.rollover))


def find_misfits(times: Sequence[int], now: int) -> list[Misfit]:
    """Find the impossible times, such that as many times as possible count as right.

    Args:
        times: UTC milliseconds, in the order in which the events were written.
        now: The present. A time less than a day ahead of it is possible, unless others lie further
            ahead.
    """
    edge = now + SLACK_MS
    if max(times, default=0) > edge:
        edge = now
    fitting = _rising(times, edge)
    misfits: list[Misfit] = []
    for before, behind in zip([-1, *fitting], [*fitting, len(times)], strict=True):
        low = times[before] if before >= 0 else None
        high = times[behind] if behind < len(times) else None
        first = None
        for place in range(before + 1, behind + 1):
            if place < behind and _is_out(times[place], low, high, edge):
                first = place if first is None else first
            elif first is not None:
                misfits.append(Misfit(first, place - 1, low, high))
                first = None
    return misfits


def _rising(times: Sequence[int], edge: int) -> list[int]:
    """Return the indexes of the longest row of possible times that never fall."""
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
    """Choose the times that count for a misfit; the time between its events stays, if it fits.

    With `Way.NOW` the stretch ends now, or at the next possible time. With `Way.NEIGHBOURS` it lies
    half-way between its neighbours: for a learner who studies every day, on the missing day.

    Args:
        misfit: The stretch and its neighbours.
        low: Its earliest recorded time.
        high: Its latest recorded time.
        way: The way to choose the times.
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
