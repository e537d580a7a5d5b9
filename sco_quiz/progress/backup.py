"""Backups of the progress file: whole copies in the folder `backups` beside it, a few kept."""

from __future__ import annotations

from contextlib import closing, contextmanager
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DamagedError
from sco_quiz.progress.backup_reach import (
    backups_of,
    folder_of,
    note_reach,
    shortfall,
)
from sco_quiz.progress.damage import log_faults, page_faults, stale_views
from sco_quiz.progress.database import BAD_DATA, connect, transaction
from sco_quiz.progress.file import check_pages, errors_in_words, open_to_read
from sco_quiz.progress.renewing import check_log
from sco_quiz.progress.replacing import copied, set_aside
from sco_quiz.progress.replay import rebuild

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from pathlib import Path


DAYS, WEEKS, MONTHS = 7, 5, 12
"""The last 7 daily backups are kept, and the last one of each of 5 weeks and of 12 months."""

_SELECT_NOT_IN_LOG = """
SELECT 1 FROM backup.event AS theirs WHERE NOT EXISTS (
  SELECT 1 FROM main.event AS ours WHERE ours.device = theirs.device AND ours.seq = theirs.seq
    AND substr(ours.sum, 1, 8) = substr(theirs.sum, 1, 8)
) LIMIT 1"""


class Contents(NamedTuple):
    """The size of a progress file's history.

    Attributes:
        events: The number of all events.
        reviews: The number of reviews that count.
        cards: The number of cards that have a history.
        days: The first and the last study day, as `date.toordinal`; None without any event.
        devices: The number of device ids that wrote to it.
    """

    events: int
    reviews: int
    cards: int
    days: tuple[int, int] | None
    devices: int


def contents_of(path: Path) -> Contents:
    """Count what is in a progress file.

    Raises:
        ProgressError: It cannot be used.
    """
    with errors_in_words(path), closing(open_to_read(path)) as db:
        events, first, last, devices = db.execute(
            "SELECT count(*), min(day), max(day), count(DISTINCT device) FROM event"
        ).fetchone()
        ((reviews,),) = db.execute("SELECT count(*) FROM review")
        ((cards,),) = db.execute("SELECT count(*) FROM card_state")
    return Contents(events, reviews, cards, (first, last) if events else None, devices)


def prove(path: Path) -> None:
    """Look at every page of a progress file, and prove every event.

    Raises:
        DamagedError: It is damaged.
        ProgressError: It cannot be used.
    """
    with errors_in_words(path), closing(open_to_read(path)) as db:
        check_pages(db, path)
        check_log(db, path)


def ids_of(path: Path) -> set[tuple[str, int]]:
    """Return the ids of the events of a progress file.

    Raises:
        ProgressError: It cannot be used.
    """
    with errors_in_words(path), closing(open_to_read(path)) as db:
        return set(db.execute("SELECT device, seq FROM event"))


def write_copy(path: Path, target: Path) -> None:
    """Write a copy of a progress file, in the newest format, and prove it as the doctor would.

    Views that don't follow from the log are made anew in it.

    Args:
        path: The progress file.
        target: The copy; one that is there is replaced.

    Raises:
        DamagedError: The progress file is damaged; a file at `target` is as it was.
        ProgressError: It cannot be used, or the copy cannot be written; likewise.
    """
    with errors_in_words(path), closing(open_to_read(path)) as db, _proved_copy(db, path, target):
        pass


@contextmanager
def _proved_copy(db: sqlite3.Connection, path: Path, target: Path) -> Iterator[sqlite3.Connection]:
    check_pages(db, path)
    with errors_in_words(target), copied(db, target) as new:
        check_log(new, path)
        for fault in (*page_faults(new), *log_faults(new)):
            raise DamagedError(f"{path} is damaged ({fault})")
        if any(stale_views(new)):
            with transaction(new):
                rebuild(new)
        yield new


def back_up(path: Path, day: int) -> Path | None:
    """Make the backup of a study day, anew if there is one; remove those no longer kept.

    A backup with an event that the new one lacks is never removed; one of that name is set aside.

    Args:
        path: The progress file.
        day: The study day.

    Returns:
        The backup; None when there is nothing to back up.

    Raises:
        BehindError: The progress file knows less than a backup; every backup is as it was.
        DamagedError: The progress file is damaged; every backup is as it was.
        ProgressError: It or the folder of backups cannot be used.
    """
    target = folder_of(path) / name_of(day)
    with errors_in_words(path), closing(open_to_read(path)) as db:
        if behind := shortfall(db, path):
            raise behind
        if not db.execute("SELECT 1 FROM event LIMIT 1").fetchone():
            return None
        with _proved_copy(db, path, target) as new:
            if target.exists() and not _holds_all(new, target):
                set_aside(target)
    with errors_in_words(target):
        _remove_old(path, target)
    note_reach(path)
    return target


def name_of(day: int) -> str:
    """Return the name of the backup of a study day."""
    return f"progress-{date.fromordinal(day).isoformat()}.db"


def choose_kept_days(days: Iterable[date]) -> set[date]:
    """Choose the days whose backups are kept; see `DAYS`."""
    newest_first = sorted(days, reverse=True)
    weeks, months = {}, {}
    for day in reversed(newest_first):
        weeks[day.isocalendar()[:2]] = day
        months[day.year, day.month] = day
    return {
        *newest_first[:DAYS],
        *sorted(weeks.values())[-WEEKS:],
        *sorted(months.values())[-MONTHS:],
    }


def _remove_old(path: Path, new_backup: Path) -> None:
    """Remove the backups that are no longer kept and whose events are all in the new one."""
    backups = backups_of(path)
    with closing(connect(new_backup)) as db:
        for day in backups.keys() - choose_kept_days(backups):
            if backups[day] != new_backup and _holds_all(db, backups[day]):
                backups[day].unlink(missing_ok=True)


def _holds_all(db: sqlite3.Connection, backup: Path) -> bool:
    """Return True if every event of a backup is in a log; False too if it cannot be read."""
    try:
        db.execute("ATTACH ? AS backup", (f"{backup.absolute().as_uri()}?mode=ro",))
        missing_event = db.execute(_SELECT_NOT_IN_LOG).fetchone()
        db.execute("DETACH backup")
    except BAD_DATA:
        return False
    return not missing_event
