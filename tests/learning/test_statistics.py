from __future__ import annotations

from datetime import date

import pytest

from sco_quiz.learning import statistics
from sco_quiz.learning.statistics import Day, Due, Retention, Share, Streak

MONDAY = date(2026, 3, 2).toordinal()
NONE = Share()


def day(number: int, young: Share = NONE, mature: Share = NONE) -> Day:
    return Day(number, 10, 2, 7, 60_000, young, mature)


# Totals


def test_nothing_adds_up_to_nothing() -> None:
    totals = statistics.totals([], MONDAY)
    assert totals == (0, 0, 0, 0, 0, 0, Streak(0, 0))


def test_days_add_up() -> None:
    totals = statistics.totals([day(MONDAY - 4), day(MONDAY)], MONDAY)
    assert totals == (20, 14, 4, 2, 120_000, MONDAY - 4, Streak(1, 1))


# Streaks


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([100], Streak(1, 1)),
        ([98, 99, 100], Streak(3, 3)),
        ([98, 99], Streak(2, 2)),
        ([97, 98], Streak(0, 2)),
        ([90, 91, 92, 99, 100], Streak(2, 3)),
        ([90, 91, 92, 100], Streak(1, 3)),
    ],
)
def test_a_streak_lasts_until_a_day_has_passed_without_an_answer(
    days: list[int], expected: Streak
) -> None:
    assert statistics.streak(days, 100) == expected


def test_answers_after_today_do_not_end_the_present_streak() -> None:
    assert statistics.streak([99, 100, 101, 102], 100) == Streak(2, 4)
    assert statistics.streak([99, 100, 105], 100) == Streak(2, 2)


# Retention


def test_a_week_begins_on_monday_and_a_month_on_its_first() -> None:
    days = [
        day(MONDAY - 2, Share(1, 2)),  # Saturday, the last of February
        day(MONDAY - 1, Share(3, 4), Share(1, 1)),
        day(MONDAY, Share(5, 5), Share(0, 1)),
    ]
    assert statistics.retention_by_week(days) == [
        Retention(MONDAY - 7, Share(4, 6), Share(1, 1)),
        Retention(MONDAY, Share(5, 5), Share(0, 1)),
    ]
    assert statistics.retention_by_month(days) == [
        Retention(date(2026, 2, 1).toordinal(), Share(1, 2), Share(0, 0)),
        Retention(date(2026, 3, 1).toordinal(), Share(8, 9), Share(1, 2)),
    ]
    ever = statistics.retention_ever(days)
    assert (ever.young, ever.mature, ever.all) == (Share(9, 11), Share(1, 2), Share(10, 13))


def test_a_week_without_a_recall_is_left_out() -> None:
    assert statistics.retention_by_week([day(MONDAY)]) == []
    assert statistics.retention_ever([day(MONDAY)]).all == Share(0, 0)


def test_the_share_of_nothing_is_none() -> None:
    assert Share(0, 0).share is None
    assert Share(1, 4).share == 0.25


# Forecast


def test_what_is_overdue_is_due_today() -> None:
    found = statistics.forecast({90: 2, 99: 1, 100: 4, 129: 5, 130: 6}, 100)
    assert found[0] == Due(100, 7)
    assert found[-1] == Due(129, 5)
    assert len(found) == 30
    assert sum(due.cards for due in found) == 12
