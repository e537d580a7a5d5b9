"""Choosing one of several, from a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sco_quiz.commands.actions import CHOOSING
from sco_quiz.tui.base import Screen
from sco_quiz.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sco_quiz.tui.messages import OpenChoosing


class Choosing(Screen[int]):
    """Dismissed with the index of what was chosen, or None."""

    DEFAULT_CSS = """
    Choosing RowList { margin: 1 2 0 2; }
    """
    ACTIONS = CHOOSING

    def __init__(self, asked: OpenChoosing) -> None:
        """Offer names."""
        super().__init__()
        self._question, self._names, self._now = asked.question, asked.names, asked.now

    def compose(self) -> ComposeResult:
        """A list between the bars."""
        yield self.top_bar
        yield RowList(self._row)
        yield self.key_bar

    def on_mount(self) -> None:
        """Begin with what holds now."""
        self.show_title(self._question)
        self.show_keys()
        self.query_one(RowList).show(len(self._names), cursor=self._now or 0)

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
