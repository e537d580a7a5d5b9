"""Any number of lines that scroll: only those in view are ever drawn. Parts can be picked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from sco_quiz.reports.lines import HEAT, Line, Role
from sco_quiz.tui.widgets.heatmap import heat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

REACH = 2
"""Lines beyond the edge of the view in which a spot is gone to rather than scrolled."""
STYLES = {
    Role.TITLE: "bold $foreground",
    Role.SAYS: "$muted",
    Role.TEXT: "$foreground",
    Role.MARK: "$muted",
    Role.CHART: "$secondary",
}
"""Of the roles of a report, but for its heatmap."""


class Spot(NamedTuple):
    """What can be picked: a stretch of a line that begins with two spaces, in characters."""

    line: int
    start: int
    end: int

    @property
    def column(self) -> int:
        """Whether it stands at the left, or beside something."""
        return min(self.start, 1)


class LineView(ScrollView, can_focus=True):
    """Lines, and a cursor on spots that can be picked; elsewhere the keys scroll.

    Attributes:
        picked: The spot under the cursor; None when there are none.
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
        """The cursor stands on another spot, or spots came into view."""

    class Chosen(Message):
        """The spot under the cursor was clicked again."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: Sequence[Content] = ()
        self._spots: Sequence[Spot] = ()
        self.picked: Spot | None = None

    def show(
        self, lines: Sequence[Content], spots: Sequence[Spot] = (), *, anew: bool = True
    ) -> None:
        """Set the lines.

        Args:
            lines: What stands there, each no wider than the view.
            spots: What can be picked, in the order in which the cursor goes through it.
            anew: Begin at the top; else the same lines were only made anew, for another width.
        """
        place = self._spots.index(self.picked) if self.picked in self._spots else 0
        self._lines, self._spots = lines, spots
        self.picked = spots[0 if anew else min(place, len(spots) - 1)] if spots else None
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
        for place, spot in enumerate(self._spots):
            if spot.line != number:
                continue
            if spot == self.picked and self.has_focus:
                mark = Content.styled("▌ ", "$primary")
                line = line[: spot.start] + mark + line[spot.start + 2 :]
                line = line.stylize("on $panel", spot.start, spot.end)
            line = line.stylize(Style.from_meta({"spot": place}), spot.start, spot.end)
        return Visual.to_strips(self, line, width, 1, style, pad=True)[0]

    @property
    def in_view(self) -> Spot | None:
        """The spot under the cursor, if it is in view."""
        top, height = self.scroll_offset.y, self.size.height
        picked = self.picked
        return picked if picked and top <= picked.line < top + height else None

    def action_move(self, by: int) -> None:
        """Go to the next spot, if it is in reach or in another column; else scroll."""
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
        if self._spots:
            self._go_to(self._spots[0])
            self.scroll_home(animate=False, immediate=True)

    def action_scroll_end(self) -> None:
        """Go to the last line."""
        self.scroll_end(animate=False, immediate=True)

    def _following(self, by: int, top: int, bottom: int) -> Spot | None:
        """The spot to go to in a direction; None if there is none in reach."""
        picked = self.in_view
        if picked is not None:
            place = self._spots.index(picked) + by
            if not 0 <= place < len(self._spots):
                return None
            found = self._spots[place]
            near = top - REACH <= found.line < bottom + REACH
            return found if near or found.column != picked.column else None
        within = [spot for spot in self._spots if top <= spot.line < bottom]
        return within[0 if by > 0 else -1] if within else None

    def _go_to(self, spot: Spot) -> None:
        self.picked = spot
        top, height = self.scroll_offset.y, self.size.height
        if spot.line < top:
            self.scroll_to(y=spot.line, animate=False, immediate=True)
        elif spot.line >= top + height:
            self.scroll_to(y=spot.line - height + 1, animate=False, immediate=True)
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
        """A click goes to a spot; a second one chooses it."""
        place: int | None = event.style.meta.get("spot")
        if place is None:
            return
        if self._spots[place] == self.picked:
            self.post_message(self.Chosen())
        else:
            self._go_to(self._spots[place])


def styled(line: Line, *, colourless: bool) -> Content:
    """Return a line of a report in the theme's colours."""
    parts = []
    for text, role, _ in line:
        if role in STYLES:
            parts.append((text, STYLES[role]))
        else:
            cell, style = heat(HEAT.index(role), colourless=colourless)
            parts.append((cell + text[1:], style))
    return Content.assemble(*parts)
