"""Writing decks from within the app: new decks, notes, corrections, accepted answers.

Every change is a surgical edit of the deck's file and a step of the log, all or nothing; the log
follows the cards.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.authoring import steps
from sco_quiz.authoring.deck_files import new_place
from sco_quiz.authoring.note_fields import as_texts, find_note_again, note_of
from sco_quiz.errors import DeckError
from sco_quiz.learning.cards import Card, normal_prompt
from sco_quiz.learning.judging.wordings import as_literal
from sco_quiz.library.decks import read_deck
from sco_quiz.library.editing import add_accepted, add_note, note_at, replace_note
from sco_quiz.library.files import read_text
from sco_quiz.library.kinds import fields_of, kind_of, usual_fields_of
from sco_quiz.library.yaml_writing import scalar
from sco_quiz.progress import log
from sco_quiz.progress.log import DeckStep
from sco_quiz.text import plain
from sco_quiz.workspace.cards import cards_at, cards_of_deck, find_card, find_last_read
from sco_quiz.workspace.catalogue import state_of_files
from sco_quiz.workspace.filing import Change
from sco_quiz.workspace.relinking import relinked_to

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sco_quiz.learning.kinds import Kind
    from sco_quiz.library.kinds import FieldSpec
    from sco_quiz.progress.log import Event, EventDraft
    from sco_quiz.workspace.workspace import Workspace


_REPETITIONS = {
    "E304": ("another note of this deck has the same id", "choose another, or leave it empty"),
    "W402": (
        "this deck has a note with the same prompt and answer already",
        "change one of them, or give this note an id",
    ),
}
"""By codes of `check`: the mistake, and a remedy."""
_KEY = re.compile(r"^[ -]*([a-z_]+):")


class FieldMistake(NamedTuple):
    """A mistake in a field, as `check` says it.

    Attributes:
        message: What is wrong.
        help: How it is put right; may be empty.
    """

    message: str
    help: str = ""


class NotePreview(NamedTuple):
    """A preview of the note that is being written.

    Attributes:
        cards: As they would be asked; empty while something is missing.
        mistakes: What is wrong, by field.
        remark: What to mind although nothing is wrong; may be empty.
    """

    cards: tuple[Card, ...]
    mistakes: dict[str, FieldMistake]
    remark: str


class NoteText(NamedTuple):
    """A note as its author wrote it.

    Attributes:
        deck: The id of its deck.
        path: Its file.
        line: Where it starts there, from 1.
        kind: How it is asked.
        values: Its fields; several texts stand one a line.
        text: The whole file as it was read, to notice when somebody else changes it.
        keys: Those of its cards.
    """

    deck: str
    path: Path
    line: int
    kind: Kind
    values: dict[str, str]
    text: str
    keys: tuple[str, ...]


class Authoring:
    """Changes decks of the learner's own, never shipped ones."""

    def __init__(self, workspace: Workspace) -> None:
        """Write for a workspace, and have it see what was written."""
        self._workspace = workspace
        self._prompts: dict[str, dict[str, str]] = {}

    def fields_of(self, kind: Kind) -> list[FieldSpec]:
        """The fields of a kind: its own first, then what every note may have."""
        return fields_of(kind)

    def usual_fields_of(self, kind: Kind) -> frozenset[str]:
        """The fields of a kind that are written first."""
        return usual_fields_of(kind)

    def note_of(self, card: Card) -> NoteText:
        """The note of a card, to be edited.

        Raises:
            DeckError: Its deck came with the app, or its file cannot be read or has changed.
        """
        path, line = self._place_of(card)
        return self._note_at(card.deck, path, line, read_text(path))

    def pattern_of(self, card: Card) -> NoteText:
        """The note of a card of any deck, as which another is to begin: it has no id.

        Raises:
            DeckError: Its file cannot be read or has changed.
        """
        self._workspace.refresh()
        found = find_card(self._workspace.progress.connection, card.key)
        if found is None:
            raise DeckError("the card is no longer there", "somebody removed its note")
        path = Path(found.path)
        note = self._note_at(card.deck, path, found.line, read_text(path))
        return note._replace(values={key: text for key, text in note.values.items() if key != "id"})

    def follow(self, note: NoteText) -> NoteText | None:
        """Return a note as its file has it by now; None if it is not there any more.

        Raises:
            DeckError: The file cannot be read or used.
        """
        self._workspace.refresh()
        path = self.own_file(note.deck)
        text = read_text(path)
        if (path, text) == (note.path, note.text):
            return note
        line = find_note_again(note.text, note.line, text)
        return None if line is None else self._note_at(note.deck, path, line, text)

    def is_changed(self, note: NoteText) -> bool:
        """Tell whether the file of a note says something else of it by now; for any thread.

        Raises:
            DeckError: The file cannot be read.
        """
        text = read_text(note.path)
        if text == note.text:
            return False
        line = find_note_again(note.text, note.line, text)
        return line is None or note_at(text, line) != note_at(note.text, note.line)

    def look(
        self, deck: str, kind: Kind, values: Mapping[str, str], editing: NoteText | None = None
    ) -> NotePreview:
        """Make the cards of a note from its fields, and say what is wrong with it; writes nothing.

        Args:
            deck: Where it goes.
            kind: How it is to be asked.
            values: By field; several texts one a line.
            editing: The note it replaces, if it is not a new one.
        """
        look = preview_note(kind, values)
        return look._replace(remark=self._remark(deck, look.cards, editing))

    def new_deck(self, title: str, description: str = "") -> str:
        """Write a deck without cards; its id.

        Raises:
            DeckError: There is no title, such a deck is there already, or it cannot be written.
        """
        name, path = new_place(self._workspace, title)
        lines = [f"deck: {scalar(' '.join(title.split()), flow=False)}"]
        if description.strip():
            lines.append(f"description: {scalar(' '.join(description.split()), flow=False)}")
        text = "\n".join([*lines, "cards: []", ""])
        title = " ".join(title.split())
        steps.add_decks(self._workspace, [Change(path, None, text)], {name: title})
        deck = self._workspace.catalogue.deck_of(path)
        if deck is None:
            raise DeckError(
                f"{path} was written, but another deck has its id", "give it another `id`"
            )
        return deck

    def add(self, deck: str, kind: Kind, values: Mapping[str, str]) -> None:
        """Write a new note at the end of a deck.

        Raises:
            DeckError: Something is wrong with it, it repeats another, or the file cannot be
                written.
            ProgressError: The log cannot be written.
        """
        self._check(deck, kind, values, None)
        note = note_of(kind, values)
        change = steps.change_of(self.own_file(deck), lambda text: add_note(text, note))
        _refuse_repetition(change)
        cards = preview_note(kind, values).cards
        draft = log.decks(
            self._workspace.now(), DeckStep.NEW_NOTE, cards[0].prompt, notes={deck: [note]}
        )
        steps.carry_out(self._workspace, [change], draft)

    def save(self, note: NoteText, kind: Kind, values: Mapping[str, str]) -> dict[str, str]:
        """Write an edited note; its cards keep their history, whatever was changed.

        Returns:
            For each card of the note its new key.

        Raises:
            DeckError: Something is wrong with it, it repeats another, the file has changed since,
                or it cannot be written.
        """
        self._check(note.deck, kind, values, note)
        before = note_of(note.kind, note.values)
        after = note_of(kind, values)
        if before == after:
            return {}
        change = self._change(note, after)
        _refuse_repetition(change)
        olds, news = self._cards_at(note.path, note.line), _cards_in(change, note.line)
        edit = log.edit(self._workspace.now(), (news or olds)[0], before, after)
        steps.carry_out(self._workspace, [change], *self._relinks(olds, news), edit)
        return {old.key: new.key for old, new in zip(olds, news, strict=False)}

    def edit_by_hand(self, card: Card, edit: Callable[[Path, int], None]) -> dict[str, str]:
        """Let the learner edit a card's file, and follow the card.

        Args:
            card: Whose note to go to.
            edit: Opens a file at a line; returns when the learner is done.

        Returns:
            The new keys of the note's cards that have another one, by their old ones.

        A file with a mistake, in which the card cannot be found, is opened at the mistake.

        Raises:
            DeckError: The deck came with the app, or the card is no longer in it.
        """
        self._workspace.refresh()
        last = find_last_read(self._workspace.progress.connection, card.key)
        if last is not None and find_card(self._workspace.progress.connection, card.key) is None:
            path = Path(last.path)
            problems = self._workspace.catalogue.problems()
            edit(path, next((each.line for each in problems if each.path == last.path), 1))
            self._workspace.refresh()
            return {}
        path, line = self._place_of(card)
        olds = self._cards_at(path, line)
        edit(path, line)
        self._workspace.refresh()
        db = self._workspace.progress.connection
        keys = {}
        for old, at_line in zip_longest(olds, self._cards_at(path, line)[: len(olds)]):
            if find_card(db, old.key) is None:
                new = relinked_to(db, old.key) or (at_line and at_line.key)
                if new:
                    keys[old.key] = new
        return keys

    def accept(self, card: Card, answer: str, quiz: str | None = None) -> None:
        """Write an answer to the accepted ones of a card's note, to be met as it stands.

        Brackets and slashes in it make no pattern, nor do signs of markup.

        Args:
            card: Its card.
            answer: What was typed.
            quiz: The id of the quiz that has just counted it as right; undo takes that back too.

        Raises:
            DeckError: Its deck came with the app, its kind has none, it asks something else by now,
                or the file cannot be written.
        """
        answer = as_literal(answer)
        path, line = self._place_of(card)
        if all(each.prompt != card.prompt for each in self._cards_at(path, line)):
            raise DeckError(
                f"{path}:{line}: the card asks something else by now", "look at it again"
            )
        change = steps.change_of(path, lambda text: add_accepted(text, line, answer))
        draft = log.accept(self._workspace.now(), card, answer, quiz)
        steps.carry_out(self._workspace, [change], draft)

    def card_of(self, event: Event) -> Card:
        """The card of an event, as its deck has it now.

        Raises:
            DeckError: No deck has it any more.
        """
        key = self._workspace.progress.card_of(event)
        found = find_card(self._workspace.progress.connection, key) if key else None
        if found is None:
            raise DeckError(
                "the edited card is in no deck any more", "bring its note back, then undo"
            )
        return found.card

    def take_back(self, event: Event) -> bool:
        """Undo an edit or an accepted answer, in the deck's file as in the log.

        Returns:
            False, and nothing was done, where another program has taken it back meanwhile.

        Raises:
            DeckError: The note says something else by now, is gone, or its file cannot be written.
        """
        self._workspace.refresh()
        note = self.note_of(self.card_of(event))
        (change,) = steps.changes_back(
            self._workspace, event, [note.path], lambda _: [self._merged(note, event)]
        )
        olds, news = self._cards_at(note.path, note.line), _cards_in(change, note.line)
        undone = [*self._workspace.progress.point_of(event), event]
        undos = [log.undo(self._workspace.now(), each) for each in undone]
        relinks = self._relinks(olds, news)
        return steps.go_back(self._workspace, event, [change], *relinks, *undos)

    def _merged(self, note: NoteText, event: Event) -> Change:
        """Return the change that takes an event back in a note whose file was changed since."""
        now = note_of(note.kind, note.values)
        if event.kind == log.EventKind.EDIT:
            before, after = event.details["before"], event.details["after"]
            if now != after:
                raise changed_since(note.path, note.line)
        else:
            answer = event.details["answer"]
            before = dict(now)
            before["accept"] = [each for each in now.get("accept", ()) if each != answer]
        return self._change(note, before)

    def _change(self, note: NoteText, after: Mapping[str, str | list[str]]) -> Change:
        """Return the change of a note's file to other fields of it."""

        def change(text: str) -> str:
            if text != note.text:
                raise DeckError(
                    "the file was changed meanwhile", "leave the form and open the card again"
                )
            return replace_note(text, note.line, after)

        return steps.change_of(note.path, change)

    def _relinks(self, olds: Sequence[Card], news: Sequence[Card]) -> list[EventDraft]:
        """Draft that the cards of a note go on as those that it has after a change."""
        moment, progress = self._workspace.now(), self._workspace.progress
        return [
            log.relink(moment, old.key, new)
            for old, new in zip(olds, news, strict=False)
            if old.key != new.key and progress.state(old.key).reps
        ]

    def _note_at(self, deck: str, path: Path, line: int, text: str) -> NoteText:
        note = note_at(text, line)
        cards = self._cards_at(path, line)
        kind = cards[0].kind if cards else kind_of(note)
        if kind is None:
            raise DeckError(
                f"{path}:{line}: the note has a mistake", f"`sco-quiz check {path}` says which"
            )
        keys = tuple(card.key for card in cards)
        return NoteText(deck, path, line, kind, as_texts(note), text, keys)

    def _check(
        self, deck: str, kind: Kind, values: Mapping[str, str], editing: NoteText | None
    ) -> None:
        mistakes = self.look(deck, kind, values, editing).mistakes
        if mistakes:
            field, mistake = next(iter(mistakes.items()))
            raise DeckError(f"{field}: {mistake.message}", mistake.help or "nothing was written")

    def _remark(self, deck: str, cards: tuple[Card, ...], editing: NoteText | None) -> str:
        own = {card.note for card in self._cards_at(editing.path, editing.line)} if editing else ()
        for card in cards[:1]:
            found = self._prompts_of(deck).get(normal_prompt(plain(card.prompt)))
            if found is not None and found not in own:
                return "The deck has a card with this prompt already."
        return ""

    def _prompts_of(self, deck: str) -> dict[str, str]:
        """The notes of a deck by prompt, as of the last reading."""
        stamp = f"{deck} {state_of_files(self._workspace.progress.connection)}"
        if stamp not in self._prompts:
            cards = cards_of_deck(self._workspace.progress.connection, deck)
            self._prompts = {
                stamp: {normal_prompt(plain(card.prompt)): card.note for card in cards}
            }
        return self._prompts[stamp]

    def own_file(self, deck: str) -> Path:
        """The file of a deck of the learner's own.

        Raises:
            DeckError: The deck came with the app.
        """
        return steps.own_file(self._workspace, deck)

    def _place_of(self, card: Card) -> tuple[Path, int]:
        """The file of a card and the line of its note there, as they are now."""
        self._workspace.refresh()
        path = self.own_file(card.deck)
        found = find_card(self._workspace.progress.connection, card.key)
        if found is None:
            raise DeckError(f"{path}: the card is no longer there", "somebody removed its note")
        return path, found.line

    def _cards_at(self, path: Path, line: int) -> list[Card]:
        return cards_at(self._workspace.progress.connection, str(path), line)


