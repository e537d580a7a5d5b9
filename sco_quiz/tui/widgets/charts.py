"""Small pictures made of characters, in the theme's colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sco_quiz.charts import WEEKDAYS, calendar

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


def heatmap(days: Mapping[int, int], today: int, weeks: int) -> Content:
    """A calendar of weeks, Monday to Sunday downwards, the present week last.

    Args:
        days: Answers by study day (ordinal).
        today: The present study day.
        weeks: How many weeks to draw; each takes one cell, beside four for the weekdays.
    """
    picture = calendar(days, today, weeks)
    lines = [Content.styled("    " + picture.months, "$muted")]
    for weekday, levels in zip(WEEKDAYS, picture.levels, strict=True):
        cells: list[tuple[str, str]] = [(f"{weekday:<4}", "$muted")]
        cells += [
            (" ", HEAT[0]) if level is None else ("■" if level else "·", HEAT[level])
            for level in levels
        ]
        lines.append(Content.assemble(*cells))
    return Content("\n").join(lines)
