from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import fsrs
import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS
from hypothesis import given, settings
from hypothesis import strategies as st

from sco_quiz.learning.cards import CardState, Rating, State
from sco_quiz.learning.memory import STABILITY_MAX, STABILITY_MIN, Memory, MemoryModel, Promise
from sco_quiz.learning.scheduling import Scheduler, SchedulingOptions, fuzz_bounds, in_words
from sco_quiz.learning.study_day import DAY_MS, HOUR_MS, MINUTE_MS, Moment

if TYPE_CHECKING:
    from tests.conftest import Rounds

AGAIN, HARD, GOOD, EASY = Rating
TODAY = 739_000
NOW = Moment(1_700_000_000_000, 300, TODAY)
ORDER = (HARD, GOOD, EASY)

ratings = st.sampled_from(Rating)
steps = st.lists(st.sampled_from([0.5, 1, 5, 10, 90, 1440, 4320]), max_size=3).map(tuple)
parameters = st.tuples(
    *(
        st.floats(low, high)
        for low, high in zip(LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True)
    )
)
options = st.builds(
    SchedulingOptions,
    retention=st.floats(0.70, 0.99),
    learning_steps=steps,
    relearning_steps=steps,
    maximum_interval=st.sampled_from([1, 2, 7, 30, 365, 36_500]),
    parameters=st.just(()) | parameters,
)
# Days since the review before; below 0 the clock went backwards.
jumps = st.integers(-800, -1) | st.integers(0, 3) | st.integers(0, 40) | st.integers(0, 9_000)
histories = st.lists(st.tuples(ratings, jumps), max_size=16)


def moments(history: list[tuple[Rating, int]]) -> list[tuple[Rating, Moment]]:
    day, lived = TODAY, []
    for rating, jump in history:
        day += jump
        lived.append((rating, Moment((day - 719_163) * DAY_MS, 0, day)))
    return lived


def promise_of(state: CardState) -> Promise:
    return Promise(state.state, state.step, state.due_day, state.due_at)


def in_review(stability: float, *, reps: int = 0) -> CardState:
    """A card in review, its last one as many days ago as its stability."""
    return CardState(
        state=State.REVIEW,
        due_day=TODAY,
        stability=stability,
        difficulty=5.0,
        first_day=TODAY - 100,
        last_day=TODAY - round(stability),
        reps=reps,
    )


def waits(states: dict[Rating, CardState]) -> list[float]:
    """Minutes to wait, of those states that are in a step."""
    return [(state.due_at - NOW.at) / MINUTE_MS for state in states.values() if state.due_at]


# The steps


def test_a_new_card_takes_its_steps_and_then_goes_into_review() -> None:
    scheduler = Scheduler()
    first = scheduler.next_states("k", CardState(), NOW)
    assert waits(first) == [1, 5.5, 10]
    assert [state.state for state in first.values()] == [1, 1, 1, State.REVIEW]
    assert [state.step for state in first.values()] == [0, 0, 1, 0]
    second = scheduler.next_states("k", first[GOOD], NOW)
    assert waits(second) == [1, 10]
    assert [state.state for state in second.values()] == [1, 1, State.REVIEW, State.REVIEW]
    assert second[GOOD].due_at == 0
    assert TODAY < second[GOOD].due_day < second[EASY].due_day


def test_a_forgotten_card_takes_its_relearning_step() -> None:
    scheduler = Scheduler()
    forgotten = scheduler.next_states("k", in_review(30.0, reps=9), NOW)[AGAIN]
    assert promise_of(forgotten) == (State.RELEARNING, 0, 0, NOW.at + 10 * MINUTE_MS)
    assert (forgotten.lapses, forgotten.reps) == (1, 10)
    back = scheduler.next_states("k", forgotten, NOW)
    assert waits(back) == [10, 15]
    assert [state.state for state in back.values()] == [3, 3, State.REVIEW, State.REVIEW]
    assert [state.lapses for state in back.values()] == [1, 1, 1, 1]


def test_without_relearning_steps_a_forgotten_card_stays_in_review() -> None:
    scheduler = Scheduler(SchedulingOptions(relearning_steps=()))
    forgotten = scheduler.next_states("k", in_review(30.0), NOW)[AGAIN]
    assert forgotten.state == State.REVIEW
    assert forgotten.due_day > TODAY
    assert forgotten.lapses == 1


