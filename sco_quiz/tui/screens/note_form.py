"""Forms that write to decks: a note beside its card as it will be asked, a new deck, tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.screen import ScreenResultType
from textual.widgets import Static

from sco_quiz.authoring.notes import Authoring
from sco_quiz.authoring.steps import rename_deck
from sco_quiz.commands.actions import FORM
from sco_quiz.errors import SCOQuizError
from sco_quiz.learning.kinds import Input, Kind
from sco_quiz.learning.question import options_of
from sco_quiz.text import clean, plain
from sco_quiz.tui.markup import inline, with_margin
from sco_quiz.tui.outcome import source_line
from sco_quiz.tui.pages import Form
from sco_quiz.tui.widgets.fields import Entry, FormField, Picker

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.timer import Timer

    from sco_quiz.learning.cards import Card
    from sco_quiz.tui.messages import OpenNoteForm, OpenRenameDeck, OpenRetag


LOOK_SECONDS = 0.12
"""How long after the last key the card is looked at."""
KINDS = tuple(Kind)
KIND_NAMES = [kind.word for kind in KINDS]


class WritingForm(Form[ScreenResultType]):
    """A form whose text survives: left without saving, it has the same text when opened again."""

    def __init__(self, name: str) -> None:
        """Make a form.

        Args:
            name: By it the form is known again.
        """
        super().__init__()
        self._draft_name = name
        self._draft = self.app.drafts.get(name, {})
        self._is_changed = self._has_asked = False

    def _begin(self) -> None:
        """Name the keys, and say so where the text is one that was not saved before."""
        self.show_keys(typing=True)
        if self._draft:
            key = self.key_of("form.discard", typing=True)
            self.tell(f"This is what you did not save before. {key} drops it.")

    def _texts(self) -> dict[str, str]:
        """Return what is written, by field."""
        return {field.key: field.value for field in self.query(FormField)}

    @property
    def is_typed_at(self) -> bool:
        """Tell whether a character types something: it does in every form."""
        return True

    @property
    def holds_text(self) -> bool:
        """Tell whether something is written that is not saved."""
        return self._is_changed and any(
            field.value for field in self.query(FormField) if isinstance(field.control, Entry)
        )

    def on_text_area_changed(self) -> None:
        """Keep in mind that something was written."""
        self._is_changed, self._has_asked = True, False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Tell whether an action makes sense at this moment."""
        return action != "discard" or bool(self._draft) or self.holds_text

    def action_leave(self) -> None:
        """Leave; of what is not saved this is said first, and it is kept for the next time."""
        if self.holds_text and not self._has_asked:
            self._has_asked = True
            save, discard = (
                self.key_of(f"form.{name}", typing=True) for name in ("save", "discard")
            )
            self.tell(f"Not saved. {save} saves, {discard} discards; leaving again keeps the text.")
            self.show_keys(typing=True)
            return
        if self.holds_text:
            self.app.drafts[self._draft_name] = self._texts()
        self.dismiss(None)

    def action_discard(self) -> None:
        """Leave, and drop what is not saved."""
        self._drop_draft()
        self.dismiss(None)

    def _drop_draft(self) -> None:
        self._draft = {}
        self._is_changed = False
        self.app.drafts.pop(self._draft_name, None)


class NoteForm(WritingForm[dict[str, str]]):
    """A note's fields; dismissed with the new keys of edited cards, or None if none was."""

    ACTIONS = FORM

    def __init__(self, asked: OpenNoteForm) -> None:
        """Open the form."""
        self._note = note = asked.note
        like = note or asked.like
        name = f"{like.path} {like.values}" if like else "note"
        super().__init__(name if note or not like else f"another {name}")
        self._authoring = Authoring(self._workspace)
        self._decks = asked.decks
        self._values: dict[str, str] = (dict(like.values) if like else {}) | self._draft
        self._kind = like.kind if like else Kind.TYPED
        if "kind" in self._draft:
            self._kind = KINDS[KIND_NAMES.index(self._draft["kind"])]
        self._timer: Timer | None = None
        self._was_refused = False
        self._keys: dict[str, str] = {}

    def fields(self) -> ComposeResult:
        """Where the note goes and its kind; the fields of the kind follow."""
        if self._note is None:
            titles = [deck.title for deck in self._decks]
            title = self._draft.get("deck", "")
            at = titles.index(title) if title in titles else 0
            yield FormField("deck", Picker(titles, at, id="deck"))
        yield FormField("kind", Picker(KIND_NAMES, KINDS.index(self._kind), id="kind"))
        yield Container(id="fields")

    def beside(self) -> ComposeResult:
        """The card as it will be."""
        with VerticalScroll(id="preview-pane", can_focus=False):
            yield Static("As it will be asked", classes="heading", markup=False)
            yield Static(id="preview", markup=False)
            yield Static(id="remark", markup=False)

    async def on_mount(self) -> None:
        """Show the fields of the kind."""
        self._begin()
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

    def _texts(self) -> dict[str, str]:
        return self._values | super()._texts()

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
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(LOOK_SECONDS, self._look)

    async def on_picker_changed(self) -> None:
        """Another kind has other fields; what was written stays."""
        kind = KINDS[self.query_one("#kind", Picker).index]
        if kind is not self._kind:
            self._values |= self._written()
            self._kind = kind
            self._is_changed = True
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
            field.show_problem(problem if written[field.key] or self._was_refused else "")
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
            self._was_refused = True
            self._look()
            self.tell(error)
            return
        self._was_refused = False
        self._drop_draft()
        if self._note is not None:
            self.dismiss(self._keys)
            return
        keep = {"source", "category", "tags", "as_of"}
        self._values = {name: text for name, text in written.items() if name in keep}
        self.tell(f"Added to {self._workspace.catalogue.title(self._deck)}.")
        await self._show_fields()
        self._is_changed = False
        self.query("#fields Entry").first().focus()


