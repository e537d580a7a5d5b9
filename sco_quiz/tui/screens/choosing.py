"""Choosing one of several, from a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from sco_quiz.commands.actions import CHOOSING
from sco_quiz.reports.words import cells
from sco_quiz.tui.base import Screen
from sco_quiz.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sco_quiz.tui.messages import OpenChoosing


class Choosing(Screen[int]):
    """Dismissed with the index of what was chosen, or None."""

    DEFAULT_CSS = """
    Choosing RowList { margin: 1 2 0 2; }
    Choosing #remark { height: auto; margin: 1 2 0 2; padding: 0 2; color: $muted; }
    """
    ACTIONS = CHOOSING

    def __init__(self, asked: OpenChoosing) -> None:
        """Offer names."""
        super().__init__()
        self._question, self._names, self._now = asked.question, asked.names, asked.now
        self._remarks = asked.remarks

    def compose(self) -> ComposeResult:
        """A list between the bars, and what is told of the row under the cursor."""
        yield self.top_bar
        names = RowList(self._row)
        yield names
        if self._remarks:
            names.styles.height = len(self._names)
        yield Static(id="remark", markup=False)
        yield self.key_bar

    def on_mount(self) -> None:
        """Begin with what holds now."""
        self.show_title(self._question)
        self.show_keys()
        self.query_one(RowList).show(len(self._names), cursor=self._now or 0)
        self.on_row_list_row_reached()

    def _row(self, index: int, width: int) -> Content:
        edge = "▌ " if index == self.query_one(RowList).cursor else "  "
        sign = " ✓" if index == self._now else ""
        name = Content(self._names[index]).truncate(max(4, width - 4), ellipsis=True)
        return Content.assemble((edge, "$primary"), name, (sign, "$primary"))

    def on_row_list_row_reached(self) -> None:
        """Tell what stands under the cursor: the whole row too, where it is cut."""
        names = self.query_one(RowList)
        name, told = self._names[names.cursor], ""
        if self._remarks:
            told = self._remarks[names.cursor]
        elif cells(name) > names.scrollable_content_region.width - 4:
            told = ": ".join(filter(None, map(str.strip, name.split("  "))))  # of its columns
        remark = self.query_one("#remark", Static)
        remark.display = bool(told)
        remark.update(Content(told))

    def on_resize(self) -> None:
        """Rows may be cut elsewhere."""
        self.call_after_refresh(self.on_row_list_row_reached)

    def on_row_list_row_chosen(self) -> None:
        """A second click chooses."""
        self.action_choose()

    def action_choose(self) -> None:
        """Choose what is under the cursor."""
        self.dismiss(self.query_one(RowList).cursor)
