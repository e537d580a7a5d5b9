"""Chooses today's cards, within limits and one card a note, and orders them for a session."""

from __future__ import annotations

from collections import Counter, deque
from enum import StrEnum
from heapq import heapify, heappop, heappush
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

LEARN_AHEAD_MS = 20 * 60_000
"""With nothing else left, a card whose step ends within this time is asked at once (as in Anki)."""


class Pick(StrEnum):
    """The cards that a session asks, and their order.

    Attributes:
        DUE: Due cards, the most likely recalled first.
        AT_RISK: Due cards, the least likely recalled first: for when time is short.
        AHEAD: Cards in review that are not due yet, the soonest first.
        HARDEST: Cards in review, due or not, the most difficult first.
    """

    DUE = "due"
    AT_RISK = "at-risk"
    AHEAD = "ahead"
    HARDEST = "hardest"


class Candidate(NamedTuple):
    """A card that may be asked today.

    Attributes:
        key: The key of the card.
        note: The key of its note; only one card of a note is asked on a day.
        deck: The id of its deck.
        due_at: The end of its (re)learning step, in UTC milliseconds; 0 for reviews and new cards.
    """

    key: str
    note: str
    deck: str
    due_at: int = 0


class DailyLimits:
    """The limits of the day: the numbers of cards, by deck and together, that may still be asked.

    A limit has a name, and holds for all decks whose path has that name; so a card of a deck counts
    against each limit of its path.
    """

    def __init__(self, paths: Mapping[str, Sequence[str]], left: Mapping[str, int]) -> None:
        """Take the numbers that the limits leave.

        Args:
            paths: For each deck, in the order in which decks get new cards, the names of the limits
                that hold for it; its own limit has the deck's id as its name.
            left: The number of cards that each limit leaves, 0 or less for none; names that are
                missing here set no limit.
        """
        self._first = left
        self._left = dict(left)
        self._paths = {
            deck: [name for name in path if name in left] for deck, path in paths.items()
        }

    def __contains__(self, deck: str) -> bool:
        return deck in self._paths

    def __iter__(self) -> Iterator[str]:
        """Yield the decks, in the order in which they get new cards."""
        return iter(self._paths)

    def copy(self) -> DailyLimits:
        """Return a copy, which counts by itself."""
        return DailyLimits(self._paths, self._left)

    def limits_of(self, deck: str) -> dict[str, int]:
        """Return the number of cards that each limit of a deck leaves."""
        return {name: self._left[name] for name in self._paths[deck]}

    def of(self, deck: str) -> int:
        """Return the number of cards of a deck that may still be asked."""
        left = self._left
        return max(0, min([left[name] for name in self._paths[deck]], default=10**9))

    def of_itself(self, deck: str) -> int:
        """Return the number of cards of a deck that its own limit alone would allow."""
        return max(0, self._first.get(deck, 10**9))

    def take_each(self, cards: Iterable[Candidate], most: int | None) -> list[Candidate]:
        """Take each card for which every limit of its deck leaves one, `most` cards at most."""
        paths, left = self._paths, self._left
        taken: list[Candidate] = []
        for card in cards:
            if len(taken) == most:
                break
            names = paths.get(card.deck)
            if names is None:
                continue
            for name in names:
                if left[name] <= 0:
                    break
            else:
                for name in names:
                    left[name] -= 1
                taken.append(card)
        return taken

    def take(self, deck: str, count: int) -> None:
        """Count cards of a deck against each limit that holds for it."""
        for name in self._paths[deck]:
            self._left[name] -= count


class Counts(NamedTuple):
    """Numbers of waiting cards.

    Attributes:
        new: Cards never answered.
        learning: Cards in a (re)learning step.
        review: Cards due for review.
        held: New cards that the decks' own limits allow today, but a limit above them does not.
    """

    new: int = 0
    learning: int = 0
    review: int = 0
    held: int = 0

    @property
    def waiting(self) -> tuple[int, int, int]:
        """The numbers of today: new, learning, to review."""
        return self[:3]

    @property
    def total(self) -> int:
        """The number of all cards that wait today."""
        return sum(self.waiting)

    def answers(self, steps: int) -> int:
        """Estimate the number of answers they take, with so many learning steps for a new card."""
        return self.new * max(1, steps) + self.learning + self.review


def sum_of(counts: Iterable[Counts]) -> Counts:
    """Return the sum of counts."""
    return Counts(*map(sum, zip(Counts(), *counts, strict=True)))


