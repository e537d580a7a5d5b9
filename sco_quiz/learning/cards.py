"""Cards, each a prompt that is scheduled on its own, and the state of the memory of them."""

from __future__ import annotations

import unicodedata
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.kinds import Kind  # noqa: TC001 -- read when the index is

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from hashlib import blake2b

BLANK = "[…]"
"""The mark for a gap in a cloze prompt, if the note gives no hint for it."""


class Rating(IntEnum):
    """The learner's rating of a recall: the four of FSRS."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class State(IntEnum):
    """The state of a card in its schedule."""

    NEW = 0
    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


class CardMedia(NamedTuple):
    """The files of a card, each named by its path from the folder of the deck; empty for none.

    Several images stand one a line, which no name of a file can hold: `names_in` divides them.

    Attributes:
        image: Shown with the question.
        audio: May be played with the question.
        answer_image: Shown with the answer.
        answer_audio: May be played with the answer.
    """

    image: str = ""
    audio: str = ""
    answer_image: str = ""
    answer_audio: str = ""

    def turned(self) -> CardMedia:
        """Return the files of a card that asks the other way round."""
        return CardMedia(self.answer_image, self.answer_audio, self.image, self.audio)


NO_MEDIA = CardMedia()
MOST_IMAGES = 20
"""The number of images that a question, or an answer, has room for."""


def names_in(files: str) -> list[str]:
    """Return the names in a field of `CardMedia`."""
    return files.split("\n") if files else []


class Card(NamedTuple):
    """One prompt, ready to be asked and checked. All texts are clean (`text.clean`).

    Attributes:
        key: The identity of the card, on which its history depends; it does not change.
        note: The key of its note; the cards of one note share it.
        deck: The id of its deck.
        kind: The kind of note, which decides how it is asked.
        prompt: The question, with inline markup.
        answers: The right answer. One text for basic, typed, choice; "true" or "false" for
            true_false; one per blank, in order, for cloze; all of them for multi and list; all of
            them in the right order for order.
        choices: The wrong choices (choice, multi), in the author's order; for typed, those with
            which it may be asked as a choice while it is learned (`posing.as_recognised`).
        accept: Other right answers (typed, cloze with one blank).
        strict: True if accents, case and punctuation count.
        language: The BCP 47 tag of the deck; it decides which leading articles may be left out.
        hint: A hint, shown on request before the answer.
        explain: An explanation, shown after the answer.
        source: The source of the fact, as shown to the learner.
        as_of: The ISO date (year, year-month or full) at which the fact was true; may be empty.
        category: The name of a group of answers of one sort (year, country…); may be empty.
        tags: The author's labels.
        media: Images and recordings.
    """

    key: str
    note: str
    deck: str
    kind: Kind
    prompt: str
    answers: tuple[str, ...]
    choices: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    strict: bool = False
    language: str = "en"
    hint: str = ""
    explain: str = ""
    source: str = ""
    as_of: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    media: CardMedia = NO_MEDIA


class CardState(NamedTuple):
    """The state of a card, as it follows from the log. Without events it is `CardState()`.

    Attributes:
        state: The state in its schedule.
        step: Index of the current (re)learning step; 0 outside of them.
        due_day: Study day (`date.toordinal`) on which a review is due; 0 while new or learning.
        due_at: UTC milliseconds at which a (re)learning step ends; 0 while new or in review.
        stability: Days until recall falls to 90 %; 0 while new.
        difficulty: From 1 (easy) to 10 (hard); 0 while new.
        reps: Reviews so far.
        lapses: Times it was forgotten while in review.
        first_day: Study day of the first review; 0 while new.
        last_day: Study day of the last review; 0 while new.
        suspended: Set aside until the learner takes it back.
        buried_until: Study day from which the card is asked again; 0 when not buried.
        flag: A mark of the learner's own, 0 (none) to 7.
        brought: Study day on which the learner asked for the card, due or not; 0 if it was answered
            since, or if the learner never did.
    """

    state: State = State.NEW
    step: int = 0
    due_day: int = 0
    due_at: int = 0
    stability: float = 0.0
    difficulty: float = 0.0
    reps: int = 0
    lapses: int = 0
    first_day: int = 0
    last_day: int = 0
    suspended: bool = False
    buried_until: int = 0
    flag: int = 0
    brought: int = 0


def normal_prompt(prompt: str) -> str:
    """Return a prompt as it identifies its note: without case, width, spacing and end marks."""
    folded = unicodedata.normalize("NFKC", prompt).casefold()
    return " ".join(folded.split()).rstrip(" .?!:…")


def key_of(*parts: str) -> str:
    """Return a short key (20 hex digits) for parts that identify a card or note together.

    Two of a million cards share a key with a chance of about 4e-13.
    """
    return keys_of(parts, ())[0]


def keys_of(parts: Sequence[str], variants: Iterable[str]) -> tuple[str, list[str]]:
    """Return the key of a note that parts identify, and those of its cards.

    Args:
        parts: The parts.
        variants: By which its cards are told from one another; each is one part more.
    """
    hashed = _blake2b()("\x1f".join(parts).encode(), digest_size=10)
    of_note = hashed.hexdigest()
    hashed.update(b"\x1f")
    keys = []
    for variant in variants:
        of_card = hashed.copy() if variant else hashed
        of_card.update(variant.encode())
        keys.append(of_card.hexdigest())
    return of_note, keys


@cache
def _blake2b() -> type[blake2b]:
    from hashlib import blake2b  # 3 ms that the first screen need not wait for

    return blake2b


class KeyedFace(NamedTuple):
    """A card's key and texts, by which a card that was edited is recognised.

    Attributes:
        key: The key of the card.
        deck: The id of its deck.
        kind: Its kind.
        prompt: Its question.
        answer: Its right answer.
    """

    key: str
    deck: str
    kind: str
    prompt: str
    answer: str


class RelinkPair(NamedTuple):
    """A vanished card and a new one that may be the same card, edited."""

    old: KeyedFace
    new: KeyedFace
