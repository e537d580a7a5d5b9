"""The notes and header of a deck's text as its author wrote them, and the place of a note."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import UsageError, closest
from sco_quiz.learning.kinds import KINDS
from sco_quiz.library.kinds import COMMON, SHAPES, kind_of
from sco_quiz.library.nodes import MappingNode, SequenceNode
from sco_quiz.library.source import DeckText
from sco_quiz.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sco_quiz.library.nodes import Node

PROMPTS = frozenset(spec.prompt for spec in KINDS.values())
"""The fields that are asked."""
_LINES_NAMED = 5


class PlacedNote(NamedTuple):
    """A note in a deck's text.

    Attributes:
        line: The line on which it starts.
        fields: Its fields, with texts as written.
    """

    line: int
    fields: dict[str, str | list[str]]


def notes_of(text: str) -> list[PlacedNote]:
    """Return the notes of a deck; entries that are no mappings are left out.

    Raises:
        DeckError: The text is no deck.
    """
    source = DeckText(text)
    return [
        PlacedNote(source.line(node.start), fields_as_written(node))
        for node in source.notes
        if isinstance(node, MappingNode)
    ]


class HeaderText(NamedTuple):
    """The part of a deck above its notes.

    Attributes:
        texts: The title, the description and all other keys that have a text.
        defaults: The fields that every note has unless it says otherwise.
    """

    texts: dict[str, str]
    defaults: dict[str, str | list[str]]


def header_of(text: str) -> HeaderText:
    """Return the part of a deck above its notes.

    Raises:
        DeckError: The text is no deck.
    """
    root = DeckText(text).root
    header_texts = {key: value.strip() for key, value in root.items() if isinstance(value, str)}
    defaults = root.get("defaults")
    return HeaderText(
        header_texts, fields_as_written(defaults) if isinstance(defaults, MappingNode) else {}
    )


def fields_as_written(node: MappingNode) -> dict[str, str | list[str]]:
    """Return the fields of a mapping, with texts as written."""
    note: dict[str, str | list[str]] = {}
    for key, value in node.items():
        if isinstance(value, str):
            note[key] = value
        elif isinstance(value, SequenceNode):
            note[key] = [item for item in value if isinstance(item, str)]
    return note


def find_note(text: str, wanted: str) -> int:
    """Return the line of a note named by its id, its number (from 1) or part of its prompt.

    Args:
        text: The deck.
        wanted: The name. For a part of a prompt, case and spacing do not count.

    Raises:
        DeckError: The text is no deck.
        UsageError: No note has that name, or several have.
    """
    source = DeckText(text)
    notes = [note for note in source.notes if isinstance(note, MappingNode)]
    for note in notes:
        if note.get("id") == wanted:
            return source.line(note.start)
    if wanted.isdecimal() and 0 < int(wanted) <= len(notes):
        return source.line(notes[int(wanted) - 1].start)
    folded_name = _folded(wanted)
    matches = [note for note in notes if any(folded_name in prompt for prompt in _prompts(note))]
    if len(matches) == 1:
        return source.line(matches[0].start)
    if matches:
        lines = [str(source.line(note.start)) for note in matches[:_LINES_NAMED]]
        more = ", …" if len(matches) > _LINES_NAMED else ""
        raise UsageError(
            f"{len(matches)} prompts have {wanted!r}, those on lines {', '.join(lines)}{more}",
            "write more of the prompt, or the number or the id of the note",
        )
    ids = [name for note in notes if isinstance(name := note.get("id"), str)]
    similar_ids = closest(wanted, ids)
    raise UsageError(
        f"none of the deck's {len(notes)} notes is called {wanted!r}",
        (f"did you mean {similar_ids!r}? " if similar_ids else "")
        + "name a note by its id, its number or part of its prompt",
    )


def _prompts(note: MappingNode) -> list[str]:
    return [_folded(value) for key, value in note.items() if key in PROMPTS]


def _folded(value: Node) -> str:
    return " ".join(value.split()).casefold() if isinstance(value, str) else ""


def notes_with_defaults(text: str) -> list[PlacedNote]:
    """Return the notes of a deck with their texts cleaned and the deck's defaults filled in.

    Raises:
        DeckError: The text is no deck.
    """
    return with_defaults(notes_of(text), header_of(text).defaults)


def with_defaults(
    placed: Iterable[PlacedNote], defaults: Mapping[str, str | list[str]]
) -> list[PlacedNote]:
    """Return notes as written with their texts cleaned and the defaults of their deck filled in."""
    notes = []
    for line, written in placed:
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
        notes.append(PlacedNote(line, fields))
    return notes
