"""A day's study against the learner's goal, and the days in a row.

A learner may rest: as many days a week as the settings say leave the row as it is. And a day that
travel took away, over the date line or by a long flight east, was never there to study on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.study_day import MINUTE_MS
from sco_quiz.vocabulary import many

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

WEEK = 7


class Streak(NamedTuple):
    """Study days with an answer that no missed day came between.

    Attributes:
        current: Up to today, or up to yesterday while today has none; rest days are not counted.
        longest: Ever.
    """

    current: int
    longest: int


class Goal(NamedTuple):
    """What the learner wants of a day; 0 for nothing of the kind.

    Attributes:
        answers: How many.
        minutes: Of study time.
    """

    answers: int = 0
    minutes: int = 0


class Daily(NamedTuple):
    """How today stands.

    Attributes:
        answers: Given today.
        milliseconds: Studied today.
        goal: What is wanted.
        streak: Days in a row.
    """

    answers: int
    milliseconds: int
    goal: Goal
    streak: Streak

    @property
    def met(self) -> bool:
        """Whether the goal is reached; False without one."""
        goal = self.goal
        reached = self.answers >= goal.answers and self.milliseconds >= goal.minutes * MINUTE_MS
        return any(goal) and reached

    def goal_in_words(self) -> str:
        """How far the goal is reached; empty without one."""
        parts = []
        if self.goal.answers:
            parts.append(f"{self.answers} of {many(self.goal.answers, 'answer')}")
        if self.goal.minutes:
            done = self.milliseconds // MINUTE_MS
            parts.append(f"{done} of {many(self.goal.minutes, 'minute')}")
        return f"Goal{' reached' * self.met}: {', '.join(parts)}" if parts else ""

    def streak_in_words(self) -> str:
        """The days in a row, if there are several; else empty."""
        return f"{many(self.streak.current, 'day')} in a row" if self.streak.current > 1 else ""


def streak(
    days: Iterable[int], today: int, rest_days: int = 0, absent: Collection[int] = frozenset()
) -> Streak:
    """Days in a row.

    Args:
        days: Study days with an answer, in order; those after today (the clock was set back) count
            for the longest only.
        today: The present study day.
        rest_days: How many days of each week, from Monday, may be missed within a row; below 7.
        absent: Days that the learner never lived through; to miss them is nothing.
    """
    current = longest = length = before = 0
    rests: _Rests | None = None
    for day in days:
        rests = None if rests is None else _missed(before + 1, day, rests, rest_days, absent)
        length = 1 if rests is None else length + 1
        rests = rests or _Rests()
        before, longest = day, max(longest, length)
        if day <= today:
            kept = _missed(day + 1, today, rests, rest_days, absent)
            current = 0 if kept is None else length
    return Streak(current, longest)


class _Rests(NamedTuple):
    """Days missed in a week, counted from 1 January of the year 1, a Monday."""

    week: int = 0
    days: int = 0


def _missed(
    first: int, end: int, rests: _Rests, allowed: int, absent: Collection[int]
) -> _Rests | None:
    """The rests after the days from `first` until `end` were missed; None if that was too much."""
    if end - first >= 2 * WEEK:  # with a whole week among them, and nobody may rest for all of it
        return None
    for day in range(first, end):
        if day not in absent:
            week = (day - 1) // WEEK
            rests = _Rests(week, rests.days + 1 if week == rests.week else 1)
            if rests.days > allowed:
                return None
    return rests
