"""Choosing one of several, from a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.screen import Screen

from sco_quiz.tui.actions import CHOOSING, bindings
from sco_quiz.tui.widgets.bars import KeyBar, TopBar
from sco_quiz.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult


class Choosing(Screen[int]):
    """Dismissed with the index of what was chosen, or None."""

    DEFAULT_CSS = """
    Choosing RowList { margin: 1 2 0 2; }
    """
    BINDINGS = bindings(CHOOSING)

    def __init__(self, question: str, names: Sequence[str], now: int = 0) -> None:
        """Offer names.

        Args:
            question: What is to be chosen.
            names: Clean, each on one line.
            now: The index of what holds now.
        """
        super().__init__()
        self._question = question
        self._names = names
        self._now = now

    def compose(self) -> ComposeResult:
        """A list between the bars."""
        yield TopBar()
        yield RowList(self._row)
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin with what holds now."""
        self.query_one(TopBar).show(Content.styled(self._question, "$foreground"), Content())
        self.query_one(KeyBar).show(CHOOSING)
        self.query_one(RowList).show(len(self._names), cursor=self._now)

    def _row(self, index: int, width: int) -> Content:
        edge = "▌ " if index == self.query_one(RowList).cursor else "  "
        sign = " ✓" if index == self._now else ""
        name = Content(self._names[index]).truncate(max(4, width - 4), ellipsis=True)
        return Content.assemble((edge, "$primary"), name, (sign, "$primary"))

    def on_row_list_chosen(self) -> None:
        """A second click chooses."""
        self.action_choose()

    def action_choose(self) -> None:
        """Take what is under the cursor."""
        self.dismiss(self.query_one(RowList).cursor)

    def action_leave(self) -> None:
        """Leave it as it was."""
        self.dismiss(None)
