"""Forms that write to decks: a note beside its card as it will be asked, a new deck, tags."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.screen import ScreenResultType
from textual.widgets import Static

from sco_quiz import debug
from sco_quiz.authoring.drafts import Draft, DraftFile, EditedNote, take_up_draft
from sco_quiz.authoring.note_fields import NoteVersion, as_texts, merge_versions, note_of
from sco_quiz.authoring.notes import Authoring
from sco_quiz.authoring.steps import rename_deck
from sco_quiz.commands.actions import FORM, NOTE_FORM
from sco_quiz.errors import DeckError, SCOQuizError
from sco_quiz.files import keep_note, read_note
from sco_quiz.learning.cards import names_in
from sco_quiz.learning.kinds import Input, Kind
from sco_quiz.learning.question import options_of
from sco_quiz.numbers_and_times import many
from sco_quiz.paths import shown_path
from sco_quiz.text import clean, plain
from sco_quiz.tui.markup import inline, with_margin
from sco_quiz.tui.messages import OpenChoosing
from sco_quiz.tui.outcome import source_line
from sco_quiz.tui.pages import Form
from sco_quiz.tui.widgets.fields import Entry, Fold, FormField, Picker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.timer import Timer

    from sco_quiz.authoring.note_fields import MergedNote
    from sco_quiz.authoring.notes import NoteText
    from sco_quiz.learning.cards import Card
    from sco_quiz.tui.messages import OpenNoteForm, OpenRenameDeck, OpenRetag


LOOK_SECONDS = 0.12
"""Seconds after the last key until the card is looked at."""
KEEP_SECONDS = 0.4
"""Seconds after a key in which the text is kept, at most."""
KINDS = tuple(Kind)
PREVIEW = "As it will be asked"
KIND_NAMES = [kind.spec.name for kind in KINDS]
CARDS_SHOWN = 3
CARRIED = {"source", "category", "tags", "as_of"}
"""Fields of a new note that the next one begins with."""


class WritingForm(Form[ScreenResultType]):
    """A form whose text survives, by whichever way it is left: the next opening has it again."""

    def __init__(self, name: str, note: NoteText | None = None, *, offers: bool = True) -> None:
        """Make a form, with what was written in one like it and not saved.

        Args:
            name: By it forms are alike.
            note: The note that it is to edit, if it is for one.
            offers: Whether it is to begin so; what is written is kept all the same.
        """
        super().__init__()
        self._form, self._edits = name, note is not None
        folder = self._workspace.paths.drafts_folder
        self._file = take_up_draft(self._workspace, name, note) if offers else DraftFile(folder)
        self._draft = dict(self._file.draft.texts) if self._file.draft else {}
        self._written_fields: list[FormField] = []
        self._keeping: Timer | None = None
        self._told = ""

    def _begin(self) -> None:
        """Name the keys, and say so where the text is one that was not saved before."""
        self._written_fields = [*self.query(FormField)]
        self.show_keys(typing=True)
        edited = self._file.draft.note if self._file.draft else None
        if edited and not self._edits:
            self.tell(
                "This was written for a card that is in no deck any more: saved, it is a new one."
            )
        elif self._draft:
            key = self.key_of("form.discard", typing=True)
            self.tell(f"You did not save this text before. {key} drops it.")

    def _titled(self, title: str) -> str:
        """Return a title that says so where the text is one that was not saved before."""
        return f"{title}, not saved before" if self._draft else title

    def _texts(self) -> dict[str, str]:
        """Return what is written, by field."""
        return {field.key: field.value for field in self._written_fields}

    @property
    def _is_begun(self) -> bool:
        return bool(self._written_fields)

    def _as_draft(self) -> Draft:
        return Draft(self._form, self._texts())

    @property
    def _is_changed(self) -> bool:
        """Tell whether something is written that is not saved."""
        return any(text.strip() for text in self._texts().values())

    @property
    def is_typed_at(self) -> bool:
        """Tell whether a character types something: it does in every form."""
        return True

    @property
    def is_form(self) -> bool:
        """Tell that `ctrl+c` leaves it, and does not end the app."""
        return True

    @on(Entry.Changed)
    @on(Picker.WordPicked)
    def _keep_soon(self) -> None:
        if self._is_begun and self._keeping is None:
            self._keeping = self.set_timer(KEEP_SECONDS, self._keep)

    def _hold(self) -> None:
        self._file.hold(self._as_draft() if self._is_changed else None)

    def _keep(self) -> None:
        self._keeping = None
        self._hold()
        self.show_keys(typing=True)
        self.run_worker(self._write(), group="draft")

    async def _write(self) -> None:
        """Have a thread wait for the disk."""
        try:
            await asyncio.to_thread(self._file.write)
        except DeckError as error:
            if error.message != self._told:  # once is enough
                self._told = error.message
                self.tell(error)

    def keep_text(self) -> None:
        """Keep what is written, as the app may end at once."""
        if self._is_begun:
            self._hold()
            try:
                self._file.write()
            except DeckError as error:
                debug.note("a draft is lost: %s", type(error.__context__).__name__)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Tell whether an action makes sense at this moment."""
        return action != "discard" or (self._is_begun and self._is_changed)

    def action_leave(self) -> None:
        """Leave; what is not saved is kept for the next time."""
        self._hold()
        try:
            self._file.write()
        except DeckError as error:  # only saving or discarding leaves now
            self.tell(error)
            return
        if self._is_changed:
            self.tell("Not saved, but kept: the form has it when you open it again.")
        self.dismiss(None)

    def action_discard(self) -> None:
        """Leave, and drop what is not saved."""
        self._drop_draft()
        self.dismiss(None)

    def _drop_draft(self) -> None:
        """Let go of what was kept: it is saved, or not wanted."""
        if self._keeping is not None:
            self._keeping.stop()
            self._keeping = None
        self._draft = {}
        self._file.hold(None)
        with self.app.telling_errors():
            self._file.write()


