"""`python -m sco_quiz` and the command `sco-quiz`."""

from __future__ import annotations

import gc
import os
import sys

from sco_quiz.errors import SCOQuizError


def main() -> None:
    """Run the command line. An error that nobody foresaw is told in a line, and reported."""
    _open_closed_streams()
    # Nearly everything that a start makes stays. To look through it again and again for what does
    # not would take a fifth of the time until the app is painted, which then enables this.
    gc.disable()
    # A shell prompt runs the first before each command: importing click, and what every other
    # command needs, would take it three times as long. The app is on the screen 10 ms sooner.
    try:
        code = _print_waiting(sys.argv[1:])
        if code is None:
            code = _open_app(sys.argv[1:])
        if code is None:
            gc.enable()
            from sco_quiz.cli.main import run

            code = run()
    except Exception as error:  # noqa: BLE001 -- it is told
        from sco_quiz.cli.crash_report import tell_mishap  # only here

        code = tell_mishap(error)
    sys.exit(code)


def _open_closed_streams() -> None:
    """Put nothing in the place of streams that are closed, lest a database take their numbers."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: PTH123, SIM115


def _open_app(words: list[str]) -> int | None:
    """Open the app as the command line would, where no options have to be understood for it.

    Args:
        words: What follows the program's name.

    Returns:
        The exit code; None leaves it to the command line.
    """
    if words[:1] not in ([], ["study"]) or any(word.startswith("-") for word in words):
        return None
    from sco_quiz.first_frame import early_terminal

    try:
        with early_terminal(words):
            from sco_quiz.cli.opening import open_at_once

            return 0 if open_at_once(words) else None
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 -- it is told, or raised
        return _tell(error)


def _print_waiting(words: list[str]) -> int | None:
    """Print the number that `due --short` prints; see `_open_app`."""
    decks = words[2:]
    if words[:2] != ["due", "--short"] or any(name.startswith("-") for name in decks):
        return None
    from sco_quiz.workspace.quick_counts import waiting

    try:
        count = waiting(decks)
        if count is None:
            return None
        print(count, flush=True)
    except (SCOQuizError, OSError, OverflowError) as error:
        return _tell(error)
    return 0


def _tell(error: Exception) -> int:
    """Print an error in words and return the exit code; raise one for which there are none."""
    from sco_quiz.cli.terminal import tell

    code = tell(error)
    if code is None:
        raise error
    return code


if __name__ == "__main__":
    main()
