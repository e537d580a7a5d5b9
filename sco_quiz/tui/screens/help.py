"""Help: what the keys do, from the table of actions."""

from __future__ import annotations

from textual.content import Content

from sco_quiz.tui.actions import GROUPS, written
from sco_quiz.tui.screens.page import Page


class Help(Page[None]):
    """Every action with its keys; the part that holds where the learner is comes first."""

    def __init__(self, first: str) -> None:
        """Make the page.

        Args:
            first: The group to begin with, of `actions.GROUPS`.
        """
        super().__init__("Help")
        self._first = first

    def text(self) -> Content:
        """A group a paragraph."""
        order = sorted(GROUPS, key=lambda name: name != self._first)
        lines = []
        for name in order:
            lines.append(Content.styled(name, "bold $foreground"))
            for action in GROUPS[name]:
                keys = action.shown or ", ".join(written(key) for key in action.keys)
                lines.append(Content.assemble((f"  {keys:<16}", "$primary"), action.help))
            lines.append(Content())
        lines.append(Content.styled("Arrows and j, k move; the mouse works everywhere.", "$muted"))
        return Content("\n").join(lines)
