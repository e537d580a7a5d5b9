"""Tables of notes as they are written; what was written reads back the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.interchange.material import FIELDS, items

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sco_quiz.interchange.material import Deck


def write(decks: Iterable[Deck]) -> str:
    """Decks as one table, with the names of the fields in its first row."""
    decks = list(decks)
    notes = [(deck.title, note.fields) for deck in decks for note in deck.notes]
    used = {name for _, fields in notes for name in fields}
    columns = [name for name in FIELDS if name in used]
    several = len(decks) > 1
    lines = [_line([*columns, *(["deck"] * several)])]
    for title, fields in notes:
        cells = [_cell(fields.get(name, ""), name) for name in columns]
        lines.append(_line([*cells, *([title] * several)]))
    return "".join(lines)


def _cell(value: str | list[str], name: str) -> str:
    if isinstance(value, str):
        return value
    text = "\n".join(value)
    return text if len(value) > 1 or value == items_of(text, name) else text + "\n"


def _line(cells: list[str]) -> str:
    return ",".join(map(_quoted, cells)) + "\r\n"


def _quoted(cell: str) -> str:
    if (
        cell.startswith(("#", " ", "\t"))
        or re.search(r'[,;|\t"\r\n]', cell)
        or cell != cell.strip()
    ):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def items_of(cell: str, name: str) -> list[str]:
    """The texts in a cell: one on a line, or kept apart by `;`, tags by `,` as well."""
    if "\n" in cell:
        return items(cell)
    found = re.split("[;,]" if name == "tags" else ";", cell)
    return [each.strip() for each in found if each.strip()]
