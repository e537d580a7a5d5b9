"""Every error a user can meet. Each says what happened, where, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class SCOQuizError(Exception):
    """A mistake or a mishap that the user is told of in words, never in a traceback.

    Attributes:
        message: What happened and where, one line.
        help: What to do next, one line; may be empty.
        exit_code: What a command that ends with this error returns.
    """

    exit_code = 1

    def __init__(self, message: str, help: str = "") -> None:  # noqa: A002 -- the word users see
        super().__init__(message)
        self.message = message
        self.help = help


class UsageError(SCOQuizError):
    """The command was called with something it cannot use: an unknown deck, a missing path."""

    exit_code = 2


class DeckError(SCOQuizError):
    """A deck file cannot be read or used."""


class ConfigError(SCOQuizError):
    """The configuration cannot be used."""

    exit_code = 2


class ProgressError(SCOQuizError):
    """The progress file cannot be used."""

    exit_code = 3


class DamagedError(ProgressError):
    """The progress file is not as it was written."""

    def __init__(self, message: str) -> None:
        super().__init__(
            message,
            "`sco-quiz doctor --rebuild` saves all that can be read, and keeps the damaged file",
        )


class ForeignFileError(ProgressError):
    """A file is where a progress file is wanted, and is none."""


class BehindError(ProgressError):
    """The progress file holds less than a backup beside it, and nobody said that it should."""

    def __init__(self, message: str) -> None:
        super().__init__(
            message,
            "`sco-quiz restore` brings back what is missing;"
            " `sco-quiz restore --set-aside` leaves it behind, and keeps those backups apart",
        )


class StaleError(ProgressError):
    """The views in the progress file do not follow from its log; the log is whole."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "`sco-quiz doctor --rebuild` rebuilds them; no answer is lost")


def closest(name: str, known: Iterable[str], least: float = 0.6) -> str:
    """Return the known name that is most like one that is not known.

    Args:
        name: The one that is not.
        known: Those that are.
        least: How alike they must be, from 0 to 1.

    Returns:
        The name; empty where none is alike.
    """
    from difflib import get_close_matches  # 5 ms, only for a mistake

    return next(iter(get_close_matches(name, list(known), n=1, cutoff=least)), "")
