"""Collections of Anki's as records.

Schema 11 keeps decks, note types and settings as JSON in the one row of `col`, schema 18 in tables
of their own. What the columns mean is told in
https://github.com/ankidroid/Anki-Android/wiki/Database-Structure.
"""

from __future__ import annotations

import json
from itertools import starmap
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.interchange.anki import protobuf
from sco_quiz.interchange.anki.database import LONGEST_VALUE, Database
from sco_quiz.interchange.material import MAX_NOTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_CARDS = 300_000
MAX_REVIEWS = 750_000
_MAX_TYPES = 10_000
"""Rows of the tables for decks, note types, fields, templates and settings, each."""
_MOST_VALUES = 500_000
"""Objects and lists in a JSON text; each takes some 100 bytes of memory."""
_CLOZE = 1
_DEFAULT_ROLLOVER = 4


class CardTemplates(NamedTuple):
    """The two HTML templates of a card."""

    name: str
    question: str
    answer: str


class NoteType(NamedTuple):
    """A note type of Anki's: the names of the fields, and the templates of the cards.

    Attributes:
        name: What it is called.
        cloze: Whether its cards are the deletions of a text.
        fields: Names, in the order of a note's fields.
        templates: By the number of the card; a cloze has one for all cards.
    """

    name: str
    cloze: bool
    fields: tuple[str, ...]
    templates: dict[int, CardTemplates]


class AnkiDeck(NamedTuple):
    """A deck.

    Attributes:
        title: Its name, with `::` between levels.
        description: What it is about; may be empty.
    """

    title: str
    description: str = ""


class NoteRow(NamedTuple):
    """A note, as it is stored."""

    id: int
    type: int
    guid: str
    tags: str
    fields: str


class CardRow(NamedTuple):
    """A card, as it is stored; `home` and `home_due` count while it is in a filtered deck."""

    id: int
    note: int
    deck: int
    order: int
    type: int
    queue: int
    due: int
    home: int
    home_due: int
    flags: int


class ReviewRow(NamedTuple):
    """An answer, as it is stored."""

    at: int
    card: int
    ease: int
    interval: int
    factor: int
    milliseconds: int
    type: int


class CollectionSettings(NamedTuple):
    """The settings of a collection by which its days and ratings are counted.

    Attributes:
        created: When the collection was, in seconds since 1970: day 0 of its due days.
        west: Minutes west of UTC where that was; None if it does not say.
        rollover: The hour at which a day begins.
        scheduler: 1 for the old one, which rated cards in learning otherwise.
    """

    created: int = 0
    west: int | None = None
    rollover: int = _DEFAULT_ROLLOVER
    scheduler: int = 1


