"""Tables of text, cut into rows and cells."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DeckError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SEPARATORS = {
    "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " ",
}  # fmt: skip
MAX_CELLS = 2_000_000
"""What a table may have: each takes some 60 bytes of memory."""
LIKELY = ("\t", ";", ",", "|")
"""What is looked for, the rarest in text first."""
LOOSE = (" - ", " – ", " — ", " = ", " : ", ": ", "=", "：")
"""Signs between two sides in texts without those; each counts once in a row."""
_QUOTES = re.compile(r'"+')
_LOOKED_AT = 50
"""Rows by which a separator is judged."""


class TableRow(NamedTuple):
    """A row of a table.

    Attributes:
        line: The line on which it starts, from 1.
        cells: As they read.
    """

    line: int
    cells: list[str]


def separator_called(name: str) -> str:
    """A mark that is given by its name, or as it is."""
    return _SEPARATORS.get(name.strip().casefold(), name.replace("\\t", "\t"))


def likely_separator(text: str) -> str:
    """The mark that makes the most alike rows of the first ones."""
    best, most, seen = "\t", 0, 0
    start = "\n".join(text[:200_000].split("\n")[: 4 * _LOOKED_AT])
    for mark in LIKELY:
        rows = list(islice(rows_of(start, mark, 1), _LOOKED_AT))
        seen = max(seen, len(rows))
        alike = _alike(rows)
        if alike > most:
            best, most = mark, alike
    if 2 * most < seen:
        for mark in LOOSE:
            rows = [row for row in islice(rows_of(start, mark, 1), _LOOKED_AT) if row.cells[0]]
            fit = sum(len(row.cells) > 1 and bool(row.cells[1].strip()) for row in rows)
            if fit > most and 4 * fit >= 3 * len(rows):
                return mark
    return best


def _alike(rows: Sequence[TableRow]) -> int:
    """Count the rows with as many cells as most rows have, and no quote left open."""
    widths = Counter(
        len(row.cells)
        for row in rows
        if len(row.cells) > 1 and not any(cell.lstrip().startswith('"') for cell in row.cells)
    )
    return widths.most_common(1)[0][1] if widths else 0


def joined_rows(rows: Iterable[TableRow], mark: str) -> Iterator[TableRow]:
    """Rows whose cells go on where a text has several lines, or the mark stands in it again.

    Quizlet writes a definition of several lines as it is, a tab or a mark of the learner's own
    stands between it and the term.
    """
    before: TableRow | None = None
    more: list[str] = []
    for row in rows:
        cells = row.cells
        if mark in LOOSE and len(cells) > 2:
            cells = [cells[0], mark.join(cells[1:])]
        if before is not None and len(cells) == 1 and mark == "\t" and len(before.cells) > 1:
            more.append(cells[0])
            continue
        if before is not None:
            yield _with_more(before, more)
        before, more = row._replace(cells=cells), []
    if before is not None:
        yield _with_more(before, more)


def _with_more(row: TableRow, more: list[str]) -> TableRow:
    """A row whose last cell goes on in more lines."""
    return row._replace(cells=[*row.cells[:-1], "\n".join([row.cells[-1], *more])])


def rows_of(text: str, mark: str, line: int, *, comments: bool = False) -> Iterator[TableRow]:
    """The rows that say something. A quote that is not closed before a separator is text.

    Raises:
        DeckError: There are more than `MAX_CELLS` cells.
    """
    behind = re.escape(mark) + r"|[\r\n]|\Z"
    quoted, bare = re.compile(rf'"[ ]*(?={behind})'), re.compile(rf"[^\r\n]*?(?={behind})")
    at, end, count = 0, len(text), 0
    while at < end:
        if comments and text[at] == "#":
            at = _next_line(text, at)
            line += 1
            continue
        cells, first = [], line
        while True:
            close = _closing_quote(text, at) if text.startswith('"', at) else None
            match = None if close is None else quoted.match(text, close)
            if match is not None:
                cells.append(text[at + 1 : close].replace('""', '"'))
                line += text.count("\n", at, close)
            else:
                match = bare.match(text, at)
                assert match is not None  # noqa: S101 -- it matches nothing, too
                cells.append(match[0])
            at = match.end()
            count += 1
            if count > MAX_CELLS:
                raise DeckError(
                    f"the table has more than {MAX_CELLS:,} cells (line {line})",
                    "split it into parts, or name its `--separator`",
                )
            if not text.startswith(mark, at):
                break
            at += len(mark)
        at += 2 if text.startswith("\r\n", at) else 1
        line += 1
        if any(map(str.strip, cells)):
            yield TableRow(first, cells)


def _closing_quote(text: str, at: int) -> int | None:
    """Find the quote that closes the one at a place; quotes in pairs are part of the text."""
    for quotes in _QUOTES.finditer(text, at + 1):
        if (quotes.end() - quotes.start()) % 2:
            return quotes.end() - 1
    return None


def _next_line(text: str, at: int) -> int:
    """Return the start of the next line after a place."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1