def test_without_learning_steps_a_new_card_goes_straight_into_review() -> None:
    states = Scheduler(SchedulingOptions(learning_steps=())).next_states("k", CardState(), NOW)
    assert {state.state for state in states.values()} == {State.REVIEW}
    days = [state.due_day - TODAY for state in states.values()]
    assert days[:2] == [1, 1]
    assert days[1] < days[2] < days[3]


def test_removing_the_learning_steps_moves_a_card_in_them_to_review() -> None:
    card = CardState(State.LEARNING, 3, 0, NOW.at, 1.0, 5.0, 4, 0, TODAY, TODAY)
    states = Scheduler().next_states("k", card, NOW)
    assert [state.state for state in states.values()] == [State.LEARNING, 2, 2, 2]
    assert states[AGAIN].step == 0
    assert states[HARD].due_day < states[GOOD].due_day < states[EASY].due_day


@given(options, histories)
@settings(max_examples=60, deadline=None)
def test_steps_and_intervals_are_those_of_fsrs(
    settings: SchedulingOptions, history: list[tuple[Rating, int]]
) -> None:
    scheduler = Scheduler(settings)
    reference = fsrs.Scheduler(
        settings.parameters or DEFAULT_PARAMETERS,
        settings.retention,
        [timedelta(minutes=step) for step in settings.learning_steps],
        [timedelta(minutes=step) for step in settings.relearning_steps],
        settings.maximum_interval,
        enable_fuzzing=False,
    )
    state = CardState()
    noon = datetime(2024, 1, 1, 12, tzinfo=UTC)
    for chosen, now in moments(history):
        states = scheduler.next_states("k", state, now)
        for rating, after in states.items():
            elapsed = min(max(now.day - state.last_day, 0), 30_000) if state.reps else 0
            card = fsrs.Card(
                1,
                fsrs.State(state.state or 1),
                None if state.state == State.REVIEW else state.step,
                state.stability or None,
                state.difficulty or None,
                noon,
                noon - timedelta(days=elapsed) if state.reps else None,
            )
            expected, _ = reference.review_card(card, fsrs.Rating(rating), noon)
            wait = expected.due - noon
            assert int(after.state) == int(expected.state)
            assert after.step == (expected.step or 0)
            if after.state == State.REVIEW:
                assert after.due_at == 0
                if (expected.stability or 0) > STABILITY_MAX:  # fsrs knows no most
                    assert after.stability == STABILITY_MAX
                    continue
                apart = abs(scheduler.interval(after.stability) - wait.days)
                assert apart <= (wait.days > 1_000)  # floats end a tie of rounding either way
            else:
                assert (after.due_day, after.due_at) == (
                    0,
                    now.at + wait / timedelta(milliseconds=1),
                )
        state = states[chosen]


# The days


def test_a_review_next_morning_counts_as_a_day_however_short_the_night() -> None:
    night, morning = datetime(2024, 1, 1, 23, tzinfo=UTC), datetime(2024, 1, 2, 7, tzinfo=UTC)
    by_the_hour = fsrs.Scheduler(enable_fuzzing=False)
    card, _ = by_the_hour.review_card(fsrs.Card(1), fsrs.Rating.Good, night)
    card, _ = by_the_hour.review_card(card, fsrs.Rating.Good, morning)
    before = Scheduler().next_states("k", CardState(), NOW)[GOOD]
    tomorrow = NOW._replace(at=NOW.at + 8 * HOUR_MS, day=TODAY + 1)
    after = Scheduler().next_states("k", before, tomorrow)[GOOD]
    assert card.stability is not None
    assert after.stability > card.stability + 1
    assert after.stability == MemoryModel().next(Memory(2.3065, before.difficulty), 1, GOOD)[0]


def test_recall_of_a_card_is_counted_from_its_last_review() -> None:
    scheduler = Scheduler()
    card = in_review(10.0)
    assert scheduler.retrievability(card, TODAY) == pytest.approx(0.9)
    assert scheduler.retrievability(card, TODAY - 10) == 1.0
    assert scheduler.retrievability(card, TODAY - 99) == 1.0
    assert scheduler.retrievability(CardState(), TODAY) == 0.0


