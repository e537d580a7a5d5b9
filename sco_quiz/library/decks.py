"""Reads a deck file into its cards, ready to be asked, and the problems in it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from msgspec import ValidationError, convert

from sco_quiz.collector import collector_paused
from sco_quiz.config import OF_DECKS, default
from sco_quiz.errors import DeckError
from sco_quiz.files import read_plain
from sco_quiz.library.diagnostics import Diagnostic, TooManyProblems
from sco_quiz.library.folders import id_of, look_at
from sco_quiz.library.kinds import WAYS_TO_ASK
from sco_quiz.library.nodes import MappingNode, SequenceNode, has_blank
from sco_quiz.library.notes import NoteReader
from sco_quiz.library.questions import block, identifier, line
from sco_quiz.library.schema import Header
from sco_quiz.library.syntax_errors import missing_space
from sco_quiz.library.validation import salvage
from sco_quiz.library.yaml_reading import MAX_BYTES, Reading, read

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from sco_quiz.learning.cards import Card
    from sco_quiz.library.diagnostics import Problems

MAX_CARDS = 200_000


@dataclass(frozen=True, slots=True)
class Deck:
    """The deck that a deck file holds.

    Attributes:
        id: Its id, on which the histories of its cards depend.
        title: Its title, as shown.
        description: Its subject; may be empty.
        language: A BCP 47 tag.
        parent: The id of its parent; empty for none.
        settings: The settings of `config.OF_DECKS` that it sets for itself.
        cards: The cards in the order of the file; those of notes with an error are left out.
        lines: For each card, the line (from 1) on which its note starts.
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
    """The result of reading a deck file.

    Attributes:
        deck: The deck; None if the file is not YAML or not a deck, if its id cannot be used, or if
            it has more problems than are listed.
        diagnostics: Every problem, in the order of the file.
    """

    deck: Deck | None
    diagnostics: tuple[Diagnostic, ...] = ()


def contents(file: Traversable) -> bytes | Diagnostic:
    """Return the bytes of a deck file, or the problem that prevents reading it."""
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
    """Read a deck file. This raises nothing, whatever the file holds.

    Args:
        path: The file's name, from which the id of a deck is made if it gives none.
        data: The bytes of the file.
    """
    reading, deck = look_into(path, data)
    return DeckFile(deck, tuple(reading.problems.sorted()))


def look_into(path: str | PurePath, data: bytes) -> tuple[Reading, Deck | None]:
    """Read a deck file; return its data with places too, for callers that look further."""
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
    has_usable_id = bool(header.id) or not root.get("id")
    header.id = identifier(header.id) or id_of(stem)
    notes = NoteReader(header, root, problems)
    _read_notes(root, notes, problems)
    if (
        not has_usable_id
    ):  # with an id made from the file's name, its cards would lose their history
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
    """Return the settings that the header sets for this deck alone."""
    header_values = ((name, getattr(header, name)) for name in OF_DECKS)
    return {
        name: value == "true" if isinstance(default(name), bool) else value
        for name, value in header_values
        if value is not None
    }


def _read_notes(root: MappingNode, notes: NoteReader, problems: Problems) -> None:
    cards = root.get("cards")
    if not cards:
        start = root.spot("cards").key if "cards" in root else root.start
        problems.add("E309", "the deck has no cards", start, help="list its notes under `cards:`")
    elif not isinstance(cards, SequenceNode):
        spot = root.spot("cards")
        problems.add(
            "E203", "`cards` must be a list", spot.start, spot.end,
            help="start each note with a `-` and a space: `- front: …`",
        )  # fmt: skip
    else:
        for index, node in enumerate(cards):
            if isinstance(node, MappingNode):
                notes.read(node)
            else:
                start = cards.spot(index).start
                if slip := missing_space(problems.lines.text, start):
                    problems.add("E105", slip.message, slip.at, help=slip.help)
                else:
                    fault = "has no keys" if node else "is empty"
                    problems.add("E301", f"this note {fault}", start, help=WAYS_TO_ASK)
            if len(notes.cards) > MAX_CARDS:
                problems.add(
                    "E114", f"the deck has more than {MAX_CARDS:,} cards", cards.start,
                    help="split it into several files",
                )  # fmt: skip
                break


def _header(root: MappingNode, problems: Problems, title: str) -> Header:
    """Return the sound parts of the header, with a title if it has none."""
    values = {
        key: value
        for key, value in root.items()
        if key != "cards" and (value != "" or key not in Header.__struct_fields__)
    }
    if not has_blank(values.values()):
        with suppress(ValidationError):
            return convert(values, Header, strict=False)
    settled = frozenset({"cards"})
    return salvage(root, Header, problems, settled, deck=title) or Header(deck=title)
