"""The images and recordings of cards: found for whoever shows or plays them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sco_quiz.library.media import Sort, find

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sco_quiz.learning.cards import Card
    from sco_quiz.workspace.workspace import Workspace

__all__ = ["Sort", "finder", "name_of"]


def name_of(card: Card, sort: Sort, *, answered: bool) -> str:
    """The image or recording that there is to open: once answered, that of the answer if any.

    Empty if there is none.
    """
    media = card.media
    if sort is Sort.IMAGE:
        return (answered and media.answer_image) or media.image
    return (answered and media.answer_audio) or media.audio


def finder(workspace: Workspace, card: Card) -> Callable[[str, Sort], Path]:
    """What finds the files that the note of a card names, in any thread.

    It raises a DeckError for one that cannot be shown or played.
    """
    deck, _ = workspace.file_of(card.deck)
    return partial(find, deck)
