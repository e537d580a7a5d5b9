"""Plans for a backlog: the number of reviews a day that clears it, and the days it takes.

The plan is simulated. Each day the learner answers so many of the waiting cards, in the order in
which they are asked; cards that fall due join them, and forgotten ones come back. New cards wait
until the backlog is cleared.
"""

from __future__ import annotations

from heapq import heapify, heappop
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.numbers_and_times import span_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.learning.scheduling import Scheduler
    from sco_quiz.learning.simulating import KnownCard

LEAST = 50
"""The least number of waiting reviews that counts as a backlog."""
BEYOND = 2.0
"""More reviews than those of this many normal days count as a backlog."""
USUAL = 20.0
"""The answers of a normal day, while there is no normal day to measure."""
ABSENCE = 3
"""The number of study days without an answer that count as an absence."""
WEEKS = (1, 3, 6)
"""The weeks in which the offered paces clear it, roughly."""
LONGEST = 182
"""The most days that an offered pace takes."""


class Backlog(NamedTuple):
    """The reviews that wait, and the learner's plan for them.

    Attributes:
        waiting: The number of due reviews.
        per_day: The plan's number of reviews a day; 0 without a plan, or without need of one.
        later: The number of due reviews that the plan puts off until later days.
        usual: The number of answers of a normal day.
        returned: True if the learner was away until today.
    """

    waiting: int
    per_day: int
    later: int
    usual: float
    returned: bool

    @property
    def is_large(self) -> bool:
        """True if more reviews wait than those of two normal days."""
        return self.waiting >= LEAST and self.waiting > BEYOND * self.usual

    def in_words(self) -> str:
        """Return a sentence on the backlog and the plan; empty if there is nothing to say."""
        if self.per_day:
            return f"{self.later} more wait for later days, {self.per_day} a day."
        return f"{self.waiting} reviews wait." if self.is_large else ""


class Pace(NamedTuple):
    """A number of reviews a day, and the number of days in which it clears a backlog."""

    per_day: int
    days: int

    def in_words(self) -> str:
        """Return the pace as "25 a day clears it in 3 weeks"."""
        return f"{self.per_day} a day clears it in {span_in_words(self.days)}"


def paces(cards: Sequence[KnownCard], scheduler: Scheduler) -> list[Pace]:
    """Return two or three paces that clear a backlog, the fastest first.

    Args:
        cards: All cards in review; their `due` counts from today.
        scheduler: Gives the interval of an answered card.
    """
    waiting = sum(card.due <= 0 for card in cards)
    paces_by_number: dict[int, Pace] = {}
    for weeks in WEEKS:
        days = 7 * weeks
        soon = sum(0 < card.due < days for card in cards)
        # A rough guess; the simulation corrects it.
        per_day = _round((waiting + soon) / days)
        days_needed = days_to_clear(cards, per_day, scheduler)
        while days_needed is not None and days_needed > days * 1.25 and per_day < waiting:
            per_day = _round(per_day * 1.2 + 1)
            days_needed = days_to_clear(cards, per_day, scheduler)
        if days_needed is not None and per_day < waiting:
            paces_by_number.setdefault(per_day, Pace(per_day, days_needed))
    return list(paces_by_number.values())


def days_to_clear(cards: Sequence[KnownCard], per_day: int, scheduler: Scheduler) -> int | None:
    """Return the days in which a pace clears a backlog; None for more than `LONGEST`.

    Args:
        cards: All cards in review; their `due` counts from today.
        per_day: The number of reviews a day.
        scheduler: Gives the interval of an answered card.
    """
    from sco_quiz.learning.cards import Rating  # Home, which has no plan to make, needs no card

    chance = Random(f"{len(cards)} {per_day}")  # noqa: S311 -- a forecast, not secrecy
    model = scheduler.memory
    # The cards that become due on each day, which counts from today.
    coming: dict[int, list[KnownCard]] = {}
    for card in cards:
        coming.setdefault(max(card.due, 0), []).append(card)
    pool: list[tuple[float, int, KnownCard]] = []
    number = 0
    for day in range(LONGEST):
        for card in coming.pop(day, ()):
            number += 1
            at_risk = (card.elapsed + day) / card.memory.stability
            pool.append((at_risk, number, card))
        heapify(pool)
        for _ in range(min(per_day, len(pool))):
            _, _, card = heappop(pool)
            elapsed = card.elapsed + day
            recalled = chance.random() < model.retrievability(card.memory.stability, elapsed)
            rating = Rating.GOOD if recalled else Rating.AGAIN
            memory = model.next(card.memory, elapsed, rating)
            due = day + scheduler.interval(memory.stability)
            coming.setdefault(due, []).append(card._replace(memory=memory, elapsed=-day, due=due))
        if not pool:
            return day + 1
    return None


def _round(number: float) -> int:
    """Round a number up to one that is easily said: 17 to 20, 101 to 105."""
    return max(5, -int(-number // 5) * 5)
