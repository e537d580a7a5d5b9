"""Devices of one learner, each with a home and a copy of the folder that is synchronised."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from sco_quiz.learning.study_day import DAY_MS, Moment, study_day
from sco_quiz.paths import Paths
from sco_quiz.progress.appending import _hash_of_place
from sco_quiz.progress.store import Progress
from sco_quiz.sync.syncing import SyncOutcome, synchronise

if TYPE_CHECKING:
    import random
    from pathlib import Path

START = 20_000 * DAY_MS
VIEWS = (
    "card_state", "face", "review", "study_day", "answer", "session", "deck_title", "undone", "kin",
)  # fmt: skip


def moment(at: int) -> Moment:
    return Moment(at, 300, study_day(at, 300, 4))


class Device:
    """A home, and its own copy of the shared folder.

    Attributes:
        at: What its clock tells, UTC ms.
    """

    def __init__(self, home: Path, folder: Path, where: str = "") -> None:
        self.home, self.folder, self.at = home, folder, START
        self.where = where or str(folder)
        self.paths = Paths(home / "config", home / "data", home / "cache")
        self.paths.data.mkdir(parents=True)

    def now(self) -> Moment:
        return moment(self.at)

    def open(self) -> Progress:
        progress = Progress.open(self.paths.progress_file)
        progress.query("PRAGMA synchronous = OFF")
        return progress

    def sync(self, *, quietly: bool = False) -> SyncOutcome:
        return synchronise(self.paths, self.now, self.where, make=True, quietly=quietly)

    def contents(self) -> dict[str, list[Any]]:
        with self.open() as progress:
            tables = {
                name: progress.query(f"SELECT * FROM {name} ORDER BY 1, 2")
                for name in ("event", *VIEWS)
            }
            progress.rebuild()
            for name in VIEWS:
                assert progress.query(f"SELECT * FROM {name} ORDER BY 1, 2") == tables[name]
        return tables

    def clone(self, home: Path, folder: Path) -> Device:
        """A disk that was copied: the copy writes under the same id."""
        other = Device(home, folder, self.where if self.where != str(self.folder) else "")
        other.at = self.at
        shutil.copy(self.paths.progress_file, other.paths.progress_file)
        self.keep_id(other.paths.progress_file)
        return other

    def keep_id(self, path: Path) -> None:
        """Make a copy of the progress file look as if it stood where this one does."""
        with self.open() as progress:
            device = progress.device
        with Progress.open(path) as copy:
            copy.connection.execute(
                "UPDATE device SET place = ? WHERE id = ?",
                (_hash_of_place(path.stat().st_ino), device),
            )


def carry(source: Path, target: Path, chance: random.Random | None = None) -> None:
    """Carry files from one copy of a folder to another, as a synchroniser does.

    Args:
        source: A copy.
        target: Another.
        chance: Some files come later, or truncated; what was taken away still lies there.
    """
    there = {path.relative_to(source) for path in source.rglob("*.jsonl")}
    for name in sorted(there):
        if chance and chance.random() < 0.3:
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        data = (source / name).read_bytes()
        if (target / name).exists() and (target / name).stat().st_size >= len(data):
            continue  # of a file that is half there the whole one comes later
        if chance and chance.random() < 0.2:
            data = data[: chance.randrange(len(data) + 1)]
        (target / name).write_bytes(data)


@pytest.fixture
def devices(tmp_path: Path) -> list[Device]:
    """Two devices with one folder."""
    (tmp_path / "shared").mkdir()
    return [Device(tmp_path / name, tmp_path / "shared" / "quiz") for name in ("laptop", "desktop")]
