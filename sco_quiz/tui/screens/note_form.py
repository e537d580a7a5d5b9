"""Add and edit cards: a form beside the card as it will be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from sco_quiz.authoring.notes import Authoring
from sco_quiz.errors import SCOQuizError
from sco_quiz.learning.cards import Kind
from sco_quiz.tui.actions import FORM, bindings
from sco_quiz.tui.preview import preview
from sco_quiz.tui.screens.form import Form
from sco_quiz.tui.widgets.bars import KeyBar, TopBar
from sco_quiz.tui.widgets.fields import Entry, FormField, Picker

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.timer import Timer

    from sco_quiz.authoring.notes import NoteText
    from sco_quiz.workspace.catalogue import DeckSummary
    from sco_quiz.workspace.workspace import Workspace

LOOK_SECONDS = 0.12
"""How long after the last key the card is looked at."""
KINDS = tuple(Kind)


class NoteForm(Form[dict[str, str]]):
    """A note's fields; dismissed with the new keys of edited cards, or None if none was."""

    BINDINGS = bindings(FORM)

    def __init__(
        self, workspace: Workspace, decks: list[DeckSummary], note: NoteText | None = None
    ) -> None:
        """Open the form.

        Args:
            workspace: Writes what is saved.
            decks: Where a new note may go, the likeliest first.
            note: The note to edit; None for new ones.
        """
        super().__init__()
        self._workspace = workspace
        self._authoring = Authoring(workspace)
        self._decks = decks
        self._note = note
        self._values: dict[str, str] = dict(note.values) if note else {}
        self._kind = note.kind if note else Kind.TYPED
        self._timer: Timer | None = None
        self._dirty = self._warned = False
        self._keys: dict[str, str] = {}

    def fields(self) -> ComposeResult:
        """Where the note goes and its kind; the fields of the kind follow."""
        if self._note is None:
            titles = [deck.title for deck in self._decks]
            yield FormField("deck", Picker(titles, id="deck"))
        names = [kind.value.replace("_", "/") for kind in KINDS]
        yield FormField("kind", Picker(names, KINDS.index(self._kind), id="kind"))
        yield Container(id="fields")

    def beside(self) -> ComposeResult:
        """The card as it will be."""
        with VerticalScroll(id="preview-pane", can_focus=False):
            yield Static("As it will be asked", classes="heading", markup=False)
            yield Static(id="preview", markup=False)
            yield Static(id="remark", markup=False)

    async def on_mount(self) -> None:
        """Show the fields of the kind."""
        self.query_one(KeyBar).show(action.while_typing() for action in FORM)
        self.query_one("#fields").styles.height = "auto"
        await self._show_fields()

    async def _show_fields(self) -> None:
        holder = self.query_one("#fields")
        await holder.remove_children()
        fields = []
        for field in self._authoring.fields_of(self._kind):
            value = self._values.get(field.name, "")
            control: Entry | Picker
            if field.choices:
                at = field.choices.index(value) if value in field.choices else 0
                control = Picker(field.choices, at)
            else:
                control = Entry(value)
            about = f"{field.about} One a line." if field.several else field.about
            fields.append(FormField(field.name, control, required=field.required, about=about))
        await holder.mount_all(fields)
        self._look()

    def _written(self) -> dict[str, str]:
        return {
            field.key: field.value for field in self.query("#fields FormField").results(FormField)
        }

    @property
    def _deck(self) -> str:
        if self._note is not None:
            return self._note.deck
        return self._decks[self.query_one("#deck", Picker).index].id

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what the field is for."""
        field = next((each for each in event.widget.ancestors if isinstance(each, FormField)), None)
        title = "Edit card" if self._note else "Add card"
        about = field.about if field else ""
        self.query_one(TopBar).show(
            Content.styled(title, "$foreground"), Content(about or "fields with * are needed")
        )

    def on_text_area_changed(self) -> None:
        """Look at the card soon, once the fingers rest."""
        self._dirty, self._warned = True, False
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(LOOK_SECONDS, self._look)

    async def on_picker_changed(self) -> None:
        """Another kind has other fields; what was written stays."""
        kind = KINDS[self.query_one("#kind", Picker).index]
        if kind is not self._kind:
            self._values |= self._written()
            self._kind = kind
            self._dirty = True
            await self._show_fields()
        else:
            self._look()

    def _look(self) -> None:
        """Show the card, and at each field what is wrong with it."""
        look = self._authoring.look(self._deck, self._kind, self._written(), self._note)
        written = self._written()
        for field in self.query("#fields FormField").results(FormField):
            problem = look.problems.get(field.key, "")
            # A field that was not come to yet is not wrong yet.
            field.show_problem(problem if written[field.key] or self._warned else "")
        cards = look.cards
        body = Content("\n\n").join([preview(card) for card in cards[:3]])
        self.query_one("#preview", Static).update(
            body if cards else Content.styled("Fill in what has a star.", "$muted")
        )
        self.query_one("#remark", Static).update(Content(look.remark))

    async def action_save(self) -> None:
        """Write the note; a form for new ones is then ready for the next."""
        written = self._written()
        try:
            if self._note is not None:
                self._keys = self._authoring.save(self._note, self._kind, written)
            else:
                self._authoring.add(self._deck, self._kind, written)
        except SCOQuizError as error:
            self._warned = True
            self._look()
            self.notify(f"{error.message}\n{error.help}", severity="error", markup=False)
            return
        self._dirty = False
        if self._note is not None:
            self.dismiss(self._keys)
            return
        keep = {"source", "category", "tags", "as_of"}
        self._values = {name: text for name, text in written.items() if name in keep}
        self.notify(f"Added to {self._workspace.catalogue.title(self._deck)}.", markup=False)
        await self._show_fields()
        self._dirty = False
        self.query("#fields Entry").first().focus()

    def action_leave(self) -> None:
        """Leave; what is written but not saved is asked about once."""
        if self._dirty and not self._warned and any(self._written().values()):
            self._warned = True
            self.notify("Not saved. ^s saves; leaving again discards it.")
        else:
            self.dismiss(None)
