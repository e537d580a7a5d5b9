"""Lines of a report, with a cursor on the points of its charts and on what can be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.message import Message

from sco_quiz.reports.lines import HEAT, TWO_COLUMNS, Point, Role
from sco_quiz.reports.words import cells
from sco_quiz.tui.widgets.line_view import LineView
from sco_quiz.tui.widgets.small_charts import heat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from sco_quiz.insight.figures import CardFigures
    from sco_quiz.learning.confusions import Confusion
    from sco_quiz.reports.lines import Line

REACH = 10
"""Lines beyond the edge of the view in which a spot is gone to rather than scrolled."""
ABOVE = 3
"""Lines above a point that come into view with it: what its chart is, and its upper rows."""
BELOW = 2
"""Lines below it that do: what the ends of its chart stand for."""
STYLES = {
    Role.TITLE: "bold $foreground",
    Role.SAYS: "$muted",
    Role.TEXT: "$foreground",
    Role.MARK: "$muted",
    Role.CHART: "$secondary",
    Role.FAINT: "$secondary 45%",
    Role.BEST: "$success",
    Role.LAST: "$primary",
}
"""Of the roles of a report, but for its heatmap."""
CURSOR = "bold $accent"
THREAD = "│"
"""What the cursor is in the blank part of a column."""


class CursorSpot(NamedTuple):
    """A point that the cursor can stand on, and the rectangle that holds it.

    Attributes:
        pick: A point of a chart, a pair, or a card.
        stretches: Where it is drawn: lines, each with its first character and the one after.
        left: Its first cell.
        right: The one after its last.
    """

    pick: Confusion | CardFigures | Point
    stretches: tuple[tuple[int, int, int], ...]
    left: int
    right: int

    @property
    def top(self) -> int:
        """Its first line."""
        return self.stretches[0][0]

    @property
    def bottom(self) -> int:
        """The line after its last."""
        return self.stretches[-1][0] + 1

    @property
    def is_row(self) -> bool:
        """Tell whether it is a row of a list or a bar that lies; else it is a part of a chart."""
        return self.bottom - self.top == 1 and self.right - self.left > 2

    def aside(self, other: CursorSpot) -> int:
        """Return how many cells lie between this one and another, seen from above."""
        return max(0, other.left - self.right + 1, self.left - other.right + 1)


class ReportView(LineView):
    """Lines of a report; the cursor goes over what can be picked, elsewhere the keys scroll."""

    class CursorMoved(Message):
        """The cursor stands on another spot, or spots came into view."""

    class SpotChosen(Message):
        """The spot under the cursor was clicked again."""

    class EdgePassed(Message):
        """The cursor was to go on beyond the first line (-1) or the last (1)."""

        def __init__(self, by: int) -> None:
            """Tell in which direction."""
            super().__init__()
            self.by = by

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._spots: list[CursorSpot] = []
        self._place: int | None = None
        self._is_seen = False

    def show_report(self, lines: Sequence[Line], *, anew: bool = True) -> None:
        """Set the lines.

        Args:
            lines: Of the report.
            anew: Begin at the top; else the cursor stays on what it is on, if that is still there,
                and in view, if it is.
        """
        colourless = self.app.no_color
        before = self.picked.pick if self.picked else None
        self._spots = _spots(lines)
        self._place = self._first() if anew else self._found(before)
        self.show([styled(line, colourless=colourless) for line in lines], anew=anew)
        if self._is_seen and not anew and self.picked is not None and _same(self.picked, before):
            self._reveal(self.picked)
        self._tell_moved()

    @property
    def picked(self) -> CursorSpot | None:
        """The spot under the cursor; None when there are none."""
        return None if self._place is None else self._spots[self._place]

    @property
    def in_view(self) -> CursorSpot | None:
        """The spot under the cursor, if it is in view."""
        top, height = self.scroll_offset.y, self.size.height
        picked = self.picked
        return picked if picked and top < picked.bottom and picked.top < top + height else None

    def line(self, number: int) -> Content:
        """Return a line, with what is under the cursor marked in it."""
        line = super().line(number)
        picked = self.picked if self.has_focus else None
        if picked is not None and picked.top <= number < picked.bottom:
            for at, start, end in picked.stretches:
                if at == number:
                    cursor = f"{CURSOR} reverse" if self.app.no_color else CURSOR
                    return _marked(line, start, end, None if picked.is_row else cursor)
        return line

    def action_move(self, by: int) -> None:
        """Go to the nearest spot above or below, if it is in reach; else scroll."""
        top, height = self.scroll_offset.y, self.size.height
        following = self._above_or_below(by)
        if following is not None and (
            following.bottom > top - REACH and following.top < top + height + REACH
        ):
            self._go_to(following)
        elif (by < 0 and top <= 0) or (by > 0 and top >= self.max_scroll_y):
            self.post_message(self.EdgePassed(by))
        else:
            super().action_move(by)

    def step(self, by: int) -> None:
        """Go to the nearest spot at the left (-1) or at the right (1) of this one."""
        now = self.in_view
        if now is None:
            self.action_move(by)
            return
        at_side = [
            spot
            for spot in self._spots
            if (spot.left >= now.right if by > 0 else spot.right <= now.left)
        ]
        beside = [spot for spot in at_side if spot.top < now.bottom and now.top < spot.bottom]
        beside = beside or [spot for spot in at_side if self._column(spot) != self._column(now)]
        if beside:
            self._go_to(min(beside, key=lambda spot: (_apart(spot, now), now.aside(spot))))

    def action_scroll_home(self) -> None:
        """Go to the first line."""
        if self._spots:
            self._go_to(self._spots[0])
        super().action_scroll_home()

    def on_resize(self) -> None:
        """Keep the cursor in view; other spots may have come there too, as when it scrolls."""
        super().on_resize()
        if self._is_seen and self.picked is not None:
            self._reveal(self.picked)
        self._tell_moved()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Points may have come into view, or gone."""
        super().watch_scroll_y(old_value, new_value)
        self._tell_moved()

    def on_click(self, event: events.Click) -> None:
        """A click goes to a spot; a second one chooses it."""
        x, line = event.x, event.y + self.scroll_offset.y
        for spot in self._spots:
            if spot.left <= x < spot.right and spot.top <= line < spot.bottom:
                if spot is self.picked:
                    self.post_message(self.SpotChosen())
                else:
                    self._go_to(spot)
                return

    def _first(self) -> int | None:
        """Return the first place of the cursor: what can be opened, or the end of a chart."""
        if not self._spots:
            return None
        first = self._spots[0].pick
        if not isinstance(first, Point):
            return 0
        return max(
            (number for number, spot in enumerate(self._spots) if _chart(spot) == first.chart),
            key=lambda number: (self._spots[number].left, number),
        )

    def _found(self, pick: Confusion | CardFigures | Point | None) -> int | None:
        """Return the place of something now."""
        places = (number for number, spot in enumerate(self._spots) if _same(spot, pick))
        return next(places, self._first())

    def _above_or_below(self, by: int) -> CursorSpot | None:
        now = self.in_view
        if now is None:
            top, bottom = self.scroll_offset.y, self.scroll_offset.y + self.size.height
            within = [spot for spot in self._spots if top <= spot.top < bottom]
            return within[0 if by > 0 else -1] if within else None
        beyond = [
            spot
            for spot in self._spots
            if (spot.top >= now.bottom if by > 0 else spot.bottom <= now.top)
        ]

        def far(spot: CursorSpot) -> tuple[bool, int]:
            apart = 2 * _apart(spot, now) + now.aside(spot)
            return self._column(spot) != self._column(now), apart

        return min(beyond, key=far, default=None)

    def _column(self, spot: CursorSpot) -> bool:
        """Tell whether it stands in the second of two columns of figures."""
        width = self.size.width
        return width >= TWO_COLUMNS and spot.left > width // 2

    def _go_to(self, spot: CursorSpot) -> None:
        self._place = self._spots.index(spot)
        self._reveal(spot)
        self.refresh()
        self._tell_moved()

    def _tell_moved(self) -> None:
        self._is_seen = self.in_view is not None
        self.post_message(self.CursorMoved())

    def _reveal(self, spot: CursorSpot) -> None:
        top, height = self.scroll_offset.y, self.size.height
        is_point = isinstance(spot.pick, Point)
        first = max(0, spot.top - ABOVE) if is_point else spot.top
        end = min(len(self._lines), spot.bottom + BELOW) if is_point else spot.bottom
        if first < top or end - first > height:
            self.scroll_to(y=first, animate=False, immediate=True)
        elif end > top + height:
            self.scroll_to(y=end - height, animate=False, immediate=True)


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


