"""`python -m sco_quiz` and the command `sco-quiz`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    # A shell prompt runs this before each command. Importing click, and what every other command
    # needs, would take it three times as long.
    if sys.argv[1:] == ["due", "--short"] and _print_waiting():
        return
    from sco_quiz.cli.main import run

    sys.exit(run())


def _print_waiting() -> bool:
    """Print the number that `due --short` prints; False leaves it to the command line."""
    from sco_quiz.errors import SCOQuizError
    from sco_quiz.workspace.glance import waiting

    try:
        count = waiting()
    except SCOQuizError:  # the command line meets it again, and tells it
        return False
    if count is not None:
        print(count)
    return count is not None


if __name__ == "__main__":
    main()
