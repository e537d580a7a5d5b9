"""A page of text that scrolls, between the bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen, ScreenResultType
from textual.widgets import Static

from sco_quiz.tui.actions import READING, Action, bindings
from sco_quiz.tui.widgets.bars import KeyBar, TopBar

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Page(Screen[ScreenResultType]):
    """The base of screens that are read. Subclasses say what stands there."""

    CSS_PATH = "page.tcss"
    BINDINGS = bindings(READING)
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = "#page"
    ACTIONS: ClassVar[tuple[Action, ...]] = READING

    def __init__(self, title: str) -> None:
        """Make a page under a title."""
        super().__init__()
        self._heading = title

    def text(self) -> Content:
        """What stands on the page."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """The text between the bars."""
        yield TopBar()
        with VerticalScroll(id="page"):
            yield from self.body()
        yield KeyBar()

    def body(self) -> ComposeResult:
        """What is read; the text, if not said otherwise."""
        yield Static(self.text(), id="text", markup=False)

    def on_mount(self) -> None:
        """Fill the bars."""
        self.query_one(TopBar).show(Content.styled(self._heading, "$foreground"), Content())
        self.query_one(KeyBar).show(
            action for action in self.ACTIONS if self.check_action(action.name, ())
        )

    def action_leave(self) -> None:
        """Back to where the reader came from."""
        self.dismiss()
