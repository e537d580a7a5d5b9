"""Findings about a typed answer, and the terms in which they are said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sco_quiz.learning.judging.texts import JudgedText


class Grade(Enum):
    """Degrees to which a text meets an answer."""

    RIGHT = auto()
    ACCENTS = auto()
    CLOSE = auto()
    WRONG = auto()


class Meeting(NamedTuple):
    """The meeting of a text with one right answer."""

    grade: Grade
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AcceptedWording:
    """One way to put a right answer.

    Attributes:
        at: The place of the answer among the accepted ones.
        text: The wording, in its forms.
    """

    at: int
    text: JudgedText


@dataclass(frozen=True, slots=True)
class JudgingContext:
    """Facts about a card that judging needs besides its answers."""

    language: str
    strict: bool = False
    category: str = ""
    prompt: str = ""


class Finding(NamedTuple):
    """The result of judging a typed answer.

    Attributes:
        grade: How well it meets the right answer.
        at: The place of the accepted answer that was met or nearly met; -1 for none.
        text: The wording of it that is nearest; empty for none.
        reason: What it was taken for, in words; may be empty.
    """

    grade: Grade
    at: int = -1
    text: str = ""
    reason: str = ""

    @property
    def is_right(self) -> bool:
        """Tell whether the text is right, maybe with accents left out."""
        return self.grade in (Grade.RIGHT, Grade.ACCENTS)


MISS = Finding(Grade.WRONG)


def found(meeting: Meeting, right: AcceptedWording) -> Finding:
    """Return how a right answer was met, as what was found of the text."""
    return Finding(meeting.grade, right.at, right.text.text, meeting.reason)


def yes_or_no(met: bool) -> Meeting:
    """Return a meeting that is right or wrong, for no reason."""
    return Meeting(Grade.RIGHT if met else Grade.WRONG)
