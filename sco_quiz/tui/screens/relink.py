"""Edited cards of which the learner has to say what they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from sco_quiz.errors import SCOQuizError
from sco_quiz.tui.actions import RELINK, bindings
from sco_quiz.tui.markup import inline
from sco_quiz.tui.screens.page import Page

if TYPE_CHECKING:
    from sco_quiz.workspace.workspace import Workspace


class Relink(Page[None]):
    """One pair after another: the card that vanished, and the new one it may have become."""

    BINDINGS = bindings(RELINK)
    ACTIONS = RELINK

    def __init__(self, workspace: Workspace) -> None:
        """Ask about the workspace's doubtful pairs."""
        super().__init__("Is it the same card?")
        self._workspace = workspace
        self._pairs = workspace.relinker.doubtful()

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
        try:
            self._workspace.relinker.decide(self._pairs[0], same=same)
        except SCOQuizError as error:
            self.notify(f"{error.message}\n{error.help}", severity="error", markup=False)
            return
        del self._pairs[0]
        if self._pairs:
            self.query_one("#text", Static).update(self.text())
        else:
            self.dismiss()
