"""The line in which an answer is typed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input

from sco_quiz.text import clean

if TYPE_CHECKING:
    from textual import events


class OneLine(Input):
    """An input that takes all lines of what is pasted, joined by spaces: nothing gets lost.

    What is typed can be undone: word by word, or by what was pasted or deleted at once. Where
    nothing is typed the key is the app's.
    """

    BINDINGS = [  # noqa: RUF012 -- Textual's declaration
        Binding("ctrl+z", "undo_typing", "Undo the typing", show=False),
        Binding("ctrl+y", "redo_typing", "Type it again", show=False),
    ]

    @cached_property
    def _before(self) -> list[str]:
        return []

    @cached_property
    def _behind(self) -> list[str]:
        return []

    _types_on = _goes_back = False

    def watch_value(self, before: str, now: str) -> None:
        """Keep what stood there, once for all letters of a word."""
        if self._goes_back:
            return
        typed = now[-1:] if now[:-1] == before else ""
        if not (self._types_on and typed.strip()):
            self._before.append(before)
        self._types_on = bool(typed)
        self._behind.clear()

    def forget_typing(self) -> None:
        """Have nothing to undo: what was typed is given, or gone on purpose."""
        self._before.clear()
        self._behind.clear()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the key to the app where nothing is typed."""
        if action == "undo_typing":
            return bool(self._before or self.value)
        return super().check_action(action, parameters)

    def action_undo_typing(self) -> None:
        """Bring back what stood here before the last word."""
        self._go(self._before, self._behind)

    def action_redo_typing(self) -> None:
        """Bring back what was undone."""
        self._go(self._behind, self._before)

    def _go(self, there: list[str], back: list[str]) -> None:
        if not there:
            return
        back.append(self.value)
        self._goes_back, self._types_on = True, False
        try:
            self.value = there.pop()
        finally:
            self._goes_back = False
        self.cursor_position = len(self.value)

    def on_paste(self, event: events.Paste) -> None:
        """Insert the lines as one."""
        event.stop()
        event.prevent_default()
        if not self.disabled:
            text = " ".join(line.strip() for line in event.text.splitlines() if line.strip())
            self.replace(text, *sorted(self.selection))


class AnswerLine(OneLine):
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

    class Pasted(Message):
        """Several lines were pasted where more than one answer is wanted."""

        def __init__(self, lines: list[str]) -> None:
            super().__init__()
            self.lines = lines

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
        self.forget_typing()
        self.disabled = False
        self.screen.set_focus(self, scroll_visible=False)

    def close(self) -> None:
        """Take nothing more."""
        self._open = False
        self.disabled = True

    def on_paste(self, event: events.Paste) -> None:
        """Take each pasted line as an entry, where several are wanted; the first goes on a line."""
        lines = [line.strip() for line in event.text.splitlines() if line.strip()]
        if not self._open or not self._goes_on or len(lines) < 2:
            return
        event.stop()
        event.prevent_default()
        before, after = self.value[: self.cursor_position], self.value[self.cursor_position :]
        lines[0], lines[-1] = before + lines[0], lines[-1] + after
        self.clear()
        self.forget_typing()
        self.post_message(self.Pasted([clean(line, multiline=False) for line in lines]))

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
            self.forget_typing()
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
