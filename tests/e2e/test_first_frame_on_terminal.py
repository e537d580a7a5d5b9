"""The first screen, painted before the app is loaded, on a real pseudo-terminal."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.conftest import END_OF_UPDATE, START_OF_UPDATE, Terminal

if sys.platform != "win32":
    import pyte

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Launch = Callable[..., Terminal]

ENTER_SCREEN, LEAVE_SCREEN = b"\x1b[?1049h", b"\x1b[?1049l"
EARLY = START_OF_UPDATE + ENTER_SCREEN
LOADED = b"\x1b[?2004h"
"""What Textual asks for, and no frame."""


def leave(terminal: Terminal) -> None:
    """Leave Home."""
    terminal.wait_for("Decks", "? Help")
    terminal.press("q")
    terminal.wait_for("again leaves")
    terminal.press("q")
    assert terminal.wait_until_gone() == 0
    assert terminal.is_restored


def early(terminal: Terminal) -> bool:
    """Wait for the first thing written; return whether a frame was painted."""
    terminal.wait_for(lambda _: END_OF_UPDATE in terminal.raw or LOADED in terminal.raw)
    return terminal.raw.startswith(EARLY)


def cells(data: bytes, columns: int = 100, rows: int = 30) -> list[list[Any]]:
    screen = pyte.Screen(columns, rows)
    pyte.ByteStream(screen).feed(data)
    return [[screen.buffer[y][x] for x in range(columns)] for y in range(rows)]


@pytest.fixture
def kept(launch: Launch) -> None:
    """Home was left, so that its next start is known."""
    leave(launch())


@pytest.mark.usefixtures("kept")
def test_home_is_painted_before_the_app_is_loaded_exactly_as_the_app_paints_it(
    launch: Launch,
) -> None:
    terminal = launch()
    assert early(terminal)
    frame = cells(terminal.raw.partition(END_OF_UPDATE)[0])
    terminal.wait_for(lambda _: LOADED in terminal.raw)
    terminal._wait_until_still()
    assert cells(terminal.raw) == frame
    assert terminal.raw.count(ENTER_SCREEN) == 1
    leave(terminal)
    assert terminal.raw.count(LEAVE_SCREEN) == 1


def test_study_is_painted_with_its_next_question(launch: Launch) -> None:
    first = launch("study", "sco-timeline")
    first.wait_for("1 of")
    first.press("enter", "3")
    first.wait_for("2 of")
    first.press("escape")
    first.wait_for(lambda text: "2 of" not in text)
    first.press("q")
    leave(first)
    second = launch("study", "sco-timeline")
    assert early(second)
    frame = cells(second.raw.partition(END_OF_UPDATE)[0])
    second.wait_for(lambda _: LOADED in second.raw)
    second._wait_until_still()
    assert cells(second.raw) == frame
    assert not early(launch("study"))


def answer_elsewhere(home: Path) -> None:
    command = [sys.executable, "-m", "sco_quiz", "study", "--plain", "sco-timeline"]
    subprocess.run(command, input=b"\n4\n:q\n", check=True, capture_output=True)


def edit_a_deck(home: Path) -> None:
    folder = home / "data" / "decks"
    folder.mkdir(exist_ok=True)
    (folder / "new.yaml").write_text("deck: New\ncards:\n  - {front: a, back: b}\n")


def change_settings(home: Path) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "config.toml").write_text("theme = 'paper'\n")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("change", [answer_elsewhere, edit_a_deck, change_settings])
def test_no_frame_is_painted_once_something_changed(
    launch: Launch, home: Path, change: Callable[[Path], None]
) -> None:
    change(home)
    assert not early(launch())


@pytest.mark.usefixtures("kept")
def test_no_frame_is_painted_on_another_terminal(launch: Launch) -> None:
    assert not early(launch(columns=101))
    assert not early(launch(environment={"COLORTERM": ""}))
    assert not early(launch("--debug"))
    dumb = launch(environment={"TERM": "dumb"})
    dumb.wait_until_gone()
    assert ENTER_SCREEN not in dumb.raw


def test_no_frame_is_painted_once_the_day_is_over(
    launch: Launch, move_clock: Callable[[float], None]
) -> None:
    leave(launch())
    assert early(launch())
    move_clock(86_400)
    assert not early(launch())


def test_enter_counts_before_any_program_has_taken_the_terminal(launch: Launch) -> None:
    terminal = launch("study", "sco-timeline")
    terminal.type("\r")  # which the terminal then gives as a line feed
    terminal.wait_for("1 Again", "4 Easy")


@pytest.mark.usefixtures("kept")
def test_keys_typed_before_the_app_is_there_all_arrive_in_order(launch: Launch) -> None:
    terminal = launch()
    assert early(terminal)
    terminal.type("b/samarkand")
    assert LOADED not in terminal.raw
    terminal.wait_for("samarkand")


@pytest.mark.usefixtures("kept")
def test_enter_pressed_before_the_app_is_there_studies(launch: Launch) -> None:
    terminal = launch()
    assert early(terminal)
    terminal.press("enter")
    assert LOADED not in terminal.raw
    terminal.wait_for("1 of")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("end", "codes"),
    [("ctrl+c", {-2, 0}), ("SIGTERM", {-15, 0}), ("SIGHUP", {-1, 0})],
)
def test_the_terminal_is_as_it_was_when_the_start_is_ended(
    launch: Launch, end: str, codes: set[int]
) -> None:
    for delay in (0, 0.1, 0.2, 0.35):
        terminal = launch()
        assert early(terminal)
        time.sleep(delay)
        if end == "ctrl+c":
            terminal.press("ctrl+c")
        else:
            terminal.send_signal(getattr(signal, end))
        assert terminal.wait_until_gone() in codes
        assert terminal.is_restored
        assert terminal.raw.count(LEAVE_SCREEN) == 1
        assert terminal.raw.rindex(b"\x1b[?25h") > terminal.raw.rindex(b"\x1b[?25l")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=["larger", "smaller"])
def test_a_terminal_resized_while_the_app_is_loaded_shows_all_of_it(
    launch: Launch, size: tuple[int, int]
) -> None:
    usual = launch(columns=size[0], rows=size[1])
    usual.wait_for("? Help")
    usual._wait_until_still()
    terminal = launch()
    assert early(terminal)
    terminal.resize(*size)
    terminal.wait_for(lambda _: LOADED in terminal.raw)
    terminal._wait_until_still()
    assert terminal.wait_for("? Help") == usual.text


def test_a_command_that_opens_no_app_leaves_the_terminal_as_it_was(launch: Launch) -> None:
    terminal = launch("study", "no-such-deck")
    assert terminal.wait_until_gone() == 2
    assert "no-such-deck" in terminal.text
    assert terminal.is_restored
    assert ENTER_SCREEN not in terminal.raw
