"""What the columns of a table hold, said by the learner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.screen import Screen

from sco_quiz.authoring.notes import Authoring
from sco_quiz.interchange.delimited import COLUMNS as HELD
from sco_quiz.learning.cards import Kind
from sco_quiz.reports.words import fitted, short
from sco_quiz.tui.actions import COLUMNS, bindings
from sco_quiz.tui.import_sheet import name_of
from sco_quiz.tui.screens.choosing import Choosing
from sco_quiz.tui.widgets.bars import KeyBar, TopBar
from sco_quiz.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sco_quiz.interchange.delimited import Table
    from sco_quiz.workspace.workspace import Workspace

ABOUT = {
    "-": "Nothing that is wanted.",
    "id": "What names the note in its deck.",
    "deck": "The title of the deck that the note goes to.",
    "key": "What names the note in its source.",
    "notetype": "What kind of note it is in Anki.",
    "add reverse": "Anything in it: the note is also asked the other way round.",
}


class Columns(Screen[tuple[str, ...]]):
    """Dismissed with what each column holds."""

    CSS_PATH = "importing.tcss"
    BINDINGS = bindings(COLUMNS)
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]  # noqa: RUF012

    def __init__(self, workspace: Workspace, table: Table) -> None:
        """Show the columns of a table."""
        super().__init__()
        self._table = table
        self._holds = list(table.columns)
        fields = [spec for kind in Kind for spec in Authoring(workspace).fields_of(kind)]
        self._about = {spec.name: spec.about for spec in reversed(fields)} | ABOUT

    def compose(self) -> ComposeResult:
        """A row for each column."""
        yield TopBar()
        yield RowList(self._row)
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin with the first."""
        self.query_one(TopBar).show(Content.styled("Columns", "$foreground"), Content())
        self.query_one(KeyBar).show(COLUMNS)
        self.query_one(RowList).show(len(self._holds))

    def _row(self, index: int, width: int) -> Content:
        edge = "▌ " if index == self.query_one(RowList).cursor else "  "
        name = self._holds[index]
        cells = [row[index] for row in self._table.rows if index < len(row) and row[index].strip()]
        sample = short(" · ".join(short(cell, 40) for cell in cells), max(8, width - 22))
        return Content.assemble(
            (edge, "$primary"),
            (f"{index + 1:>2}  ", "$muted"),
            (fitted(name_of(name), 13), "$muted" if name == "-" else "$primary"),
            "  ",
            sample,
        )

    def on_row_list_chosen(self) -> None:
        """A second click changes."""
        self.action_choose()

    def action_choose(self) -> None:
        """Choose what the column under the cursor holds."""
        if not self._holds:
            return
        index = self.query_one(RowList).cursor

        def chosen(number: int | None) -> None:
            if number is not None:
                self._hold(index, HELD[number])

        names = [f"{name_of(name):<13}{self._about.get(name, '')}".rstrip() for name in HELD]
        now = HELD.index(self._holds[index])
        self.app.push_screen(Choosing(f"Column {index + 1} holds", names, now), chosen)

    def _hold(self, index: int, name: str) -> None:
        """Have a column hold something; another that did is left out."""
        self._holds = ["-" if name == each else each for each in self._holds]
        self._holds[index] = name
        self.query_one(RowList).refresh()

    def action_leave(self) -> None:
        """Back to the import, with all that was said."""
        self.dismiss(tuple(self._holds))
