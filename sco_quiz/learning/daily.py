"""The learner's goal for the day, and the streak: the days of study in a row.

A learner may rest: missed days, up to the number a week in the settings, do not end a streak. Nor
does a day that travel skipped, over the date line or by a long flight east.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.study_day import MINUTE_MS
from sco_quiz.numbers_and_times import many

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

WEEK = 7
LONGEST_ANSWER_MS = 60_000
"""The most study time that one answer counts for: the learner was away; Anki's figure."""


class Streak(NamedTuple):
    """The numbers of days with an answer in a row.

    Attributes:
        current: The days up to today, or up to yesterday while today has no answer. Rest days in
            between are not counted.
        longest: The longest streak ever.
    """

    current: int
    longest: int


class Goal(NamedTuple):
    """The learner's goal for a day; 0 for no such goal.

    Attributes:
        answers: The number of answers.
        minutes: The minutes of study.
    """

    answers: int = 0
    minutes: int = 0


class Daily(NamedTuple):
    """Today's study, the goal and the streak.

    Attributes:
        answers: The number of answers today.
        milliseconds: The time of study today.
        goal: The goal for the day.
        streak: The days in a row.
    """

    answers: int
    milliseconds: int
    goal: Goal
    streak: Streak

    @property
    def met(self) -> bool:
        """True if the goal is reached; False without one."""
        goal = self.goal
        reached = self.answers >= goal.answers and self.milliseconds >= goal.minutes * MINUTE_MS
        return any(goal) and reached

    def goal_in_words(self) -> str:
        """Return how far the goal is reached, in words; empty without one."""
        parts = []
        if self.goal.answers:
            parts.append(f"{self.answers} of {many(self.goal.answers, 'answer')}")
        if self.goal.minutes:
            done = self.milliseconds // MINUTE_MS
            parts.append(f"{done} of {many(self.goal.minutes, 'minute')}")
        return f"Goal{' reached' * self.met}: {', '.join(parts)}" if parts else ""

    def streak_in_words(self) -> str:
        """Return the days in a row, in words, if there are several; else empty."""
        return f"{many(self.streak.current, 'day')} in a row" if self.streak.current > 1 else ""


def streak(
    days: Iterable[int], today: int, rest_days: int = 0, absent: Collection[int] = frozenset()
) -> Streak:
    """Return the current and the longest streak.

    Args:
        days: Study days with an answer, in order; those after today (the clock was set back) count
            for the longest streak only.
        today: The present study day.
        rest_days: The number of days of each week, from Monday, that may be missed; below 7.
        absent: Days that travel skipped; they do not count as missed.
    """
    current = longest = length = before = 0
    rests: _Rests | None = None
    for day in days:
        rests = None if rests is None else _missed(before + 1, day, rests, rest_days, absent)
        length = 1 if rests is None else length + 1
        rests = rests or _Rests()
        before, longest = day, max(longest, length)
        if day <= today:
            rests_until_today = _missed(day + 1, today, rests, rest_days, absent)
            current = 0 if rests_until_today is None else length
    return Streak(current, longest)


class _Rests(NamedTuple):
    """The number of days missed in a week; weeks count from 1 January of the year 1, a Monday."""

    week: int = 0
    days: int = 0


def _missed(
    first: int, end: int, rests: _Rests, allowed: int, absent: Collection[int]
) -> _Rests | None:
    """Count the missed days from `first` to before `end`; None if there are too many."""
    if end - first >= 2 * WEEK:  # with a whole week among them, and nobody may rest for all of it
        return None
    for day in range(first, end):
        if day not in absent:
            week = (day - 1) // WEEK
            rests = _Rests(week, rests.days + 1 if week == rests.week else 1)
            if rests.days > allowed:
                return None
    return rests
