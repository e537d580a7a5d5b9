"""A confused pair: both answers side by side, and what each is the answer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from sco_quiz.errors import SCOQuizError
from sco_quiz.reports.words import many, short
from sco_quiz.studying.quizzes import Practice
from sco_quiz.tui.actions import PAIR, bindings
from sco_quiz.tui.markup import inline
from sco_quiz.tui.widgets.bars import KeyBar, TopBar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.confusions import Confusion
    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.workspace.workspace import Workspace


class Pair(Screen["Quiz"]):
    """Dismissed with a quiz of the pair, or None."""

    CSS_PATH = "pair.tcss"
    BINDINGS = bindings(PAIR)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (76, "-normal")]  # noqa: RUF012
    AUTO_FOCUS = "#both"

    def __init__(self, workspace: Workspace, confusion: Confusion) -> None:
        """Show a pair."""
        super().__init__()
        self._workspace = workspace
        self._confusion = confusion
        self._cards = Practice(workspace).questions(confusion)

    def compose(self) -> ComposeResult:
        """Two columns between the bars."""
        yield TopBar()
        yield Static(self._told(), id="told", markup=False)
        with VerticalScroll(id="both"), Container(id="columns"):
            sides = zip(self._confusion.answers, self._cards, ("first", "second"), strict=True)
            for answer, cards, name in sides:
                with Vertical(classes=f"side {name}"):
                    yield Static(self._side(answer, cards), markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Name the pair."""
        names = " or ".join(short(answer, 30) for answer in self._confusion.answers)
        self.query_one(TopBar).show(Content.styled(f"{names}?", "$foreground"), Content())
        self.query_one(KeyBar).show(PAIR)

    def _told(self) -> Content:
        first, second = (short(answer, 40) for answer in self._confusion.answers)
        times, back = self._confusion.times
        told = f"You said {first} for {second} {many(times, 'time')}"
        if back:
            told += f", and {second} for {first} {many(back, 'time')}"
        return Content.styled(f"{told}.", "$muted")

    def _side(self, answer: str, cards: Sequence[Card]) -> Content:
        lines = [inline(answer, "bold $primary")]
        if not cards:
            lines += [Content(), Content.styled("No card of yours asks for it.", "$muted")]
        for card in cards:
            lines += [Content(), inline(card.prompt)]
            if card.explain:
                lines.append(inline(card.explain, "$muted"))
        return Content("\n").join(lines)

    def action_begin(self) -> None:
        """Ask which of the two is right, in turn."""
        try:
            quiz: Quiz = Practice(self._workspace).pair(self._confusion)
        except SCOQuizError as error:
            self.notify(f"{error.message}\n{error.help}", severity="error", markup=False)
            return
        self.dismiss(quiz)

    def action_leave(self) -> None:
        """Back to the history."""
        self.dismiss(None)
