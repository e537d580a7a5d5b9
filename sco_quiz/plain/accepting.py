"""Accepting a rejected answer in line mode, in a deck of the learner's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz.authoring.notes import Authoring
from sco_quiz.errors import DeckError
from sco_quiz.text import plain
from sco_quiz.transfer.shipped import copy_to_own

if TYPE_CHECKING:
    from sco_quiz.learning.cards import Card
    from sco_quiz.plain.lines import LineDialogue
    from sco_quiz.workspace.workspace import Workspace


def accept(card: Card, answer: str, workspace: Workspace, lines: LineDialogue) -> bool:
    """Write an answer to the accepted ones of a card.

    A deck that came with the app is copied first, if the learner at the terminal says so.

    Returns:
        False if nothing was written; why is told.

    Raises:
        ProgressError: The log cannot be written.
    """
    catalogue = workspace.catalogue
    is_asked = lines.is_on_terminal and card.deck in catalogue.decks
    try:
        if is_asked and catalogue.is_shipped(card.deck):
            lines.say(f"{plain(catalogue.title(card.deck))} came with the app.")
            lines.say(
                "In a copy of your own, what you learned stays, and newer versions still come."
            )
            if not lines.agrees("Change it in a copy?"):
                lines.say("It stays as it is.")
                return False
            lines.say(f"Your copy: {copy_to_own(workspace, card.deck)}")
        Authoring(workspace).accept(card, answer)
    except DeckError as error:
        lines.say(f"{error.message}; {error.help}")
        return False
    return True
