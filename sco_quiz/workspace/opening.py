"""The parts that all ways to open library and progress together share."""

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
"""The most kilobytes of each file that SQLite keeps in memory."""


def open_library(index: Index, paths: Paths, config: Config, extra: Iterable[Path] = ()) -> Library:
    """Return the library of shipped decks, of the learner's folders, and of extra files."""
    folders = [paths.decks_folder, *config.folders]
    return Library(index, shipped=shipped_decks(), folders=folders, extra=extra)


def attach(db: Connection, index: Index, made_anew: Callable[[], object] | None = None) -> None:
    """Attach the index to the connection to the log, as `library`, in place of an earlier one.

    If a query fails because of the index, a new one is attached and the query tried again.

    Args:
        db: The connection.
        index: The index.
        made_anew: Called when a new, empty index is attached.
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
    # The keys of 100,000 cards, in no order, are 4 MB in the one and 7 MB in the other. With the
    # usual 2 MB each page would be read again and again, and looking all up take 1.5 times as long.
    for name in ("main", "library"):
        db.execute(f"PRAGMA {name}.cache_size = -{CACHE_KB}")
    db.mend = mend


def system_now(rollover: int) -> Moment:
    """Return the present, by the system's clock and time zone."""
    return moment_at(time.time_ns() // 1_000_000, rollover)


def today() -> date:
    """Return today's date, by the system's clock and time zone."""
    return date(*time.localtime()[:3])


def moment_at(at: int, rollover: int) -> Moment:
    """Return an instant with the offset that the system's time zone had then."""
    tz = within_a_day((time.localtime(at / 1000).tm_gmtoff or 0) // 60)
    return Moment(at, tz, study_day(at, tz, rollover))
