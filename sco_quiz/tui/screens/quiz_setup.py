"""Before a quiz: which decks, how many questions, how much time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from sco_quiz.errors import SCOQuizError
from sco_quiz.learning.results import Feedback, QuizOptions
from sco_quiz.tui.actions import QUIZ_SETUP, bindings
from sco_quiz.tui.widgets.bars import KeyBar, TopBar
from sco_quiz.tui.widgets.fields import Entry, FormField, Picker

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.workspace import DeckSummary, Workspace

NUMBERS = (10, 20, 30, 50, 5)
SECONDS = (None, 10, 20, 30, 60)
MINUTES = (None, 2, 5, 10, 20)
FEEDBACK = (Feedback.ONCE, Feedback.END)


class QuizSetup(Screen["Quiz"]):
    """Dismissed with a quiz to take, or None."""

    CSS_PATH = "note_form.tcss"
    BINDINGS = bindings(QUIZ_SETUP)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-normal")]  # noqa: RUF012
    AUTO_FOCUS = "#deck"

    def __init__(self, workspace: Workspace, likeliest: str = "") -> None:
        """Offer the decks of a workspace, the likeliest first."""
        super().__init__()
        self._workspace = workspace
        decks: list[DeckSummary | None] = [deck for deck in workspace.decks() if deck.cards]
        decks.sort(key=lambda deck: deck is not None and deck.id != likeliest)
        self._decks = [*decks[:1], None, *decks[1:]] if likeliest else [None, *decks]

    def compose(self) -> ComposeResult:
        """One field below the other."""
        titles = [deck.title if deck else "All decks" for deck in self._decks]
        yield TopBar()
        with Container(id="both"), VerticalScroll(id="form", can_focus=False):
            yield FormField("deck", Picker(titles, id="deck"))
            yield FormField("tag", Entry())
            yield FormField("questions", Picker([str(number) for number in NUMBERS], id="number"))
            yield FormField("for each", Picker(_limits(SECONDS, "seconds"), id="seconds"))
            yield FormField("in all", Picker(_limits(MINUTES, "minutes"), id="minutes"))
            yield FormField("answers", Picker(["told at once", "told at the end"], id="feedback"))
            yield Static(id="remark", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Say what a quiz is."""
        self.query_one(TopBar).show(Content.styled("Quiz", "$foreground"), Content())
        self.query_one(KeyBar).show(action.while_typing() for action in QUIZ_SETUP)
        self.query_one("#remark", Static).update(
            Content.styled(
                "A quiz asks any card and keeps a score; it moves no due date.", "$muted"
            )
        )

    def _picked(self, name: str) -> int:
        return self.query_one(f"#{name}", Picker).index

    def action_begin(self) -> None:
        """Draw the questions and begin."""
        deck = self._decks[self._picked("deck")]
        minutes = MINUTES[self._picked("minutes")]
        options = QuizOptions(
            number=NUMBERS[self._picked("number")],
            seconds=SECONDS[self._picked("seconds")],
            total_seconds=None if minutes is None else minutes * 60,
            feedback=FEEDBACK[self._picked("feedback")],
        )
        tag = self.query_one(Entry).text.strip() or None
        try:
            quiz: Quiz = self._workspace.quiz([deck.id] if deck else [], options, tag=tag)
        except SCOQuizError as error:
            self.notify(f"{error.message}\n{error.help}", severity="error", markup=False)
            return
        self.dismiss(quiz)

    def action_leave(self) -> None:
        """Leave without a quiz."""
        self.dismiss(None)


def _limits(values: tuple[int | None, ...], unit: str) -> list[str]:
    return ["no limit" if value is None else f"{value} {unit}" for value in values]
