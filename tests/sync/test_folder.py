"""A spoilt or hostile folder costs nothing but the rows that are not there."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, cast

import pytest

from sco_quiz import files, own_process
from sco_quiz.errors import UsageError
from sco_quiz.learning.cards import CardState
from sco_quiz.learning.study_day import DAY_MS
from sco_quiz.progress import log
from sco_quiz.progress.appending import ForeignEvents
from sco_quiz.progress.log import Event
from sco_quiz.progress.sums import sum_of
from sco_quiz.sync import folder as folders
from sco_quiz.sync.carrier import Segment, SyncError
from sco_quiz.sync.rows import line_of
from sco_quiz.sync.syncing import synchronise
from tests.conftest import POISON
from tests.processes import Dying, no_room
from tests.progress.test_replay import Step, draft_of
from tests.sync.conftest import START, moment
from tests.sync.test_exchange import check_alike, play

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sco_quiz.learning.cards import Card
    from tests.sync.conftest import Device


def answer(device: Device, cards: list[Card], number: int = 1) -> None:
    for each in range(number):
        device.at += 60_000
        play(device, each, Step(0, "review", each % 4, each, 0), cards)


def new(_: str) -> CardState:
    return CardState()


def answers_in(device: Device) -> int:
    with device.open() as progress:
        ((answers,),) = progress.query("SELECT count(*) FROM review")
    return int(answers)


def only_file(folder: Path) -> Path:
    (path,) = folder.rglob("*.jsonl")
    return path


def flip(path: Path, where: float) -> None:
    data = bytearray(path.read_bytes())
    data[int(where * len(data))] ^= 4
    path.write_bytes(data)


HARMS = pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\0" * path.stat().st_size),
        lambda path: flip(path, 0.5),
        lambda path: path.write_text("<<<<<<< ours\n"),
        lambda path: path.unlink(),
    ],
    ids=["cut", "emptied", "zeroed", "flipped", "conflicting", "removed"],
)


@HARMS
def test_a_damaged_file_stops_only_its_own_device_which_then_replaces_it(
    devices: list[Device], cards: list[Card], harm: object
) -> None:
    first, second = devices
    answer(first, cards, 6)
    first.sync()
    assert callable(harm)
    path = only_file(first.folder)
    harm(path)
    answer(second, cards, 2)
    came = second.sync()
    assert answers_in(second) < 8
    if path.exists():
        assert path.name in came.troubles[0]
        assert len(came.troubles) == 1
        assert second.sync().troubles == came.troubles
    first.sync()
    second.sync()
    first.sync()
    check_alike([first, second])
    assert answers_in(second) == 8
    assert not second.sync().troubles


@HARMS
@pytest.mark.parametrize("process", [subprocess.Popen, no_room, Dying])
def test_files_read_ahead_by_other_processes_are_as_if_they_were_read_here(
    devices: list[Device],
    cards: list[Card],
    harm: Callable[[Path], object],
    process: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for device in devices:
        answer(device, cards, 6)
        device.sync()
    paths = sorted(devices[0].folder.rglob("*.jsonl"))
    harm(paths[1])
    carrier = folders.Folder(devices[0].folder, tmp_path)
    segments = [
        Segment(
            path.parent.name,
            1,
            int(path.name.split("-")[1].split(".")[0]),
            bytes.fromhex(path.name.split(".")[1]),
            str(path.relative_to(devices[0].folder)),
        )
        for path in paths
    ]
    read_here = [carrier.read(segment, 0) for segment in segments]
    assert read_here[0].rows
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(folders, "_MANY", 0)
    monkeypatch.setattr(own_process, "Popen", process)
    with carrier.ahead(segments):
        if process is subprocess.Popen:
            monkeypatch.setattr(folders, "_read", None)  # nothing is left for this process
        assert [carrier.read(segment, 0) for segment in segments] == read_here


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.ENOENT])
def test_a_file_that_cannot_be_read_now_is_read_by_a_later_sync(
    devices: list[Device], cards: list[Card], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    first, second = devices
    answer(first, cards, 3)
    first.sync()

    def refuse(*_: object) -> bytes:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(files, "read_plain", refuse)
        assert "cannot be read" in str(second.sync().troubles) or number == errno.ENOENT
        assert answers_in(second) == 0
    second.sync()
    assert answers_in(second) == 3


def test_files_that_arrive_early_wait_for_the_ones_before_them(
    devices: list[Device], cards: list[Card]
) -> None:
    first, second = devices
    answer(first, cards, 9)
    first.sync()
    early = only_file(first.folder)
    answer(first, cards, 1)
    first.sync()
    late = next(path for path in first.folder.rglob("*.jsonl") if path != early)
    early.rename(first.home / "early")
    assert "row 10 has not arrived yet" in str(second.sync().troubles)
    assert answers_in(second) == 0
    (first.home / "early").rename(early)
    assert second.sync().rows == 11
    assert late.exists()


def test_a_device_has_a_few_files_however_often_it_syncs(
    devices: list[Device], cards: list[Card]
) -> None:
    first, second = devices
    for _ in range(40):
        answer(first, cards, 2)
        first.sync()
    assert len(list(first.folder.rglob("*.jsonl"))) <= 8
    second.sync()
    assert answers_in(second) == 80


def test_foreign_files_in_the_folder_are_named_and_left_alone(
    devices: list[Device], cards: list[Card]
) -> None:
    first, second = devices
    answer(first, cards, 3)
    first.sync()
    own = only_file(first.folder)
    name = "".join(c for c in POISON if c.isprintable() and c != "/")[:40] + "\x1b[31m\n"
    for strange in (own.parent / name, first.folder / "log" / name, first.folder / "log" / "A.txt"):
        strange.write_text("x")
    (own.parent / f"{own.stem} (Ann's conflicted copy 2026-11-29).jsonl").write_text("x")
    (own.parent / ".syncthing.tmp").write_text("x")
    (first.folder / "decks").mkdir()
    told = second.sync()
    assert answers_in(second) == 3
    (line,) = told.troubles
    assert "and 1 other: not put there by sco-quiz, left alone" in line
    assert "\x1b" not in line
    assert "\n" not in line
    assert ".syncthing" not in line


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of Unix")
def test_links_pipes_and_huge_files_are_not_followed_waited_for_or_read(
    devices: list[Device], cards: list[Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = devices
    answer(first, cards, 3)
    first.sync()
    own = only_file(first.folder)
    proof = "0" * 16
    (own.parent / f"10-20.{proof}.jsonl").symlink_to("/dev/zero")
    os.mkfifo(own.parent / f"20-30.{proof}.jsonl")
    (own.parent / f"30-40.{proof}.jsonl").mkdir()
    huge = own.parent / f"5-9.{proof}.jsonl"
    with huge.open("wb") as file:
        file.truncate(folders.MOST_BYTES + 1)
    (first.folder / "log" / "aaaa").symlink_to("/")
    told = "\n".join(second.sync().troubles)
    assert answers_in(second) == 3
    assert f"{huge.name}: cannot be read (it has more than 67,108,864 bytes)" in told
    assert "and 1 other: not put there by sco-quiz" in told
    monkeypatch.setattr(folders, "MOST_ENTRIES", 3)
    with pytest.raises(SyncError, match="holds more than 3 files"):
        second.sync()


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"kind": "review", "data": "{}"}, "says nothing that can be used"),
        ({"kind": "review", "data": "[" * 100_000}, "says nothing that can be used"),
        ({"kind": "parameters", "card": None, "data": '{"parameters":[1]}'}, "FSRS cannot use"),
        ({"kind": "flag", "data": '{"flag":8}'}, "says nothing that can be used"),
        ({"kind": "flag", "card": None, "data": '{"flag":1}'}, "about no card"),
        ({"at": 10**15}, "is not a row of a log"),
        ({"day": 0}, "is not a row of a log"),
        ({"stamp": 2**63}, "is not a row of a log"),
        ({"tz": 10_000}, "is not a row of a log"),
    ],
)
def test_rows_that_cannot_be_replayed_are_not_taken(
    devices: list[Device], columns: dict[str, object], reason: str
) -> None:
    first, _ = devices
    event = Event("aaaa", 1, 5, 5, 0, 700_000, "flag", "k", None, '{"flag":1}', b"")
    event = event._replace(**columns)  # type: ignore[arg-type]
    event = event._replace(sum=sum_of(event, b""))
    path = first.folder / "log" / "aaaa" / f"1-1.{event.sum[8:].hex()}.jsonl"
    path.parent.mkdir(parents=True)
    path.write_bytes(line_of(event))
    assert reason in str(first.sync().troubles)
    with first.open() as progress:
        assert progress.query("SELECT count(*) FROM event WHERE device = 'aaaa'") == [(0,)]


def test_rows_of_a_future_version_are_kept_and_passed_on_and_count_for_nothing(
    devices: list[Device], cards: list[Card], tmp_path: Path
) -> None:
    first, second = devices
    with first.open() as progress:
        draft = log.flag(first.now(), cards[0], 3)
        progress.append(draft._replace(kind=cast("log.EventKind", "levitate")))
    first.sync()
    second.sync()
    moved = tmp_path / "shared" / "elsewhere"
    synchronise(second.paths, second.now, str(moved), make=True)
    synchronise(first.paths, first.now, str(moved))
    with second.open() as progress:
        assert progress.query("SELECT count(*) FROM event WHERE kind = 'levitate'") == [(1,)]
    assert b"levitate" in b"".join(path.read_bytes() for path in moved.rglob("*.jsonl"))


def test_a_missing_folder_is_not_created_and_nothing_is_lost(
    devices: list[Device], cards: list[Card]
) -> None:
    first, second = devices
    answer(first, cards, 3)
    first.sync()
    first.folder.rename(first.home / "unplugged")
    for _ in range(2):
        with pytest.raises(SyncError, match="is not there"):
            synchronise(first.paths, first.now, first.where)
    first.folder.mkdir()  # where it is mounted
    with pytest.raises(SyncError, match="log is not there"):
        synchronise(first.paths, first.now, first.where)
    first.folder.rmdir()
    (first.home / "unplugged").rename(first.folder)
    answer(first, cards, 1)
    first.sync()
    second.sync()
    assert answers_in(second) == 4


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_full_or_unwritable_disk_is_reported_and_received_rows_are_kept(
    devices: list[Device], cards: list[Card], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    first, second = devices
    answer(first, cards, 3)
    first.sync()
    answer(second, cards, 2)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(files, "put", refuse)
        with pytest.raises(SyncError) as caught:
            second.sync()
    assert "what is not sent goes with the next sync" in caught.value.help
    assert answers_in(second) == 5
    assert second.sync().went.answers == 2


def test_the_folder_of_the_progress_file_is_refused_as_the_shared_folder(
    devices: list[Device],
) -> None:
    first, _ = devices
    for where in (first.paths.data, first.home):
        with pytest.raises(UsageError, match="holds your progress file"):
            synchronise(first.paths, first.now, str(where), make=True)


def test_a_clock_that_is_a_year_off_changes_no_order_between_devices(
    devices: list[Device], cards: list[Card]
) -> None:
    first, second = devices
    first.at += 365 * DAY_MS
    answer(first, cards, 3)
    first.sync()
    second.sync()
    answer(second, cards, 3)
    second.sync()
    first.sync()
    check_alike([first, second])
    with first.open() as progress:
        order = [event.device for event in progress.events() if event.kind == "review"]
    assert order == sorted(order, key=order.index)
    assert len(set(order)) == 2


def test_undoing_an_event_of_another_device_counts_everywhere(
    devices: list[Device], cards: list[Card]
) -> None:
    first, second = devices
    answer(first, cards, 2)
    first.sync()
    second.sync()
    with second.open() as progress:
        event = [each for each in progress.events() if each.kind == "review"][-1]
        progress.undo(event, second.now())
    second.sync()
    first.sync()
    check_alike([first, second])
    assert answers_in(first) == 1


def test_an_undo_still_holds_after_its_event_got_another_device_id(
    devices: list[Device], cards: list[Card], tmp_path: Path
) -> None:
    first, third = devices
    answer(first, cards, 2)
    first.sync()
    clone = first.clone(tmp_path / "clone", first.folder)
    clone.at += 1
    answer(first, cards, 2)
    answer(clone, cards, 3)
    for device in (first, clone):  # each took back its last answer
        with device.open() as progress:
            last = progress.last_undoable()
            assert last is not None
            progress.undo(last, device.now())
    first.sync()
    third.sync()
    with third.open() as progress:  # and a third took back one of the first
        event = [each for each in progress.events() if each.kind == "review"][2]
        progress.undo(event, third.now())
    for _ in range(3):
        for device in (clone, first, third):
            device.sync()
    check_alike([first, clone, third])
    assert answers_in(first) == 2 + 0 + 2


def test_only_the_owner_can_read_the_shared_files(devices: list[Device], cards: list[Card]) -> None:
    first, _ = devices
    answer(first, cards)
    first.sync()
    for path in first.folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0


def test_status_and_a_dry_run_change_nothing(devices: list[Device], cards: list[Card]) -> None:
    first, second = devices
    answer(first, cards, 3)
    first.sync()
    answer(second, cards)
    before = {path: path.read_bytes() for path in first.folder.rglob("*.jsonl")}
    came = synchronise(second.paths, second.now, second.where, dry_run=True)
    assert came.came[0].much.answers == 3
    assert came.went.answers == 1
    assert {path: path.read_bytes() for path in first.folder.rglob("*.jsonl")} == before
    assert answers_in(second) == 1
    assert json.dumps(came.troubles) == "[]"


def test_a_history_that_was_imported_on_two_devices_counts_once(
    devices: list[Device], cards: list[Card]
) -> None:
    for number, device in enumerate(devices):
        device.at += 10 * DAY_MS
        drafts = [
            draft_of(Step(0, "review", card, 6, 0), moment(START + card), cards, new)._replace(
                session=None
            )
            for card in range(3)
        ]
        name = f"import{number}"
        with device.open() as progress:
            progress.append_with(
                lambda _: None,
                log.imported(device.now(), "a file", {}, device=name),
                brought=ForeignEvents(name, drafts),
            )
    first, second = devices
    for device in (first, second, first):
        device.sync()
    check_alike(devices)
    assert answers_in(first) == 3
    with first.open() as progress:  # taken back on one, it counts as the other's
        last = progress.last_undoable()
        assert last is not None
        progress.take_back(last, first.now())
    first.sync()
    second.sync()
    check_alike(devices)
    assert answers_in(first) == 3
    with second.open() as progress:
        last = progress.last_undoable()
        assert last is not None
        progress.take_back(last, second.now())
    second.sync()
    first.sync()
    check_alike(devices)
    assert answers_in(first) == 0
