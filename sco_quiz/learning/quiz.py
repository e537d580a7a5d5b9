"""A quiz: a scored test, a state machine like `StudySession` that any front end drives.

It never asks what is due, and what it writes moves no due date. An answer is in the log before the
quiz moves on; time is told by the journal's clock, and runs only while a question is open.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING, Protocol

from sco_quiz.errors import DeckError
from sco_quiz.learning.checking import Judgement, Verdict, judge, taken_for_right
from sco_quiz.learning.drawing import arranged
from sco_quiz.learning.kinds import Judging
from sco_quiz.learning.posing import QuizQuestion, pose, pose_between
from sco_quiz.learning.queue import Candidate
from sco_quiz.learning.results import Earlier, Feedback, QuizOptions, Result, Score
from sco_quiz.vocabulary import many

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.distractors import Sources
    from sco_quiz.learning.study_day import Moment


class Phase(StrEnum):
    """What a quiz waits for.

    ASKED: `answer`. REVEALED: `report`, whether the learner knew what is now in view. TOLD: `go_on`
    from the verdict in view (only with feedback at once). OVER: nothing; the results are in.
    """

    ASKED = "asked"
    REVEALED = "revealed"
    TOLD = "told"
    OVER = "over"


class QuizJournal(Protocol):
    """What a quiz needs from outside; see `session.Journal`."""

    def now(self) -> Moment:
        """The present."""

    def look(self, keys: Iterable[str]) -> Mapping[str, str] | None:
        """Look around for what changed since the last look; see `session.Journal`."""

    def card(self, key: str) -> Card | None:
        """The card as its deck has it now; None when its deck no longer has it."""

    def successor(self, card: Card) -> Card | None:
        """The card that a vanished one plainly became; see `session.Journal`."""

    def mistake(self, card: Card) -> str:
        """The mistake for which the card's file cannot be read now; empty for none."""

    def rivals(self, card: Card) -> Sequence[str]:
        """Right answers of the category, or else of the deck, the card's own among them."""

    def sources(self, card: Card) -> Sources:
        """Where wrong choices for a card come from."""

    def record(self, results: Sequence[Result], *, finished: bool) -> None:
        """Write answers, and with the last ones that the quiz is finished."""

    def correct(self, result: Result) -> None:
        """Take back the answer that was written last, and write it as this result."""

    def accept(self, card: Card, answer: str) -> None:
        """Have the deck take an answer to a card for right from now on.

        Raises:
            DeckError: Its deck cannot.
        """

    def leave(self) -> None:
        """Note that the quiz was left half-way."""

    def earlier(self) -> Earlier:
        """How earlier quizzes on the same decks went."""

    def bring(self, cards: Sequence[Card]) -> None:
        """Bring cards into today's study."""

    def take_back(self) -> None:
        """Take back what `bring` did."""

    def again(self) -> QuizJournal:
        """The journal of another quiz, on what was missed in this one."""


