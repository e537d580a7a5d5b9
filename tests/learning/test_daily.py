"""The goal of a day, and the days in a row."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sco_quiz.learning.daily import Daily, Goal, Streak, streak

MONDAY = 7 * 100 + 1
"""The ordinal of a Monday; the days of its week follow."""


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], Streak(0, 0)),
        ([100], Streak(1, 1)),
        ([98, 99, 100], Streak(3, 3)),
        ([98, 99], Streak(2, 2)),
        ([97, 98], Streak(0, 2)),
        ([90, 91, 92, 99, 100], Streak(2, 3)),
        ([90, 91, 92, 100], Streak(1, 3)),
        ([99, 100, 101, 102], Streak(2, 4)),
        ([99, 100, 105], Streak(2, 2)),
    ],
)
def test_a_streak_lasts_until_a_day_has_passed_without_an_answer(
    days: list[int], expected: Streak
) -> None:
    assert streak(days, 100) == expected


@pytest.mark.parametrize(
    ("missed", "rest_days", "current"),
    [
        ([], 1, 14),
        ([3], 1, 13),
        ([3, 9], 1, 12),
        ([6, 7], 1, 12),
        ([2, 4], 1, 9),
        ([2, 4], 2, 12),
        ([2, 4, 5], 2, 8),
        ([0, 1, 2, 3, 4, 5], 6, 8),
        ([7, 8, 9, 10, 11, 12, 13], 6, 0),
    ],
)
def test_rest_days_leave_the_streak_as_it_is(
    missed: list[int], rest_days: int, current: int
) -> None:
    days = [MONDAY + day for day in range(14) if day not in missed]
    assert streak(days, MONDAY + 14, rest_days).current == current


def test_a_date_skipped_by_travel_does_not_break_a_streak() -> None:
    days = [MONDAY, MONDAY + 1, MONDAY + 3]
    assert streak(days, MONDAY + 3).current == 1
    assert streak(days, MONDAY + 3, absent={MONDAY + 2}).current == 3


day_sets = st.sets(st.integers(1, 60)).map(sorted)


@given(day_sets, st.integers(1, 70), st.integers(0, 6))
@settings(max_examples=100)
def test_more_rest_days_never_shorten_a_streak_and_none_beats_the_longest(
    days: list[int], today: int, rest_days: int
) -> None:
    rows = [streak(days, today, rests) for rests in (rest_days, 6)]
    assert rows[0].longest <= rows[1].longest <= len(days)
    assert all(row.current <= row.longest for row in rows)


@given(day_sets, st.integers(0, 6))
@settings(max_examples=100)
def test_a_streak_grows_by_one_or_ends_from_one_day_to_the_next(
    days: list[int], rest_days: int
) -> None:
    """What was shown yesterday is never taken back but by missing a day."""
    seen = [
        streak([day for day in days if day <= today], today, rest_days).current
        for today in range(1, 70)
    ]
    for today, (before, after) in enumerate(pairwise(seen), 2):
        studied = today in days
        assert after in (before + studied, int(studied))


@pytest.mark.parametrize(
    ("goal", "words", "met"),
    [
        (Goal(), "", False),
        (Goal(answers=20), "Goal: 12 of 20 answers", False),
        (Goal(answers=12), "Goal reached: 12 of 12 answers", True),
        (Goal(minutes=1), "Goal reached: 3 of 1 minute", True),
        (Goal(answers=10, minutes=4), "Goal: 12 of 10 answers, 3 of 4 minutes", False),
        (Goal(answers=10, minutes=3), "Goal reached: 12 of 10 answers, 3 of 3 minutes", True),
    ],
)
def test_a_goal_is_reached_when_each_of_its_parts_is(goal: Goal, words: str, met: bool) -> None:
    today = Daily(12, 3 * 60_000, goal, Streak(0, 0))
    assert (today.goal_in_words(), today.met) == (words, met)


@pytest.mark.parametrize(("current", "words"), [(0, ""), (1, ""), (12, "12 days in a row")])
def test_a_single_day_is_not_called_a_streak(current: int, words: str) -> None:
    assert Daily(0, 0, Goal(), Streak(current, 12)).streak_in_words() == words
