"""Completion in the shells themselves, by Tab, on a pseudo-terminal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal

SHELLS = {
    "bash": (["--norc", "--noprofile", "-i"], "source <(sco-quiz completion bash)"),
    "zsh": (
        ["-f", "-i"],
        "autoload -Uz compinit; compinit -u -D; source <(sco-quiz completion zsh)",
    ),
    "fish": (["--no-config", "-i"], "sco-quiz completion fish | source"),
}

CLEAR_LINE = "\x15"


@pytest.fixture(params=SHELLS)
def shell(
    request: pytest.FixtureRequest, launch: Callable[..., Terminal], tmp_path: Path
) -> Terminal:
    """A shell that completes, with a command of its own to run the program."""
    name = request.param
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    commands = tmp_path / "bin"
    commands.mkdir()
    command = commands / "sco-quiz"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m sco_quiz "$@"\n')
    command.chmod(0o755)
    subprocess.run([command, "due", "--short"], check=True, capture_output=True)
    environment = {
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PS1": "ready> ",
    }
    arguments, source = SHELLS[name]
    terminal = launch(command=[program, *arguments], environment=environment)
    terminal.type(f"cd; {source}; echo so' 'far\n")
    terminal.wait_for("so far")
    return terminal


def test_tab_completes_commands_decks_settings_and_files(shell: Terminal) -> None:
    for typed, completed in {
        "sco-quiz opt": "sco-quiz optimize",
        "sco-quiz study sco-ti": "sco-quiz study sco-timeline",
        "sco-quiz history --deck sco-pak": "sco-quiz history --deck sco-pakistan",
        "sco-quiz study --min": "sco-quiz study --minutes",
        "sco-quiz config reten": "sco-quiz config retention",
        "sco-quiz config theme drac": "sco-quiz config theme dracula",
        "sco-quiz config keys.home.his": "sco-quiz config keys.home.history",
        "sco-quiz study ./bi": "sco-quiz study ./bin",
    }.items():
        shell.type(f"{typed}\t")
        shell.wait_for(completed)
        shell.press(CLEAR_LINE)
