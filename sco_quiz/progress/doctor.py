"""Examining a progress file, and saving what can be read of a damaged one."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from contextlib import ExitStack, closing, contextmanager, suppress
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DamagedError, ProgressError, StaleError
from sco_quiz.learning.study_day import local_time
from sco_quiz.progress.backup import backups_of, check_log
from sco_quiz.progress.damage import log_faults, page_faults, stale_views
from sco_quiz.progress.database import connect, transaction
from sco_quiz.progress.file import check_pages, explained, open_to_read, open_to_write
from sco_quiz.progress.log import INSERT_EVENT, SELECT_EVENTS, Event
from sco_quiz.progress.replacing import put_in_place, unfinished
from sco_quiz.progress.replay import rebuild as replay
from sco_quiz.progress.salvage import whole_events
from sco_quiz.progress.store import Progress
from sco_quiz.progress.sums import verify_sums

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime
    from pathlib import Path


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
        damage = [*page_faults(db), *log_faults(db)]
        stale = [] if damage else list(stale_views(db))
        ((events,),) = db.execute("SELECT count(*) FROM event")
    return Examination(events, damage, stale)


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
    """Return the local time of then at which an event happened."""
    return local_time(event.at, event.tz)


def _count(number: int) -> str:
    return f"{number:,} event{'s' * (number != 1)}"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
