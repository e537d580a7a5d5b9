"""`due --short` in a prompt: one number, without waiting for other programs."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.study_day import DAY_MS, Moment
from sco_quiz.workspace import quick_counts
from sco_quiz.workspace.agenda import Agenda
from sco_quiz.workspace.opening import system_now
from sco_quiz.workspace.quick_counts import note_waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    Call = Callable[..., tuple[int, str, str]]

LONGEST = 0.2
"""Seconds that a prompt waits at most."""
TRIES = 10
FILES = ["data/progress.db", "cache/index.db"]
ORDERS = [("due", "--short"), ("due", "--short", "kinds"), ("due", "kinds", "--short")]

DECK = "deck: More\ncards: [{front: a, back: b}, {front: c, back: d}]\n"


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a database as a program does that is writing."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        yield


@pytest.fixture
def studied(kinds: Path, home: Path, call: Call) -> Path:
    """A home in which something was answered and every number was asked for."""
    assert call("study", "--plain", "kinds", lines="\n3\n")[0] == 0
    for words in ORDERS:
        assert call(*words)[0] == 0
    return home


def quickest(ask: Callable[[], object]) -> float:
    """The seconds of the quickest of a few tries: a machine that is busy elsewhere is slow."""
    seconds = []
    for _ in range(TRIES):
        began = time.monotonic()
        ask()
        seconds.append(time.monotonic() - began)
        if seconds[-1] < LONGEST:
            break
    return min(seconds)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("words", ORDERS, ids=" ".join)
def test_the_last_number_is_printed_at_once_while_another_program_holds_a_file(
    studied: Path, call: Call, file: str, words: tuple[str, ...]
) -> None:
    before = call(*words)
    assert int(before[1]) > 0
    with held(studied / file):
        assert call(*words) == before
        assert quickest(lambda: call(*words)) < LONGEST


@pytest.mark.parametrize("file", FILES)
def test_the_whole_command_does_not_wait_either(studied: Path, file: str) -> None:
    command = [sys.executable, "-m", "sco_quiz", "due", "--short"]

    def ask() -> bytes:
        return subprocess.run(command, check=True, capture_output=True).stdout

    before, free = ask(), quickest(ask)
    with held(studied / file):
        assert ask() == before
        assert quickest(ask) - free < 1  # a start takes long where others keep the machine busy


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("words", ORDERS, ids=" ".join)
def test_without_a_kept_number_a_held_file_is_reported_at_once(
    studied: Path, call: Call, file: str, words: tuple[str, ...]
) -> None:
    (studied / "cache" / "due-short").unlink()
    with held(studied / file):
        code, out, err = call(*words)
        assert (code, out) == (3, "")
        assert f"{Path(file).name} is held by another program" in err
        assert quickest(lambda: call(*words)) < LONGEST


def test_decks_that_changed_are_not_read_while_the_progress_file_is_held(
    studied: Path, call: Call
) -> None:
    _, before, _ = call("due", "--short")
    (studied / "data" / "decks" / "more.yaml").write_text(DECK)
    with held(studied / "data" / "progress.db"):
        assert call("due", "--short") == (0, before, "")
        assert quickest(lambda: call("due", "--short")) < LONGEST
    assert call("due", "--short", "more") == (0, "2\n", "")


def test_numbers_are_kept_for_each_choice_of_decks(studied: Path, call: Call) -> None:
    (studied / "data" / "decks" / "more.yaml").write_text(DECK)
    _, kinds, _ = call("due", "--short", "kinds")
    assert call("due", "--short", "more") == (0, "2\n", "")
    _, both, _ = call("due", "--short", "more", "kinds")
    assert int(both) == int(kinds) + 2
    with held(studied / "data" / "progress.db"):
        assert call("due", "--short", "more")[1] == "2\n"
        assert call("due", "--short", "kinds", "more")[1] == both
        assert call("due", "--short", "sco-timeline")[0] == 3


def test_the_number_is_counted_again_once_the_file_is_free(studied: Path, call: Call) -> None:
    note_waiting((), 12345)
    with held(studied / "data" / "progress.db"):
        assert call("due", "--short") == (0, "12345\n", "")
    _, counted, _ = call("due", "--short")
    assert 0 < int(counted) < 1000
    with held(studied / "data" / "progress.db"):
        assert call("due", "--short")[1] == counted


def test_the_number_is_counted_again_only_after_a_change(
    studied: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []
    counts = Agenda.counts

    def counting(agenda: Agenda, decks: Collection[str] = ()) -> object:
        counted.append(1)
        return counts(agenda, decks)

    def is_counted() -> bool:
        counted.clear()
        assert call("due", "--short")[0] == 0
        return bool(counted)

    monkeypatch.setattr(quick_counts, "_SETTLED_NS", 0)
    monkeypatch.setattr(Agenda, "counts", counting)
    assert is_counted()
    assert not is_counted()
    assert call("study", "--plain", "kinds", lines="\n3\n")[0] == 0
    assert is_counted()
    assert call("config", "reviews_per_day", "7")[0] == 0
    assert is_counted()
    (studied / "data" / "decks" / "more.yaml").write_text(DECK)
    is_counted()  # reads the deck, and counts with it open
    assert is_counted()
    assert not is_counted()
    monkeypatch.setattr(quick_counts, "system_now", tomorrow)
    assert is_counted()
    assert not is_counted()


def tomorrow(rollover: int) -> Moment:
    now = system_now(rollover)
    return Moment(now.at + DAY_MS, now.tz, now.day + 1)


def test_a_number_is_not_kept_while_files_changed_just_now(studied: Path, call: Call) -> None:
    """A change in the instant of the last one would not be seen by the times of the files."""
    assert call("due", "--short")[0] == 0
    assert " - " in (studied / "cache" / "due-short").read_text()


def test_an_unknown_deck_is_reported_and_a_deck_file_is_counted_by_its_path(
    studied: Path, tmp_path: Path, call: Call
) -> None:
    assert call("due", "--short", "nobody")[0] == 2
    (tmp_path / "elsewhere.yaml").write_text(DECK)
    assert call("due", "--short", str(tmp_path / "elsewhere.yaml")) == (0, "2\n", "")


@pytest.mark.parametrize(
    "noted", [b"", b"\xff\n", b"x []\n", b"-1 []\n", b"9" * 10_000 + b" []\n", b"7\n", b"\0" * 100]
)
def test_a_damaged_file_of_kept_numbers_is_ignored(studied: Path, call: Call, noted: bytes) -> None:
    (studied / "cache" / "due-short").write_bytes(noted)
    with held(studied / "data" / "progress.db"):
        assert call("due", "--short")[:2] == (3, "")
    _, counted, _ = call("due", "--short")
    with held(studied / "data" / "progress.db"):
        assert call("due", "--short")[1] == counted


def test_the_file_of_kept_numbers_stays_small(studied: Path) -> None:
    for number in range(100):
        note_waiting([f"deck-{number}"], number)
    lines = (studied / "cache" / "due-short").read_text().splitlines()
    assert len(lines) == 20
    assert lines[-1] == "99 - ['deck-99']"
