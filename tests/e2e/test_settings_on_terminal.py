"""Settings on a real pseudo-terminal: what is changed there acts at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal


def intervals(screen: str) -> list[str]:
    """What stands under the four ratings."""
    return re.findall(r"\d+ \w+", screen.splitlines()[-3])


def test_a_lower_retention_makes_the_next_intervals_longer(
    launch: Callable[..., Terminal], home: Path, decks_folder: Path
) -> None:
    (decks_folder / "river.yaml").write_text("deck: River\ncards: [{front: Amu, back: Oxus}]\n")
    terminal = launch("study", "river")
    terminal.wait_for("Amu", "Reveal")
    terminal.press("enter")
    before = terminal.wait_for("Again", lambda text: len(intervals(text)) == 4)
    terminal.press("escape")
    terminal.wait_for("Begin", "Help")
    terminal.press("s")
    terminal.wait_for("Memory")
    terminal.press("/")
    terminal.wait_for("To the list")
    terminal.type("retention\r")
    terminal.wait_for("The share of reviews")
    terminal.press("enter")
    terminal.wait_for("Save")
    terminal.type("50\r")
    terminal.wait_for("not between 0.7 and 0.99")
    terminal.press("\x15")
    terminal.wait_for('expected a number, not ""')
    terminal.type("0.75\r")
    terminal.wait_for("› 0.75")
    terminal.press("escape", "escape")
    terminal.wait_for("Today")
    assert "retention = 0.75" in (home / "config" / "config.toml").read_text()
    terminal.press(":")
    terminal.wait_for("An action, a deck")
    terminal.type("study river")
    terminal.wait_for("Study River")
    terminal.press("enter")
    terminal.wait_for("Amu", "Reveal")
    terminal.press("enter")
    after = terminal.wait_for("Again", lambda text: len(intervals(text)) == 4)
    assert intervals(after)[3] != intervals(before)[3]


def test_a_changed_key_acts_and_stands_in_help_and_in_the_next_session(
    launch: Callable[..., Terminal],
) -> None:
    terminal = launch()
    terminal.wait_for("z Quiz")
    terminal.press("s")
    terminal.wait_for("Memory")
    terminal.press("/")
    terminal.wait_for("To the list")
    terminal.type("keys.home.quiz\r")
    terminal.wait_for("Take a quiz")
    terminal.press("enter")
    terminal.wait_for("Press the key")
    terminal.press("Z")
    terminal.wait_for("› Z")
    terminal.press("escape", "escape")
    terminal.wait_for("Z Quiz")
    terminal.press("?")
    terminal.wait_for(lambda text: bool(re.search(r"^ +Z +Take a quiz", text, re.MULTILINE)))
    terminal.press("escape")
    terminal.wait_for("Z Quiz")
    terminal.press("Q")
    assert terminal.wait_until_gone() == 0
    again = launch()
    again.wait_for("Z Quiz")
    again.press("Z")
    again.wait_for("□ All decks", "questions")
