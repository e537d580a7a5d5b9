"""Small pictures made of characters, in the theme's colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sco_quiz.charts import SHADES, WEEKDAYS, calendar
from sco_quiz.reports.lines import HEAT as HEAT_ROLES
from sco_quiz.reports.lines import Line, Role

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


def heat(level: int, *, colourless: bool) -> tuple[str, str]:
    """A day of a level, and its style: a square of some strength, or without colours a shade."""
    return ("■" if level and not colourless else SHADES[level]), HEAT[level]


def heatmap(
    days: Mapping[int, int], today: int, weeks: int, *, colourless: bool = False
) -> Content:
    """A calendar of weeks, Monday to Sunday downwards, the present week last.

    Args:
        days: Answers by study day (ordinal).
        today: The present study day.
        weeks: How many weeks to draw; each takes one cell, beside four for the weekdays.
        colourless: Whether the terminal shows no colours.
    """
    picture = calendar(days, today, weeks)
    lines = [Content.styled("    " + picture.months, "$muted")]
    for weekday, levels in zip(WEEKDAYS, picture.levels, strict=True):
        cells: list[tuple[str, str]] = [(f"{weekday:<4}", "$muted")]
        cells += [
            (" ", HEAT[0]) if level is None else heat(level, colourless=colourless)
            for level in levels
        ]
        lines.append(Content.assemble(*cells))
    return Content("\n").join(lines)


STYLES = {
    Role.TITLE: "bold $foreground",
    Role.SAYS: "$muted",
    Role.TEXT: "$foreground",
    Role.MARK: "$muted",
    Role.CHART: "$secondary",
}


def styled(line: Line, *, colourless: bool) -> Content:
    """A line of a report in the theme's colours."""
    parts = []
    for text, role, _ in line:
        if role in STYLES:
            parts.append((text, STYLES[role]))
        else:
            cell, style = heat(HEAT_ROLES.index(role), colourless=colourless)
            parts.append((cell + text[1:], style))
    return Content.assemble(*parts)