def _preview(card: Card) -> Content:
    """The question above, the answer and what comes with it below."""
    lines = [inline(card.prompt, "bold")]
    image, audio, answer_image, answer_audio = card.media
    lines += _media(image, audio)
    if card.hint:
        lines.append(Content.assemble(("hint: ", "$muted"), inline(card.hint, "$muted")))
    lines.append(Content())
    for number, option in enumerate(options_of(card, 0), 1):
        right = option in card.answers and card.kind.input is not Input.ORDER
        sign = Content.styled("✓ " if right else "  ", "$success")
        lines.append(Content.styled(f"  {number}  ", "$primary") + sign + inline(option))
    if card.kind.input is Input.TEXT:
        answers = ", ".join(card.answers)
        lines.append(Content.assemble(("› ", "$primary"), (answers, "$success")))
        if card.accept:
            lines.append(Content.styled(f"  also: {', '.join(card.accept)}", "$muted"))
    elif card.kind.input in (Input.REVEAL, Input.ENTRIES):
        lines += [inline(answer, "$success") for answer in card.answers]
    elif card.kind.input is Input.ORDER:
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


class NewDeck(WritingForm[str]):
    """Dismissed with the id of the new deck, or None."""

    ACTIONS = FORM

    def __init__(self) -> None:
        """Open the form."""
        super().__init__("deck")

    def fields(self) -> ComposeResult:
        """Title and description."""
        yield FormField("deck", Entry(self._draft.get("deck", "")), required=True)
        yield FormField("description", Entry(self._draft.get("description", "")))
        yield Static(id="remark", markup=False)

    def on_mount(self) -> None:
        """Say where it will be."""
        self._begin()
        self.show_title("New deck")
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
        self._drop_draft()
        self.dismiss(deck)


class RenameDeck(WritingForm[str]):
    """Dismissed with the new title of a deck, or None."""

    ACTIONS = FORM

    def __init__(self, asked: OpenRenameDeck) -> None:
        """Open the form."""
        super().__init__(f"title of {asked.deck}")
        self._deck = asked.deck
        self._before = self._workspace.catalogue.title(asked.deck)

    def fields(self) -> ComposeResult:
        """The title, and how it names a parent."""
        yield FormField("deck", Entry(self._draft.get("deck", self._before)), required=True)
        yield Static(id="remark", markup=False)

    def on_mount(self) -> None:
        """Say what stays."""
        self._begin()
        self.show_title(f"Rename {plain(self._before)}")
        told = "Its cards keep their history. Parent::Child puts it below another deck."
        self.query_one("#remark", Static).update(Content.styled(told, "$muted"))

    def action_save(self) -> None:
        """Write it into the deck's file."""
        field = self.query_one(FormField)
        try:
            rename_deck(self._workspace, self._deck, field.value)
        except SCOQuizError as error:
            field.show_problem(error.message)
            return
        self._drop_draft()
        self.dismiss(self._workspace.catalogue.title(self._deck))


class Retag(WritingForm[tuple[list[str], list[str]]]):
    """Dismissed with the tags to add and those to take away, or None."""

    ACTIONS = FORM

    def __init__(self, asked: OpenRetag) -> None:
        """Open the form."""
        super().__init__("tags")
        self._count = asked.count
        self._tags = sorted({tag for row in asked.rows for tag in row.card.tags})

    def fields(self) -> ComposeResult:
        """Two fields, and the tags there are."""
        yield FormField("add", Entry(self._draft.get("add", "")))
        yield FormField("take away", Entry(self._draft.get("take away", "")))
        yield Static(id="remark", markup=False)

    def on_mount(self) -> None:
        """Say what the tags are now."""
        self._begin()
        what = "the card" if self._count == 1 else f"{self._count:,} cards"
        self.show_title(f"Tags of {what}", "several with commas")
        now = clean(", ".join(self._tags), multiline=False) or "none"
        self.query_one("#remark", Static).update(Content.styled(f"now: {now}", "$muted"))

    def action_save(self) -> None:
        """Give the tags."""
        add, remove = (
            [tag.strip() for tag in field.value.replace("\n", ",").split(",") if tag.strip()]
            for field in self.query(FormField).results(FormField)
        )
        self._drop_draft()
        self.dismiss((add, remove) if add or remove else None)