@given(options, histories, st.text(max_size=5))
@settings(deadline=None)
def test_any_history_of_ratings_keeps_the_rules_of_the_schedule(
    settings: SchedulingOptions, history: list[tuple[Rating, int]], key: str
) -> None:
    scheduler = Scheduler(settings)
    state = CardState(suspended=True, flag=3)
    lapses = 0
    for reviews, (rating, now) in enumerate(moments(history), start=1):
        state = state._replace(buried_until=now.day + 1)
        states = scheduler.next_states(key, state, now)
        assert list(states) == list(Rating)
        assert states == Scheduler(settings).next_states(key, state, now)
        for choice, after in states.items():
            assert scheduler.memory.after(state, choice, now.day, promise_of(after)) == after
            assert STABILITY_MIN <= after.stability <= STABILITY_MAX
            assert 1 <= after.difficulty <= 10
            if after.state == State.REVIEW:
                assert now.day < after.due_day <= now.day + settings.maximum_interval
                assert (after.step, after.due_at) == (0, 0)
            else:
                assert after.due_at >= now.at
                assert after.due_day == 0
        days = [states[r].due_day - now.day for r in ORDER if states[r].state == State.REVIEW]
        assert all(a < b or a == b == settings.maximum_interval for a, b in pairwise(days))
        lapses += state.state == State.REVIEW and rating == AGAIN
        state = states[rating]
        assert (state.reps, state.lapses) == (reviews, lapses)
        assert (state.first_day, state.last_day) == (moments(history)[0][1].day, now.day)
        assert (state.suspended, state.flag, state.buried_until) == (True, 3, 0)


def test_a_change_of_options_keeps_the_promised_due_day() -> None:
    before = in_review(30.0)
    promised = Scheduler().next_states("k", before, NOW)[GOOD]
    replayed = MemoryModel().after(before, GOOD, TODAY, promise_of(promised))
    assert replayed == promised
    assert (
        Scheduler(SchedulingOptions(retention=0.8)).next_states("k", before, NOW)[GOOD] != promised
    )


def test_a_higher_retention_asks_sooner() -> None:
    intervals = [
        Scheduler(SchedulingOptions(r)).interval(50.0) for r in (0.70, 0.80, 0.90, 0.95, 0.99)
    ]
    assert intervals == sorted(intervals, reverse=True)
    assert intervals[2] == 50


def test_intervals_are_the_same_on_every_machine_and_in_every_release() -> None:
    before = in_review(30.0, reps=5)
    promised = {
        key: [s.due_day - TODAY for s in Scheduler().next_states(key, before, NOW).values()][1:]
        for key in ("a", "b", "c")
    }
    assert promised == {"a": [58, 79, 125], "b": [59, 80, 125], "c": [63, 84, 132]}


def test_the_fuzz_of_a_card_changes_from_review_to_review() -> None:
    due = {
        Scheduler().next_states("k", in_review(30.0, reps=r), NOW)[GOOD].due_day for r in range(9)
    }
    assert len(due) > 3


def test_no_interval_exceeds_the_maximum() -> None:
    scheduler = Scheduler(SchedulingOptions(maximum_interval=50))
    for reps in range(60):
        states = scheduler.next_states("k", in_review(200.0, reps=reps), NOW)
        days = [states[rating].due_day - TODAY for rating in ORDER]
        assert 46 <= days[0] <= days[1] <= days[2] <= 50
    one = Scheduler(SchedulingOptions(maximum_interval=1)).next_states("k", in_review(200.0), NOW)
    assert [one[rating].due_day - TODAY for rating in ORDER] == [1, 1, 1]


# Fuzz


@pytest.mark.parametrize(
    ("interval", "bounds"),
    [
        (1, (1, 1)),
        (2, (2, 2)),
        (2.49, (2, 2)),
        (2.5, (2, 4)),
        (3, (2, 4)),
        (7, (5, 9)),
        (17, (14, 20)),
        (20, (17, 23)),
        (37, (33, 41)),
    ],
)
def test_fuzz_stays_within_its_bounds(interval: float, bounds: tuple[int, int]) -> None:
    assert fuzz_bounds(interval) == bounds


@given(st.floats(1, 40_000), st.floats(0, 100))
def test_fuzz_bounds_hold_the_interval_and_grow_with_it(interval: float, more: float) -> None:
    low, high = fuzz_bounds(interval)
    assert 1 <= low <= round(interval) <= high
    assert interval < 2.5 or low >= 2
    longer = fuzz_bounds(interval + more)
    assert longer[0] >= low
    assert longer[1] >= high


