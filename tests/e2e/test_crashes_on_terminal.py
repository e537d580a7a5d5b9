"""A mistake of ours on a real pseudo-terminal: what the learner sees, and what is left behind."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.e2e.conftest import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")

PROGRAM = """
import asyncio, errno, os, sys
from sco_quiz import editor
from sco_quiz.cli import crash_report
from sco_quiz.tui import app
from sco_quiz.tui.screens import browse, home, study
from textual.drivers.linux_driver import LinuxDriver

def fail(*_):
    prompt = "What is Astana known for?"
    raise KeyError(prompt)

def fail_in_task(*_):
    asyncio.get_running_loop().call_soon(fail)

def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")

{mistake}
from sco_quiz.__main__ import main
sys.argv = ["sco-quiz", *{arguments}]
main()
"""
MISTAKES = {
    "as Home opens": ("home.Home.on_mount = fail", [], []),
    "as another screen opens": ("browse.Browse.compose = fail", [], ["b"]),
    "at a key": ("study.StudyScreen.action_undo = fail", ["study", "kinds"], ["ctrl+underscore"]),
    "while Home is painted": ("home.Home.render_line = fail", [], []),
    "in a worker": ("app.SCOQuizApp._back_up = fail", [], []),
    "in a thread": ("app._import_ahead = fail", [], []),
    "in a task": ("home.Home.action_browse = fail_in_task", [], ["b"]),
    "before the editor opens": ("editor.open_in_editor = fail", ["study", "kinds"], ["E"]),
    "as the app is left": ("home.Home.on_unmount = fail", [], ["Q"]),
    "where keys are read": ("LinuxDriver.run_input_thread = fail", [], []),
    "before there is a screen": ("app.SCOQuizApp.on_load = fail", [], []),
}
"""What fails, what the program is called with, and the keys that lead there."""
MODES = {
    "the alternate screen": (b"\x1b[?1049h", b"\x1b[?1049l"),
    "a hidden cursor": (b"\x1b[?25l", b"\x1b[?25h"),
    "the mouse": (b"\x1b[?1000h", b"\x1b[?1000l"),
    "the mouse's moves": (b"\x1b[?1003h", b"\x1b[?1003l"),
    "marked pastes": (b"\x1b[?2004h", b"\x1b[?2004l"),
    "told focus": (b"\x1b[?1004h", b"\x1b[?1004l"),
    "kitty's keys": (b"\x1b[>25u", b"\x1b[<u"),
}
"""What the app switches on, and off."""


def launched(
    launch: Callable[..., Terminal],
    mistake: str,
    arguments: Sequence[str] = (),
    keys: Sequence[str] = (),
) -> Terminal:
    """The program with a mistake, once it has ended of it."""
    code = PROGRAM.format(mistake=mistake, arguments=list(arguments))
    terminal = launch(command=[sys.executable, "-c", code])
    if keys:
        terminal.wait_for("Astana known" if "study" in arguments else "b Browse")
        terminal.press(*keys)
    assert terminal.wait_until_gone() == 4
    return terminal


def told(terminal: Terminal) -> str:
    """What stands below the command once the terminal is given back."""
    assert terminal.is_restored
    for mode, (on, off) in MODES.items():
        assert terminal.raw.rfind(off) >= terminal.raw.rfind(on), mode
    after = terminal.raw.rpartition(b"\x1b[?1006l")[2].decode()
    (line,) = filter(None, after.split("\r\n"))
    return line


def reports(home: Path) -> list[Path]:
    return sorted((home / "cache" / "log").glob("report-*.txt"))


@pytest.mark.parametrize(("mistake", "arguments", "keys"), MISTAKES.values(), ids=MISTAKES)
def test_a_crash_restores_the_terminal_prints_one_line_and_leaves_a_report(
    launch: Callable[..., Terminal],
    home: Path,
    kinds: Path,
    mistake: str,
    arguments: list[str],
    keys: list[str],
) -> None:
    line = told(launched(launch, mistake, arguments, keys))
    (report,) = reports(home)
    text = report.read_text(encoding="utf-8")
    if "input_thread" not in mistake:
        assert line.startswith("error: sco-quiz made a mistake and had to end (KeyError in ")
        assert "in fail\nKeyError\n" in text
    assert line.endswith(f"; a report is in {report}")
    assert report.stat().st_mode & 0o777 == 0o600
    assert "Astana" not in text
    assert str(home) not in text
    terminal = launch(*arguments)
    terminal.wait_for(
        "Astana known" if arguments else "b Browse", lambda _: terminal.gives_each_key
    )
    terminal.press("ctrl+c")
    assert terminal.wait_until_gone() == 0
    assert reports(home) == [report]


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ("crash_report.debug.create_private = full", "(No space left on device)"),
        ("crash_report.info = fail", "(KeyError)"),
        ("crash_report.Path.mkdir = full",
         "(No space left on device)"),
    ],
    ids=["a full disk", "a mistake in the report", "no folder"],
)  # fmt: skip
def test_a_crash_restores_the_terminal_even_if_no_report_can_be_written(
    launch: Callable[..., Terminal], home: Path, kinds: Path, second: str, why: str
) -> None:
    with_mistakes = f"def on_mount(*_):\n    {second}\n    fail()\nhome.Home.on_mount = on_mount"
    line = told(launched(launch, with_mistakes))
    assert line.startswith("error: sco-quiz made a mistake and had to end (KeyError in ")
    assert line.endswith(f"; no report could be written {why}")
    assert reports(home) == []


def test_a_missing_editor_leaves_the_app_as_it_was(
    launch: Callable[..., Terminal], home: Path, kinds: Path
) -> None:
    terminal = launch("study", "kinds", environment={"VISUAL": "no-such-editor"})
    terminal.wait_for("Astana known")
    terminal.press("E")
    terminal.wait_for("the editor 'no-such-editor' cannot be started")
    assert not terminal.is_restored
    terminal.press("enter")
    terminal.wait_for("4 Easy")
    terminal.press("ctrl+c")
    assert terminal.wait_until_gone() == 0
    assert terminal.is_restored


def test_with_debug_the_traceback_is_shown_and_the_report_has_the_end_of_the_log(
    launch: Callable[..., Terminal], home: Path, kinds: Path
) -> None:
    terminal = launched(launch, "browse.Browse.on_mount = fail", ["--debug"], ["b"])
    assert terminal.is_restored
    assert b"Traceback (most recent call last)" in terminal.raw
    (report,) = reports(home)
    text = report.read_text(encoding="utf-8")
    assert "The last lines of the log\n" in text
    assert "OpenBrowse\n" in text
    log = home / "cache" / "log" / "debug.log"
    assert log.stat().st_mode & 0o777 == 0o600
    assert "Astana" not in text + log.read_text(encoding="utf-8")
    assert "in fail\nKeyError\n" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "mistake"),
    [
        (
            ["due", "--short"],
            "from sco_quiz.workspace import quick_counts; quick_counts.waiting = fail",
        ),
        (["decks"], "from sco_quiz.workspace.agenda import Agenda; Agenda.tree = fail"),
        (["study", "--plain"], "from sco_quiz.plain import studying; studying.study = fail"),
        (["cards"], "sys.modules['sco_quiz.cli.cards'] = None"),
    ],
    ids=["a prompt", "a command", "line mode", "a broken installation"],
)
def test_a_command_that_fails_says_one_line_and_leaves_a_report(
    home: Path, kinds: Path, arguments: list[str], mistake: str
) -> None:
    code = PROGRAM.format(mistake=mistake, arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, input="\n"
    )
    (report,) = reports(home)
    assert done.returncode == 4
    (line,) = done.stderr.splitlines()
    assert line.endswith(f"; a report is in {report}")
    assert "Astana" not in report.read_text(encoding="utf-8") + done.stderr
