"""Makes figures of counted reviews and of the states of cards.

`docs/statistics.md` defines the terms. An *answer* is a review that counts. A *recall* is an answer
that shows memory: the card was in review, and at least a study day had passed since the answer
before. A card is *mature* once its interval is `MATURE` days or more.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sco_quiz.learning.daily import Streak

MATURE = 21
"""The interval in days from which a card is mature; Anki's figure."""
FORECAST_DAYS = 30
WEIGHTY = 5
"""The least questions of a score that can be a deck's best, or count for a trend: luck makes 100 %
of one or two."""
TREND_OVER = 5
"""The number of last scores that make a trend."""
TREND_FROM = 3
"""The least scores for a trend."""


class Share(NamedTuple):
    """A part of a whole.

    Attributes:
        part: The number of recalled or right ones.
        whole: The number of all.
    """

    part: int = 0
    whole: int = 0

    @property
    def share(self) -> float | None:
        """The share, from 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None

    def plus(self, other: Share) -> Share:
        """Return the sum of both."""
        return Share(self.part + other.part, self.whole + other.whole)


class Day(NamedTuple):
    """A study day with answers.

    Attributes:
        day: The study day (`date.toordinal`).
        answers: The number of answers.
        new: The number of answers to new cards.
        correct: The number of answers not rated Again.
        milliseconds: The study time: from question to answer, each at most
            `daily.LONGEST_ANSWER_MS`.
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
    """The totals of all days.

    Attributes:
        answers: The number of answers.
        correct: The number of answers not rated Again.
        new: The number of answers to new cards.
        days: The number of study days with an answer.
        milliseconds: The study time.
        first_day: The first of these days; 0 without any.
        streak: The days in a row.
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
        hour: The hour, by the learner's local time then.
        answers: The number of answers in it.
        correct: The number of answers not rated Again.
    """

    hour: int
    answers: int
    correct: int


class Due(NamedTuple):
    """The number of cards that fall due on a study day."""

    day: int
    cards: int


def totals(days: Sequence[Day], streak: Streak) -> Totals:
    """Add up all days.

    Args:
        days: The days, in order.
        streak: The days in a row.
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
    """Return true retention in each week (from Monday) with a recall, in order."""
    return _retention(days, lambda day: day - (day - 1) % 7)


def retention_by_month(days: Iterable[Day]) -> list[Retention]:
    """Return true retention in each month with a recall, in order."""
    return _retention(days, lambda day: date.fromordinal(day).replace(day=1).toordinal())


def retention_ever(days: Iterable[Day]) -> Retention:
    """Return true retention since the first day; of nothing without a recall."""
    return next(iter(_retention(days, lambda _: 1)), Retention(1, Share(), Share()))


def trend(scores: Sequence[Share]) -> float | None:
    """Return the recent rise of scores, from -1 to 1; None for fewer than `TREND_FROM`.

    It is the share right in the later half of the last `TREND_OVER` scores, less that in the
    earlier half. Each score weighs as much as its questions; with an odd number, the middle one is
    in neither half.

    Args:
        scores: The scores, the oldest first.
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
    """Return the number of cards due on each of the next `FORECAST_DAYS` study days, from today.

    Args:
        due: Numbers of cards by the study day on which they are due; overdue ones count today.
        today: The present study day.
    """
    cards: dict[int, int] = defaultdict(int)
    for day, count in due.items():
        cards[max(day, today)] += count
    return [Due(day, cards[day]) for day in range(today, today + FORECAST_DAYS)]
