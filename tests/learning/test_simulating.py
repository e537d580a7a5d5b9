from __future__ import annotations

import math
import random
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pytest

from sco_quiz.learning import simulating
from sco_quiz.learning.card_queue import DailyLimits
from sco_quiz.learning.cards import Rating, State
from sco_quiz.learning.memory import Memory, MemoryModel
from sco_quiz.learning.scheduling import SchedulingOptions
from sco_quiz.learning.simulating import (
    DAYS,
    RETENTIONS,
    DeckLoad,
    Habits,
    KnownCard,
    Workload,
    workload,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

USUAL = Habits.of({})
UNLIMITED = 10**6


class Deck(NamedTuple):
    """What waits in a deck, and its limits of new cards and reviews a day."""

    load: DeckLoad
    new_per_day: int
    limit: int


def load(cards: int, new: int = 0, *, new_per_day: int = 10, limit: int = UNLIMITED) -> Deck:
    """A deck in the middle of being learned."""
    chance = random.Random(4)
    known = []
    for _ in range(cards):
        stability = math.exp(chance.gauss(3, 1.3))
        elapsed = round(stability * chance.random())
        memory = Memory(stability, chance.uniform(1, 10))
        known.append(KnownCard(memory, elapsed, round(stability) - elapsed))
    return Deck(DeckLoad(known, new), new_per_day, limit)


def work(
    decks: Sequence[Deck],
    habits: Habits = USUAL,
    options: SchedulingOptions = SchedulingOptions(),  # noqa: B008 -- frozen
    retentions: Sequence[float] = RETENTIONS,
    *,
    seed: int = 0,
    in_all: int | None = None,
    reviews_in_all: int | None = None,
) -> list[Workload]:
    named = {str(number): deck for number, deck in enumerate(decks)}
    paths = {name: (name, "all") for name in named}
    new = {name: deck.new_per_day for name, deck in named.items()}
    reviews = {name: deck.limit for name, deck in named.items()}
    return workload(
        {name: deck.load for name, deck in named.items()},
        DailyLimits(paths, new if in_all is None else new | {"all": in_all}),
        DailyLimits(
            paths, reviews if reviews_in_all is None else reviews | {"all": reviews_in_all}
        ),
        habits,
        options,
        retentions,
        seed=seed,
    )


def at(retention: float, *decks: Deck, habits: Habits = USUAL, **options: object) -> Workload:
    (result,) = work(decks, habits, SchedulingOptions(**options), (retention,))  # type: ignore[arg-type]
    return result


def test_a_higher_retention_takes_more_answers_and_keeps_more_cards() -> None:
    results = work([load(300, 300)], USUAL, SchedulingOptions())
    assert [each.retention for each in results] == list(RETENTIONS)
    assert all(a.remembered < b.remembered for a, b in pairwise(results))
    assert all(a.answers < b.answers * 1.05 for a, b in pairwise(results))
    assert results[-1].answers > 2 * results[0].answers
    for each in results:
        assert each.retention * 600 < each.remembered < 600
        assert each.minutes == pytest.approx(each.answers * 15 / 60)


def test_the_same_seed_gives_the_same_figures_and_another_one_others() -> None:
    loads = [load(50, 50)]
    first, second, third = (
        work(loads, USUAL, SchedulingOptions(), (0.9,), seed=seed) for seed in (1, 1, 2)
    )
    assert first == second
    assert first != third


def test_a_card_not_due_within_the_year_takes_no_answers() -> None:
    memory = Memory(400.0, 5.0)
    result = at(0.9, Deck(DeckLoad([KnownCard(memory, 10, DAYS)], 0), 10, 200))
    assert result.answers == 0
    assert result.remembered == pytest.approx(MemoryModel().retrievability(400.0, 10 + DAYS))


def test_overdue_cards_are_asked_today_even_after_a_clock_was_set_back() -> None:
    memory = Memory(400.0, 5.0)
    for elapsed, due in ((900, -500), (-30, -2)):
        assert at(0.9, Deck(DeckLoad([KnownCard(memory, elapsed, due)], 0), 10, 200)).answers > 0


@pytest.mark.parametrize(
    ("rating", "answers"), [(Rating.AGAIN, 3), (Rating.HARD, 3), (Rating.GOOD, 2), (Rating.EASY, 1)]
)
def test_a_new_card_goes_through_its_learning_steps(
    rating: Rating, answers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulating, "DAYS", 1)
    habits = Habits(tuple(float(each is rating) for each in Rating), (0, 1, 0), (6, 12, 18, 24))
    result = at(0.9, Deck(DeckLoad((), 1), 1, 200), habits=habits)
    assert result.answers == answers
    assert result.minutes * 60 == pytest.approx(6 * rating + 18 * (answers - 1))


def test_a_forgotten_card_goes_through_its_relearning_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(simulating, "DAYS", 1)
    hopeless = Deck(DeckLoad([KnownCard(Memory(0.001, 10.0), 36_500, 0)] * 20, 0), 0, UNLIMITED)
    assert at(0.9, hopeless, relearning_steps=()).answers == 20
    assert at(0.9, hopeless, relearning_steps=(5, 10)).answers > 50


def test_new_cards_come_at_their_limit() -> None:
    assert at(0.9, load(0, 10_000, new_per_day=2)).seen == 2 * DAYS
    assert at(0.9, load(0, 100, new_per_day=2)).seen == 100
    assert at(0.9, load(0, 100, new_per_day=0)).seen == 0


def test_a_limit_of_reviews_is_kept_and_costs_memory() -> None:
    free, limited = at(0.95, load(300)), at(0.95, load(300, limit=3))
    assert 3 <= limited.answers < 6  # with relearning steps
    assert free.answers > 2 * limited.answers
    assert limited.remembered < free.remembered


def test_with_few_cards_the_figures_hardly_depend_on_luck() -> None:
    years = [
        work([load(2, 8)], USUAL, SchedulingOptions(), (0.9,), seed=seed)[0] for seed in range(20)
    ]
    answers = [each.answers for each in years]
    assert [each.seen for each in years] == [10] * 20
    assert max(answers) < 1.4 * min(answers)


def test_each_deck_has_its_own_limit() -> None:
    one, two = at(0.95, load(200, limit=2)), at(0.95, load(200, limit=2), load(200, limit=2))
    assert two.answers == pytest.approx(2 * one.answers, rel=0.2)


def test_a_limit_for_all_decks_holds_above_their_own() -> None:
    decks = [load(0, 500, new_per_day=10), load(0, 10_000, new_per_day=10)]
    (free,), (limited,) = (work(decks, retentions=(0.9,), in_all=each) for each in (None, 4))
    assert free.seen == 500 + 10 * DAYS
    assert limited.seen == 4 * DAYS
    decks = [load(200), load(200)]
    (free,), (limited,) = (
        work(decks, retentions=(0.95,), reviews_in_all=each) for each in (None, 2)
    )
    alone = at(0.95, load(400, limit=2))
    assert free.answers > 2 * limited.answers
    assert limited.answers == pytest.approx(alone.answers, rel=0.2)


def test_a_new_card_is_not_held_back_by_the_limit_of_reviews() -> None:
    result = at(0.9, load(0, 50, new_per_day=5, limit=0))
    assert result.seen == 50
    assert 50 <= result.answers * DAYS <= 150


@pytest.mark.parametrize("limit", [UNLIMITED, 300])
def test_a_sample_of_many_cards_stands_for_all(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    loads = [load(1000, 200, limit=limit), load(500, 1000, limit=limit), *[load(2)] * 50]
    sampled = at(0.85, *loads)
    monkeypatch.setattr(simulating, "SAMPLE", 2800)
    complete = at(0.85, *loads)
    assert sampled.seen == complete.seen == 2800
    assert sampled.answers == pytest.approx(complete.answers, rel=0.1)
    assert sampled.remembered == pytest.approx(complete.remembered, rel=0.02)


def test_without_cards_the_workload_is_zero() -> None:
    assert at(0.9) == (0.9, 0, 0, 0, 0)
    assert at(0.9, load(0)) == (0.9, 0, 0, 0, 0)


def test_the_simulation_uses_the_present_parameters() -> None:
    quick_to_forget = (0.01, 0.01, 0.02, 0.03, *MemoryModel().parameters[4:])
    usual, worse = (
        at(0.9, load(0, 100), parameters=parameters) for parameters in ((), quick_to_forget)
    )
    assert worse.answers > 1.5 * usual.answers


def test_habits_follow_the_answers_once_there_are_some() -> None:
    assert USUAL == ((0.2, 0.1, 0.6, 0.1), (0.1, 0.8, 0.1), (15, 15, 15, 15))
    habits = Habits.of(
        {
            (State.NEW, Rating.EASY): (990, 4.0),
            (State.REVIEW, Rating.AGAIN): (990, 30.0),
            (State.REVIEW, Rating.HARD): (990, 8.0),
        }
    )
    assert sum(habits.first) == pytest.approx(1)
    assert sum(habits.recalled) == pytest.approx(1)
    assert habits.first[3] > 0.99
    assert habits.recalled[0] > 0.99
    assert habits.seconds == pytest.approx((30, 8, 15, 4), rel=0.03)
