"""A list of any number of cards, fetched as they come into view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message

from sco_quiz.insight.card_columns import COLUMNS
from sco_quiz.text import clean
from sco_quiz.tui.widgets.card_columns import columns_in, fitted
from sco_quiz.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sco_quiz.insight.card_columns import CardColumn, ListedCard
    from sco_quiz.learning.study_day import Moment

PAGE = 100
"""Rows that are fetched at once, beyond those in view."""
MOST_ROWS = 5_000
"""Rows that are kept."""


class CardList(RowList):
    """Cards by their keys; a row is asked for when it comes into view, and blank until then.

    Attributes:
        keys: Of the cards, in order.
        marks: The keys of those that are marked.
        complete: Whether these are all cards that were to be found.
        order: The column that sorts; empty for the decks' own order.
    """

    class Wanted(Message):
        """Rows came into view that are not there yet."""

        def __init__(self, keys: list[str]) -> None:
            super().__init__()
            self.keys = keys

    class EndWanted(Message):
        """The last card is asked for while not all are known."""

    def __init__(self, now: Callable[[], Moment]) -> None:
        """Make an empty list.

        Args:
            now: The present.
        """
        super().__init__(self._render_row, id="cards")
        self._now = now
        self.keys: Sequence[str] = ()
        self.marks: set[str] = set()
        self.complete = False
        self.order = ""
        self._rows: dict[str, ListedCard] = {}
        self._asked: set[str] = set()
        self._waiting = False

    @property
    def key(self) -> str | None:
        """The card under the cursor."""
        return self.keys[self.cursor] if self.keys else None

    @property
    def targets(self) -> list[str]:
        """Keys of the cards that a step is about: the marked ones, else the one at the cursor."""
        return [*self.marks] if self.marks else [self.key] if self.key else []

    def row_of(self, key: str | None) -> ListedCard | None:
        """The row of a card, if it is there."""
        return self._rows.get(key or "")

    def show_cards(self, keys: Sequence[str], cursor: int = 0) -> None:
        """Show these cards, the cursor on one of them."""
        self.keys = keys
        self.show(len(keys), cursor=min(cursor, max(len(keys) - 1, 0)))

    def put(self, rows: Sequence[ListedCard]) -> None:
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

    def action_jump(self, to: int) -> None:
        """Go to the first card, or, where it is known, to the last (-1)."""
        if to == -1 and not self.complete:
            self.post_message(self.EndWanted())
        else:
            super().action_jump(to)

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
        text = clean(COLUMNS["prompt"].text(row, self._now()), multiline=False)
        prompt = Content.styled(text, "$muted" if quiet else "$foreground")
        marked = key in self.marks
        flag = f"⚑{row.state.flag} " if row.state.flag and "flag" not in shown else ""
        prompt = Content.styled(flag, "$accent") + prompt
        return Content.assemble(
            ("▌" if index == self.cursor else " ", "$primary"),
            ("● " if marked else "  ", "$accent"),
            fitted(prompt, room),
            *(self._cell(COLUMNS[name], row) for name in shown),
            " ",
        )

    def _cell(self, column: CardColumn, row: ListedCard) -> Content:
        text = Content.styled(clean(column.text(row, self._now()), multiline=False), "$muted")
        return "  " + fitted(text, column.width, right=column.right)
