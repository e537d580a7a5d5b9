"""Killed at any moment, or run twice at once: every answer that was acknowledged is there."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import pytest

from sco_quiz.progress.backup import contents_of
from sco_quiz.progress.doctor import examine
from sco_quiz.progress.store import Progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Rounds
    from tests.e2e.conftest import Terminal

PLAIN = (sys.executable, "-m", "sco_quiz", "study", "--plain", "many")


def write_deck(folder: Path, cards: int) -> None:
    notes = "".join(f"  - {{front: Card {number}, back: x}}\n" for number in range(cards))
    (folder / "many.yaml").write_text(f"deck: Many\nnew_per_day: {cards}\ncards:\n{notes}")


def answered(screen: str) -> int:
    """How many answers the screen acknowledges: those before the question on it."""
    place = re.search(r"(\d+) of \d+", screen)
    assert place, screen
    return int(place[1]) - 1


def is_over(moment: float, answers: int, screen: str) -> bool:
    """Whether there is another answer on the screen, or a moment has passed."""
    return answered(screen) > answers or time.monotonic() > moment


def reviews_in(home: Path) -> int:
    """How many answers are in the progress file; nothing is wrong with it."""
    path = home / "data" / "progress.db"
    assert not any(examine(path)[1:])
    return contents_of(path).reviews


@pytest.mark.usefixtures("unlimited")
def test_a_kill_in_line_mode_costs_no_acknowledged_answer(
    home: Path, decks_folder: Path, rounds: Rounds
) -> None:
    kills = rounds(5, 50, "kills of `study --plain`: no acknowledged answer lost, each file whole")
    write_deck(decks_folder, kills * 150)
    chance = random.Random()
    before = acknowledged = 0
    for number in range(kills):
        with subprocess.Popen(PLAIN, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"\n4\n" * 150)
            process.stdin.flush()
            output = b""
            if number % 5:
                output = process.stdout.read(1)
            time.sleep(chance.uniform(0, 0.4))
            process.kill()
            output += process.stdout.read()
            with suppress(BrokenPipeError):
                process.stdin.close()
        answers = output.count(b"rating [3]> \n\n")  # the empty line comes after the answer is kept
        found = reviews_in(home) - before
        assert answers <= found <= answers + 1
        before += found
        acknowledged += answers
    assert acknowledged > kills


@pytest.mark.usefixtures("unlimited")
def test_a_kill_of_the_app_costs_no_acknowledged_answer(
    launch: Callable[..., Terminal], home: Path, decks_folder: Path, rounds: Rounds
) -> None:
    kills = rounds(5, 50, "kills of the app: no acknowledged answer lost, each file whole")
    write_deck(decks_folder, kills * 150)
    chance = random.Random()
    before = acknowledged = 0
    for _ in range(kills):
        terminal = launch("study", "many")
        terminal.wait_for("Reveal")
        moment = time.monotonic() + chance.uniform(0, 1)
        answers = 0
        while time.monotonic() < moment:
            terminal.press("enter", "4")
            terminal.wait_for(partial(is_over, moment, answers))
            answers = answered(terminal.text)
        terminal.send_signal(signal.SIGKILL)
        assert terminal.wait_until_gone() == -signal.SIGKILL
        answers = answered(terminal.text)
        found = reviews_in(home) - before
        assert answers <= found <= answers + 1
        before += found
        acknowledged += answers
        terminal.close()
    assert acknowledged > kills


@pytest.mark.usefixtures("unlimited")
def test_two_at_once_on_the_same_deck_keep_every_answer_and_share_the_cards(
    home: Path, decks_folder: Path, proved: Callable[[str], None]
) -> None:
    write_deck(decks_folder, 60)
    both = [
        subprocess.Popen(
            PLAIN, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        os.read(process.stdout.fileno(), 1)  # each has chosen its cards before the other answers
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n4\n" * 60)
        process.stdin.flush()
    ends = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert [errors for _, errors in ends] == ["", ""]
    told = [re.search(r"(\d+) answered", output) for output, _ in ends]
    answers = sum(int(each[1]) for each in told if each)
    assert reviews_in(home) == answers >= 60
    with (
        Progress.open(home / "data" / "progress.db") as together,
        Progress.open(home / "one by one.db") as one_by_one,
    ):
        events = list(together.events())
        assert together.query(
            "SELECT count(*), count(DISTINCT card) FROM review WHERE was = 0"
        ) == [(60, 60)]
        for event in events:
            one_by_one.merge([event])
        assert views(one_by_one) == views(together)
    proved("answers of two processes at once: all there, the same state as one by one")


def views(progress: Progress) -> dict[str, list[object]]:
    names = ("card_state", "face", "review", "session", "undone", "kin")
    return {name: progress.query(f"SELECT * FROM {name} ORDER BY 1, 2") for name in names}
