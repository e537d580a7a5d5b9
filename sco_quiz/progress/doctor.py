"""Examining a progress file, and putting right what is wrong with it."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DamagedError, StaleError
from sco_quiz.progress.damage import log_faults, page_faults, stale_views
from sco_quiz.progress.database import snapshot_of
from sco_quiz.progress.file import explained, open_to_read, settle
from sco_quiz.progress.reach import shortfall
from sco_quiz.progress.renewing import Mended, mend
from sco_quiz.progress.store import Progress

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from sco_quiz.errors import BehindError


class Examination(NamedTuple):
    """What an examination found.

    Attributes:
        events: How many could be read.
        damage: What is wrong with its pages and its log, a sentence each; nothing when whole.
        stale: Which views are not what the log comes to, a sentence each.
        behind: That it knows less than a backup; None if it does not.
    """

    events: int
    damage: list[str]
    stale: list[str]
    behind: BehindError | None


def examine(path: Path) -> Examination:
    """Look at every page, prove every event, and compare the views with a replay of the log.

    All that is looked at is of one moment, and others may write meanwhile.

    Args:
        path: The progress file; it is not changed, but a replacement of it that was broken off is
            settled.

    Raises:
        DamagedError: It is damaged so that it cannot be read.
        ProgressError: It cannot be used.
    """
    with explained(path), _snapshot(path) as db:
        damage = [*page_faults(db), *log_faults(db)]
        stale = [] if damage else list(stale_views(db))
        behind = None if damage else shortfall(db, path)
        ((events,),) = db.execute("SELECT count(*) FROM event")
    return Examination(events, damage, stale, behind)


@contextmanager
def _snapshot(path: Path) -> Iterator[sqlite3.Connection]:
    settle(path)
    with closing(open_to_read(path)) as db:
        copy = snapshot_of(db)
    with closing(copy):
        yield copy


def rebuild(path: Path) -> Mended | None:
    """Replay the log into new views; where the file is damaged, save it first, see `mend`.

    Returns:
        What became of a damaged file; None if it was not.

    Raises:
        BehindError: Nothing is in it, and something in a backup.
        ProgressError: It cannot be used or not be written.
    """
    try:
        found = examine(path)
        if found.behind and not found.events:  # nothing to replay, and much to bring back
            raise found.behind
        damaged = bool(found.damage)
    except StaleError:
        damaged = False
    except DamagedError:
        damaged = True
    if damaged:
        return mend(path)
    with Progress.open(path) as progress:
        progress.rebuild()
    return None
