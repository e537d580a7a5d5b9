"""Pages that are read: help, what is wrong with decks, a card, and which edited cards are new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from sco_quiz.commands.actions import GROUPS, RELINK
from sco_quiz.text import clean
from sco_quiz.tui.card_sheet import sheet
from sco_quiz.tui.markup import inline
from sco_quiz.tui.pages import Page

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sco_quiz.tui.messages import OpenCardPage, OpenHelp, OpenProblems

CARD_WIDTH = 76
"""Cells that the page of a card has for its text, at most."""


class Help(Page[None]):
    """Every action with its keys; the part that holds where the learner is comes first."""

    DEFAULT_CSS = """
    Help {
        .group { text-style: bold; }
        .action { height: auto; padding-left: 2; }
        .keys { width: 18; color: $primary; }
        .help { width: 1fr; }
        .last { margin-bottom: 1; }
        .note { color: $muted; }
    }
    """

    def __init__(self, asked: OpenHelp) -> None:
        """Make the page."""
        super().__init__("Help")
        self._first, self._typing = asked.first, asked.typing

    def body(self) -> ComposeResult:
        """A group a paragraph, keys and what they do side by side."""
        chosen = self.app.preferences.keys
        with Vertical(id="text"):
            for name in sorted(GROUPS, key=lambda name: GROUPS[name] is not self._first):
                yield Static(name, classes="group", markup=False)
                for action in GROUPS[name]:
                    holds = action
                    if self._typing and GROUPS[name] is self._first:
                        holds = action.while_typing()
                    keys = holds.on(chosen).all_keys
                    last = "last" if action is GROUPS[name][-1] else ""
                    with Horizontal(classes=f"action {last}"):
                        yield Static(keys, classes="keys", markup=False)
                        yield Static(action.help, classes="help", markup=False)
            note = (
                "Arrows and j, k move; the mouse works everywhere. At a choice letters type its "
                "text, and digits too where all choices are numbers."
            )
            yield Static(note, classes="note", markup=False)


class Problems(Page[None]):
    """One paragraph a problem, errors first."""

    def __init__(self, asked: OpenProblems) -> None:
        """Show problems of decks, and warnings about settings and folders."""
        super().__init__("Problems")
        self._problems, self._warnings = asked.problems, asked.warnings

    def text(self) -> Content:
        """Show each problem: its place, its words, and its remedy."""
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


class CardPage(Page[None]):
    """Prompt, answer, memory, forgetting curve, history."""

    def __init__(self, asked: OpenCardPage) -> None:
        """Show a card."""
        super().__init__(clean(asked.details.row.title, multiline=False))
        self._details = asked.details

    def text(self) -> Content:
        """The card, as wide as there is room."""
        return sheet(self._details, min(CARD_WIDTH, self.app.size.width - 7))


class Relink(Page[None]):
    """One pair after another: the card that vanished, and the new one it may have become."""

    ACTIONS = RELINK

    def __init__(self) -> None:
        """Ask about the workspace's doubtful pairs."""
        super().__init__("Is it the same card?")
        self._pairs = self._workspace.relinker.doubtful()

    def text(self) -> Content:
        """The first pair that is left."""
        if not self._pairs:
            return Content("Every card has its history.")
        old, new = self._pairs[0]
        left = len(self._pairs)
        return Content("\n").join(
            [
                Content.styled("This card has a history, but is in no deck any more:", "$muted"),
                Content("  ") + inline(old.prompt),
                Content.assemble(("  → ", "$muted"), old.answer.replace("\n", ", ")),
                Content(),
                Content.styled("This one is new in its deck:", "$muted"),
                Content("  ") + inline(new.prompt),
                Content.assemble(("  → ", "$muted"), new.answer.replace("\n", ", ")),
                Content(),
                Content("If it is the same card in other words, it keeps the history."),
                Content.styled(f"{left} to decide" if left > 1 else "", "$muted"),
            ]
        )

    def action_same(self) -> None:
        """Keep the history for the new card."""
        self._decide(same=True)

    def action_apart(self) -> None:
        """Leave the new card new."""
        self._decide(same=False)

    def _decide(self, *, same: bool) -> None:
        with self.app.telling_errors():
            self._workspace.relinker.decide(self._pairs[0], same=same)
            del self._pairs[0]
            if self._pairs:
                self.query_one("#text", Static).update(self.text())
            else:
                self.dismiss()
