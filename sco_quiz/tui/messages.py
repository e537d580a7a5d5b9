"""What screens and workers tell the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from sco_quiz.learning.queue import Pick

if TYPE_CHECKING:
    from sco_quiz.errors import SCOQuizError
    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.workspace.workspace import Refreshed


class StartStudy(Message):
    """The learner wants to study."""

    def __init__(
        self,
        decks: tuple[str, ...] = (),
        *,
        pick: Pick = Pick.DUE,
        minutes: float | None = None,
    ) -> None:
        """Name what to study.

        Args:
            decks: Ids; none means all.
            pick: Which cards.
            minutes: For how long; None for as long as there are cards.
        """
        super().__init__()
        self.decks = decks
        self.pick = pick
        self.minutes = minutes


class SetUpQuiz(Message):
    """The learner wants to choose a quiz."""


class StartQuiz(Message):
    """The learner wants to take a quiz."""

    def __init__(self, quiz: Quiz) -> None:
        """Name the quiz, its first question open."""
        super().__init__()
        self.quiz = quiz


class ReadDecks(Message):
    """Deck files may have changed."""


class DecksRead(Message):
    """Deck files were looked at; where any had changed the workspace can be reloaded."""

    def __init__(self, refreshed: Refreshed) -> None:
        """Tell what came of it."""
        super().__init__()
        self.refreshed = refreshed


class DecksChanged(Message, bubble=False):
    """Sent to each open screen: decks are no longer as they were."""


class DecksUnread(Message):
    """Deck files could not be looked at."""

    def __init__(self, error: SCOQuizError) -> None:
        """Tell why."""
        super().__init__()
        self.error = error


class ReadingDecks(Message):
    """A deck file was read, and more are to come."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__()
        self.done = done
        self.total = total


class Unkept(Message):
    """Today's backup could not be made."""

    def __init__(self, error: SCOQuizError) -> None:
        """Tell why."""
        super().__init__()
        self.error = error


class Simulated(Message):
    """A year of study was simulated at several retentions."""

    def __init__(self, report: str) -> None:
        """Give what it comes to, as text."""
        super().__init__()
        self.report = report
