"""Asking in line mode about answers that a wrong clock dated."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sco_quiz.numbers_and_times import undoable
from sco_quiz.plain.lines import EndOfInput, LineDialogue
from sco_quiz.studying.wrong_clock import find_wrong_times

if TYPE_CHECKING:
    from typing import TextIO

    from sco_quiz.workspace.workspace import Workspace


def offer_right_times(
    workspace: Workspace, *, source: TextIO | None = None, target: TextIO | None = None
) -> None:
    """Say what a wrong clock dated, and ask when that was; without a terminal only say it.

    Args:
        workspace: Whose answers.
        source: Where lines come from; stdin by default.
        target: Where lines go; stdout by default.

    Raises:
        ProgressError: The log could not be written.
    """
    wrong = find_wrong_times(workspace)
    if wrong is None:
        return
    source = source or sys.stdin
    lines = LineDialogue(source, target or sys.stdout)
    lines.say(wrong.words)
    if not wrong.offers:
        return
    if not source.isatty():
        lines.say("`sco-quiz doctor` says how to put that right.")
        return
    for number, offer in enumerate(wrong.offers, 1):
        lines.say(f"  {number}. {offer.words}")
    try:
        text = lines.ask("number, or nothing for later> ")
        while text not in ("", *map(str, range(1, len(wrong.offers) + 1))):
            lines.say(
                f"Answer with a number up to {len(wrong.offers)}; an empty line is for later."
            )
            text = lines.ask("number, or nothing for later> ")
    except EndOfInput:  # the session finds the same
        return
    if text:
        wrong.put_right(workspace, wrong.offers[int(text) - 1].way)
        lines.say(undoable("Put right", ":u"))
    lines.say()
