from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import fsrs
import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS
from hypothesis import given, settings
from hypothesis import strategies as st

from sco_quiz.errors import ConfigError
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.memory import STABILITY_MAX, STABILITY_MIN, Memory, MemoryModel
from sco_quiz.learning.scheduling import Scheduler, SchedulingOptions

AGAIN, HARD, GOOD, EASY = Rating

parameters = st.tuples(
    *(
        st.floats(low, high)
        for low, high in zip(LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True)
    )
)
histories = st.lists(
    st.tuples(st.sampled_from(Rating), st.integers(-9, 3) | st.integers(0, 3_000)), max_size=16
)


def test_a_history_of_six_reviews_has_the_reference_memory() -> None:
    model, memory, last = MemoryModel(), None, 0
    for rating, day in zip([1, 3, 3, 3, 3, 3], [0, 0, 1, 4, 12, 33], strict=True):
        memory = model.next(memory, day - last, Rating(rating))
        last = day
    assert memory == pytest.approx((53.62691, 6.3574867), abs=1e-4)


def test_first_ratings_have_the_reference_memory() -> None:
    first = [MemoryModel().next(None, 0, rating) for rating in Rating]
    assert [memory.stability for memory in first] == pytest.approx(
        [0.212, 1.2931, 2.3065, 8.2956], abs=1e-4
    )
    assert [memory.difficulty for memory in first] == pytest.approx(
        [6.4133, 5.1122, 2.1181, 1], abs=1e-4
    )


@pytest.mark.parametrize(
    ("retention", "days"),
    [
        (0.1, 3116769),
        (0.2, 34793),
        (0.3, 2508),
        (0.4, 387),
        (0.5, 90),
        (0.6, 27),
        (0.7, 9),
        (0.8, 3),
        (0.9, 1),
        (1.0, 1),
    ],
)
def test_a_stability_of_one_day_has_the_reference_interval(retention: float, days: int) -> None:
    assert Scheduler(SchedulingOptions(retention, maximum_interval=10**9)).interval(1.0) == days


@given(histories, st.just(()) | parameters)
@settings(deadline=None)
def test_the_memory_is_that_of_fsrs_on_whole_days(
    history: list[tuple[Rating, int]], weights: tuple[float, ...]
) -> None:
    model, memory = MemoryModel(weights), None
    reference = fsrs.Scheduler(weights or DEFAULT_PARAMETERS, enable_fuzzing=False)
    card = fsrs.Card(1)
    day = datetime(2000, 1, 1, tzinfo=UTC)
    for rating, elapsed in history:
        memory = model.next(memory, elapsed, rating)
        day += timedelta(days=max(elapsed, 0))
        card, _ = reference.review_card(card, fsrs.Rating(rating), day)
        assert card.stability is not None
        card.stability = min(card.stability, STABILITY_MAX)
        assert memory == pytest.approx((card.stability, card.difficulty), rel=0, abs=1e-9)


def test_a_clock_that_went_backwards_counts_as_the_same_day() -> None:
    model, memory = MemoryModel(), Memory(10.0, 5.0)
    for rating in Rating:
        assert model.next(memory, -300, rating) == model.next(memory, 0, rating)
    assert model.retrievability(10.0, -300) == 1.0


def test_a_clock_ten_thousand_years_ahead_causes_no_error() -> None:
    memory = MemoryModel().next(Memory(10.0, 5.0), 10**9, GOOD)
    assert 10.0 < memory.stability <= STABILITY_MAX


def test_two_hundred_times_easy_ends_at_the_greatest_stability() -> None:
    model, memory = MemoryModel(), None
    for _ in range(200):
        memory = model.next(memory, round(memory.stability) if memory else 0, EASY)
    assert memory == (STABILITY_MAX, 1.0)


def test_two_hundred_times_again_ends_above_the_least_stability() -> None:
    model, memory = MemoryModel(), None
    for _ in range(200):
        memory = model.next(memory, 0, AGAIN)
    assert memory is not None
    assert STABILITY_MIN <= memory.stability < 0.1
    assert 9 < memory.difficulty <= 10


@given(st.floats(STABILITY_MIN, STABILITY_MAX), st.integers(0, 40_000), st.floats(0.7, 0.99))
def test_recall_fades_as_in_fsrs_and_intervals_undo_it(
    stability: float, elapsed: int, retention: float
) -> None:
    model = MemoryModel()
    start = datetime(2000, 1, 1, tzinfo=UTC)
    card = fsrs.Card(1, fsrs.State.Review, None, stability, 5.0, start, start)
    expected = fsrs.Scheduler().get_card_retrievability(card, start + timedelta(days=elapsed))
    assert model.retrievability(stability, elapsed) == pytest.approx(expected, abs=1e-12)
    days = model.days_until(retention, stability)
    assert model.retrievability(stability, days) == pytest.approx(retention)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ((0.4,) * 19, "got 19"),
        ((*DEFAULT_PARAMETERS[:-1], 0.9), r"parameters\[20\] = 0\.9"),
        ((math.nan, *DEFAULT_PARAMETERS[1:]), r"parameters\[0\] = nan"),
        (
            (-1.0, *DEFAULT_PARAMETERS[1:4], 11.0, *DEFAULT_PARAMETERS[5:]),
            r"\[0\] = -1\.0.*\[4\] = 11\.0",
        ),
    ],
)
def test_parameters_that_fsrs_cannot_use_are_named(weights: tuple[float, ...], said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        Scheduler(SchedulingOptions(parameters=weights))
    assert "\n" not in caught.value.message
    assert "21 parameters" in caught.value.help
