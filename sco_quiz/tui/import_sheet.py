"""What an import would do or did, as lines for a width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sco_quiz.reports.words import cells, fitted
from sco_quiz.text import clean
from sco_quiz.tui import folders
from sco_quiz.workspace.importing import grouped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.interchange.delimited import Table
    from sco_quiz.interchange.material import Remark
    from sco_quiz.workspace.importing import Report
    from sco_quiz.workspace.merging import DeckReport

LABEL = 12
"""Cells of the words on the left."""
PLACES = 20
"""How many places a reason names."""
_ROWS = 4
_WIDEST = 24
MARKS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar", ":": "colon", " ": "space"}
"""What separators are called."""


def labelled(label: str, text: Content, width: int) -> list[Content]:
    """A text beside its label, wrapped."""
    lines = text.wrap(max(8, width - LABEL)) or [Content()]
    heads = [Content.styled(f"{label:<{LABEL}}", "$muted"), Content(" " * LABEL)]
    return [heads[min(number, 1)] + line for number, line in enumerate(lines)]


def table_lines(table: Table, width: int) -> list[Content]:
    """What each column holds, and the first rows below it; columns that do not fit are counted."""
    mark = MARKS.get(table.separator, clean(repr(table.separator)))
    lines = labelled("separator", Content(mark), width)
    room, widths = width - LABEL, list[int]()
    rows = table.rows[:_ROWS]
    for number, name in enumerate(table.columns):
        texts = [name_of(name), *(row[number] for row in rows if number < len(row))]
        wide = min(_WIDEST, max(map(_cells, texts)))
        if sum(widths) + 2 * len(widths) + wide > room - (
            7 if number + 1 < len(table.columns) else 0
        ):
            break
        widths.append(wide)
    more = len(table.columns) - len(widths)
    names = Content("  ").join(
        Content.styled(fitted(name_of(name), wide), "$muted" if name == "-" else "$primary")
        for name, wide in zip(table.columns, widths, strict=False)
    )
    lines += labelled("columns", names + (f"  +{more}" if more else ""), width + 4)
    for row in rows:
        texts = [row[number] if number < len(row) else "" for number in range(len(widths))]
        shown = "  ".join(fitted(text, wide) for text, wide in zip(texts, widths, strict=True))
        lines.append(Content(" " * LABEL + shown.rstrip()))
    return lines


def name_of(column: str) -> str:
    """What a column holds, in words."""
    return "left out" if column == "-" else column


def report_lines(report: Report, width: int) -> list[Content]:
    """Deck by deck what becomes of its notes, then what does not come along."""
    lines: list[Content] = []
    several = len(report.decks) > 1
    for deck in report.decks:
        lines += [*_deck(deck, width), *[Content()] * several]
    for label, remarks in (("skipped", report.skipped), ("lossy", report.lossy)):
        lines += _remarks(label, remarks, width)
    return lines


def _deck(deck: DeckReport, width: int) -> list[Content]:
    title = fitted(deck.title, min(_cells(deck.title), max(8, width // 2)))
    path = clean(folders.shown(deck.path), multiline=False)
    head = Content.assemble((title, "bold $foreground"), (f"  {path}", "$muted"))
    return [
        head.truncate(width, ellipsis=True),
        *Content(deck.in_words()).wrap(max(8, width)),
        *_remarks("skipped", deck.skipped, width),
        *_remarks("kept yours", deck.kept, width),
    ]


def _remarks(label: str, remarks: Sequence[Remark], width: int) -> list[Content]:
    lines: list[Content] = []
    for reason in grouped(remarks, PLACES):
        lines += labelled(label, Content(clean(reason, multiline=False)), width)
        label = ""
    return lines


def _cells(text: str) -> int:
    return cells(clean(" ".join(text[:200].split()), multiline=False))
