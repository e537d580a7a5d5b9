"""Forms that write to decks: a note beside its card as it will be asked, a new deck, tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from sco_quiz.authoring.notes import Authoring
from sco_quiz.commands.actions import FORM
from sco_quiz.errors import SCOQuizError
from sco_quiz.learning.cards import Kind
from sco_quiz.learning.question import options_of
from sco_quiz.text import clean
from sco_quiz.tui.markup import inline, with_margin
from sco_quiz.tui.outcome import source_line
from sco_quiz.tui.pages import Form
from sco_quiz.tui.widgets.fields import Entry, FormField, Picker

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.timer import Timer

    from sco_quiz.learning.cards import Card
    from sco_quiz.tui.messages import OpenNoteForm, OpenRetag


LOOK_SECONDS = 0.12
"""How long after the last key the card is looked at."""
KINDS = tuple(Kind)


class NoteForm(Form[dict[str, str]]):
    """A note's fields; dismissed with the new keys of edited cards, or None if none was."""

    ACTIONS = FORM

    def __init__(self, asked: OpenNoteForm) -> None:
        """Open the form."""
        super().__init__()
        self._authoring = Authoring(self._workspace)
        self._decks = asked.decks
        self._note = note = asked.note
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
        self.show_keys(typing=True)
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
        self.show_title(title, about or "fields with * are needed")

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
        body = with_margin(Content("\n\n").join([_preview(card) for card in cards[:3]]))
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
            self.tell(error)
            return
        self._dirty = False
        if self._note is not None:
            self.dismiss(self._keys)
            return
        keep = {"source", "category", "tags", "as_of"}
        self._values = {name: text for name, text in written.items() if name in keep}
        self.tell(f"Added to {self._workspace.catalogue.title(self._deck)}.")
        await self._show_fields()
        self._dirty = False
        self.query("#fields Entry").first().focus()

    def action_leave(self) -> None:
        """Leave; what is written but not saved is asked about once."""
        if self._dirty and not self._warned and any(self._written().values()):
            self._warned = True
            save = self.key_of("form.save", typing=True)
            self.tell(f"Not saved. {save} saves; leaving again discards it.")
        else:
            self.dismiss(None)


def _preview(card: Card) -> Content:
    """The question above, the answer and what comes with it below."""
    lines = [inline(card.prompt, "bold")]
    image, audio, answer_image, answer_audio = card.media
    lines += _media(image, audio)
    if card.hint:
        lines.append(Content.assemble(("hint: ", "$muted"), inline(card.hint, "$muted")))
    lines.append(Content())
    for number, option in enumerate(options_of(card, 0), 1):
        right = option in card.answers and card.kind is not Kind.ORDER
        sign = Content.styled("✓ " if right else "  ", "$success")
        lines.append(Content.styled(f"  {number}  ", "$primary") + sign + inline(option))
    if card.kind in (Kind.TYPED, Kind.CLOZE):
        answers = ", ".join(card.answers)
        lines.append(Content.assemble(("› ", "$primary"), (answers, "$success")))
        if card.accept:
            lines.append(Content.styled(f"  also: {', '.join(card.accept)}", "$muted"))
    elif card.kind in (Kind.BASIC, Kind.LIST):
        lines += [inline(answer, "$success") for answer in card.answers]
    elif card.kind is Kind.ORDER:
        lines.append(Content())
        lines += [
            Content.styled(f"  {place}. ", "$success") + inline(answer)
            for place, answer in enumerate(card.answers, 1)
        ]
    lines += _media(answer_image, answer_audio)
    if card.explain:
        lines += [Content(), inline(card.explain)]
    source = source_line(card)
    if source:
        lines += [Content(), source.stylize("$muted")]
    return Content("\n").join(lines)


def _media(image: str, audio: str) -> list[Content]:
    named = {"image": image, "audio": audio}
    return [Content.styled(f"{sort}: {name}", "$muted") for sort, name in named.items() if name]


class NewDeck(Form[str]):
    """Dismissed with the id of the new deck, or None."""

    ACTIONS = FORM

    def fields(self) -> ComposeResult:
        """Title and description."""
        yield FormField("deck", Entry(), required=True)
        yield FormField("description", Entry())
        yield Static(id="remark", markup=False)

    def on_mount(self) -> None:
        """Say where it will be."""
        self.show_title("New deck")
        self.show_keys(typing=True)
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


class Retag(Form[tuple[list[str], list[str]]]):
    """Dismissed with the tags to add and those to take away, or None."""

    ACTIONS = FORM

    def __init__(self, asked: OpenRetag) -> None:
        """Open the form."""
        super().__init__()
        self._count = asked.count
        self._tags = sorted({tag for row in asked.rows for tag in row.card.tags})

    def fields(self) -> ComposeResult:
        """Two fields, and the tags there are."""
        yield FormField("add", Entry())
        yield FormField("take away", Entry())
        yield Static(id="remark", markup=False)

    def on_mount(self) -> None:
        """Say what the tags are now."""
        what = "the card" if self._count == 1 else f"{self._count:,} cards"
        self.show_title(f"Tags of {what}", "several with commas")
        self.show_keys(typing=True)
        now = clean(", ".join(self._tags), multiline=False) or "none"
        self.query_one("#remark", Static).update(Content.styled(f"now: {now}", "$muted"))

    def action_save(self) -> None:
        """Give the tags."""
        add, remove = (
            [tag.strip() for tag in field.value.replace("\n", ",").split(",") if tag.strip()]
            for field in self.query(FormField).results(FormField)
        )
        self.dismiss((add, remove) if add or remove else None)
