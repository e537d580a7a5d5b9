"""The charts beside the decks, made of characters in the theme's colours."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from textual.content import Content

from sco_quiz.charts import SHADES, WEEKDAYS, calendar_of, columns
from sco_quiz.numbers_and_times import many, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEAT = ("$muted", "$heat-1", "$heat-2", "$heat-3", "$heat-4")
"""Styles of the heatmap's levels; they fade into the background, whichever it is."""

AXIS = 4
"""Cells of the figures at the left of bars."""
ROWS = 5
"""Of bars; odd, so that one of them is the middle."""
TENS = 10
"""The axis of a week's answers ends at a multiple of it."""


def heat(level: int, *, colourless: bool) -> tuple[str, str]:
    """A day of a level, and its style: a square of some strength, or without colours a shade."""
    return ("■" if level and not colourless else SHADES[level]), HEAT[level]


def heatmap(
    days: Mapping[int, int], today: int, weeks: int, width: int, *, colourless: bool = False
) -> Content:
    """A calendar of weeks, Monday to Sunday downwards, the present week last.

    Args:
        days: Answers by study day (ordinal).
        today: The present study day.
        weeks: How many weeks to draw; each takes one cell, beside four for the weekdays.
        width: The cells that there are; the name of a month that reaches beyond is left out.
        colourless: Whether the terminal shows no colours.
    """
    picture = calendar_of(days, today, weeks)
    months = picture.months
    if 4 + len(months) > width:
        months = months.rpartition(" ")[0].rstrip()
    lines = [Content.styled("    " + months, "$muted")]
    for weekday, levels in zip(WEEKDAYS, picture.levels, strict=True):
        cells: list[tuple[str, str]] = [(f"{weekday:<4}", "$muted")]
        for level, days_alike in groupby(levels):
            cell, style = (" ", HEAT[0]) if level is None else heat(level, colourless=colourless)
            cells.append((cell * len([*days_alike]), style))
        lines.append(Content.assemble(*cells))
    return Content("\n").join(lines)


def week_chart(days: Mapping[int, int], today: int) -> Content:
    """Draw the answers of the last seven days; see `heatmap`."""
    week = range(today - 6, today + 1)
    answers = [days.get(day, 0) for day in week]
    names = "".join(f"{date.fromordinal(day):%a}  " for day in week)
    title = Content.assemble(
        ("This week  ", "$muted"), (many(sum(answers), "answer"), "$foreground")
    )
    return _bars(title, answers, TENS * max(1, -(-max(answers) // TENS)), names, width=3, gap=2)


def scores_chart(scores: Sequence[float], width: int) -> Content:
    """Draw the scores (0 to 1) of quizzes, the latest last, as many as have room in some cells."""
    scores = scores[-((width - AXIS + 1) // 2) :]
    title = Content.assemble(
        ("Quiz scores  ", "$muted"),
        (percent(scores[-1]), "$foreground"),
        (f"  best {percent(max(scores))}", "$muted"),
    )
    shares = [round(100 * score) for score in scores]
    below = f"the last {len(scores)}" if len(scores) > 1 else ""
    return _bars(title, shares, 100, below, width=1, gap=1)


def _bars(
    title: Content,
    values: Sequence[int],
    most: int,
    below: str,
    *,
    width: int,
    gap: int,
) -> Content:
    """Upright bars of some width beside an axis that has the most, half of it, and 0."""
    at_axis = {0: most, ROWS // 2: most // 2, ROWS - 1: 0}
    lines = [title]
    for number, row in enumerate(columns(values, ROWS, most)):
        bars = (" " * gap).join(cell * width for cell in row.ljust(len(values)))
        axis = f"{at_axis.get(number, ''):>{AXIS - 1}} "
        lines.append(Content.assemble((axis, "$muted"), (bars.rstrip(), "$secondary")))
    lines.append(Content.styled(f"{'':{AXIS}}{below}".rstrip(), "$muted"))
    return Content("\n").join(lines)
