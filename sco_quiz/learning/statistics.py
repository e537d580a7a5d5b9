"""How it has been going: from counted reviews and the states of cards to figures.

The words are those of `docs/statistics.md`. An *answer* is a review that counts. A *recall* is an
answer that tells of memory: the card was in review, and a study day had passed since the answer
before, so it is the first of its day. A card is *mature* once it was put off for `MATURE` days.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sco_quiz.learning.daily import Streak

MATURE = 21
"""Days a card was put off for from which it is mature; Anki's figure."""
LONGEST_ANSWER_MS = 60_000
"""What an answer adds to study time at most: beyond, the learner was elsewhere; Anki's figure."""
FORECAST_DAYS = 30
WEIGHTY = 5
"""Questions from which on a score of a deck can be its best, or tell a trend: luck makes 100 % of
one or two."""
TREND_OVER = 5
"""Scores that a trend is of."""
TREND_FROM = 3
"""Scores below which there is no trend."""


class Share(NamedTuple):
    """How many of how many.

    Attributes:
        part: Those that were recalled, or right.
        whole: All.
    """

    part: int = 0
    whole: int = 0

    @property
    def share(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None

    def plus(self, other: Share) -> Share:
        """Both together."""
        return Share(self.part + other.part, self.whole + other.whole)


class Day(NamedTuple):
    """A study day with answers.

    Attributes:
        day: Study day (`date.toordinal`).
        answers: How many.
        new: Those to cards never answered before.
        correct: Those not rated Again.
        milliseconds: Study time: from question to answer, each at most `LONGEST_ANSWER_MS`.
        young: Recalls of cards that were not mature.
        mature: Recalls of cards that were.
    """

    day: int
    answers: int
    new: int
    correct: int
    milliseconds: int
    young: Share = Share()
    mature: Share = Share()


class Retention(NamedTuple):
    """True retention in a week, a month, or ever.

    Attributes:
        start: First study day of the period: a Monday, or the first of a month.
        young: Recalls of cards that were not mature.
        mature: Recalls of cards that were.
    """

    start: int
    young: Share
    mature: Share

    @property
    def all(self) -> Share:
        """All recalls."""
        return self.young.plus(self.mature)


class Totals(NamedTuple):
    """Everything so far.

    Attributes:
        answers: How many.
        correct: Those not rated Again.
        new: Those to cards never answered before.
        days: Study days with an answer.
        milliseconds: Study time.
        first_day: The first of these days; 0 without any.
        streak: Days in a row.
    """

    answers: int
    correct: int
    new: int
    days: int
    milliseconds: int
    first_day: int
    streak: Streak


class Hour(NamedTuple):
    """An hour of the local day, 0 to 23.

    Attributes:
        hour: By the clock on the wall, wherever the learner was.
        answers: Given in it.
        correct: Those not rated Again.
    """

    hour: int
    answers: int
    correct: int


class Due(NamedTuple):
    """Cards that fall due on a study day."""

    day: int
    cards: int


def totals(days: Sequence[Day], streak: Streak) -> Totals:
    """Add up all days.

    Args:
        days: In order.
        streak: How many of them are in a row.
    """
    return Totals(
        answers=sum(day.answers for day in days),
        correct=sum(day.correct for day in days),
        new=sum(day.new for day in days),
        days=len(days),
        milliseconds=sum(day.milliseconds for day in days),
        first_day=days[0].day if days else 0,
        streak=streak,
    )


def retention_by_week(days: Iterable[Day]) -> list[Retention]:
    """True retention in each week (from Monday) that has a recall, in order."""
    return _retention(days, lambda day: day - (day - 1) % 7)


def retention_by_month(days: Iterable[Day]) -> list[Retention]:
    """True retention in each month that has a recall, in order."""
    return _retention(days, lambda day: date.fromordinal(day).replace(day=1).toordinal())


def retention_ever(days: Iterable[Day]) -> Retention:
    """True retention from the first day on; of nothing when there was no recall."""
    return next(iter(_retention(days, lambda _: 1)), Retention(1, Share(), Share()))


def trend(scores: Sequence[Share]) -> float | None:
    """Return the recent rise of scores, from -1 to 1; None of fewer than `TREND_FROM`.

    Of the last `TREND_OVER` it is the share right in the later half less that in the earlier half,
    each score weighing as much as its questions; of an odd number the middle one is in neither.

    Args:
        scores: The oldest first.
    """
    last = scores[-TREND_OVER:]
    if len(last) < TREND_FROM:
        return None
    half = len(last) // 2
    earlier, later = Share(), Share()
    for before, after in zip(last[:half], last[-half:], strict=True):
        earlier, later = earlier.plus(before), later.plus(after)
    return later.part / later.whole - earlier.part / earlier.whole


def _retention(days: Iterable[Day], start_of: Callable[[int], int]) -> list[Retention]:
    periods: dict[int, Retention] = {}
    for day in days:
        if day.young.whole or day.mature.whole:
            start = start_of(day.day)
            _, young, mature = periods.get(start, (0, Share(), Share()))
            periods[start] = Retention(start, young.plus(day.young), mature.plus(day.mature))
    return sorted(periods.values())


def forecast(due: Mapping[int, int], today: int) -> list[Due]:
    """Cards that fall due on each of the next `FORECAST_DAYS` study days, today the first.

    Args:
        due: Cards by the study day on which they are due; what is overdue is due today.
        today: The present study day.
    """
    cards: dict[int, int] = defaultdict(int)
    for day, count in due.items():
        cards[max(day, today)] += count
    return [Due(day, cards[day]) for day in range(today, today + FORECAST_DAYS)]
