"""Schedules cards: learning steps, intervals, and fuzz.

`memory` has the model of how well a card is known; the steps, the fuzz and the days are decided
here. Nothing here is random and nothing reads the clock: the same card, history and moment always
give the same schedule, so a rating does what its button shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from sco_quiz.learning.cards import CardState, Rating, State
from sco_quiz.learning.memory import MemoryModel, Promise, memory_of, state_after
from sco_quiz.learning.study_day import MINUTE_MS
from sco_quiz.numbers_and_times import span, wait

if TYPE_CHECKING:
    from sco_quiz.learning.study_day import Moment

# The growth of fuzz with the interval: (from days, to days, share of that part). Anki's figures.
_FUZZ_RANGES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, float("inf"), 0.05))

_MONTH = 365.25 / 12
_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class SchedulingOptions:
    """The options of scheduling, for all decks or for one. The settings check their ranges.

    Attributes:
        retention: The desired retention: the chance of recall at which a review is due.
        learning_steps: The minutes after each of the first answers to a new card.
        relearning_steps: The minutes after each of the first answers to a forgotten card.
        maximum_interval: The most days between two reviews.
        parameters: The 21 parameters of FSRS-6; empty for its defaults.
    """

    retention: float = 0.90
    learning_steps: tuple[float, ...] = (1, 10)
    relearning_steps: tuple[float, ...] = (10,)
    maximum_interval: int = 36_500
    parameters: tuple[float, ...] = ()


class Scheduler:
    """A scheduler: it computes what each rating does to a card, under one set of options."""

    def __init__(self, options: SchedulingOptions = SchedulingOptions()) -> None:
        """Schedule by these options.

        Raises:
            ConfigError: `options.parameters` cannot be used.
        """
        self.options = options
        self.memory = MemoryModel(options.parameters)

    def next_states(self, key: str, before: CardState, now: Moment) -> dict[Rating, CardState]:
        """Return the state that each of the four ratings would give a card; a promise.

        Intervals of days rise by at least one from Hard to Good to Easy; only at the maximum
        interval may they be equal. If a card was recalled and its memory did not weaken, fuzz does
        not make the interval shorter than the one before: otherwise a review ahead of time could
        bring the card back sooner than it was due.

        Args:
            key: The card's key; with its number of reviews it decides the fuzz.
            before: The card's state.
            now: The moment of the rating.
        """
        memory, elapsed = memory_of(before, now.day)
        draw = _draw(key, before.reps)
        least = 1
        floor = self._interval_before(before)
        states = {}
        for rating in Rating:
            after = self.memory.next(memory, elapsed, rating)
            if step := self._step(before, rating):
                state, index, minutes = step
                promise = Promise(state, index, 0, now.at + round(minutes * MINUTE_MS))
            else:
                days = max(self._fuzzed(after.stability, draw), least)
                if rating != Rating.AGAIN and after.stability >= before.stability:
                    days = max(days, floor)
                days = min(days, self.options.maximum_interval)
                if rating != Rating.AGAIN:
                    least = days + 1
                promise = Promise(State.REVIEW, 0, now.day + days, 0)
            states[rating] = state_after(before, rating, now.day, after, promise)
        return states

    def retrievability(self, state: CardState, day: int) -> float:
        """Return the chance (0 to 1) of recall on a study day; 0 for a new card."""
        if state.state == State.NEW:
            return 0.0
        return self.memory.retrievability(state.stability, day - state.last_day)

    def interval(self, stability: float) -> int:
        """Return the days until the next review, before fuzz: from 1 to the maximum interval."""
        days = round(self.memory.days_until(self.options.retention, stability))
        return min(max(days, 1), self.options.maximum_interval)

    def _interval_before(self, before: CardState) -> int:
        """Return the last interval of a card in review; 0 if it is longer than options now allow.

        It may have got a longer one under a lower desired retention.
        """
        if before.state != State.REVIEW:
            return 0
        _, most = fuzz_bounds(self.interval(before.stability))
        most += 2  # Good and Easy each lie above the rating before
        interval = before.due_day - before.last_day
        return interval if interval <= most else 0

    def _fuzzed(self, stability: float, draw: int) -> int:
        """Return the interval with fuzz: all days within the bounds are equally likely.

        All four ratings use one draw, so a longer interval never becomes the shorter one.
        """
        low, high = fuzz_bounds(self.interval(stability))
        high = min(high, self.options.maximum_interval)
        return low + (draw * (high - low + 1) >> 64)

    def _step(self, before: CardState, rating: Rating) -> tuple[State, int, float] | None:
        """Return the next (re)learning step: state, index, minutes; None for an interval of days.

        As in fsrs: Hard repeats the step. At the first step it waits for the mean of the first two
        steps, or one and a half times the step if it is the only one. At a step that no longer
        exists, all ratings but Again end the steps.
        """
        if before.state == State.REVIEW:
            if rating == Rating.AGAIN and self.options.relearning_steps:
                return State.RELEARNING, 0, self.options.relearning_steps[0]
            return None
        if before.state == State.RELEARNING:
            state, steps = State.RELEARNING, self.options.relearning_steps
        else:
            state, steps = State.LEARNING, self.options.learning_steps
        if not steps or rating == Rating.EASY:
            return None
        if rating == Rating.AGAIN:
            return state, 0, steps[0]
        if rating == Rating.HARD and before.step == 0:
            return state, 0, sum(steps[:2]) / 2 if len(steps) > 1 else steps[0] * 1.5
        index = before.step if rating == Rating.HARD else before.step + 1
        return (state, index, steps[index]) if index < len(steps) else None


def fuzz_bounds(interval: float) -> tuple[int, int]:
    """Return the least and the most days of an interval with fuzz; no fuzz below 2.5 days.

    Anki's bounds: one day, plus 15 %, 10 % and 5 % of the parts of the interval from 2.5, 7 and 20
    days on.
    """
    if interval < 2.5:
        return round(interval), round(interval)
    spread = 1.0 + sum(
        share * max(min(interval, end) - start, 0.0) for start, end, share in _FUZZ_RANGES
    )
    return round(interval - spread), round(interval + spread)


def in_words(now: Moment, after: CardState) -> str:
    """Return the wait until a card comes back, for its rating button: "10 min", "9 d", "1.2 y".

    Args:
        now: The moment of the rating.
        after: The state that the rating gives.
    """
    if after.state == State.REVIEW:
        return span(after.due_day - now.day)
    return wait(max(after.due_at - now.at, 0))


def _draw(key: str, reps: int) -> int:
    """Return 64 bits that depend only on the card and its number of reviews."""
    digest = blake2b(f"{key}\x1f{reps}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")