class Today(NamedTuple):
    """The cards to study today, each part in the order of asking.

    Attributes:
        learning: Cards in a (re)learning step.
        reviews: Cards due for review.
        new: Cards never answered.
        brought: Cards that the learner asked for today, due or not; they come first.
    """

    learning: tuple[Candidate, ...]
    reviews: tuple[Candidate, ...]
    new: tuple[Candidate, ...]
    brought: tuple[Candidate, ...] = ()

    def of(self, decks: Collection[str], most: int | None = None) -> Today:
        """Return the cards of some decks, `most` cards at most."""
        room = 10**9 if most is None else most
        parts = []
        for part in (self.brought, self.learning, self.reviews, self.new):
            parts.append(tuple([card for card in part if card.deck in decks][:room]))
            room -= len(parts[-1])
        brought, learning, reviews, new = parts
        return Today(learning, reviews, new, brought)

    def counts(self) -> dict[str, Counts]:
        """Return the numbers of waiting cards by deck; `brought` cards count as reviews."""
        new, learning, review = (
            Counter(card.deck for card in part)
            for part in (self.new, self.learning, (*self.brought, *self.reviews))
        )
        return {
            deck: Counts(new[deck], learning[deck], review[deck])
            for deck in {*new, *learning, *review}
        }


def select_today(
    learning: Iterable[Candidate],
    reviews: Iterable[Candidate],
    new: Callable[[str], Iterable[Candidate]],
    *,
    room_for_new: DailyLimits,
    room_for_reviews: DailyLimits,
    answered_notes: Iterable[str] = (),
    most_reviews: int | None = None,
    brought: Iterable[Candidate] = (),
) -> Today:
    """Choose today's cards: all `brought` or learning, then reviews and new ones within limits.

    A new card waits while another card of its note is due, even if that one is beyond the limit. So
    the number chosen of each sort does not depend on the order of the reviews.

    Args:
        learning: Cards in (re)learning, soonest first.
        reviews: Due cards, in the order of asking.
        new: Returns the cards of a deck that were never asked, in the author's order.
        room_for_new: The limits for new cards; decks that are not in it get no cards at all.
        room_for_reviews: The limits for reviews, of the same decks.
        answered_notes: Notes of which a card was answered today; their other cards wait.
        most_reviews: The most due cards in all.
        brought: Cards that the learner asked for today; chosen whatever the limits.
    """
    notes_in_use = set(answered_notes)
    wished = [card for card in brought if card.deck in room_for_new]
    notes_in_use.update(card.note for card in wished)

    keys = {card.key for card in wished}
    learning_cards = [
        card for card in learning if card.deck in room_for_new and card.key not in keys
    ]
    notes_in_use.update(card.note for card in learning_cards)

    due_cards = room_for_reviews.take_each(_one_per_note(reviews, notes_in_use), most_reviews)

    new_cards: list[Candidate] = []
    for deck in room_for_new:
        if allowed := room_for_new.of(deck):
            deck_cards = list(islice(_one_per_note(new(deck), notes_in_use), allowed))
            room_for_new.take(deck, len(deck_cards))
            new_cards += deck_cards
    return Today(tuple(learning_cards), tuple(due_cards), tuple(new_cards), tuple(wished))


def count_today(
    learning: Iterable[Candidate],
    reviews: Iterable[tuple[str, str, int]],
    new: Callable[[str], Iterable[Candidate]],
    *,
    room_for_new: DailyLimits,
    room_for_reviews: DailyLimits,
    counted_new: Mapping[str, int] = MappingProxyType({}),
    answered_notes: Iterable[str] = (),
    brought: Iterable[Candidate] = (),
) -> dict[str, Counts]:
    """Count the cards of each deck that `select_today` would choose, and the new ones held back.

    Decks with none are left out. Where one limit holds for the reviews of several decks, the order
    of the reviews decides in `select_today` which are left out; here those of the last decks are.

    Args:
        learning: As in `select_today`.
        reviews: The number of due cards that are not in `brought`, by deck and note; cards that are
            alone in their note are counted together, under an empty note.
        new: As in `select_today`, in any order.
        room_for_new: As in `select_today`.
        room_for_reviews: As in `select_today`; decks without due cards may be missing.
        counted_new: The number of new cards of decks with one card a note, for which `new` is not
            called.
        answered_notes: As in `select_today`.
        brought: As in `select_today`.
    """
    notes_in_use = set(answered_notes)
    brought_counts: Counter[str] = Counter()
    keys = set()
    for card in brought:
        keys.add(card.key)
        notes_in_use.add(card.note)
        brought_counts[card.deck] += 1
    steps: Counter[str] = Counter()
    for card in learning:
        if card.key not in keys:
            notes_in_use.add(card.note)
            steps[card.deck] += 1
    due: Counter[str] = Counter()
    for deck, note, count in reviews:
        if not note:
            due[deck] += count
        elif note not in notes_in_use:
            notes_in_use.add(note)
            due[deck] += 1
    counts_by_deck = {}
    for deck in room_for_new:
        given = held = asked = 0
        if allowed := room_for_new.of_itself(deck):
            fresh = min(allowed, counted_new.get(deck, 0))
            if deck not in counted_new:
                fresh = sum(1 for _ in islice(_one_per_note(new(deck), notes_in_use), allowed))
            if fresh:
                held = fresh - (given := min(fresh, room_for_new.of(deck)))
                if given:
                    room_for_new.take(deck, given)
        if deck in due:
            asked = min(due[deck], room_for_reviews.of(deck))
            room_for_reviews.take(deck, asked)
        if given or held or asked or deck in steps or deck in brought_counts:
            reviews_of_deck = brought_counts.get(deck, 0) + asked  # not `[]`, slow for zeros
            counts_by_deck[deck] = Counts(given, steps.get(deck, 0), reviews_of_deck, held)
    return counts_by_deck


