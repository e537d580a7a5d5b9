"""Lines of a report in the theme's colours."""

from __future__ import annotations

from textual.content import Content

from sco_quiz.reports.lines import HEAT, Line, Role
from sco_quiz.tui.widgets.heatmap import heat

STYLES = {
    Role.TITLE: "bold $foreground",
    Role.SAYS: "$muted",
    Role.TEXT: "$foreground",
    Role.MARK: "$muted",
    Role.CHART: "$secondary",
}


def styled(line: Line, *, colourless: bool) -> Content:
    """A line of a report as content."""
    parts = []
    for text, role, _ in line:
        if role in STYLES:
            parts.append((text, STYLES[role]))
        else:
            cell, style = heat(HEAT.index(role), colourless=colourless)
            parts.append((cell + text[1:], style))
    return Content.assemble(*parts)
