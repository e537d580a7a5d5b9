"""The columns of a list of cards, and the line above it that names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from sco_quiz.insight.card_columns import COLUMNS

if TYPE_CHECKING:
    from textual import events
    from textual.app import RenderResult


LEAST_PROMPT, LEAST_SHARE = 26, 0.45
"""Cells that a prompt has at least, and the share of the width; other columns have the rest."""


_BY_RANK = sorted(COLUMNS, key=lambda name: COLUMNS[name].rank)[1:]
"""All but the prompt, which has the room that they leave."""


def columns_in(width: int, order: str) -> list[str]:
    """The columns for which there is room; the one that sorts is always among them."""
    wanted = [order, *_BY_RANK] if order in _BY_RANK else _BY_RANK
    room = width - 4 - max(LEAST_PROMPT, round(width * LEAST_SHARE))
    shown: set[str] = set()
    for name in dict.fromkeys(wanted):
        room -= COLUMNS[name].width + 2
        if room < 0:
            break
        shown.add(name)
    return [name for name in _BY_RANK if name in shown]


def fitted(text: Content, width: int, *, right: bool = False) -> Content:
    """A text in exactly so many cells."""
    text = text.truncate(width, ellipsis=True)
    gap = " " * (width - text.cell_length)
    return gap + text if right else text + gap


class CardHeading(Widget):
    """The line above the list, in its columns; a click on one sorts by it."""

    DEFAULT_CSS = """
    CardHeading { height: 1; color: $muted; }
    """

    class Clicked(Message):
        """A column was clicked."""

        def __init__(self, column: str) -> None:
            super().__init__()
            self.column = column

    def __init__(self) -> None:
        super().__init__()
        self._order, self._descending = "", False

    def show(self, order: str, *, descending: bool) -> None:
        """Say what sorts."""
        self._order, self._descending = order, descending
        self.refresh()

    def render(self) -> RenderResult:
        """The names of the columns, that which sorts with an arrow."""
        width = self.size.width - 1  # the list has its scroll bar there
        shown = columns_in(width, self._order)
        room = width - 4 - sum(COLUMNS[name].width + 2 for name in shown)
        parts = [Content("   "), self._title("prompt", room, right=False)]
        for name in shown:
            column = COLUMNS[name]
            parts += [Content("  "), self._title(name, column.width, right=column.right)]
        return Content.assemble(*parts)

    def _title(self, name: str, width: int, *, right: bool) -> Content:
        title, style = name, "$muted"
        if name == self._order:
            title = f"{title[: width - 1]}{'▼' if self._descending else '▲'}"
            style = "$primary"
        shown = fitted(Content.styled(title, style), width, right=right)
        return shown.stylize(Style.from_meta({"column": name}))

    def on_click(self, event: events.Click) -> None:
        """Sort by the column under the mouse."""
        column = event.style.meta.get("column")
        if column is not None:
            self.post_message(self.Clicked(column))
