"""What comes in from a foreign file and goes out to one, in the app's own terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from sco_quiz.errors import DeckError

Field: TypeAlias = str | list[str]
"""What a field of a note says."""

LISTS = frozenset({"tags", "accept", "choices", "answers", "order", "list"})
"""The fields of the deck format that take several texts."""

FIELDS = (
    "id", "front", "back", "reverse", "question", "statement", "text", "answer", "answers",
    "choices", "accept", "order", "list", "strict", "hint", "explain", "source", "as_of",
    "category", "tags",
)  # fmt: skip
"""The fields of every kind of note, in the order in which they are written out."""


MAX_NOTES = 200_000
"""What a file may have; a deck has no room for more."""


class Note(NamedTuple):
    """A note.

    Attributes:
        fields: As in the deck format; texts in our markup.
        key: What names it in its source; empty when nothing does.
        where: Where it stands there, in words.
    """

    fields: dict[str, Field]
    key: str = ""
    where: str = ""


class Deck(NamedTuple):
    """A deck.

    Attributes:
        title: What it is called; empty when the source does not say.
        notes: In the order of the source.
        description: What it is about; may be empty.
        language: BCP 47 tag; empty when the source does not say.
    """

    title: str
    notes: list[Note]
    description: str = ""
    language: str = ""


class Remark(NamedTuple):
    """Something that does not come along as it was.

    Attributes:
        where: Where it stands in the source, in words; may be empty.
        reason: What became of it, and why.
    """

    where: str
    reason: str


@dataclass(slots=True)
class Material:
    """What a file holds.

    Attributes:
        decks: By the order of the file.
        skipped: What is left behind.
        lossy: What comes along, but not all of it.
    """

    decks: list[Deck] = field(default_factory=list)
    skipped: list[Remark] = field(default_factory=list)
    lossy: list[Remark] = field(default_factory=list)


def check_number(notes: int) -> None:
    """Refuse more notes than a file may have.

    Raises:
        DeckError: There are more.
    """
    if notes > MAX_NOTES:
        raise DeckError(f"the file has more than {MAX_NOTES:,} notes", "split it into parts")


def items(text: str) -> list[str]:
    """The texts of a list that stand one on a line."""
    return [each.strip() for each in text.split("\n") if each.strip()]
