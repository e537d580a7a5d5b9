"""The decks with what waits in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sco_quiz.learning.queue import Counts
from sco_quiz.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.workspace.catalogue import DeckSummary

COLUMNS = (("new", 5, "$secondary"), ("learn", 7, "$accent"), ("due", 6, "$success"))
"""Title, width and colour of the three counts."""


class DeckList(RowList):
    """All decks at once in the first row, then the shipped decks, then the learner's own."""

    def __init__(self) -> None:
        super().__init__(self._render_row, id="decks")
        self._rows: list[DeckSummary | str] = []
        self._all = Counts()
        self._planned = False

    @property
    def selected(self) -> DeckSummary | None:
        """The deck under the cursor; None stands for all of them."""
        row = self._rows[self.cursor] if self._rows else ""
        return None if isinstance(row, str) else row

    @property
    def all_counts(self) -> Counts:
        """What waits in all decks together."""
        return self._all

    def show_decks(self, decks: Sequence[DeckSummary], *, planned: bool = False) -> None:
        """Show these; the cursor stays on its deck, or goes to the first with something to do.

        Args:
            decks: The shipped ones, then the learner's own.
            planned: Whether a plan for a backlog says what is asked today.
        """
        self._planned = planned
        before = self.selected.id if self.selected else None
        first = len(self._rows) < 2
        self._all = Counts()
        for deck in decks:
            self._all = self._all.plus(deck.counts)
        own = [deck for deck in decks if not deck.shipped]
        self._rows = ["All decks", *(deck for deck in decks if deck.shipped)]
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

    def select(self, deck: str) -> None:
        """Put the cursor on a deck, if it is listed."""
        for index, row in enumerate(self._rows):
            if not isinstance(row, str) and row.id == deck:
                self.cursor = index

    def _render_row(self, index: int, width: int) -> Content:
        row = self._rows[index]
        if index and isinstance(row, str):
            return Content.styled(f"  {row}", "$muted")
        selected = index == self.cursor
        title, counts = (row, self._all) if isinstance(row, str) else (row.title, row.counts)
        edge = Content.styled("▌ " if selected else "  ", "$primary")
        figures = Content.assemble(
            *(
                (f"{count or '':>{wide}}", colour)
                for count, (_, wide, colour) in zip(counts.waiting, COLUMNS, strict=True)
            )
        )
        if not counts.total:
            figures = Content.styled(self._nothing(row), "$muted")
        room = width - 2 - figures.cell_length - 2
        name = Content(title).truncate(max(room, 4), ellipsis=True)
        if not counts.total:
            name = name.stylize("$muted")
        elif index == 0:
            name = name.stylize("bold")
        gap = " " * max(1, width - 2 - name.cell_length - figures.cell_length - 1)
        return edge + name + gap + figures

    def _nothing(self, row: DeckSummary | str) -> str:
        """Why nothing waits."""
        if isinstance(row, str):
            return "done for today" if self.count > 1 else ""
        if not row.cards:
            return "no cards"
        if row.counts.held:
            return f"{row.counts.held} held back"
        return "rests today" if self._planned else "done for today"


def heading(width: int) -> Content:
    """The line above the list, in its columns."""
    figures = "".join(f"{title:>{wide}}" for title, wide, _ in COLUMNS)
    return Content("  Decks" + figures.rjust(max(0, width - 8)))
