"""The bases of screens that are alike: a page that is read, and a form that is filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container, VerticalScroll
from textual.screen import ScreenResultType
from textual.widgets import Static

from sco_quiz.commands.actions import READING
from sco_quiz.tui.base import Screen

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.content import Content

    from sco_quiz.tui.bars import ByWidth


class Page(Screen[ScreenResultType]):
    """A page of text that scrolls, between the bars. Subclasses say what stands there."""

    CSS_PATH = "page.tcss"
    ACTIONS = READING
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = "#page"

    def __init__(self, title: str) -> None:
        """Make a page under a title."""
        super().__init__()
        self._heading = title

    def text(self) -> Content | ByWidth:
        """Return what stands on the page."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """The text between the bars."""
        yield self.top_bar
        with VerticalScroll(id="page"):
            yield from self.body()
        yield self.key_bar

    def body(self) -> ComposeResult:
        """Make what is read: the text, if not said otherwise."""
        yield Static(self.text(), id="text", markup=False)

    def on_mount(self) -> None:
        """Fill the bars."""
        self.show_title(self._heading)
        self.show_keys()


class Form(Screen[ScreenResultType]):
    """Fields one below the other, between the bars. Subclasses say which fields there are."""

    CSS_PATH = "form.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-normal")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = Page.VERTICAL_BREAKPOINTS
    AUTO_FOCUS = "Entry"

    def compose(self) -> ComposeResult:
        """The fields and what belongs to them, side by side or one above the other."""
        yield self.top_bar
        with Container(id="both"):
            with VerticalScroll(id="form", can_focus=False):
                yield from self.fields()
            yield from self.beside()
        yield self.key_bar

    def fields(self) -> ComposeResult:
        """Make the fields, and below them what is to be said of them."""
        raise NotImplementedError

    def beside(self) -> ComposeResult:
        """Make what stands beside the fields; nothing, if not said otherwise."""
        yield from ()
