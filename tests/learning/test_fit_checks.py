from __future__ import annotations

import math
import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.errors import ConfigError, ProgressError, SCOQuizError
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.fit_checks import (
    FitVerdict,
    FsrsReview,
    LoggedReview,
    Recall,
    ReviewHistories,
    log_loss,
    sort_into_histories,
)
from sco_quiz.learning.memory import MemoryModel, within_bounds

AGAIN, HARD, GOOD, EASY = Rating
TODAY = date(2026, 3, 1).toordinal()


def reviews(*events: tuple[str, int, int | None]) -> list[LoggedReview]:
    return [LoggedReview(card, TODAY + day, rating) for card, day, rating in events]


def verdict(current_loss: float, new_loss: float) -> FitVerdict:
    return FitVerdict(5000, 812, TODAY, (), (1.0,), current_loss, new_loss)


def test_reviews_become_histories_in_study_days() -> None:
    past = sort_into_histories(
        reviews(("a", 0, 1), ("b", 0, 3), ("a", 0, 3), ("a", 2, 4), ("b", 9, 1))
    )
    assert past.histories == [[(0, AGAIN), (0, GOOD), (2, EASY)], [(0, GOOD), (9, AGAIN)]]
    assert past.recalls == [(0, 2, TODAY + 2), (1, 1, TODAY + 9)]
    assert past.reviews == 5


def test_a_reset_card_begins_a_new_history() -> None:
    past = sort_into_histories(
        reviews(("a", 0, 3), ("a", 5, 3), ("a", 5, None), ("a", 6, 1), ("a", 9, 3))
    )
    assert past.histories == [[(0, GOOD), (5, GOOD)], [(0, AGAIN), (3, GOOD)]]


def test_a_reset_of_a_card_without_reviews_is_ignored() -> None:
    assert sort_into_histories(reviews(("a", 0, None), ("a", 1, 3))).histories == [[(0, GOOD)]]


def test_a_clock_that_was_set_back_makes_a_review_of_the_same_day() -> None:
    past = sort_into_histories(reviews(("a", 0, 3), ("a", -400, 3), ("a", -399, 3)))
    assert past.histories == [[(0, GOOD), (0, GOOD), (1, GOOD)]]
    assert len(past.recalls) == 1


def test_a_clock_thousands_of_years_ahead_counts_as_a_hundred_years() -> None:
    past = sort_into_histories(
        [LoggedReview("a", 1, 3), LoggedReview("a", date.max.toordinal(), 3)]
    )
    assert past.histories == [[(0, GOOD), (36_500, GOOD)]]


@pytest.mark.parametrize(("day", "rating"), [(TODAY, 0), (TODAY, 5), (0, 3), (10**9, 3)])
def test_a_review_that_cannot_be_is_named(day: int, rating: int) -> None:
    with pytest.raises(ProgressError, match=f"rating {rating} on day {day} for card a"):
        sort_into_histories([LoggedReview("a", day, rating)])


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(-3, 9), st.sampled_from([1, 2, 3, 4, None]))
    )
)
def test_histories_for_the_fit_are_always_well_formed(
    events: list[tuple[str, int, int | None]],
) -> None:
    past = sort_into_histories(reviews(*events))
    assert past.reviews == sum(rating is not None for *_, rating in events)
    assert sum(map(len, past.histories)) == past.reviews
    for history in past.histories:
        assert history[0].elapsed == 0
        assert all(0 <= elapsed <= 36_500 for elapsed, _ in history)
    for index, place, _ in past.recalls:
        assert place > 0
        assert past.histories[index][place].elapsed > 0


def test_the_last_fifth_of_the_reviews_judges_the_parameters() -> None:
    past = sort_into_histories(reviews(*((f"{n}", day, 3) for day in (0, 1) for n in range(11))))
    assert len(past.recalls) == 11
    assert past.split == 9


def test_too_few_reviews_are_refused_with_the_reason() -> None:
    past = sort_into_histories(reviews(*((f"{n % 200}", n // 200, 3) for n in range(399))))
    with pytest.raises(SCOQuizError, match=r"400 reviews are needed .* there are 399.* chance"):
        past.check()
    past.reviews += 1
    past.check()


def test_reviews_all_on_one_day_show_nothing_of_memory() -> None:
    with pytest.raises(SCOQuizError, match=r"later day .* there are 0: only these show"):
        sort_into_histories(reviews(*((f"{n % 9}", 0, 3) for n in range(1000)))).check()


def test_log_loss_is_the_mean_surprise_over_the_judged_recalls() -> None:
    model = MemoryModel()
    first = model.next(None, 0, GOOD)
    second = model.next(first, 3, GOOD)
    past = ReviewHistories(
        [[FsrsReview(0, GOOD), FsrsReview(3, GOOD), FsrsReview(0, AGAIN), FsrsReview(7, AGAIN)]],
        [Recall(0, 1, TODAY), *[Recall(0, 3, TODAY + 7)] * 4],
        4,
    )
    chance = model.retrievability(model.next(second, 0, AGAIN).stability, 7)
    assert log_loss(past, ()) == pytest.approx(-math.log(1 - chance))


def test_the_parameters_of_a_memory_predict_it_best() -> None:
    truth = within_bounds((0.9, 2.0, 6.0, 9.0, *MemoryModel().parameters[4:]))
    chance, model = random.Random(5), MemoryModel(truth)
    rows = []
    for card in range(1500):
        memory, day = model.next(None, 0, GOOD), 0
        rows.append((f"{card}", 0, 3))
        for elapsed in (3, 9):
            day += elapsed
            recalled = chance.random() < model.retrievability(memory.stability, elapsed)
            rating = GOOD if recalled else AGAIN
            memory = model.next(memory, elapsed, rating)
            rows.append((f"{card}", day, int(rating)))
    rows.sort(key=lambda row: row[1])
    past = sort_into_histories(reviews(*rows))
    assert log_loss(past, truth) < log_loss(past, ()) - 0.002


def test_parameters_that_cannot_be_used_are_not_judged() -> None:
    past = sort_into_histories(reviews(*((f"{n}", day, 3) for day in (0, 1) for n in range(5))))
    with pytest.raises(ConfigError):
        log_loss(past, (1.0,))


@given(st.lists(st.floats(-10, 200), min_size=21, max_size=21))
def test_parameters_within_bounds_can_be_used(values: list[float]) -> None:
    parameters = within_bounds(values)
    assert MemoryModel(parameters).parameters == parameters
    assert within_bounds(parameters) == parameters


def test_better_parameters_are_reported_with_the_gain() -> None:
    found = verdict(0.4, 0.39)
    assert found.better
    assert found.in_words() == (
        "Parameters fitted to you would have predicted your last 812 reviews, since 1 March 2026,"
        " 2.5 % better than those in force (log loss 0.3900 instead of 0.4000)."
    )


@pytest.mark.parametrize("new_loss", [0.4, 0.41, 0.3999])
def test_parameters_that_are_not_clearly_better_are_not_taken(new_loss: float) -> None:
    found = verdict(0.4, new_loss)
    assert not found.better
    assert "would not have predicted" in found.in_words()
    assert "Keep what you have." in found.in_words()
