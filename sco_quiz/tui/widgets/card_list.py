"""A list of any number of cards, fetched as they come into view; a heading that sorts them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from sco_quiz.reports.card import due_in_words, in_days, state_in_words
from sco_quiz.text import clean, plain
from sco_quiz.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual import events
    from textual.app import RenderResult

    from sco_quiz.learning.study_day import Moment
    from sco_quiz.workspace.browsing import Row

PAGE = 100
"""Rows that are fetched at once, beyond those in view."""
MOST_ROWS = 5_000
"""Rows that are kept."""
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
    "interval": Column("interval", 8, lambda row, _: in_days(row.interval) if row.interval else ""),
    "lapses": Column("lapses", 6, lambda row, _: str(row.state.lapses or "")),
    "recall": Column(
        "recall", 6, lambda row, _: "" if row.recall is None else f"{row.recall:.0%}"
    ),
    "stability": Column(
        "stability", 9, lambda row, _: in_days(row.state.stability) if row.state.stability else ""
    ),
    "difficulty": Column("difficulty", 10, lambda row, _: _number(row.state.difficulty)),
    "reviews": Column("reviews", 7, lambda row, _: str(row.state.reps or "")),
    "kind": Column("kind", 10, lambda row, _: row.card.kind.replace("_", "/"), right=False),
    "last": Column(
        "last", 10, lambda row, _: str(date.fromordinal(row.state.last_day or 1))
        if row.state.last_day else ""
    ),
    "added": Column("added", 10, lambda row, _: str(date.fromordinal(row.added))),
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


class CardList(RowList):
    """Cards by their keys; a row is asked for when it comes into view, and blank until then."""

    class Wanted(Message):
        """Rows came into view that are not there yet."""

        def __init__(self, keys: list[str]) -> None:
            super().__init__()
            self.keys = keys

    def __init__(self, now: Callable[[], Moment]) -> None:
        """Make an empty list.

        Args:
            now: The present.
        """
        super().__init__(self._render_row, id="cards")
        self._now = now
        self.keys: Sequence[str] = ()
        self.marks: set[str] = set()
        self.order = ""
        self._rows: dict[str, Row] = {}
        self._asked: set[str] = set()
        self._waiting = False

    @property
    def key(self) -> str | None:
        """The card under the cursor."""
        return self.keys[self.cursor] if self.keys else None

    @property
    def targets(self) -> list[str]:
        """What a step is about: the marked cards; without any, the one under the cursor."""
        return [*self.marks] if self.marks else [self.key] if self.key else []

    def row_of(self, key: str | None) -> Row | None:
        """The row of a card, if it is there."""
        return self._rows.get(key or "")

    def show_cards(self, keys: Sequence[str], cursor: int = 0) -> None:
        """Show these cards, the cursor on one of them."""
        self.keys = keys
        self.show(len(keys), cursor=min(cursor, max(len(keys) - 1, 0)))

    def put(self, rows: Sequence[Row]) -> None:
        """Take in rows that were fetched."""
        if len(self._rows) > MOST_ROWS:
            self._rows.clear()
        self._rows |= {row.card.key: row for row in rows}
        self._asked.clear()
        self.refresh()

    def forget_rows(self) -> None:
        """Fetch every row anew: what stands in them has changed."""
        self._asked.clear()
        self._want()

    def rename(self, keys: Mapping[str, str]) -> None:
        """Follow cards that got other keys."""
        self.keys = [keys.get(key, key) for key in self.keys]
        self.marks = {keys.get(key, key) for key in self.marks}

    def toggle_mark(self) -> None:
        """Mark the card under the cursor, or not any more, and go on."""
        if self.key is not None:
            self.marks ^= {self.key}
            self.action_move(1)
            self.refresh()

    def toggle_all(self) -> None:
        """Mark all cards of the list; none, if all are."""
        found = set(self.keys)
        self.marks = self.marks - found if found <= self.marks else self.marks | found
        self.refresh()

    def _want(self) -> None:
        """Ask for the rows around those in view, once for all that are drawn together."""
        if not self._waiting:
            self._waiting = True
            self.call_later(self._ask)

    def _ask(self) -> None:
        self._waiting = False
        top = max(self.scroll_offset.y - PAGE // 2, 0)
        keys = self.keys[top : top + self.size.height + PAGE]
        wanted = [key for key in keys if key not in self._asked]
        if wanted:
            self._asked.update(wanted)
            self.post_message(self.Wanted(wanted))

    def _render_row(self, index: int, width: int) -> Content:
        key = self.keys[index]
        row = self._rows.get(key)
        if row is None:
            if key not in self._asked:
                self._want()
            return Content.styled("  …", "$muted")
        shown = columns_in(width, self.order)
        room = width - 4 - sum(COLUMNS[name].width + 2 for name in shown)
        quiet = row.state.suspended or row.state.buried_until > self._now().day
        text = clean(" ".join(plain(row.card.prompt[:400]).split()), multiline=False)
        prompt = Content.styled(text, "$muted" if quiet else "$foreground")
        marked = key in self.marks
        flag = f"⚑{row.state.flag} " if row.state.flag and "flag" not in shown else ""
        prompt = Content.styled(flag, "$accent") + prompt
        return Content.assemble(
            ("▌" if index == self.cursor else " ", "$primary"),
            ("● " if marked else "  ", "$accent"),
            _fitted(prompt, room),
            *(self._cell(COLUMNS[name], row) for name in shown),
            " ",
        )

    def _cell(self, column: Column, row: Row) -> Content:
        text = Content.styled(clean(column.text(row, self._now()), multiline=False), "$muted")
        return "  " + _fitted(text, column.width, right=column.right)


def _fitted(text: Content, width: int, *, right: bool = False) -> Content:
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
        fitted = _fitted(Content.styled(title, style), width, right=right)
        return fitted.stylize(Style.from_meta({"column": name}))

    def on_click(self, event: events.Click) -> None:
        """Sort by the column under the mouse."""
        column = event.style.meta.get("column")
        if column is not None:
            self.post_message(self.Clicked(column))
