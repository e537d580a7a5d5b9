"""What is wrong with deck files, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sco_quiz.text import clean
from sco_quiz.tui.screens.page import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.workspace.catalogue import Problem


class Problems(Page[None]):
    """One paragraph a problem, errors first."""

    def __init__(self, problems: Sequence[Problem], warnings: Sequence[str]) -> None:
        """Show problems of decks, and warnings about settings and folders."""
        super().__init__("Problems")
        self._problems = problems
        self._warnings = warnings

    def text(self) -> Content:
        """Where, what, and what to do."""
        parts = [
            Content.styled(clean(warning, multiline=False), "$warning")
            for warning in self._warnings
        ]
        for each in self._problems:
            error = each.severity == "error"
            where = f"{clean(each.path, multiline=False)}:{each.line}:{each.column}"
            parts.append(
                Content.assemble(
                    (f"{where}\n", "$muted"),
                    ("✗ " if error else "! ", "$error" if error else "$warning"),
                    each.message,
                    (f"\n  {each.help}" if each.help else "", "$muted"),
                )
            )
        return Content("\n\n").join(parts) if parts else Content("Nothing is wrong.")
