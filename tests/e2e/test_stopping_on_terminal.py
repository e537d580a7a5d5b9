"""Stopped and told to go on, by a shell or by a system, on a real pseudo-terminal."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.conftest import Terminal

TIMES = 30
QUESTION = "What is Astana known for?"

if sys.platform != "linux":
    pytest.skip("what a program is at is read from /proc", allow_module_level=True)


def status(terminal: Terminal, name: str) -> str:
    """Return what Linux says of the program."""
    text = Path(f"/proc/{terminal.process.pid}/status").read_text()
    return next(line for line in text.splitlines() if line.startswith(f"{name}:")).split()[1]


def ticks(terminal: Terminal) -> int:
    """Return how much processor time the program has had, in hundredths of a second."""
    text = Path(f"/proc/{terminal.process.pid}/stat").read_text()
    return sum(map(int, text.rpartition(")")[2].split()[11:13]))


def threads(terminal: Terminal) -> int:
    """Return how many threads the program has once it has settled: nothing works any more."""
    looks = [(0, 0), (1, 0)]
    while len({number for number, _ in looks[-10:]}) > 1 or looks[-1][1] - looks[-10:][0][1] > 2:
        time.sleep(0.05)
        terminal.wait_for(lambda _: True)
        looks.append((int(status(terminal, "Threads")), ticks(terminal)))
        assert len(looks) < 1_000
    return looks[-1][0]


def stop(terminal: Terminal, number: signal.Signals | None) -> None:
    if number is None:
        terminal.press("\x1a")
    else:
        terminal.send_signal(number)
    terminal.wait_for(lambda _: status(terminal, "State") == "T")


def wait_until_it_is_back(terminal: Terminal) -> None:
    """Wait until the program has the screen again, and the keys."""
    terminal.wait_for(
        QUESTION, lambda _: b"\x1b[?1049h" in terminal.raw, lambda _: terminal.gives_each_key
    )


def go_on(terminal: Terminal) -> None:
    terminal.raw = b""
    terminal.send_signal(signal.SIGCONT)
    wait_until_it_is_back(terminal)


def test_stopping_the_app_often_leaves_no_thread_and_a_signal_still_ends_it_at_once(
    launch: Callable[..., Terminal], kinds: Path
) -> None:
    terminal = launch("study", "kinds")
    terminal.wait_for(QUESTION)
    before = threads(terminal)
    for number in (None, signal.SIGTSTP, signal.SIGSTOP) * (TIMES // 3):
        stop(terminal, number)
        if number is not signal.SIGSTOP:  # which nobody can prepare for
            assert terminal.is_restored
        go_on(terminal)
    assert threads(terminal) <= before
    terminal.press("enter")
    terminal.wait_for("1 Again", "4 Easy")
    end_by_signal(terminal)


def end_by_signal(terminal: Terminal) -> None:
    began = time.monotonic()
    terminal.send_signal(signal.SIGTERM)
    terminal.wait_until_gone()
    assert time.monotonic() - began < 3  # 0.3 on a machine that does nothing else
    assert terminal.is_restored


def test_many_continue_signals_while_it_runs_do_not_delay_its_end(
    launch: Callable[..., Terminal], kinds: Path
) -> None:
    terminal = launch("study", "kinds")
    terminal.wait_for(QUESTION)
    before = threads(terminal)
    for _ in range(200):
        terminal.send_signal(signal.SIGCONT)
    assert threads(terminal) <= before
    for _ in range(50):
        terminal.send_signal(signal.SIGCONT)
    end_by_signal(terminal)


def test_a_signal_to_end_received_while_stopped_ends_the_app_once_it_continues(
    launch: Callable[..., Terminal], kinds: Path
) -> None:
    for number in (signal.SIGTSTP, signal.SIGSTOP):
        terminal = launch("study", "kinds")
        terminal.wait_for(QUESTION)
        stop(terminal, number)
        terminal.send_signal(signal.SIGTERM)
        terminal.send_signal(signal.SIGCONT)
        terminal.wait_until_gone()
        assert terminal.is_restored


def test_the_app_comes_back_after_a_stop_while_an_editor_has_the_terminal(
    launch: Callable[..., Terminal], kinds: Path, tmp_path: Path
) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import pathlib, time\n"
        f"folder = pathlib.Path({str(tmp_path)!r})\n"
        "(folder / 'here').touch()\n"
        "while not (folder / 'done').exists(): time.sleep(0.05)\n"
    )
    terminal = launch(
        "study", "kinds", environment={"VISUAL": f"{sys.executable} {editor}", "EDITOR": ""}
    )
    terminal.wait_for(QUESTION)
    before = threads(terminal)
    terminal.press("E")
    terminal.wait_for(lambda _: (tmp_path / "here").exists())
    for number in (signal.SIGTSTP, signal.SIGSTOP):
        stop(terminal, number)
        terminal.send_signal(signal.SIGCONT)
        terminal.wait_for(lambda _: status(terminal, "State") != "T")
    terminal.raw = b""
    (tmp_path / "done").touch()
    wait_until_it_is_back(terminal)
    assert threads(terminal) <= before
    end_by_signal(terminal)


SHELL = """\
import os, signal, subprocess, sys, termios
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
modes = termios.tcgetattr(0)
child = subprocess.Popen(sys.argv[1:], process_group=0)
command = "fg"
while True:
    if command == "fg":
        os.tcsetpgrp(0, child.pid)
    os.killpg(child.pid, signal.SIGCONT)
    _, how = os.waitpid(child.pid, os.WUNTRACED)
    os.tcsetpgrp(0, os.getpgrp())
    if not os.WIFSTOPPED(how):
        break
    termios.tcsetattr(0, termios.TCSANOW, modes)
    print(child.pid, "stopped", flush=True)
    command = sys.stdin.readline().strip()
"""
"""A shell that runs one program, and knows `fg` and `bg`."""


def wait_for_stop(terminal: Terminal) -> int:
    """Wait until the shell says that its program stopped; return the number of that."""
    terminal.wait_for(lambda _: re.search(rb"\d+ stopped\r\n", terminal.raw) is not None)
    found = re.findall(rb"(\d+) stopped", terminal.raw)
    terminal.raw = b""
    return int(found[-1])


def come_back(terminal: Terminal) -> int:
    """Go on in the background a few times, then in the foreground; return the program's number."""
    for _ in range(5):
        wait_for_stop(terminal)
        terminal.type("bg\r")
    child = wait_for_stop(terminal)
    terminal.type("fg\r")
    wait_until_it_is_back(terminal)
    return child


def test_continued_in_the_background_the_app_stops_again_until_it_is_in_the_foreground(
    launch: Callable[..., Terminal], kinds: Path
) -> None:
    program = [sys.executable, "-m", "sco_quiz", "study", "kinds"]
    terminal = launch(command=[sys.executable, "-c", SHELL, *program])
    terminal.wait_for(QUESTION)
    terminal.press("\x1a")
    child = come_back(terminal)
    terminal.press("enter")
    terminal.wait_for("1 Again", "4 Easy")
    terminal.raw = b""
    os.kill(child, signal.SIGSTOP)
    come_back(terminal)
    terminal.press("4")
    terminal.wait_for("Which city is the capital of Uzbekistan?")
    terminal.press("ctrl+c")
    terminal.wait_until_gone()
    assert terminal.is_restored