def _one_per_note(cards: Iterable[Candidate], notes_in_use: set[str]) -> Iterator[Candidate]:
    """Yield the cards whose notes are not in use yet, and add their notes to those."""
    for card in cards:
        if card.note not in notes_in_use:
            notes_in_use.add(card.note)
            yield card


def spread(reviews: Sequence[Candidate], new: Sequence[Candidate]) -> list[Candidate]:
    """Spread new cards evenly among reviews."""
    cards: list[Candidate] = []
    start = 0
    for number, card in enumerate(new):
        # A new card stands in the middle of its share: (number + ½) / len(new) of all reviews
        # come before it.
        end = ((2 * number + 1) * len(reviews) + len(new)) // (2 * len(new))
        cards += reviews[start:end]
        cards.append(card)
        start = end
    return [*cards, *reviews[start:]]


class Queue:
    """The order of one session: `brought`, learning cards at their time, then reviews and new.

    Attributes:
        brought: The keys of the cards that the learner asked for today.
    """

    def __init__(self, today: Today, *, new_last: bool = False) -> None:
        """Put cards in order.

        Args:
            today: The cards.
            new_last: True to ask new cards after all reviews instead of spread among them.
        """
        self._learning = [(card.due_at, card.key) for card in today.learning]
        heapify(self._learning)
        reviews, new = today.reviews, today.new
        waiting = [*reviews, *new] if new_last else spread(reviews, new)
        self._waiting = deque(card.key for card in waiting)
        self._front = 0
        self.brought = frozenset(card.key for card in today.brought)
        for card in reversed(today.brought):
            self.first(card.key)

    def __len__(self) -> int:
        return len(self._learning) + len(self._waiting)

    def __iter__(self) -> Iterator[str]:
        """Yield the keys of the cards, in no order."""
        yield from (key for _, key in self._learning)
        yield from self._waiting

    def take(self, now: int) -> str | None:
        """Remove and return the next card at `now` (UTC ms); None if nothing is left to ask."""
        if self._learning and self._learning[0][0] <= now:
            return heappop(self._learning)[1]
        if self._waiting:
            return self._waiting.popleft()
        if self._learning and self._learning[0][0] <= now + LEARN_AHEAD_MS:
            return heappop(self._learning)[1]
        return None

    def later(self, key: str, due_at: int) -> None:
        """Ask the card again when its step ends, at `due_at` (UTC ms)."""
        heappush(self._learning, (due_at, key))

    def first(self, key: str) -> None:
        """Put the card before all others."""
        self.remove(key)
        self._front -= 1
        heappush(self._learning, (self._front, key))

    def remove(self, key: str) -> None:
        """Remove the card, wherever it stands."""
        self._learning = [entry for entry in self._learning if entry[1] != key]
        heapify(self._learning)
        if key in self._waiting:
            self._waiting.remove(key)

    def rename(self, keys: Mapping[str, str]) -> None:
        """Replace keys of cards by new ones."""
        if keys:
            self._learning = [(due_at, keys.get(key, key)) for due_at, key in self._learning]
            heapify(self._learning)
            self.brought = frozenset(keys.get(key, key) for key in self.brought)
            self._waiting = deque(keys.get(key, key) for key in self._waiting)

    def next_due_at(self) -> int | None:
        """Return the end of the soonest (re)learning step (UTC ms); None if no card is in one."""
        return self._learning[0][0] if self._learning else None
