"""Quizzes: of any cards, of what was missed, of answers taken for one another; and their log."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import zip_longest
from random import Random, SystemRandom
from typing import TYPE_CHECKING

from sco_quiz import debug
from sco_quiz.authoring.notes import Authoring
from sco_quiz.errors import UsageError
from sco_quiz.insight.history import SessionHistory
from sco_quiz.learning.drawing import arranged, draw
from sco_quiz.learning.quiz import Quiz
from sco_quiz.learning.results import EarlierScores, QuizOptions, Score
from sco_quiz.progress import log
from sco_quiz.studying.sessions import SessionJournal
from sco_quiz.workspace import candidates
from sco_quiz.workspace.cards import find_card

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.insight.history import Session
    from sco_quiz.learning.card_queue import Candidate
    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.confusions import Confusion
    from sco_quiz.learning.results import QuestionResult
    from sco_quiz.learning.study_day import Moment
    from sco_quiz.workspace.workspace import Workspace

PAIR_QUESTIONS = 10
"""The most cards of a pair that are asked."""
PAIR_LEAST = 4
"""With fewer cards than this, a pair is asked twice."""


_EARLIER = """
SELECT correct, asked FROM session JOIN event ON event.session = session.id
WHERE session.kind = 'quiz' AND finished AND whole AND decks = ? AND tag IS ?
  AND event.card IS NULL AND event.kind = 'session-start'
ORDER BY stamp, device, seq"""


def begin_quiz(
    workspace: Workspace,
    decks: Sequence[str] = (),
    options: QuizOptions | None = None,
    *,
    tag: str | None = None,
    seed: int | None = None,
) -> Quiz:
    """Begin a quiz over all cards, due or not, but those set aside; it moves no due date.

    Args:
        workspace: Whose cards, and where the answers go.
        decks: Only these, as far as they are there; none means all.
        options: What the learner chose; of more questions than there are cards it takes all.
        tag: Only notes with this tag.
        seed: Decides what is drawn; by default chance does.

    Raises:
        UsageError: There is nothing to ask.
    """
    options = options or QuizOptions()
    seed = SystemRandom().getrandbits(32) if seed is None else seed
    used = [deck for deck in workspace.catalogue.decks if deck in decks or not decks]
    cards = candidates.every_card(workspace.progress.connection, used, tag)
    drawn = draw(cards, options.number, Random(seed))  # noqa: S311 -- a game, not secrecy
    if not drawn:
        raise UsageError(
            f"there is no card to ask{f' with the tag {tag!r}' if tag else ''}",
            "choose other decks or another tag; suspended cards are not asked",
        )
    return Quiz(QuizLogJournal(workspace, used, options, tag), drawn, options, seed)


class QuizLogJournal(SessionJournal):
    """The journal of one quiz; see `learning.quiz.QuizJournal`."""

    def __init__(
        self,
        workspace: Workspace,
        decks: Sequence[str],
        options: QuizOptions,
        tag: str | None = None,
        retry_of: str | None = None,
    ) -> None:
        """Begin a quiz that the log knows of once there is an answer.

        Args:
            workspace: Whose cards, and where the answers go.
            decks: The ids of the decks it is on.
            options: What the learner chose.
            tag: The tag that its notes have to have.
            retry_of: The quiz whose missed questions it asks again.
        """
        quiz: dict[str, object] = {
            "number": options.number,
            "seconds": options.seconds,
            "total_seconds": options.total_seconds,
            "feedback": str(options.feedback),
            "tag": tag,
            "retry_of": retry_of,
        }
        if options.pair:
            quiz["pair"] = list(options.pair)
        titles = {deck: workspace.catalogue.title(deck) for deck in sorted(decks)}
        super().__init__(workspace, log.SessionKind.QUIZ, titles, quiz)
        self._chosen = options
        self._tag = tag
        self._brought: list[log.Event] = []
        self._answered: log.Event | None = None

    def record(self, results: Sequence[QuestionResult], *, finished: bool) -> None:
        """Write answers; the first bring the quiz's start with them, the last its end."""
        now = self.now()
        drafts = [self._answer(result, now) for result in results]
        if finished:
            debug.note("the quiz is finished")
            drafts.append(log.session_end(now, self._session))
        for event in self._append(*drafts):
            if event.kind == log.EventKind.ANSWER:
                self._answered = event

    def correct(self, result: QuestionResult) -> None:
        """Take back the answer that was written last, and write it as this result."""
        assert self._answered is not None  # noqa: S101 -- the quiz knows of an answer
        now = self.now()
        *_, self._answered = self._append(log.undo(now, self._answered), self._answer(result, now))

    def accept(self, card: Card, answer: str) -> None:
        """Have the deck take an answer to a card for right from now on."""
        Authoring(self._workspace).accept(card, answer, self._session)

    def _answer(self, result: QuestionResult, now: Moment) -> log.EventDraft:
        return log.answer(
            now,
            result.question.original,
            session=self._session,
            correct=result.correct,
            answer=result.given,
            verdict=result.judgement.verdict,
            milliseconds=result.milliseconds,
            asked=result.question.card.kind,
            late=result.late,
        )

    def leave(self) -> None:
        """Note that the quiz was left half-way."""
        debug.note("the quiz is left")
        self._append(log.session_end(self.now(), self._session, finished=False))

    def earlier(self) -> EarlierScores:
        """The results of earlier finished quizzes on the same decks and tag.

        Retries and pairs do not count.
        """
        decks = json.dumps(list(self._decks), ensure_ascii=False, separators=(",", ":"))
        scores = [Score(*row) for row in self._progress.query(_EARLIER, (decks, self._tag))]
        if not scores:
            return EarlierScores()
        return EarlierScores(max(scores, key=lambda score: (score.share, score.of)), scores[-1])

    def bring(self, cards: Sequence[Card]) -> None:
        """Bring cards into today's study, in one step."""
        now = self.now()
        self._brought = self._progress.append(
            *(log.today(now, card, self._session) for card in cards)
        )

    def take_back(self) -> None:
        """Take back what `bring` did."""
        if self._brought:
            self._progress.take_back(self._brought[-1], self.now())
            self._brought = []

    def again(self) -> QuizLogJournal:
        """The journal of another quiz, on what was missed in this one."""
        return QuizLogJournal(
            self._workspace, list(self._decks), self._chosen, self._tag, self._session
        )


