"""Lines made of stretches that say what they are, and figures laid out in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz import charts
from sco_quiz.reports.words import cells

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sco_quiz.insight.figures import CardFigures
    from sco_quiz.learning.confusions import Confusion
    from sco_quiz.learning.meanings import Meaning

HEIGHT = 4
"""Of a chart, in lines."""
SCALE = 7
"""Cells before a chart, for what its upper and lower edge stand for."""
WIDEST = 6
"""Cells of the widest bar, with the gap behind it."""
WIDE = 3
"""Cells from which on a bar has a gap behind it."""
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
    FAINT = "faint"
    """Of a chart, where hardly anything stands behind it."""
    BEST = "best"
    LAST = "last"
    HEAT_0 = "heat-0"
    HEAT_1 = "heat-1"
    HEAT_2 = "heat-2"
    HEAT_3 = "heat-3"
    HEAT_4 = "heat-4"


HEAT = (Role.HEAT_0, Role.HEAT_1, Role.HEAT_2, Role.HEAT_3, Role.HEAT_4)


class Point(NamedTuple):
    """A point of a chart on which the cursor can stand.

    Attributes:
        chart: What its chart is called.
        told: What it stands for, in words.
        deck: The id of the deck whose score it is.
        session: The id of the session in which that was.
    """

    chart: str
    told: str
    deck: str = ""
    session: str = ""


class Span(NamedTuple):
    """A stretch of a line.

    Attributes:
        text: Clean, without line ends.
        role: What it is.
        pick: What the cursor can stand on here. A point may have stretches in several lines.
    """

    text: str
    role: Role
    pick: Confusion | CardFigures | Point | None = None


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


def heading(meaning: Meaning, width: int, *, some: bool = True, of: str = "") -> Iterator[Line]:
    """A figure's title and what it means, or what it needs while there is nothing to show.

    Args:
        meaning: In words.
        width: Of all, in cells.
        some: Whether there is something to show.
        of: The unit of its chart and how many it is of, to stand at the right.
    """
    yield titled(meaning.title, of if some else "", width)
    yield from said(meaning.says if some else meaning.needs, width)


def titled(title: str, aside: str, width: int) -> Line:
    """A title, and something at the right of it where there is room for both."""
    room = width - cells(title) - cells(aside)
    if not aside or room < 2:
        return (Span(title, Role.TITLE),)
    return Span(title, Role.TITLE), Span(" " * room + aside, Role.MARK)


def said(text: str, width: int) -> Iterator[Line]:
    """A sentence, over as many lines as it takes."""
    together = text.replace(" %", "\xa0%")
    for line in wrap(together, max(width - 2, 20)):
        yield (Span("  " + line.replace("\xa0", " "), Role.SAYS),)


def bars(
    values: Sequence[tuple[float, Point]], width: int, left: str, right: str
) -> Iterator[Line]:
    """Bars beside one another, with their scale and what their ends stand for.

    Args:
        values: Not more than there are cells after the scale; each with what is told of it.
        width: Of all, in cells.
        left: What the first one is.
        right: What the last one is.
    """
    stretch = max(1, min(WIDEST, (width - SCALE) // len(values)))
    gap = [Span(" ", Role.CHART)] if stretch >= WIDE else []
    heights = [value for value, _ in values]
    rows: list[list[Span]] = []
    for signs in charts.columns(heights, HEIGHT):
        rows.append([])
        for sign, (_, point) in zip(signs, values, strict=True):
            rows[-1] += [Span(sign * (stretch - len(gap)), Role.CHART, point), *gap]
    yield from scaled(rows, {0: f"{max(heights):,.0f}", HEIGHT - 1: "0"})
    yield ends(left, right, stretch * len(values))


def scaled(rows: Sequence[Sequence[Span]], marks: Mapping[int, str]) -> Iterator[Line]:
    """Rows of a chart behind what some of them stand for, by their numbers."""
    for number, row in enumerate(rows):
        yield (Span(f"{marks.get(number, ''):>{SCALE - 1}} ", Role.MARK), *row)


def ends(left: str, right: str, width: int) -> Line:
    """What the left and the right end of a chart of a width stand for."""
    gap = max(2, width - len(left) - len(right))
    return (Span(f"{'':{SCALE}}{left}{'':{gap}}{right}", Role.MARK),)
