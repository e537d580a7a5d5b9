"""The first session of a newcomer, on a real pseudo-terminal of 80 columns and 24 rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.tui.screens.study import TIPS
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal

MOST_ANSWERS = 40
"""Enough for ten cards, some of them asked again."""
VERDICT = re.compile(r"1 Again .*4 Easy")


def is_asked(screen: str) -> bool:
    """Tell whether a question is open, and the key bar says so."""
    keys = screen.rstrip().rpartition("\n")[2]
    asked = re.search(r"Answer|Reveal|Choose|Place|Mark", keys) is not None
    return asked and VERDICT.search(screen) is None


def says_how(screen: str) -> bool:
    """Tell whether the screen says how to answer the card."""
    tips = [tip.format(enter="enter", space="space") for tip in TIPS.values()]
    tips.append("Type the right one, or go to it by ↑↓; then enter.")
    return any(tip in screen for tip in tips)


def test_a_newcomer_is_told_what_to_press_from_home_to_the_end_of_the_session(
    launch: Callable[..., Terminal], home: Path
) -> None:
    with Workspace() as workspace:
        workspace.refresh()
        titles = list(workspace.catalogue.titles.values())
        waiting = workspace.agenda.counts()["sco-essentials"].new
    terminal = launch(columns=80, rows=24)
    screen = terminal.wait_for("to begin with", "enter Begin", titles[0])
    terminal.press("enter")
    for rated in range(MOST_ANSWERS):
        screen = terminal.wait_for(lambda text: is_asked(text) or "What you learned" in text)
        if "What you learned" in screen:
            break
        assert titles[0] in screen.splitlines()[0]
        assert says_how(screen) == (rated < 5), screen
        if placing := re.search(r"1–(\d) Place", screen):
            terminal.press(*map(str, range(1, int(placing[1]) + 1)))
        terminal.press("enter")
        terminal.wait_for(lambda text: VERDICT.search(text) is not None)
        if rated < 5:
            terminal.wait_for("enter goes on: again in")
        terminal.press("space" if rated == 0 else "4")
    assert f"{waiting} cards seen for the first time" in " ".join(screen.split())
    for part in ("They come back: ", "What comes next", "What you can do now", "z  ", "enter "):
        assert part in screen
    terminal.press("enter")
    terminal.wait_for("next ", titles[0])
    terminal.press("Q")
    assert terminal.wait_until_gone() == 0
    assert terminal.is_restored
