"""Three homes over one folder, by real processes that answer at once: one of them the app."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from sco_quiz.paths import HOME_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal

LINES = "".join(f"{number % 4 + 1}\n\n" for number in range(4)) + ":q\n"


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, HOME_VARIABLE: str(home)}


def call(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "sco_quiz", *arguments],
        env=environment(home), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def study(home: Path) -> subprocess.Popen[str]:
    """Begin to study in line mode, all lines at hand."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sco_quiz", "study", "--plain"],
        env=environment(home), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(LINES)
    process.stdin.close()
    return process


def test_three_devices_that_answer_at_once_end_with_the_same_log(
    launch: Callable[..., Terminal], home: Path, tmp_path: Path
) -> None:
    others = [tmp_path / "second", tmp_path / "third"]
    folder = tmp_path / "shared"
    for each in (home, *others):
        call(each, "sync", str(folder))
    app = launch()
    app.wait_for("synced", "to go")
    processes = [study(each) for each in others]
    app.press("enter")
    app.wait_for("1 of")
    app.press("1")
    app.wait_for("wrong")
    app.press("enter")
    app.wait_for("2 of")
    for process in processes:
        assert process.wait(timeout=60) == 0
    app.press("escape")
    app.wait_for("Session left")
    app.press("enter")
    app.wait_for("synced", lambda text: bool(re.search(r"\b([3-9]|1\d) done", text)))
    app.press("Q")
    assert app.wait_until_gone() == 0
    for _ in range(2):
        for each in (home, *others):
            call(each, "sync")
    for command in ("due", "history", "stats"):
        first, *rest = (json.loads(call(each, command, "--json")) for each in (home, *others))
        assert rest == [first, first], command
    devices = json.loads(call(home, "sync", "--status", "--json"))["devices"]
    assert [each["here"] == each["there"] for each in devices] == [True] * 3
