"""A quiz: a scored test, as a state machine like `StudySession` that any front end drives.

It does not depend on due dates, and its answers change none. An answer is in the log before the
quiz moves on; time is that of the journal's clock, and runs only while a question is open.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING, Protocol

from sco_quiz.errors import DeckError
from sco_quiz.learning.card_queue import Candidate
from sco_quiz.learning.checking import Judgement, Verdict, judge, taken_for_right
from sco_quiz.learning.drawing import arranged
from sco_quiz.learning.kinds import Judging
from sco_quiz.learning.posing import QuizQuestion, pose, pose_between
from sco_quiz.learning.question import CHANGED
from sco_quiz.learning.results import EarlierScores, Feedback, QuestionResult, QuizOptions, Score
from sco_quiz.numbers_and_times import many

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.distractors import Sources
    from sco_quiz.learning.study_day import Moment


class QuizPhase(StrEnum):
    """The phase of a quiz, and the call that it waits for.

    ASKED: `answer`. REVEALED: `report`, if the learner knew the answer that is now in view. TOLD:
    `go_on`, from the verdict in view (only with feedback at once). OVER: nothing more.
    """

    ASKED = "asked"
    REVEALED = "revealed"
    TOLD = "told"
    OVER = "over"


class QuizJournal(Protocol):
    """The interface of a quiz to the outside; see `session.Journal`."""

    def now(self) -> Moment:
        """Return the present."""

    def look(self, keys: Iterable[str]) -> Mapping[str, str] | None:
        """Look for changes since the last look; see `session.Journal`."""

    def card(self, key: str) -> Card | None:
        """Return the card as its deck has it now; None if its deck no longer has it."""

    def successor(self, card: Card) -> Card | None:
        """Return the card that a vanished one plainly became; see `session.Journal`."""

    def mistake(self, card: Card) -> str:
        """Return the mistake that prevents reading the card's file now; empty for none."""

    def rivals(self, card: Card) -> Sequence[str]:
        """Return right answers of the category, or else of the deck, the card's own included."""

    def sources(self, card: Card) -> Sources:
        """Return the sources of wrong choices for a card."""

    def record(self, results: Sequence[QuestionResult], *, finished: bool) -> None:
        """Write answers; with the last ones, that the quiz is finished."""

    def correct(self, result: QuestionResult) -> None:
        """Take back the last answer written, and write it as this result."""

    def accept(self, card: Card, answer: str) -> None:
        """Add an answer to those that a card's deck accepts.

        Raises:
            DeckError: The deck cannot be changed.
        """

    def leave(self) -> None:
        """Note that the quiz was left half-way."""

    def earlier(self) -> EarlierScores:
        """Return the scores of earlier quizzes on the same decks."""

    def bring(self, cards: Sequence[Card]) -> None:
        """Add cards to today's study."""

    def take_back(self) -> None:
        """Take back the last call of `bring`."""

    def again(self) -> QuizJournal:
        """Return the journal of another quiz, on the missed questions of this one."""


