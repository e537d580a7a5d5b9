"""Quiz: question after question, with a score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sco_quiz.commands.actions import QUIZ
from sco_quiz.learning.question import CHANGED
from sco_quiz.learning.quiz import QuizPhase
from sco_quiz.learning.results import Feedback
from sco_quiz.tui.bars import bar
from sco_quiz.tui.question_screen import QuestionScreen
from sco_quiz.tui.widgets.question_view import QuestionView

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from sco_quiz.learning.quiz import Quiz as QuizMachine

TICK_SECONDS = 0.5
SOON_MS = 5_000
"""From here on the time left is shown as a warning."""


class QuizScreen(QuestionScreen):
    """Drives a quiz; dismissed when it is over or left."""

    ACTIONS = QUIZ

    def __init__(self, quiz: QuizMachine) -> None:
        """Take a quiz, a question of it open."""
        super().__init__()
        self.quiz = quiz

    def compose(self) -> ComposeResult:
        """One column between the bars."""
        yield self.top_bar
        yield QuestionView(self._answer)
        yield self.key_bar

    def on_mount(self) -> None:
        """Ask the first question, and watch the time if it is limited."""
        self._ask()
        options = self.quiz.options
        if options.seconds is not None or options.total_seconds is not None:
            self.set_interval(TICK_SECONDS, self._tick)

    def _ask(self) -> None:
        self._moved_on = False
        question = self.quiz.question
        if self.quiz.phase is QuizPhase.OVER or question is None:
            self.dismiss()
            return
        self._view.ask(question.card, question.options, self.quiz.mistake)
        self._show_bars()

    def on_outdated(self) -> None:
        """Follow what changed meanwhile; what was typed stays."""
        self._follow(holding=self._view.holds_text and self.quiz.phase is QuizPhase.ASKED)

    def _follow(self, *, holding: bool) -> None:
        """Take up what changed around the quiz.

        Args:
            holding: Whether to keep a card that is asked no more in view.
        """
        with self.app.telling_errors():
            before = self.quiz.question
            same = self.quiz.follow() and not self._moved_on
            question = self.quiz.question
            if not same or question is None:
                self._moved_on = holding
                if not holding:
                    self._ask()
            elif question is not before:
                self._view.reword(question.card, question.options, self.quiz.mistake)
                self._show_bars()
                if before is not None and question.seen != before.seen:
                    self.tell(CHANGED)
        self._say_notice()

    def _say_notice(self) -> None:
        if notice := self.quiz.take_notice():
            self.tell(notice)

    def _show_bars(self) -> None:
        quiz = self.quiz
        question = quiz.question
        title = self._workspace.catalogue.title(question.card.deck) if question else ""
        left = quiz.left()
        time = Content()
        if left is not None:
            seconds = max(0, -(-left // 1000))
            style = "$warning" if left <= SOON_MS else "$muted"
            time = Content.styled(f"{seconds // 60}:{seconds % 60:02}   ", style)
        told = quiz.options.feedback is Feedback.ONCE
        score = f"{quiz.score.correct} right   " if told and quiz.results else ""
        self.show_title(
            Content.styled(f"Quiz · {title}", "$foreground"),
            time
            + Content(f"{score}{quiz.place} of {quiz.total}  ")
            + bar(len(quiz.results), quiz.total, self._bar_width),
        )
        view = self._view
        labels = {"submit": "Go on", "digit": ""}
        if quiz.phase is QuizPhase.ASKED:
            labels = view.labels()
        elif quiz.phase is QuizPhase.REVEALED:
            labels = {"submit": "", "digit": ""}
        self.show_keys(labels, self._doable())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Allow the actions that make sense at this moment."""
        if action in ("knew", "did_not"):
            return self.quiz.phase is QuizPhase.REVEALED
        if action == "accept":
            return self.quiz.phase is QuizPhase.TOLD and self.quiz.disputable is not None
        if action in ("digit", "true", "false", "take_back"):
            return self.quiz.phase is QuizPhase.ASKED and self._view.allows(action)
        return self._view.allows(action)

    def why_not(self, action: str) -> str:
        """Say what there is instead."""
        match action:
            case "knew" | "did_not":
                return "Only a card that you think about asks whether you knew it."
            case "accept":
                return "There is no answer to accept: only one that was called wrong is."
            case "digit" | "true" | "false" if self.quiz.phase is not QuizPhase.ASKED:
                return f"The answer is given; {self.key_of('quiz.submit')} goes on."
        return super().why_not(action)

    def _answer(self, given: str | tuple[str, ...]) -> None:
        if self._moved_on:
            self._ask()
        elif self.quiz.phase is QuizPhase.ASKED:
            self._step(lambda: self.quiz.answer(given), given)

    def _step(self, step: Callable[[], object], given: str | tuple[str, ...] = "") -> None:
        """Take a step that is written to disk, and show what came of it."""
        question = self.quiz.question
        with self.app.telling_errors():
            step()
        judgement = self.quiz.judgement
        if judgement is None or self.quiz.question is not question:
            self._ask()
        if judgement is not None:
            self._view.show_outcome(given, judgement)
            self._show_bars()
        self._say_notice()

    def _tick(self) -> None:
        """Look at the clock; when the time is up, the question is."""
        if self.quiz.phase is not QuizPhase.ASKED:
            return
        late, place = False, self.quiz.place
        with self.app.telling_errors():
            late = self.quiz.tick()
        if late:
            self.tell(f"Time is up for question {place}.")
            self._step(lambda: None)
        else:
            self._show_bars()

    def action_submit(self) -> None:
        """Answer; or, after the verdict, go on."""
        match self.quiz.phase:
            case QuizPhase.TOLD:
                self._step(self.quiz.go_on)
            case QuizPhase.ASKED:
                self._view.submit()

    def action_knew(self) -> None:
        """Say that the answer was known."""
        self._step(lambda: self.quiz.report(knew=True))

    def action_did_not(self) -> None:
        """Say that the answer was not known."""
        self._step(lambda: self.quiz.report(knew=False))

    def action_accept(self) -> None:
        """Say that a rejected answer was right: it counts, and is accepted from then on."""
        question = self.quiz.question
        if question is None:
            return
        with self.app.telling_errors():
            notice = self.quiz.was_right()
            self._view.ask(question.card, question.options, self.quiz.mistake)
            self._step(lambda: None, self.quiz.results[-1].given)
            if notice:
                self.tell(notice)

    def action_digit(self, digit: int) -> None:
        """Pick an option."""
        self._view.pick(digit)

    def action_leave(self) -> None:
        """Leave; what was answered is kept, and the quiz is marked unfinished."""
        self._step(self.quiz.leave)
