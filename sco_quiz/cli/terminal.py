"""The terminal: what can be shown there, how wide it is, and errors told on it."""

from __future__ import annotations

import os
import sys
import time

from sco_quiz import debug
from sco_quiz.errors import SCOQuizError, UsageError
from sco_quiz.text import clean

USUAL = 80
"""Columns where nobody says."""
MOST = 160


def is_terminal() -> bool:
    """Return whether the app can be shown here."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def terminal_width() -> int:
    """Return the columns to write in: those of the terminal, `USUAL` into a file or a pipe."""
    import shutil  # 4 ms, and few commands ask

    if not sys.stdout.isatty():
        return USUAL
    return min(shutil.get_terminal_size((USUAL, 24)).columns, MOST)


def tell(error: Exception) -> int | None:
    """Tell an error that is not a mistake of ours.

    Returns:
        The exit code; None when it is one.
    """
    error = _trouble_around(error) or error
    if not isinstance(error, SCOQuizError):
        from sco_quiz.workspace import safekeeping  # 20 ms, only to tell why

        trouble = safekeeping.trouble_behind(error)
        if trouble is None:
            return None
        error = trouble
    debug.note("told: %s, behind it %s", type(error).__name__, type(error.__cause__).__name__)
    print(f"error: {clean(error.message)}", file=sys.stderr)
    if error.help:
        print(f"  {clean(error.help)}", file=sys.stderr)
    return error.exit_code


def _trouble_around(error: Exception) -> SCOQuizError | None:
    """Find out what is to be told of an error that comes of the system around us."""
    if isinstance(error, UnicodeEncodeError) and not error.object.isascii():
        said = error.object[error.start :][:60]
        if any("\ud800" <= letter <= "\udfff" for letter in said):
            return UsageError(
                f"{said!r} has bytes that are not UTF-8",
                "use words and names in UTF-8, and a locale of UTF-8 such as LC_ALL=C.UTF-8",
            )
    if isinstance(error, OverflowError) and not _tells_the_time():
        return SCOQuizError(
            "the clock of this computer is at a date after 2261", "set it right, then try again"
        )
    if isinstance(error, OSError) and error.filename is not None:
        return SCOQuizError(
            f"{error.filename}: cannot be used ({error.strerror})",
            "check that it is there, its permissions and its folder's",
        )
    if isinstance(error, OSError) and error.errno is not None:
        drop_output()
        return SCOQuizError(
            f"what is to be shown cannot be written ({error.strerror})",
            "see where the output goes, and that there is room",
        )
    return None


def drop_output() -> None:
    """Keep the interpreter from trying again, at its end, to write what cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tells_the_time() -> bool:
    try:
        time.time_ns()
    except OverflowError:  # beyond what 64 bits hold
        return False
    return True
