"""The columns of a list of cards, and the line above it that names them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from sco_quiz.reports.card import due_in_words, state_in_words
from sco_quiz.vocabulary import iso_date, percent, span

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import RenderResult

    from sco_quiz.insight.browsing import Row
    from sco_quiz.learning.study_day import Moment

LEAST_PROMPT, LEAST_SHARE = 26, 0.45
"""Cells that a prompt has at least, and the share of the width; other columns have the rest."""


class Column(NamedTuple):
    """A column of the list.

    Attributes:
        title: What stands above it.
        width: In cells.
        text: What stands in it.
        right: Whether it stands on the right, as numbers do.
    """

    title: str
    width: int
    text: Callable[[Row, Moment], str]
    right: bool = True


def _number(value: float) -> str:
    return f"{value:.1f}" if value else ""


COLUMNS = {
    "state": Column("state", 10, lambda row, now: state_in_words(row.state, now), right=False),
    "due": Column("due", 10, lambda row, now: due_in_words(row.state, now)),
    "deck": Column("deck", 18, lambda row, _: row.title, right=False),
    "interval": Column("interval", 8, lambda row, _: span(row.interval) if row.interval else ""),
    "lapses": Column("lapses", 6, lambda row, _: str(row.state.lapses or "")),
    "recall": Column(
        "recall", 6, lambda row, _: "" if row.recall is None else percent(row.recall)
    ),
    "stability": Column(
        "stability", 9, lambda row, _: span(row.state.stability) if row.state.stability else ""
    ),
    "difficulty": Column("difficulty", 10, lambda row, _: _number(row.state.difficulty)),
    "reviews": Column("reviews", 7, lambda row, _: str(row.state.reps or "")),
    "kind": Column("kind", 10, lambda row, _: row.card.kind.replace("_", "/"), right=False),
    "last": Column(
        "last", 10, lambda row, _: str(date.fromordinal(row.state.last_day or 1))
        if row.state.last_day else ""
    ),
    "added": Column("added", 10, lambda row, _: iso_date(row.added)),
    "flag": Column("flag", 4, lambda row, _: f"⚑{row.state.flag}" if row.state.flag else ""),
}  # fmt: skip
"""All but the prompt, those that matter most first."""

MEANINGS = {
    "prompt": "the text of the prompt",
    "deck": "the decks' own order",
    "kind": "how the card is asked",
    "state": "new, learning, review, relearning",
    "due": "when it comes next",
    "interval": "days from its last review to the next",
    "stability": "days until recall falls to 90 %",
    "difficulty": "how hard it is for you, 1 to 10",
    "recall": "how likely you would recall it today",
    "reviews": "how often it was reviewed",
    "lapses": "how often it was forgotten",
    "last": "when it was last reviewed",
    "added": "when it came",
    "flag": "your flags",
}
"""What each way to sort goes by."""


def columns_in(width: int, order: str) -> list[str]:
    """The columns for which there is room; the one that sorts is always among them."""
    wanted = [order, *COLUMNS] if order in COLUMNS else [*COLUMNS]
    room = width - 4 - max(LEAST_PROMPT, round(width * LEAST_SHARE))
    shown: set[str] = set()
    for name in dict.fromkeys(wanted):
        room -= COLUMNS[name].width + 2
        if room < 0:
            break
        shown.add(name)
    return [name for name in COLUMNS if name in shown]


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
        parts = [Content("   "), self._title("prompt", "prompt", room, right=False)]
        for name in shown:
            column = COLUMNS[name]
            parts += [
                Content("  "), self._title(name, column.title, column.width, right=column.right)
            ]  # fmt: skip
        return Content.assemble(*parts)

    def _title(self, name: str, title: str, width: int, *, right: bool) -> Content:
        style = "$muted"
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
