"""Steps of every kind taken back across restarts of the app, on a real pseudo-terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from sco_quiz.tui.base import STOPPED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal

RIVERS = """\
deck: Rivers   # of Mesopotamia
cards:
  - question: 'Which river flows through Baghdad?'
    answer: Tigris
"""
END, DOWN, ENTER = "\x1b[F", "\x1b[B", "\r"


def close(terminal: Terminal) -> None:
    terminal.press("Q")
    assert terminal.wait_until_gone() == 0


@pytest.fixture
def rivers(decks_folder: Path) -> Path:
    path = decks_folder / "rivers.yaml"
    path.write_text(RIVERS, encoding="utf-8")
    return path


def test_undo_restores_a_deleted_deck_in_another_run_of_the_app(
    rivers: Path, launch: Callable[..., Terminal]
) -> None:
    terminal = launch()
    terminal.wait_for("Your decks", "Rivers")
    terminal.press(END, ENTER)
    terminal.wait_for("flows through Baghdad")
    terminal.type("Tigris\r")
    terminal.wait_for("4 Easy")
    terminal.press("4")
    terminal.wait_for("enter Decks")
    terminal.press(ENTER)
    terminal.wait_for("Your decks", "Rivers")
    terminal.press(END, "D")
    terminal.wait_for("Delete Rivers (rivers.yaml)?", "No, keep it")
    terminal.press(DOWN, ENTER)
    terminal.wait_for("Deleted Rivers; u takes it back.")
    assert not rivers.exists()
    close(terminal)

    terminal = launch()
    terminal.wait_for("SCO essentials", lambda screen: "Your decks" not in screen)
    terminal.press("u")
    terminal.wait_for("Taken back: the deletion of the deck “Rivers”.", "Your decks")
    assert rivers.read_text(encoding="utf-8") == RIVERS
    close(terminal)

    terminal = launch()
    terminal.wait_for("Your decks", "Rivers")
    terminal.press(END)
    terminal.wait_for("Nothing is due in it.")  # it goes on with its schedule
    terminal.press("u")
    terminal.wait_for("Taken back, of this card", "flows through")
    terminal.press("u")
    terminal.wait_for("There is nothing to undo.")
    close(terminal)


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is stopped for a shell there")
def test_ctrl_z_undoes_typing_and_then_suspends_the_app_with_a_hint_how_to_return(
    rivers: Path, launch: Callable[..., Terminal]
) -> None:
    assert rivers.exists()
    terminal = launch("study", "rivers")
    terminal.wait_for("flows through Baghdad")
    terminal.type("Tigris")
    terminal.wait_for("› Tigris")
    terminal.press("\x1a")
    terminal.wait_for(lambda screen: "Tigris" not in screen)
    terminal.raw = b""
    terminal.press("\x1a")
    terminal.wait_for(lambda _: STOPPED.encode() in terminal.raw)
