"""What a quiz is set to, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sco_quiz.learning.checking import Judgement
    from sco_quiz.learning.posing import QuizQuestion


class Feedback(StrEnum):
    """When the learner hears what was right."""

    ONCE = "once"
    END = "end"


@dataclass(frozen=True, slots=True)
class QuizOptions:
    """What the learner chose.

    Attributes:
        number: Questions.
        seconds: For each question; None for no limit.
        total_seconds: For all questions together; None for no limit.
        feedback: When the learner hears what was right.
        pair: Two answers to choose between in every question; None for questions of all sorts.
    """

    number: int = 20
    seconds: float | None = None
    total_seconds: float | None = None
    feedback: Feedback = Feedback.ONCE
    pair: tuple[str, str] | None = None


class Score(NamedTuple):
    """Right answers of so many."""

    correct: int
    of: int

    @property
    def share(self) -> float:
        """From 0 to 1; 0 of nothing."""
        return self.correct / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"{self.correct}/{self.of}"


class Earlier(NamedTuple):
    """Scores of earlier finished quizzes on the same decks and tag; None without any."""

    best: Score | None = None
    last: Score | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a question.

    Attributes:
        question: What was asked.
        given: What was answered; empty if nothing.
        judgement: What the checker said, unless the learner knew better; its verdict is None where
            nothing was checked.
        correct: Whether it counts: right or close, or known by the learner's word; and in time.
        late: Whether the time was up first.
        milliseconds: From the question to the answer.
    """

    question: QuizQuestion
    given: str | tuple[str, ...]
    judgement: Judgement
    correct: bool
    late: bool
    milliseconds: int
