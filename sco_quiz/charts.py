"""Draws small charts of characters, for command line and app alike; they add the colours."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHADES = "·░▒▓█"
"""The character for a day of each heat level, if there are no colours."""
LEVELS = (0, 1, 10, 20, 40)
"""The least answers of a day of each heat level."""

_UP = " ▁▂▃▄▅▆▇█"
_RIGHT = " ▏▎▍▌▋▊▉█"
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # Braille: two columns of four dots


def bar(value: float, most: float, width: int) -> str:
    """Return a bar to the right, in eighths of a cell; any value above 0 is visible.

    Args:
        value: The value, from 0 to `most`.
        most: The value that fills the width.
        width: The width in cells.
    """
    eighths = _eighths(value, most, width)
    return (_RIGHT[8] * (eighths // 8) + _RIGHT[eighths % 8]).rstrip()


def slim_bar(value: float, most: float, width: int) -> str:
    """Return a bar as `bar` does, in halves of a cell; it touches none in the line below."""
    halves = max(int(2 * width * value / most), 1) if value > 0 else 0
    return "━" * (halves // 2) + "╸" * (halves % 2)


def columns(values: Sequence[float], height: int, most: float = 0) -> list[str]:
    """Return bars beside one another, in eighths of a cell; any value above 0 is visible.

    Args:
        values: One value for each cell of the width, none below 0.
        height: The height in cells.
        most: The value that fills the height; 0 for the greatest of them.

    Returns:
        The lines, the uppermost first.
    """
    most = most or max(values, default=0)
    eighths = [_eighths(value, most, height) for value in values]
    return [
        "".join(_UP[min(max(height_in_eighths - 8 * row, 0), 8)] for height_in_eighths in eighths)
        for row in reversed(range(height))
    ]


def sparkline(values: Sequence[float], most: float = 0) -> str:
    """Return bars a single cell high; see `columns`."""
    return columns(values, 1, most)[0]


def line(
    values: Sequence[float | None], width: int, height: int, low: float, high: float
) -> list[str]:
    """Return a line of Braille dots through values at equal distances.

    Args:
        values: The values, from left to right; None leaves a gap.
        width: The width in cells, of two dots each.
        height: The height in cells, of four dots each.
        low: The value of the lower edge; values beyond an edge are drawn at it.
        high: The value of the upper edge.

    Returns:
        The lines, the uppermost first.
    """
    cells = [[0] * width for _ in range(height)]
    steps = 2 * width - 1
    before: int | None = None
    for x in range(steps + 1 if len(values) > 1 else len(values)):
        value = _between(values, x * (len(values) - 1) / steps)
        if value is None:
            before = None
            continue
        y = _dot(value, height, low, high)
        for dot in _climb(before, y):
            cells[dot // 4][x // 2] |= _DOTS[x % 2][dot % 4]
        before = y
    return ["".join(chr(0x2800 + cell) for cell in row).replace("\u2800", " ") for row in cells]


def rule(value: float, height: int, low: float, high: float) -> tuple[int, str]:
    """Return the row of a dotted rule across a `line` with the same scale, and its character.

    It lies where the line would lie at that value: at most half a dot from its true height.
    """
    row, dot = divmod(_dot(value, height, low, high), 4)
    return row, chr(0x2800 + _DOTS[0][dot])


def heat_level(count: int) -> int:
    """Return the heat level of a day with so many answers: 0 (none) to 4 (40 and more)."""
    return sum(count >= least for least in LEVELS[1:])


class HeatCalendar(NamedTuple):
    """A calendar of weeks, Monday to Sunday downwards, the present week last.

    Attributes:
        months: A line of names, each above the week with its first day.
        levels: For each weekday the heat level of its day in each week; None after today.
    """

    months: str
    levels: list[list[int | None]]


WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")
"""The names before the rows of a calendar."""


def calendar_of(days: Mapping[int, int], today: int, weeks: int) -> HeatCalendar:
    """Return a calendar of heat levels.

    Args:
        days: Answers by study day (`date.toordinal`).
        today: The present study day.
        weeks: The number of weeks, one cell each.
    """
    first = today - (today - 1) % 7 - 7 * (weeks - 1)
    months = [" "] * (weeks + 4)
    last_label = -4
    for week in range(weeks):
        begin = date.fromordinal(first + 7 * week)
        if begin.day <= 7 and week - last_label >= 4:
            months[week : week + 3] = begin.strftime("%b")
            last_label = week
    return HeatCalendar(
        "".join(months).rstrip(),
        [
            [
                heat_level(days.get(day, 0)) if day <= today else None
                for day in range(first + weekday, first + 7 * weeks, 7)
            ]
            for weekday in range(7)
        ],
    )


def _eighths(value: float, most: float, cells: int) -> int:
    if value <= 0 or most <= 0:
        return 0
    return min(max(round(8 * cells * value / most), 1), 8 * cells)


def _dot(value: float, height: int, low: float, high: float) -> int:
    """Return the dot at which a value lies, from the uppermost (0) on; each cell has four."""
    share = (min(max(value, low), high) - low) / (high - low)
    return round((4 * height - 1) * (1 - share))


def _between(values: Sequence[float | None], place: float) -> float | None:
    """Return the value at a place between two indexes; if one has none, that of the nearer one."""
    left = int(place)
    share = place - left
    here, there = values[left], values[min(left + 1, len(values) - 1)]
    if here is None or there is None:
        return here if share < 0.5 else there
    return here + (there - here) * share


def _climb(before: int | None, y: int) -> range:
    """Return the dots of a column that connect the dot before to this one."""
    if before is None or abs(y - before) <= 1:
        return range(y, y + 1)
    return range(before + 1, y + 1) if y > before else range(y, before)
