"""The model of memory: FSRS on whole study days.

Only this module uses the `fsrs` package. A replay of the log needs nothing else of learning.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Self, cast

import fsrs
from fsrs.scheduler import DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

from sco_quiz.errors import ConfigError
from sco_quiz.learning.cards import CardState, Rating, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STABILITY_MIN = 0.001
STABILITY_MAX = 36_500.0

_MIDNIGHT = datetime.min.replace(tzinfo=UTC)
_LONGEST_ELAPSED = 3_650_000  # days, about all that a datetime can span
# On Python 3.11 to name a member by its class takes as long as a call, for each review of a replay.
_IN_REVIEW, _AGAIN = State.REVIEW, Rating.AGAIN
_RATINGS = {rating.value: rating for rating in fsrs.Rating}
_REMEMBERED = 16_384
"""The number of results that a model remembers: most cards begin alike."""


class Memory(NamedTuple):
    """FSRS's memory of a card.

    Attributes:
        stability: Days until recall falls to 90 %.
        difficulty: From 1 (easy) to 10 (hard).
    """

    stability: float
    difficulty: float


class Promise(NamedTuple):
    """The schedule that a review gave a card, as shown on its button and kept in the log.

    Later changes of steps, retention or fuzz don't alter it. Fields as in `CardState`.
    """

    state: State
    step: int
    due_day: int
    due_at: int


class _Card(fsrs.Card):
    """A card for one review. It is its own copy, since fsrs spends half its time on copying."""

    def __init__(self, stability: float, difficulty: float) -> None:
        # With its own, it would make an id and read the clock.
        self.card_id = 0
        self.due = _MIDNIGHT
        if stability:
            self.state, self.step = fsrs.State.Review, None
            self.stability, self.difficulty = stability, difficulty
            self.last_review = _MIDNIGHT
        else:
            self.state, self.step = fsrs.State.Learning, 0
            self.stability = self.difficulty = self.last_review = None

    def __copy__(self) -> Self:
        return self


@lru_cache(_REMEMBERED)
def _midnight_after(days: int) -> datetime:
    """Return the midnight so many days after the one at which each card was last reviewed."""
    # Whole days from midnight to midnight: fsrs counts in full 24 hours, and would treat a
    # review at breakfast, after one at supper, as a second one on the same day.
    return _MIDNIGHT + timedelta(days=days)


class MemoryModel:
    """A model of how memory changes with each review, and fades between them.

    Attributes:
        parameters: The 21 parameters of FSRS-6.
    """

    def __init__(self, parameters: tuple[float, ...] = ()) -> None:
        """Take the 21 parameters of FSRS-6, or none for its defaults.

        Raises:
            ConfigError: Their number is wrong, or one of them is out of bounds.
        """
        try:
            self._fsrs = fsrs.Scheduler(
                parameters or DEFAULT_PARAMETERS,
                learning_steps=(),
                relearning_steps=(),
                maximum_interval=1,  # its due dates are not used, so keep them from overflowing
                enable_fuzzing=False,
            )
        except ValueError as error:
            raise ConfigError(
                f"FSRS cannot use these parameters: {'; '.join(str(error).splitlines())}",
                "Set the 21 parameters of FSRS-6, each within bounds, or none for the defaults.",
            ) from error
        self.parameters = self._fsrs.parameters
        self._decay = -self.parameters[20]
        self._factor: float = 0.9 ** (1 / self._decay) - 1
        self._next = lru_cache(_REMEMBERED)(self._reviewed)

    def next(self, before: Memory | None, elapsed: int, rating: Rating) -> Memory:
        """Return the memory of a card after a review.

        Args:
            before: The memory until now; None for a first review.
            elapsed: Study days since the last review. A negative number (the clock went backwards)
                counts as 0.
            rating: The learner's rating.
        """
        return self._next(*before or (0.0, 0.0), elapsed, rating)

    def _reviewed(
        self, stability: float, difficulty: float, elapsed: int, rating: Rating
    ) -> Memory:
        today = _midnight_after(min(max(elapsed, 0), _LONGEST_ELAPSED))
        card = _Card(stability, difficulty)
        after, _ = self._fsrs.review_card(card, _RATINGS[rating], today)
        stability, difficulty = cast("Memory", (after.stability, after.difficulty))
        return Memory(min(max(stability, STABILITY_MIN), STABILITY_MAX), difficulty)

    def after(self, before: CardState, rating: Rating, day: int, promise: Promise) -> CardState:
        """Return the state of a card after a review that the log holds.

        Args:
            before: Its state until then.
            rating: The rating it was given.
            day: Study day of the review.
            promise: The schedule that the review gave it.
        """
        stability, difficulty = before.stability, before.difficulty
        elapsed = day - before.last_day if stability else 0
        memory = self._next(stability, difficulty, elapsed, rating)
        return state_after(before, rating, day, memory, promise)

    def retrievability(self, stability: float, elapsed: float) -> float:
        """Return the chance of recall (0 to 1) that many study days after the last review.

        This is FSRS-6's forgetting curve; it is at 90 % after as many days as the stability.
        """
        return float((1 + self._factor * max(elapsed, 0) / stability) ** self._decay)

    def forgetting_curve(
        self, reviews: Sequence[tuple[int, float]], first: int, last: int, points: int
    ) -> list[float | None]:
        """Return retrievability at equal distances of time; the curve begins anew at each review.

        Args:
            reviews: Study day of each review and the stability (days) after it, in order.
            first: The study day of the first point.
            last: The study day of the last point, later than the first.
            points: The number of points, at least 2.

        Returns:
            A chance from 0 to 1 for each point; None before the first review.
        """
        days = [day for day, _ in reviews]
        curve: list[float | None] = []
        for number in range(points):
            day = first + (last - first) * number / (points - 1)
            before = bisect_right(days, day)
            if not before:
                curve.append(None)
                continue
            reviewed, stability = reviews[before - 1]
            curve.append(self.retrievability(stability, day - reviewed))
        return curve

    def days_until(self, retrievability: float, stability: float) -> float:
        """Return the days after which the chance of recall has fallen to `retrievability`."""
        return float(stability / self._factor * (retrievability ** (1 / self._decay) - 1))


def within_bounds(parameters: Iterable[float]) -> tuple[float, ...]:
    """Return the nearest usable parameters: a fit may overstep a bound by a tiny amount."""
    bounds = zip(LOWER_BOUNDS_PARAMETERS, parameters, UPPER_BOUNDS_PARAMETERS, strict=True)
    return tuple(min(max(low, value), high) for low, value, high in bounds)


def memory_of(before: CardState, day: int) -> tuple[Memory | None, int]:
    """Return the memory of a card and the study days since its last review."""
    if not before.stability:
        return None, 0
    return Memory(before.stability, before.difficulty), day - before.last_day


def state_after(
    before: CardState, rating: Rating, day: int, memory: Memory, promise: Promise
) -> CardState:
    """Return the state of a card after a review that left it this memory and this schedule."""
    # By place, since names cost more, and a replay of the log calls this for each review.
    lapses = before.lapses + (rating == _AGAIN and before.state == _IN_REVIEW)
    first_day = before.first_day or day
    return CardState._make(
        promise
        + memory
        + (before.reps + 1, lapses, first_day, day, before.suspended, 0, before.flag, 0)
    )
