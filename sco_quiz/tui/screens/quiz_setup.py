"""Before a quiz: which decks, how many questions, how much time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from sco_quiz.errors import SCOQuizError
from sco_quiz.learning.results import Feedback, QuizOptions
from sco_quiz.reports.words import many
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.tui.actions import QUIZ_SETUP, bindings
from sco_quiz.tui.screens.form import Form
from sco_quiz.tui.widgets.bars import KeyBar, TopBar
from sco_quiz.tui.widgets.fields import Entry, FormField, Picker
from sco_quiz.tui.widgets.marks import Marks

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.workspace.workspace import Workspace

NUMBERS = (10, 20, 30, 50, 5)
SECONDS = (None, 10, 20, 30, 60)
MINUTES = (None, 2, 5, 10, 20)
FEEDBACK = (Feedback.ONCE, Feedback.END)


class QuizSetup(Form["Quiz"]):
    """Dismissed with a quiz to take, or None."""

    BINDINGS = bindings(QUIZ_SETUP)
    AUTO_FOCUS = "#decks"

    def __init__(self, workspace: Workspace, likeliest: str = "") -> None:
        """Offer the decks of a workspace.

        Args:
            workspace: Whose they are.
            likeliest: The id of the deck that is marked; empty for none.
        """
        super().__init__()
        self._workspace = workspace
        self._decks = [deck for deck in workspace.agenda.decks() if deck.cards]
        self._likeliest = [at for at, deck in enumerate(self._decks) if deck.id == likeliest]

    def fields(self) -> ComposeResult:
        """One field below the other."""
        decks = [(deck.title, many(deck.cards, "card")) for deck in self._decks]
        yield FormField("decks", Marks("All decks", decks, self._likeliest, id="decks"))
        yield FormField("tag", Entry())
        yield FormField("questions", Picker([str(number) for number in NUMBERS], id="number"))
        yield FormField("for each", Picker(_limits(SECONDS, "seconds"), id="seconds"))
        yield FormField("in all", Picker(_limits(MINUTES, "minutes"), id="minutes"))
        yield FormField("answers", Picker(["told at once", "told at the end"], id="feedback"))
        yield Static(id="remark", markup=False)

    def on_mount(self) -> None:
        """Say what a quiz is."""
        self.query_one(TopBar).show(Content.styled("Quiz", "$foreground"), Content())
        self.query_one("#remark", Static).update(
            Content.styled("A quiz keeps a score and moves no due date.", "$muted")
        )

    @property
    def _marks(self) -> Marks:
        return self.query_one(Marks)

    def on_descendant_focus(self) -> None:
        """Other keys act in another field."""
        at_decks = self._marks.has_focus
        self.query_one(KeyBar).show(
            action if at_decks else action.while_typing()
            for action in QUIZ_SETUP
            if self.check_action(action.name, ())
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Only decks are marked."""
        return action != "mark" or self._marks.has_focus

    def _picked(self, name: str) -> int:
        return self.query_one(f"#{name}", Picker).index

    def action_begin(self) -> None:
        """Draw the questions and begin."""
        decks = [self._decks[place].id for place in sorted(self._marks.marked)]
        minutes = MINUTES[self._picked("minutes")]
        options = QuizOptions(
            number=NUMBERS[self._picked("number")],
            seconds=SECONDS[self._picked("seconds")],
            total_seconds=None if minutes is None else minutes * 60,
            feedback=FEEDBACK[self._picked("feedback")],
        )
        tag = self.query_one(Entry).text.strip() or None
        try:
            quiz: Quiz = begin_quiz(self._workspace, decks, options, tag=tag)
        except SCOQuizError as error:
            self.notify(f"{error.message}\n{error.help}", severity="error", markup=False)
            return
        self.dismiss(quiz)

    def action_mark(self) -> None:
        """Mark the deck under the cursor, or not any more."""
        self._marks.toggle()

    def action_leave(self) -> None:
        """Leave without a quiz."""
        self.dismiss(None)


def _limits(values: tuple[int | None, ...], unit: str) -> list[str]:
    return ["no limit" if value is None else f"{value} {unit}" for value in values]
