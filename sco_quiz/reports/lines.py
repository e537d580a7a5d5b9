"""Lines made of spans, each with a role, and the layout of figures in lines."""

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
"""The height of a chart, in lines."""
SCALE = 7
"""The cells before a chart, for its scale."""
WIDEST = 6
"""The cells of the widest bar, with the gap after it."""
WIDE = 3
"""The least cells of a bar with a gap after it."""
NARROWEST = 50
"""The least width for which figures are laid out; on a narrower screen they are cut off."""
TWO_COLUMNS = 116
"""The least width for two columns of figures."""
GAP = 6
"""The cells between the two columns."""


class Role(StrEnum):
    """The role of a span in a line."""

    TITLE = "title"
    SAYS = "says"
    TEXT = "text"
    MARK = "mark"
    CHART = "chart"
    FAINT = "faint"
    """A part of a chart with too few answers to mean much."""
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
        chart: The title of its chart.
        told: A description of the point, in words.
        deck: The id of the deck, if it is a score.
        session: The id of the session, if it is a score.
    """

    chart: str
    told: str
    deck: str = ""
    session: str = ""


class LineSpan(NamedTuple):
    """A part of a line with one role.

    Attributes:
        text: The text, clean and without line ends.
        role: The role.
        pick: The thing that the cursor selects here. A point may have spans in several lines.
    """

    text: str
    role: Role
    pick: Confusion | CardFigures | Point | None = None


Line = tuple[LineSpan, ...]
Figure = Callable[[int], Iterator[Line]]
"""A function that yields the lines of a figure for a width."""


def text_of(line: Line) -> str:
    """Return the text of a line."""
    return "".join(span.text for span in line).rstrip()


def arranged(figures: Sequence[Figure], width: int) -> list[Line]:
    """Return figures below one another, or in two columns of about the same height.

    Args:
        figures: The figures, in the order of reading.
        width: The width of all, in cells.
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
    """Return a line with spaces added up to a width."""
    room = width - sum(cells(span.text) for span in line)
    return (*line, LineSpan(" " * room, Role.MARK)) if room > 0 else line


def heading(meaning: Meaning, width: int, *, some: bool = True, of: str = "") -> Iterator[Line]:
    """Yield a figure's title and meaning; or its needs while there is nothing to show.

    Args:
        meaning: The words of the figure.
        width: The width of all, in cells.
        some: True if there is something to show.
        of: The unit of its chart and the number of things, shown at the right.
    """
    yield titled(meaning.title, of if some else "", width)
    yield from wrapped_sentence(meaning.says if some else meaning.needs, width)


def titled(title: str, aside: str, width: int) -> Line:
    """Return a title, with a text at its right if there is room for both."""
    room = width - cells(title) - cells(aside)
    if not aside or room < 2:
        return (LineSpan(title, Role.TITLE),)
    return LineSpan(title, Role.TITLE), LineSpan(" " * room + aside, Role.MARK)


def wrapped_sentence(text: str, width: int) -> Iterator[Line]:
    """Yield a sentence, wrapped over several lines."""
    together = text.replace(" %", "\xa0%")
    for line in wrap(together, max(width - 2, 20)):
        yield (LineSpan("  " + line.replace("\xa0", " "), Role.SAYS),)


def bars(
    values: Sequence[tuple[float, Point]], width: int, left: str, right: str
) -> Iterator[Line]:
    """Yield bars beside one another, with their scale and the names of both ends.

    Args:
        values: The values with their points; at most as many as there are cells after the scale.
        width: The width of all, in cells.
        left: The name of the first bar.
        right: The name of the last bar.
    """
    stretch = max(1, min(WIDEST, (width - SCALE) // len(values)))
    gap = [LineSpan(" ", Role.CHART)] if stretch >= WIDE else []
    heights = [value for value, _ in values]
    rows: list[list[LineSpan]] = []
    for signs in charts.columns(heights, HEIGHT):
        rows.append([])
        for sign, (_, point) in zip(signs, values, strict=True):
            rows[-1] += [LineSpan(sign * (stretch - len(gap)), Role.CHART, point), *gap]
    yield from scaled(rows, {0: f"{max(heights):,.0f}", HEIGHT - 1: "0"})
    yield ends(left, right, stretch * len(values))


def scaled(rows: Sequence[Sequence[LineSpan]], marks: Mapping[int, str]) -> Iterator[Line]:
    """Yield rows of a chart after their marks, which are given by the number of the row."""
    for number, row in enumerate(rows):
        yield (LineSpan(f"{marks.get(number, ''):>{SCALE - 1}} ", Role.MARK), *row)


def ends(left: str, right: str, width: int) -> Line:
    """Return the line below a chart with the names of its left and right end."""
    gap = max(2, width - len(left) - len(right))
    return (LineSpan(f"{'':{SCALE}}{left}{'':{gap}}{right}", Role.MARK),)
