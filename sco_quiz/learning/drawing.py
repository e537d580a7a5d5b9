"""Draws the questions of a quiz: evenly from each deck, and no two of a note in a row."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from sco_quiz.learning.card_queue import Candidate


def draw(cards: Iterable[Candidate], number: int, chance: Random) -> list[Candidate]:
    """Choose cards and put them in order.

    Each deck gives as many cards as the others, as far as it has them. A second card of a note is
    only drawn after one card of every note.

    Args:
        cards: The cards to choose from.
        number: The number to draw; all if there are fewer.
        chance: The source of randomness; one seed draws the same from the same cards in one order.
    """
    decks: dict[str, dict[str, list[Candidate]]] = {}
    for card in cards:
        decks.setdefault(card.deck, {}).setdefault(card.note, []).append(card)
    piles = [_pile(list(notes.values()), number, chance) for notes in decks.values()]
    chance.shuffle(piles)
    piles.sort(key=len)
    drawn: list[Candidate] = []
    for place, pile in enumerate(piles):
        drawn += pile[: (number - len(drawn)) // (len(piles) - place)]
    return arranged(drawn, chance)


def _pile(notes: list[list[Candidate]], number: int, chance: Random) -> list[Candidate]:
    """Return the cards of a deck in the order of drawing: one of each note, then second ones."""
    drawn = chance.sample(notes, min(number, len(notes)))
    for siblings in drawn:
        chance.shuffle(siblings)
    most = max(map(len, drawn), default=0)
    return [siblings[turn] for turn in range(most) for siblings in drawn if turn < len(siblings)]


def arranged(cards: Sequence[Candidate], chance: Random) -> list[Candidate]:
    """Return the cards shuffled, with no two of a note in a row if possible."""
    shuffled = list(cards)
    chance.shuffle(shuffled)
    order: list[Candidate] = []
    waiting: deque[Candidate] = deque()
    for card in shuffled:
        if order and order[-1].note == card.note:
            waiting.append(card)
            continue
        order.append(card)
        while waiting and waiting[0].note != order[-1].note:
            order.append(waiting.popleft())
    for card in waiting:  # all are of one note
        order.insert(_gap(order, card.note), card)
    return order


def _gap(order: Sequence[Candidate], note: str) -> int:
    """Return a place where no neighbour is of the note; the end if there is none."""
    notes = ["", *(card.note for card in order), ""]
    places = (place for place in range(len(order) + 1) if note not in notes[place : place + 2])
    return next(places, len(order))
