"""How many reviews a day clear a backlog, and when."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sco_quiz.learning.backlog import LONGEST, Backlog, Pace, days_to_clear, paces
from sco_quiz.learning.memory import Memory
from sco_quiz.learning.scheduling import Scheduler
from sco_quiz.learning.simulating import KnownCard

SCHEDULER = Scheduler()


def overdue(number: int, stability: float = 30.0) -> list[KnownCard]:
    return [
        KnownCard(Memory(stability + each % 7, 5.0), 40 + each % 30, 0) for each in range(number)
    ]


def upcoming(number: int, days: int) -> list[KnownCard]:
    return [KnownCard(Memory(20.0, 5.0), 1, 1 + each % days) for each in range(number)]


def test_more_reviews_a_day_clear_a_backlog_sooner() -> None:
    cards = overdue(312)
    found = [days_to_clear(cards, per_day, SCHEDULER) for per_day in (20, 25, 50, 100, 400)]
    assert None not in found
    assert found == sorted(found, reverse=True)  # type: ignore[type-var]
    assert found[-1] == 1


def test_cards_that_fall_due_later_lengthen_a_backlog() -> None:
    alone = days_to_clear(overdue(300), 25, SCHEDULER)
    joined = days_to_clear([*overdue(300), *upcoming(100, 10)], 25, SCHEDULER)
    assert alone is not None
    assert joined is not None
    assert joined >= alone + 3


def test_a_pace_that_never_clears_the_backlog_takes_no_number_of_days() -> None:
    assert days_to_clear(overdue(400, stability=1.0), 5, SCHEDULER) is None


@given(st.integers(60, 600), st.integers(0, 200), st.floats(5, 200))
@settings(max_examples=15, deadline=None)
def test_each_offered_pace_takes_the_days_it_names(
    waiting: int, more: int, stability: float
) -> None:
    cards = [*overdue(waiting, stability), *upcoming(more, 20)]
    found = paces(cards, SCHEDULER)
    assert len({pace.per_day for pace in found}) == len(found) <= 3
    for pace in found:
        assert 0 < pace.per_day < waiting
        assert pace.days == days_to_clear(cards, pace.per_day, SCHEDULER)
        assert pace.days <= LONGEST


def test_a_backlog_of_hundreds_gets_several_paces() -> None:
    found = paces([*overdue(312), *upcoming(60, 30)], SCHEDULER)
    assert len(found) == 3
    assert [pace.days for pace in found] == sorted(pace.days for pace in found)
    assert found[0].days <= 10


def test_without_waiting_cards_no_pace_is_offered() -> None:
    assert paces(upcoming(100, 10), SCHEDULER) == []


@pytest.mark.parametrize(
    ("pace", "words"),
    [
        (Pace(300, 1), "300 a day clears it in 1 day"),
        (Pace(45, 7), "45 a day clears it in 7 days"),
        (Pace(25, 20), "25 a day clears it in 3 weeks"),
        (Pace(10, 90), "10 a day clears it in 3 months"),
    ],
)
def test_a_pace_is_worded_in_days_weeks_or_months(pace: Pace, words: str) -> None:
    assert pace.in_words() == words


@pytest.mark.parametrize(
    ("waiting", "usual", "is_large"),
    [(49, 1.0, False), (50, 20.0, True), (300, 150.0, False), (301, 150.0, True)],
)
def test_a_backlog_is_more_than_two_normal_days(waiting: int, usual: float, is_large: bool) -> None:
    assert Backlog(waiting, 0, 0, usual, returned=True).is_large is is_large
