"""The line in which an answer is typed."""

from __future__ import annotations

from textual.message import Message
from textual.widgets import Input


class AnswerLine(Input):
    """An input without a frame; backspace in the empty line takes back the entry before."""

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

    def action_delete_left(self) -> None:
        """Delete a character, or tell that there is none."""
        if self.value:
            super().action_delete_left()
        else:
            self.post_message(self.EmptyBackspace())