class AnkiCollection:
    """An open collection; `close` it.

    Attributes:
        settings: What days and ratings are counted by.
        decks: By their numbers.
        types: By their numbers.
    """

    def __init__(self, file: Path, name: str) -> None:
        """Open a collection.

        Args:
            file: The SQLite file; not left as it was.
            name: What to call it in messages.

        Raises:
            DeckError: It is none, or damaged.
        """
        self._db = Database(file, name)
        try:
            self._db.require("col", "notes", "cards")
            in_tables = "notetypes" in self._db.tables
            self.settings = self._settings()
            self.decks = self._decks() if in_tables else self._decks_of_json()
            self.types = self._types() if in_tables else self._types_of_json()
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def notes(self) -> Iterator[NoteRow]:
        """The notes.

        Raises:
            DeckError: They cannot be read, or are too many.
        """
        rows = self._db.rows(
            "notes", MAX_NOTES, numbers=("id", "mid"), texts=("guid", "tags", "flds")
        )
        return map(NoteRow._make, rows)

    def cards(self) -> Iterator[CardRow]:
        """The cards.

        Raises:
            DeckError: They cannot be read, or are too many.
        """
        columns = ("id", "nid", "did", "ord", "type", "queue", "due", "odid", "odue", "flags")
        return map(CardRow._make, self._db.rows("cards", MAX_CARDS, numbers=columns))

    def reviews(self) -> Iterator[ReviewRow]:
        """The answers.

        Raises:
            DeckError: They cannot be read, or are too many.
        """
        columns = ("id", "cid", "ease", "ivl", "factor", "time", "type")
        return starmap(ReviewRow, self._db.rows("revlog", MAX_REVIEWS, numbers=columns))

    def _settings(self) -> CollectionSettings:
        created = 0
        said: dict[str, object] = {}
        for crt, conf in self._db.rows("col", 1, numbers=("crt",), texts=("conf",)):
            created = crt
            said = self._object(conf) if conf else {}
        for key, value in self._db.rows("config", _MAX_TYPES, texts=("key",), blobs=("val",)):
            if key in {"creationOffset", "rollover", "schedVer"}:
                said[key] = self._json(value.decode("utf-8", "replace"))
        west, rollover = said.get("creationOffset"), said.get("rollover")
        return CollectionSettings(
            created,
            west if isinstance(west, int) and abs(west) < 24 * 60 else None,
            rollover if isinstance(rollover, int) and 0 <= rollover < 24 else _DEFAULT_ROLLOVER,
            1 if said.get("schedVer", 1) == 1 else 2,
        )

    def _decks(self) -> dict[int, AnkiDeck]:
        rows = self._db.rows("decks", _MAX_TYPES, numbers=("id",), texts=("name",), blobs=("kind",))
        return {
            number: AnkiDeck(name.replace("\x1f", "::"), self._description(kind))
            for number, name, kind in rows
        }

    def _description(self, kind: bytes) -> str:
        """The description in what makes a deck an ordinary one."""
        try:
            return protobuf.text(protobuf.data(kind, 1), 4)
        except ValueError as error:
            raise self._db.damaged(f"a deck: {error}") from None

    def _types(self) -> dict[int, NoteType]:
        fields: dict[int, dict[int, str]] = {}
        for number, order, name in self._db.rows(
            "fields", _MAX_TYPES, numbers=("ntid", "ord"), texts=("name",)
        ):
            fields.setdefault(number, {})[order] = name
        templates: dict[int, dict[int, CardTemplates]] = {}
        rows = self._db.rows(
            "templates", _MAX_TYPES, numbers=("ntid", "ord"), texts=("name",), blobs=("config",)
        )
        types = {}
        try:
            for number, order, name, config in rows:
                template = CardTemplates(name, protobuf.text(config, 1), protobuf.text(config, 2))
                templates.setdefault(number, {})[order] = template
            for number, name, config in self._db.rows(
                "notetypes", _MAX_TYPES, numbers=("id",), texts=("name",), blobs=("config",)
            ):
                types[number] = NoteType(
                    name,
                    protobuf.number(config, 1) == _CLOZE,
                    tuple(text for _, text in sorted(fields.get(number, {}).items())),
                    templates.get(number, {}),
                )
        except ValueError as error:
            raise self._db.damaged(f"a note type: {error}") from None
        return types

    def _decks_of_json(self) -> dict[int, AnkiDeck]:
        return {
            number: AnkiDeck(_text(deck, "name"), _text(deck, "desc"))
            for number, deck in self._numbered("decks")
        }

    def _types_of_json(self) -> dict[int, NoteType]:
        return {
            number: NoteType(
                _text(each, "name"),
                each.get("type") == _CLOZE,
                tuple(_text(field, "name") for field in _objects(each, "flds")),
                {
                    order: CardTemplates(*(_text(made, name) for name in ("name", "qfmt", "afmt")))
                    for order, made in enumerate(_objects(each, "tmpls"))
                },
            )
            for number, each in self._numbered("models")
        }

    def _numbered(self, column: str) -> Iterator[tuple[int, dict[str, object]]]:
        """Objects in a column of `col`, by their numbers."""
        for (text,) in self._db.rows("col", 1, texts=(column,)):
            for number, value in self._object(text).items():
                if isinstance(value, dict) and number.lstrip("-").isdecimal():
                    yield int(number[:20]), value

    def _object(self, text: str) -> dict[str, object]:
        value = self._json(text)
        if not isinstance(value, dict):
            raise self._db.damaged("it has no settings")
        return value

    def _json(self, text: str) -> object:
        if len(text) > LONGEST_VALUE or text.count("{") + text.count("[") > _MOST_VALUES:
            raise self._db.damaged("its settings have too many values")
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise self._db.damaged("its settings are not JSON") from None


def _text(source: dict[str, object], name: str) -> str:
    value = source.get(name)
    return value if isinstance(value, str) else ""


def _objects(source: dict[str, object], name: str) -> list[dict[str, object]]:
    """The objects of a list, in the order in which they are numbered."""
    value = source.get(name)
    found = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return sorted(found, key=_order)


def _order(each: dict[str, object]) -> int:
    order = each.get("ord")
    return order if isinstance(order, int) else 0
