"""A calm way out of a backlog: how many reviews a day clear it, and when.

What waits is answered in the order in which it is asked, so many a day, while what falls due joins
it and what was forgotten comes back. New cards wait until it is cleared.
"""

from __future__ import annotations

from heapq import heapify, heappop
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.cards import Rating
from sco_quiz.vocabulary import span_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.learning.scheduling import Scheduler
    from sco_quiz.learning.simulating import Known

LEAST = 50
"""Fewer reviews than this are no backlog."""
BEYOND = 2.0
"""So many normal days' worth of reviews are one."""
USUAL = 20.0
"""Answers of a normal day, as long as there is none to judge by."""
ABSENCE = 3
"""Study days without an answer after which the learner was away."""
WEEKS = (1, 3, 6)
"""In how many weeks the paces that are offered clear it, roughly."""
LONGEST = 182
"""Days; a pace that needs more is not offered."""


class Backlog(NamedTuple):
    """The reviews that wait, and what is done about them.

    Attributes:
        waiting: How many are due.
        per_day: How many the learner's plan asks of a day; 0 while there is no plan, or nothing for
            it to do.
        later: How many of them are not asked today by the plan.
        usual: Answers of a normal day.
        returned: Whether the learner was away until today.
    """

    waiting: int
    per_day: int
    later: int
    usual: float
    returned: bool

    @property
    def is_large(self) -> bool:
        """Whether more waits than two normal days bring."""
        return self.waiting >= LEAST and self.waiting > BEYOND * self.usual

    def in_words(self) -> str:
        """What waits, and what the plan makes of it; empty when there is nothing to say."""
        if self.per_day:
            return f"{self.later} more wait for later days, {self.per_day} a day."
        return f"{self.waiting} reviews wait." if self.is_large else ""


class Pace(NamedTuple):
    """So many reviews a day clear a backlog in so many days."""

    per_day: int
    days: int

    def in_words(self) -> str:
        """As "25 a day clears it in 3 weeks"."""
        return f"{self.per_day} a day clears it in {span_in_words(self.days)}"


def paces(cards: Sequence[Known], scheduler: Scheduler) -> list[Pace]:
    """Two or three paces that clear a backlog, the fastest first.

    Args:
        cards: All that are in review; due counts from today.
        scheduler: Says when an answered card comes back.
    """
    waiting = sum(card.due <= 0 for card in cards)
    found: dict[int, Pace] = {}
    for weeks in WEEKS:
        days = 7 * weeks
        soon = sum(0 < card.due < days for card in cards)
        # What was answered comes back once more before long: that much is known without looking.
        per_day = _round((waiting + soon) / days)
        cleared = days_to_clear(cards, per_day, scheduler)
        while cleared is not None and cleared > days * 1.25 and per_day < waiting:
            per_day = _round(per_day * 1.2 + 1)
            cleared = days_to_clear(cards, per_day, scheduler)
        if cleared is not None and per_day < waiting:
            found.setdefault(per_day, Pace(per_day, cleared))
    return list(found.values())


def days_to_clear(cards: Sequence[Known], per_day: int, scheduler: Scheduler) -> int | None:
    """Days until a day's share has room for all that waits; None if `LONGEST` are not enough.

    Args:
        cards: All that are in review; due counts from today.
        per_day: Reviews a day.
        scheduler: Says when an answered card comes back.
    """
    chance = Random(f"{len(cards)} {per_day}")  # noqa: S311 -- a forecast, not secrecy
    model = scheduler.memory
    # By day of the present: cards that come, as their order among those that wait, and themselves.
    coming: dict[int, list[Known]] = {}
    for card in cards:
        coming.setdefault(max(card.due, 0), []).append(card)
    pool: list[tuple[float, int, Known]] = []
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
    """To a number that is easily said, never below it: 17 → 20, 101 → 105."""
    return max(5, -int(-number // 5) * 5)
