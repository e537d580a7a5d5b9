"""A list of any number of one-line rows: only those in view are ever made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.content import Content


class ScrolledLines(ScrollView):
    """Lines below each other, with a scroll bar where they do not all fit."""

    DEFAULT_CSS = """
    ScrolledLines {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        background: $background;
    }
    """

    def watch_show_vertical_scrollbar(self, shown: bool) -> None:
        """Set the bar to the line on top: Textual leaves one that comes back where it was."""
        if shown:
            self.vertical_scrollbar.position = self.scroll_y


class RowList(ScrolledLines, can_focus=True, inherit_bindings=False):
    """Rows with a cursor; keys, wheel and mouse move it.

    Attributes:
        cursor: Index of the row under the cursor.
    """

    DEFAULT_CSS = """
    RowList > .row-list--cursor { background: $panel; }
    """
    COMPONENT_CLASSES = {"row-list--cursor"}  # noqa: RUF012 -- Textual's declaration
    BINDINGS = [  # noqa: RUF012 -- Textual's declaration
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g", "jump(0)", "First", show=False),
        Binding("end,G", "jump(-1)", "Last", show=False),
    ]
    cursor = reactive(0, repaint=False)
    virtual_size = reactive(Size(0, 0), repaint=False)

    class RowReached(Message):
        """The cursor stands on another row."""

    class RowChosen(Message):
        """The row under the cursor was clicked again."""

    class TopPassed(Message):
        """The cursor was to go on beyond the first row."""

    def __init__(self, row: Callable[[int, int], Content], *, id: str | None = None) -> None:  # noqa: A002
        """Make an empty list.

        Args:
            row: Makes a row from its index and the width in cells. A row of None content is a
                heading: the cursor passes over it.
            id: The widget's id.
        """
        super().__init__(id=id)
        self._row = row
        self._headings: frozenset[int] = frozenset()
        self._count = 0

    @property
    def count(self) -> int:
        """The number of rows."""
        return self._count

    def show(self, count: int, headings: frozenset[int] = frozenset(), cursor: int = 0) -> None:
        """Set the number of rows, those the cursor passes over, and where it stands."""
        self._count, self._headings = count, headings
        self.virtual_size = Size(self.size.width, count)
        self.cursor = cursor
        self._reveal()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row; blank below the last, and where there is no room."""
        index = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        style = self.visual_style
        if width <= 0 or not 0 <= index < self._count:
            return Strip.blank(max(0, width), style.rich_style)
        if index == self.cursor:
            style += self.get_visual_style("row-list--cursor")
        row = self._row(index, width)
        if row.cell_length > width:
            row = row.wrap(width)[0]
        pieces = row.render(style, end="", parse_style=self._get_style)
        strip = Strip([Segment(text, piece.rich_style) for text, piece in pieces], row.cell_length)
        return strip.extend_cell_length(width, style.rich_style)

    def row_at(self, event: events.Click) -> int | None:
        """Return the index of the row that was clicked; None for none, and for a heading."""
        place = event.get_content_offset(self)
        index = -1 if place is None else place.y + self.scroll_offset.y
        return index if 0 <= index < self._count and index not in self._headings else None

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return max(0, min(cursor, self._count - 1))

    def watch_virtual_size(self, size: Size) -> None:
        """Follow with the scroll bar; the screen is laid out anew only if that comes or goes."""
        self._scroll_update(size)

    def watch_cursor(self) -> None:
        """Follow the cursor."""
        self._reveal()
        self.refresh()
        self.post_message(self.RowReached())

    def action_move(self, by: int) -> None:
        """Move by so many rows, over headings."""
        target = self.cursor + by
        while target in self._headings:
            target += 1 if by > 0 else -1
        if 0 <= target < self._count:
            self.cursor = target
        elif by < 0:
            self.scroll_home(animate=False)
            self.post_message(self.TopPassed())

    def action_page(self, by: int) -> None:
        """Move by so many screens."""
        self._land(self.cursor + by * max(1, self.size.height - 1), by)

    def action_jump(self, to: int) -> None:
        """Go to the first row (0) or the last (-1)."""
        self._land(to % max(1, self._count), 1 if to == 0 else -1)

    def _land(self, target: int, direction: int) -> None:
        target = self.validate_cursor(target)
        while target in self._headings and 0 <= target + direction < self._count:
            target += direction
        if target not in self._headings:
            self.cursor = target

    def _reveal(self) -> None:
        height, top = self.size.height, self.scroll_offset.y
        if not height:
            return
        first = self.cursor - (height > 1 and self.cursor - 1 in self._headings)
        if first < top:
            self.scroll_to(y=first, animate=False, immediate=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True)

    def on_resize(self) -> None:
        """Rows are as wide as the list."""
        self.virtual_size = Size(self.size.width, self._count)
        self._reveal()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; one on the cursor chooses the row."""
        index = self.row_at(event)
        if index is not None and index == self.cursor:
            self.post_message(self.RowChosen())
        elif index is not None:
            self.cursor = index