def chi_square_limit(freedom: int) -> float:
    """What chi-square exceeds once in a thousand times (Wilson and Hilferty's approximation)."""
    return freedom * (1 - 2 / (9 * freedom) + 3.09 * math.sqrt(2 / (9 * freedom))) ** 3


@pytest.mark.parametrize(
    ("before", "rating", "maximum", "over"),
    [
        (in_review(1.0), GOOD, 36_500, "keys"),
        (in_review(8.0), HARD, 36_500, "keys"),
        (in_review(8.0), GOOD, 36_500, "keys"),
        (in_review(8.0), EASY, 36_500, "keys"),
        (in_review(300.0), GOOD, 36_500, "reviews"),
        (in_review(300.0), HARD, 200, "keys"),
        (CardState(), EASY, 36_500, "keys"),
    ],
)
def test_the_fuzz_chooses_every_day_within_its_bounds_equally_often(
    before: CardState, rating: Rating, maximum: int, over: str, rounds: Rounds
) -> None:
    scheduler = Scheduler(SchedulingOptions(maximum_interval=maximum))
    low, high = fuzz_bounds(
        scheduler.interval(scheduler.next_states("k", before, NOW)[rating].stability)
    )
    expected_days = range(low, min(high, maximum) + 1)
    draws = rounds(
        3_000,
        30_000,
        f"intervals fuzzed over {len(expected_days)} days: each as likely (chi-square)",
    )
    counts: Counter[int] = Counter()
    for n in range(draws):
        key, reps = (f"card {n}", before.reps) if over == "keys" else ("card", n)
        card = before._replace(reps=reps)
        counts[scheduler.next_states(key, card, NOW)[rating].due_day - TODAY] += 1
    assert set(counts) == set(expected_days)
    mean = draws / len(expected_days)
    chi_square = sum((counts[days] - mean) ** 2 / mean for days in expected_days)
    assert chi_square < chi_square_limit(len(expected_days) - 1)


# Words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 s"),
        (-5, "0 s"),
        (0.5, "30 s"),
        (0.999, "1 min"),
        (1, "1 min"),
        (2.5, "3 min"),
        (5.5, "6 min"),
        (10, "10 min"),
        (59.6, "1 h"),
        (90, "1.5 h"),
        (120, "2 h"),
        (1439, "1 d"),
        (1440, "1 d"),
        (2160, "1.5 d"),
        (4320, "3 d"),
    ],
)
def test_a_step_is_worded_in_seconds_minutes_or_hours(minutes: float, words: str) -> None:
    after = CardState(State.LEARNING, due_at=NOW.at + round(minutes * MINUTE_MS))
    assert in_words(NOW, after) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "1 d"),
        (9, "9 d"),
        (30, "30 d"),
        (31, "31 d"),
        (364, "364 d"),
        (365, "1 y"),
        (767, "2.1 y"),
        (36_500, "100 y"),
    ],
)
def test_an_interval_is_worded_in_days_or_years(days: int, words: str) -> None:
    assert in_words(NOW, CardState(State.REVIEW, due_day=TODAY + days)) == words


@given(st.text(max_size=5), st.floats(1, 400), st.floats(1, 10), st.data())
@settings(max_examples=100, deadline=None)
def test_an_early_review_never_makes_a_recalled_card_due_sooner_than_before(
    key: str, stability: float, difficulty: float, data: st.DataObject
) -> None:
    scheduler = Scheduler()
    low, high = fuzz_bounds(scheduler.interval(stability))
    interval = data.draw(st.integers(max(low, 2), high + 2), "interval")
    elapsed = data.draw(st.integers(1, interval - 1), "elapsed")
    before = in_review(stability)._replace(
        difficulty=difficulty,
        last_day=TODAY - elapsed,
        due_day=TODAY - elapsed + interval,
    )
    after = scheduler.next_states(key, before, NOW)
    for rating in ORDER:
        expected = MemoryModel().next(Memory(stability, difficulty), elapsed, rating)
        assert (after[rating].stability, after[rating].difficulty) == pytest.approx(expected)
        assert after[rating].stability >= stability
        assert after[rating].due_day > before.due_day


def test_a_higher_retention_may_make_a_card_due_sooner_than_before() -> None:
    before = in_review(30.0)._replace(last_day=TODAY - 1, due_day=TODAY + 29)
    after = Scheduler(SchedulingOptions(retention=0.97)).next_states("k", before, NOW)[GOOD]
    assert after.due_day < before.due_day
