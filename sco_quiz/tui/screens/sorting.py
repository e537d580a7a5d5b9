"""What to sort cards by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen

from sco_quiz.tui.actions import CHOOSING, bindings
from sco_quiz.tui.widgets.bars import KeyBar, TopBar
from sco_quiz.tui.widgets.row_list import RowList
from sco_quiz.workspace.browsing import COLUMNS

if TYPE_CHECKING:
    from textual.app import ComposeResult

MEANINGS = {
    "prompt": "the text of the prompt",
    "deck": "the decks' own order",
    "kind": "how the card is asked",
    "state": "new, learning, review, relearning",
    "due": "when it comes next",
    "interval": "days from its last review to the next",
    "stability": "days until recall falls to 90 %",
    "difficulty": "how hard it is for you, 1 to 10",
    "recall": "how likely you would recall it today",
    "reviews": "how often it was reviewed",
    "lapses": "how often it was forgotten",
    "last": "when it was last reviewed",
    "added": "when it came",
    "flag": "your flags",
}


class Sorting(Screen[str]):
    """Dismissed with a column, or None."""

    DEFAULT_CSS = """
    Sorting Vertical { padding: 1 2 0 2; }
    """
    BINDINGS = bindings(CHOOSING)
    AUTO_FOCUS = "RowList"

    def __init__(self, order: str) -> None:
        """Offer the columns.

        Args:
            order: The column that sorts now; empty for none.
        """
        super().__init__()
        self._order = order

    def compose(self) -> ComposeResult:
        """A column a line."""
        yield TopBar()
        with Vertical():
            yield RowList(self._row)
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin at the column that sorts now."""
        told = "the same again turns it round" if self._order else ""
        self.query_one(TopBar).show(Content.styled("Sort by", "$foreground"), Content(told))
        self.query_one(KeyBar).show(CHOOSING)
        cursor = COLUMNS.index(self._order) if self._order else 0
        self.query_one(RowList).show(len(COLUMNS), cursor=cursor)

    def _row(self, index: int, width: int) -> Content:
        name = COLUMNS[index]
        edge = "▌ " if index == self.query_one(RowList).cursor else "  "
        now = "●" if name == self._order else " "
        return Content.assemble(
            (edge, "$primary"), (f"{now} ", "$accent"), f"{name:<12}", (MEANINGS[name], "$muted")
        ).truncate(width, ellipsis=True)

    def on_row_list_chosen(self) -> None:
        """A second click chooses."""
        self.action_choose()

    def action_choose(self) -> None:
        """Sort by the column under the cursor."""
        self.dismiss(COLUMNS[self.query_one(RowList).cursor])

    def action_leave(self) -> None:
        """Leave the order as it is."""
        self.dismiss(None)
