"""Poses cards as another kind: in a quiz, or while a typed card is learned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TYPE_CHECKING

from sco_quiz.learning.cards import Card, CardState, State
from sco_quiz.learning.confusions import folded
from sco_quiz.learning.distractors import MOST, Sources, wrong_choices
from sco_quiz.learning.kinds import AsChoice, Judging, Kind
from sco_quiz.learning.question import as_seen, options_of
from sco_quiz.learning.values import value_of
from sco_quiz.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from sco_quiz.learning.study_day import Moment

SHORT_WORDS, SHORT_CHARACTERS = 3, 30
"""The most words and characters of a basic card's back that is to be typed in a quiz."""
LEAST_CHOICES = 2
"""The least wrong choices; with fewer, a card is typed instead, or rated by the learner."""


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """A card as the quiz asks it.

    Attributes:
        card: The card as asked; a basic card as typed or choice if its answer can be checked.
        original: The card as its deck has it.
        options: The options to choose from or put in order; see `session.Question`.
        asked_at: The time when it was asked, in UTC milliseconds.
    """

    card: Card
    original: Card
    options: tuple[str, ...]
    asked_at: int

    @property
    def seen(self) -> tuple[object, ...]:
        """All that an answer depends on; see `as_seen`."""
        return as_seen(self.card, self.options)

    @property
    def self_reported(self) -> bool:
        """True if the answer cannot be checked, so that the learner has to say if it was right."""
        return self.card.kind.spec.judging is Judging.OWN


def pose(
    card: Card, sources: Callable[[Card], Sources], chance: Random, now: Moment
) -> QuizQuestion:
    """Make the question for a card in a quiz.

    Args:
        card: The card as its deck has it.
        sources: Returns the sources of wrong choices for a card.
        chance: The source of randomness for wrong choices and the order of options.
        now: The moment when it is asked.
    """
    asked = card
    year = date.fromordinal(now.day).year
    if card.kind is Kind.CHOICE and not card.choices:
        wrong = wrong_choices(card, sources(card), chance, year)
        if len(wrong) >= LEAST_CHOICES:
            asked = card._replace(choices=wrong)
        else:
            asked = card._replace(kind=Kind.TYPED if _can_be_typed(card) else Kind.BASIC)
    elif card.kind.spec.as_choice is AsChoice.IN_QUIZZES:
        wrong = wrong_choices(card, sources(card), chance, year) if card.category else ()
        if len(wrong) >= LEAST_CHOICES:
            asked = card._replace(kind=Kind.CHOICE, choices=wrong)
        elif _can_be_typed(card):
            asked = card._replace(kind=Kind.TYPED)
    return QuizQuestion(asked, card, options_of(asked, chance.getrandbits(32)), now.at)


def pose_between(card: Card, pair: tuple[str, str], now: Moment) -> QuizQuestion:
    """Make a question with two answers to choose from, always in the same order.

    Args:
        card: The card as its deck has it, with one of the two as its answer.
        pair: The two answers.
        now: The moment when it is asked.
    """
    right, wrong = pair if folded(card.answers[0]) == folded(pair[0]) else pair[::-1]
    asked = card._replace(kind=Kind.CHOICE, answers=(right,), choices=(wrong,))
    return QuizQuestion(asked, card, pair, now.at)


def as_recognised(
    card: Card, before: CardState, sources: Callable[[Card], Sources], now: Moment
) -> Card:
    """Return a typed card as a choice while it is learned: recognised first, recalled from then on.

    The same card in the same state gets the same choices, after an undo or a restart too, as long
    as the decks are the same.

    Args:
        card: The card as its deck has it.
        before: Its state.
        sources: Returns the sources of wrong choices, used if the card has too few of its own.
        now: The moment when it is asked.

    Returns:
        The card unchanged if it is not typed, is not new or in learning, or has too few wrong
        choices, its own and those of its category.
    """
    learned = before.state not in (State.NEW, State.LEARNING)
    recognised = card.kind.spec.as_choice is AsChoice.WHILE_LEARNED and not learned
    if not recognised or not (card.choices or card.category):
        return card
    chance = Random(f"ramp {card.key} {before.reps}")  # noqa: S311 -- a choice, not secrecy
    wrong = tuple(chance.sample(card.choices, min(MOST, len(card.choices))))
    if len(wrong) < LEAST_CHOICES and card.category:
        year = date.fromordinal(now.day).year
        more_wrong = wrong_choices(card, sources(card), chance, year)
        wrong = tuple(dict.fromkeys((*wrong, *more_wrong)))[:MOST]
    return card._replace(kind=Kind.CHOICE, choices=wrong) if len(wrong) >= LEAST_CHOICES else card


def _can_be_typed(card: Card) -> bool:
    """Return True if hardly anybody would put a right answer in other words."""
    text = plain(card.answers[0])
    if value_of(text, card.language) is not None:
        return True
    short = len(text) <= SHORT_CHARACTERS and len(text.split()) <= SHORT_WORDS
    return short and not set(text) & set(",;:\n")
