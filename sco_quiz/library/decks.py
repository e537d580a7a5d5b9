"""A deck file: its cards, ready to be asked, and every problem in it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from msgspec import ValidationError, convert

from sco_quiz.config import OF_DECKS, default
from sco_quiz.errors import DeckError
from sco_quiz.files import read_plain
from sco_quiz.library.diagnostics import Diagnostic, TooManyProblems
from sco_quiz.library.folders import id_of, look_at
from sco_quiz.library.kinds import WAYS_TO_ASK
from sco_quiz.library.nodes import Mapping, Sequence
from sco_quiz.library.notes import NoteReader
from sco_quiz.library.questions import block, identifier, line
from sco_quiz.library.reader import MAX_BYTES, Reading, collector_paused, read
from sco_quiz.library.schema import Header
from sco_quiz.library.validation import salvage

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from sco_quiz.learning.cards import Card
    from sco_quiz.library.diagnostics import Problems

MAX_CARDS = 200_000


@dataclass(frozen=True, slots=True)
class Deck:
    """What is studied of a deck file.

    Attributes:
        id: Names the deck; the histories of its cards hang on it.
        title: As shown.
        description: What it is about; may be empty.
        language: BCP 47 tag.
        parent: The id of the deck that it belongs below; empty for none.
        settings: Those of `config.OF_DECKS` that it has of its own.
        cards: In the order of the file; those of notes with an error are left out.
        lines: For each card, the line (from 1) at which its note starts.
    """

    id: str
    title: str
    description: str = ""
    language: str = "en"
    parent: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DeckFile:
    """What was read from a deck file.

    Attributes:
        deck: The deck; None when the file is not YAML or not a deck, when its id cannot be used,
            or when it has more problems than are listed.
        diagnostics: Every problem, in the order of the file.
    """

    deck: Deck | None
    diagnostics: tuple[Diagnostic, ...] = ()


def contents(file: Traversable) -> bytes | Diagnostic:
    """The contents of a deck file, or the reason they cannot be read."""
    try:
        size = look_at(file).st_size if isinstance(file, Path) else 0
        if size > MAX_BYTES:
            return Diagnostic(
                "E101",
                f"the file has {size:,} bytes; a deck may have {MAX_BYTES:,}",
                help="split the deck into several files",
            )
        return read_plain(file, MAX_BYTES) if isinstance(file, Path) else file.read_bytes()
    except DeckError as error:
        return Diagnostic("E102", f"the file {error.message}", help=error.help)
    except OSError as error:
        return Diagnostic(
            "E102", f"the file cannot be read ({error.strerror})", help="check its permissions"
        )


def read_deck(path: str | PurePath, data: bytes) -> DeckFile:
    """Read a deck file. Whatever it holds, this raises nothing.

    Args:
        path: The file's name; its stem makes the id of a deck that gives none.
        data: What it holds.
    """
    reading, deck = look_into(path, data)
    return DeckFile(deck, tuple(reading.problems.sorted()))


def look_into(path: str | PurePath, data: bytes) -> tuple[Reading, Deck | None]:
    """Read a deck file, for whoever looks for more problems: its data with places, and the deck."""
    with collector_paused():
        reading = read(data)
        deck = None
        with suppress(TooManyProblems):
            deck = _deck(reading, PurePath(path).stem)
        return reading, deck


def _deck(reading: Reading, stem: str) -> Deck | None:
    root, problems = reading.root, reading.problems
    if root is None:
        return None
    header = _header(root, problems, title=stem or "deck")
    named = bool(header.id) or not root.get("id")
    header.id = identifier(header.id) or id_of(stem)
    notes = NoteReader(header, root, problems)
    _read_notes(root, notes, problems)
    if not named:  # under another id, its cards would lose their history
        return None
    return Deck(
        id=header.id,
        title=line(header.deck),
        description=block(header.description),
        language=header.language.strip(),
        parent=identifier(header.parent),
        settings=_settings(header),
        cards=tuple(notes.cards),
        lines=tuple(notes.lines),
    )


def _settings(header: Header) -> dict[str, Any]:
    """The settings that the header gives for this deck alone."""
    given = ((name, getattr(header, name)) for name in OF_DECKS)
    return {
        name: value == "true" if isinstance(default(name), bool) else value
        for name, value in given
        if value is not None
    }


def _read_notes(root: Mapping, notes: NoteReader, problems: Problems) -> None:
    cards = root.get("cards")
    if not cards:
        at = root.spot("cards").key if "cards" in root else root.start
        problems.add("E309", "the deck has no cards", at, help="list its notes under `cards:`")
    elif not isinstance(cards, Sequence):
        spot = root.spot("cards")
        problems.add(
            "E203", "`cards` must be a list", spot.start, spot.end,
            help="start each note with a `-`: `- front: …`",
        )  # fmt: skip
    else:
        for index, node in enumerate(cards):
            if isinstance(node, Mapping):
                notes.read(node)
            else:
                what = "has no keys" if node else "is empty"
                start = cards.spot(index).start
                problems.add("E301", f"this note {what}", start, help=WAYS_TO_ASK)
            if len(notes.cards) > MAX_CARDS:
                problems.add(
                    "E114", f"the deck has more than {MAX_CARDS:,} cards", cards.start,
                    help="split it into several files",
                )  # fmt: skip
                break


def _header(root: Mapping, problems: Problems, title: str) -> Header:
    """The header, as far as it is sound; with a title when it has none."""
    given = {
        key: value
        for key, value in root.items()
        if key != "cards" and (value != "" or key not in Header.__struct_fields__)
    }
    try:
        return convert(given, Header, strict=False)
    except ValidationError:
        settled = frozenset({"cards"})
        return salvage(root, Header, problems, settled, deck=title) or Header(deck=title)
