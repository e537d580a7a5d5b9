"""The terminal: what can be shown there, how wide it is, and errors told on it."""

from __future__ import annotations

import os
import sys

from sco_quiz import debug
from sco_quiz.errors import SCOQuizError
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
