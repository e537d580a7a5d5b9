from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import ProgressError
from sco_quiz.learning.study_day import Moment
from sco_quiz.progress import database, log
from sco_quiz.progress.store import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sco_quiz.learning.cards import Card

NOW = Moment(1, 0, 1)


@pytest.fixture
def filled(path: Path, cards: list[Card]) -> Path:
    """A progress file with ten events."""
    with Progress.open(path) as progress:
        progress.append(*(log.flag(NOW, cards[n % 5], n % 8) for n in range(10)))
    return path


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Without root's right to write everywhere."""
    if os.geteuid():
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user can reach."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def _fails_and_changes_nothing(path: Path, *, read_only: bool = False) -> ProgressError:
    before = path.read_bytes()
    with pytest.raises(ProgressError) as caught:
        Progress.open(path, read_only=read_only)
    assert path.read_bytes() == before
    assert {entry.name for entry in path.parent.iterdir()} <= {path.name, "backups"}
    assert str(path) in caught.value.message
    assert caught.value.help
    assert caught.value.exit_code == 3
    return caught.value


def test_a_new_file_is_made_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "progress.db"
    with Progress.open(path) as progress:
        assert list(progress.events()) == []
        assert progress.last_undoable() is None
        assert progress.parameters == ()
    assert [entry.name for entry in path.parent.iterdir()] == ["progress.db"]


def test_an_answer_is_synced_before_and_after_its_journal_goes(filled: Path) -> None:
    with Progress.open(filled) as progress:
        settings = ("synchronous", "fullfsync", "journal_mode", "trusted_schema", "busy_timeout")
        found = [progress.query(f"PRAGMA {name}") for name in settings]
        assert found == [[(3,)], [(1,)], [("delete",)], [(0,)], [(5000,)]]