class NoteForm(WritingForm[dict[str, str]]):
    """A note's fields; dismissed with the new keys of edited cards, or None if none was."""

    ACTIONS = NOTE_FORM

    def __init__(self, asked: OpenNoteForm) -> None:
        """Open the form."""
        self._note = note = asked.note
        like = note or asked.like
        super().__init__("note", note, offers=asked.like is None)
        self._authoring = Authoring(self._workspace)
        self._decks = asked.decks
        self._only_deck = note.deck if note else ""
        self._kind = like.kind if like else Kind.TYPED
        self._values: dict[str, str] = dict(like.values) if like else {}
        self._carried: dict[str, str] = dict(self._values)
        self._opened = EditedNote.of(note) if note else None
        self._others: dict[str, str] = {}
        self._fields: dict[str, FormField] = {}
        self._fold = Fold()
        self._deck_picker: Picker | None = None
        self._folded: dict[str, str] = {}
        self._is_unfolded = bool(read_note(self._workspace.paths.unfolded_file))
        self._timer: Timer | None = None
        self._was_refused = False
        if self._draft:
            self._take_up_draft()

    def _take_up_draft(self) -> None:
        edited = self._file.draft.note if self._file.draft else None
        values = {name: text for name, text in self._draft.items() if name not in ("deck", "kind")}
        asked = self._draft.get("kind")
        kind = next((kind for kind in KINDS if kind == asked), self._kind)
        if self._note is None or edited is None:
            self._kind, self._values, self._opened = kind, values, edited
        else:
            before = NoteVersion(edited.kind, edited.values)
            self._merge(before, NoteVersion(kind, values), self._note)
            if self._others:
                self._opened = edited

    def _merge(self, before: NoteVersion, mine: NoteVersion, now: NoteText) -> MergedNote:
        """Take in what became of the note since a version of it."""
        merged = merge_versions(before, mine, NoteVersion(now.kind, now.values))
        self._kind = merged.kind
        self._values = dict.fromkeys(mine.values, "") | as_texts(merged.note)
        self._others = as_texts(merged.conflicts)
        self._note = now
        if not self._others:
            self._opened = EditedNote.of(now)
        return merged

    def fields(self) -> ComposeResult:
        """The fields of the kind first; below them where the note goes, and its kind."""
        yield Container(id="fields")
        if self._note is None:
            ids = [deck.id for deck in self._decks]
            edited = self._file.draft.note if self._file.draft else None
            asked = edited.deck if edited else self._draft.get("deck", "")
            at = ids.index(asked) if asked in ids else 0
            self._deck_picker = Picker([plain(deck.title) for deck in self._decks], at, id="deck")
            about = "← and → change it, Enter lists all decks."
            yield FormField("deck", self._deck_picker, about=about)
        yield FormField("kind", Picker(KIND_NAMES, KINDS.index(self._kind), id="kind"))

    def beside(self) -> ComposeResult:
        """The card as it will be."""
        with VerticalScroll(id="preview-pane", can_focus=False) as pane:
            pane.border_title = (
                f" {PREVIEW} "  # shown where the border is above, and else as a heading
            )
            yield Static(PREVIEW, classes="heading", markup=False)
            yield Static(id="preview", markup=False)
            yield Static(id="remark", markup=False)

    async def on_mount(self) -> None:
        """Show the fields of the kind."""
        await self._show_fields()
        self._begin()

    async def _show_fields(self) -> None:
        """Make the fields of the kind: those that are mostly written, the fold, and the others."""
        holder = self.query_one("#fields")
        await holder.remove_children()
        self._fields = {}
        usual, others = [], []
        self._folded = {}
        usual_names = self._authoring.usual_fields_of(self._kind)
        for field in self._authoring.fields_of(self._kind):
            value = self._values.get(field.name, "")
            control: Entry | Picker
            if field.choices:
                at = field.choices.index(value) if value in field.choices else 0
                control = Picker(field.choices, at)
            else:
                control = Entry(value, several=field.several)
            about = f"{field.about} One a line." if field.several else field.about
            made = FormField(
                field.name, control, label=field.label, required=field.required, about=about
            )
            self._fields[field.name] = made
            says_something = value and (value,) != field.choices[:1]
            if field.name in usual_names or says_something:
                usual.append(made)
            else:
                self._folded[field.name] = field.label
                others.append(made)
        self._fold = Fold()
        about = "Enter shows all fields, or folds the empty ones away."
        more = FormField("more", self._fold, about=about)
        more.display = bool(others)
        await holder.mount_all([*usual, more, *others])
        self._show_folded()
        self._show_kind()
        self._look()

    def _show_folded(self) -> None:
        for name in self._folded:
            self._fields[name].display = self._is_unfolded
        self._fold.show([*self._folded.values()], is_open=self._is_unfolded)

    def _show_kind(self) -> None:
        """Say how a note of the kind is written, and where this one goes."""
        spec = self._kind.spec
        about = f"{spec.about}\n{spec.example_in_words}\n← and → change it, Enter lists all kinds."
        self.query_one("#kind").query_ancestor(FormField).show_about(about)
        title = self._titled("Edit card" if self._note else "Add card")
        deck = clean(plain(self._workspace.catalogue.title(self._deck)), multiline=False)
        room = max(self.size.width - len(title) - len(spec.name) - 12, 0)
        where = Content(deck).truncate(room, ellipsis=True)
        self.show_title(title, Content(" · ").join([where, Content(spec.name)]))

    def _texts(self) -> dict[str, str]:
        return self._values | self._written() | {"kind": self._kind.value, "deck": self._deck}

    def _as_draft(self) -> Draft:
        return Draft(self._form, self._texts(), self._opened)

    @property
    def _is_changed(self) -> bool:
        if self._note is not None:
            before = note_of(self._note.kind, self._note.values)
            return note_of(self._kind, self._written()) != before
        typed = {
            name: field.value
            for name, field in self._fields.items()
            if isinstance(field.control, Entry)
        }
        hidden = {name: text for name, text in self._values.items() if name not in self._fields}
        return any(
            text.strip() and text != self._carried.get(name)
            for name, text in (hidden | typed).items()
        )

    def _written(self) -> dict[str, str]:
        return {name: field.value for name, field in self._fields.items()}

    @property
    def _deck(self) -> str:
        at = self._deck_picker.index if self._deck_picker else 0
        return self._only_deck or self._decks[at].id

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell whether an action makes sense at this moment."""
        if action == "take_other":
            return bool(self._others)
        return super().check_action(action, parameters)

    def on_key(self, event: events.Key) -> None:
        """Enter lists what a field may be, and goes on where that is one of two or three."""
        if event.key == "enter" and isinstance(self.focused, Picker):
            event.stop()
            if self.focused.id in ("deck", "kind"):
                self._list(self.focused)
            else:
                self.focus_next()

    def _list(self, picker: Picker) -> None:
        """Let the learner choose from a list."""

        def chosen(index: int | None) -> None:
            if index is not None:
                picker.index = index

        request = OpenChoosing("Which deck does it go to?", picker.words, picker.index)
        if picker.id == "kind":
            remarks = [f"{kind.spec.about}\n{kind.spec.example_in_words}" for kind in KINDS]
            request = OpenChoosing("How is it asked?", KIND_NAMES, picker.index, remarks)
        self.app.open(request, chosen)

    def on_text_area_changed(self) -> None:
        """Look at the card soon, once the fingers rest."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(LOOK_SECONDS, self._look)

    async def on_picker_word_picked(self) -> None:
        """Another kind has other fields; what was written stays."""
        kind = KINDS[self.query_one("#kind", Picker).index]
        if kind is not self._kind:
            self._values |= self._written()
            self._kind = kind
            await self._show_fields()
        else:
            self._show_kind()
            self._look()

    def on_fold_toggled(self) -> None:
        """Show all fields, or hide the empty ones."""
        self.action_more()

    def action_more(self) -> None:
        """Show all fields, or hide the empty ones."""
        self._is_unfolded = not self._is_unfolded
        keep_note(self._workspace.paths.unfolded_file, "all" if self._is_unfolded else "")
        for name in [name for name in self._folded if self._fields[name].value]:
            del self._folded[name]  # what says something is never folded away
        hidden = [self._fields[name] for name in self._folded]
        if any(field.has_focus_within for field in hidden):
            self._fold.focus()
        self._show_folded()

    def _look(self) -> None:
        """Show the card, and at each field what is wrong with it."""
        written = self._written()
        look = self._authoring.look(self._deck, self._kind, written, self._note)
        for name, field in self._fields.items():
            mistake = look.mistakes.get(name)
            # A field that was not come to yet is not wrong yet.
            if mistake and (written[name] or self._was_refused):
                field.show_problem(*map(self._in_labels, mistake))
                field.display = True
            else:
                field.show_problem(*self._told_of_other(name))
        kind = self.query_one("#kind").query_ancestor(FormField)
        kind.show_problem(*self._told_of_other("kind"))
        cards = look.cards
        shown = [
            Content("\n").join([*_which(cards, place), _preview(card)])
            for place, card in enumerate(cards[:CARDS_SHOWN])
        ]
        if len(cards) > CARDS_SHOWN:
            more = many(len(cards) - CARDS_SHOWN, "more card")
            shown.append(Content.styled(f"and {more}", "$muted"))
        if not cards:
            is_wrong = any(written.get(name) for name in look.mistakes)
            way = "Correct what is marked." if is_wrong else "Fill in what has a star."
            shown.append(Content.styled(way, "$muted"))
        self.query_one("#preview", Static).update(with_margin(Content("\n\n").join(shown)))
        self.query_one("#remark", Static).update(Content(look.remark))

    def _told_of_other(self, name: str) -> tuple[str, str]:
        """Return what is to be said of a field that was changed elsewhere too."""
        if name not in self._others:
            return "", ""
        other = clean(", ".join(self._others[name].split("\n")), multiline=False)
        became = f"changed elsewhere to: {other}" if other else "emptied elsewhere"
        key = self.key_of("form.take_other", typing=True)
        return became, f"{key} takes that; saving again writes yours."

    def on_outdated(self) -> None:
        """Say at once that the note was changed elsewhere; saving brings both together."""
        if self._note is not None:
            self.run_worker(self._look_at_file(self._note), group="file", exclusive=True)

    async def _look_at_file(self, note: NoteText) -> None:
        try:
            is_changed = await asyncio.to_thread(self._authoring.is_changed, note)
        except DeckError as error:  # there may be another file by now: saving finds it
            debug.note("the file of a note is not there: %s", type(error.__context__).__name__)
            return
        if is_changed and note is self._note:
            key = self.key_of("form.save", typing=True)
            self.tell(f"The note was changed elsewhere: {key} brings both together.")

    async def action_take_other(self) -> None:
        """Take what the file has, for the field that has the keys, or else the first."""
        note = self._note
        fields = [name for name in self._fields if name in self._others]
        here = [name for name in fields if self._fields[name].has_focus_within]
        if note is None:
            return
        self._values |= self._written()
        if fields:
            name = (here or fields)[0]
            self._values[name] = self._others.pop(name)
        else:
            self._others = {}
            self._kind, self._values = note.kind, dict(note.values)
        await self._refill()

    async def _refill(self) -> None:
        """Fill the fields from kind and values that were not typed: of a merge, say."""
        kind = self.query_one("#kind", Picker)
        if KINDS[kind.index] is self._kind:
            for name, field in self._fields.items():
                field.show_value(self._values.get(name, ""))
                field.display = field.display or bool(field.value)
            self._look()
        else:
            kind.index = KINDS.index(self._kind)
            await self._show_fields()
        self.show_keys(typing=True)
        self._keep_soon()

    async def action_save(self) -> None:
        """Write the note; a form for new ones is then ready for the next."""
        if self._is_refused():
            return
        taken: tuple[str, ...] = ()
        keys: dict[str, str] = {}
        try:
            if self._note is not None:
                now = self._authoring.follow(self._note)
                if now is None:
                    await self._go_on_as_new()
                    return
                if now is not self._note:
                    before = NoteVersion(self._note.kind, self._note.values)
                    mine = NoteVersion(self._kind, self._written())
                    taken = self._merge(before, mine, now).taken
                    await self._refill()
                    if self._others:
                        self.tell("The note was changed elsewhere too: see what is marked.")
                        return
                keys = self._authoring.save(self._note, self._kind, self._written())
            else:
                self._authoring.add(self._deck, self._kind, self._written())
        except SCOQuizError as error:
            self.tell(error)
            return
        self._drop_draft()
        if taken:
            self.tell(f"Saved, with what was changed elsewhere: {', '.join(taken)}.")
        if self._only_deck:
            self.dismiss(keys)
            return
        self._carried = {name: text for name, text in self._written().items() if name in CARRIED}
        self._values = dict(self._carried)
        self.tell(f"Added to {self._workspace.catalogue.title(self._deck)}.")
        await self._show_fields()
        self.query("#fields Entry").first().focus()
        self.show_keys(typing=True)

    def _in_labels(self, text: str) -> str:
        """Name fields in a text by their labels, as the form does."""
        for spec in self._authoring.fields_of(self._kind):
            text = text.replace(f"`{spec.name}`", f"`{spec.label}`")
        return text

    def _is_refused(self) -> bool:
        """Tell whether something is wrong with the note, and go to the first such field."""
        look = self._authoring.look(self._deck, self._kind, self._written(), self._note)
        self._was_refused = bool(look.mistakes)
        self._look()
        for name, field in self._fields.items():
            if name in look.mistakes:
                field.control.focus()
                return True
        for mistake in look.mistakes.values():
            self.tell(DeckError(*map(self._in_labels, mistake)))
            return True
        return False

    async def _go_on_as_new(self) -> None:
        """Go on with the text as that of a new note: the old one is gone."""
        self._values |= self._written()
        self._note = self._opened = None
        self._others = {}
        await self._refill()
        key = self.key_of("form.save", typing=True)
        self.tell(f"The note is no longer in its deck. {key} adds it as a new one.")


