"""The decks with what waits in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sco_quiz.learning.card_queue import Counts, sum_of
from sco_quiz.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sco_quiz.workspace.catalogue import DeckSummary

COLUMNS = (("new", 5, "$secondary"), ("learn", 7, "$accent"), ("due", 6, "$success"))
"""Title, width and colour of the three counts."""


class DeckList(RowList):
    """All decks at once in the first row, then the shipped decks, then the learner's own.

    What is below a parent is shown while that is open.

    Attributes:
        opened: The parents that are open.
    """

    def __init__(self, next_wait: Callable[[Sequence[str]], str] = lambda _: "") -> None:
        """Make an empty list.

        Args:
            next_wait: Says when the next card of some decks comes, by their ids; empty for never.
        """
        super().__init__(self._render_row, id="decks")
        self.opened: set[str] = set()
        self._decks: Sequence[DeckSummary] = ()
        self._next_wait = next_wait
        self._waits: dict[str, str] = {}
        self._rows: list[DeckSummary | str] = []
        self._all = Counts()
        self._planned = self._has_parents = False

    @property
    def selected(self) -> DeckSummary | None:
        """The deck under the cursor; None stands for all of them."""
        row = self._rows[self.cursor] if self._rows else ""
        return None if isinstance(row, str) else row

    @property
    def first_title(self) -> str:
        """The title of the deck whose cards come first in what the cursor is on, if any wait."""
        busy = (row for row in self._rows if not isinstance(row, str) and row.counts.total)
        first = self.selected or next(busy, None)
        return first.title if first and first.counts.total else ""

    @property
    def all_counts(self) -> Counts:
        """The counts of all decks together."""
        return self._all

    def show_decks(
        self, decks: Sequence[DeckSummary], *, opened: Iterable[str] = (), planned: bool = False
    ) -> None:
        """Show these; the cursor stays on its deck, or goes to the first with something to do.

        Args:
            decks: Each before what is below it; the shipped ones, then the learner's own.
            opened: The parents that are open.
            planned: Whether a plan for a backlog says what is asked today.
        """
        self._planned = planned
        self._waits.clear()
        self._decks, self.opened = decks, set(opened)
        self._has_parents = any(deck.is_parent for deck in decks)
        self._all = sum_of(deck.counts for deck in decks if not deck.depth)
        self._show()

    def _show(self) -> None:
        before = self.selected.id if self.selected else None
        first = len(self._rows) < 2
        shipped, own = self._rows_in_view()
        self._rows = ["All decks", *shipped]
        headings = set()
        if own:
            headings = {len(self._rows), len(self._rows) + 1}
            self._rows += ["", "Your decks", *own]
        ids = [None if isinstance(row, str) else row.id for row in self._rows]
        cursor = ids.index(before) if before in ids else 0
        if first:
            busy = (
                i
                for i, row in enumerate(self._rows)
                if not isinstance(row, str) and row.counts.total
            )
            cursor = next(busy, 0)
        self.show(len(self._rows), frozenset(headings), cursor)

    def _rows_in_view(self) -> tuple[list[DeckSummary], list[DeckSummary]]:
        """Return the rows whose parents are all open: among the shipped decks, and the rest."""
        shipped: list[DeckSummary] = []
        own: list[DeckSummary] = []
        section, deepest = shipped, 0
        for deck in self._decks:
            if not deck.depth:
                section = shipped if deck.stands_for_shipped else own
            if deck.depth <= deepest:
                section.append(deck)
                deepest = deck.depth + (deck.is_parent and deck.id in self.opened)
        return shipped, own

    def open(self) -> bool:
        """Show what is below the parent under the cursor; if it is shown, go to the first of it.

        Returns:
            False if nothing is below what the cursor is on.
        """
        parent = self.selected
        if parent is None or not parent.is_parent:
            return False
        if parent.id in self.opened:
            self.cursor += 1
        else:
            self.opened.add(parent.id)
            self._show()
        return True

    def close(self) -> bool:
        """Hide what is below the parent under the cursor; else go to the parent of the deck.

        Returns:
            False if there is neither.
        """
        deck = self.selected
        if deck is not None and deck.id in self.opened:
            self.opened.remove(deck.id)
            self._show()
        elif deck is not None and deck.depth:
            while isinstance(row := self._rows[self.cursor], str) or row.depth >= deck.depth:
                self.cursor -= 1
        else:
            return False
        return True

    def select(self, deck: str) -> None:
        """Put the cursor on a deck, if it is listed, and open what it is below."""
        above: list[str] = []
        for each in self._decks:
            del above[each.depth :]
            if each.id == deck and not self.opened.issuperset(above):
                self.opened.update(above)
                self._show()
            above.append(each.id)
        for index, row in enumerate(self._rows):
            if not isinstance(row, str) and row.id == deck:
                self.cursor = index

    def _render_row(self, index: int, width: int) -> Content:
        row = self._rows[index]
        if index and isinstance(row, str):
            return Content.styled(f"  {row}", "$muted")
        selected = index == self.cursor
        if isinstance(row, str):
            title, counts, before = row, self._all, ""
        else:
            title, counts, before = row.name, row.counts, self._before(row)
        edge = Content.styled("▌ " if selected else "  ", "$primary")
        figures = Content.assemble(
            *(
                (f"{count or '':>{wide}}", colour)
                for count, (_, wide, colour) in zip(counts.waiting, COLUMNS, strict=True)
            )
        )
        if not counts.total:
            figures = Content.styled(self._nothing(row), "$muted")
        figures = figures[len(figures.plain) - len(figures.plain.lstrip()) :]  # a name may go on
        room = width - 2 - figures.cell_length - 2 - len(before)
        name = Content(title).truncate(max(room, 4), ellipsis=True)
        if not counts.total:
            name = name.stylize("$muted")
        elif index == 0:
            name = name.stylize("bold")
        taken = 2 + len(before) + name.cell_length + figures.cell_length
        gap = " " * max(1, width - taken - 1)
        return edge + Content.styled(before, "$muted") + name + gap + figures

    def _before(self, row: DeckSummary) -> str:
        """The mark of a parent, and how far it and decks are moved in."""
        if not self._has_parents:
            return ""
        mark = ("▾ " if row.id in self.opened else "▸ ") if row.is_parent else "  "
        return "  " * row.depth + mark

    def _nothing(self, row: DeckSummary | str) -> str:
        """Say why nothing waits."""
        if isinstance(row, str):
            return "done for today" if self.count > 1 else ""
        if not row.cards:
            return "no cards"
        if row.counts.held:
            return f"{row.counts.held:,} held back"
        if self._planned:
            return "rests today"
        if row.id not in self._waits:
            self._waits[row.id] = self._next_wait(row.decks)
        return f"next {wait}" if (wait := self._waits[row.id]) else "done for today"


def heading(width: int) -> Content:
    """The line above the list, in its columns."""
    figures = "".join(f"{title:>{wide}}" for title, wide, _ in COLUMNS)
    return Content("  Decks" + figures.rjust(max(0, width - 8)))
