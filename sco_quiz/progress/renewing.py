"""Puts new files in the place of damaged or overwritten ones, with all events to be found."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from contextlib import ExitStack, closing, contextmanager, suppress
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DamagedError, ProgressError
from sco_quiz.files import unfinished
from sco_quiz.learning.study_day import local_time
from sco_quiz.numbers_and_times import in_full, many, plural
from sco_quiz.progress.backup_reach import backups_of, reach_of
from sco_quiz.progress.database import code_of, connect, transaction
from sco_quiz.progress.file import check_pages, errors_in_words, open_to_read, open_to_write
from sco_quiz.progress.log import INSERT_EVENT, SELECT_EVENTS, Event
from sco_quiz.progress.replacing import put_in_place
from sco_quiz.progress.replay import rebuild
from sco_quiz.progress.salvage import whole_events
from sco_quiz.progress.sums import faults_of, verify_sums

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from sco_quiz.progress.backup_reach import Heads


class MendedFile(NamedTuple):
    """The outcome of mending a damaged file.

    Attributes:
        aside: The path at which the old file is kept; None if there was none.
        saved: The number of events in the new file.
        last: The local time of the last of them; None without any.
        added: The number of them that only a backup had.
        lost: The number of events that are missing in a device's numbering. Events lost at its end
            cannot be known.
        backup: The day of the newest backup that was merged in, if there was one.
    """

    aside: Path | None
    saved: int
    last: datetime | None
    added: int
    lost: int
    backup: date | None

    def in_words(self) -> str:
        """Return a sentence on what was saved and what was lost."""
        saved = f"{many(self.saved, 'event was', 'events were')} saved into a new one"
        if self.last is not None:
            saved += f", up to {in_full(self.last)}, {self.last:%H:%M}"
        if self.backup is not None and self.added:
            saved += f", {self.added:,} of them from the backup of {self.backup}"
        if self.lost:
            are = plural(self.lost, "is", "are")
            lost = f"at least {self.lost:,} could not be read and {are} lost"
        else:
            lost = "none is known to be lost"
        return (
            f"Your progress file was damaged. {saved}; {lost}."
            f" The damaged file is kept as {self.aside}."
        )


def mend(path: Path) -> MendedFile | None:
    """Replace a damaged file by a new one with all events that it or a backup holds.

    The damaged file is kept, in the folder of backups.

    Returns:
        The outcome; None if another process was faster.

    Raises:
        ProgressError: The new file could not be written; the damaged one is where it was.
    """
    return _renew(path, "damaged", [])


def carry_over(path: Path, held: Sequence[Event]) -> str:
    """Replace a file that was overwritten in use by one with all events that are known.

    The file that had taken its place is kept, in the folder of backups.

    Args:
        path: The progress file; there may be none.
        held: The events that this process knows to have been in it.

    Returns:
        A sentence on what was done.

    Raises:
        ProgressError: The new file could not be written; all is as it was.
    """
    while (renewed := _renew(path, "overwritten", held)) is None:
        pass
    are = plural(renewed.saved, "is", "are")
    back = f"{many(renewed.saved, 'event')} of all that is known {are} in it again"
    lost = f"; at least {many(renewed.lost, 'is', 'are')} lost" if renewed.lost else ""
    kept = f"; what it held then is kept as {renewed.aside}" if renewed.aside else ""
    return (
        f"{path} was overwritten or removed while in use, maybe by a synchroniser:"
        f" {back}{lost}{kept}"
    )


def rename_rows(
    path: Path, device: str, alias: str, rename: Callable[[Sequence[Event]], list[Event]]
) -> Path | None:
    """Replace a file by a new one in which rows of a device have another id.

    The old file is kept, in the folder of backups.

    Args:
        path: The progress file.
        device: The present id of the rows.
        alias: The other id.
        rename: Takes all rows of the device, in order, and returns the new ones.

    Returns:
        The path of the old file.

    Raises:
        ProgressError: The new file could not be written; the old one is where it was.
    """
    with errors_in_words(path), ExitStack() as stack, unfinished(path.parent) as new:
        db = stack.enter_context(_locked(path))
        if db is None:
            raise DamagedError(f"{path} is damaged")
        events = {row.id: row for row in map(Event._make, db.execute(SELECT_EVENTS))}
        own = sorted(event for event in events.values() if event.device == device)
        for event in own:
            del events[event.id]
        events |= {event.id: event for event in rename(own)}
        devices = _devices(db)
        if device in devices:
            devices.add(alias)
        _write(new, [event for _, event in sorted(events.items())], devices)
        if sys.platform == "win32":
            stack.close()  # a file that is open cannot be replaced there
        return put_in_place(new, path, "forked")


def _renew(path: Path, why: str, known_events: Sequence[Event]) -> MendedFile | None:
    with errors_in_words(path), ExitStack() as stack, unfinished(path.parent) as new:
        events = {event.id: event for event in known_events}
        devices = {event.device for event in known_events}
        data = b""
        if path.exists():
            # Closed last: closing any handle of a file gives up all locks that SQLite has on it.
            raw = stack.enter_context(path.open("rb"))
            db = stack.enter_context(_locked(path))
            if os.fstat(raw.fileno()).st_ino != path.stat().st_ino:
                return None
            data = raw.read()
            devices |= _devices(db) if db else set()
        for event in whole_events(data):
            events.setdefault(event.id, event)
        number_read = len(events)
        backup = _take_in_backups(path, events, devices)
        log = [event for _, event in sorted(events.items())]
        _write(new, log, devices)
        if sys.platform == "win32":
            stack.close()  # a file that is open cannot be replaced there
        aside = put_in_place(new, path, why)
    last = max(log, key=attrgetter("order"), default=None)
    return MendedFile(
        aside, len(log), last and _local_time_of(last), len(log) - number_read, _gaps(log), backup
    )


def _take_in_backups(
    path: Path, events: dict[tuple[str, int], Event], devices: set[str]
) -> date | None:
    """Add the events of backups, from the newest on, until none is known to hold more.

    Returns:
        The day of the newest; None if there is none that can be read.
    """
    newest = None
    reach = reach_of(path)
    for day, copy in backups_of(path).items():
        if newest and not _gaps([*events.values()]) and _holds_heads(events, reach.get(copy, {})):
            continue
        with suppress(ProgressError):
            log, writers = log_in_backup(copy)
            for event in log:
                known = events.get(event.id)
                if known is None or known.sum[:8] == event.sum[:8]:
                    events[event.id] = event
            devices |= writers
            newest = newest or day
    return newest


@contextmanager
def _locked(path: Path) -> Iterator[sqlite3.Connection | None]:
    """Keep others from writing to a damaged file, as far as SQLite still can."""
    with ExitStack() as stack:
        db = None
        try:
            with errors_in_words(path):
                db = stack.enter_context(closing(connect(path)))
                db.execute("BEGIN IMMEDIATE")
        except DamagedError:
            db = None
        except ProgressError as error:
            if code_of(error.__cause__ or error) != sqlite3.SQLITE_NOTADB:
                raise
            db = None
        yield db


def _devices(db: sqlite3.Connection) -> set[str]:
    with suppress(sqlite3.Error):
        return {device for (device,) in db.execute("SELECT id FROM device")}
    return set()


def _write(path: Path, log: Sequence[Event], devices: set[str]) -> None:
    """Make a progress file of events, in the order of their ids."""
    devices &= {event.device for event in log}
    with closing(open_to_write(path)) as db, transaction(db):
        db.executemany(INSERT_EVENT, log)
        elsewhere = [(f"elsewhere, as {device}", device) for device in devices]
        db.executemany("INSERT INTO device VALUES (?, ?)", elsewhere)
        if faults := verify_sums(log):
            db.execute("INSERT INTO meta VALUES ('lost', ?)", (json.dumps(faults),))
        rebuild(db)


def _holds_heads(events: Mapping[tuple[str, int], Event], heads: Heads) -> bool:
    """Return True if all these last events are among events."""
    return all(
        (known := events.get((device, seq))) and known.sum[:8].hex().upper() == proof
        for device, (seq, proof) in heads.items()
    )


def _gaps(log: Sequence[Event]) -> int:
    last: dict[str, int] = {}
    for event in log:
        last[event.device] = max(event.seq, last.get(event.device, 0))
    return sum(last.values()) - len(log)


def _local_time_of(event: Event) -> datetime:
    """Return the local time of an event."""
    return local_time(event.at, event.tz)


def check_log(db: sqlite3.Connection, path: Path) -> None:
    """Prove every event.

    Raises:
        DamagedError: One is not as it was written.
    """
    if faults := faults_of(db):
        device, seq, fault = faults[0]
        raise DamagedError(f"{path} is damaged (event {seq} of device {device} is {fault})")


def log_in_backup(backup: Path) -> tuple[list[Event], set[str]]:
    """Read the log of a backup; from a damaged one, the events that are provably whole.

    Returns:
        Its events, and the ids of the devices that wrote to it.

    Raises:
        ProgressError: It cannot be used.
    """
    try:
        with errors_in_words(backup), closing(open_to_read(backup)) as db:
            check_pages(db, backup)
            check_log(db, backup)
            devices = {device for (device,) in db.execute("SELECT id FROM device")}
            return [Event._make(row) for row in db.execute(SELECT_EVENTS)], devices
    except DamagedError:
        whole = {event.id: event for event in whole_events(backup.read_bytes())}
        return [*whole.values()], set()
