"""What to ask next: today's cards under limits and siblings, and their order within a session."""

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
    """Which cards a session asks, and which come first.

    Attributes:
        DUE: What is due, the most likely recalled first.
        AT_RISK: What is due, the least likely recalled first: for little time.
        AHEAD: Reviews that are not due yet, the soonest first.
        HARDEST: Reviews, due or not, the most difficult first.
    """

    DUE = "due"
    AT_RISK = "at-risk"
    AHEAD = "ahead"
    HARDEST = "hardest"


class Candidate(NamedTuple):
    """A card that may be asked today.

    Attributes:
        key: The card.
        note: Its note; of one note only one card is asked a day.
        deck: Its deck's id.
        due_at: UTC ms at which its (re)learning step ends; 0 for reviews and new cards.
    """

    key: str
    note: str
    deck: str
    due_at: int = 0


class Room:
    """The number of cards that may still be asked today, of each deck and of several together.

    A limit has a name, and holds for all decks whose path names it; so one card taken of a deck
    counts against each limit of its path.
    """

    def __init__(self, paths: Mapping[str, Sequence[str]], left: Mapping[str, int]) -> None:
        """Begin with what is left.

        Args:
            paths: For each deck, in the order in which new cards are given out, the names of the
                limits that hold for it; its own has the deck's id.
            left: How many cards each limit leaves, 0 or less for none; a name that is not here
                stands for no limit.
        """
        self._first = left
        self._left = dict(left)
        self._paths = {
            deck: [name for name in path if name in left] for deck, path in paths.items()
        }

    def __contains__(self, deck: str) -> bool:
        return deck in self._paths

    def __iter__(self) -> Iterator[str]:
        """Go through the decks, in the order in which new cards are given out."""
        return iter(self._paths)

    def copy(self) -> Room:
        """The same, to take from by itself."""
        return Room(self._paths, self._left)

    def limits_of(self, deck: str) -> dict[str, int]:
        """The number of cards that each limit leaves that holds for a deck."""
        return {name: self._left[name] for name in self._paths[deck]}

    def of(self, deck: str) -> int:
        """Return the number of cards of a deck that still fit."""
        return max(0, min((self._left[name] for name in self._paths[deck]), default=10**9))

    def of_itself(self, deck: str) -> int:
        """Return the number of cards of a deck that would fit if only its own limit held."""
        return max(0, self._first.get(deck, 10**9))

    def take(self, deck: str, count: int = 1) -> None:
        """Count cards of a deck against each limit that holds for it."""
        for name in self._paths[deck]:
            self._left[name] -= count


