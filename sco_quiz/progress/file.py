"""Opening the progress file safely, and telling what is wrong with it in words."""

from __future__ import annotations

import os
import sqlite3
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

from sco_quiz.errors import DamagedError, ProgressError
from sco_quiz.progress import schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_SECONDS = 5.0
"""How long to wait for another program that is writing."""

BAD_DATA = (sqlite3.Error, ValueError, LookupError, ArithmeticError)
"""What fails where a file is not as it was written; or else by a mistake of ours."""

_UNTOLD = frozenset(
    {
        sqlite3.SQLITE_ERROR,  # a table or a column is not there, or a statement is wrong
        sqlite3.SQLITE_CORRUPT,  # this file, or another that is attached
        sqlite3.SQLITE_TOOBIG,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_MISUSE,
        sqlite3.SQLITE_RANGE,
    }
)
"""Errors of SQLite that don't say what is to blame."""

_SMALLEST = 512  # bytes: SQLite's smallest page

# EXTRA also syncs the folder after the journal is deleted: with less, a power cut right after an
# answer can bring the journal back, and SQLite would roll the answer back.
_PRAGMAS = (
    "synchronous = EXTRA",
    "fullfsync = 1",
    "recursive_triggers = ON",  # else INSERT OR REPLACE could delete from the log
    "trusted_schema = OFF",
    "cell_size_check = ON",
)


def open_to_write(path: Path) -> sqlite3.Connection:
    """Open the file, made or brought up to date if need be.

    Raises:
        ProgressError: It cannot be used, or not be written.
        sqlite3.Error: The like; see `explained`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProgressError(
            f"{path.parent}: the folder for your progress cannot be made ({error.strerror})",
            "make it by hand, or set SCO_QUIZ_HOME to a folder that can be written",
        ) from error
    _check_size(path)
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise _unusable(path, "written")
    db = _connect(str(path.absolute()))
    try:
        if _is_empty(db):
            with transaction(db):
                if _is_empty(db):  # no other process was faster
                    schema.create(db)
        _check_identity(db, path)
        db.execute("PRAGMA journal_mode = DELETE")
        check_pages(db, path)
        if schema.version_of(db) < schema.VERSION:
            from sco_quiz.progress.backup import copy_before_migration

            copy_before_migration(db, path)
        if is_old(db):
            with transaction(db):
                _bring_up_to_date(db)
    except BaseException:
        db.close()
        raise
    return db


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open the file; nothing on disk changes but what a crash left undone.

    Where there is no file, the connection is to an empty one in memory; an older one is copied
    there and brought up to date.

    Raises:
        ProgressError: It cannot be used.
        sqlite3.Error: The like; see `explained`.
    """
    if not path.exists():
        return empty_in_memory()
    _check_size(path)
    db = connect(path)  # SQLite falls back to reading
    try:
        if not _is_empty(db):
            _check_identity(db, path)
            if not is_old(db):
                return db
            with ExitStack() as stack:
                copy = stack.enter_context(closing(_connect(":memory:")))
                db.backup(copy)
                _bring_up_to_date(copy)
                stack.pop_all()
        else:
            copy = empty_in_memory()
    except BaseException:
        db.close()
        raise
    db.close()
    return copy


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One that writes: committed at the end, rolled back on any error."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # SQLite rolls back by itself when the disk is full
            db.execute("ROLLBACK")
        raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Tell errors of SQLite and of the system as `ProgressError`.

    What may come of damage is told as such only once the damage is found; else it is a mistake of
    ours, and raised as it is.
    """
    try:
        yield
    except BAD_DATA as error:
        from sco_quiz.progress.doctor import damage_behind

        if told := explanation_of(path, error) or damage_behind(error, path):
            raise told from error
        raise
    except OSError as error:
        raise ProgressError(
            f"{error.filename or path}: cannot be used ({error.strerror})",
            "check the folder and its permissions",
        ) from error


def explanation_of(path: Path, error: BaseException) -> ProgressError | None:
    """What an error says by itself; None where it may come of damage, or of a mistake of ours."""
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF:
        case sqlite3.SQLITE_FULL:
            return ProgressError(
                f"{path}: the disk is full, so this was not saved",
                "free some space and try again; all that was saved before is safe",
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return ProgressError(
                f"{path} is held by another program, so this was not done",
                "wait for that program (a backup, a sync, a database browser) and try again",
            )
        case sqlite3.SQLITE_READONLY:
            return _unusable(path, "written")
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return _unusable(path, "opened")
        case sqlite3.SQLITE_NOTADB:
            return _not_ours(path)
        case sqlite3.SQLITE_IOERR:
            return ProgressError(
                f"{path}: the disk reports an error, so this was not saved ({error})",
                "see that the disk has room and is connected, then try again",
            )
        case code if code in _UNTOLD:
            return None
        case _:
            return ProgressError(f"{path} cannot be used ({error})", "nothing was changed")


def connect(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there, looked at by nobody yet."""
    return _connect(f"{path.absolute().as_uri()}?mode=rw")


