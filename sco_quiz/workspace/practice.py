"""Quizzes on what went wrong: the missed of an earlier quiz, and answers taken for one another."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from random import Random, SystemRandom
from typing import TYPE_CHECKING

from sco_quiz.errors import UsageError
from sco_quiz.learning.drawing import arranged
from sco_quiz.learning.quiz import Quiz
from sco_quiz.learning.results import QuizOptions
from sco_quiz.progress import log
from sco_quiz.workspace import candidates
from sco_quiz.workspace.cards import find_card

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.confusions import Confusion
    from sco_quiz.learning.queue import Candidate
    from sco_quiz.workspace.history import Session
    from sco_quiz.workspace.workspace import Workspace

PAIR_QUESTIONS = 10
"""The most cards of a pair that are asked."""
PAIR_LEAST = 4
"""With fewer cards than this, a pair is asked twice."""


class Practice:
    """What a learner can do about mistakes."""

    def __init__(self, workspace: Workspace) -> None:
        """Work on the mistakes of a workspace."""
        self._workspace = workspace

    def last_quiz(self) -> Session:
        """The quiz taken last, be it a retry.

        Raises:
            UsageError: None was taken yet.
        """
        quizzes = self._workspace.history.sessions(kind="quiz")
        if not quizzes:
            raise UsageError("there is no quiz yet", "`sco-quiz quiz` takes one")
        return quizzes[0]

    def retry(
        self, session: Session, options: QuizOptions | None = None, seed: int | None = None
    ) -> Quiz:
        """A quiz of what was missed in an earlier one.

        Args:
            session: The earlier quiz.
            options: What the learner chose; the number does not count.
            seed: Decides the order and how choices are drawn; by default chance does.

        Raises:
            UsageError: Nothing was missed, or no deck has it any more.
        """
        seed = SystemRandom().getrandbits(32) if seed is None else seed
        cards = arranged(self._missed(session), Random(seed))  # noqa: S311 -- order, not secrecy
        return self._quiz(
            cards, replace(options or QuizOptions(), pair=session.pair), seed, session
        )

    def bring(self, session: Session) -> int:
        """Bring what was missed in a quiz into today's study; undo takes it back in one step.

        Returns:
            How many cards that are.

        Raises:
            UsageError: Nothing was missed, or no deck has it any more.
            ProgressError: That could not be written.
        """
        now, cards = self._workspace.now(), [self._card(each.key) for each in self._missed(session)]
        self._workspace.progress.append(*(log.today(now, card, session.id) for card in cards))
        return len(cards)

    def pair(
        self, confusion: Confusion, options: QuizOptions | None = None, seed: int | None = None
    ) -> Quiz:
        """A quiz that asks of either answer's cards in turn which of the two is right.

        Args:
            confusion: Two answers that were taken for one another.
            options: What the learner chose; the number does not count.
            seed: Decides the order; by default chance does.

        Raises:
            UsageError: No deck has a card with one of them any more.
        """
        seed = SystemRandom().getrandbits(32) if seed is None else seed
        chance = Random(seed)  # noqa: S311 -- order, not secrecy
        sides = [candidates.with_keys(self._workspace.connection, side) for side in confusion.cards]
        count = sum(map(len, sides))
        asked = []
        for _ in range(2 if count < PAIR_LEAST else 1):
            for side in sides:
                chance.shuffle(side)
            for turn in zip_longest(*sides):
                cards = [card for card in turn if card is not None]
                chance.shuffle(cards)
                asked += cards
        options = replace(options or QuizOptions(), pair=confusion.answers)
        return self._quiz(asked[:PAIR_QUESTIONS], options, seed)

    def questions(self, confusion: Confusion) -> tuple[list[Card], list[Card]]:
        """The cards that the first answer is right to, and those of the second, as decks have them.

        No more than a pair asks.
        """
        db = self._workspace.connection
        first, second = (
            [self._card(each.key) for each in candidates.with_keys(db, side)[:PAIR_QUESTIONS]]
            for side in confusion.cards
        )
        return first, second

    def _missed(self, session: Session) -> list[Candidate]:
        answers = self._workspace.history.answers(session.id)
        keys = [each.card for each in answers if not each.correct]
        if not keys:
            raise UsageError("nothing was missed in that quiz", "`sco-quiz quiz` takes another")
        cards = candidates.with_keys(self._workspace.connection, keys)
        if not cards:
            raise UsageError(
                "what was missed is in no deck any more, or suspended",
                "bring the decks back to retry it",
            )
        return cards

    def _quiz(
        self,
        cards: Sequence[Candidate],
        options: QuizOptions,
        seed: int,
        retry_of: Session | None = None,
    ) -> Quiz:
        if not cards:
            raise UsageError("no deck has these cards any more", "bring the decks back")
        workspace = self._workspace
        decks = retry_of.decks if retry_of else {card.deck for card in cards}
        options = replace(options, number=len(cards))
        journal = workspace.quiz_journal(
            {deck: workspace.title(deck) for deck in decks},
            options,
            tag=retry_of.tag if retry_of else None,
            retry_of=retry_of.id if retry_of else None,
        )
        return Quiz(journal, cards, options, seed)

    def _card(self, key: str) -> Card:
        found = find_card(self._workspace.connection, key)
        assert found is not None, key  # noqa: S101 -- it was found a moment ago
        return found.card
