"""Merge the notes of a foreign deck into a deck of the learner's own.

A note that was imported before is known by what its source names it by. Each field is then settled
by itself: what only the source changed is taken, what only the learner changed stays, and where
both did the learner's stays and the report says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sco_quiz.errors import DeckError
from sco_quiz.interchange.material import ForeignHistory, Remark
from sco_quiz.learning.cards import key_of, normal_prompt
from sco_quiz.learning.kinds import KINDS
from sco_quiz.library.composing import compose
from sco_quiz.library.contents import header_of, notes_of, with_defaults
from sco_quiz.library.decks import Deck as ReadDeck
from sco_quiz.library.decks import read_deck
from sco_quiz.library.editing import revise
from sco_quiz.library.files import is_shipped, read_text
from sco_quiz.library.formatting import FreeIds, slug
from sco_quiz.library.kinds import kind_of, texts_of
from sco_quiz.library.media import MEDIA_KEYS
from sco_quiz.library.questions import identifier
from sco_quiz.library.yaml_writing import normal
from sco_quiz.numbers_and_times import many
from sco_quiz.text import clean, plain
from sco_quiz.workspace.filing import Change

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sco_quiz.interchange.material import Field, ForeignDeck, ForeignNote
    from sco_quiz.learning.cards import Card
    from sco_quiz.library.composing import ComposedDeck
    from sco_quiz.library.contents import PlacedNote
    from sco_quiz.transfer.destinations import Destination
    from sco_quiz.workspace.workspace import Workspace

_ANSWERS = (*dict.fromkeys(spec.answer for spec in KINDS.values() if spec.answer), *MEDIA_KEYS)
"""What two notes that ask the same have to share to be one."""

LONGEST_TEXT = 100_000
"""Characters that a field of a note may have."""
_ANSWERED = frozenset({"back", "answer", "answers", "choices", "list", "order"})

_as_json = json.JSONEncoder(ensure_ascii=False).encode
"""Encode a value as `json.dumps` would, which makes an encoder for each."""

_Fields: TypeAlias = dict[str, "Field"]
_Chosen: TypeAlias = tuple["ForeignNote", str, _Fields]
"""A note, what its source names it by, and its fields as they are written."""
_Lived: TypeAlias = tuple["ForeignNote", str | int]
"""A note, and its id in the deck, or the line on which it stands there."""


class ImportedNote(NamedTuple):
    """A note as an earlier import wrote it.

    Attributes:
        id: The id of the note.
        fields: A digest of each field.
    """

    id: str
    fields: Mapping[str, str]


@dataclass(slots=True)
class DeckReport:
    """The counts and remarks of an import into one deck, done or only planned.

    Attributes:
        title: What it is called.
        path: Its file.
        read: Notes that the source has.
        new: Notes that were added.
        cards: Cards of the notes that were added.
        updated: Notes that took something new from the source.
        unchanged: Notes that stayed as they are.
        merged: Notes that stood twice in the source, or in the deck already, each with which.
        kept: Notes of which the learner's own text was kept, though the source has another.
        removed: Notes that the learner removed since; they stay away.
        reviews: Answers given elsewhere that were added to the history of cards.
        marked: Cards that were suspended or flagged, or are no longer.
        skipped: Notes that could not be imported.
        lossy: Answers given elsewhere that could not be.
    """

    title: str
    path: Path
    read: int = 0
    new: int = 0
    cards: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: list[Remark] = field(default_factory=list)
    kept: list[Remark] = field(default_factory=list)
    removed: int = 0
    reviews: int = 0
    marked: int = 0
    skipped: list[Remark] = field(default_factory=list)
    lossy: list[Remark] = field(default_factory=list)

    @property
    def has_notes(self) -> bool:
        """Tell whether the deck has, or gets, any of the notes that were read."""
        return bool(self.new or self.updated or self.unchanged or self.merged or self.removed)

    def add(self, other: DeckReport) -> None:
        """Count another deck, too."""
        for name in (
            "read",
            "new",
            "cards",
            "updated",
            "unchanged",
            "removed",
            "reviews",
            "marked",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.merged = [*self.merged, *other.merged]
        self.skipped = [*self.skipped, *other.skipped]

    def in_words(self) -> str:
        """The counts, those that are none left out."""
        cards = f"{self.new:,} new ({many(self.cards, 'card')})"
        parts = [
            (self.new, cards),
            (self.updated, f"{self.updated:,} updated"),
            (self.unchanged, f"{self.unchanged:,} unchanged"),
            (len(self.merged), f"{len(self.merged):,} merged"),
            (self.removed, f"{self.removed:,} left out, since you removed them"),
            (len(self.skipped), f"{len(self.skipped):,} skipped"),
            (self.reviews, many(self.reviews, "review")),
            (self.marked, f"{many(self.marked, 'card')} suspended or flagged"),
        ]
        told = ", ".join(words for count, words in parts if count)
        return f"{many(self.read, 'note')} read: {told or 'none'}"


class Plan:
    """The changes that an import plans for one deck.

    Attributes:
        name: Its id.
        report: What will have been done.
        record: For the log: by note id, what the source names it by and a digest of each field.
        change: What is to be written, if anything.
        composed: A deck that is new, as it is to be written.
        histories: What was done elsewhere with cards of it.
    """

    def __init__(
        self,
        workspace: Workspace,
        destination: Destination,
        decks: Sequence[ForeignDeck],
        known: Mapping[str, Mapping[str, ImportedNote]],
    ) -> None:
        self.name, title, path = destination
        owner = workspace.catalogue.owner_of(self.name)
        if owner is not None and is_shipped(owner):
            raise DeckError(
                f"the deck {self.name!r} came with the app and is not changed",
                "name another deck with --into",
            )
        if owner is None and path.exists():
            raise DeckError(f"{path} is there, but no usable deck", "`sco-quiz check` says why")
        self.report = DeckReport(title, path)
        self.record: dict[str, tuple[str, dict[str, str]]] = {}
        self.change: Change | None = None
        self.composed: ComposedDeck | None = None
        self.histories: list[tuple[Card, ForeignHistory]] = []
        # Whoever threw the whole deck away and imports it again wants it back.
        self._known = {} if owner is None else known.get(self.name, {})
        self._header = {"deck": " ".join(title.split()), "id": self.name}
        for deck in decks:
            if deck.description:
                self._header.setdefault("description", deck.description)
            if deck.language:
                self._header.setdefault("language", deck.language)
            if deck.prompt_language:
                self._header.setdefault("prompt_language", deck.prompt_language)
        notes = [note for deck in decks for note in deck.notes]
        self.report.read = len(notes)
        text = None if owner is None else read_text(owner)
        self._there = [] if text is None else notes_of(text)
        defaults = {} if text is None else header_of(text).defaults
        self._exported = {
            note.line: note.fields for note in with_defaults(self._there, defaults)
        }  # the fields of each note by its line, as an export has them
        self._settle(notes, path, text)

    def _settle(self, notes: Sequence[ForeignNote], path: Path, text: str | None) -> None:
        ids = {note.line: str(self._exported[note.line].get("id", "")) for note in self._there}
        named = {ids[note.line]: note for note in self._there if ids[note.line]}
        self._written = {known.id for known in self._known.values()}
        chosen, lived = self._choose(notes, named)
        composed = compose(self._header, [fields for _, _, fields in chosen], path.name)
        for number, reason in composed.refused:
            self.report.skipped.append(Remark(chosen[number][0].where, reason))
        changed: dict[int, _Fields] = {}
        added: list[_Fields] = []
        for number, cards in zip(composed.notes, composed.cards, strict=True):
            note, key, fields = chosen[number]
            name = str(fields["id"])
            digests = digests_of(fields)
            known = self._known.get(key)
            if known is None or known.fields != digests:
                self.record[name] = (key, digests)
            if (mine := named.get(name)) is not None:
                merged = self._merged(note, mine, fields, known.fields if known else {})
                if merged is not None:
                    changed[mine.line] = merged
            elif known is not None:
                self.report.removed += 1
                self.record.pop(name, None)
            else:
                added.append(fields)
                self.report.new += 1
                self.report.cards += len(cards)
        if text is None:
            if added:
                self.change = Change(path, None, composed.text)
                self.composed = composed
        elif changed or added:
            self.change = Change(path, text, revise(text, changed, added))
        if lived:
            new = [card for cards in composed.cards for card in cards] if text is None else None
            self._keep_histories(lived, text or "", new)

    def _choose(
        self, notes: Sequence[ForeignNote], named: Mapping[str, PlacedNote]
    ) -> tuple[list[_Chosen], list[_Lived]]:
        """The notes that are not there in other words, and where those are that were studied."""
        alike = {_signature(self._exported[note.line]): note for note in self._there}
        free = FreeIds(self._written | named.keys())
        seen: dict[str, str | int] = {}  # the id of the note, or the line on which it stands
        stood: dict[str, str] = {}
        lived: list[_Lived] = []
        chosen: list[_Chosen] = []
        for note in notes:
            if reason := _too_long(note.fields):
                self.report.skipped.append(Remark(note.where, reason))
                continue
            fields = {key: value for key, value in _normal(note.fields).items() if value}
            if reason := _lacking(fields):
                self.report.skipped.append(Remark(note.where, reason))
                continue
            key, signature = _key(note, fields), _signature(fields)
            if key in seen and (not note.key or signature not in seen):
                key = _digest([key, signature])  # another note by the same name
            if (first := seen.get(key, seen.get(signature))) is not None:
                self._merge(note, stood.get(key) or stood.get(signature, ""))
                lived.append((note, first))
                continue
            stood[key] = stood[signature] = note.where
            known = self._known.get(key)
            there = (known.id if known else str(fields.get("id", ""))) in named
            if signature in alike and not there:
                self._merge(note, f"line {alike[signature].line} of the deck")
                seen[key] = seen[signature] = line = alike[signature].line
                lived.append((note, line))
                continue
            fields["id"] = name = known.id if known else self._new_id(fields, named, free)
            seen[key] = seen[signature] = name
            lived.append((note, name))
            chosen.append((note, key, fields))
        return chosen, [(note, place) for note, place in lived if note.cards]

    def _merge(self, note: ForeignNote, other: str) -> None:
        """Note that a note is one with another, by the place of that."""
        where = f"{note.where} as {other or 'another'}".removeprefix(" ")
        self.report.merged.append(Remark(where, "the same note stands there already"))

    def _keep_histories(
        self, lived: Sequence[_Lived], before: str, new: Sequence[Card] | None
    ) -> None:
        """Find the cards of notes that were studied, in the deck as it will be.

        Args:
            lived: The notes.
            before: The text of the deck until now.
            new: The cards of a new deck.
        """
        if new is None:
            text = before if self.change is None else self.change.after or ""
            new = _deck_of(self.report.path, text).cards
        cards: dict[str, list[Card]] = {}
        for card in new:
            cards.setdefault(card.note, []).append(card)
        old = _deck_of(self.report.path, before)
        lines = dict(zip(old.lines, (card.note for card in old.cards), strict=True))
        lives: dict[str, tuple[Card, ForeignHistory]] = {}
        for note, place in lived:
            key = lines.get(place) if isinstance(place, int) else self._key_of_note(place)
            own = cards.get(key or "", [])
            for card, history in zip(own, note.cards, strict=False):
                joint = lives.get(card.key)
                lives[card.key] = (card, history if joint is None else _joined(joint[1], history))
            if own and any(history.reviews for history in note.cards[len(own) :]):
                reason = "answers to a card that the note in your deck does not have"
                self.report.lossy.append(Remark(note.where, reason))
        self.histories = list(lives.values())

    def _key_of_note(self, name: str) -> str:
        return key_of("id", self.name, identifier(name))

    def _merged(
        self, note: ForeignNote, mine: PlacedNote, theirs: _Fields, base: Mapping[str, str]
    ) -> _Fields | None:
        """The note with what only the source changed; None if it stays as it is."""
        own, exported = _normal(mine.fields), _normal(self._exported[mine.line])
        merged = dict(mine.fields)
        both = []
        for name in dict.fromkeys([*theirs, *own]):
            here, there = own.get(name) or "", theirs.get(name) or ""
            if name == "id" or there in (here, exported.get(name)):
                continue
            if _digest(here) != base.get(name) and _words(there) == _words(exported.get(name)):
                continue  # some formats do not keep spaces, or all of the markup
            if not here or _digest(here) == base.get(name):
                if there and (here or name not in base):
                    merged[name] = there
                elif not there:
                    merged.pop(name, None)
                elif _digest(there) != base.get(name):
                    both.append(name)
            elif there and _digest(there) != base.get(name):
                both.append(name)
        if merged != mine.fields and kind_of(merged) is None:
            both, merged = [name for name in theirs if name != "id"], dict(mine.fields)
        if both:
            fields = ", ".join(f"`{name}`" for name in both)
            where = f"{note.where}, note `{theirs['id']}`".removeprefix(", ")
            self.report.kept.append(Remark(where, f"you and the source changed {fields}"))
        if merged == mine.fields:
            self.report.unchanged += 1
            return None
        self.report.updated += 1
        return merged

    def _new_id(self, fields: _Fields, named: Mapping[str, PlacedNote], free: FreeIds) -> str:
        """The id that the source gives, or a readable one that no other note has."""
        if given := fields.get("id"):
            return str(given)
        name = slug(fields)
        mine = named.get(name)
        if (
            mine is not None
            and name not in self._written
            and prompt_of(mine.fields) == prompt_of(fields)
        ):
            return name  # what the log knew of the import is gone, its deck is not
        return free.take(name)


def _joined(first: ForeignHistory, second: ForeignHistory) -> ForeignHistory:
    """The history of a card that the source has twice."""
    reviews = sorted((*first.reviews, *second.reviews), key=lambda review: review.at)
    return ForeignHistory(
        tuple(reviews),
        max(first.due, second.due),
        first.suspended and second.suspended,
        first.flag or second.flag,
    )


def _deck_of(path: Path, text: str) -> ReadDeck:
    return read_deck(path, text.encode()).deck or ReadDeck("", "")


def _normal(fields: Mapping[str, Field]) -> _Fields:
    """The fields of a note without what does not count in a deck."""
    normed = {}
    for name, value in fields.items():
        written = normal(value)
        normed[name] = (
            [item for item in written if item] if isinstance(written, list) else str(written)
        )
    return normed


def digests_of(fields: Mapping[str, Field]) -> dict[str, str]:
    """A digest of each field of a note that says something, but for its id."""
    return {
        name: _digest(value) for name, value in _normal(fields).items() if value and name != "id"
    }


def prompt_of(fields: Mapping[str, Field]) -> tuple[str, str]:
    """Return the kind and the normal prompt of a note, which together identify it."""
    kind = kind_of(fields)
    text = fields.get(kind.spec.prompt, "") if kind else ""
    return str(kind), normal_prompt(str(text))


def _too_long(fields: Mapping[str, Field]) -> str:
    """The text that is longer than a note can have, in words; empty for none."""
    for name, value in fields.items():
        if any(len(text) > LONGEST_TEXT for text in ([value] if isinstance(value, str) else value)):
            return f"`{name}` has more than {LONGEST_TEXT:,} characters"
    return ""


def _lacking(fields: Mapping[str, Field]) -> str:
    """The side that a note does not have, in words; empty if it has both."""
    if kind_of(fields) is not None:
        return ""
    said = fields.keys()
    if said & {"front", "question", "statement"} and not said & _ANSWERED:
        return "no back" if "front" in said else "no answer"
    if said & _ANSWERED and not said & {"front", "question", "statement", "text"}:
        return "no front" if "back" in said else "no question"
    return ""


def _signature(fields: Mapping[str, Field]) -> str:
    """The same for notes that ask the same and have the same answer."""
    answers = [_words(fields.get(name)) for name in _ANSWERS]
    return key_of(*prompt_of(fields), _as_json(answers))


def _words(value: Field | None) -> list[str]:
    """The texts of a field without markup, and with single spaces between their words."""
    return [" ".join(plain(clean(text)).split()) for text in texts_of(value or [])]


def _key(note: ForeignNote, fields: Mapping[str, Field]) -> str:
    """Return the name of a note in its source; a digest of its prompt, if it has none."""
    return f"={note.key}" if note.key else _digest(list(prompt_of(fields)))


def _digest(value: Field) -> str:
    return blake2b(_as_json(value).encode("utf-8", "replace"), digest_size=5).hexdigest()