class Quiz:
    """Questions, one after another, and a score.

    Attributes:
        options: What the learner chose.
        phase: What the quiz waits for.
        question: The one that is open or was just answered; None when the quiz is over.
        judgement: What the checker said of it, or its right answer; None while it is awaited.
        results: One for each question that was answered or whose time was up.
        earlier: How earlier quizzes on the same decks went.
        brought: Whether the missed are in today's study.
        finished: Whether it got to its end; False while it runs, and when it was left half-way.
    """

    def __init__(
        self, journal: QuizJournal, cards: Iterable[Candidate], options: QuizOptions, seed: int
    ) -> None:
        """Ask the first question.

        Args:
            journal: What the quiz needs from outside.
            cards: What to ask, in order; see `drawing.draw`.
            options: What the learner chose.
            seed: Decides how choices are drawn and shuffled.
        """
        self._journal = journal
        self._cards = list(cards)[::-1]
        self._seed = seed
        self._next: Card | None = None
        self._seen = self._elapsed = self._spent = 0
        self.options = options
        self.phase = Phase.OVER
        self.question: QuizQuestion | None = None
        self.judgement: Judgement | None = None
        self.results: list[Result] = []
        self._passed_over = 0
        self.earlier = journal.earlier()
        self.brought = self.finished = False
        self._look_ahead()
        self._advance()

    @property
    def total(self) -> int:
        """Questions in all, answered or not."""
        waits = self.phase in (Phase.ASKED, Phase.REVEALED)
        return len(self.results) + waits + (self._next is not None) + len(self._cards)

    @property
    def place(self) -> int:
        """The number of the question in view, from 1."""
        return len(self.results) + (self.phase in (Phase.ASKED, Phase.REVEALED))

    @property
    def score(self) -> Score:
        """Right answers of those given so far; of a finished quiz, of all its questions."""
        return Score(sum(result.correct for result in self.results), len(self.results))

    @property
    def missed(self) -> list[Result]:
        """Questions that were not answered rightly."""
        return [result for result in self.results if not result.correct]

    @property
    def milliseconds(self) -> int:
        """Time spent on the questions answered so far."""
        return sum(result.milliseconds for result in self.results)

    def left(self) -> int | None:
        """Milliseconds left for the open question; None without a limit, or when none is open."""
        return self._look() if self.phase is Phase.ASKED else None

    def tick(self) -> bool:
        """Look at the clock: a question whose time is up counts as unanswered.

        For front ends to call each second or so.

        Returns:
            Whether the time was up.

        Raises:
            ProgressError: It could not be written; nothing has moved.
        """
        if self.phase is not Phase.ASKED or not self._is_late():
            return False
        self._settle("", late=True)
        return True

    def follow(self) -> bool:
        """Take up what changed meanwhile: cards that were edited, or are gone.

        Returns:
            Whether the question, if one is open, is still about the same card. Of a card that is
            gone no answer is asked, and it does not count; `take_notice` says so.
        """
        question, following = self.question, self._next
        keys = [each.key for each in self._cards]
        keys += [result.question.original.key for result in self.results]
        keys += [card.key for card in (following, question and question.original) if card]
        names = self._journal.look(keys)
        if names is None:
            return True
        if following is not None:
            self._cards.append(Candidate(following.key, following.note, following.deck))
        self._cards = [each._replace(key=names.get(each.key, each.key)) for each in self._cards]
        self._look_ahead()
        self.results = [self._under_its_key_now(result, names) for result in self.results]
        if question is None or self.phase is Phase.TOLD:
            return True
        key = question.original.key
        card = self._journal.card(names.get(key, key)) or self._journal.successor(question.original)
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
            self.phase, self.judgement = Phase.ASKED, None
        return True

    def take_notice(self) -> str:
        """Say, once, how many questions were passed over since this was last asked."""
        count, self._passed_over = self._passed_over, 0
        if not count:
            return ""
        return f"{many(count, 'card is', 'cards are')} in no deck any more."

    @property
    def mistake(self) -> str:
        """The mistake for which the file of the card at hand cannot be read now; or empty."""
        return self._journal.mistake(self.question.original) if self.question else ""

    def answer(self, given: str | Iterable[str] = "") -> Judgement | None:
        """Judge an answer and write it. An empty one leaves the question unanswered.

        Where nothing can be checked the right answer comes into view, and `report` is awaited.
        With feedback at the end, the next question is asked at once.

        Returns:
            None when the card is not asked any more; see `follow`.

        Raises:
            RuntimeError: No question is open.
            ProgressError: The answer could not be written; nothing has moved.
        """
        self._question(Phase.ASKED)
        if not self.follow():
            return None
        question = self._question(Phase.ASKED)
        given = given if isinstance(given, str) else tuple(given)
        late = self._is_late()
        if question.self_reported and not late:
            self.judgement = judge(question.card, given)
            self.phase = Phase.REVEALED
            return self.judgement
        return self._settle(given, late=late)

    def report(self, *, knew: bool) -> None:
        """Take the learner's word for an answer that cannot be checked.

        Raises:
            RuntimeError: No answer was revealed.
            ProgressError: The answer could not be written; nothing has moved.
        """
        self._question(Phase.REVEALED)
        self._settle("", late=False, knew=knew)

    @property
    def disputable(self) -> Result | None:
        """The last result, if the learner was told that a typed answer is not quite right."""
        last = self.results[-1] if self.results else None
        if last is None or last.late or self.options.feedback is Feedback.END:
            return None
        typed = last.question.card.kind.spec.judging in (Judging.TEXT, Judging.ENTRIES)
        return last if typed and last.judgement.is_rejected else None

    def was_right(self) -> str:
        """Take the learner's word that the `disputable` answer is right: it counts as such.

        A card with one answer accepts it from now on, where its deck is the learner's own.

        Returns:
            Why the deck does not accept it, or why it does not count; else empty.

        Raises:
            RuntimeError: There is no such answer.
            ProgressError: It could not be written. Unless it counts, nothing has moved.
        """
        self.follow()
        last = self.disputable
        if last is None:
            raise RuntimeError("no answer was rejected")
        card = self._journal.card(last.question.original.key)
        if card is None:
            return "The card is in no deck any more."
        question = replace(last.question, original=card)
        judgement = taken_for_right(last.judgement)
        right = replace(last, question=question, judgement=judgement, correct=True)
        self._journal.correct(right)
        self.results[-1] = right
        if self.phase is Phase.TOLD:
            self.judgement = judgement
        if isinstance(last.given, str) and len(card.answers) == 1:
            try:
                self._journal.accept(card, last.given)
            except DeckError as error:
                return f"It counts, but {error.message}; {error.help}."
        return ""

    def go_on(self) -> None:
        """Ask the next question after a verdict; the quiz is over when there is none.

        Raises:
            RuntimeError: No verdict is in view.
        """
        self._question(Phase.TOLD)
        self._advance()

    def leave(self) -> None:
        """Leave the quiz. What was answered is kept; half-way, it is marked unfinished.

        Raises:
            ProgressError: That could not be written; the answers are safe.
        """
        if self.results and not self.finished and self.phase is not Phase.OVER:
            self._journal.leave()
        self.phase, self.question, self.judgement = Phase.OVER, None, None

    def retry(self) -> Quiz:
        """A quiz of the missed questions alone.

        Raises:
            RuntimeError: The quiz still runs, or nothing was missed.
        """
        if self.phase is not Phase.OVER or not self.missed:
            raise RuntimeError("what was missed can be retried when the quiz is over")
        seed = self._seed + 1
        missed = self._missed_cards()
        cards = [Candidate(card.key, card.note, card.deck) for card in missed]
        options = replace(self.options, number=len(cards))
        return Quiz(self._journal.again(), arranged(cards, Random(seed)), options, seed)  # noqa: S311

    def bring_missed(self) -> int:
        """Bring the missed into today's study; their memory and due dates stay as they are.

        Returns:
            How many cards that are.

        Raises:
            ProgressError: That could not be written.
        """
        cards = self._missed_cards()
        if cards and not self.brought:
            self._journal.bring(cards)
            self.brought = True
        return len(cards)

    def take_back(self) -> None:
        """Take back `bring_missed`.

        Raises:
            ProgressError: That could not be written.
        """
        if self.brought:
            self._journal.take_back()
            self.brought = False

    def _missed_cards(self) -> list[Card]:
        """The cards of the missed questions, each once: a pair is asked more often."""
        self.follow()
        missed = (result.question.original for result in self.missed)
        return list({card.key: card for card in missed}.values())

    def _under_its_key_now(self, result: Result, names: Mapping[str, str]) -> Result:
        question = result.question
        key = names.get(question.original.key)
        if key is None:
            return result
        original = replace(question.original, key=key)
        return replace(result, question=replace(question, original=original))

    def _question(self, phase: Phase) -> QuizQuestion:
        if self.phase is not phase or self.question is None:
            raise RuntimeError(f"the quiz is {self.phase}, not {phase}")
        return self.question

    def _settle(self, given: str | tuple[str, ...], *, late: bool, knew: bool = False) -> Judgement:
        """Write what became of the open question; when all time is up, of all that are left."""
        question = self._question(self.phase)
        judgement = judge(question.card, given, rivals=self._journal.rivals(question.card))
        right = knew or judgement.verdict in (Verdict.CORRECT, Verdict.CLOSE)
        settled = [Result(question, given, judgement, right and not late, late, self._elapsed)]
        left = self._left_in_all()
        over = late and left is not None and left <= 0
        if over:
            settled += self._unanswered()
        finished = over or self._next is None
        self._journal.record(settled, finished=finished)
        self.finished = finished
        self.results += settled
        self._spent += self._elapsed
        self.judgement, self.phase = judgement, Phase.TOLD
        if over:
            self._cards, self._next = [], None
        if over or self.options.feedback is Feedback.END:
            self._advance()
        return judgement

    def _unanswered(self) -> list[Result]:
        cards = [self._next, *(self._journal.card(each.key) for each in reversed(self._cards))]
        results = []
        for card in cards:
            if card is not None:
                question = self._ask(card)
                results.append(Result(question, "", judge(question.card, ""), False, True, 0))
        return results

    def _advance(self) -> None:
        card = self._next
        self.judgement = self.question = None
        self.phase = Phase.OVER
        if card is not None:
            self.question, self.phase = self._ask(card), Phase.ASKED
            self._seen, self._elapsed = self.question.asked_at, 0
            self._look_ahead()

    def _look_ahead(self) -> None:
        """Find the next card that its deck still has, so that the last answer is known as such."""
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
        """Look at the clock: milliseconds left for the open question; None without a limit.

        A clock that was set back takes nothing from the time that has passed.
        """
        now = self._journal.now().at
        self._elapsed += max(0, now - self._seen)
        self._seen = now
        here, in_all = self.options.seconds, self._left_in_all()
        limits = [] if here is None else [round(here * 1000) - self._elapsed]
        return min(limits if in_all is None else [*limits, in_all], default=None)

    def _left_in_all(self) -> int | None:
        seconds = self.options.total_seconds
        return None if seconds is None else round(seconds * 1000) - self._spent - self._elapsed

    def _is_late(self) -> bool:
        left = self._look()
        return left is not None and left <= 0
