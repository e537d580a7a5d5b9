"""The line in which an answer is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message
from textual.widgets import Input

from sco_quiz.text import clean

if TYPE_CHECKING:
    from textual import events


class AnswerLine(Input):
    """An input without a frame that takes keys strictly one after another.

    A plain input leaves Enter and backspace to the app, which comes to them later: what is typed
    ahead, or arrives in one piece over a slow connection, gets mixed up. This one empties at once
    on Enter. Backspace in the empty line takes back the entry before.
    """

    DEFAULT_CSS = """
    AnswerLine {
        width: 1fr;
        height: 1;
        border: none;
        padding: 0;
        background: transparent;
        &:focus { border: none; background-tint: transparent; }
    }
    """

    class EmptyBackspace(Message):
        """Backspace was pressed in the empty line."""

    def __init__(self) -> None:
        super().__init__(id="input", select_on_focus=False, compact=True)
        self._goes_on = self._open = False

    def ask(self, *, goes_on: bool = False) -> None:
        """Take an answer.

        Args:
            goes_on: Whether more may follow until Enter in the empty line.
        """
        self._goes_on, self._open = goes_on, True
        self.clear()
        self.disabled = False
        self.focus(scroll_visible=False)

    def close(self) -> None:
        """Take nothing more."""
        self._open = False
        self.disabled = True

    def on_key(self, event: events.Key) -> None:
        """Take Enter and backspace here and now; once closed, leave every key to the screen."""
        if not self._open:
            event.prevent_default()
            return
        self.scroll_visible(animate=False)
        if event.key == "enter":
            self._open = self._goes_on and bool(self.value.strip())
            self.post_message(self.Submitted(self, self.value))
            self.clear()
        elif event.key == "backspace":
            self.action_delete_left()
        else:
            return
        event.stop()
        event.prevent_default()

    def validate_value(self, value: str) -> str:
        """Show what is hidden in a pasted text."""
        return clean(value, multiline=False)

    def action_delete_left(self) -> None:
        """Delete a character, or tell that there is none."""
        if self.value:
            super().action_delete_left()
        else:
            self.post_message(self.EmptyBackspace())
