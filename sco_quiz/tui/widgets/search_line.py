"""The line in which a search is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from sco_quiz.learning.search import LONGEST
from sco_quiz.text import clean
from sco_quiz.tui.widgets.answer_line import OneLine

if TYPE_CHECKING:
    from textual import events

EDITING = {
    "backspace": "delete_left",
    "delete": "delete_right",
    "ctrl+w": "delete_left_word",
    "ctrl+u": "delete_left_all",
    "left": "cursor_left",
    "right": "cursor_right",
}
"""What a plain input leaves to the app, which comes to it after the letters typed behind it."""
LEAVING = ("enter", "escape", "down", "tab")


class SearchLine(OneLine):
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

    class SearchLeft(Message):
        """The learner is done typing."""

    def __init__(self) -> None:
        super().__init__(
            id="search",
            select_on_focus=False,
            compact=True,
            placeholder="search: words, tag:…, is:…",
        )
        self._open = False

    def open(self) -> None:
        """Take keys from now on; the focus may come later."""
        self._open = True

    def type_ahead(self, character: str) -> bool:
        """Take what was typed before the focus came; whether the line is open."""
        if self._open:
            self.insert_text_at_cursor(character)
        return self._open

    def on_focus(self) -> None:
        """Take keys."""
        self._open = True

    def on_blur(self) -> None:
        """Take none."""
        self._open = False

    def on_key(self, event: events.Key) -> None:
        """Leave by a key, at once; leave to the screen what comes after."""
        if not self._open:
            event.prevent_default()
        elif event.key in LEAVING:
            self._open = False
            self.post_message(self.SearchLeft())
            event.stop()
            event.prevent_default()
        elif event.key in EDITING:
            getattr(self, f"action_{EDITING[event.key]}")()
            event.stop()
            event.prevent_default()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Tell whether a key types something here."""
        return self._open and super().check_consume_key(key, character)

    def validate_value(self, value: str) -> str:
        """Show what is hidden in a pasted text, of which no more is kept than tells its length."""
        return clean(value[: 20 * LONGEST], multiline=False)
