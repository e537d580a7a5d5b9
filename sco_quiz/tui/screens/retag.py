"""Tags for the notes of one card or of many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from sco_quiz.text import clean
from sco_quiz.tui.actions import FORM, bindings
from sco_quiz.tui.screens.form import Form
from sco_quiz.tui.widgets.bars import KeyBar, TopBar
from sco_quiz.tui.widgets.fields import Entry, FormField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from sco_quiz.insight.browsing import Row


class Retag(Form[tuple[list[str], list[str]]]):
    """Dismissed with the tags to add and those to take away, or None."""

    BINDINGS = bindings(FORM)

    def __init__(self, count: int, rows: Sequence[Row]) -> None:
        """Open the form.

        Args:
            count: How many cards it is about.
            rows: Those of them that are at hand, to tell their tags.
        """
        super().__init__()
        self._count = count
        self._tags = sorted({tag for row in rows for tag in row.card.tags})

    def fields(self) -> ComposeResult:
        """Two fields, and the tags there are."""
        yield FormField("add", Entry())
        yield FormField("take away", Entry())
        yield Static(id="remark", markup=False)

    def on_mount(self) -> None:
        """Say what the tags are now."""
        what = "the card" if self._count == 1 else f"{self._count:,} cards"
        self.query_one(TopBar).show(
            Content.styled(f"Tags of {what}", "$foreground"), Content("several with commas")
        )
        self.query_one(KeyBar).show(action.while_typing() for action in FORM)
        now = clean(", ".join(self._tags), multiline=False) or "none"
        self.query_one("#remark", Static).update(Content.styled(f"now: {now}", "$muted"))

    def action_save(self) -> None:
        """Give the tags."""
        add, remove = (
            [tag.strip() for tag in field.value.replace("\n", ",").split(",") if tag.strip()]
            for field in self.query(FormField).results(FormField)
        )
        self.dismiss((add, remove) if add or remove else None)

    def action_leave(self) -> None:
        """Leave the tags as they are."""
        self.dismiss(None)