def test_a_file_in_another_journal_mode_is_switched_back(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as db:
        db.execute("PRAGMA journal_mode = WAL")
    with Progress.open(filled) as progress:
        assert progress.query("PRAGMA journal_mode") == [("delete",)]


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("content", [b"not a database" * 100, b"x", b"\0" * 4096])
def test_a_file_that_is_not_a_database_is_left_alone(
    path: Path, content: bytes, read_only: bool
) -> None:
    path.write_bytes(content)
    error = _fails_and_changes_nothing(path, read_only=read_only)
    assert "is not a progress file" in error.message


@pytest.mark.parametrize("read_only", [True, False])
def test_the_database_of_another_program_is_left_alone(path: Path, read_only: bool) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE event (x)")
        db.commit()
    error = _fails_and_changes_nothing(path, read_only=read_only)
    assert "is not a progress file" in error.message


@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_from_a_newer_version_is_left_alone(filled: Path, read_only: bool) -> None:
    with closing(sqlite3.connect(filled)) as db:
        db.execute(f"PRAGMA user_version = {database.VERSION + 1}")
    error = _fails_and_changes_nothing(filled, read_only=read_only)
    assert "newer version" in error.message
    assert "update sco-quiz" in error.help


@pytest.mark.parametrize("read_only", [True, False])
def test_a_folder_in_the_place_of_the_file_is_reported(path: Path, read_only: bool) -> None:
    path.mkdir()
    with pytest.raises(ProgressError, match="is not a progress file"):
        Progress.open(path, read_only=read_only)


def test_a_file_in_the_place_of_the_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(ProgressError, match="folder for your progress cannot be made"):
        Progress.open(tmp_path / "data" / "progress.db")
    assert (tmp_path / "data").read_text() == "in the way"


@pytest.mark.parametrize("cut", [100, 4096, 20000])
def test_a_truncated_file_is_reported_and_left_alone(filled: Path, cut: int) -> None:
    filled.write_bytes(filled.read_bytes()[:cut])
    before = filled.read_bytes()
    with pytest.raises(ProgressError) as caught, Progress.open(filled) as progress:
        progress.append(log.parameters(NOW, []))
    assert "damaged" in caught.value.message or "not a progress file" in caught.value.message
    assert filled.read_bytes() == before


def test_an_empty_file_counts_as_missing(path: Path) -> None:
    path.touch()
    with Progress.open(path, read_only=True) as progress:
        assert list(progress.events()) == []
    assert path.stat().st_size == 0
    with Progress.open(path) as progress:
        assert list(progress.events()) == []
    assert path.stat().st_size > 0


def test_a_full_disk_loses_nothing_and_the_app_can_go_on(filled: Path, cards: list[Card]) -> None:
    with Progress.open(filled) as progress:
        events = list(progress.events())
        progress.query("PRAGMA max_page_count = 1")  # as many as it has
        before = filled.read_bytes()
        states = progress.query("SELECT * FROM card_state")
        many = [log.accept(NOW, cards[0], "x" * 1000) for _ in range(20)]
        with pytest.raises(ProgressError, match="the disk is full"):
            progress.append(*many)
        assert filled.read_bytes() == before
        assert progress.query("SELECT * FROM card_state") == states
        progress.query("PRAGMA max_page_count = 1000000")
        assert progress.append(*many)[0].seq == len(events) + 1


def test_a_file_held_by_another_program_is_reported(
    filled: Path, cards: list[Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.01)
    with Progress.open(filled) as progress, closing(sqlite3.connect(filled)) as other:
        before = filled.read_bytes()
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ProgressError, match="held by another program"):
            progress.append(log.flag(NOW, cards[0], 1))
        other.rollback()
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM event").fetchall()  # a reader stops only the commit
        with pytest.raises(ProgressError, match="held by another program"):
            progress.append(log.flag(NOW, cards[0], 1))
        other.rollback()
        assert filled.read_bytes() == before
        assert progress.append(log.flag(NOW, cards[0], 1))[0].seq == 11


def test_an_unwritable_folder_is_reported(open_folder: Path, cards: list[Card]) -> None:
    path = open_folder / "progress.db"
    open_folder.chmod(0o555)
    with _as_nobody(), pytest.raises(ProgressError, match=r"progress\.db cannot be written"):
        Progress.open(path)
    with _as_nobody(), Progress.open(path, read_only=True) as progress:
        assert list(progress.events()) == []
    assert list(open_folder.iterdir()) == []
    with _as_nobody(), pytest.raises(ProgressError, match="cannot be made"):
        Progress.open(open_folder / "data" / "progress.db")


def test_a_write_protected_file_can_be_read(open_folder: Path, cards: list[Card]) -> None:
    path = open_folder / "progress.db"
    with Progress.open(path) as progress:
        progress.append(log.flag(NOW, cards[0], 5))
    path.chmod(0o444)
    open_folder.chmod(0o555)
    with _as_nobody():
        with Progress.open(path, read_only=True) as progress:
            assert progress.state(cards[0].key).flag == 5
        with pytest.raises(ProgressError, match="cannot be written"):
            Progress.open(path)


def test_an_unreadable_file_is_reported(open_folder: Path) -> None:
    path = open_folder / "progress.db"
    Progress.open(path).close()
    path.chmod(0)
    with _as_nobody(), pytest.raises(ProgressError, match="cannot be opened"):
        Progress.open(path, read_only=True)


def test_a_folder_that_becomes_unwritable_is_reported_at_the_next_answer(
    open_folder: Path, cards: list[Card]
) -> None:
    path = open_folder / "progress.db"
    Progress.open(path).close()
    if os.geteuid() == 0:
        os.chown(open_folder, 65534, -1)
        os.chown(path, 65534, -1)
    before = path.read_bytes()
    with _as_nobody(), Progress.open(path) as progress:
        open_folder.chmod(0o555)
        with pytest.raises(ProgressError, match="cannot be"):
            progress.append(log.flag(NOW, cards[0], 1))
    assert path.read_bytes() == before


def test_reading_changes_no_byte_and_cannot_write(filled: Path, cards: list[Card]) -> None:
    before = filled.read_bytes()
    with Progress.open(filled, read_only=True) as progress:
        assert len(list(progress.events())) == 10
        with pytest.raises(RuntimeError, match="opened for reading"):
            progress.append(log.flag(NOW, cards[0], 1))
    assert filled.read_bytes() == before


@pytest.mark.parametrize("read_only", [True, False])
def test_a_half_written_transaction_is_rolled_back_on_opening(
    filled: Path, tmp_path: Path, cards: list[Card], read_only: bool
) -> None:
    crashed = tmp_path / "crashed.db"
    with Progress.open(filled) as progress:
        db = progress.connection
        db.execute("PRAGMA cache_size = 1")  # pages go to the file before the commit
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE card_state SET flag = 6, reps = 99")
        for number in range(200):
            db.execute("INSERT INTO undone VALUES (?, ?)", ("x" * 1000, number))
        shutil.copy(filled, crashed)
        shutil.copy(f"{filled}-journal", f"{crashed}-journal")
        db.execute("ROLLBACK")
        states = progress.states(card.key for card in cards)
    assert crashed.read_bytes() != filled.read_bytes()
    with Progress.open(crashed, read_only=read_only) as progress:
        assert progress.states(card.key for card in cards) == states
        assert progress.query("PRAGMA integrity_check") == [("ok",)]


def test_an_answer_for_a_file_that_was_moved_away_is_refused(
    filled: Path, cards: list[Card]
) -> None:
    with Progress.open(filled) as progress:
        moved = filled.rename(filled.with_name("moved.db"))
        before = moved.read_bytes()
        with pytest.raises(ProgressError, match="moved or replaced"):
            progress.append(log.flag(NOW, cards[0], 1))
        shutil.copy(moved, filled)
        with pytest.raises(ProgressError, match="moved or replaced"):
            progress.append(log.flag(NOW, cards[0], 1))
        assert moved.read_bytes() == filled.read_bytes() == before


def test_views_of_another_version_are_rebuilt(filled: Path) -> None:
    with Progress.open(filled) as progress:
        states = progress.query("SELECT * FROM card_state")
    with closing(sqlite3.connect(filled)) as db, db:
        db.execute("DROP TABLE face")
        db.execute("DELETE FROM card_state")
        db.execute("CREATE VIEW once AS SELECT * FROM review")
        db.execute("UPDATE meta SET value = '0' WHERE name = 'views'")
    before = filled.read_bytes()
    with Progress.open(filled, read_only=True) as progress:
        assert progress.query("SELECT * FROM card_state") == states
    assert filled.read_bytes() == before
    with Progress.open(filled) as progress:
        assert progress.query("SELECT * FROM card_state") == states
        assert progress.query("SELECT count(*) FROM face") == [(5,)]
        assert not progress.query("SELECT * FROM sqlite_schema WHERE name = 'once'")


@pytest.fixture
def _next_version(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "VERSION", 2)
    script = "-- Say why.\nALTER TABLE event ADD COLUMN note TEXT;\nCREATE TABLE extra (x);\n"
    monkeypatch.setattr(database, "MIGRATIONS", [script])
    monkeypatch.setattr(database, "_LOG_TABLES", ("event", "device", "meta", "extra"))


@pytest.mark.usefixtures("_next_version")
def test_an_older_file_is_migrated_with_its_events(filled: Path) -> None:
    before = filled.read_bytes()
    with Progress.open(filled, read_only=True) as progress:
        assert len(list(progress.events())) == 10
        assert progress.query("SELECT * FROM extra") == []
    assert filled.read_bytes() == before
    with Progress.open(filled) as progress:
        assert len(list(progress.events())) == 10
        assert progress.query("SELECT note FROM event LIMIT 1") == [(None,)]
        assert progress.query("PRAGMA user_version") == [(2,)]


@pytest.mark.usefixtures("_next_version")
def test_a_migration_that_fails_leaves_the_file_as_it_was(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "MIGRATIONS", ["CREATE TABLE extra (x);\nSELECT no_such();\n"])
    before = filled.read_bytes()
    with pytest.raises(sqlite3.OperationalError, match="no_such"):
        Progress.open(filled)
    assert filled.read_bytes() == before
    assert {entry.name for entry in filled.parent.iterdir()} == {filled.name, "backups"}


def test_an_app_of_an_older_version_stops_writing_when_the_file_is_migrated(
    filled: Path, cards: list[Card]
) -> None:
    with Progress.open(filled) as progress:
        with closing(sqlite3.connect(filled)) as newer:
            newer.execute("PRAGMA user_version = 2")
        with pytest.raises(ProgressError, match="another version"):
            progress.append(log.flag(NOW, cards[0], 1))
