"""Browse on a real pseudo-terminal: find a card, mark three, suspend, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal


def test_three_cards_are_found_marked_suspended_and_taken_back(
    launch: Callable[..., Terminal], kinds: Path
) -> None:
    terminal = launch()
    terminal.wait_for("All kinds", "b Browse")
    terminal.press("/")
    terminal.wait_for("search:")
    terminal.type("deck:kinds -kind:cloze tas")
    terminal.wait_for("Which city is the capital of Uzbekistan?")
    terminal.press("ctrl+u")
    terminal.type("deck:kinds")
    terminal.wait_for("What is Astana known for?", "[…] is the capital")
    terminal.press("enter", "space", "space", "space")
    terminal.wait_for("3 marked", "space Mark")
    terminal.press("!")
    terminal.wait_for("3 cards suspended.", lambda text: text.count("  suspended  ") == 3)
    terminal.press("u")
    terminal.wait_for("the suspension of 3 cards", lambda text: "  suspended  " not in text)
    terminal.press("q")
    terminal.wait_for("enter Begin")
    terminal.press("q")
    terminal.wait_for("q again leaves sco-quiz.")
    terminal.press("q")
    assert terminal.wait_until_gone() == 0
    assert terminal.is_restored
