"""Tables of text: CSV and TSV, with Anki's header lines or names of columns, or without."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import UsageError
from sco_quiz.interchange.cells import LIKELY, likely_separator, rows_of, separator_called
from sco_quiz.interchange.cloze import adapted, is_cloze
from sco_quiz.interchange.hypertext import LONGEST_HTML, to_markup
from sco_quiz.interchange.material import (
    MAX_NOTES,
    MEDIA,
    Deck,
    Material,
    Note,
    Remark,
    check_number,
    items,
)
from sco_quiz.library.kinds import NOTE_KEYS, every_field, flags_of
from sco_quiz.vocabulary import many

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sco_quiz.interchange.cells import Row

_WRITTEN = {name.replace("_", " "): name for name in NOTE_KEYS}
COLUMNS = ("-", *NOTE_KEYS, "deck", "notetype", "key", "add reverse")
"""What a column can hold; the first is nothing that is wanted."""
_ALIASES = {
    "term": "front", "prompt": "front", "word": "front", "expression": "front", "q": "question",
    "definition": "back", "translation": "back", "meaning": "back", "a": "answer",
    "extra": "explain", "back extra": "explain", "explanation": "explain", "comment": "explain",
    "tag": "tags", "guid": "key", "note type": "notetype",
}  # fmt: skip
"""What others call our columns."""
_HEADER = re.compile(
    r"#(separator|html|tags|columns|notetype|deck|notetype column|deck column|tags column"
    r"|guid column|if matches):(.*)",
    re.IGNORECASE,
)


_SHOWN = 20
"""Rows that a look at a table shows, at most."""


class Table(NamedTuple):
    """How a table is read.

    Attributes:
        separator: What stands between cells.
        columns: What each column holds, by a name that `read` knows.
        rows: The cells of the first rows, but for names of columns.
    """

    separator: str
    columns: list[str]
    rows: list[list[str]]


class _Header(NamedTuple):
    """What Anki's header lines say.

    Attributes:
        values: By name, in lower case; empty when there are none.
        line: The line after the last of them, from 1.
        rest: What follows them.
    """

    values: dict[str, str]
    line: int
    rest: str


def read(
    text: str, *, columns: Sequence[str] = (), separator: str = "", tabs: bool = False
) -> Material:
    """The notes of a table.

    Args:
        text: The table.
        columns: What the columns hold: fields of a note, `deck`, `notetype`, `key`, or `-` for one
            to leave out. Without them the first row or Anki's header lines say it; else the first
            two are front and back.
        separator: What stands between cells, or its name; empty to find out.
        tabs: Whether it is a tab, if nothing else says so.

    Raises:
        DeckError: It has too many rows.
        UsageError: A column is called by no such name, or twice by the same.
    """
    _, header, held, rows = _begun(text, columns, separator, MAX_NOTES + 2, tabs=tabs)
    check_number(len(rows))
    reader = _Reader(header.values, held)
    for row in rows:
        reader.add(row)
    return reader.material()


def look(
    text: str, *, columns: Sequence[str] = (), separator: str = "", tabs: bool = False
) -> Table:
    """How a table is going to be read; the arguments and errors are those of `read`."""
    mark, _, found, rows = _begun(text, columns, separator, _SHOWN, tabs=tabs)
    width = max([*(len(row.cells) for row in rows), *(number + 1 for number in found)], default=0)
    names = [found.get(number, "-") for number in range(width)]
    holds = [name if name in COLUMNS else "-" for name in names]
    return Table(mark, holds, [row.cells for row in rows])


def _begun(
    text: str, columns: Sequence[str], separator: str, most: int, *, tabs: bool
) -> tuple[str, _Header, dict[int, str], list[Row]]:
    """The mark between cells, Anki's header, what the columns hold by number, the first rows."""
    header = _header(text)
    mark = separator_called(separator or header.values.get("separator", ""))
    mark = mark or ("\t" if tabs else _mark_of_names(header.rest) or likely_separator(header.rest))
    found = rows_of(header.rest, mark, header.line, comments=bool(header.values))
    rows = list(islice(found, most))
    names = [_known(each) for each in columns]
    if not names and (written := header.values.get("columns")):
        names = [_named(each) for each in written.split(mark)]
    if rows and _is_header(first := [_named(cell) for cell in rows[0].cells]):
        if columns or not names:
            rows.pop(0)
        names = names or first
    width = max((len(row.cells) for row in rows), default=0)
    return mark, header, _columns(header.values, names, width), rows


def _header(text: str) -> _Header:
    values: dict[str, str] = {}
    line, at = 1, 0
    while match := _HEADER.match(text, at):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end + 1
        values[match[1].casefold()] = match[2].rstrip("\r").strip("\r\n")
        line, at = line + 1, end
    return _Header(values, line, text[at:])


def _mark_of_names(text: str) -> str:
    """What stands between names of columns in the first row; empty if there are none."""
    first = text[:10_000].split("\n", 1)[0]
    for mark in LIKELY:
        for row in islice(rows_of(first, mark, 1), 1):
            if _is_header([_named(cell) for cell in row.cells]):
                return mark
    return ""


def _known(column: str) -> str:
    name = _named(column)
    if name not in COLUMNS:
        raise UsageError(
            f"there is no column {column!r}", f"columns are {', '.join(NOTE_KEYS)}, deck, key and -"
        )
    return name


def _named(cell: str) -> str:
    name = " ".join(cell.casefold().replace("_", " ").split())
    return _WRITTEN.get(name) or _ALIASES.get(name, name)


