"""Small pictures made of characters, in the theme's colours."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAT = ("$muted", "$primary 40%", "$primary 60%", "$primary 80%", "$primary")
"""Styles of the heatmap's levels; they fade into the background, whichever it is."""


def bar(done: int, total: int, width: int, begun: int = 0) -> Content:
    """A line of which `done` of `total` is drawn strong, and `begun` more of it half.

    Whatever is not nothing shows, and whatever is not all leaves some room.
    """

    def cells(count: int) -> int:
        exact = width * count / total if total else 0
        return min(max(round(exact), count > 0), width - (count < total))

    strong, half = cells(done), max(cells(done + begun), cells(done))
    return Content.assemble(
        ("━" * strong, "$primary"),
        ("━" * (half - strong), "$primary 45%"),
        ("━" * (width - half), "$panel"),
    )


def heat_level(count: int) -> int:
    """How strong a day with so many answers is drawn: 0 (none) to 4 (40 and more)."""
    return sum(count >= least for least in (1, 10, 20, 40))


def heatmap(days: Mapping[int, int], today: int, weeks: int) -> Content:
    """A calendar of weeks, Monday to Sunday downwards, the present week last.

    Args:
        days: Answers by study day (ordinal).
        today: The present study day.
        weeks: How many weeks to draw; each takes one cell, beside four for the weekdays.
    """
    monday = today - (today - 1) % 7
    first = monday - 7 * (weeks - 1)
    months = [" "] * (weeks + 4)
    last_label = -4
    for week in range(weeks):
        begin = date.fromordinal(first + 7 * week)
        if begin.day <= 7 and week - last_label >= 4:
            months[week : week + 3] = begin.strftime("%b")
            last_label = week
    lines = [Content.styled("    " + "".join(months).rstrip(), "$muted")]
    for weekday, name in enumerate(("Mon", "", "Wed", "", "Fri", "", "Sun")):
        cells: list[tuple[str, str]] = [(f"{name:<4}", "$muted")]
        for week in range(weeks):
            day = first + 7 * week + weekday
            level = heat_level(days.get(day, 0))
            cells.append((" " if day > today else "■" if level else "·", HEAT[level]))
        lines.append(Content.assemble(*cells))
    return Content("\n").join(lines)
