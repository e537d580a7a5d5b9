"""Tables of text: CSV and TSV, with Anki's header lines or names of columns, or without."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import UsageError
from sco_quiz.interchange.cells import (
    LIKELY,
    joined_rows,
    likely_separator,
    rows_of,
    separator_called,
)
from sco_quiz.interchange.cloze import as_own_cloze, is_cloze
from sco_quiz.interchange.hypertext import LONGEST_HTML, Converted, to_markup
from sco_quiz.interchange.material import (
    MAX_NOTES,
    MEDIA,
    ForeignDeck,
    ForeignNote,
    Material,
    Remark,
    check_number,
    items,
    placed,
)
from sco_quiz.interchange.records import as_revealed_note, fields_of, is_long
from sco_quiz.interchange.shelf import FolderShelf, side_text
from sco_quiz.interchange.side_words import (
    COLUMNS,
    CORRECT,
    OPTION,
    SEVERAL,
    WRONG,
    folded,
    is_language,
    meaning_of,
    with_loose,
)
from sco_quiz.learning.kinds import KINDS
from sco_quiz.library.kinds import NOTE_KEYS, as_value, every_field, flags_of
from sco_quiz.numbers_and_times import many

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sco_quiz.interchange.cells import TableRow
    from sco_quiz.interchange.material import Field

_HEADER = re.compile(
    r"#(separator|html|tags|columns|notetype|deck|notetype column|deck column|tags column"
    r"|guid column|if matches):(.*)",
    re.IGNORECASE,
)
_SPREADSHEET = re.compile(r"sep=(.)[ \t]*\r?\n", re.IGNORECASE)
_HTML = re.compile(
    r"<(?:br|hr|img|/(?:b|i|u|p|div|span|a|em|strong|ul|ol|li|sub|sup|code|pre|font|h[1-6]|td|table))"
    r"\b[^<>]*>|&(?:amp|lt|gt|quot|nbsp|#[0-9]{2,5});",
    re.IGNORECASE,
)
"""Signs of HTML."""
_PROMPTS = frozenset(spec.prompt for spec in KINDS.values())
_SIDES = (
    _PROMPTS
    | {name for spec in KINDS.values() for name in (spec.answer, spec.wrong) if name}
    | {OPTION, WRONG, CORRECT}
)
_OWN_NAMES = frozenset({*NOTE_KEYS, "deck", "notetype"})
_PLAIN_VALUE = re.compile(r"[-+0-9.,:/%\s]+|https?://\S+|[a-z0-9._-]+\.(?:png|jpe?g|gif|mp3|ogg)")
_CJK = re.compile(r"[\u3400-\u9fff々〇·，,/|()（）\[\]【】\s]+")
_READING = re.compile(
    r"[a-zü:v\u00e0-\u01dc\u0300-\u030f'’·\-\s]*(?:[1-5][a-zü:\u00e0-\u01dc'’·,/\-\s1-5]*"
    r"|[\u00e0-\u01dc\u0300-\u030f][a-zü\u00e0-\u01dc\u0300-\u030f'’·,/\-\s]*)|[\u3040-\u30ff\s・,/]+",
    re.IGNORECASE,
)
"""The reading of a word of Chinese or Japanese: Pinyin with tones, or kana."""
_LONGEST_WORD = 60
_MOST_ON_ONE_LINE = 1_000_000
_MOST_NAMED = 200
"""Columns that may have a name, and rows that are looked at for it."""
_SHORT = 24
"""Characters that a name of a column has, at most, where its shape tells it from a text."""
_BEFORE_HEADER = 15
"""Rows among which the names of the columns of a quiz are looked for; some begin with advice."""
_TYPED = "type in"
"""Words in the name of a note type whose answer is typed."""


_SHOWN = 20
"""Rows that a look at a table shows, at most."""
_CARDS = 3
"""Rows that are shown as the cards that they would become."""


class Table(NamedTuple):
    """A table as it will be read: separator, columns, and its first rows for a preview.

    Attributes:
        separator: What stands between cells.
        columns: What each column holds, by a name that `read` knows.
        rows: The cells of the first rows, but for names of columns.
        names: The names of the columns, as the table has them; empty where it has none.
        unsure_of_header: Whether it is unsure if the first row holds names of columns or a card.
        cards: The first rows as the notes that they become.
    """

    separator: str
    columns: list[str]
    rows: list[list[str]]
    names: list[str] = []  # noqa: RUF012
    unsure_of_header: bool = False
    cards: list[dict[str, Field]] = []  # noqa: RUF012


class _Header(NamedTuple):
    """The header lines of a text file from Anki, such as `#separator:tab`.

    Attributes:
        values: By name, in lower case; empty when there are none.
        line: The line after the last of them, from 1.
        rest: What follows them.
    """

    values: dict[str, str]
    line: int
    rest: str


class _Begun(NamedTuple):
    """A table whose columns are known.

    Attributes:
        mark: What stands between cells.
        header: Anki's.
        columns: What the columns hold, by number.
        names: As the table writes them; empty where it has none.
        rows: The first rows.
        unsure_of_header: See `Table`.
    """

    mark: str
    header: _Header
    columns: dict[int, str]
    names: list[str]
    rows: list[TableRow]
    unsure_of_header: bool


def fits(text: str) -> bool:
    """Tell whether a text says of itself that it is a table."""
    if _HEADER.match(text) is not None or _SPREADSHEET.match(text) is not None:
        return True
    names = text[:10_000].split("\n", 1)[0].strip().split(",")
    return len(names) > 1 and all(name in _OWN_NAMES for name in names)


def read(
    text: str,
    path: Path = Path("table.csv"),
    *,
    columns: Sequence[str] = (),
    separator: str = "",
    header: str = "",
) -> Material:
    """The notes of a table.

    Args:
        text: The table.
        path: Its file, beside which lie the images that it names.
        columns: What the columns hold, one after the other: fields of a note, `deck`, `notetype`,
            `key`, or `-` for one to leave out; or `NAME=FIELD` for those that are not known by
            their name. Without them the first row or Anki's header lines say it; else the first
            two are front and back.
        separator: What stands between cells, or its name; empty to find out.
        header: Whether the first row names the columns, `yes` or `no`; empty to find out.

    Raises:
        DeckError: It has too many rows.
        UsageError: A column is called by no such name, or twice by the same.
    """
    begun = _begin(text, columns, separator, header, MAX_NOTES + 2)
    check_number(len(begun.rows))
    reader = _Reader(begun, FolderShelf(path.parent))
    for row in begun.rows:
        reader.add(row)
    return reader.material()


def look(text: str, *, columns: Sequence[str] = (), separator: str = "", header: str = "") -> Table:
    """Preview how a table would be read; the arguments and errors are those of `read`."""
    begun = _begin(text, columns, separator, header, _SHOWN)
    rows, found = begun.rows, begun.columns
    width = max([*(len(row.cells) for row in rows), *(number + 1 for number in found)], default=0)
    names = [found.get(number, "-") for number in range(width)]
    holds = [name if name in COLUMNS else "-" for name in names]
    reader = _Reader(begun, FolderShelf(Path()))
    for row in rows[:_CARDS]:
        reader.add(row)
    cards = [note.fields for deck in reader.material().decks for note in deck.notes]
    shown_rows = [row.cells for row in rows]
    return Table(begun.mark, holds, shown_rows, begun.names, begun.unsure_of_header, cards)


def _begin(text: str, columns: Sequence[str], separator: str, named: str, most: int) -> _Begun:
    if sheet := _SPREADSHEET.match(text):
        separator, text = separator or sheet[1], text[sheet.end() :]
    header = _header(_with_line_ends(text))
    mark = separator_called(separator or header.values.get("separator", ""))
    mark = mark or _mark_of_names(header.rest) or likely_separator(header.rest)
    found = rows_of(header.rest, mark, header.line, comments=bool(header.values))
    rows = list(islice((row for row in found if not _is_category(row)), most))
    written = header.values.get("columns", "")
    names = [folded(each) for each in written.split(mark)] if written else []
    first, unsure_of_header = _header_row(rows, named, known=bool(columns or names))
    if first is not None:
        names = names or rows[first].cells
        rows = rows[first + 1 :]
    elif not header.values:
        rows = list(joined_rows(rows, mark))
    width = max((len(row.cells) for row in rows), default=0)
    meanings = _meanings(names)
    holds = _called(columns, names, meanings)
    idle = _idle(rows, width, one_side_known=any(each in _SIDES for each in holds.values()))
    return _Begun(
        mark,
        header,
        _columns(
            header.values,
            holds,
            [each for each in range(width) if each not in idle],
            rows,
            said=bool(columns),
            named=bool(names) and not columns,
        ),
        names,
        rows,
        unsure_of_header,
    )


def _with_line_ends(text: str) -> str:
    """A text whose rows stand on one line, kept apart by semicolons, with a line for each."""
    rows = [each for each in text[:_MOST_ON_ONE_LINE].strip().split(";") if each.strip()]
    if len(rows) < 2 or len(text) > _MOST_ON_ONE_LINE or "\n" in text.strip() or '"' in text:
        return text
    return "\n".join(rows) if all(row.count(",") == 1 for row in rows) else text


def _header(text: str) -> _Header:
    values: dict[str, str] = {}
    line, at = 1, 0
    while match := _HEADER.match(text, at):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end + 1
        name, value = match[1].casefold(), match[2].strip("\r\n")
        if name != "columns":  # a spreadsheet has written as many marks as there are columns
            value = value.rstrip(",;\t") or value[:1]
        values[name] = value
        line, at = line + 1, end
    return _Header(values, line, text[at:])


def _mark_of_names(text: str) -> str:
    """Find the separator between column names in the first row; empty if it has none."""
    first = text[:10_000].split("\n", 1)[0]
    for mark in LIKELY:
        for row in islice(rows_of(first, mark, 1), 1):
            if _is_header(_meanings(row.cells)):
                return mark
    return ""


def _is_category(row: TableRow) -> bool:
    """Tell whether a row names a category, as Pleco writes it."""
    return len(row.cells) == 1 and row.cells[0].startswith("//")


def _meanings(names: Sequence[str]) -> list[str]:
    """Return the meaning of columns by their names: as `COLUMNS` has it, or the folded name."""
    names = names[:_MOST_NAMED]
    found = with_loose([meaning_of(name) for name in names])
    if not all(name.strip() in _OWN_NAMES for name in names):  # others group by it
        found = ["tags" if meaning == "category" else meaning for meaning in found]
    letters = [place for place, name in enumerate(names) if len(name.strip()) == 1]
    for place, name in enumerate(names):
        if found[place] not in COLUMNS and is_language(name):
            has_front = not _PROMPTS.isdisjoint(found)
            found[place] = folded(name) if has_front and "back" in found else (
                "back" if has_front else "front"
            )  # fmt: skip
    if 0 < len(letters) < 3:  # of a quiz there are more, and a text may be one letter
        for place in letters:
            if found[place] == OPTION:
                found[place] = folded(names[place])
    elif letters and "answer" in found and found.count(OPTION) > 1:
        found = [
            OPTION if name == "answer" and place in letters else name
            for place, name in enumerate(found)
        ]
    return found


def _is_header(meanings: Sequence[str]) -> bool:
    """Tell whether a row has the names of two sides, or `text` alone."""
    known = [name for name in meanings if name in COLUMNS]
    sides = set(known) & _SIDES
    if list(meanings) == ["text"]:
        return True
    if len(known) == len(meanings) > 1 and len(set(known)) == len(known) and set(known) & _PROMPTS:
        return True
    if "text" in sides and len(known) > 1 and known.count("text") == 1:
        return True
    return len(sides) > 1 and not sides.isdisjoint(_PROMPTS)


def _header_row(rows: Sequence[TableRow], named: str, *, known: bool) -> tuple[int | None, bool]:
    """The place of the row that names the columns, and whether that is in doubt."""
    if not rows or named == "no":
        return None, False
    meanings = _meanings(rows[0].cells)
    by_language = any(map(is_language, rows[0].cells[:_MOST_NAMED])) and _comes_again(rows)
    if named == "yes" or (_is_header(meanings) and not by_language):
        return 0, False
    for place, row in enumerate(rows[:_BEFORE_HEADER]):
        found = _meanings(row.cells)
        if "question" in found and (found.count(OPTION) > 1 or WRONG in found):
            return place, False
    told = _SIDES | {"tags", "explain"}
    words = zip(rows[0].cells, meanings, strict=False)
    some = {name for cell, name in words if name in told and len(cell.strip()) > 1}
    shape = len(rows) > 2 and _differs_in_shape(rows) and not _comes_again(rows)
    if some and shape:
        return 0, False
    return None, not known and (bool(some) or shape)


def _comes_again(rows: Sequence[TableRow]) -> bool:
    """Tell whether a cell of the first row stands in its column again, as no name of one does."""
    first = {(place, cell) for place, cell in enumerate(rows[0].cells) if cell.strip()}
    others = rows[1:_MOST_NAMED]
    return any(not first.isdisjoint(enumerate(row.cells[:_MOST_NAMED])) for row in others)


def _differs_in_shape(rows: Sequence[TableRow]) -> bool:
    """Tell whether the first row has names where all others have numbers, addresses or texts."""
    for place, cell in enumerate(rows[0].cells[:_MOST_NAMED]):
        name = cell.strip()
        column = [row.cells[place].strip() for row in rows[1:_MOST_NAMED] if place < len(row.cells)]
        column = [each for each in column if each]
        if not name or len(column) < 2 or len(name) > _SHORT:
            continue
        if not _PLAIN_VALUE.fullmatch(name.casefold()) and all(
            _PLAIN_VALUE.fullmatch(each.casefold()) for each in column
        ):
            return True
        ends = {each[-1] for each in column}
        if ends <= set("?？؟") and name[-1] not in "?？؟":
            return True
        if min(map(len, column)) > 2 * _SHORT:
            return True
    return False


def _called(
    columns: Sequence[str], names: Sequence[str], meanings: Sequence[str]
) -> dict[int, str]:
    """Return the meaning of each column, as the learner says, or as its name does.

    Raises:
        UsageError: There is no such field, or no such column.
    """
    if not any("=" in each for each in columns):
        holds = [_field_called(each) for each in columns]
        return dict(enumerate(holds)) if columns else dict(enumerate(meanings))
    found = dict(enumerate(meanings))
    known = {folded(name): place for place, name in enumerate(names)}
    for each in columns:
        name, _, column = each.rpartition("=")
        wanted = folded(name)
        number = int(wanted) - 1 if wanted.isdecimal() and len(wanted) < 4 else None
        place = known.get(wanted, number)
        if place is None or place < 0:
            listed = ", ".join(names) or "none; number them from 1"
            raise UsageError(f"there is no column called {name!r}", f"the table has {listed}")
        meaning = _field_called(column)
        found = {
            at: "-" if other == meaning and meaning not in SEVERAL else other
            for at, other in found.items()
        }
        found[place] = meaning
    return found


def _field_called(column: str) -> str:
    name = meaning_of(column)
    if name not in COLUMNS:
        raise UsageError(
            f"there is no column {column!r}", f"columns are {', '.join(NOTE_KEYS)}, deck, key and -"
        )
    return name


class _Reader:
    """Makes notes of rows."""

    def __init__(self, begun: _Begun, shelf: FolderShelf) -> None:
        self._header = begun.header.values
        said = self._header.get("html", "").strip().casefold()
        self._html = {"true": True, "false": False}.get(said)
        self._tags = self._header.get("tags", "").split()
        self._columns = begun.columns
        self._names = begun.names
        self._shelf = shelf
        self._decks: dict[str, list[ForeignNote]] = {}
        self._material = Material()
        self._left: Counter[int] = Counter()

    def add(self, row: TableRow) -> None:
        where = f"line {row.line}"
        values: dict[str, list[str]] = {}
        for number, cell in enumerate(row.cells):
            name = self._columns.get(number, "")
            if name in COLUMNS:
                if cell.strip():
                    values.setdefault(name, []).append(cell)
            elif cell.strip():
                self._left[min(number, _MOST_NAMED)] += 1
        values.pop("-", None)
        deck = _only(values, "deck", self._header.get("deck", "")).strip()
        notetype = _only(values, "notetype", self._header.get("notetype", "")).casefold()
        key = _only(values, "key").strip() or "".join(values.get("id", [])).strip()
        reverse = _only(values, "add reverse")
        sides: dict[str, Converted] = {}
        said: dict[str, Field] = {}
        for name, cells in values.items():
            said[name] = self._value(name, cells, where, sides)
        fields = fields_of(said)
        if self._tags:
            own = fields.get("tags", [])
            fields["tags"] = list(dict.fromkeys([*self._tags, *own]))
        _ask(fields, notetype, reversible=bool(reverse))
        self._add_files(fields, sides, where)
        if isinstance(text := fields.get("text"), str):
            fields["text"], reasons = as_own_cloze(text)
            self._material.lossy += [Remark(where, reason) for reason in reasons]
        if set(fields) - {"tags", "id"}:
            self._decks.setdefault(deck, []).append(ForeignNote(fields, key, where))

    def material(self) -> Material:
        for number, count in sorted(self._left.items()):
            name = self._names[number].strip() if number < len(self._names) else ""
            which = f"column {number + 1}" + f" ({name})" * bool(name)
            if number == _MOST_NAMED:
                which += " and others"
            rows = many(count, "row")
            told = f"left out, with something in {rows}: nothing says what it holds"
            self._material.lossy.append(Remark(which, told))
        self._material.decks = [ForeignDeck(title, notes) for title, notes in self._decks.items()]
        self._material.media = list(self._shelf.taken.values())
        return self._material

    def _value(self, name: str, cells: list[str], where: str, sides: dict[str, Converted]) -> Field:
        if name == "tags" and {"tags column", "columns"} & self._header.keys():
            return [tag for cell in cells for tag in cell.split()]
        if name in flags_of(None):
            return cells[0].strip().casefold()
        if name == "id":
            return cells[0].strip()
        if name in MEDIA:
            return as_value(name, [file for cell in cells for file in items(cell)])
        if name in SEVERAL or (name in NOTE_KEYS and every_field()[name].several):
            return [
                item
                for cell in cells
                for item in ([cell] if len(cells) > 1 else items_of(cell, name))
                for item in [self._shown(name, item, where, sides)]
                if item
            ]
        return "\n".join(self._shown(name, cell, where, sides) for cell in cells)

    def _shown(self, name: str, cell: str, where: str, sides: dict[str, Converted]) -> str:
        """Return a cell in our markup; it is read as HTML if it, or the whole table, has some."""
        is_html = self._html if self._html is not None else _HTML.search(cell) is not None
        if not is_html and "[sound:" not in cell:
            return cell.strip()
        if len(cell) > LONGEST_HTML:
            self._material.lossy.append(Remark(where, "HTML of this length is left as it is"))
            return cell.strip()
        converted = to_markup(cell, media=True)
        self._material.lossy += [
            Remark(where, f"{what} is not kept") for what in sorted(converted.lost)
        ]
        before = sides.get(name, Converted(""))
        sides[name] = Converted(
            "", images=before.images + converted.images, sounds=before.sounds + converted.sounds
        )
        return side_text(converted)

    def _add_files(self, fields: dict[str, Field], sides: dict[str, Converted], where: str) -> None:
        """Name the files of a note's sides."""
        if not any(side.images or side.sounds for side in sides.values()):
            return
        asked, told = Converted(""), Converted("")
        for name, side in sides.items():
            if name in _PROMPTS:
                asked = Converted("", images=side.images, sounds=side.sounds)
            else:
                told = Converted(
                    "", images=told.images + side.images, sounds=told.sounds + side.sounds
                )
        files, left = self._shelf.fields(asked, told)
        self._material.lossy += placed(where, left)
        for name, file in files.items():
            fields.setdefault(name, file)


