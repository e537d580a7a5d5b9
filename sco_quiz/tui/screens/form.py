"""A form: fields one below the other, between the bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container, VerticalScroll
from textual.screen import Screen, ScreenResultType

from sco_quiz.tui.widgets.bars import KeyBar, TopBar

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Form(Screen[ScreenResultType]):
    """The base of screens that are filled in. Subclasses say which fields there are."""

    CSS_PATH = "form.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-normal")]  # noqa: RUF012
    AUTO_FOCUS = "Entry"

    def compose(self) -> ComposeResult:
        """The fields and what belongs to them, side by side or one above the other."""
        yield TopBar()
        with Container(id="both"):
            with VerticalScroll(id="form", can_focus=False):
                yield from self.fields()
            yield from self.beside()
        yield KeyBar()

    def fields(self) -> ComposeResult:
        """The fields, and below them what is to be said of them."""
        raise NotImplementedError

    def beside(self) -> ComposeResult:
        """What stands beside the fields; nothing, if not said otherwise."""
        yield from ()
