"""Leeches: cards that are forgotten again and again, and cost more than they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.numbers_and_times import times
from sco_quiz.text import plain

if TYPE_CHECKING:
    from sco_quiz.learning.cards import Card

_LONGEST_PROMPT = 60


def is_leech(lapses: int, threshold: int = 8) -> bool:
    """Return True if the lapse just counted makes a card a leech, for the first time or again.

    That is so at the threshold, and then at every half of it more: 8, 12, 16… Never for 0.
    """
    if threshold <= 0 or lapses < threshold:
        return False
    return (lapses - threshold) % ((threshold + 1) // 2) == 0


class Leech(NamedTuple):
    """A card that the last rating made a leech.

    Attributes:
        card: The card.
        lapses: The number of times it was forgotten while in review.
    """

    card: Card
    lapses: int

    def in_words(self, suspend: str) -> str:
        """Return a sentence for the learner.

        Args:
            suspend: The key or command that suspends a card.
        """
        prompt = " ".join(plain(self.card.prompt).split())
        if len(prompt) > _LONGEST_PROMPT:
            prompt = prompt[: _LONGEST_PROMPT - 1] + "…"
        return (
            f"“{prompt}” was forgotten {times(self.lapses)}:"
            f" reword it, or suspend it with {suspend} when it comes back."
        )