class Quiz:
    """Questions, one after another, and a score.

    Attributes:
        options: The options that the learner chose.
        phase: The present phase.
        question: The question that is open or was just answered; None when the quiz is over.
        judgement: The judgement of the answer, or the right answer revealed; None until then.
        results: A result for each question that was answered or whose time was up.
        earlier: The scores of earlier quizzes on the same decks.
        brought: True if the missed cards were added to today's study.
        finished: True once it got to its end; False while it runs, and if it was left half-way.
    """

    def __init__(
        self, journal: QuizJournal, cards: Iterable[Candidate], options: QuizOptions, seed: int
    ) -> None:
        """Ask the first question.

        Args:
            journal: The interface to the outside.
            cards: The cards to ask, in order; see `drawing.draw`.
            options: The options that the learner chose.
            seed: The seed for drawing and shuffling choices.
        """
        self._journal = journal
        self._cards = list(cards)[::-1]
        self._seed = seed
        self._next: Card | None = None
        self._last_look = self._elapsed = self._spent = 0
        self.options = options
        self.phase = QuizPhase.OVER
        self.question: QuizQuestion | None = None
        self.judgement: Judgement | None = None
        self.results: list[QuestionResult] = []
        self._passed_over = 0
        self._refusal = ""
        self.earlier = journal.earlier()
        self.brought = self.finished = False
        self._look_ahead()
        self._advance()

    @property
    def total(self) -> int:
        """The number of all questions, answered or not."""
        waits = self.phase in (QuizPhase.ASKED, QuizPhase.REVEALED)
        return len(self.results) + waits + (self._next is not None) + len(self._cards)

    @property
    def place(self) -> int:
        """The number of the question in view, from 1."""
        return len(self.results) + (self.phase in (QuizPhase.ASKED, QuizPhase.REVEALED))

    @property
    def score(self) -> Score:
        """The score of the questions answered so far; of all questions once it is finished."""
        return Score(sum(result.correct for result in self.results), len(self.results))

    @property
    def missed(self) -> list[QuestionResult]:
        """The results that do not count as right."""
        return [result for result in self.results if not result.correct]

    @property
    def milliseconds(self) -> int:
        """The time spent on the questions answered so far."""
        return sum(result.milliseconds for result in self.results)

    def left(self) -> int | None:
        """Return the milliseconds left for the open question; None without a limit or question."""
        return self._look() if self.phase is QuizPhase.ASKED else None

    def tick(self) -> bool:
        """Look at the clock: a question whose time is up counts as unanswered.

        Front ends call it about once a second.

        Returns:
            True if the time was up.

        Raises:
            ProgressError: The result could not be written; the quiz is as it was.
        """
        if self.phase is not QuizPhase.ASKED or not self._is_late():
            return False
        self._settle("", late=True)
        return True

    def follow(self) -> bool:
        """Follow changes made meanwhile: cards that were edited or deleted.

        Returns:
            False if the open question's card is gone. Another question is asked then; the card does
            not count, and `take_notice` says so.
        """
        question, next_card = self.question, self._next
        keys = [candidate.key for candidate in self._cards]
        keys += [result.question.original.key for result in self.results]
        keys += [card.key for card in (next_card, question and question.original) if card]
        new_keys = self._journal.look(keys)
        if new_keys is None:
            return True
        if next_card is not None:
            self._cards.append(Candidate(next_card.key, next_card.note, next_card.deck))
        self._cards = [
            candidate._replace(key=new_keys.get(candidate.key, candidate.key))
            for candidate in self._cards
        ]
        self._look_ahead()
        self.results = [self._with_new_key(result, new_keys) for result in self.results]
        if question is None or self.phase is QuizPhase.TOLD:
            return True
        key = question.original.key
        card = self._journal.card(new_keys.get(key, key)) or self._journal.successor(
            question.original
        )
        if card is None:
            self._passed_over += 1
            if self._next is None:
                if self.results:
                    self._journal.record([], finished=True)
                self.finished = True
            self._advance()
            return False
        if card != question.original:
            self.question = replace(self._ask(card), asked_at=question.asked_at)
            self.phase, self.judgement = QuizPhase.ASKED, None
        return True

    def take_notice(self) -> str:
        """Return a sentence, once, on what happened since the last call; mostly empty.

        It is on cards that were passed over, and on a step that was not taken.
        """
        count, refusal = self._passed_over, self._refusal
        self._passed_over, self._refusal = 0, ""
        gone = f"{many(count, 'card is', 'cards are')} in no deck any more." if count else ""
        return " ".join(filter(None, [gone, refusal]))

    def _still_asks(self, phase: QuizPhase) -> bool:
        """Follow changes; return True if the question and the phase are as the learner saw them."""
        seen = self._question(phase).seen
        if not self.follow():
            return False
        if self.phase is not phase or self._question(phase).seen != seen:
            self._refusal = CHANGED
            return False
        return True

    @property
    def mistake(self) -> str:
        """The mistake that prevents reading the present card's file now; empty for none."""
        return self._journal.mistake(self.question.original) if self.question else ""

    def answer(self, given: str | Iterable[str] = "") -> Judgement | None:
        """Judge an answer and write it. An empty one leaves the question unanswered.

        If the answer cannot be checked, the right one is revealed, and the quiz waits for `report`.
        With feedback at the end, the next question is asked at once.

        Returns:
            The judgement; None if the card is not asked any more, or asks something else than what
            the learner has seen; `take_notice` says so.

        Raises:
            RuntimeError: No question is open.
            ProgressError: The answer could not be written; the quiz is as it was.
        """
        if not self._still_asks(QuizPhase.ASKED):
            return None
        question = self._question(QuizPhase.ASKED)
        given = given if isinstance(given, str) else tuple(given)
        late = self._is_late()
        if question.self_reported and not late:
            self.judgement = judge(question.card, given)
            self.phase = QuizPhase.REVEALED
            return self.judgement
        return self._settle(given, late=late)

    def report(self, *, knew: bool) -> bool:
        """Record the learner's own verdict on an answer that cannot be checked.

        Returns:
            False if it was not recorded: the card is gone or was changed, and is asked anew.

        Raises:
            RuntimeError: No answer was revealed.
            ProgressError: The answer could not be written; the quiz is as it was.
        """
        if not self._still_asks(QuizPhase.REVEALED):
            return False
        self._settle("", late=False, knew=knew)
        return True

    @property
    def disputable(self) -> QuestionResult | None:
        """The last result, if a typed answer was not accepted and the learner has seen that."""
        last = self.results[-1] if self.results else None
        if last is None or last.late or self.options.feedback is Feedback.END:
            return None
        typed = last.question.card.kind.spec.judging in (Judging.TEXT, Judging.ENTRIES)
        return last if typed and last.judgement.is_rejected else None

    def was_right(self) -> str:
        """Count the `disputable` answer as right, because the learner says so.

        A card with one answer accepts it from now on, if its deck is the learner's own.

        Returns:
            The reason why the deck does not accept it, or why it does not count; else empty.

        Raises:
            RuntimeError: There is no such answer.
            ProgressError: It could not be written; the result is as it was.
        """
        self.follow()
        last = self.disputable
        if last is None:
            raise RuntimeError("no answer was rejected")
        card = self._journal.card(last.question.original.key)
        if card is None:
            return "The card is in no deck any more."
        if card.prompt != last.question.original.prompt:
            return "The card asks something else by now."
        question = replace(last.question, original=card)
        judgement = taken_for_right(last.judgement)
        right = replace(last, question=question, judgement=judgement, correct=True)
        self._journal.correct(right)
        self.results[-1] = right
        if self.phase is QuizPhase.TOLD:
            self.judgement = judgement
        if isinstance(last.given, str) and len(card.answers) == 1:
            try:
                self._journal.accept(card, last.given)
            except DeckError as error:
                return f"It counts, but {error.message}; {error.help}."
        return ""

    def go_on(self) -> None:
        """Ask the next question after a verdict; without one, the quiz is over.

        Raises:
            RuntimeError: No verdict is in view.
        """
        self._question(QuizPhase.TOLD)
        self._advance()

    def leave(self) -> None:
        """Leave the quiz. Its answers are kept; half-way, it is marked as unfinished.

        Raises:
            ProgressError: The mark could not be written; the answers are safe.
        """
        if self.results and not self.finished and self.phase is not QuizPhase.OVER:
            self._journal.leave()
        self.phase, self.question, self.judgement = QuizPhase.OVER, None, None

    def retry(self) -> Quiz:
        """Return a quiz of the missed questions alone.

        Raises:
            RuntimeError: The quiz still runs, or nothing was missed.
        """
        if self.phase is not QuizPhase.OVER or not self.missed:
            raise RuntimeError("what was missed can be retried when the quiz is over")
        seed = self._seed + 1
        missed = self._missed_cards()
        cards = [Candidate(card.key, card.note, card.deck) for card in missed]
        options = replace(self.options, number=len(cards))
        return Quiz(self._journal.again(), arranged(cards, Random(seed)), options, seed)  # noqa: S311

    def bring_missed(self) -> int:
        """Add the missed cards to today's study; their memory and due dates stay as they are.

        Returns:
            The number of cards.

        Raises:
            ProgressError: They could not be written.
        """
        cards = self._missed_cards()
        if cards and not self.brought:
            self._journal.bring(cards)
            self.brought = True
        return len(cards)

    def take_back(self) -> None:
        """Take back `bring_missed`.

        Raises:
            ProgressError: The undo could not be written.
        """
        if self.brought:
            self._journal.take_back()
            self.brought = False

    def _missed_cards(self) -> list[Card]:
        """Return the cards of the missed questions, each once: a pair is asked several times."""
        self.follow()
        missed = (result.question.original for result in self.missed)
        return list({card.key: card for card in missed}.values())

    def _with_new_key(self, result: QuestionResult, new_keys: Mapping[str, str]) -> QuestionResult:
        question = result.question
        key = new_keys.get(question.original.key)
        if key is None:
            return result
        original = question.original._replace(key=key)
        return replace(result, question=replace(question, original=original))

    def _question(self, phase: QuizPhase) -> QuizQuestion:
        if self.phase is not phase or self.question is None:
            raise RuntimeError(f"the quiz is {self.phase}, not {phase}")
        return self.question

    def _settle(self, given: str | tuple[str, ...], *, late: bool, knew: bool = False) -> Judgement:
        """Write the result of the open question; when all time is up, also those of the rest."""
        question = self._question(self.phase)
        judgement = judge(question.card, given, rivals=self._journal.rivals(question.card))
        right = knew or judgement.verdict in (Verdict.CORRECT, Verdict.CLOSE)
        new_results = [
            QuestionResult(question, given, judgement, right and not late, late, self._elapsed)
        ]
        milliseconds_left = self._left_in_all()
        is_over = late and milliseconds_left is not None and milliseconds_left <= 0
        if is_over:
            new_results += self._unanswered()
        finished = is_over or self._next is None
        self._journal.record(new_results, finished=finished)
        self.finished = finished
        self.results += new_results
        self._spent += self._elapsed
        self.judgement, self.phase = judgement, QuizPhase.TOLD
        if is_over:
            self._cards, self._next = [], None
        if is_over or self.options.feedback is Feedback.END:
            self._advance()
        return judgement

    def _unanswered(self) -> list[QuestionResult]:
        cards = [
            self._next,
            *(self._journal.card(candidate.key) for candidate in reversed(self._cards)),
        ]
        results = []
        for card in cards:
            if card is not None:
                question = self._ask(card)
                results.append(
                    QuestionResult(question, "", judge(question.card, ""), False, True, 0)
                )
        return results

    def _advance(self) -> None:
        card = self._next
        self.judgement = self.question = None
        self.phase = QuizPhase.OVER
        if card is not None:
            self.question, self.phase = self._ask(card), QuizPhase.ASKED
            self._last_look, self._elapsed = self.question.asked_at, 0
            self._look_ahead()

    def _look_ahead(self) -> None:
        """Find the next card that still exists, so that the last question is known as such."""
        self._next = None
        while self._cards and self._next is None:
            self._next = self._journal.card(self._cards.pop().key)
            self._passed_over += self._next is None

    def _ask(self, card: Card) -> QuizQuestion:
        if self.options.pair:
            return pose_between(card, self.options.pair, self._journal.now())
        chance = Random(f"{self._seed} {card.key}")  # noqa: S311 -- order, not secrecy
        return pose(card, self._journal.sources, chance, self._journal.now())

    def _look(self) -> int | None:
        """Look at the clock; return milliseconds left for the open question; None without a limit.

        When the clock is set back, the time that has passed stays as it was.
        """
        now = self._journal.now().at
        self._elapsed += max(0, now - self._last_look)
        self._last_look = now
        seconds, in_all = self.options.seconds, self._left_in_all()
        limits = [] if seconds is None else [round(seconds * 1000) - self._elapsed]
        return min(limits if in_all is None else [*limits, in_all], default=None)

    def _left_in_all(self) -> int | None:
        seconds = self.options.total_seconds
        return None if seconds is None else round(seconds * 1000) - self._spent - self._elapsed

    def _is_late(self) -> bool:
        left = self._look()
        return left is not None and left <= 0
