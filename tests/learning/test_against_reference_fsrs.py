"""Random histories: what a replay says of a card is what the reference implementations say.

A thousand histories, or ten thousand with `--full`: half of them under the default parameters, half
under others. To fsrs, which reckons in double precision as we do, the difference is at most 1e-9.
fsrs-rs reckons in single precision: of 10,000 histories the worst was 7e-6 apart under the default
parameters, so 1e-5 is asked for there, and 2e-5 under others, so 5e-5 is.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import fsrs
import fsrs_rs_python
import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS

from sco_quiz.learning.cards import CardState, Rating, State
from sco_quiz.learning.memory import STABILITY_MAX, MemoryModel, Promise, within_bounds
from sco_quiz.learning.scheduling import Scheduler, SchedulingOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Proved = Callable[[str], None]

FIRST_DAY = 730_000
DUE = Promise(State.REVIEW, 0, FIRST_DAY, 0)


@pytest.fixture
def count(pytestconfig: pytest.Config) -> int:
    """How many histories."""
    return 10_000 if pytestconfig.getoption("--full") else 1_000


def histories(count: int) -> Iterator[tuple[tuple[float, ...], list[tuple[Rating, int]]]]:
    """Parameters, and ratings with the study days since the review before.

    Every tenth step the clock is set back; every history of two has parameters of its own.
    """
    chance = random.Random(20)
    for number in range(count):
        weights: tuple[float, ...] = DEFAULT_PARAMETERS
        if number % 2:
            weights = within_bounds(each * chance.uniform(0.7, 1.4) for each in weights)
        history = [(Rating(chance.randint(1, 4)), 0)]
        for _ in range(chance.randrange(16)):
            longest = chance.choice((0, 1, 3, 30, 300, 3_000))
            elapsed = chance.randint(0, longest) if chance.random() > 0.1 else -longest
            history.append((Rating(chance.randint(1, 4)), elapsed))
        yield weights, history


def replayed(weights: tuple[float, ...], history: list[tuple[Rating, int]]) -> Iterator[CardState]:
    model, state, day = MemoryModel(weights), CardState(), FIRST_DAY
    for rating, elapsed in history:
        day += elapsed
        state = model.after(state, rating, day, DUE)
        yield state


def test_a_replay_agrees_with_fsrs_to_the_ninth_decimal(count: int, proved: Proved) -> None:
    reviews, worst = 0, 0.0
    for weights, history in histories(count):
        reference = fsrs.Scheduler(weights, enable_fuzzing=False)
        card, now = fsrs.Card(1), datetime(2000, 1, 1, tzinfo=UTC)
        for (rating, elapsed), state in zip(history, replayed(weights, history), strict=True):
            now += timedelta(days=max(elapsed, 0))
            card, _ = reference.review_card(card, fsrs.Rating(rating), now)
            assert card.stability is not None
            assert card.difficulty is not None
            card.stability = min(card.stability, STABILITY_MAX)
            worst = max(
                worst,
                abs(state.stability - card.stability),
                abs(state.difficulty - card.difficulty),
            )
            reviews += 1
    proved(f"{count:,} histories, {reviews:,} reviews against fsrs: at most {worst:.1e} apart")
    assert worst <= 1e-9


def test_a_replay_agrees_with_the_rust_implementation_to_its_precision(
    count: int, proved: Proved
) -> None:
    # Single precision makes the differences relative ones, and where the chance of recall is near 1
    # some parameters magnify them.
    usual, others, reviews = 0.0, 0.0, 0
    for weights, history in histories(count):
        item = fsrs_rs_python.FSRSItem(
            [fsrs_rs_python.FSRSReview(rating, max(elapsed, 0)) for rating, elapsed in history]
        )
        reference = fsrs_rs_python.FSRS(weights).historical_memory_states(item)
        apart = 0.0
        for expected, state in zip(reference, replayed(weights, history), strict=True):
            apart = max(
                apart,
                abs(expected.stability / state.stability - 1),
                abs(expected.difficulty / state.difficulty - 1),
            )
            reviews += 1
        if weights == DEFAULT_PARAMETERS:
            usual = max(usual, apart)
        else:
            others = max(others, apart)
    proved(
        f"{count:,} histories, {reviews:,} reviews against fsrs-rs: at most {usual:.1e} apart,"
        f" {others:.1e} under other parameters"
    )
    assert usual <= 1e-5
    assert others <= 5e-5


def test_intervals_agree_with_the_rust_implementation(count: int, proved: Proved) -> None:
    chance = random.Random(21)
    reference = fsrs_rs_python.FSRS(DEFAULT_PARAMETERS)
    for _ in range(count):
        stability, retention = 10 ** chance.uniform(-2, 4), chance.uniform(0.7, 0.99)
        days = Scheduler(SchedulingOptions(retention)).memory.days_until(retention, stability)
        assert reference.next_interval(stability, retention, 3) == pytest.approx(days, rel=1e-4)
    proved(f"{count:,} intervals against fsrs-rs: no more than 1e-4 apart")
