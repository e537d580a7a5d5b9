"""Simulates a year of study on the learner's own cards, to show the cost of a desired retention.

Each card is simulated by itself: its present memory, the rest of its interval, and then a review
whenever the chance of recall has fallen to the desired retention. The recall is drawn by that
chance, and its rating by the learner's habits. Of many cards only a sample is simulated, spread
evenly over decks and stabilities; few cards are simulated for several years, so that luck evens
out.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from functools import cache
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.cards import Rating, State
from sco_quiz.learning.scheduling import Scheduler, SchedulingOptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sco_quiz.learning.card_queue import DailyLimits
    from sco_quiz.learning.memory import Memory

DAYS = 365
RETENTIONS = (0.70, 0.75, 0.80, 0.85, 0.90, 0.92, 0.95, 0.97)
SAMPLE = 400
"""The number of simulated cards, or years of cards: luck then moves the results by some 5 %."""

_RATINGS = tuple(Rating)
_AGAIN, _HARD, _GOOD, _EASY = Rating
_RECALLED = (_HARD, _GOOD, _EASY)

# The assumed habits of a learner, which weigh as much as this many answers.
_PRIOR = 10
_PRIOR_FIRST = (0.2, 0.1, 0.6, 0.1)
_PRIOR_RECALLED = (0.1, 0.8, 0.1)
_PRIOR_SECONDS = 15.0


class KnownCard(NamedTuple):
    """A card that was answered before.

    Attributes:
        memory: FSRS's memory of it.
        elapsed: The study days since its last review.
        due: The days until it is due; 0 or less if it is due now.
    """

    memory: Memory
    elapsed: int
    due: int


class DeckLoad(NamedTuple):
    """The cards of a deck to simulate.

    Attributes:
        known: Its cards that were answered before and are not suspended.
        new: The number of cards never answered.
    """

    known: Sequence[KnownCard]
    new: int


class Habits(NamedTuple):
    """A learner's usual answers.

    Attributes:
        first: The shares of the first rating of a new card: Again, Hard, Good, Easy.
        recalled: The shares of the ratings of a recalled card: Hard, Good, Easy.
        seconds: The mean time of an answer, for each rating.
    """

    first: tuple[float, ...]
    recalled: tuple[float, ...]
    seconds: tuple[float, ...]

    @classmethod
    def of(cls, answers: Mapping[tuple[int, int], tuple[int, float]]) -> Habits:
        """Return the habits that answers show; with few answers they are close to the assumed ones.

        Args:
            answers: By the card's state before and the rating: the number of answers and the mean
                of their seconds.
        """

        def count(state: State, rating: Rating) -> int:
            return answers.get((state, rating), (0, 0.0))[0]

        def seconds(rating: Rating) -> float:
            numbers_and_means = [pair for (_, given), pair in answers.items() if given == rating]
            total = (
                sum(number * mean for number, mean in numbers_and_means) + _PRIOR * _PRIOR_SECONDS
            )
            return total / (sum(number for number, _ in numbers_and_means) + _PRIOR)

        return cls(
            _shares([count(State.NEW, rating) for rating in Rating], _PRIOR_FIRST),
            _shares([count(State.REVIEW, rating) for rating in _RECALLED], _PRIOR_RECALLED),
            tuple(map(seconds, Rating)),
        )


class Workload(NamedTuple):
    """The result of a year of study at a desired retention.

    Attributes:
        retention: The desired retention.
        answers: The mean number of answers a day, learning steps included.
        minutes: The mean number of minutes a day.
        remembered: The number of cards that would be recalled at the end of the year.
        seen: The number of cards answered by then.
    """

    retention: float
    answers: float
    minutes: float
    remembered: float
    seen: int


def workload(
    loads: Mapping[str, DeckLoad],
    new_a_day: DailyLimits,
    reviews_a_day: DailyLimits,
    habits: Habits,
    options: SchedulingOptions,
    retentions: Sequence[float] = RETENTIONS,
    *,
    seed: int = 0,
) -> list[Workload]:
    """Simulate what each desired retention, set for all decks from now on, would cost and bring.

    The same arguments give the same figures.

    Args:
        loads: The cards of each deck.
        new_a_day: The limits of new cards, as a day begins.
        reviews_a_day: The limits of reviews, as a day begins.
        habits: The learner's usual answers.
        options: Steps, maximum interval and parameters; the retention is ignored.
        retentions: The retentions to simulate.
        seed: The seed of the random numbers.
    """
    days_of_new = _days_of_new_cards({deck: load.new for deck, load in loads.items()}, new_a_day)
    seen = sum(len(load.known) + len(days_of_new[deck]) for deck, load in loads.items())
    size = min(seen, SAMPLE)
    scale = seen / size if size else 1.0
    years = SAMPLE // size if size else 1
    numbers = [int((number + 0.5) * scale) for number in range(size)]
    cards: list[_Card] = []
    offset = 0
    for deck, load in loads.items():
        end = offset + len(load.known) + len(days_of_new[deck])
        places = numbers[bisect_left(numbers, offset) : bisect_left(numbers, end)]
        cards += _cards(deck, load.known, days_of_new[deck], places, offset)
        offset = end
    limits = {
        deck: {name: limit / scale for name, limit in reviews_a_day.limits_of(deck).items()}
        for deck in {card.deck for card in cards}
    }
    results = []
    for retention in retentions:
        study = _Study(habits, replace(options, retention=retention))
        for year in range(years):
            study.year(cards, limits, (seed * years + year) * seen)
        days = DAYS * years / scale
        results.append(
            Workload(
                retention,
                answers=study.answers / days,
                minutes=study.seconds / 60 / days,
                remembered=study.remembered * scale / years,
                seen=seen,
            )
        )
    return results


class _Card(NamedTuple):
    """A card on some day of the simulation.

    Attributes:
        number: A number of its own.
        deck: The id of its deck.
        due: The day on which it is asked next.
        memory: FSRS's memory of it; None for a new card.
        last_day: The day of its last review.
    """

    number: int
    deck: str
    due: int
    memory: Memory | None
    last_day: int


def _days_of_new_cards(waiting: Mapping[str, int], new_a_day: DailyLimits) -> dict[str, list[int]]:
    """Return the days of a year on which the new cards of each deck are first asked."""
    begun: dict[str, list[int]] = {deck: [] for deck in waiting}
    for day in range(DAYS):
        room = new_a_day.copy()
        for deck in new_a_day:
            count = min(room.of(deck), waiting[deck] - len(begun[deck]))
            room.take(deck, count)
            begun[deck] += [day] * count
    return begun


def _cards(
    deck: str, known: Sequence[KnownCard], begun: Sequence[int], places: Iterable[int], offset: int
) -> Iterator[_Card]:
    """Yield the cards at some places of a deck: known ones by stability, then new ones.

    Args:
        deck: The id of the deck.
        known: Its cards that were answered before.
        begun: The days on which its new cards are first asked.
        places: The places, counted through all decks.
        offset: The place of the deck's first card.
    """
    known = sorted(known, key=lambda card: card.memory.stability)
    for number in places:
        place = number - offset
        if place < len(known):
            card = known[place]
            yield _Card(number, deck, max(card.due, 0), card.memory, -card.elapsed)
        else:
            yield _Card(number, deck, begun[place - len(known)], None, 0)


class _Study:
    """Years of study under one set of options.

    Attributes:
        answers: The number of answers in all years.
        seconds: The time that they took.
        remembered: The number of cards recalled at the end of each year, summed.
    """

    def __init__(self, habits: Habits, options: SchedulingOptions) -> None:
        self.answers = 0
        self.seconds = 0.0
        self.remembered = 0.0
        self._habits = habits
        self._scheduler = Scheduler(options)
        self._model = self._scheduler.memory
        self._next = cache(self._model.next)  # equal ratings give equal memories

    def year(
        self, cards: Sequence[_Card], limits: Mapping[str, Mapping[str, float]], seed: int
    ) -> None:
        """Simulate a year; reviews beyond a day's limits wait.

        Args:
            cards: The cards on the first day.
            limits: The limits of the reviews of each deck, by their names.
            seed: The seed of the random numbers.
        """
        # Each card has random numbers of its own, so that all retentions have the same luck.
        chances = {card.number: Random(seed + card.number) for card in cards}  # noqa: S311
        due: dict[int, list[_Card]] = {}
        for card in cards:
            due.setdefault(card.due, []).append(card)
        waiting: list[_Card] = []
        for day in range(DAYS):
            if day in due:
                waiting += due.pop(day)
            elif not waiting:
                continue
            today, waiting = _choose_for_day(waiting, limits, day)
            for card in today:
                memory = self._answer(card, day, chances[card.number])
                after = day + self._scheduler.interval(memory.stability)
                due.setdefault(after, []).append(_Card(card.number, card.deck, after, memory, day))
        for card in [*waiting, *(card for cards in due.values() for card in cards)]:
            if card.memory is not None:
                elapsed = DAYS - card.last_day
                self.remembered += self._model.retrievability(card.memory.stability, elapsed)

    def _answer(self, card: _Card, day: int, chance: Random) -> Memory:
        """Answer a card, and go through the steps that follow, each rated Good."""
        steps = self._scheduler.options.relearning_steps
        if card.memory is None:
            (rating,) = chance.choices(_RATINGS, self._habits.first)
            memory = self._next(None, 0, rating)
            steps = self._scheduler.options.learning_steps
            if rating >= _GOOD:
                steps = () if rating is _EASY else steps[1:]
        else:
            elapsed = day - card.last_day
            recall = self._model.retrievability(card.memory.stability, elapsed)
            rating = _AGAIN
            if chance.random() < recall:
                (rating,) = chance.choices(_RECALLED, self._habits.recalled)
                steps = ()
            memory = self._next(card.memory, elapsed, rating)
        for _ in steps:
            memory = self._next(memory, 0, _GOOD)
        self.answers += 1 + len(steps)
        self.seconds += (
            self._habits.seconds[rating - 1] + len(steps) * self._habits.seconds[_GOOD - 1]
        )
        return memory


def _choose_for_day(
    waiting: list[_Card], limits: Mapping[str, Mapping[str, float]], day: int
) -> tuple[list[_Card], list[_Card]]:
    """Return the cards asked on a day, the best recalled first, and those that wait."""
    waiting.sort(key=lambda card: _urgency(card, day))
    left: dict[str, int] = {}
    asked, beyond = [], []
    for card in waiting:
        if card.memory is None:  # new cards have limits of their own
            asked.append(card)
            continue
        for name, limit in limits[card.deck].items():
            if name not in left:
                left[name] = int(limit * (day + 1)) - int(limit * day)
        if all(left[name] > 0 for name in limits[card.deck]):
            asked.append(card)
            for name in limits[card.deck]:
                left[name] -= 1
        else:
            beyond.append(card)
    return asked, beyond


def _urgency(card: _Card, day: int) -> float:
    """Return a number by which cards are sorted for asking, the lowest first."""
    return -1.0 if card.memory is None else (day - card.last_day) / card.memory.stability


def _shares(counts: Sequence[int], prior: Sequence[float]) -> tuple[float, ...]:
    total = sum(counts) + _PRIOR
    return tuple(
        (count + _PRIOR * share) / total for count, share in zip(counts, prior, strict=True)
    )
