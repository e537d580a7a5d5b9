"""Studying for some minutes on a real pseudo-terminal, by a clock that the test moves."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sco_quiz

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.conftest import Terminal

CLOCK = """\
import os, time
_time_ns = time.time_ns
def time_ns():
    with open(os.environ["AHEAD"]) as file:
        return _time_ns() + int(float(file.read()) * 1e9)
time.time_ns = time_ns
"""
"""Lets the program's clock be ahead of the real one by the seconds that a file holds."""


@pytest.fixture
def move_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the clock of programs that are started by so many seconds ahead."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(CLOCK)
    package = Path(sco_quiz.__file__).parent.parent
    path = [str(tmp_path / "site"), str(package), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, path)))
    ahead = tmp_path / "ahead"
    monkeypatch.setenv("AHEAD", str(ahead))

    def move(seconds: float) -> None:
        whole = tmp_path / "new"
        whole.write_text(str(seconds))
        whole.replace(ahead)

    move(0)
    return move


def test_study_two_minutes_and_be_let_go(
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
