"""Before study by time: which deck, and for how many minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from sco_quiz.insight.activity import Activity
from sco_quiz.tui.actions import MINUTES, bindings
from sco_quiz.tui.messages import StartStudy
from sco_quiz.tui.screens.form import Form
from sco_quiz.tui.widgets.bars import KeyBar, TopBar
from sco_quiz.tui.widgets.fields import FormField, Picker

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sco_quiz.workspace.catalogue import DeckSummary
    from sco_quiz.workspace.workspace import Workspace

USUAL = (2, 5, 10, 15, 20, 30, 45, 60)
AT_FIRST = 10


class Minutes(Form[StartStudy]):
    """Dismissed with what to study, or None."""

    BINDINGS = bindings(MINUTES)
    AUTO_FOCUS = "#minutes"

    def __init__(self, workspace: Workspace, selected: str = "") -> None:
        """Offer the minutes of the last time, for the selected deck.

        Args:
            workspace: Knows the decks.
            selected: The id of a deck; empty for all.
        """
        super().__init__()
        decks: list[DeckSummary | None] = [deck for deck in workspace.agenda.decks() if deck.cards]
        self._decks = [None, *decks]
        self._deck = next(
            (at for at, deck in enumerate(self._decks) if deck and deck.id == selected), 0
        )
        before = Activity(workspace).minutes_before() or AT_FIRST
        self._minutes = sorted({*USUAL, before})
        self._before = self._minutes.index(before)

    def fields(self) -> ComposeResult:
        """Two fields, and what they mean."""
        titles = [deck.title if deck else "All decks" for deck in self._decks]
        minutes = [f"{number:g} minute{'s' * (number != 1)}" for number in self._minutes]
        yield FormField("deck", Picker(titles, self._deck, id="deck"))
        yield FormField("for", Picker(minutes, self._before, id="minutes"))
        yield Static(id="remark", markup=False)

    def on_mount(self) -> None:
        """Say what will be asked."""
        self.query_one(TopBar).show(Content.styled("Study by time", "$foreground"), Content())
        self.query_one(KeyBar).show(action.while_typing() for action in MINUTES)
        self.query_one("#remark", Static).update(
            Content.styled(
                "What you are most likely to forget comes first. When the time is up, the"
                " question on the screen is the last.",
                "$muted",
            )
        )

    def action_begin(self) -> None:
        """Study for so long."""
        deck = self._decks[self.query_one("#deck", Picker).index]
        minutes = self._minutes[self.query_one("#minutes", Picker).index]
        self.dismiss(StartStudy((deck.id,) if deck else (), minutes=minutes))

    def action_leave(self) -> None:
        """Leave without studying."""
        self.dismiss(None)
