"""Many deck files are read in several processes, to the same end."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sco_quiz.library import reading
from sco_quiz.library.index import Index
from sco_quiz.library.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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
    monkeypatch.setattr(reading, "MUCH", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    given: list[object] = []
    submit = ProcessPoolExecutor.submit

    def counted(pool: ProcessPoolExecutor, work: Callable[..., object], *each: object) -> object:
        given.append(each)
        return submit(pool, work, *each)

    monkeypatch.setattr(ProcessPoolExecutor, "submit", counted)
    assert indexed(decks, tmp_path / "together.db") == alone
    assert given
    told, rows = alone
    assert told == [(number, FILES) for number in range(1, FILES + 1)]
    assert len(rows) > 3 * FILES


HELD = """
import sys
from pathlib import Path
from sco_quiz.library import reading

class Held:  # as an app in a terminal has it, so that nothing is written across the screen
    write, flush, fileno = len, int, lambda _: -1

sys.stderr, reading.MUCH, reading.os.cpu_count = Held(), 0, lambda: 2
files = [(path.name, path) for path in Path(sys.argv[1]).iterdir()]
print(len(list(reading.read_files(files, 1))))
"""


def test_several_processes_read_under_an_app_that_holds_stderr(decks: Path) -> None:
    command = [sys.executable, "-c", HELD, str(decks)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"{FILES}\n", "")


def no_semaphores(_pool: object, *_: object) -> None:
    raise OSError("this system has no semaphores")


def dies_after_three(
    _pool: object, read: Callable[..., object], *arguments: list[object]
) -> Iterator[object]:
    for number, each in enumerate(zip(*arguments, strict=True)):
        if number == 3:
            raise BrokenProcessPool
        yield read(*each)


@pytest.mark.parametrize(
    ("method", "instead"), [("__init__", no_semaphores), ("map", dies_after_three)]
)
def test_without_other_processes_every_file_is_read_all_the_same(
    method: str,
    instead: object,
    decks: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone = indexed(decks, tmp_path / "alone.db")
    monkeypatch.setattr(reading, "MUCH", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(ProcessPoolExecutor, method, instead)
    assert indexed(decks, tmp_path / "together.db") == alone