def _spots(lines: Sequence[Line]) -> list[CursorSpot]:
    """All that the cursor can stand on, from above; the stretches of a point are one spot."""
    found: dict[object, CursorSpot] = {}
    for number, line in enumerate(lines):
        end = right = 0
        for span in line:
            start, left = end, right
            end, right = end + len(span.text), right + cells(span.text)
            if span.pick is None or not span.text:
                continue
            name = span.pick if isinstance(span.pick, Point) else (number, start)
            spot = found.get(name) or CursorSpot(span.pick, (), left, right)
            *above, last = spot.stretches or ((-1, 0, 0),)
            if last[0] == number:
                stretches = (*above, (number, last[1], end))
            else:
                stretches = (*spot.stretches, (number, start, end))
            found[name] = CursorSpot(
                spot.pick, stretches, min(spot.left, left), max(spot.right, right)
            )
    return list(found.values())


def _apart(one: CursorSpot, other: CursorSpot) -> int:
    """Return how many lines lie between two."""
    return max(0, one.top - other.bottom, other.top - one.bottom)


def _same(spot: CursorSpot, pick: Confusion | CardFigures | Point | None) -> bool:
    """Tell whether something is at a spot; a score is told otherwise where there is less room."""
    if isinstance(pick, Point) and isinstance(spot.pick, Point) and pick.session:
        return (spot.pick.session, spot.pick.deck) == (pick.session, pick.deck)
    return spot.pick == pick


def _chart(spot: CursorSpot) -> str:
    return spot.pick.chart if isinstance(spot.pick, Point) else ""


def _marked(line: Content, start: int, end: int, cursor: str | None) -> Content:
    """A line with a stretch of it under the cursor.

    Args:
        line: The line.
        start: The first character of the stretch.
        end: The one after its last.
        cursor: The style of a part of a chart under the cursor; None for a row.
    """
    text = line.plain[start:end]
    if cursor is None:
        if text.startswith("  "):
            line = line[:start] + Content.styled("▌ ", "$primary") + line[start + 2 :]
        return line.stylize("on $panel", start, end)
    if not text.strip():
        middle = (start + end - 1) // 2
        return line[:middle] + Content.styled(THREAD, cursor) + line[middle + 1 :]
    return line.stylize(cursor, start, end)
