"""What a deck's text says, as its author wrote it."""

from __future__ import annotations

from typing import NamedTuple

from sco_quiz.library.nodes import Mapping, Sequence
from sco_quiz.library.source import Source
from sco_quiz.text import clean


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
        for name, value in defaults.items():
            own = fields.get(name)
            if isinstance(value, list):
                fields[name] = list(dict.fromkeys([*value, *(own or ())]))
            elif name != "strict" or {"question", "text"} & fields.keys():
                fields.setdefault(name, value)
        notes.append(Placed(line, fields))
    return notes
