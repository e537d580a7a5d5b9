"""The line in which a search is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message
from textual.widgets import Input

from sco_quiz.learning.search import LONGEST
from sco_quiz.text import clean

if TYPE_CHECKING:
    from textual import events

LEAVING = ("enter", "escape", "down", "tab")


class SearchLine(Input):
    """An input without a frame; Enter, Escape, Tab and the arrow down leave it.

    Keys that were typed ahead of its leaving are the screen's, not its own.
    """

    DEFAULT_CSS = """
    SearchLine {
        width: 1fr;
        height: 1;
        border: none;
        padding: 0;
        background: transparent;
        &:focus { border: none; background-tint: transparent; }
        & > .input--placeholder { color: $muted; }
    }
    """

    class Left(Message):
        """The learner is done typing."""

    def __init__(self) -> None:
        super().__init__(
            id="search",
            select_on_focus=False,
            compact=True,
            placeholder="search: words, tag:…, is:…",
        )
        self._open = False

    def on_focus(self) -> None:
        """Take keys."""
        self._open = True

    def on_key(self, event: events.Key) -> None:
        """Leave by a key, at once; leave to the screen what comes after."""
        if not self._open:
            event.prevent_default()
        elif event.key in LEAVING:
            self._open = False
            self.post_message(self.Left())
            event.stop()
            event.prevent_default()

    def validate_value(self, value: str) -> str:
        """Show what is hidden in a pasted text, of which no more is kept than tells its length."""
        return clean(value[: 20 * LONGEST], multiline=False)
