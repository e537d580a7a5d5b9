"""Many deck files are read in several processes, to the same end."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from sco_quiz import own_process
from sco_quiz.library import parallel_reading
from sco_quiz.library.index import Index
from sco_quiz.library.library import Library
from tests.processes import Dying, no_room

if TYPE_CHECKING:
    from pathlib import Path

FILES = 7


@pytest.fixture
def decks(tmp_path: Path) -> Path:
    """Decks with cards, with mistakes, and one that is no YAML."""
    folder = tmp_path / "decks"
    folder.mkdir()
    for number in range(FILES - 1):
        mistake = "- {frnt: a, back: b}\n" * (number % 2)
        (folder / f"deck-{number}.yaml").write_text(
            f"deck: Deck {number}\ncards:\n- {{front: a {number}, back: b}}\n{mistake}", "utf-8"
        )
    (folder / "no-yaml.yaml").write_bytes(b"\xff\xfe")
    return folder


def indexed(decks: Path, index_file: Path) -> tuple[list[tuple[int, int]], list[object]]:
    """The progress told while reading decks into a new index, and all that the index then holds."""
    told: list[tuple[int, int]] = []
    with closing(Index(index_file)) as index:
        library = Library(index, shipped=decks / "none", folders=[decks], extra=[])
        library.refresh(lambda done, of: told.append((done, of)))
    with closing(sqlite3.connect(index_file)) as db:
        rows = [
            row
            for table in ("file", "problem", "card", "body")
            for row in db.execute(f"SELECT * FROM {table}")
        ]
    return told, rows


def test_several_processes_leave_the_same_index_as_one(
    decks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = indexed(decks, tmp_path / "alone.db")
    monkeypatch.setattr(parallel_reading, "MUCH", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(parallel_reading, "_read", None)  # nothing is left for this process
    assert indexed(decks, tmp_path / "together.db") == alone
    told, rows = alone
    assert told == [(number, FILES) for number in range(1, FILES + 1)]
    assert len(rows) > 3 * FILES


@pytest.mark.parametrize("instead", [no_room, Dying])
def test_every_file_is_read_even_if_no_process_can_be_started(
    instead: object, decks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = indexed(decks, tmp_path / "alone.db")
    monkeypatch.setattr(parallel_reading, "MUCH", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(own_process, "Popen", instead)
    assert indexed(decks, tmp_path / "together.db") == alone


def test_interrupted_reading_leaves_no_process_behind(
    decks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel_reading, "MUCH", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(own_process, "Popen", start)
    entries = parallel_reading.read_files(
        [(path.name, path) for path in sorted(decks.iterdir())], 1
    )
    next(entries)
    entries.close()
    assert [process.poll() is None for process in started] == [False, False]
