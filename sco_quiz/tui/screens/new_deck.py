"""A deck of the learner's own: a title is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from sco_quiz.authoring.notes import Authoring
from sco_quiz.errors import SCOQuizError
from sco_quiz.text import clean
from sco_quiz.tui.actions import FORM, bindings
from sco_quiz.tui.screens.form import Form
from sco_quiz.tui.widgets.bars import KeyBar, TopBar
from sco_quiz.tui.widgets.fields import Entry, FormField

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sco_quiz.workspace.workspace import Workspace


class NewDeck(Form[str]):
    """Dismissed with the id of the new deck, or None."""

    BINDINGS = bindings(FORM)

    def __init__(self, workspace: Workspace) -> None:
        """Open the form."""
        super().__init__()
        self._workspace = workspace

    def fields(self) -> ComposeResult:
        """Title and description."""
        yield FormField("deck", Entry(), required=True)
        yield FormField("description", Entry())
        yield Static(id="remark", markup=False)

    def on_mount(self) -> None:
        """Say where it will be."""
        self.query_one(TopBar).show(Content.styled("New deck", "$foreground"), Content())
        self.query_one(KeyBar).show(action.while_typing() for action in FORM)
        folder = clean(str(self._workspace.paths.decks_folder))
        self.query_one("#remark", Static).update(Content(f"It becomes a YAML file in {folder}."))

    def action_save(self) -> None:
        """Write the deck's file."""
        title, description = (field.value for field in self.query(FormField).results(FormField))
        try:
            deck = Authoring(self._workspace).new_deck(title, description)
        except SCOQuizError as error:
            self.query(FormField).first(FormField).show_problem(error.message)
            return
        self.dismiss(deck)

    def action_leave(self) -> None:
        """Leave without a deck."""
        self.dismiss(None)
