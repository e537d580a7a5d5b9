"""The results of judging a typed answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sco_quiz.learning.judging.texts import JudgedText


_WORD = re.compile(r"[^\W_]+")


class Grade(Enum):
    """The degree to which a text meets an answer."""

    RIGHT = auto()
    ACCENTS = auto()
    CLOSE = auto()
    WRONG = auto()


class Meeting(NamedTuple):
    """The result of comparing a text with one right answer."""

    grade: Grade
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AcceptedWording:
    """One wording of a right answer.

    Attributes:
        at: The index of the answer among the accepted ones.
        text: The wording.
    """

    at: int
    text: JudgedText


@dataclass(frozen=True, slots=True)
class JudgingContext:
    """The facts about a card that judging needs besides its answers."""

    language: str
    strict: bool = False
    category: str = ""
    prompt: str = ""

    def says(self, text: str) -> bool:
        """Return True if a text stands in the question, whatever its signs."""
        words, said = (" ".join(_WORD.findall(each.casefold())) for each in (text, self.prompt))
        return bool(words) and f" {words} " in f" {said} "


class Finding(NamedTuple):
    """The result of judging a typed answer.

    Attributes:
        grade: The degree to which it meets the right answer.
        at: The index of the accepted answer that was met or nearly met; -1 for none.
        text: The nearest wording of that answer; empty for none.
        reason: A reason, such as what it was taken for; may be empty.
    """

    grade: Grade
    at: int = -1
    text: str = ""
    reason: str = ""

    @property
    def is_right(self) -> bool:
        """True if the text is right, maybe with accents left out."""
        return self.grade in (Grade.RIGHT, Grade.ACCENTS)


MISS = Finding(Grade.WRONG)


def make_finding(meeting: Meeting, right: AcceptedWording) -> Finding:
    """Make a finding of the meeting with a right answer."""
    return Finding(meeting.grade, right.at, right.text.text, meeting.reason)


def yes_or_no(met: bool) -> Meeting:
    """Return a meeting that is right or wrong, without a reason."""
    return Meeting(Grade.RIGHT if met else Grade.WRONG)
