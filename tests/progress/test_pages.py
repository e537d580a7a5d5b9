"""Looking at the pages of the progress file before it is opened, once a day."""

from __future__ import annotations

import os
import sqlite3
import time
from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import DamagedError
from sco_quiz.progress import pages
from sco_quiz.progress.file import open_to_write

if TYPE_CHECKING:
    from pathlib import Path

DAY_S = 86_400


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A progress file of many pages."""
    made = tmp_path / "progress.db"
    db = open_to_write(made)
    db.execute("CREATE TABLE filler (text TEXT)")
    db.executemany("INSERT INTO filler VALUES (?)", [("x" * 900,)] * 400)
    db.close()
    return made


def damage(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 8192)


def looked_at(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list that grows with each look at all pages of the file while it is opened."""
    looks: list[str] = []
    connect = sqlite3.connect

    def connected(*arguments: object, **options: object) -> sqlite3.Connection:
        db: sqlite3.Connection = connect(*arguments, **options)  # type: ignore[call-overload]
        db.set_trace_callback(lambda sql: looks.append(sql) if sql == pages.CHECK else None)
        return db

    monkeypatch.setattr(sqlite3, "connect", connected)
    return looks


def test_pages_checked_before_opening_are_not_checked_again(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = looked_at(path, monkeypatch)
    pages.look_ahead(path, tmp_path)
    open_to_write(path).close()
    assert len(looks) == 1
    open_to_write(path).close()
    assert len(looks) == 2


def test_an_unchanged_file_is_checked_again_only_on_the_next_day(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = looked_at(path, monkeypatch)
    pages.leave_whole(path, tmp_path / "cache")
    pages.look_ahead(path, tmp_path / "cache")
    open_to_write(path).close()
    assert looks == []
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + DAY_S)
    pages.look_ahead(path, tmp_path / "cache")
    open_to_write(path).close()
    assert len(looks) == 1


def test_a_file_that_another_program_has_open_is_not_checked_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = looked_at(path, monkeypatch)
    pages.take_for_whole(path)
    open_to_write(path).close()
    assert looks == []
    pages.take_for_whole(path)
    os.utime(path, (0, 0))
    open_to_write(path).close()
    assert len(looks) == 1


@pytest.mark.parametrize("is_noted", [True, False])
def test_damage_since_the_last_check_is_found(
    path: Path, tmp_path: Path, *, is_noted: bool
) -> None:
    if is_noted:
        pages.leave_whole(path, tmp_path)
    damage(path)
    pages.look_ahead(path, tmp_path)
    with pytest.raises(DamagedError, match="is damaged"):
        open_to_write(path)


def test_damage_between_the_check_and_the_opening_is_found(path: Path, tmp_path: Path) -> None:
    pages.leave_whole(path, tmp_path)
    pages.look_ahead(path, tmp_path)
    damage(path)
    os.utime(path)
    with pytest.raises(DamagedError, match="is damaged"):
        open_to_write(path)


def test_a_missing_file_or_a_useless_note_does_not_prevent_opening(
    tmp_path: Path,
) -> None:
    (tmp_path / "whole-pages").write_bytes(b"\xff\x00")
    path = tmp_path / "new" / "progress.db"
    pages.look_ahead(path, tmp_path)
    open_to_write(path).close()
    assert path.exists()
    pages.leave_whole(tmp_path / "gone.db", tmp_path)
    assert (tmp_path / "whole-pages").read_bytes() == b"\xff\x00"
