"""Images and recordings on a real pseudo-terminal, with a player of the system."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal

    Launch = Callable[..., Terminal]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
SIXEL = re.compile(rb'\x1bP[0-9;]*q"1;1;(\d+);(\d+)')
PATIENCE = 20.0


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    Image.new("RGB", (600, 300), (0, 175, 202)).save(tmp_path / "flag.png")
    (tmp_path / "says it; touch pwned.mp3").write_bytes(b"ID3")
    deck = tmp_path / "flags.yaml"
    deck.write_text(
        "deck: Flags\ncards:\n- question: Whose flag is this?\n  image: flag.png\n"
        "  audio: says it; touch pwned.mp3\n  answer: Kazakhstan\n",
        encoding="utf-8",
    )
    return deck


def test_an_image_is_drawn_on_a_terminal_with_sixels(launch: Launch, deck: Path) -> None:
    here = dict.fromkeys(("SSH_TTY", "SSH_CONNECTION", "TMUX", "STY"), "")
    terminal = launch("study", str(deck), environment=here)
    terminal.sixel = True
    terminal.wait_for("Whose flag is this?", lambda _: SIXEL.search(terminal.raw) is not None)
    found = SIXEL.search(terminal.raw)
    assert found is not None
    assert [int(each) for each in found.groups()] == [400, 200]  # ten of thirty rows
    terminal.type("Kazakhstan\r")
    terminal.wait_for("correct")
    terminal.press("ctrl+c")
    assert terminal.wait_until_gone() == 0
    assert terminal.is_restored


def test_a_key_plays_a_recording_and_no_shell_sees_its_name(
    launch: Launch, deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    player = tmp_path / "mpv"
    player.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {said}\n', encoding="utf-8")
    player.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    terminal = launch("study", str(deck))
    terminal.wait_for("image: flag.png", "audio: says it; touch pwned.mp3", "Listen")
    assert not said.exists()
    terminal.type("\x1b[18~")  # F7
    terminal.wait_for(lambda _: said.exists() and said.read_text().endswith("\n"))
    assert said.read_text().splitlines()[-1] == str(tmp_path / "says it; touch pwned.mp3")
    assert not list(tmp_path.rglob("pwned*"))
    assert SIXEL.search(terminal.raw) is None