def _is_header(names: Sequence[str]) -> bool:
    """Whether names of columns are meant: each is one, and there are two, or `text` alone."""
    known = [name in COLUMNS for name in names if name]
    return (len(known) > 1 or names == ["text"]) and all(known) and len(set(names)) == len(names)


class _Reader:
    """Makes notes of rows."""

    def __init__(self, header: dict[str, str], columns: dict[int, str]) -> None:
        self._header = header
        self._html = header.get("html", "").strip().casefold() == "true"
        self._tags = header.get("tags", "").split()
        self._columns = columns
        self._decks: dict[str, list[Note]] = {}
        self._material = Material()
        self._left: Counter[int] = Counter()

    def add(self, row: Row) -> None:
        where = f"line {row.line}"
        values: dict[str, str] = {}
        for number, cell in enumerate(row.cells):
            name = self._columns.get(number, "")
            if name in COLUMNS:
                if cell.strip():
                    values[name] = cell
            elif cell.strip():
                self._left[number] += 1
        deck = values.pop("deck", self._header.get("deck", "")).strip()
        notetype = values.pop("notetype", self._header.get("notetype", "")).casefold()
        key = values.pop("key", "").strip() or values.get("id", "").strip()
        reverse = values.pop("add reverse", "")
        values.pop("-", None)
        fields: dict[str, str | list[str]] = {}
        for name, cell in values.items():
            fields[name] = self._value(name, cell, where)
        if self._tags:
            own = fields.get("tags", [])
            fields["tags"] = list(dict.fromkeys([*self._tags, *own]))
        _ask(fields, notetype, reversible=bool(reverse))
        if isinstance(text := fields.get("text"), str):
            fields["text"], reasons = adapted(text)
            self._material.lossy += [Remark(where, reason) for reason in reasons]
        if set(fields) - {"tags", "id"}:
            self._decks.setdefault(deck, []).append(Note(fields, key, where))

    def material(self) -> Material:
        for number, count in sorted(self._left.items()):
            name = self._columns.get(number, "")
            which = f"column {number + 1}" + f" ({name})" * bool(name)
            rows = many(count, "row")
            self._material.lossy.append(
                Remark(which, f"left out, with something in {rows}: nothing says what it holds")
            )
        self._material.decks = [Deck(title, notes) for title, notes in self._decks.items()]
        return self._material

    def _value(self, name: str, cell: str, where: str) -> str | list[str]:
        if name == "tags" and self._header:
            return cell.split()
        if every_field()[name].several:
            return items_of(cell, name)
        if name in flags_of(None):
            return cell.strip().casefold()
        if name == "id" or name in MEDIA or not self._html:
            return cell.strip()
        if len(cell) > LONGEST_HTML:
            self._material.lossy.append(Remark(where, "HTML of this length is left as it is"))
            return cell.strip()
        converted = to_markup(cell)
        self._material.lossy += [
            Remark(where, f"{what} is not kept") for what in sorted(converted.lost)
        ]
        if converted.images:
            self._material.lossy.append(
                Remark(where, "an image is named, but its file is not here")
            )
        return converted.text


def _columns(header: dict[str, str], names: list[str], width: int) -> dict[int, str]:
    """What each column holds, by its number from 0."""
    columns = dict(enumerate(names))
    for name, special in (
        ("notetype column", "notetype"), ("deck column", "deck"), ("tags column", "tags"),
        ("guid column", "key"),
    ):  # fmt: skip
        if header.get(name, "").strip().isdecimal():
            columns[int(header[name]) - 1] = special
    used = [name for name in columns.values() if name in NOTE_KEYS and name not in {"id", "tags"}]
    if not used:
        known = {number for number, name in columns.items() if name in COLUMNS}
        free = (number for number in range(width) if number not in known)
        columns |= dict(zip(free, ("front", "back"), strict=False))
    twice = [name for name, count in Counter(columns.values()).items() if count > 1]
    if wrong := [name for name in twice if name in COLUMNS[1:]]:
        raise UsageError(
            f"two columns are called {wrong[0]!r}", "say with `--columns` what is what"
        )
    return columns


def _ask(fields: dict[str, str | list[str]], notetype: str, *, reversible: bool) -> None:
    """Give the fields of a note the names of the kind that it is."""
    front = fields.get("front")
    if isinstance(front, str) and ("cloze" in notetype or is_cloze(front)):
        fields["text"] = fields.pop("front")
        if "back" in fields:
            fields.setdefault("explain", fields.pop("back"))
    elif "front" in fields and "type in" in notetype:
        fields["question"] = fields.pop("front")
        if "back" in fields:
            fields["answer"] = fields.pop("back")
    elif "front" in fields and (reversible or ("reversed" in notetype and "opt" not in notetype)):
        fields["reverse"] = "true"


def items_of(cell: str, name: str) -> list[str]:
    """The texts in a cell: one on a line, or kept apart by `;`, tags by `,` as well."""
    if "\n" in cell:
        return items(cell)
    found = re.split("[;,]" if name == "tags" else ";", cell)
    return [each.strip() for each in found if each.strip()]


def write(decks: Iterable[Deck]) -> str:
    """Decks as one table, with the names of the fields in its first row."""
    decks = list(decks)
    notes = [(deck.title, note.fields) for deck in decks for note in deck.notes]
    used = {name for _, fields in notes for name in fields}
    columns = [name for name in NOTE_KEYS if name in used]
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
