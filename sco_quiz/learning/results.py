"""The options of a quiz, and its results."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sco_quiz.learning.checking import Judgement
    from sco_quiz.learning.posing import QuizQuestion


class Feedback(StrEnum):
    """The time at which the learner sees the right answer: at once, or at the end."""

    ONCE = "once"
    END = "end"


@dataclass(frozen=True, slots=True)
class QuizOptions:
    """The options of a quiz.

    Attributes:
        number: The number of questions.
        seconds: The time for each question; None for no limit.
        total_seconds: The time for all questions together; None for no limit.
        feedback: The time at which the learner sees the right answer.
        pair: Two answers to choose between in every question; None for questions of all sorts.
    """

    number: int = 20
    seconds: float | None = None
    total_seconds: float | None = None
    feedback: Feedback = Feedback.ONCE
    pair: tuple[str, str] | None = None


class Score(NamedTuple):
    """The number of right answers, and of all questions."""

    correct: int
    of: int

    @property
    def share(self) -> float:
        """The share of right answers, from 0 to 1; 0 without questions."""
        return self.correct / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"{self.correct}/{self.of}"


class EarlierScores(NamedTuple):
    """Scores of earlier finished quizzes on the same decks and tag; None without any."""

    best: Score | None = None
    last: Score | None = None


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """The result of a question.

    Attributes:
        question: The question.
        given: The answer; empty for none.
        judgement: The checker's judgement, or the learner's correction of it; its verdict is None
            if nothing was checked.
        correct: True if it counts: right or close, or right by the learner's word; and in time.
        late: True if the time was up before the answer.
        milliseconds: The time from the question to the answer.
    """

    question: QuizQuestion
    given: str | tuple[str, ...]
    judgement: Judgement
    correct: bool
    late: bool
    milliseconds: int
