"""Notes that leave for Anki, with the history and the state of their cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sco_quiz.interchange.material import Field
    from sco_quiz.learning.cards import CardState, Rating, State
    from sco_quiz.learning.kinds import Kind


class ExportedReview(NamedTuple):
    """A review.

    Attributes:
        at: UTC milliseconds.
        rating: How well the card was recalled.
        milliseconds: From the question to the answer.
        was: Where the card stood until then.
        interval: Days until it was due again; less than 0 for seconds, within (re)learning.
        difficulty: Of the card after it, from 1 to 10.
    """

    at: int
    rating: Rating
    milliseconds: int
    was: State
    interval: int
    difficulty: float


class ExportedCard(NamedTuple):
    """A card.

    Attributes:
        state: As the log has it.
        reviews: In the order of time.
        steps_left: Steps of (re)learning that it still has before it; 0 outside of them.
        retention: The chance of recall at which it is due.
        asked_as: Which of the cards of its note it is, from 0.
    """

    state: CardState
    reviews: tuple[ExportedReview, ...] = ()
    steps_left: int = 0
    retention: float = 0.9
    asked_as: int = 0


class ExportedNote(NamedTuple):
    """A note.

    Attributes:
        kind: How it is asked.
        guid: What names it in Anki, whatever its texts.
        fields: As in the deck format; media by the names that they have in the package.
        cards: All that it makes.
    """

    kind: Kind
    guid: str
    fields: Mapping[str, Field]
    cards: tuple[ExportedCard, ...]


class ExportedDeck(NamedTuple):
    """A deck.

    Attributes:
        id: What names it here.
        title: As shown; `::` in it makes decks within decks.
        description: What it is about; may be empty.
        notes: In the order of the deck.
    """

    id: str
    title: str
    description: str
    notes: list[ExportedNote]


class AnkiExport(NamedTuple):
    """All that goes into a package.

    Attributes:
        decks: With their notes.
        media: The files that notes name, by the names that they have in the package.
        parameters: Those of FSRS-6.
    """

    decks: list[ExportedDeck]
    media: dict[str, Path]
    parameters: tuple[float, ...]
