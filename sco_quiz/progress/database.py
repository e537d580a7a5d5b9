"""The SQLite database that a progress file is: connections to it, its tables and its views."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

APPLICATION_ID = int.from_bytes(b"SCOQ", "big")
"""Marks a SQLite file as ours."""

VERSION = 1
"""Of `schema.sql`; a file keeps its own in `user_version`."""

MIGRATIONS: list[str] = []
"""The scripts that lead from version 1 to 2, from 2 to 3 and so on."""

VIEWS = 9
"""Of `views.sql` and of what replay writes there: raised with every change of either."""

BACKUPS = "backups"
"""The folder beside a progress file in which its backups are, and what was replaced."""

MOVING = ".moving"
"""How the name of a file ends there that is about to be replaced, until it is."""

BUSY_SECONDS = 5.0
"""How long to wait for another program that is writing."""

BAD_DATA = (
    sqlite3.Error, ValueError, LookupError, ArithmeticError, TypeError, AttributeError,
    RecursionError,
)  # fmt: skip
"""What fails where a file is not as it was written; or else by a mistake of ours."""

IS_HELD = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
"""Errors that tell of another program which is writing."""

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

# EXTRA also syncs the folder after the journal is deleted: with less, a power cut right after an
# answer can bring the journal back, and SQLite would roll the answer back.
_PRAGMAS = (
    "synchronous = EXTRA",
    "fullfsync = 1",
    "recursive_triggers = ON",  # else INSERT OR REPLACE could delete from the log
    "trusted_schema = OFF",
    "cell_size_check = ON",
)

_LOG_TABLES = ("event", "device", "meta")
_INDEX = "CREATE INDEX"


class Connection(sqlite3.Connection):
    """A connection that reads again where what is attached to it was to blame, and was mended.

    Attributes:
        mend: Asked when a statement failed outside a transaction, whether it is to be tried again.
    """

    mend: Callable[[], bool] | None = None

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:  # noqa: ANN401 -- as there
        """Execute a statement, and once more if that is of use."""
        return self.cursor(_Cursor).execute(sql, values)

    def mends(self) -> bool:
        """Have what is attached mended; return whether there was anything to mend."""
        mend = self.mend
        if mend is None or self.in_transaction:
            return False
        self.mend = None  # not while it is at it
        try:
            return mend()
        finally:
            self.mend = mend


class _Cursor(sqlite3.Cursor):
    connection: Connection

    def execute(self, sql: str, values: Any = (), /) -> _Cursor:  # noqa: ANN401 -- as above
        self._asked = sql, values
        try:
            super().execute(sql, values)
        except sqlite3.Error as error:
            self._try_again(error)
        return self

    def __iter__(self) -> Any:  # noqa: ANN401 -- as above
        return self if self.connection.mend is None else self._rows()

    def _rows(self) -> Iterator[Any]:
        given = 0
        try:
            while (row := super().fetchone()) is not None:
                yield row
                given += 1
        except sqlite3.Error as error:
            self._try_again(error)
            yield from super().fetchall()[given:]

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
        super().execute(*self._asked)


def connect(path: Path, mode: str = "rw", patience: float = BUSY_SECONDS) -> Connection:
    """Connect to a file; nothing of it is looked at.

    Args:
        path: The file; named by a URI, which also has names that are not UTF-8.
        mode: `rw` for one that is there, `rwc` to make it.
        patience: Seconds that each statement waits for another program which is writing.
    """
    return connect_by_name(f"{path.absolute().as_uri()}?mode={mode}", patience)


def connect_by_name(name: str, patience: float = BUSY_SECONDS) -> Connection:
    """Connect to what SQLite knows by a name: a path, a URI, or `:memory:`; see `connect`."""
    db = sqlite3.connect(name, timeout=patience, isolation_level=None, uri=True, factory=Connection)
    try:
        for pragma in _PRAGMAS:
            db.execute(f"PRAGMA {pragma}")
    except BaseException:
        db.close()
        raise
    return db


def empty_in_memory() -> Connection:
    """Return a progress file in which nothing was done yet, nowhere on disk."""
    db = connect_by_name(":memory:")
    create(db)
    return db


def snapshot_of(db: sqlite3.Connection) -> Connection:
    """Return a copy in memory of a database as it is at one moment, whoever writes to it."""
    with ExitStack() as stack:
        copy = stack.enter_context(closing(connect_by_name(":memory:")))
        db.execute("BEGIN")
        stack.callback(_end, db)
        db.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # waits for who is writing
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


def code_of(error: BaseException) -> int:
    """Return SQLite's code for an error, without what makes it more precise."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def may_come_of_damage(error: BaseException) -> bool:
    """Return True for an error that damage may cause, or a mistake of ours, and nothing else."""
    return isinstance(error, BAD_DATA) and code_of(error) in _UNTOLD


def is_empty(db: sqlite3.Connection) -> bool:
    """Return True for a database without any table."""
    return not db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]


def is_current(db: sqlite3.Connection) -> bool:
    """Return True where tables and views are of this version."""
    return version_of(db) == VERSION and views_of(db) == VIEWS


def create(db: sqlite3.Connection) -> None:
    """Fill an empty file. For use in a transaction."""
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
    """Replace all views by empty ones, without indexes. For use in a transaction."""
    for name, kind in views_in(db).items():
        db.execute(f'DROP {kind} "{name}"')
    for statement in _statements(_read("views.sql")):
        if _INDEX not in statement:
            db.execute(statement)
    db.execute(
        "INSERT OR REPLACE INTO meta"
        " VALUES ('views', ?), ('parameters', '[]'), ('withdrawn', '[]'), ('corrections', '[]')",
        (str(VIEWS),),
    )


def index_views(db: sqlite3.Connection) -> None:
    """Give the views their indexes, which take far longer to fill row by row."""
    for statement in _statements(_read("views.sql")):
        if _INDEX in statement:
            db.execute(statement)


def views_in(db: sqlite3.Connection) -> dict[str, str]:
    """The tables and views that can be replayed, by name: which of the two each is.

    Views come before the tables they stand on.
    """
    found = db.execute(
        "SELECT name, type FROM sqlite_schema "
        "WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY type DESC"
    )
    return {name: kind for name, kind in found if name not in _LOG_TABLES}


def log_in(db: sqlite3.Connection) -> set[tuple[str, str]]:
    """The tables of the log, their indexes and triggers: the name and the definition of each."""
    names = ", ".join(f"'{name}'" for name in _LOG_TABLES)
    rows = db.execute(f"SELECT name, sql FROM sqlite_schema WHERE tbl_name IN ({names})")  # noqa: S608
    return set(rows)


def version_of(db: sqlite3.Connection) -> int:
    """The version of the log's tables."""
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version


def views_of(db: sqlite3.Connection) -> int:
    """The version of the views; 0 for none."""
    row = db.execute("SELECT value FROM meta WHERE name = 'views'").fetchone()
    return int(row[0]) if row and row[0].isdecimal() else 0


def run(db: sqlite3.Connection, script: str) -> None:
    """Execute the statements of a script in the transaction at hand (`executescript` ends it)."""
    for statement in _statements(script):
        db.execute(statement)


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _read(name: str) -> str:
    from importlib.resources import files

    return files("sco_quiz.progress").joinpath(name).read_text("utf-8")
