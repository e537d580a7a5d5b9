"""Draw the report of an import as lines for a width."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from sco_quiz.numbers_and_times import many, percent
from sco_quiz.paths import shown_path
from sco_quiz.reports.words import cells, fitted, within
from sco_quiz.text import clean
from sco_quiz.transfer.importing import grouped
from sco_quiz.tui.bars import bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.errors import SCOQuizError
    from sco_quiz.interchange.delimited import Table
    from sco_quiz.interchange.material import Remark
    from sco_quiz.transfer.importing import ImportReport, ImportStep
    from sco_quiz.transfer.merging import DeckReport

LABEL = 12
"""Cells of the words on the left."""
PLACES = 20
"""How many places a reason names."""
_BAR = 24
_ROWS = 4
_WIDEST = 24
MARKS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar", ":": "colon", " ": "space"}
"""What separators are called."""


class ImportStage(Enum):
    """The stages of an import, as the screen shows them."""

    READING = auto()
    PLANNED = auto()
    IMPORTING = auto()
    DONE = auto()


class ImportState(NamedTuple):
    """The state of an import, from which its screen is drawn.

    Attributes:
        stage: How far it is.
        breaking_off: Whether the learner does not want it any more.
        before: What was done until now, as a sentence; may be empty.
        step: What is under way, if that is known.
        error: Why it cannot go on.
        report: What was done, or would be.
        table: How a table is read.
        into: The title of the deck that takes everything; empty for a deck of its own for each.
    """

    stage: ImportStage
    breaking_off: bool
    before: str
    step: ImportStep | None
    error: SCOQuizError | None
    report: ImportReport | None
    table: Table | None
    into: str

    @property
    def is_readable(self) -> bool:
        """Tell whether the file can be read, or is a table that other options could read."""
        return self.report is not None or self.table is not None


def page_lines(state: ImportState, width: int) -> list[Content]:
    """All that is to be said."""
    lines = [line for text in _said(state) for line in text.wrap(width)]
    lines.append(Content())
    if state.stage is not ImportStage.DONE and state.is_readable:
        several = state.report is not None and len(state.report.decks) > 1
        own = f"a deck of its own{' for each' * several}"
        lines += labelled("into", Content(state.into or own), width)
        if state.table is not None:
            lines += table_lines(state.table, width)
            if state.table.unsure_of_header:
                lines += first_cards(state.table, width)
        lines.append(Content())
    return lines + (report_lines(state.report, width) if state.report else [])


def _said(state: ImportState) -> list[Content]:
    if state.error is not None:
        return [
            Content.styled(f"✗ {clean(state.error.message)}", "$error"),
            Content.styled(clean(state.error.help), "$muted"),
        ]
    before = [Content(state.before)] if state.before else []
    if state.stage in (ImportStage.READING, ImportStage.IMPORTING):
        return [*before, _progress(state)]
    report = state.report
    if report is None or not report.decks:
        return [*before, Content("There are no notes in there.")]
    if state.stage is ImportStage.DONE:
        done = "✓ Imported." if report.changes else "✓ There was nothing to change."
        return [Content.styled(done, "$success")]
    if report.is_empty:
        return [*before, Content("None of the notes can be imported.")]
    if not report.changes:
        return [*before, Content("It is all there already: importing it changes nothing.")]
    return [*before, Content.styled("Nothing is written yet. This is what would be:", "$muted")]


def _progress(state: ImportState) -> Content:
    """Draw the phase of an import and its progress bar."""
    if state.breaking_off:
        return Content.styled("Breaking off…", "$muted")
    phase = Content.styled(f"{state.step.phase if state.step else 'Reading files'}…", "$muted")
    if state.stage is ImportStage.READING:
        return phase
    share = state.step.share if state.step else 0
    done = bar(round(100 * share), 100, _BAR)
    return Content.assemble(done, (f" {percent(share):>5}  ", "$foreground"), phase)


def labelled(label: str, text: Content, width: int) -> list[Content]:
    """A text beside its label, wrapped."""
    lines = text.wrap(max(8, width - LABEL)) or [Content()]
    heads = [Content.styled(f"{label:<{LABEL}}", "$muted"), Content(" " * LABEL)]
    return [heads[min(number, 1)] + line for number, line in enumerate(lines)]


def table_lines(table: Table, width: int) -> list[Content]:
    """Draw a table: the meaning of each column above the first rows; columns beyond are counted."""
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


def first_cards(table: Table, width: int) -> list[Content]:
    """The first rows as the cards that they become, where they may be names of columns."""
    lines = labelled(
        "first rows", Content("as cards; `h` tells if the first one is a header"), width
    )
    for fields in table.cards:
        texts = [value if isinstance(value, str) else "; ".join(value) for value in fields.values()]
        shown = " → ".join(clean(" ".join(text.split()), multiline=False) for text in texts)
        lines.append(Content(" " * LABEL + fitted(shown, width - LABEL).rstrip()))
    return lines


def name_of(column: str) -> str:
    """Return the meaning of a column, in words."""
    return "left out" if column == "-" else column


def report_lines(report: ImportReport, width: int) -> list[Content]:
    """Return lines on the notes in all, on those of each deck, and on what is left out."""
    lines: list[Content] = []
    several = len(report.decks) > 1
    if several:
        whole = f"{many(len(report.decks), 'deck')}, {report.in_words()}"
        lines += [*Content(whole).wrap(max(8, width)), Content()]
    for deck in report.decks:
        lines += [*_deck(deck, width), *[Content()] * several]
    for label, remarks in (("skipped", report.skipped), ("lossy", report.lossy)):
        lines += _remarks(label, remarks, width)
    return lines


def _deck(deck: DeckReport, width: int) -> list[Content]:
    title = within(clean(deck.title, multiline=False), max(8, width // 2))
    title = fitted(title, min(cells(title), max(8, width // 2)))
    path = clean(shown_path(deck.path), multiline=False)
    head = Content.assemble((title, "bold $foreground"), (f"  {path}", "$muted"))
    return [
        head.truncate(width, ellipsis=True),
        *Content(deck.in_words()).wrap(max(8, width)),
        *_remarks("skipped", deck.skipped, width),
        *_remarks("kept yours", deck.kept, width),
        *_remarks("lossy", deck.lossy, width),
    ]


def _remarks(label: str, remarks: Sequence[Remark], width: int) -> list[Content]:
    lines: list[Content] = []
    for reason in grouped(remarks, PLACES):
        lines += labelled(label, Content(clean(reason, multiline=False)), width)
        label = ""
    return lines


def _cells(text: str) -> int:
    return cells(clean(" ".join(text[:200].split()), multiline=False))