class Counts(NamedTuple):
    """Numbers of waiting cards: new, learning, due.

    Attributes:
        new: Never answered.
        learning: In a (re)learning step.
        review: Due for review.
        held: New cards that the decks' own limits allow today, and a limit above them does not.
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
        """All that wait today."""
        return sum(self.waiting)

    def answers(self, steps: int) -> int:
        """About how many answers they take, where a new card is learned in so many steps."""
        return self.new * max(1, steps) + self.learning + self.review


def sum_of(counts: Iterable[Counts]) -> Counts:
    """All of them together."""
    return Counts(*map(sum, zip(Counts(), *counts, strict=True)))


class Today(NamedTuple):
    """The cards to study today, each part in the order it is to be asked.

    Attributes:
        learning: In a (re)learning step.
        reviews: Due for review.
        new: Never answered.
        brought: What the learner brought into today, due or not: asked before all others.
    """

    learning: tuple[Candidate, ...]
    reviews: tuple[Candidate, ...]
    new: tuple[Candidate, ...]
    brought: tuple[Candidate, ...] = ()

    def of(self, decks: Collection[str], most: int | None = None) -> Today:
        """The part of it in some decks, `most` cards at most."""
        room = 10**9 if most is None else most
        parts = []
        for part in (self.brought, self.learning, self.reviews, self.new):
            parts.append(tuple(islice((card for card in part if card.deck in decks), room)))
            room -= len(parts[-1])
        brought, learning, reviews, new = parts
        return Today(learning, reviews, new, brought)

    def counts(self) -> dict[str, Counts]:
        """What waits, by deck; what was brought counts as a review."""
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
    room_for_new: Room,
    room_for_reviews: Room,
    answered_notes: Iterable[str] = (),
    most_reviews: int | None = None,
    brought: Iterable[Candidate] = (),
) -> Today:
    """Choose today's cards: all brought or learning, then reviews and new ones as far as allowed.

    A new card waits while another one of its note is due, even if that one is beyond the limit:
    so how many of each are chosen does not depend on the order they come in.

    Args:
        learning: Cards in (re)learning, soonest first.
        reviews: Cards due, most worth reviewing first.
        new: Says the cards of a deck that were never asked, in the author's order.
        room_for_new: What may be asked of these; decks that are not here get nothing.
        room_for_reviews: What may be asked of the cards due; of the same decks.
        answered_notes: Notes of which a card was answered today; their other cards wait.
        most_reviews: The most cards that are due to take in all.
        brought: Cards that the learner brought into today: taken whatever else holds.
    """
    taken = set(answered_notes)
    wished = [card for card in brought if card.deck in room_for_new]
    taken.update(card.note for card in wished)

    keys = {card.key for card in wished}
    steps = [card for card in learning if card.deck in room_for_new and card.key not in keys]
    taken.update(card.note for card in steps)

    due: list[Candidate] = []
    for card in _of_others(reviews, taken):
        if len(due) == most_reviews:
            break
        if card.deck in room_for_reviews and room_for_reviews.of(card.deck):
            room_for_reviews.take(card.deck)
            due.append(card)

    first: list[Candidate] = []
    for deck in room_for_new:
        if allowed := room_for_new.of(deck):
            given = list(islice(_of_others(new(deck), taken), allowed))
            room_for_new.take(deck, len(given))
            first += given
    return Today(tuple(steps), tuple(due), tuple(first), tuple(wished))


def count_today(
    learning: Iterable[Candidate],
    reviews: Iterable[tuple[str, str, int]],
    new: Callable[[str], Iterable[Candidate]],
    *,
    room_for_new: Room,
    room_for_reviews: Room,
    counted_new: Mapping[str, int] = MappingProxyType({}),
    answered_notes: Iterable[str] = (),
    brought: Iterable[Candidate] = (),
) -> dict[str, Counts]:
    """Count the cards of each deck that `select_today` would choose, and the new ones held back.

    Decks with none are left out. Where a limit holds for several decks' reviews, which of them give
    way depends on the order of the reviews; here those that come last do.

    Args:
        learning: As there.
        reviews: How many cards are due and were not brought, by deck and note; those that are alone
            in their note are counted together, under an empty one.
        new: As there, in any order.
        room_for_new: As there.
        room_for_reviews: As there.
        counted_new: How many there are in decks with one card a note: `new` is not asked for them.
        answered_notes: As there.
        brought: As there.
    """
    taken = set(answered_notes)
    wished: Counter[str] = Counter()
    keys = set()
    for card in brought:
        keys.add(card.key)
        taken.add(card.note)
        wished[card.deck] += 1
    steps: Counter[str] = Counter()
    for card in learning:
        if card.key not in keys:
            taken.add(card.note)
            steps[card.deck] += 1
    due: Counter[str] = Counter()
    for deck, note, count in reviews:
        if not note:
            due[deck] += count
        elif note not in taken:
            taken.add(note)
            due[deck] += 1
    found = {}
    for deck in room_for_new:
        given = held = asked = 0
        if allowed := room_for_new.of_itself(deck):
            fresh = min(allowed, counted_new.get(deck, 0))
            if deck not in counted_new:
                fresh = sum(1 for _ in islice(_of_others(new(deck), taken), allowed))
            if fresh:
                given = min(fresh, room_for_new.of(deck))
                held = fresh - given
                room_for_new.take(deck, given)
        if deck in due:
            asked = min(due[deck], room_for_reviews.of(deck))
            room_for_reviews.take(deck, asked)
        if given or held or asked or deck in steps or deck in wished:
            found[deck] = Counts(given, steps[deck], wished[deck] + asked, held)
    return found


def _of_others(cards: Iterable[Candidate], taken: set[str]) -> Iterator[Candidate]:
    """The cards whose notes are not taken; with each, its note is."""
    for card in cards:
        if card.note not in taken:
            taken.add(card.note)
            yield card


def spread(reviews: Sequence[Candidate], new: Sequence[Candidate]) -> list[Candidate]:
    """New cards evenly among reviews: neither all at the start nor all at the end."""
    cards: list[Candidate] = []
    start = 0
    for number, card in enumerate(new):
        # The middle of its share of the whole: (number + ½) / len(new) of the reviews come before.
        end = ((2 * number + 1) * len(reviews) + len(new)) // (2 * len(new))
        cards += reviews[start:end]
        cards.append(card)
        start = end
    return [*cards, *reviews[start:]]


class Queue:
    """The order of one session: brought, learning cards at their time, then reviews and new.

    Attributes:
        brought: Keys of the cards that the learner had brought into the day.
    """

    def __init__(self, today: Today, *, new_last: bool = False) -> None:
        """Put cards in order.

        Args:
            today: Which.
            new_last: New cards come after all reviews, rather than spread among them.
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
        """Go through the keys of the cards, in no order."""
        yield from (key for _, key in self._learning)
        yield from self._waiting

    def take(self, now: int) -> str | None:
        """The next card to ask at `now` (UTC ms); None when nothing is left for this session."""
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
        """Forget the card, wherever it stands."""
        self._learning = [entry for entry in self._learning if entry[1] != key]
        heapify(self._learning)
        if key in self._waiting:
            self._waiting.remove(key)

    def rename(self, keys: Mapping[str, str]) -> None:
        """Cards have other keys now: each old one's new one."""
        if keys:
            self._learning = [(due_at, keys.get(key, key)) for due_at, key in self._learning]
            heapify(self._learning)
            self.brought = frozenset(keys.get(key, key) for key in self.brought)
            self._waiting = deque(keys.get(key, key) for key in self._waiting)

    def next_due_at(self) -> int | None:
        """When the soonest (re)learning step ends (UTC ms), if a card is in one."""
        return self._learning[0][0] if self._learning else None