def _which(cards: Sequence[Card], place: int) -> list[Content]:
    """Name one of several cards of a note."""
    if len(cards) == 1:
        return []
    ways = ("As it is written", "And the other way round")
    of_gap = f"Gap {place + 1} of {len(cards)}"
    return [Content.styled(of_gap if cards[place].kind.spec.has_gaps else ways[place], "$muted")]


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
    return [
        Content.styled(f"{sort}: {name}", "$muted")
        for sort, value in named.items()
        for name in names_in(value)
    ]


class NewDeck(WritingForm[str]):
    """Dismissed with the id of the new deck, or None."""

    ACTIONS = FORM

    def __init__(self) -> None:
        """Open the form."""
        super().__init__("deck")

    def fields(self) -> ComposeResult:
        """Title and description."""
        title, description = (self._draft.get(name, "") for name in ("title", "description"))
        yield FormField("title", Entry(title), required=True, about="What the deck is called.")
        yield FormField("description", Entry(description), about="What it is about.")
        yield Static(id="remark", markup=False)

    def on_mount(self) -> None:
        """Say where it will be."""
        self._begin()
        self.show_title(self._titled("New deck"))
        folder = clean(shown_path(self._workspace.paths.decks_folder))
        about = Content.styled(f"It becomes a YAML file in {folder}.", "$muted")
        self.query_one("#remark", Static).update(about)

    def action_save(self) -> None:
        """Write the deck's file."""
        title, description = (field.value for field in self.query(FormField).results(FormField))
        try:
            deck = Authoring(self._workspace).new_deck(title, description)
        except SCOQuizError as error:
            self.query(FormField).first(FormField).show_problem(error.message, error.help)
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
        title = Entry(self._draft.get("title", self._before))
        yield FormField("title", title, required=True, about="What the deck is called.")
        yield Static(id="remark", markup=False)

    @property
    def _is_changed(self) -> bool:
        return self._texts()["title"] != self._before

    def on_mount(self) -> None:
        """Say what stays."""
        self._begin()
        self.show_title(self._titled(f"Rename {plain(self._before)}"))
        told = "Its cards keep their history. Parent::Child puts it below another deck."
        self.query_one("#remark", Static).update(Content.styled(told, "$muted"))

    def action_save(self) -> None:
        """Write it into the deck's file."""
        field = self.query_one(FormField)
        try:
            rename_deck(self._workspace, self._deck, field.value)
        except SCOQuizError as error:
            field.show_problem(error.message, error.help)
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
        self.show_title(self._titled(f"Tags of {what}"), "several with commas")
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