def _only(values: dict[str, list[str]], name: str, otherwise: str = "") -> str:
    """The text of a column that stands once, taken out of the others."""
    cells = values.pop(name, [])
    return cells[0] if cells else otherwise


def _columns(
    header: Mapping[str, str],
    called: dict[int, str],
    likely: Sequence[int],
    rows: Sequence[TableRow],
    *,
    said: bool,
    named: bool,
) -> dict[int, str]:
    """Return the meaning of each column, by its number from 0; as said, or as it is called.

    Where names tell one side alone, the first column that is not known is the other, of those that
    are likely to hold one.
    """
    columns = dict(called)
    for name, special in (
        ("notetype column", "notetype"), ("deck column", "deck"), ("tags column", "tags"),
        ("guid column", "key"),
    ):  # fmt: skip
        if header.get(name, "").strip().isdecimal():
            columns[int(header[name]) - 1] = special
    used = [name for name in columns.values() if name in _SIDES]
    if not used:
        known = {number for number, name in columns.items() if name in COLUMNS}
        free = [number for number in likely if number not in known]
        reading = len(free) > 2 and not named and _is_reading(rows, free[0], free[1])
        sides = ("front", "explain", "back") if reading else ("front", "back")
        columns |= dict(zip(free, sides, strict=False))
    elif named:
        unknown = [number for number in likely if columns.get(number) not in COLUMNS]
        missing = "back" if set(used) == {"front"} else "front" if set(used) == {"back"} else ""
        if missing and unknown:
            columns[unknown[0]] = missing
    twice = [name for name, count in Counter(columns.values()).items() if count > 1]
    for name in (
        () if said else ("front", "question")
    ):  # what is asked is said once; the rest explains it
        if name in twice:
            places = [place for place, other in sorted(columns.items()) if other == name]
            columns |= dict.fromkeys(places[1:], "explain")
            twice.remove(name)
    if wrong := [name for name in twice if name in COLUMNS[1:] and name not in _JOINED]:
        raise UsageError(
            f"two columns are called {wrong[0]!r}", "say with `--columns` what is what"
        )
    return columns


