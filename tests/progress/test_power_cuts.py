"""The store on a disk that loses its power: what was not synced may be lost, torn or reordered."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import apsw

from sco_quiz.learning.cards import Card, CardState, Rating
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.scheduling import Scheduler
from sco_quiz.learning.study_day import EPOCH_DAY, MINUTE_MS, Moment
from sco_quiz.progress import log
from sco_quiz.progress.doctor import examine
from sco_quiz.progress.store import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

    from sco_quiz.progress.log import Event
    from tests.conftest import Rounds

SECTOR = 512
TODAY = EPOCH_DAY + 20_000


class Op(NamedTuple):
    """What SQLite told the disk to do: create, write, truncate, sync, unlink or sync-folder."""

    act: str
    name: str
    place: int = 0
    data: bytes = b""


class Recorder(apsw.VFS):
    """The disk of the system, taking down all that is done to it."""

    def __init__(self) -> None:
        self.ops: list[Op] = []
        super().__init__("recorder", "")

    def xOpen(  # noqa: N802 -- SQLite's word
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> apsw.VFSFile:
        text = name.filename() if isinstance(name, apsw.URIFilename) else name
        if text is None:
            return apsw.VFSFile("", None, flags)
        if not Path(text).exists():
            self.ops.append(Op("create", Path(text).name))
        return RecordedFile(self, name, Path(text).name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(filename, syncdir)
        self.ops.append(Op("unlink", Path(filename).name))
        if syncdir:
            self.ops.append(Op("sync-folder", ""))


class RecordedFile(apsw.VFSFile):
    def __init__(
        self,
        disk: Recorder,
        filename: str | apsw.URIFilename | None,
        name: str,
        flags: list[int],
    ) -> None:
        self._disk, self._name = disk, name
        # As the Unix VFS has it: the first sync of a new journal is one of its folder too.
        created = flags[0] & apsw.SQLITE_OPEN_CREATE
        self._syncs_folder = bool(created and flags[0] & apsw.SQLITE_OPEN_MAIN_JOURNAL)
        super().__init__("", filename, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self._disk.ops.append(Op("write", self._name, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self._disk.ops.append(Op("truncate", self._name, newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._disk.ops.append(Op("sync", self._name))
        if self._syncs_folder:
            self._disk.ops.append(Op("sync-folder", ""))
            self._syncs_folder = False


class File:
    """A file on the disk: what is there for sure, and what may be."""

    def __init__(self) -> None:
        self.safe = bytearray()
        self.unsynced: list[Op] = []

    def sync(self) -> None:
        for op in self.unsynced:
            _do(self.safe, op)
        self.unsynced.clear()

    def after_a_cut(self, chance: random.Random) -> bytes:
        content = bytearray(self.safe)
        share = chance.choice((0.0, 0.5, 0.9, 1.0))
        for op in self.unsynced:
            if chance.random() >= share:
                continue
            torn = op.act == "write" and chance.random() < 0.3
            for part in _sectors(op) if torn else (op,):
                if not torn or chance.random() < 0.5:
                    _do(content, part)
        return bytes(content)


class Disk:
    """Folder and files; brought forward op by op."""

    def __init__(self) -> None:
        self._safe: dict[str, File] = {}
        self._now: dict[str, File] = {}
        self._unsynced: list[tuple[str, File | None]] = []

    def do(self, op: Op) -> None:
        if op.act in ("sync", "write", "truncate") and op.name not in self._now:
            self._enter(op.name, File())  # made for its owner alone before SQLite opened it
        match op.act:
            case "create":
                self._enter(op.name, File())
            case "unlink":
                self._enter(op.name, None)
            case "sync-folder":
                self._safe = dict(self._now)
                self._unsynced.clear()
            case "sync":
                self._now[op.name].sync()
            case _:
                self._now[op.name].unsynced.append(op)

    def _enter(self, name: str, file: File | None) -> None:
        _put(self._now, name, file)
        self._unsynced.append((name, file))

    def after_a_cut(self, chance: random.Random) -> dict[str, bytes]:
        names = dict(self._safe)
        share = chance.choice((0.0, 0.5, 1.0))
        for name, file in self._unsynced:
            if chance.random() < share:
                _put(names, name, file)
        return {name: file.after_a_cut(chance) for name, file in names.items()}


def _put(names: dict[str, File], name: str, file: File | None) -> None:
    if file is None:
        names.pop(name, None)
    else:
        names[name] = file


def _do(content: bytearray, op: Op) -> None:
    if op.act == "truncate":
        del content[op.place :]
        return
    content.extend(bytes(max(0, op.place - len(content))))
    content[op.place : op.place + len(op.data)] = op.data


def _sectors(op: Op) -> Iterator[Op]:
    for start in range(0, len(op.data), SECTOR):
        yield op._replace(place=op.place + start, data=op.data[start : start + SECTOR])


class Learner:
    """Studies, and notes after which op of the disk which events were acknowledged."""

    def __init__(self, path: Path, disk: Recorder, chance: random.Random) -> None:
        self._path, self._disk, self._chance = path, disk, chance
        self._at = 20_000 * 86_400_000
        self._cards = [
            Card(f"{number:020x}", f"n{number}", "asia", Kind.TYPED, f"Question {number}?", ("!",))
            for number in range(8)
        ]
        self.events: list[Event] = []
        self.acknowledged: list[tuple[int, int]] = []

    def study(self, steps: int) -> None:
        progress = Progress.open(self._path)
        for _ in range(steps):
            if self._chance.random() < 0.1:
                progress.close()
                progress = Progress.open(self._path)
            self.events += self._step(progress)
            self.acknowledged.append((len(self._disk.ops), len(self.events)))
        progress.close()

    def _step(self, progress: Progress) -> list[Event]:
        self._at += MINUTE_MS
        now = Moment(self._at, 0, TODAY)
        card = self._chance.choice(self._cards)
        last = progress.last_undoable()
        match self._chance.randrange(8):
            case 0 if last:
                return [progress.undo(last, now)]
            case 1:
                return progress.append(log.suspend(now, card), log.flag(now, card, 2))
            case 2:
                many = [log.accept(now, each, "also " * 300) for each in self._cards]
                return progress.append(*many)
        state: CardState = progress.state(card.key)
        rating = self._chance.choice(list(Rating))
        after = Scheduler().next_states(card.key, state, now)[rating]
        start = log.session_start(now, f"{self._at}", log.SessionKind.STUDY, ["asia"])
        answer = log.review(now, card, rating, state, after, session=f"{self._at}")
        return progress.append(start, answer)


class Connection(apsw.Connection):
    """A connection of apsw, with what the program asks one of `sqlite3` for."""

    def create_function(
        self, name: str, count: int, function: Callable[..., object], *, deterministic: bool
    ) -> None:
        self.create_scalar_function(name, function, count, deterministic=deterministic)


def test_no_power_cut_costs_an_answer_that_was_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rounds: Rounds
) -> None:
    cuts = rounds(60, 1000, "power cuts: no file corrupt, no acknowledged answer lost")
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    disk = Recorder()

    def connect(name: str, **_: object) -> apsw.Connection:
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
        return Connection(name, flags, vfs="recorder")

    learner = Learner(tmp_path / "studied" / "progress.db", disk, chance)
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", connect)
        learner.study(cuts // 4)

    places = [chance.randrange(len(disk.ops) + 1) for _ in range(cuts // 2)]
    places += [chance.choice(learner.acknowledged)[0] for _ in range(cuts - len(places))]
    replayed, done = Disk(), 0
    for number, place in enumerate(sorted(places)):
        for op in disk.ops[done:place]:
            replayed.do(op)
        done = place
        folder = tmp_path / f"cut {number}"
        folder.mkdir()
        for name, content in replayed.after_a_cut(chance).items():
            (folder / name).write_bytes(content)
        safe = max((count for at, count in learner.acknowledged if at <= place), default=0)
        told = f"seed {seed}, cut {number} at {place}"
        assert_whole(folder / "progress.db", learner.events, safe, told)


def assert_whole(path: Path, events: list[Event], safe: int, told: str) -> None:
    """The file opens, nothing is wrong with it, and it has the events from the first on."""
    with Progress.open(path) as progress:
        found = list(progress.events())
    assert found == events[: len(found)], told
    assert len(found) >= safe, told
    assert not any(examine(path)[1:]), told
