"""The least that a Textual app with two bars and a text is; run as a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App
from textual.widgets import Footer, Header, Static

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Bare(App[None]):
    """Shows a text."""

    def compose(self) -> ComposeResult:
        """The text between the bars."""
        yield Header()
        yield Static("This is all.")
        yield Footer()


Bare().run()
