"""Decks, notes, histories and media on their way from or to a foreign file, in our terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sco_quiz.errors import DeckError
from sco_quiz.learning import cards
from sco_quiz.library.kinds import as_value, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import IO

    from sco_quiz.learning.cards import Rating

Field: TypeAlias = str | list[str]
"""What a field of a note says."""

MEDIA = cards.CardMedia._fields
"""The fields that name a file."""
MAX_NOTES = 200_000
"""What a file may have; a deck has no room for more."""
MOST_TAGS = 100
"""Tags that a note may have."""


class ForeignReview(NamedTuple):
    """An answer that was given elsewhere.

    Attributes:
        at: UTC milliseconds.
        rating: How well the card was recalled.
        milliseconds: From the question to the answer.
        interval: Days until the card was due again; 0 within (re)learning.
    """

    at: int
    rating: Rating
    milliseconds: int = 0
    interval: int = 0


class ForeignHistory(NamedTuple):
    """The history of a card in another app.

    Attributes:
        reviews: In the order of time.
        due: The date on which it is due there, as `date.toordinal`; 0 for the one that its last
            review gives.
        suspended: Whether it is set aside.
        flag: A mark of the learner's own, 0 (none) to 7.
    """

    reviews: tuple[ForeignReview, ...] = ()
    due: int = 0
    suspended: bool = False
    flag: int = 0


class ForeignNote(NamedTuple):
    """A note.

    Attributes:
        fields: As in the deck format; texts in our markup.
        key: What names it in its source; empty when nothing does.
        where: Where it stands there, in words.
        cards: What was done with its cards, in the order in which our note has them; empty when
            nothing is known.
    """

    fields: dict[str, Field]
    key: str = ""
    where: str = ""
    cards: tuple[ForeignHistory, ...] = ()


class MediaFile(NamedTuple):
    """An image or a recording.

    Attributes:
        name: What notes call it, with `/` between folders; whatever the source says.
        size: Its bytes, as far as the source says.
        open: Opens it to be read; the source is still there then. What cannot be read, then or
            later, is an OSError or a DeckError.
    """

    name: str
    size: int
    open: Callable[[], IO[bytes]]


class ForeignDeck(NamedTuple):
    """A deck.

    Attributes:
        title: What it is called; empty when the source does not say.
        notes: In the order of the source.
        description: What it is about; may be empty.
        language: BCP 47 tag; empty when the source does not say.
        files: Those that its notes name, by the names there; filled in when all are read.
        prompt_language: That of what is asked, where it is another one.
    """

    title: str
    notes: list[ForeignNote]
    description: str = ""
    language: str = ""
    files: Mapping[str, MediaFile] = MappingProxyType({})
    prompt_language: str = ""


class Remark(NamedTuple):
    """Something that does not come along as it was.

    Attributes:
        where: Where it stands in the source, in words; may be empty.
        reason: What became of it, and why.
    """

    where: str
    reason: str


def placed(where: str, remarks: Iterable[Remark]) -> list[Remark]:
    """Remarks on parts of what stands somewhere, with that place."""
    return [Remark(": ".join(filter(None, (where, part))), reason) for part, reason in remarks]


@dataclass(slots=True)
class Material:
    """The content of a foreign file: decks, media, and remarks on what was left out.

    Attributes:
        decks: By the order of the file.
        skipped: What is left behind.
        lossy: What comes along, but not all of it.
        media: The files that its notes name.
    """

    decks: list[ForeignDeck] = field(default_factory=list)
    skipped: list[Remark] = field(default_factory=list)
    lossy: list[Remark] = field(default_factory=list)
    media: list[MediaFile] = field(default_factory=list)


def check_number(notes: int) -> None:
    """Refuse more notes than a file may have.

    Raises:
        DeckError: There are more.
    """
    if notes > MAX_NOTES:
        raise DeckError(f"the file has more than {MAX_NOTES:,} notes", "split it into parts")


def check_tags(tags: Iterable[str]) -> list[str]:
    """Return each tag once; refuse more than a note takes, since all notes of a file may get them.

    Raises:
        DeckError: There are more.
    """
    different = list(dict.fromkeys(tags))
    if len(different) > MOST_TAGS:
        raise DeckError(f"a note would have more than {MOST_TAGS} tags", "take some of them away")
    return different


def files_renamed(fields: Mapping[str, Field], prefix: str) -> dict[str, Field]:
    """Return the fields of a note that name files, with something before each name."""
    return {
        key: as_value(key, [prefix + name for name in texts_of(fields[key])])
        for key in MEDIA
        if key in fields
    }


def items(text: str) -> list[str]:
    """The texts of a list that stand one on a line."""
    return [each.strip() for each in text.split("\n") if each.strip()]
