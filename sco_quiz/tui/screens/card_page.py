"""All that is known of a card, on a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz.text import clean
from sco_quiz.tui.card_sheet import sheet
from sco_quiz.tui.screens.page import Page

if TYPE_CHECKING:
    from textual.content import Content

    from sco_quiz.insight.browsing import Details

WIDTH = 76
"""Cells that a page has for its text, at most."""


class CardPage(Page[None]):
    """Prompt, answer, memory, forgetting curve, history."""

    def __init__(self, details: Details) -> None:
        """Show a card."""
        super().__init__(clean(details.row.title, multiline=False))
        self._details = details

    def text(self) -> Content:
        """The card, as wide as there is room."""
        return sheet(self._details, min(WIDTH, self.app.size.width - 7))
