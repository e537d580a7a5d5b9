"""How a quiz asks a card: as it stands, or typed or as a choice if then it can be checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sco_quiz.learning.cards import Card, Kind
from sco_quiz.learning.confusions import folded
from sco_quiz.learning.distractors import Sources, wrong_choices
from sco_quiz.learning.session import options_of
from sco_quiz.learning.values import value_of
from sco_quiz.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from sco_quiz.learning.study_day import Moment

SHORT_WORDS, SHORT_CHARACTERS = 3, 30
"""The back of a basic card no longer than this is asked to be typed."""
LEAST_CHOICES = 2
"""Wrong choices without which a basic card is not asked as a choice."""


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """A card as the quiz asks it.

    Attributes:
        card: What is asked; a basic card as typed or choice where its answer can be checked.
        original: The card as its deck has it.
        options: What to choose from or put in order; see `session.Question`.
        asked_at: UTC ms.
    """

    card: Card
    original: Card
    options: tuple[str, ...]
    asked_at: int

    @property
    def self_reported(self) -> bool:
        """Whether nothing can be checked, so that the learner has to say."""
        return self.card.kind is Kind.BASIC


def pose(
    card: Card, sources: Callable[[Card], Sources], chance: Random, now: Moment
) -> QuizQuestion:
    """Ask a card in a quiz.

    Args:
        card: As its deck has it.
        sources: Gives where wrong choices for it come from.
        chance: Decides which, and in which order options stand.
        now: When it is asked.
    """
    asked = card
    year = date.fromordinal(now.day).year
    if card.kind is Kind.CHOICE and not card.choices:
        wrong = wrong_choices(card, sources(card), chance, year)
        asked = replace(card, choices=wrong) if wrong else replace(card, kind=Kind.TYPED)
    elif card.kind is Kind.BASIC:
        wrong = wrong_choices(card, sources(card), chance, year) if card.category else ()
        if len(wrong) >= LEAST_CHOICES:
            asked = replace(card, kind=Kind.CHOICE, choices=wrong)
        elif _can_be_typed(card):
            asked = replace(card, kind=Kind.TYPED)
    return QuizQuestion(asked, card, options_of(asked, chance.getrandbits(32)), now.at)


def pose_between(card: Card, pair: tuple[str, str], now: Moment) -> QuizQuestion:
    """Ask which of two answers is right; they always stand in the same order.

    Args:
        card: As its deck has it, with one of the two as its answer.
        pair: The two answers.
        now: When it is asked.
    """
    right, wrong = pair if folded(card.answers[0]) == folded(pair[0]) else pair[::-1]
    asked = replace(card, kind=Kind.CHOICE, answers=(right,), choices=(wrong,))
    return QuizQuestion(asked, card, pair, now.at)


def _can_be_typed(card: Card) -> bool:
    """Whether a right answer would hardly be put in other words than the author's."""
    text = plain(card.answers[0])
    if value_of(text, card.language) is not None:
        return True
    short = len(text) <= SHORT_CHARACTERS and len(text.split()) <= SHORT_WORDS
    return short and not set(text) & set(",;:\n")
