"""A card as a study session asks it, with its options in the order shown."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sco_quiz.learning.cards import Card, Kind

if TYPE_CHECKING:
    from sco_quiz.learning.cards import CardState

SHUFFLED = frozenset({Kind.CHOICE, Kind.MULTI, Kind.ORDER})


@dataclass(frozen=True, slots=True)
class Question:
    """A card as it is asked now.

    Attributes:
        card: What is asked; a typed card may be asked as a choice while it is learned.
        original: The card as its deck has it.
        options: For choice and multi what to choose from, for order what to put in order, in the
            order shown; ("true", "false") for true_false; else empty.
        asked_at: UTC ms.
        before: The card's state.
        mistake: The mistake for which the card's file cannot be read now, where it is asked as it
            was last read; else empty.
    """

    card: Card
    original: Card
    options: tuple[str, ...]
    asked_at: int
    before: CardState
    mistake: str = ""


def options_of(card: Card, reps: int) -> tuple[str, ...]:
    """What the learner chooses from or puts in order, shuffled anew for each review."""
    if card.kind is Kind.TRUE_FALSE:
        return ("true", "false")
    if card.kind not in SHUFFLED:
        return ()
    options = [*card.answers, *card.choices]
    shuffle = random.Random(f"{card.key} {reps}").shuffle  # noqa: S311 -- order, not secrecy
    shuffle(options)
    if card.kind is Kind.ORDER and tuple(options) == card.answers:
        options.reverse()
    return tuple(options)
