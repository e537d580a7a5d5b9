"""A card, one prompt scheduled on its own, and what is known of the memory of it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from sco_quiz.learning.kinds import Kind  # noqa: TC001 -- read when the index is

BLANK = "[…]"
"""What stands in a cloze prompt for the text to recall, when the note gives no hint for it."""


class Rating(IntEnum):
    """How well a card was recalled; FSRS's own four."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class State(IntEnum):
    """Where a card stands in its schedule."""

    NEW = 0
    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


class Media(NamedTuple):
    """The files of a card, each named by its path from the folder of the deck; empty for none.

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

    def turned(self) -> Media:
        """The files of a card that asks the other way round."""
        return Media(self.answer_image, self.answer_audio, self.image, self.audio)


NO_MEDIA = Media()


@dataclass(frozen=True, slots=True)
class Card:
    """One prompt, ready to be asked and checked. All texts are clean (`text.clean`).

    Attributes:
        key: Identifies the card for ever; its history hangs on it.
        note: The key of the note it came from; siblings share it.
        deck: The id of its deck.
        kind: How it is asked.
        prompt: What is asked, with inline markup.
        answers: What is right. One text for basic, typed, choice; "true" or "false" for
            true_false; one per blank, in order, for cloze; all of them for multi and list; all of
            them in the right order for order.
        choices: The wrong choices (choice, multi), in the author's order; of typed, those it may be
            learned by (`posing.as_recognised`).
        accept: Other right answers (typed, cloze with one blank).
        strict: Whether accents, case and punctuation count.
        language: BCP 47 tag of the deck; decides which leading articles may be left out.
        hint: Shown on request, before the answer.
        explain: Shown after the answer.
        source: Where the fact stands, as shown to the learner.
        as_of: ISO date (year, year-month or full) at which the fact was true; may be empty.
        category: Groups answers of one sort (year, country, city…); may be empty.
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
    media: Media = NO_MEDIA


class CardState(NamedTuple):
    """What the log says of a card. A card without events is `CardState()`.

    Attributes:
        state: Where the card stands.
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
        brought: Study day into which the learner brought the card, due or not; 0 when answered
            since, or never brought.
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
    """The part of a prompt that identifies it: case, width, spacing and end marks do not count."""
    folded = unicodedata.normalize("NFKC", prompt).casefold()
    return " ".join(folded.split()).rstrip(" .?!:…")


def key_of(*parts: str) -> str:
    """A short key (20 hex digits) for parts that identify a card or note together.

    Two of a million cards share a key with a chance of about 4e-13.
    """
    import hashlib  # 3 ms that the first screen does without

    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=10).hexdigest()


class KeyedFace(NamedTuple):
    """A card's key and how the card looks: enough to know it again.

    Attributes:
        key: The card.
        deck: The id of its deck.
        kind: How it is asked.
        prompt: What is asked.
        answer: What is right.
    """

    key: str
    deck: str
    kind: str
    prompt: str
    answer: str


class Pair(NamedTuple):
    """A vanished card and the new one that it may have become."""

    old: KeyedFace
    new: KeyedFace