class Practice:
    """The actions a learner can take about mistakes."""

    def __init__(self, workspace: Workspace) -> None:
        """Work on the mistakes of a workspace."""
        self._workspace = workspace

    def last_quiz(self) -> Session:
        """The quiz taken last, be it a retry.

        Raises:
            UsageError: None was taken yet.
        """
        quizzes = SessionHistory(self._workspace).sessions(kind="quiz")
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
        sides = [
            candidates.with_keys(self._workspace.progress.connection, side)
            for side in confusion.cards
        ]
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
        db = self._workspace.progress.connection
        first, second = (
            [self._card(each.key) for each in candidates.with_keys(db, side)[:PAIR_QUESTIONS]]
            for side in confusion.cards
        )
        return first, second

    def _missed(self, session: Session) -> list[Candidate]:
        answers = SessionHistory(self._workspace).answers(session.id)
        keys = [each.card for each in answers if not each.correct]
        if not keys:
            raise UsageError("nothing was missed in that quiz", "`sco-quiz quiz` takes another")
        cards = candidates.with_keys(self._workspace.progress.connection, keys)
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
        journal = QuizLogJournal(
            workspace,
            list(decks),
            options,
            tag=retry_of.tag if retry_of else None,
            retry_of=retry_of.id if retry_of else None,
        )
        return Quiz(journal, cards, options, seed)

    def _card(self, key: str) -> Card:
        found = find_card(self._workspace.progress.connection, key)
        assert found is not None, key  # noqa: S101 -- it was found a moment ago
        return found.card
