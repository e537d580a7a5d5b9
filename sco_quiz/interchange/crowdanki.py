"""CrowdAnki: Anki's decks as a folder of `deck.json` and `media`.

What stands in there is what Anki itself stores, by names instead of numbers; of cards and answers
there is nothing: https://github.com/Stvad/CrowdAnki.
"""

from __future__ import annotations

import os
import re
from itertools import islice
from typing import TYPE_CHECKING

from sco_quiz.interchange.anki.collection import CardRow, CardTemplates, NoteRow, NoteType
from sco_quiz.interchange.anki.notes import AnkiNoteReader
from sco_quiz.interchange.anki.templates import AnkiTemplate as Rendering
from sco_quiz.interchange.anki.templates import TemplateError
from sco_quiz.interchange.hypertext import to_markup
from sco_quiz.interchange.material import ForeignDeck, Material, check_number
from sco_quiz.interchange.shelf import Shelf, file_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sco_quiz.interchange.material import MediaFile

_FOLDER = "media"
_MAX_FILES = 100_000
_MAX_TYPES = 1_000
_LONGEST_DESCRIPTION = 2_000
_GROUP = re.compile(r"\{\{c([0-9]{1,3})(?:,[0-9]+)*::")

_Object = dict[str, object]


def file_of(folder: Path) -> Path | None:
    """The file of a folder that holds the deck; None if it is no folder of CrowdAnki's."""
    for name in ("deck.json", f"{folder.resolve().name}.json"):
        if (folder / name).is_file():
            return folder / name
    return None


def read(data: object, folder: Path) -> Material | None:
    """The decks of a `deck.json`; None if it is none.

    Args:
        data: What it holds.
        folder: The one in which it lies, with `media`.
    """
    if not isinstance(data, dict) or not isinstance(data.get("note_models"), list):
        return None
    shelf = Shelf(_files(folder / _FOLDER))
    types, numbers = _types(data)
    reader = AnkiNoteReader(types, shelf)
    material = Material()
    count = 0
    for title, deck in _decks(data):
        notes = []
        rows = _objects(deck, "notes")
        for note in rows:
            count += 1
            row = _row(note, numbers, count)
            kind = types.get(row.type)
            notes += reader.notes_of(row, _cards(row, kind) if kind else [], title)
        check_number(count)
        if notes:
            about = to_markup(_text(deck.get("desc"))[:_LONGEST_DESCRIPTION]).text
            material.decks.append(ForeignDeck(title, notes, about))
    material.skipped, material.lossy = reader.skipped, reader.lossy
    material.media = list(shelf.taken.values())
    return material


def _decks(root: _Object) -> Iterator[tuple[str, _Object]]:
    """Decks with their titles, each before those within it."""
    waiting = [("", root)]
    while waiting:
        above, deck = waiting.pop()
        name = _text(deck.get("name"))
        title = name if not above or name.startswith(f"{above}::") else f"{above}::{name}"
        yield title, deck
        waiting += [(title, child) for child in reversed(_objects(deck, "children"))]


def _types(root: _Object) -> tuple[dict[int, NoteType], dict[str, int]]:
    """Note types by number, and the numbers by what notes call them."""
    types, numbers = {}, {}
    for number, model in enumerate(_objects(root, "note_models")[:_MAX_TYPES], 1):
        fields = [_text(each.get("name")) for each in _objects(model, "flds")]
        templates = {
            order: CardTemplates(
                _text(each.get("name")), _text(each.get("qfmt")), _text(each.get("afmt"))
            )
            for order, each in enumerate(_objects(model, "tmpls"))
        }
        cloze = model.get("type") == 1
        types[number] = NoteType(_text(model.get("name")), cloze, tuple(fields), templates)
        numbers[_text(model.get("crowdanki_uuid"))] = number
    return types, numbers


def _row(note: _Object, numbers: dict[str, int], number: int) -> NoteRow:
    tags, fields = note.get("tags"), note.get("fields")
    return NoteRow(
        id=number,
        type=numbers.get(_text(note.get("note_model_uuid")), 0),
        guid=_text(note.get("guid")),
        tags=" ".join(map(_text, tags)) if isinstance(tags, list) else "",
        fields="\x1f".join(map(_text, fields)) if isinstance(fields, list) else "",
    )


def _cards(row: NoteRow, kind: NoteType) -> list[CardRow]:
    """The cards that Anki makes of a note.

    One for each deletion of a cloze; else one for each template whose question has something of the
    note's own: https://docs.ankiweb.net/templates/generation.html.
    """
    texts = row.fields.split("\x1f")
    if kind.cloze:
        orders = sorted({int(group[1]) - 1 for text in texts for group in _GROUP.finditer(text)})
    else:
        values = dict.fromkeys(kind.fields, "")
        filled = values | dict(zip(kind.fields, texts, strict=False))
        orders = [
            order
            for order, template in kind.templates.items()
            if _shows(template.question, filled, values)
        ]
    return [CardRow(0, row.id, 0, order, 0, 0, 0, 0, 0, 0) for order in orders if order >= 0]


def _shows(question: str, values: dict[str, str], empty: dict[str, str]) -> bool:
    try:
        template = Rendering(question)
        return template.render(values).html != template.render(empty).html
    except TemplateError:
        return True  # whoever makes the note says what is wrong with it


def _files(folder: Path) -> list[MediaFile]:
    """The files in a folder; links, and what lies deeper, are left alone."""
    try:
        with os.scandir(folder) as found:
            names = [
                each.name
                for each in islice(found, _MAX_FILES)
                if each.is_file(follow_symlinks=False)
            ]
    except OSError:
        return []  # the notes come without their files, and the report says so
    return [file for name in sorted(names) if (file := file_in(folder, name)) is not None]


def _objects(holder: _Object, name: str) -> list[_Object]:
    value = holder.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
