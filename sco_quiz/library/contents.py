"""The notes and header of a deck's text as its author wrote them, and the place of a note."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import UsageError, closest
from sco_quiz.learning.kinds import KINDS
from sco_quiz.library.kinds import COMMON, SHAPES, kind_of
from sco_quiz.library.nodes import Mapping, Sequence
from sco_quiz.library.source import Source
from sco_quiz.text import clean

if TYPE_CHECKING:
    from sco_quiz.library.nodes import Node

_PROMPTS = frozenset(spec.prompt for spec in KINDS.values())
_LINES_NAMED = 5


class Placed(NamedTuple):
    """A note that is there.

    Attributes:
        line: Where it starts.
        fields: What it says, its texts as written.
    """

    line: int
    fields: dict[str, str | list[str]]


def notes_of(text: str) -> list[Placed]:
    """Every note of a deck that has keys.

    Raises:
        DeckError: The text is no deck.
    """
    source = Source(text)
    return [
        Placed(source.line(node.start), said(node))
        for node in source.notes
        if isinstance(node, Mapping)
    ]


class HeaderText(NamedTuple):
    """What stands above the notes of a deck.

    Attributes:
        texts: The title, the description and whatever else is a text.
        defaults: What holds for every note.
    """

    texts: dict[str, str]
    defaults: dict[str, str | list[str]]


def header_of(text: str) -> HeaderText:
    """What stands above the notes of a deck.

    Raises:
        DeckError: The text is no deck.
    """
    root = Source(text).root
    given = {key: value.strip() for key, value in root.items() if isinstance(value, str)}
    defaults = root.get("defaults")
    return HeaderText(given, said(defaults) if isinstance(defaults, Mapping) else {})


def said(node: Mapping) -> dict[str, str | list[str]]:
    """What a mapping of texts says, its texts as written."""
    note: dict[str, str | list[str]] = {}
    for key, value in node.items():
        if isinstance(value, str):
            note[key] = value
        elif isinstance(value, Sequence):
            note[key] = [item for item in value if isinstance(item, str)]
    return note


def find_note(text: str, wanted: str) -> int:
    """The line of a note named by its id, its number in the deck (from 1), or part of its prompt.

    Args:
        text: The deck.
        wanted: The name; case and spacing of a part of a prompt do not count.

    Raises:
        DeckError: The text is no deck.
        UsageError: No note is called that, or more than one.
    """
    source = Source(text)
    notes = [note for note in source.notes if isinstance(note, Mapping)]
    for note in notes:
        if note.get("id") == wanted:
            return source.line(note.start)
    if wanted.isdecimal() and 0 < int(wanted) <= len(notes):
        return source.line(notes[int(wanted) - 1].start)
    part = _folded(wanted)
    found = [note for note in notes if any(part in prompt for prompt in _prompts(note))]
    if len(found) == 1:
        return source.line(found[0].start)
    if found:
        lines = [str(source.line(note.start)) for note in found[:_LINES_NAMED]]
        more = ", …" if len(found) > _LINES_NAMED else ""
        raise UsageError(
            f"{len(found)} prompts have {wanted!r}, those on lines {', '.join(lines)}{more}",
            "write more of the prompt, or the number or the id of the note",
        )
    ids = [name for note in notes if isinstance(name := note.get("id"), str)]
    close = closest(wanted, ids)
    raise UsageError(
        f"none of the deck's {len(notes)} notes is called {wanted!r}",
        (f"did you mean {close!r}? " if close else "")
        + "name a note by its id, its number or part of its prompt",
    )


def _prompts(note: Mapping) -> list[str]:
    return [_folded(value) for key, value in note.items() if key in _PROMPTS]


def _folded(value: Node) -> str:
    return " ".join(value.split()).casefold() if isinstance(value, str) else ""


def notes_with_defaults(text: str) -> list[Placed]:
    """Return the notes of a deck with their texts cleaned and the deck's defaults filled in.

    Raises:
        DeckError: The text is no deck.
    """
    _, defaults = header_of(text)
    notes = []
    for line, written in notes_of(text):
        fields: dict[str, str | list[str]] = {}
        for name, value in written.items():
            if isinstance(value, list):
                fields[name] = [clean(item, multiline=False).strip() for item in value]
            elif value.strip():
                fields[name] = clean(value).strip()
        kind = kind_of(fields)
        for name, value in defaults.items():
            own = fields.get(name)
            if isinstance(value, list):
                fields[name] = list(dict.fromkeys([*value, *(own or ())]))
            elif name in COMMON or (kind and name in SHAPES[kind].own):
                fields.setdefault(name, value)
        notes.append(Placed(line, fields))
    return notes
