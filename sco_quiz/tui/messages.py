"""What screens and workers tell the app."""

from __future__ import annotations

from textual.message import Message


class StartStudy(Message):
    """The learner wants to study."""

    def __init__(self, decks: tuple[str, ...] = (), *, ahead: bool = False) -> None:
        """Name what to study.

        Args:
            decks: Ids; none means all.
            ahead: Cards that are not due yet.
        """
        super().__init__()
        self.decks = decks
        self.ahead = ahead


class ReadDecks(Message):
    """Deck files may have changed."""


class DecksRead(Message):
    """Deck files were read; the workspace can be reloaded.

    Attributes:
        changed: Whether any had changed.
    """

    def __init__(self, *, changed: bool) -> None:
        super().__init__()
        self.changed = changed


class ReadingDecks(Message):
    """A deck file was read, and more are to come."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__()
        self.done = done
        self.total = total
