"""Backups of the progress file: whole copies in the folder `backups` beside it, a few kept."""

from __future__ import annotations

import re
import time
from contextlib import closing, suppress
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DamagedError, ProgressError
from sco_quiz.progress.file import check_pages, explained, open_to_read
from sco_quiz.progress.replacing import (
    UNFINISHED,
    copied,
    folder_of,
    put_in_place,
    unfinished,
)
from sco_quiz.progress.sums import faults_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from pathlib import Path

DAYS, WEEKS, MONTHS = 7, 5, 12
"""How many daily backups are kept, and of how many weeks and months the last one."""

_NAME = re.compile(r"progress-(\d{4}-\d\d-\d\d)\.db")
_STALE_SECONDS = 86_400


class Contents(NamedTuple):
    """What a progress file comes to.

    Attributes:
        events: All that was ever done.
        reviews: Answers that count.
        cards: Cards that have a history.
        days: The first and the last study day, as `date.toordinal`; None when nothing was done.
        devices: How many ids it was written under.
    """

    events: int
    reviews: int
    cards: int
    days: tuple[int, int] | None
    devices: int


def contents_of(path: Path) -> Contents:
    """What a progress file comes to.

    Raises:
        ProgressError: It cannot be used.
    """
    with explained(path), closing(open_to_read(path)) as db:
        events, first, last, devices = db.execute(
            "SELECT count(*), min(day), max(day), count(DISTINCT device) FROM event"
        ).fetchone()
        ((reviews,),) = db.execute("SELECT count(*) FROM review")
        ((cards,),) = db.execute("SELECT count(*) FROM card_state")
    return Contents(events, reviews, cards, (first, last) if events else None, devices)


def ids_of(path: Path) -> set[tuple[str, int]]:
    """What names the events of a progress file.

    Raises:
        ProgressError: It cannot be used.
    """
    with explained(path), closing(open_to_read(path)) as db:
        return set(db.execute("SELECT device, seq FROM event"))


def copy(path: Path, target: Path) -> None:
    """Write a copy of a progress file, in the newest format, and see that it is whole.

    Args:
        path: The progress file.
        target: The copy; one that is there is replaced.

    Raises:
        DamagedError: The progress file is damaged; what was at `target` still is.
        ProgressError: It cannot be used, or the copy not be written; the like.
    """
    with explained(path), closing(open_to_read(path)) as db:
        check_pages(db, path)
        with explained(target), copied(db, target) as new:
            check_log(new, path)


def check_log(db: sqlite3.Connection, path: Path) -> None:
    """Prove every event.

    Raises:
        DamagedError: One is not as it was written.
    """
    if faults := faults_of(db):
        device, seq, fault = faults[0]
        raise DamagedError(f"{path} is damaged (event {seq} of device {device} is {fault})")


def back_up(path: Path, day: int) -> Path | None:
    """Make the backup of a study day, anew if there is one; let go of those no longer kept.

    Args:
        path: The progress file.
        day: The study day.

    Returns:
        The backup; None when there is nothing to back up.

    Raises:
        DamagedError: The progress file is damaged; every backup is as it was.
        ProgressError: It or the folder of backups cannot be used.
    """
    if not path.exists() or contents_of(path).days is None:
        return None
    target = folder_of(path) / name_of(day)
    copy(path, target)
    with explained(target):
        _let_go(path)
    return target


def name_of(day: int) -> str:
    """The name of the backup of a study day."""
    return f"progress-{date.fromordinal(day).isoformat()}.db"


def backups_of(path: Path) -> dict[date, Path]:
    """The rotating backups of a progress file, the newest first."""
    found = {}
    for entry in folder_of(path).glob("progress-*.db"):
        if match := _NAME.fullmatch(entry.name):
            with suppress(ValueError):
                found[date.fromisoformat(match[1])] = entry
    return dict(sorted(found.items(), reverse=True))


def kept(days: Iterable[date]) -> set[date]:
    """Which of the backups of these days to keep; see `DAYS`."""
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


def _let_go(path: Path) -> None:
    backups = backups_of(path)
    for day in backups.keys() - kept(backups):
        backups[day].unlink(missing_ok=True)
    for left in folder_of(path).glob(f"*{UNFINISHED}"):  # by a power cut, say
        if left.stat().st_mtime < time.time() - _STALE_SECONDS:
            left.unlink(missing_ok=True)


def restore(path: Path, source: Path) -> Path | None:
    """Put a backup in the place of the progress file, which is kept aside.

    Programs that have the file open refuse the next answer: they notice that it was replaced.

    Args:
        path: The progress file; there may be none, or one that is of no use.
        source: The backup; stays as it is.

    Returns:
        Where the replaced file is; None if there was none.

    Raises:
        DamagedError: The backup is damaged; nothing was changed.
        ProgressError: It cannot be used, or not be put in place; nothing was changed.
    """
    if not source.is_file():
        raise ProgressError(f"there is no file {source}", "name the file of a backup")
    with explained(path), unfinished(path.parent) as new:
        copy(source, new)
        return put_in_place(new, path, "before-restore")
