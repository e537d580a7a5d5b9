"""Any number of lines that scroll: only those in view are ever drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.geometry import Size
from textual.strip import Strip
from textual.visual import Visual

from sco_quiz.tui.widgets.row_list import ScrolledLines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content


class LineView(ScrolledLines, can_focus=True):
    """Lines that the keys scroll."""

    BINDINGS = [  # noqa: RUF012 -- Textual's declaration
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown,space", "page(1)", "Page down", show=False),
        Binding("home,g", "scroll_home", "First", show=False),
        Binding("end,G", "scroll_end", "Last", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: Sequence[Content] = ()

    def show(self, lines: Sequence[Content], *, anew: bool = True) -> None:
        """Set the lines.

        Args:
            lines: What stands there, each no wider than the view.
            anew: Begin at the top; else the same lines were only made anew, for another width.
        """
        self._lines = lines
        self.virtual_size = Size(self.size.width, len(lines))
        if anew:
            self.scroll_home(animate=False, immediate=True)
        self.refresh()

    def line(self, number: int) -> Content:
        """Return a line as it is drawn now."""
        return self._lines[number]

    def render_line(self, y: int) -> Strip:
        """One line, or blank below the last."""
        number = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        style = self.visual_style
        if not 0 <= number < len(self._lines):
            return Strip.blank(width, style.rich_style)
        return Visual.to_strips(self, self.line(number), width, 1, style, pad=True)[0]

    def action_move(self, by: int) -> None:
        """Scroll by so many lines."""
        self.scroll_relative(y=by, animate=False, immediate=True)

    def action_page(self, by: int) -> None:
        """Scroll by so many screens."""
        self.scroll_relative(y=by * max(1, self.size.height - 1), animate=False, immediate=True)

    def action_scroll_home(self) -> None:
        """Go to the first line."""
        self.scroll_home(animate=False, immediate=True)

    def action_scroll_end(self) -> None:
        """Go to the last line."""
        self.scroll_end(animate=False, immediate=True)

    def on_resize(self) -> None:
        """Lines are as wide as the view."""
        self.virtual_size = Size(self.size.width, len(self._lines))
