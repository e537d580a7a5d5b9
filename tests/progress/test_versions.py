"""Files of every released version of the log, as that version wrote them, open in this one."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sco_quiz.errors import ProgressError
from sco_quiz.learning.cards import CardState, State, key_of
from sco_quiz.learning.study_day import EPOCH_DAY, Moment
from sco_quiz.progress import database, log
from sco_quiz.progress.backup import contents_of
from sco_quiz.progress.doctor import examine, rebuild
from sco_quiz.progress.store import Progress

RELEASED = sorted((Path(__file__).parent / "files").glob("version-*.db"))
DAY = EPOCH_DAY + 20_780
EVENTS = "SELECT device, seq, stamp, at, tz, day, kind, card, session, data, sum FROM event"


@pytest.fixture(params=RELEASED, ids=lambda path: path.stem)
def released(request: pytest.FixtureRequest, path: Path) -> Path:
    """A copy of a file that a released version wrote; each holds the same twenty events."""
    shutil.copyfile(request.param, path)
    return path


def rows_in(path: Path) -> list[tuple[object, ...]]:
    """The log as it stands in a file, whatever its version."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute(f"{EVENTS} ORDER BY device, seq").fetchall()


def test_every_released_version_is_among_the_files() -> None:
    assert [path.stem for path in RELEASED] == [
        f"version-{version}" for version in range(1, database.VERSION + 1)
    ]


@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_of_a_released_version_keeps_its_events_and_states(
    released: Path, read_only: bool
) -> None:
    before = rows_in(released)
    with Progress.open(released, read_only=read_only) as progress:
        events = list(progress.events())
        states = [progress.state(key_of("asia", str(number))) for number in range(5)]
    assert sorted(events) == before
    assert {event.kind for event in events} <= set(log.EventKind)
    learned, reset, buried, former, edited = states
    assert learned.stability == pytest.approx(4.84283, abs=1e-4)
    assert learned.difficulty == pytest.approx(6.50607, abs=1e-4)
    assert (learned.state, learned.due_day, learned.reps, learned.lapses) == (
        State.REVIEW, DAY + 10, 4, 1,
    )  # fmt: skip
    assert reset == CardState(suspended=True, flag=3)
    assert buried == CardState(buried_until=DAY + 6)
    assert former == CardState()
    assert (edited.state, edited.reps, edited.last_day) == (State.LEARNING, 1, DAY + 5)


def test_study_continues_in_a_file_of_a_released_version(released: Path) -> None:
    with Progress.open(released) as progress:
        last = progress.last_undoable()
        assert last is not None
        assert last.kind == "reset"
        progress.undo(last, Moment(last.at + 1, 0, DAY + 6))
        assert progress.state(key_of("asia", "1")).reps == 1
    found = examine(released)
    assert not found.damage + found.stale
    assert rebuild(released) is None
    assert contents_of(released).reviews == 6


WRONG = {
    "loses one": "CREATE TABLE kept AS SELECT * FROM event WHERE seq <> 7",
    "loses all": "CREATE TABLE kept AS SELECT * FROM event WHERE 0",
    "changes one": "CREATE TABLE kept AS SELECT device, seq, stamp, at, tz, day, kind, card,"
    " session, replace(data, 'also right', 'also wrong') AS data, sum FROM event",
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_migration_that_loses_or_changes_an_event_is_not_carried_out(
    path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    shutil.copyfile(RELEASED[-1], path)
    before = path.read_bytes()
    script = f"{wrong};\nDROP TABLE event;\nALTER TABLE kept RENAME TO event;\n"
    monkeypatch.setattr(database, "VERSION", database.VERSION + 1)
    monkeypatch.setattr(database, "MIGRATIONS", [*database.MIGRATIONS, script])
    for read_only in (True, False):
        with pytest.raises(RuntimeError, match="every event"):
            Progress.open(path, read_only=read_only)
    assert path.read_bytes() == before


def test_a_file_is_backed_up_as_it_is_before_it_is_migrated(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(RELEASED[-1], path)
    before, version = rows_in(path), database.VERSION
    monkeypatch.setattr(database, "VERSION", version + 1)
    script = "ALTER TABLE event ADD COLUMN note TEXT;\n"
    monkeypatch.setattr(database, "MIGRATIONS", [*database.MIGRATIONS, script])
    Progress.open(path).close()
    Progress.open(path).close()
    (kept,) = (path.parent / "backups").iterdir()
    assert re.fullmatch(rf"before-version-{version + 1}-[-\d]+\.db", kept.name)
    assert rows_in(path) == rows_in(kept) == before
    with closing(sqlite3.connect(kept)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (version,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_file_that_cannot_be_backed_up_is_not_migrated(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(RELEASED[-1], path)
    (path.parent / "backups").write_text("in the way")
    before = path.read_bytes()
    monkeypatch.setattr(database, "VERSION", database.VERSION + 1)
    monkeypatch.setattr(database, "MIGRATIONS", [*database.MIGRATIONS, "CREATE TABLE extra (x);\n"])
    with pytest.raises(ProgressError, match="backups"):
        Progress.open(path)
    assert path.read_bytes() == before
