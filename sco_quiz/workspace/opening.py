"""What every way of opening library and progress together has in common."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

from sco_quiz.learning.study_day import Moment, study_day, within_a_day
from sco_quiz.library.library import Library
from sco_quiz.paths import shipped_decks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from sco_quiz.config import Config
    from sco_quiz.library.index import Index
    from sco_quiz.paths import Paths
    from sco_quiz.progress.database import Connection


CACHE_KB = 16_000
"""The most that is kept of each file in memory."""


def open_library(index: Index, paths: Paths, config: Config, extra: Iterable[Path] = ()) -> Library:
    """The shipped decks, those in the learner's folders, and extra files."""
    folders = [paths.decks_folder, *config.folders]
    return Library(index, shipped=shipped_decks(), folders=folders, extra=extra)


def attach(db: Connection, index: Index, made_anew: Callable[[], object] | None = None) -> None:
    """Let the connection to the log see the index, as `library`, in the place of another.

    Where the index turns out to be why a query failed, another is attached, and the query tried
    again.

    Args:
        db: The connection.
        index: The index.
        made_anew: Called when another is attached; it is empty.
    """

    def mend() -> bool:
        if not index.mend():
            return False
        attach(db, index, made_anew)
        if made_anew is not None:
            made_anew()
        return True

    if db.execute("SELECT 1 FROM pragma_database_list WHERE name = 'library'").fetchone():
        db.execute("DETACH library")
    db.execute("ATTACH ? AS library", (index.uri + "?mode=ro",))
    # The keys of 100,000 cards, in no order, are 4 MB here and 7 MB there. With the usual 2 MB each
    # page would be read again and again, which makes looking them all up half as slow again.
    for name in ("main", "library"):
        db.execute(f"PRAGMA {name}.cache_size = -{CACHE_KB}")
    db.mend = mend


def system_now(rollover: int) -> Moment:
    """The present, as the system tells it."""
    return moment_at(time.time_ns() // 1_000_000, rollover)


def today() -> date:
    """The date on the system's clock and in its zone."""
    return date(*time.localtime()[:3])


def moment_at(at: int, rollover: int) -> Moment:
    """An instant, as the system's time zone then had it."""
    tz = within_a_day((time.localtime(at / 1000).tm_gmtoff or 0) // 60)
    return Moment(at, tz, study_day(at, tz, rollover))
