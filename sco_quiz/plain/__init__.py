"""Line mode: the same sessions over stdin and stdout, for screen readers, pipes and scripts."""

from sco_quiz.plain.quizzing import take_quiz
from sco_quiz.plain.studying import study

__all__ = ["study", "take_quiz"]
