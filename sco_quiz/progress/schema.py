"""Making a progress file, and bringing an older one up to date."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATION_ID = int.from_bytes(b"SCOQ", "big")
"""Marks a SQLite file as ours."""

VERSION = 1
"""Of `schema.sql`; a file keeps its own in `user_version`."""

MIGRATIONS: list[str] = []
"""The scripts that lead from version 1 to 2, from 2 to 3 and so on."""

VIEWS = 6
"""Of `views.sql` and of what replay writes there: raised with every change of either."""

_LOG_TABLES = ("event", "device", "meta")
_INDEX = "CREATE INDEX"


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
        " VALUES ('views', ?), ('parameters', '[]'), ('withdrawn', '[]')",
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