def _idle(rows: Sequence[TableRow], width: int, *, one_side_known: bool) -> set[int]:
    """Return the columns that are no side of a card: languages and numbers; not of a table of two.

    Where no side is known, a number may be an answer, such as a year: then only those before all
    other columns count.
    """
    idle: set[int] = set()
    for number in range(min(width, _MOST_NAMED) if width > 2 else 0):
        cells = [row.cells[number].strip() for row in rows[:_MOST_NAMED] if number < len(row.cells)]
        cells = [each for each in cells if each]
        number_counts = one_side_known or len(idle) == number
        if len(cells) > 1 and all(
            is_language(each) or (number_counts and _PLAIN_VALUE.fullmatch(each.casefold()))
            for each in cells
        ):
            idle.add(number)
    return idle if width - len(idle) > 1 else set()


def _is_reading(rows: Sequence[TableRow], word: int, reading: int) -> bool:
    """Tell whether a column says how the words of another one are read."""
    cells = [row.cells for row in rows[:_MOST_NAMED] if reading < len(row.cells)]
    return bool(cells) and all(
        _CJK.fullmatch(each[word][:_LONGEST_WORD])
        and _READING.fullmatch(each[reading][:_LONGEST_WORD].strip())
        for each in cells
    )


_JOINED = SEVERAL | {"explain", "tags", "back", "answer", "accept", "choices", "hint", "source"}
"""Fields that are put together where several columns hold them."""


