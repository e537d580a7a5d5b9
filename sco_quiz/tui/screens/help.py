"""Help: what the keys do, from the table of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from sco_quiz.tui.actions import GROUPS
from sco_quiz.tui.screens.page import Page

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sco_quiz.tui.app import SCOQuizApp


class Help(Page[None]):
    """Every action with its keys; the part that holds where the learner is comes first."""

    DEFAULT_CSS = """
    Help {
        .group { text-style: bold; }
        .action { height: auto; padding-left: 2; }
        .keys { width: 18; color: $primary; }
        .help { width: 1fr; }
        .last { margin-bottom: 1; }
        .note { color: $muted; }
    }
    """

    def __init__(self, first: str) -> None:
        """Make the page.

        Args:
            first: The group to begin with, of `actions.GROUPS`.
        """
        super().__init__("Help")
        self._first = first

    def body(self) -> ComposeResult:
        """A group a paragraph, keys and what they do side by side."""
        chosen = cast("SCOQuizApp", self.app).preferences.keys
        with Vertical(id="text"):
            for name in sorted(GROUPS, key=lambda name: name != self._first):
                yield Static(name, classes="group", markup=False)
                for action in GROUPS[name]:
                    keys = action.on(chosen).all_keys
                    last = "last" if action is GROUPS[name][-1] else ""
                    with Horizontal(classes=f"action {last}"):
                        yield Static(keys, classes="keys", markup=False)
                        yield Static(action.help, classes="help", markup=False)
            note = "Arrows and j, k move; the mouse works everywhere."
            yield Static(note, classes="note", markup=False)