def check_pages(db: sqlite3.Connection, path: Path) -> None:
    """Have SQLite look at every page, unless that was done ahead.

    Raises:
        DamagedError: It finds one that cannot be right.
    """
    from sco_quiz.progress import pages  # who only reads does without

    if pages.found_whole(path):
        return
    ((found,),) = db.execute(pages.CHECK)
    if found != "ok":
        raise DamagedError(f"{path} is damaged ({found.splitlines()[-1]})")


def _connect(name: str) -> sqlite3.Connection:
    db = sqlite3.connect(name, timeout=BUSY_SECONDS, isolation_level=None, uri=True)
    try:
        for pragma in _PRAGMAS:
            db.execute(f"PRAGMA {pragma}")
    except BaseException:
        db.close()
        raise
    return db


def empty_in_memory() -> sqlite3.Connection:
    """A progress file in which nothing was done yet, nowhere on disk."""
    db = _connect(":memory:")
    schema.create(db)
    return db


def _is_empty(db: sqlite3.Connection) -> bool:
    return not db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]


def is_old(db: sqlite3.Connection) -> bool:
    """Whether its tables or its views are of an earlier version."""
    return schema.version_of(db) < schema.VERSION or schema.views_of(db) != schema.VIEWS


def _bring_up_to_date(db: sqlite3.Connection) -> None:
    from sco_quiz.progress.replay import rebuild

    if schema.version_of(db) < schema.VERSION:
        log = _hash_of_log(db)
        while schema.version_of(db) < schema.VERSION:
            schema.migrate(db)
        if _hash_of_log(db) != log:
            raise RuntimeError("a migration must leave every event as it is")
    rebuild(db)


def _hash_of_log(db: sqlite3.Connection) -> bytes:
    from hashlib import blake2b

    from sco_quiz.progress.log import SELECT_EVENTS

    found = blake2b()
    for row in db.execute(SELECT_EVENTS + "ORDER BY device, seq"):
        found.update(repr(row).encode())
    return found.digest()


def _check_size(path: Path) -> None:
    # SQLite takes a few stray bytes for an empty database, and would write over them.
    if path.is_dir() or (path.exists() and 0 < path.stat().st_size < _SMALLEST):
        raise _not_ours(path)


def _check_identity(db: sqlite3.Connection, path: Path) -> None:
    marked = db.execute("PRAGMA application_id").fetchone()[0] == schema.APPLICATION_ID
    if not marked or schema.version_of(db) < 1:
        raise _not_ours(path)
    if schema.version_of(db) > schema.VERSION:
        raise ProgressError(
            f"{path} was written by a newer version of sco-quiz",
            "update sco-quiz; nothing was changed",
        )


def _not_ours(path: Path) -> ProgressError:
    from sco_quiz.progress.salvage import holds_events

    if holds_events(path):
        return DamagedError(f"{path} is damaged (its first page is not as it was written)")
    return ProgressError(
        f"{path} is not a progress file of sco-quiz",
        "move it away and start again, or `sco-quiz restore` a backup; nothing was changed",
    )


def _unusable(path: Path, what: str) -> ProgressError:
    return ProgressError(
        f"{path} cannot be {what}",
        "check who owns it and its folder, or set SCO_QUIZ_HOME to a folder of your own",
    )
