"""Examines a progress file, and repairs it."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DamagedError, StaleError
from sco_quiz.progress.backup_reach import shortfall
from sco_quiz.progress.damage import log_faults, page_faults, stale_views
from sco_quiz.progress.database import snapshot_of
from sco_quiz.progress.file import errors_in_words, open_to_read, settle
from sco_quiz.progress.renewing import MendedFile, mend
from sco_quiz.progress.store import Progress

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from sco_quiz.errors import BehindError


class Examination(NamedTuple):
    """The findings of an examination.

    Attributes:
        events: The number of events that could be read.
        damage: Faults of its pages and its log, a sentence each; empty for a sound file.
        stale: Views that differ from a replay of the log, a sentence each.
        behind: The error that it lacks events of a backup; None if it lacks none.
    """

    events: int
    damage: list[str]
    stale: list[str]
    behind: BehindError | None


def examine(path: Path) -> Examination:
    """Look at every page, prove every event, and compare the views with a replay of the log.

    The examination is of one moment; other programs may write meanwhile.

    Args:
        path: The progress file. It is not changed, but an interrupted replacement of it is
            finished or taken back.

    Raises:
        DamagedError: It is damaged so that it cannot be read.
        ProgressError: It cannot be used.
    """
    with errors_in_words(path), _snapshot(path) as db:
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


def rebuild(path: Path) -> MendedFile | None:
    """Replay the log into new views; a damaged file is mended first, see `mend`.

    Returns:
        The outcome for a damaged file; None for a sound one.

    Raises:
        BehindError: It is empty, and a backup is not.
        ProgressError: It cannot be used or written.
    """
    try:
        examination = examine(path)
        if (
            examination.behind and not examination.events
        ):  # nothing to replay, and much to bring back
            raise examination.behind
        damaged = bool(examination.damage)
    except StaleError:
        damaged = False
    except DamagedError:
        damaged = True
    if damaged:
        return mend(path)
    with Progress.open(path) as progress:
        progress.rebuild()
    return None
