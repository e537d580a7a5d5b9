"""Several of a list, marked one by one, or all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message

from sco_quiz.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual import events


class Marks(RowList):
    """Names with marks; above them stands what it is to mark none: all of them.

    Attributes:
        marked: The places of the names that are marked; empty for all.
    """

    DEFAULT_CSS = """
    Marks { width: 1fr; max-width: 60; height: auto; max-height: 40vh; margin-bottom: 1; }
    Marks > .row-list--cursor { background: $background; }
    Marks:focus > .row-list--cursor { background: $panel; }
    """

    class MarksChanged(Message):
        """Something else is marked."""

    def __init__(
        self,
        every: str,
        names: Sequence[tuple[str, str]],
        marked: Iterable[int] = (),
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """Make a list.

        Args:
            every: What all of them are called.
            names: Clean, each with what stands on the right of it.
            marked: Places that are marked; the cursor begins at the first.
            id: The widget's id.
        """
        super().__init__(self._mark_row, id=id)
        self._names = [(every, ""), *names]
        self.marked = set(marked)

    def on_mount(self) -> None:
        """Show them."""
        self.show(len(self._names), cursor=min(self.marked) + 1 if self.marked else 0)

    @property
    def value(self) -> str:
        """The names of what is marked, joined by commas."""
        return ", ".join(self._names[place + 1][0] for place in sorted(self.marked) or [-1])

    def toggle(self) -> None:
        """Mark what is under the cursor, or not any more; on the line for all, unmark the rest."""
        self.marked = self.marked ^ {self.cursor - 1} if self.cursor else set()
        self.refresh()
        self.post_message(self.MarksChanged())

    def on_click(self, event: events.Click) -> None:
        """A click marks."""
        event.prevent_default()
        place = self.row_at(event)
        if place is not None:
            self.cursor = place
            self.toggle()

    def _mark_row(self, index: int, width: int) -> Content:
        name, beside = self._names[index]
        is_marked = index - 1 in self.marked if index else not self.marked
        room = max(4, width - 4 - len(beside))
        title = Content(name).truncate(room, ellipsis=True)
        return Content.assemble(
            ("■ ", "$primary") if is_marked else ("□ ", "$muted"),
            title.stylize("$foreground" if is_marked else "$muted"),
            " " * (room - title.cell_length + 1),
            (beside, "$muted"),
        )
