"""Damage to a progress file: to its pages, to its log, or to the views that follow from it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from functools import cache
from itertools import starmap, zip_longest
from operator import eq
from typing import TYPE_CHECKING

from sco_quiz.errors import DamagedError, StaleError
from sco_quiz.numbers_and_times import many, plural
from sco_quiz.progress import database
from sco_quiz.progress.replay import rebuild
from sco_quiz.progress.sums import Fault, faults_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FAULTS = {
    Fault.CHANGED: "an event is not as it was written",
    Fault.UNCHAINED: "an event or the one before it is not as it was written",
    Fault.MISSING: "one event or more are missing",
}
_SELECT_NAMES = (
    "SELECT name, tbl_name, sql FROM main.sqlite_schema",
    "SELECT name, value FROM meta",
)


def damage_behind(error: BaseException, path: Path) -> DamagedError | StaleError | None:
    """Look for damage to the file that may have caused an unexpected error.

    Returns:
        None where the file is sound: the error is a bug of ours.
    """
    if not path.exists():
        return None
    try:
        with closing(database.connect(path)) as file:
            copy = database.snapshot_of(file)
    except database.BAD_DATA as failed:  # only damage or another program can prevent reading it
        return _told_as_damage(path, error) if database.may_come_of_damage(failed) else None
    with closing(copy) as db:
        try:
            damaged = any(page_faults(db)) or (
                database.version_of(db) == database.VERSION and any(log_faults(db))
            )
        except database.BAD_DATA:
            damaged = True
        if damaged:
            return _told_as_damage(path, error)
        try:
            stale = database.is_current(db) and any(stale_views(db))
        except database.BAD_DATA:  # the log is whole, so a replay that fails is a mistake
            stale = False
    return StaleError(f"{path}: its views do not follow from its log ({error})") if stale else None


def _told_as_damage(path: Path, error: BaseException) -> DamagedError:
    return DamagedError(f"{path} is damaged ({error})")


def page_faults(db: sqlite3.Connection) -> Iterator[str]:
    """Yield a sentence for each fault that SQLite finds in the pages, up to four sentences.

    Names that are no text are no fault to SQLite, but whatever reads them fails.
    """
    rows = [text for (text,) in db.execute("PRAGMA main.integrity_check(10)") if text != "ok"]
    for text in rows[:3]:
        yield f"SQLite finds damage: {text.splitlines()[-1]}."
    if len(rows) > 3:
        yield "SQLite finds more than that."
    for statement in _SELECT_NAMES:
        try:
            db.execute(statement).fetchall()
        except (sqlite3.Error, UnicodeDecodeError):
            yield "SQLite finds damage: a name in it is no text."


def log_faults(db: sqlite3.Connection) -> Iterator[str]:
    """Yield a sentence for each sort of fault in the log."""
    faults = faults_of(db)
    for fault, count in Counter(fault for _, _, fault in faults).items():
        device, seq = next(fault_of[:2] for fault_of in faults if fault_of[2] is fault)
        more = f", and in {count - 1} more {plural(count - 1, 'place')}" if count > 1 else ""
        yield f"In the log {_FAULTS[fault]}: number {seq} of device {device}{more}."
    if database.log_in(db) != _tables_as_made():
        yield "The tables of the log are not defined as they should be."
    rows = db.execute("SELECT id FROM device WHERE id NOT IN (SELECT device FROM event)")
    for (device,) in rows:
        yield f"Nothing is in the log from device {device}, under which this file was written."


@cache
def _tables_as_made() -> set[tuple[str, str]]:
    with closing(database.log_in_memory()) as db:
        return database.log_in(db)


def stale_views(db: sqlite3.Connection) -> Iterator[str]:
    """Replay the log, and yield a sentence for each view that differs from the replay."""
    with closing(database.snapshot_of(db)) as fresh:
        with database.transaction(fresh):
            rebuild(fresh)
        for view in database.views_in(fresh):
            try:
                wrong = _differences(db, fresh, view)
            except sqlite3.Error as error:
                yield f"The view {view} cannot be read: {error}."
            else:
                if wrong:
                    rows = many(wrong, "row is", "rows are")
                    yield f"In the view {view}, {rows} not what a replay of the log gives."
                elif _shape(db, view) != _shape(fresh, view):
                    yield f"The view {view} is not defined as it should be."
        for name, what in (
            ("parameters", "parameters"),
            ("withdrawn", "withdrawn imports"),
            ("corrections", "corrected times"),
        ):
            value = "SELECT value FROM meta WHERE name = ?"
            if db.execute(value, (name,)).fetchall() != fresh.execute(value, (name,)).fetchall():
                yield f"The {what} are not those of the log."


_SELECT_SHAPE = """
SELECT 'column', name, type, "notnull", pk, hidden FROM pragma_table_xinfo(:view)
UNION ALL SELECT type, strict, wr, '', '', '' FROM pragma_table_list(:view) WHERE schema = 'main'
UNION ALL SELECT type, name, '', '', '', '' FROM sqlite_schema
  WHERE tbl_name = :view AND type = 'trigger'
UNION ALL SELECT 'index', list.name, list."unique", seqno, info.name, coll
  FROM pragma_index_list(:view) AS list, pragma_index_xinfo(list.name) AS info WHERE key"""


def _shape(db: sqlite3.Connection, view: str) -> set[tuple[object, ...]]:
    """Return the columns, indexes and triggers of a view, however its definition is written."""
    return set(db.execute(_SELECT_SHAPE, {"view": view}))


def _differences(db: sqlite3.Connection, fresh: sqlite3.Connection, view: str) -> int:
    """Return the number of rows of a view that one of two files has and the other has not."""
    every_row = f'SELECT * FROM "{view}"'  # noqa: S608 -- the name is ours
    ours, theirs = db.execute(every_row), fresh.execute(every_row)
    if ours.description == theirs.description and all(starmap(eq, zip_longest(ours, theirs))):
        return 0
    return len(_rows(db, every_row) ^ _rows(fresh, every_row))


def _rows(db: sqlite3.Connection, query: str) -> set[tuple[object, ...]]:
    """Return the rows of a query; the names of its columns go with each."""
    rows = db.execute(query)
    names = tuple(name for name, *_ in rows.description)
    return {(names, *row) for row in rows}
