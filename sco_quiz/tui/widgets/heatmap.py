"""The calendar of study days, made of characters in the theme's colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sco_quiz.charts import SHADES, WEEKDAYS, calendar

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAT = ("$muted", "$primary 40%", "$primary 60%", "$primary 80%", "$primary")
"""Styles of the heatmap's levels; they fade into the background, whichever it is."""


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
