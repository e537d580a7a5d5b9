"""Finds the images and recordings of cards, to show or play them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.learning.cards import names_in
from sco_quiz.library.media import MediaSort, find

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sco_quiz.learning.cards import Card
    from sco_quiz.workspace.catalogue import Catalogue

__all__ = ["MediaSort", "media_finder", "media_names"]


def media_names(card: Card, sort: MediaSort, *, answered: bool) -> list[str]:
    """Return the names of a card's images or recording; once answered, of the answer's if any."""
    media = card.media
    if sort is MediaSort.IMAGE:
        return names_in((answered and media.answer_image) or media.image)
    return names_in((answered and media.answer_audio) or media.audio)


def media_finder(catalogue: Catalogue, card: Card) -> Callable[[str, MediaSort], Path]:
    """Return a function that finds the files a card's note names, in any thread.

    It raises a DeckError for one that cannot be shown or played.
    """
    deck = catalogue.owner_of(card.deck)
    return partial(find, deck) if deck is not None else _find_nothing


def _find_nothing(name: str, _: MediaSort) -> Path:
    raise DeckError(f"{name} is not found while its deck cannot be read", "mend the deck's file")
