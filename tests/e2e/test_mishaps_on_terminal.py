"""A mistake of ours on a real pseudo-terminal: what the learner sees, and what is left behind."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal

MISTAKE = """
import sys
from sco_quiz.tui.screens import {module}
def fail(*_):
    secret = "Tashkent"
    raise KeyError(secret)
{module}.{name} = fail
from sco_quiz.__main__ import main
sys.argv = ["sco-quiz", *{arguments}]
main()
"""
LEFT = {
    "the alternate screen": (b"\x1b[?1049h", b"\x1b[?1049l"),
    "a hidden cursor": (b"\x1b[?25l", b"\x1b[?25h"),
    "the mouse": (b"\x1b[?1000h", b"\x1b[?1000l"),
    "the mouse's moves": (b"\x1b[?1003h", b"\x1b[?1003l"),
    "the mouse's form": (b"\x1b[?1006h", b"\x1b[?1006l"),
    "marked pastes": (b"\x1b[?2004h", b"\x1b[?2004l"),
    "told focus": (b"\x1b[?1004h", b"\x1b[?1004l"),
}
"""What the app switches on, and off."""

Launch = "Callable[..., Terminal]"


def assert_given_back(terminal: Terminal) -> None:
    assert terminal.is_restored
    for mode, (on, off) in LEFT.items():
        assert on in terminal.raw, mode
        assert terminal.raw.rfind(off) > terminal.raw.rfind(on), mode


def last_line(terminal: Terminal) -> str:
    """All that was written once the alternate screen was left, which has to be one line."""
    said = terminal.raw[terminal.raw.rfind(b"\x1b[?25h") :].decode()
    (line,) = (each for each in said.split("\r\n") if "error" in each or "File" in each)
    return line


def reports(home: Path) -> list[Path]:
    return sorted((home / "cache" / "log").glob("report-*.txt"))


@pytest.mark.parametrize(
    ("module", "name", "arguments", "keys"),
    [
        ("home", "Home.on_mount", [], ""),
        ("home", "Home.action_browse", [], "b"),
        ("home", "Home.render_line", [], ""),
        ("study", "Study.action_undo", ["study", "kinds"], "\x1f"),
        ("browse", "Browse.on_mount", [], "b"),
        ("settings", "Settings.compose", [], "s"),
    ],
)
def test_the_terminal_is_given_back_one_line_is_said_and_a_report_is_there(
    launch: Callable[..., Terminal],
    home: Path,
    kinds: Path,
    module: str,
    name: str,
    arguments: list[str],
    keys: str,
) -> None:
    code = MISTAKE.format(module=module, name=name, arguments=arguments)
    terminal = launch(command=[sys.executable, "-c", code])
    if keys:
        terminal.wait_for("Astana" if arguments else "All kinds")
        terminal.press(keys)
    assert terminal.wait_until_gone() == 4
    assert_given_back(terminal)
    (report,) = reports(home)
    text = report.read_text(encoding="utf-8")
    print(text, last_line(terminal))
    assert report.name in last_line(terminal)
    assert report.stat().st_mode & 0o777 == 0o600
    assert "KeyError" in text
    assert "Tashkent" not in text.replace('secret = "Tashkent"', "")
    terminal = launch(*arguments)
    terminal.wait_for("Astana" if arguments else "All kinds")
    terminal.press("ctrl+c")
    assert terminal.wait_until_gone() == 0
