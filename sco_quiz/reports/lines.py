"""Lines made of stretches that say what they are, and figures laid out in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import groupby, zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz import charts
from sco_quiz.reports.words import cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.insight.figures import CardFigures
    from sco_quiz.learning.confusions import Confusion
    from sco_quiz.learning.meanings import Meaning

HEIGHT = 4
"""Of a chart, in lines."""
SCALE = 7
"""Cells before a chart, for what its upper and lower edge stand for."""
WIDEST = 6
"""Cells of the widest bar, with the gap behind it."""
NARROWEST = 50
"""Cells below which figures are cut off rather than made for."""
TWO_COLUMNS = 116
"""The width from which figures stand in two columns."""
GAP = 6
"""Cells between them."""


class Role(StrEnum):
    """What a stretch of a line is."""

    TITLE = "title"
    SAYS = "says"
    TEXT = "text"
    MARK = "mark"
    CHART = "chart"
    HEAT_0 = "heat-0"
    HEAT_1 = "heat-1"
    HEAT_2 = "heat-2"
    HEAT_3 = "heat-3"
    HEAT_4 = "heat-4"


HEAT = (Role.HEAT_0, Role.HEAT_1, Role.HEAT_2, Role.HEAT_3, Role.HEAT_4)


class Span(NamedTuple):
    """A stretch of a line.

    Attributes:
        text: Clean, without line ends.
        role: What it is.
        pick: What the learner can choose here; then the stretch begins with two spaces.
    """

    text: str
    role: Role
    pick: Confusion | CardFigures | None = None


Line = tuple[Span, ...]
Figure = Callable[[int], Iterator[Line]]
"""Makes the lines of a figure for a width."""


def text_of(line: Line) -> str:
    """A line without its roles."""
    return "".join(span.text for span in line).rstrip()


def arranged(figures: Sequence[Figure], width: int) -> list[Line]:
    """Figures below one another, or in two columns of about the same height.

    Args:
        figures: In the order of reading.
        width: Of all, in cells.
    """
    if width < TWO_COLUMNS:
        return [line for figure in figures for line in (*figure(width), ())]
    half = (width - GAP) // 2
    left: list[Line] = []
    right: list[Line] = []
    for figure in figures:
        shorter = left if len(left) <= len(right) else right
        shorter += [*figure(half), ()]
    return [
        (*padded(one, half + GAP), *other) if other else one
        for one, other in zip_longest(left, right, fillvalue=())
    ]


def padded(line: Line, width: int) -> Line:
    """A line with spaces up to a width."""
    room = width - sum(cells(span.text) for span in line)
    return (*line, Span(" " * room, Role.MARK)) if room > 0 else line


def heading(meaning: Meaning, width: int, *, some: bool = True) -> Iterator[Line]:
    """A figure's title and what it means, or what it needs while there is nothing to show."""
    yield (Span(meaning.title, Role.TITLE),)
    yield from said(meaning.says if some else meaning.needs, width)


def said(text: str, width: int) -> Iterator[Line]:
    """A sentence, over as many lines as it takes."""
    together = text.replace(" %", "\xa0%")
    for line in wrap(together, max(width - 2, 20)):
        yield (Span("  " + line.replace("\xa0", " "), Role.SAYS),)


def bars(values: Sequence[float], width: int, left: str, right: str, most: float = 0) -> list[Line]:
    """Bars beside one another, with their scale and what their ends stand for.

    Args:
        values: Not more than there are cells after the scale.
        width: Of all, in cells.
        left: What the first one is.
        right: What the last one is.
        most: What fills the height; 0 for the greatest value.
    """
    stretch = max(1, min(WIDEST, (width - SCALE) // len(values)))
    bar = stretch if stretch < 3 else stretch - 1
    wide = [each for value in values for each in [value] * bar + [0] * (stretch - bar)]
    high = f"{most or max(values):,.0f}"
    drawn = scaled([_charted(row) for row in charts.columns(wide, HEIGHT, most)], high, "0")
    return [*drawn, ends(left, right, stretch * len(values))]


def scaled(rows: Sequence[Line], high: str, low: str) -> list[Line]:
    """Rows of a chart behind what its upper and lower edge stand for."""
    marks = [high, *[""] * (len(rows) - 2), low]
    return [
        (Span(f"{mark:>{SCALE - 1}} ", Role.MARK), *row)
        for mark, row in zip(marks, rows, strict=True)
    ]


def ends(left: str, right: str, width: int) -> Line:
    """What the left and the right end of a chart of a width stand for."""
    gap = max(2, width - len(left) - len(right))
    return (Span(f"{'':{SCALE}}{left}{'':{gap}}{right}", Role.MARK),)


def ruled(row: str, mark: str) -> Line:
    """A row of a chart with a rule behind it."""
    parts = groupby(row, lambda character: character == " ")
    return tuple(
        Span(mark * len(text), Role.MARK) if blank else Span(text, Role.CHART)
        for blank, text in ((blank, "".join(group)) for blank, group in parts)
    )


def _charted(row: str) -> Line:
    return (Span(row, Role.CHART),)
