"""A folder that carries the log: anything may synchronise it.

`log/DEVICE/FIRST-LAST.TAIL.jsonl` holds rows of a device, a line each. TAIL is the running half of
the last row's sum. It stands for all that the file says, so two programs that write a file of one
name write the same bytes, and there is nothing that could conflict. A file appears by a rename and
is never changed. A device may replace several of its files by a larger one.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import pickle
import re
from collections import deque
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import msgpack

from sco_quiz import files
from sco_quiz.collector import collector_paused
from sco_quiz.numbers_and_times import many
from sco_quiz.own_process import GoneError, Helper, messages, reply, started
from sco_quiz.progress.changes import Head
from sco_quiz.sync.carrier import CarriedRows, Segment, SyncError
from sco_quiz.sync.rows import LONGEST_LINE, RowError, check_event, event_of, is_device, line_of
from sco_quiz.sync.sharing import Extent
from sco_quiz.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sco_quiz.progress.log import Event
    from sco_quiz.sync.sharing import SharedLog

    _Note = tuple[int, int, str]
    """Of a file that was taken: its size, when it changed, and what is wrong with it."""

MOST_BYTES = 64 << 20
"""Of one file that is read."""
MOST_ENTRIES = 100_000
"""Names that are looked at below `log`."""
_MANY = 40_000
"""The number of rows that are worth processes which read them."""
_READERS = 2
"""The most of those: one puts the rows into the log as fast as these prove them."""
_MOST_TOLD = 3
_NAME = re.compile(r"([1-9]\d{0,15})-([1-9]\d{0,15})\.([0-9a-f]{16})\.jsonl")
_PASSING = (".", "~")
"""Beginnings of the names that synchronisers give to unfinished files."""

_encode = msgpack.Encoder().encode
_decode = msgpack.Decoder(CarriedRows).decode


class Folder:
    """A folder as a carrier; see `Carrier`."""

    keeps_first = False
    gathers = True

    def __init__(self, path: Path, notes: Path, *, make: bool = False) -> None:
        """Look at a folder.

        Args:
            path: The folder.
            notes: A folder to keep notes in of what was taken from where; may be emptied any time.
            make: Make what is not there, but for the folder that it lies in.

        Raises:
            SyncError: It is not there, or cannot be used.
        """
        self._path, self._log = path, path / "log"
        digest = hashlib.blake2b(os.fsencode(path.absolute()), digest_size=8).hexdigest()
        self._note_file = notes / f"sync-{digest}"
        self._notes: dict[str, _Note] = {}
        self._kept: dict[str, _Note] | None = None
        """The notes as they are on disk; None where they are of no use."""
        self._looks: dict[str, tuple[int, int]] = {}
        self._foreign: list[str] = []
        self._ahead: list[tuple[deque[Segment], Helper]] = []
        """The files that others read, in order, with who does."""
        if make:
            self._make()
        elif not self._log.is_dir():
            raise SyncError(
                f"{path} is not there" if not path.is_dir() else f"{self._log} is not there",
                "connect its disk or start what synchronises it;"
                " or name the folder anew: `sco-quiz sync FOLDER`",
            )
        if self._log.is_symlink():
            raise SyncError(f"{self._log} is a link", "put a folder in its place")

    def _make(self) -> None:
        try:
            if not self._path.parent.is_dir():
                raise SyncError(
                    f"{self._path.parent} is not there",
                    "make that folder first, or connect its disk",
                )
            files.make_folder(self._log, private=True)
        except OSError as error:
            raise _unusable(self._log, error, "made") from error

    def read_notes(self, log: SharedLog) -> None:
        """Go by the notes of what was taken into a log, if this one has all its rows."""
        extent, notes = _read_notes(self._note_file)
        if log.has_all_of(extent):
            self._notes, self._kept = dict(notes), notes
        else:
            self._notes, self._kept = {}, None

    def survey(self) -> dict[str, list[Segment]]:
        """Return the files by device, going by their names."""
        found: dict[str, list[Segment]] = {}
        self._foreign, self._looks = [], {}
        left = MOST_ENTRIES
        for device in self._entries(self._log):
            left -= 1
            if device.name.startswith(_PASSING):
                continue
            if not is_device(device.name) or not device.is_dir(follow_symlinks=False):
                self._foreign.append(f"log/{device.name}")
                continue
            for entry in self._entries(Path(device.path)):
                left -= 1
                if left < 0:
                    raise SyncError(
                        f"{self._log} holds more than {MOST_ENTRIES:,} files",
                        "sco-quiz is not alone in this folder: move out what does not belong to it",
                    )
                if segment := self._segment_of(device.name, entry):
                    found.setdefault(device.name, []).append(segment)
        for segments in found.values():
            segments.sort(key=lambda each: (each.first, each.last, each.tail))
        return found

    def _segment_of(self, device: str, entry: os.DirEntry[str]) -> Segment | None:
        if entry.name.startswith(_PASSING):
            if entry.name.startswith(files.BEGINNING):
                files.sweep(self._log / device)
            return None
        name = f"log/{device}/{entry.name}"
        match = _NAME.fullmatch(entry.name)
        if match is None or not entry.is_file(follow_symlinks=False):
            self._foreign.append(name)
            return None
        first, last = int(match[1]), int(match[2])
        if first > last:
            self._foreign.append(name)
            return None
        try:
            stat = entry.stat(follow_symlinks=False)
        except OSError:  # taken away meanwhile
            return None
        look = self._looks[name] = stat.st_size, stat.st_mtime_ns
        *known, trouble = self._notes.get(name, (0, 0, ""))
        is_known = tuple(known) == look
        return Segment(
            device,
            first,
            last,
            bytes.fromhex(match[3]),
            name,
            is_known,
            trouble if is_known else "",
        )

    def _entries(self, folder: Path) -> Iterator[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                yield from entries
        except FileNotFoundError:
            if folder == self._log:
                raise SyncError(f"{folder} is not there any more", "connect its disk") from None
        except OSError as error:
            raise _unusable(folder, error, "read") from error

    def troubles(self) -> list[str]:
        """Name what others put beside the files, once `survey` saw it."""
        if not self._foreign:
            return []
        names = ", ".join(
            clean(name, multiline=False) for name in sorted(self._foreign)[:_MOST_TOLD]
        )
        more = len(self._foreign) - _MOST_TOLD
        also = f" and {many(more, 'other')}" if more > 0 else ""
        return [f"{clean(str(self._path))}: {names}{also}: not put there by sco-quiz, left alone"]

    @contextmanager
    def ahead(self, segments: Sequence[Segment]) -> Iterator[None]:
        """Have other processes read and prove files meanwhile, where there are many rows."""
        rows = sum(each.last - each.first + 1 for each in segments)
        processes = min(os.cpu_count() or 1, _READERS, len(segments))
        with ExitStack() as stack:
            stack.callback(self._ahead.clear)
            if rows >= _MANY and processes > 1:
                with suppress(GoneError):
                    for number in range(processes):
                        some = segments[number::processes]
                        reader = stack.enter_context(started(__name__))
                        reader.send(pickle.dumps((self._path, some)))
                        self._ahead.append((deque(some), reader))
            yield

    def read(self, segment: Segment, after: int) -> CarriedRows:  # noqa: ARG002 -- a file is read whole
        """Read a file, as a whole."""
        for expected, reader in self._ahead:
            if expected and expected[0] == segment:
                expected.popleft()
                with suppress(GoneError):
                    return _decode(reader.receive())
                expected.clear()
        return _read(self._path, segment)

    def holds(self, segment: Segment, rows: Sequence[Event]) -> bool:
        """Return whether a file holds just these rows, whatever ends its lines."""
        try:
            data = files.read_plain(self._path / segment.name, MOST_BYTES)
        except OSError:
            return False
        return data.replace(b"\r\n", b"\n") == b"".join(map(line_of, rows))

    def put(self, rows: Sequence[Event]) -> None:
        """Put a file in place; one of its name that is not as it is to be is replaced."""
        first, last = rows[0], rows[-1]
        folder = self._log / first.device
        if folder.is_symlink():
            raise SyncError(f"{folder} is a link", "put a folder in its place")
        name = f"{first.seq}-{last.seq}.{last.sum[8:].hex()}.jsonl"
        path = folder / name
        try:
            if not self._log.is_dir():  # a disk that was taken out must not be written beside
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self._log))
            files.make_folder(folder, private=True)
            found = path.lstat() if os.path.lexists(path) else None
            files.put(path, map(line_of, rows), found, private=True)
            stat = path.stat()
        except FileExistsError:  # another program put the same there meanwhile
            return
        except OSError as error:
            raise _unusable(path, error, "written") from error
        name = f"log/{first.device}/{name}"
        self._looks[name] = stat.st_size, stat.st_mtime_ns
        self._notes[name] = stat.st_size, stat.st_mtime_ns, ""

    def note(self, segment: Segment, trouble: str = "") -> None:
        """Note that a file was taken as it was seen."""
        if look := self._looks.get(segment.name):
            self._notes[segment.name] = *look, trouble

    def drop(self, segments: Sequence[Segment]) -> None:
        """Remove files."""
        for segment in segments:
            with suppress(OSError):  # a file more does no harm
                (self._path / segment.name).unlink()
                self._looks.pop(segment.name, None)

    def keep_notes(self, log: SharedLog) -> None:
        """Keep the notes of what lies there, if there is any news."""
        there = {name: note for name, note in self._notes.items() if name in self._looks}
        if there == self._kept:
            return
        self._kept = there
        with suppress(OSError):
            files.make_folder(self._note_file.parent, private=True)
            files.keep_note(self._note_file, _in_json(log.extent(), there))

    def close(self) -> None:
        """Do nothing: no file is left open."""


def _read(folder: Path, segment: Segment) -> CarriedRows:
    """Read a file of a folder, as a whole, and prove its rows."""
    try:
        data = files.read_plain(folder / segment.name, MOST_BYTES)
    except FileNotFoundError:
        return CarriedRows([], "is not there any more", may_pass=True)
    except OSError as error:
        may_pass = error.errno != errno.EFBIG
        return CarriedRows([], f"cannot be read ({error.strerror})", may_pass)
    rows: list[Event] = []
    before: bytes | None = b"" if segment.first == 1 else None
    for seq, line in enumerate(data.split(b"\n"), segment.first):
        if not line.strip() and seq > segment.last:
            continue
        try:
            if len(line) > LONGEST_LINE:
                raise RowError("is longer than a row can be")  # noqa: TRY301
            event = event_of(line)
            if event.seq != seq or event.device != segment.device or seq > segment.last:
                raise RowError("is not the row that belongs there")  # noqa: TRY301
            check_event(event, before)
        except RowError as error:
            if not line.strip() or data.endswith(line):
                return CarriedRows(
                    rows, f"ends before row {seq:,}: it has not arrived as a whole yet"
                )
            return CarriedRows(rows, f"row {seq:,} {error.message}")
        rows.append(event)
        before = event.sum
    if rows[-1].sum[8:] != segment.tail:
        return CarriedRows(rows[:-1], f"row {segment.last:,} is not the one that its name promises")
    return CarriedRows(rows)


def _in_json(extent: Extent, notes: dict[str, _Note]) -> str:
    heads = {device: (head.seq, head.sum.hex()) for device, head in extent.heads.items()}
    return json.dumps({"heads": heads, "losses": [*extent.losses], "files": notes})


def _read_notes(path: Path) -> tuple[Extent, dict[str, _Note]]:
    try:
        found = json.loads(files.read_note(path))
        heads = {
            str(device): Head(int(seq), bytes.fromhex(proof))
            for device, (seq, proof) in found["heads"].items()
        }
        losses = frozenset(
            (str(device), int(first), int(behind)) for device, first, behind in found["losses"]
        )
        notes = {
            str(name): (int(size), int(changed), str(trouble))
            for name, (size, changed, trouble) in found["files"].items()
        }
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return Extent({}, frozenset()), {}
    return Extent(heads, losses), notes


def _unusable(path: Path, error: OSError, what: str) -> SyncError:
    if error.errno == errno.ENOSPC:
        return SyncError(
            f"{path}: the disk is full", "free some space; what is not sent goes with the next sync"
        )
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return SyncError(
            f"{path} cannot be {what} ({error.strerror})",
            "check that you may write there; what is not sent goes with the next sync",
        )
    return SyncError(
        f"{path} cannot be {what} ({error.strerror})",
        "check that its disk is connected; what is not sent goes with the next sync",
    )


def _serve() -> None:
    """Read the files that another process names."""
    with collector_paused():
        path, segments = pickle.loads(next(messages()))  # noqa: S301 -- from ourselves
        for segment in segments:
            reply(_encode(_read(path, segment)))


if __name__ == "__main__":
    _serve()
