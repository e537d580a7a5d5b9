"""What goes wrong, told to who typed the command."""

from __future__ import annotations

import sys

from sco_quiz.errors import SCOQuizError
from sco_quiz.text import clean


def tell(error: Exception) -> int | None:
    """Tell an error that is not a mistake of ours.

    Returns:
        The exit code; None when it is one.
    """
    if not isinstance(error, SCOQuizError):
        from sco_quiz.paths import find_paths
        from sco_quiz.workspace import safekeeping

        trouble = safekeeping.trouble_behind(error, find_paths())
        if trouble is None:
            return None
        error = trouble
    print(f"error: {clean(error.message)}", file=sys.stderr)
    if error.help:
        print(f"  {clean(error.help)}", file=sys.stderr)
    return error.exit_code
