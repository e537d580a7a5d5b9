"""Choosing the colours: a narrow list beside the screen that it recolours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from sco_quiz.commands.actions import THEMES as ACTIONS
from sco_quiz.config import THEMES
from sco_quiz.tui.base import Screen
from sco_quiz.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Themes(Screen[None], ModalScreen[None]):
    """A list of all colours; those under the cursor are shown."""

    DEFAULT_CSS = """
    Themes {
        align-horizontal: right;
        #list { width: 28; height: 100%; border-left: vkey $primary; background: $background; }
        #heading { color: $muted; margin: 0 0 1 1; }
        RowList { margin-bottom: 1; }
        KeyBar { padding: 0 1; }
    }
    """
    ACTIONS = ACTIONS

    def __init__(self) -> None:
        """List those in use, then ours, then Textual's."""
        super().__init__()
        self._used = self._workspace.config.theme
        self._names = sorted(THEMES, key=lambda name: name != self._used)
        self._rows = RowList(self._row)

    def compose(self) -> ComposeResult:
        """The list at the right; what is at its left stays in view."""
        self.styles.background = "transparent"
        with Vertical(id="list"):
            yield Static("Colours", id="heading", markup=False)
            yield self._rows
            yield self.key_bar

    def on_mount(self) -> None:
        """Begin with those in use."""
        self.show_keys()
        self._rows.show(len(self._names))
        self._rows.focus()

    def _row(self, index: int, width: int) -> Content:
        edge = "▌" if index == self._rows.cursor else " "
        sign = "✓" if self._names[index] == self._used else ""
        name = Content(self._names[index]).truncate(max(4, width - 3), ellipsis=True)
        gap = " " * max(0, width - 2 - name.cell_length)
        return Content.assemble((edge, "$primary"), name, gap, (sign, "$primary"))

    def on_row_list_row_reached(self) -> None:
        """Show the colours under the cursor."""
        self.app.preferences.show_theme(self._names[self._rows.cursor])

    def on_row_list_row_chosen(self) -> None:
        """A second click takes them."""
        self.action_choose()

    def action_choose(self) -> None:
        """Keep the colours that are shown."""
        self.app.preferences.set("theme", self._names[self._rows.cursor])
        self.dismiss()

    def action_leave(self) -> None:
        """Leave the colours as they were."""
        self.app.preferences.show_theme(self._workspace.config.theme)
        self.dismiss()