def _cards_in(change: Change, line: int) -> list[Card]:
    """The cards of the note that starts on a line once a change is made."""
    deck = read_deck(change.path, (change.after or "").encode()).deck
    pairs = zip(deck.cards, deck.lines, strict=True) if deck else ()
    return [card for card, at in pairs if at == line]


def _refuse_repetition(change: Change) -> None:
    """Raise a DeckError where a change makes a note repeat another, so that one makes no card."""
    after = _count_repetitions(change.path, change.after)
    if not after:
        return  # as ever: a large deck is not read once more for what it said before
    before = _count_repetitions(change.path, change.before)
    for code, told in _REPETITIONS.items():
        if after[code] > before[code]:
            raise DeckError(*told)


def _count_repetitions(path: Path, text: str | None) -> Counter[str]:
    found = read_deck(path, (text or "").encode()).diagnostics
    return Counter(each.code for each in found if each.code in _REPETITIONS)


def changed_since(path: Path, line: int) -> DeckError:
    """The error that a note cannot be taken back to what it said."""
    return DeckError(
        f"{path}:{line}: the note was changed since",
        "undo that change first, or edit the note by hand",
    )


def preview_note(kind: Kind, values: Mapping[str, str]) -> NotePreview:
    """A preview of a note for any deck, without a remark.

    Args:
        kind: How it is to be asked.
        values: By field; several texts one a line.
    """
    note = note_of(kind, values)
    missing = {
        spec.name: FieldMistake("this is needed", spec.about)
        for spec in fields_of(kind)
        if spec.required and spec.name not in note
    }
    if missing:
        return NotePreview((), missing, "")
    text = add_note("deck: preview\ncards:\n  - front: a\n    back: b\n", note)
    read = read_deck("preview", text.encode())
    lines = text.split("\n")
    mistakes: dict[str, FieldMistake] = {}
    for each in read.diagnostics:
        if each.severity == "error":
            field = _field_at(lines, each.line)
            mistakes.setdefault(field, FieldMistake(each.message, each.help))
    return NotePreview(read.deck.cards[1:] if read.deck and not mistakes else (), mistakes, "")


def _field_at(lines: list[str], line: int) -> str:
    """The key whose value stands on a line."""
    for text in reversed(lines[:line]):
        match = _KEY.match(text)
        if match:
            return match[1]
    return ""
