from __future__ import annotations

from datetime import date

from sco_quiz.learning import review_statistics
from sco_quiz.learning.daily import Streak
from sco_quiz.learning.review_statistics import Day, Due, Retention, Share

MONDAY = date(2026, 3, 2).toordinal()
NONE = Share()


def day(number: int, young: Share = NONE, mature: Share = NONE) -> Day:
    return Day(number, 10, 2, 7, 60_000, young, mature)


# Totals


def test_without_reviews_every_total_is_zero() -> None:
    totals = review_statistics.totals([], Streak(0, 0))
    assert totals == (0, 0, 0, 0, 0, 0, Streak(0, 0))


def test_totals_are_the_sums_of_their_days() -> None:
    totals = review_statistics.totals([day(MONDAY - 4), day(MONDAY)], Streak(1, 1))
    assert totals == (20, 14, 4, 2, 120_000, MONDAY - 4, Streak(1, 1))


# Retention


def test_a_week_begins_on_monday_and_a_month_on_its_first() -> None:
    days = [
        day(MONDAY - 2, Share(1, 2)),  # Saturday, the last of February
        day(MONDAY - 1, Share(3, 4), Share(1, 1)),
        day(MONDAY, Share(5, 5), Share(0, 1)),
    ]
    assert review_statistics.retention_by_week(days) == [
        Retention(MONDAY - 7, Share(4, 6), Share(1, 1)),
        Retention(MONDAY, Share(5, 5), Share(0, 1)),
    ]
    assert review_statistics.retention_by_month(days) == [
        Retention(date(2026, 2, 1).toordinal(), Share(1, 2), Share(0, 0)),
        Retention(date(2026, 3, 1).toordinal(), Share(8, 9), Share(1, 2)),
    ]
    ever = review_statistics.retention_ever(days)
    assert (ever.young, ever.mature, ever.all) == (Share(9, 11), Share(1, 2), Share(10, 13))


def test_a_week_without_a_recall_is_left_out() -> None:
    assert review_statistics.retention_by_week([day(MONDAY)]) == []
    assert review_statistics.retention_ever([day(MONDAY)]).all == Share(0, 0)


def test_a_share_of_no_answers_is_none() -> None:
    assert Share(0, 0).share is None
    assert Share(1, 4).share == 0.25


# Forecast


def test_overdue_cards_count_as_due_today() -> None:
    found = review_statistics.forecast({90: 2, 99: 1, 100: 4, 129: 5, 130: 6}, 100)
    assert found[0] == Due(100, 7)
    assert found[-1] == Due(129, 5)
    assert len(found) == 30
    assert sum(due.cards for due in found) == 12
