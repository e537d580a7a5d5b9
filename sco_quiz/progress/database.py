"""The SQLite database in a progress file: connections to it, its tables and its views."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

APPLICATION_ID = int.from_bytes(b"SCOQ", "big")
"""Marks a SQLite file as ours."""

VERSION = 1
"""The version of `schema.sql`; a file notes its own in `user_version`."""

MIGRATIONS: list[str] = []
"""The scripts that lead from version 1 to 2, from 2 to 3 and so on."""

VIEWS = 13
"""The version of `views.sql` and of the rows that replay writes; raise it when either changes."""

BACKUPS = "backups"
"""The name of the folder, beside a progress file, for its backups and for replaced files."""

MOVING = ".moving"
"""The ending, in that folder, of the name of a file while another takes its place."""

BUSY_SECONDS = 5.0
"""Seconds to wait for another program that is writing."""

_LARGE_CACHE_KB = 64_000
"""SQLite's cache, at most, while much is written."""

BAD_DATA = (
    sqlite3.Error, ValueError, LookupError, ArithmeticError, TypeError, AttributeError,
    RecursionError,
)  # fmt: skip
"""Errors that damaged data can raise; a bug of ours can raise them too."""

IS_HELD = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
"""SQLite's codes for a file that another program is writing to."""

_UNCLEAR = frozenset(
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
"""SQLite's codes that do not say if the file or the statement is at fault."""

# EXTRA also syncs the folder after the journal is deleted: with less, a power cut right after an
# answer can bring the journal back, and SQLite would roll the answer back.
_PRAGMAS = (
    "synchronous = EXTRA",
    "fullfsync = 1",
    "recursive_triggers = ON",  # else INSERT OR REPLACE could delete from the log
    "trusted_schema = OFF",
    "cell_size_check = ON",
)

_MOST_FETCHED = 512
"""The number of rows that are fetched at once by who goes through many."""

_LOG_TABLES = ("event", "device", "meta")
_TABLE = "CREATE TABLE"


class Connection(sqlite3.Connection):
    """A connection that repeats a failed statement once an attached database was mended.

    Attributes:
        mend: Called when a statement fails outside a transaction; mends the attached database, and
            returns True if the statement is to be tried again.
    """

    mend: Callable[[], bool] | None = None

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:  # noqa: ANN401 -- as there
        """Execute a statement; once more if `mend` says so."""
        if self.mend is None or self.in_transaction:
            return super().execute(sql, values)
        return self.cursor(_Cursor).execute(sql, values)

    def mends(self) -> bool:
        """Call `mend`; return True if the statement that failed is to be tried again."""
        mend = self.mend
        if mend is None or self.in_transaction:
            return False
        self.mend = None  # its own statements must not call it again
        try:
            return mend()
        finally:
            self.mend = mend


class _Cursor(sqlite3.Cursor):
    connection: Connection

    def execute(self, sql: str, values: Any = (), /) -> _Cursor:  # noqa: ANN401 -- as above
        self._last_statement = sql, values
        try:
            super().execute(sql, values)
        except sqlite3.Error as error:
            self._try_again(error)
        return self

    def __iter__(self) -> Any:  # noqa: ANN401 -- as above
        rows_yielded, batch = 0, 1
        try:
            while rows := super().fetchmany(batch):
                yield from rows
                rows_yielded += len(rows)
                batch = min(2 * batch, _MOST_FETCHED)  # who wants few rows waits for no more
        except sqlite3.Error as error:
            self._try_again(error)
            yield from super().fetchall()[rows_yielded:]

    def fetchone(self) -> Any:  # noqa: ANN401 -- as above
        try:
            return super().fetchone()
        except sqlite3.Error as error:
            self._try_again(error)
            return super().fetchone()

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except sqlite3.Error as error:
            self._try_again(error)
            return super().fetchall()

    def _try_again(self, error: sqlite3.Error) -> None:
        if code_of(error) == sqlite3.SQLITE_INTERRUPT or not self.connection.mends():
            raise error
        super().execute(*self._last_statement)


def connect(path: Path, mode: str = "rw", patience: float = BUSY_SECONDS) -> Connection:
    """Connect to a file, without checking that it is a progress file.

    Args:
        path: The file. It is named by a URI, which can say names that are not UTF-8 too.
        mode: `rw` for one that is there, `rwc` to make it.
        patience: Seconds that each statement waits for another program which is writing.

    Raises:
        sqlite3.Error: It cannot be opened, or is no database.
    """
    return connect_by_name(f"{path.absolute().as_uri()}?mode={mode}", patience)


def connect_by_name(name: str, patience: float = BUSY_SECONDS) -> Connection:
    """Connect to a database by its name for SQLite: a path, a URI, or `:memory:`."""
    db = sqlite3.connect(name, timeout=patience, isolation_level=None, uri=True, factory=Connection)
    try:
        for pragma in _PRAGMAS:
            db.execute(f"PRAGMA {pragma}")
    except BaseException:
        db.close()
        raise
    return db


def empty_in_memory() -> Connection:
    """Return a progress file without events, in memory only."""
    db = connect_by_name(":memory:")
    create(db)
    return db


def log_in_memory() -> Connection:
    """Return the tables of a log without events or views, in memory only."""
    db = connect_by_name(":memory:")
    run(db, _read("schema.sql"))
    return db


def snapshot_of(db: sqlite3.Connection) -> Connection:
    """Return a copy in memory of a database as it is at one moment, whoever writes to it."""
    with ExitStack() as stack:
        copy = stack.enter_context(closing(connect_by_name(":memory:")))
        db.execute("BEGIN")
        stack.callback(_end, db)
        db.execute(
            "SELECT count(*) FROM sqlite_schema"
        ).fetchone()  # waits for a program that is writing
        db.backup(copy)
        _end(db)
        stack.pop_all()
    return copy


def _end(db: sqlite3.Connection) -> None:
    if db.in_transaction:
        db.execute("ROLLBACK")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Begin a transaction that writes: committed at the end, rolled back on any error."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # SQLite rolls back by itself when the disk is full
            db.execute("ROLLBACK")
        raise


@contextmanager
def large_cache(db: sqlite3.Connection) -> Iterator[None]:
    """Give SQLite a large cache meanwhile, so that no page is read or written again and again."""
    (usual_size,) = db.execute("PRAGMA main.cache_size").fetchone()
    db.execute(f"PRAGMA main.cache_size = -{_LARGE_CACHE_KB}")
    try:
        yield
    finally:
        db.execute(f"PRAGMA main.cache_size = {usual_size}")


def code_of(error: BaseException) -> int:
    """Return SQLite's primary code for an error."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def may_come_of_damage(error: BaseException) -> bool:
    """Return True for an error that only damage or a bug of ours can cause."""
    return isinstance(error, BAD_DATA) and code_of(error) in _UNCLEAR


def is_empty(db: sqlite3.Connection) -> bool:
    """Return True for a database without any table."""
    return not db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]


def is_current(db: sqlite3.Connection) -> bool:
    """Return True where tables and views are of this version."""
    return version_of(db) == VERSION and views_of(db) == VIEWS


def create(db: sqlite3.Connection) -> None:
    """Create tables and views in an empty file. For use in a transaction."""
    run(db, _read("schema.sql"))
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {VERSION}")
    create_views(db)
    index_views(db)


def migrate(db: sqlite3.Connection) -> None:
    """Bring the log's tables from the file's version to the next. For use in a transaction."""
    version = version_of(db)
    run(db, MIGRATIONS[version - 1])
    db.execute(f"PRAGMA user_version = {version + 1}")


def create_views(db: sqlite3.Connection) -> None:
    """Replace all views by empty ones; `index_views` is to follow. For use in a transaction."""
    for name, kind in views_in(db).items():
        db.execute(f'DROP {kind} "{name}"')
    for statement in _statements(_read("views.sql")):
        if _TABLE in statement:
            db.execute(statement)
    db.execute(
        "INSERT OR REPLACE INTO meta"
        " VALUES ('views', ?), ('parameters', '[]'), ('withdrawn', '[]'), ('corrections', '[]')",
        (str(VIEWS),),
    )


def index_views(db: sqlite3.Connection) -> None:
    """Create what follows from the views. To fill indexes row by row would take far longer."""
    for statement in _statements(_read("views.sql")):
        if _TABLE not in statement:
            db.execute(statement)


@contextmanager
def views_indexed_after(db: sqlite3.Connection) -> Iterator[None]:
    """Keep nothing meanwhile that follows from the views, and make it at the end.

    For a transaction.
    """
    rows = db.execute(
        "SELECT type, name, tbl_name FROM sqlite_schema"
        " WHERE type IN ('index', 'trigger') AND sql <> ''"
    ).fetchall()
    for kind, name, table in rows:
        if table not in _LOG_TABLES:
            db.execute(f'DROP {kind} "{name}"')
    db.execute("DELETE FROM study_day")
    yield
    index_views(db)


@contextmanager
def indexed_after(db: sqlite3.Connection, table: str) -> Iterator[None]:
    """Keep no index of a table meanwhile, and make all of them at the end. For a transaction."""
    indexes = db.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql <> ''",
        (table,),
    ).fetchall()
    for name, _ in indexes:
        db.execute(f'DROP INDEX "{name}"')
    yield
    for _, statement in indexes:
        db.execute(statement)


def views_in(db: sqlite3.Connection) -> dict[str, str]:
    """Return the tables and views that a replay fills, by name, with "table" or "view" for each.

    Views come before the tables they read.
    """
    rows = db.execute(
        "SELECT name, type FROM sqlite_schema "
        "WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY type DESC"
    )
    return {name: kind for name, kind in rows if name not in _LOG_TABLES}


def log_in(db: sqlite3.Connection) -> set[tuple[str, str]]:
    """Return the name and definition of the log's tables, their indexes and triggers."""
    names = ", ".join(f"'{name}'" for name in _LOG_TABLES)
    rows = db.execute(f"SELECT name, sql FROM sqlite_schema WHERE tbl_name IN ({names})")  # noqa: S608
    return set(rows)


def version_of(db: sqlite3.Connection) -> int:
    """Return the version of the log's tables."""
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version


def views_of(db: sqlite3.Connection) -> int:
    """Return the version of the views; 0 for none."""
    row = db.execute("SELECT value FROM meta WHERE name = 'views'").fetchone()
    return int(row[0]) if row and row[0].isdecimal() else 0


def run(db: sqlite3.Connection, script: str) -> None:
    """Execute the statements of a script in the open transaction (`executescript` would end it)."""
    for statement in _statements(script):
        db.execute(statement)


@cache
def _statements(script: str) -> tuple[str, ...]:
    statements = [""]
    for line in script.splitlines(keepends=True):
        statements[-1] += line
        if sqlite3.complete_statement(statements[-1]):
            statements.append("")
    return tuple(statements[:-1])


@cache
def _read(name: str) -> str:
    from importlib.resources import files

    return files("sco_quiz.progress").joinpath(name).read_text("utf-8")