def _ask(fields: dict[str, Field], notetype: str, *, reversible: bool) -> None:
    """Give the fields of a note the names of the kind that it is."""
    front = fields.get("front")
    if isinstance(front, str) and ("cloze" in notetype or is_cloze(front)):
        fields["text"] = fields.pop("front")
        if "back" in fields:
            fields.setdefault("explain", fields.pop("back"))
    elif "front" in fields and _TYPED in notetype:
        fields["question"] = fields.pop("front")
        if "back" in fields:
            fields["answer"] = fields.pop("back")
    elif "front" in fields and (reversible or ("reversed" in notetype and "opt" not in notetype)):
        fields["reverse"] = "true"
    elif _is_long_typed(fields) and _TYPED not in notetype:
        shown_fields = as_revealed_note(fields)
        fields.clear()
        fields |= shown_fields


def items_of(cell: str, name: str) -> list[str]:
    """The texts in a cell: one on a line, or kept apart by `;`, tags by `,` as well."""
    if "\n" in cell:
        return items(cell)
    found = re.split("[;,]" if name == "tags" else ";", cell)
    return [each.strip() for each in found if each.strip()]


def write(decks: Iterable[ForeignDeck]) -> str:
    """Decks as one table; its first row names the fields, and each other one its deck."""
    notes = [(deck.title, note.fields) for deck in decks for note in deck.notes]
    used = {name for _, fields in notes for name in fields}
    columns = [name for name in NOTE_KEYS if name in used]
    typed = any(_is_long_typed(fields) for _, fields in notes)
    lines = [_line([*columns, *["notetype"] * typed, "deck"])]
    for title, fields in notes:
        cells = [_cell(fields.get(name, ""), name) for name in columns]
        kind = _TYPED if _is_long_typed(fields) else ""
        lines.append(_line([*cells, *[kind] * typed, title]))
    text = "".join(lines)
    # What looks like HTML is text here, and has to be read as such.
    return f"#html:false\r\n#separator:comma\r\n{text}" if _HTML.search(text) else text


def _is_long_typed(fields: Mapping[str, Field]) -> bool:
    """Tell whether an answer has to be typed that others would only reveal."""
    return "question" in fields and "choices" not in fields and is_long(fields.get("answer", ""))


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
