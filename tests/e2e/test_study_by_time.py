"""Studying for some minutes on a real pseudo-terminal, by a clock that the test moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal


def test_a_session_of_two_minutes_ends_on_time(
    launch: Callable[..., Terminal], move_clock: Callable[[float], None], kinds: Path
) -> None:
    terminal = launch("study", "kinds", "--minutes", "2")
    terminal.wait_for("What is Astana known for?", "0 answers · 2 min left")
    terminal.press("enter")
    terminal.wait_for("Good")
    terminal.press("3")
    terminal.wait_for("Which city is the capital of Uzbekistan?", "1 answer · 2 min left")
    move_clock(80)
    terminal.wait_for("last minute")
    move_clock(121)
    terminal.wait_for("time is up")
    terminal.type("Tashkent\r")
    terminal.wait_for("✓ correct")
    terminal.press("enter")
    terminal.wait_for("Time is up: 2 minutes", "2 answers", "100 %")
    terminal.press("enter")
    terminal.wait_for("Decks", "2 done")
    terminal.press("Q")
    assert terminal.wait_until_gone() == 0
