"""Any number of lines that scroll: only those in view are ever drawn. Some can be picked."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events

REACH = 2
"""Lines beyond the edge of the view in which a line to pick is gone to rather than scrolled."""


class LineView(ScrollView, can_focus=True):
    """Lines, and a cursor on those that can be picked; elsewhere the keys scroll.

    Attributes:
        picked: The number of the line under the cursor; None when none can be picked.
    """

    DEFAULT_CSS = """
    LineView {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        background: $background;
    }
    """
    BINDINGS = [  # noqa: RUF012 -- Textual's declaration
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown,space", "page(1)", "Page down", show=False),
        Binding("home,g", "scroll_home", "First", show=False),
        Binding("end,G", "scroll_end", "Last", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another line."""

    class Chosen(Message):
        """The line under the cursor was clicked again."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: Sequence[Content] = ()
        self._picks: Sequence[int] = ()
        self._ends: Mapping[int, int] = {}
        self.picked: int | None = None

    def show(
        self,
        lines: Sequence[Content],
        picks: Mapping[int, int] = MappingProxyType({}),
        *,
        anew: bool = True,
    ) -> None:
        """Set the lines.

        Args:
            lines: What stands there, each no wider than the view.
            picks: The numbers of those that can be picked, in order, each with how many of its
                characters show that. They begin with two spaces.
            anew: Begin at the top; else the same lines were only made anew, for another width.
        """
        place = self._picks.index(self.picked) if self.picked in self._picks else 0
        self._lines, self._picks, self._ends = lines, list(picks), picks
        last = len(picks) - 1
        self.picked = self._picks[0 if anew else min(place, last)] if picks else None
        self.virtual_size = Size(self.size.width, len(lines))
        if anew:
            self.scroll_home(animate=False, immediate=True)
        self.refresh()
        self.post_message(self.Moved())

    def render_line(self, y: int) -> Strip:
        """One line, or blank below the last."""
        number = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        style = self.visual_style
        if not 0 <= number < len(self._lines):
            return Strip.blank(width, style.rich_style)
        line = self._lines[number]
        if number == self.picked and self.has_focus:
            line = Content.styled("▌ ", "$primary") + line[2:]
            line = line.stylize("on $panel", 0, self._ends[number])
        strips = Visual.to_strips(self, line, width, 1, style, pad=True)
        return strips[0].apply_meta({"line": number})

    @property
    def place(self) -> int | None:
        """Which of the lines that can be picked is under the cursor; None when none is in view."""
        top = self.scroll_offset.y
        if self.picked is None or not top <= self.picked < top + self.size.height:
            return None
        return self._picks.index(self.picked)

    def action_move(self, by: int) -> None:
        """Go to the next line that can be picked, if it is in reach; else scroll."""
        top, height = self.scroll_offset.y, self.size.height
        following = self._following(by, top, top + height)
        if following is None:
            self.scroll_relative(y=by, animate=False, immediate=True)
        else:
            self._go_to(following)

    def action_page(self, by: int) -> None:
        """Scroll by so many screens."""
        self.scroll_relative(y=by * max(1, self.size.height - 1), animate=False, immediate=True)

    def action_scroll_home(self) -> None:
        """Go to the first line."""
        self.scroll_home(animate=False, immediate=True)
        if self._picks:
            self._go_to(self._picks[0])
            self.scroll_home(animate=False, immediate=True)

    def action_scroll_end(self) -> None:
        """Go to the last line."""
        self.scroll_end(animate=False, immediate=True)

    def _following(self, by: int, top: int, bottom: int) -> int | None:
        """The line to pick next in a direction; None if there is none in reach."""
        if self.picked is not None and top <= self.picked < bottom:
            place = self._picks.index(self.picked) + by
            if not 0 <= place < len(self._picks):
                return None
            found = self._picks[place]
            return found if top - REACH <= found < bottom + REACH else None
        within = [pick for pick in self._picks if top <= pick < bottom]
        return within[0 if by > 0 else -1] if within else None

    def _go_to(self, line: int) -> None:
        self.picked = line
        top, height = self.scroll_offset.y, self.size.height
        if line < top:
            self.scroll_to(y=line, animate=False, immediate=True)
        elif line >= top + height:
            self.scroll_to(y=line - height + 1, animate=False, immediate=True)
        self.refresh()
        self.post_message(self.Moved())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """What can be picked may have come into view, or gone."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Moved())

    def on_resize(self) -> None:
        """Lines are as wide as the view."""
        self.virtual_size = Size(self.size.width, len(self._lines))

    def on_click(self, event: events.Click) -> None:
        """A click goes to a line that can be picked; a second one chooses it."""
        line: int | None = event.style.meta.get("line")
        if line is None or line not in self._picks:
            return
        if line == self.picked:
            self.post_message(self.Chosen())
        else:
            self._go_to(line)
