"""A progress file that lacks what it had before gets it back from the other devices."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sco_quiz.progress.backup import write_copy
from sco_quiz.progress.renewing import mend
from sco_quiz.progress.restoring import restore
from sco_quiz.sync import folder as folders
from sco_quiz.sync.sharing import SharedLog
from sco_quiz.sync.syncing import synchronise
from tests.sync.test_exchange import check_alike
from tests.sync.test_folder import answer, answers_in, flip, only_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sco_quiz.learning.cards import Card
    from tests.sync.conftest import Device

    Way = Callable[[Device, Device, Path], object]


def restore_backup(device: Device, _: Device, older: Path) -> None:
    restore(device.paths.progress_file, older, device.now())


def put_older_copy_there(device: Device, _: Device, older: Path) -> None:
    shutil.copy(older, device.home / "copy")
    (device.home / "copy").replace(device.paths.progress_file)


def write_older_copy_over_it(device: Device, _: Device, older: Path) -> None:
    shutil.copyfile(older, device.paths.progress_file)
    device.keep_id(device.paths.progress_file)


def delete_it(device: Device, _: Device, _older: Path) -> None:
    device.paths.progress_file.unlink()


def delete_its_folder(device: Device, _: Device, _older: Path) -> None:
    shutil.rmtree(device.paths.data)
    device.paths.data.mkdir()


def put_file_of_another_device_there(device: Device, other: Device, _: Path) -> None:
    shutil.copy(other.paths.progress_file, device.home / "copy")
    (device.home / "copy").replace(device.paths.progress_file)


WAYS = [
    restore_backup, put_older_copy_there, write_older_copy_over_it, delete_it, delete_its_folder,
    put_file_of_another_device_there,
]  # fmt: skip


@pytest.fixture
def older(devices: list[Device], cards: list[Card]) -> Path:
    """A copy of the first device's file, of which both devices have seen more since."""
    first, second = devices
    answer(first, cards, 3)
    first.sync()
    copy = first.home / "older.db"
    write_copy(first.paths.progress_file, copy)
    for device in (second, first, second, first):
        answer(device, cards, 2)
        device.sync()
    return copy


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("quietly", [False, True], ids=["alone", "beside the app"])
def test_what_a_progress_file_lost_comes_back_from_the_folder(
    devices: list[Device], older: Path, way: Way, quietly: bool
) -> None:
    first, second = devices
    way(first, second, older)
    first.sync(quietly=quietly)
    assert answers_in(first) == 11
    second.sync()
    first.sync()
    check_alike(devices)
    assert [device.sync().in_words() for device in devices] == ["Nothing new."] * 2


@pytest.mark.parametrize("way", WAYS)
def test_it_comes_back_also_after_more_was_studied_without_it(
    devices: list[Device], cards: list[Card], older: Path, way: Way
) -> None:
    first, second = devices
    way(first, second, older)
    answer(first, cards, 4)
    for device in (first, second, first, second):
        device.sync()
    check_alike(devices)
    assert answers_in(first) == 15


@pytest.mark.parametrize("way", WAYS)
def test_a_dry_run_tells_what_comes_back(devices: list[Device], older: Path, way: Way) -> None:
    first, second = devices
    way(first, second, older)
    told = synchronise(first.paths, first.now, first.where, dry_run=True)
    assert told.came
    assert told.came == first.sync().came


def test_what_a_progress_file_lost_again_and_again_comes_back_each_time(
    devices: list[Device], cards: list[Card], older: Path
) -> None:
    first, second = devices
    for number in range(1, 4):
        restore_backup(first, second, older)
        answer(first, cards)
        first.sync()
        second.sync()
        check_alike(devices)
        assert answers_in(second) == 11 + number


@pytest.mark.usefixtures("older")
def test_rows_lost_to_damage_come_back_from_the_folder(devices: list[Device]) -> None:
    first, second = devices
    with first.open() as progress:
        whole, (own,) = SharedLog(progress).heads(), SharedLog(progress).own_ids()
    with closing(sqlite3.connect(first.paths.progress_file)) as db:
        db.execute("DROP TRIGGER event_is_never_deleted")
        with db:
            db.execute("DELETE FROM event WHERE device = ? AND seq BETWEEN 3 AND 5", (own,))
    shutil.rmtree(first.paths.data / "backups", ignore_errors=True)
    assert mend(first.paths.progress_file)
    with first.open() as progress:
        assert SharedLog(progress).heads() == whole
        assert SharedLog(progress).gaps() == {own: 3}
    assert first.sync().rows == 3
    for device in (second, first):
        device.sync()
    check_alike(devices)


def test_rows_of_a_damaged_file_are_sent_again_once_a_backup_brought_them_back(
    devices: list[Device], cards: list[Card]
) -> None:
    first, second = devices
    first.sync()
    older = first.home / "older.db"
    write_copy(first.paths.progress_file, older)
    answer(first, cards, 4)
    first.sync()
    with first.open() as progress:
        events = list(progress.events())
    restore_backup(first, second, older)
    damaged = only_file(first.folder)
    flip(damaged, 0.01)
    assert damaged.name in str(first.sync().troubles)
    with first.open() as progress:
        progress.merge(events)
    first.sync()
    second.sync()
    assert answers_in(second) == 4


def test_no_file_is_read_again_while_nothing_is_new(
    devices: list[Device],
    cards: list[Card],
    older: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = devices
    clone = first.clone(tmp_path / "clone", first.folder)  # some rows get another id
    clone.at += 1
    answer(first, cards, 2)
    answer(clone, cards, 3)
    told = [device.sync().told for device in (first, clone, second, first)]
    assert "Two computers wrote under one id" in str(told)
    own = max(first.folder.rglob("*.jsonl"), key=lambda path: path.stat().st_size)
    stray = first.folder / "log" / "aaaa" / own.name
    stray.parent.mkdir()
    stray.write_bytes(own.read_bytes())
    with first.open() as progress:
        proof = SharedLog(progress).proof(own.parent.name, 2)
    assert proof
    (own.parent / f"1-2.{proof[8:].hex()}.jsonl").write_text("spoilt")  # its rows lie in another
    restore_backup(second, first, older)
    for device in (first, clone, second) * 2:
        assert stray.name in str(device.sync().troubles)
    monkeypatch.setattr(folders, "_read", None)
    monkeypatch.setattr(folders.Folder, "holds", None)
    for device in (first, clone, second):
        assert device.sync().in_words() == "Nothing new."
    check_alike([first, clone, second])
