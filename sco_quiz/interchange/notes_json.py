"""Decks as JSON: everything that the app knows of a note, for scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sco_quiz.interchange.material import Deck, Material, Note, Remark, check_number
from sco_quiz.library.kinds import every_field

if TYPE_CHECKING:
    from collections.abc import Iterable


def write(decks: Iterable[Deck]) -> str:
    """Decks as one object: `decks`, each with `title`, `description`, `language` and `notes`."""
    rows = [
        {
            "title": deck.title,
            **({"description": deck.description} if deck.description else {}),
            **({"language": deck.language} if deck.language else {}),
            "notes": [note.fields for note in deck.notes],
        }
        for deck in decks
    ]
    return json.dumps({"decks": rows}, ensure_ascii=False, indent=2) + "\n"


def read(data: object) -> Material | None:
    """The decks of an object as `write` makes it; None if it is none."""
    rows = data.get("decks") if isinstance(data, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    material = Material()
    for row in rows:
        title = str(row.get("title", ""))
        listed = row.get("notes")
        notes: list[Note] = []
        given = listed if isinstance(listed, list) else []
        check_number(len(given))
        for number, fields in enumerate(given, 1):
            where = f"note {number}"
            if not isinstance(fields, dict):
                material.skipped.append(Remark(where, "it is not an object"))
                continue
            known = {name: value for name, value in fields.items() if name in every_field()}
            for name in fields.keys() - known.keys():
                material.lossy.append(Remark(where, f"there is no field `{name[:40]}`"))
            said = {name: _value(name, value) for name, value in known.items()}
            notes.append(Note(said, str(said.get("id", "")), where))
        material.decks.append(
            Deck(title, notes, str(row.get("description", "")), str(row.get("language", "")))
        )
    return material


def _value(name: str, value: object) -> str | list[str]:
    if not every_field()[name].several:
        return _text(value)
    return [_text(each) for each in (value if isinstance(value, list) else [value])]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
