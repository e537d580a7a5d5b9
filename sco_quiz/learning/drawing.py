"""Drawing the questions of a quiz: evenly from each deck, and no two of a note in a row."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from sco_quiz.learning.queue import Candidate


def draw(cards: Iterable[Candidate], number: int, chance: Random) -> list[Candidate]:
    """Choose cards and put them in order.

    Each deck gives as many as the others, as far as it has them, and no second card of a note
    before one of each.

    Args:
        cards: From which to choose; the order counts for nothing but the drawing itself.
        number: How many; all, when there are fewer.
        chance: Decides; the same seed over the same cards draws the same.
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
    """The cards of a deck as they are drawn from it: one of each note, then the second ones."""
    drawn = chance.sample(notes, min(number, len(notes)))
    for siblings in drawn:
        chance.shuffle(siblings)
    most = max(map(len, drawn), default=0)
    return [siblings[turn] for turn in range(most) for siblings in drawn if turn < len(siblings)]


def arranged(cards: Sequence[Candidate], chance: Random) -> list[Candidate]:
    """The cards shuffled, no two of a note in a row if that can be."""
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
    for card in waiting:  # of one note, all of them
        order.insert(_gap(order, card.note), card)
    return order


def _gap(order: Sequence[Candidate], note: str) -> int:
    """A place where neither neighbour is of the note; the end if there is none."""
    notes = ["", *(card.note for card in order), ""]
    places = (at for at in range(len(order) + 1) if note not in notes[at : at + 2])
    return next(places, len(order))
