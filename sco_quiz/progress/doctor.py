"""Whether a progress file is whole, and saving what can be read of one that is not."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections import Counter
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime, timedelta, timezone
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DamagedError, ProgressError, StaleError
from sco_quiz.progress import schema
from sco_quiz.progress.backup import backups_of, check_log
from sco_quiz.progress.file import (
    BAD_DATA,
    check_pages,
    connect,
    empty_in_memory,
    explained,
    explanation_of,
    open_to_read,
    open_to_write,
    transaction,
)
from sco_quiz.progress.log import INSERT_EVENT, SELECT_EVENTS, Event
from sco_quiz.progress.replacing import put_in_place, unfinished
from sco_quiz.progress.replay import rebuild as replay
from sco_quiz.progress.salvage import whole_events
from sco_quiz.progress.store import Progress
from sco_quiz.progress.sums import Fault, faults_of, verify_sums

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

_FAULTS = {
    Fault.CHANGED: "an event is not as it was written",
    Fault.UNCHAINED: "an event or the one before it is not as it was written",
    Fault.MISSING: "one event or more are missing",
}


class Examination(NamedTuple):
    """What an examination found.

    Attributes:
        events: How many could be read.
        damage: What is wrong with its pages and its log, a sentence each; nothing when whole.
        stale: Which views are not what the log comes to, a sentence each.
    """

    events: int
    damage: list[str]
    stale: list[str]


class Mended(NamedTuple):
    """What became of a damaged file.

    Attributes:
        aside: Where the damaged file is now.
        saved: Events in the new file.
        last: When the last of them happened, by the local time of then; None without any.
        added: Those of them that only the backup had.
        lost: Events known to have been there that are in neither; of the last ones nobody knows.
        backup: The day of the backup that was merged in, if there was one.
    """

    aside: Path
    saved: int
    last: datetime | None
    added: int
    lost: int
    backup: date | None

    def in_words(self) -> str:
        """What was and what was not saved."""
        saved = f"{_count(self.saved)} {_were(self.saved)} saved into a new one"
        if self.last is not None:
            saved += f", up to {self.last.day} {self.last:%b %Y, %H:%M}"
        if self.backup is not None and self.added:
            saved += f", {self.added:,} of them from the backup of {self.backup}"
        if self.lost:
            lost = f"at least {self.lost:,} could not be read and {_are(self.lost)} lost"
        else:
            lost = "none is known to be lost"
        return (
            f"Your progress file was damaged. {saved}; {lost}."
            f" The damaged file is kept as {self.aside}."
        )


def examine(path: Path) -> Examination:
    """Look at every page, prove every event, and compare the views with a replay of the log.

    Args:
        path: The progress file; it is not changed.

    Raises:
        DamagedError: It is damaged so that it cannot be read.
        ProgressError: It cannot be used.
    """
    with explained(path), closing(open_to_read(path)) as db:
        damage = [*_page_faults(db), *_log_faults(db)]
        stale = [] if damage else list(_stale_views(db))
        ((events,),) = db.execute("SELECT count(*) FROM event")
    return Examination(events, damage, stale)


def damage_behind(error: BaseException, path: Path) -> DamagedError | StaleError | None:
    """What is wrong with a progress file, if an error that nobody foresaw may come of it.

    Returns:
        None where nothing is: the mistake is ours.
    """
    if not isinstance(error, BAD_DATA) or not path.exists():
        return None
    try:
        with closing(connect(path)) as db:
            damaged = any(_page_faults(db)) or (
                schema.version_of(db) == schema.VERSION and any(_log_faults(db))
            )
    except BAD_DATA as failed:  # only damage or another program keeps one from reading it
        damaged = explanation_of(path, failed) is None
    if damaged:
        return DamagedError(f"{path} is damaged ({error})")
    try:
        with closing(open_to_read(path)) as db:
            stale = any(_stale_views(db))
    except (*BAD_DATA, ProgressError):  # the log is whole, so a replay that fails is a mistake
        stale = False
    return StaleError(f"{path}: its views do not follow from its log ({error})") if stale else None


def rebuild(path: Path) -> Mended | None:
    """Replay the log into new views; where the file is damaged, save it first, see `mend`.

    Returns:
        What became of a damaged file; None if it was not.

    Raises:
        ProgressError: It cannot be used or not be written.
    """
    try:
        damaged = bool(examine(path).damage)
    except StaleError:
        damaged = False
    except DamagedError:
        damaged = True
    if damaged:
        return mend(path)
    with Progress.open(path) as progress:
        progress.rebuild()
    return None


def mend(path: Path) -> Mended | None:
    """Give a damaged file's place to a new one, of all events that it or the last backup holds.

    The damaged file is kept, in the folder of backups.

    Returns:
        What became of it; None if another process was faster.

    Raises:
        ProgressError: The new file could not be written; the damaged one is where it was.
    """
    with explained(path), ExitStack() as stack, unfinished(path.parent) as new:
        # Closed last: closing any handle of a file gives up all locks that SQLite has on it.
        raw = stack.enter_context(path.open("rb"))
        db = stack.enter_context(_held(path))
        if os.fstat(raw.fileno()).st_ino != path.stat().st_ino:
            return None
        events = {event.id: event for event in whole_events(raw.read())}
        read = len(events)
        devices = _devices(db) if db else set()
        backup = None
        for day, copy in backups_of(path).items():
            with suppress(ProgressError), explained(copy), closing(open_to_read(copy)) as old:
                check_pages(old, copy)
                check_log(old, copy)
                for event in map(Event._make, old.execute(SELECT_EVENTS)):
                    known = events.get(event.id)
                    if known is None or known.sum[:8] == event.sum[:8]:
                        events[event.id] = event
                devices |= _devices(old)
                backup = day
                break
        log = [event for _, event in sorted(events.items())]
        _write(new, log, devices)
        if sys.platform == "win32":
            stack.close()  # a file that is open cannot be replaced there
        aside = put_in_place(new, path, "damaged")
    assert aside is not None  # noqa: S101 -- there was a file
    last = max(log, key=attrgetter("order"), default=None)
    return Mended(aside, len(log), last and _lived(last), len(log) - read, _gaps(log), backup)


@contextmanager
def _held(path: Path) -> Iterator[sqlite3.Connection | None]:
    """Keep others from writing to a damaged file, as far as SQLite can still be made to."""
    with ExitStack() as stack:
        db = None
        try:
            with explained(path):
                db = stack.enter_context(closing(connect(path)))
                db.execute("BEGIN IMMEDIATE")
        except DamagedError:
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
        replay(db)


def _gaps(log: Sequence[Event]) -> int:
    last = {event.device: event.seq for event in log}
    return sum(last.values()) - len(log)


def _lived(event: Event) -> datetime:
    """When an event happened, by the local time of then."""
    return datetime.fromtimestamp(event.at / 1000, timezone(timedelta(minutes=event.tz)))


def _page_faults(db: sqlite3.Connection) -> Iterator[str]:
    rows = [text for (text,) in db.execute("PRAGMA main.integrity_check(10)") if text != "ok"]
    for text in rows[:3]:
        yield f"SQLite finds damage: {text.splitlines()[-1]}."
    if len(rows) > 3:
        yield "SQLite finds more than that."


def _log_faults(db: sqlite3.Connection) -> Iterator[str]:
    faults = faults_of(db)
    for fault, count in Counter(fault for _, _, fault in faults).items():
        device, seq = next(found[:2] for found in faults if found[2] is fault)
        more = f", and in {count - 1} more place{'s' * (count > 2)}" if count > 1 else ""
        yield f"In the log {_FAULTS[fault]}: number {seq} of device {device}{more}."
    with closing(empty_in_memory()) as fresh:
        if schema.log_in(db) != schema.log_in(fresh):
            yield "What the file says of the log's tables is not as it was written."
    rows = db.execute("SELECT id FROM device WHERE id NOT IN (SELECT device FROM event)")
    for (device,) in rows:
        yield f"Nothing is in the log from device {device}, under which this file was written."


def _stale_views(db: sqlite3.Connection) -> Iterator[str]:
    with closing(empty_in_memory()) as fresh:
        with transaction(fresh):
            fresh.executemany(INSERT_EVENT, db.execute(SELECT_EVENTS))
            replay(fresh)
        for view in schema.views_in(fresh):
            try:
                wrong = len(_rows(db, view) ^ _rows(fresh, view))
            except sqlite3.Error as error:
                yield f"The view {view} cannot be read: {error}."
            else:
                if wrong:
                    yield (
                        f"In the view {view}, {wrong} row{'s' * (wrong != 1)} {_are(wrong)} not"
                        " what the log comes to."
                    )
        for name, what in (("parameters", "parameters"), ("withdrawn", "withdrawn imports")):
            value = "SELECT value FROM meta WHERE name = ?"
            if db.execute(value, (name,)).fetchall() != fresh.execute(value, (name,)).fetchall():
                yield f"The {what} are not those of the log."


def _rows(db: sqlite3.Connection, view: str) -> set[tuple[object, ...]]:
    """The rows of a view; the names of its columns go with each."""
    rows = db.execute(f'SELECT * FROM "{view}"')  # noqa: S608 -- a name of ours
    names = tuple(name for name, *_ in rows.description)
    return {(names, *row) for row in rows}


def _count(number: int) -> str:
    return f"{number:,} event{'s' * (number != 1)}"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
