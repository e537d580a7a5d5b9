"""A hostile deck on a real terminal: not one byte of it acts."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal

OURS = re.compile(r"\x1b\[[0-9;:?<>=$]*[a-zA-Z]|\x1b\]22;[a-z-]+\x07")
"""The escape sequences that Textual itself writes: CSI, and the shape of the pointer."""
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff"
    "\U000e0000-\U000e007f]"
)
ANSWERS = {
    "BASIC": "\r",
    "TYPED": "some answer\r",
    "CLOZE": "one, two\r",
    "CHOICE": "1",
    "MULTI": "12\r",
    "STATEMENT": "t",
    "ORDER": "12\r",
    "LIST": "one, three\r\r",
    "LONG": "x\r",
    "yyyyyyyy": "z\r",
    "FLOOD": "1",
}
"""What each note's prompt begins with, and what to type."""


def assert_harmless(raw: bytes) -> None:
    text = raw.decode("utf-8")
    assert all("31337" not in sequence for sequence in OURS.findall(text))
    assert HIDDEN.findall(OURS.sub("", text)) == []
    assert "Traceback" not in text


@pytest.mark.parametrize("size", [(60, 18), (100, 30)])
def test_no_control_byte_of_a_deck_reaches_the_terminal(
    launch: Callable[..., Terminal], hostile: Path, size: tuple[int, int]
) -> None:
    terminal = launch(columns=size[0], rows=size[1])
    terminal.wait_for("(and 4 more")
    terminal.press("p")
    terminal.wait_for("Problems")
    terminal.press("escape")
    terminal.wait_for("Decks  ")
    terminal.press("end", "enter")
    for number, (prompt, keys) in enumerate(ANSWERS.items(), 1):
        terminal.wait_for(f"{number} of {len(ANSWERS)}", prompt)
        if prompt in ("BASIC", "MULTI", "LONG"):
            terminal.press("\x1bOS")  # F4
            terminal.wait_for("Save")
            terminal.press("escape")
            terminal.wait_for(f"{number} of {len(ANSWERS)}")
        terminal.press("tab")
        terminal.type(keys)
        terminal.wait_for("4 Easy")
        terminal.press("4")
    terminal.wait_for("Session done")
    terminal.press("enter")
    terminal.wait_for("Decks  ")
    terminal.press("Q")
    assert terminal.wait_until_gone() == 0
    assert_harmless(terminal.raw)


@pytest.mark.parametrize(
    "arguments",
    [
        ("study", "--plain", "hostile"),
        ("quiz", "--plain", "hostile"),
        ("quiz", "--plain", "--feedback", "end", "hostile"),
        ("quiz", "--tag", "\x1b]52;c;MzEzMzc=\x07\x9b31337m"),
        ("decks",),
        ("decks", "--json"),
        ("decks", "--orphans"),
        ("check",),
        ("check", "--format", "json"),
        ("check", "--format", "github"),
        ("due", "hostile"),
        ("due", "--json"),
        ("due", "\x1b]52;c;MzEzMzc=\x07\x9b31337m"),
        ("study", "/no/such/\x1b]52;c;MzEzMzc=\x07\x9b31337m.yaml"),
        ("\x1b]52;c;MzEzMzc=\x07\x9b31337m",),
        ("due", "--\x1b]52;c;MzEzMzc=\x07\x9b31337m"),
        ("study", "--limit", "\x1b]52;c;MzEzMzc=\x07\x9b31337m"),
        ("paths",),
    ],
)
def test_commands_write_no_control_byte_of_a_deck_or_an_argument(
    hostile: Path, arguments: tuple[str, ...]
) -> None:
    lines = "".join(f"{keys.strip() or ''}\n:h\n4\n" for keys in ANSWERS.values())
    run = subprocess.run(
        [sys.executable, "-m", "sco_quiz", *arguments],
        check=False,
        input=lines.encode(),
        capture_output=True,
    )
    assert run.stdout or run.stderr
    assert_harmless(run.stdout)
    assert_harmless(run.stderr)
