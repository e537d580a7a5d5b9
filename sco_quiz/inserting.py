"""Inserts many rows into SQLite, several by one statement."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

_ROWS_AT_ONCE = 50
"""The number of rows in one statement; SQLite takes 999 values at least."""


def insert(db: sqlite3.Connection, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Insert rows a fifth faster than `executemany` does.

    For a table with an index, and for long values, say `INSERT OR FAIL`, in a transaction that is
    rolled back on errors. Else SQLite keeps what each statement changes, to undo it alone, which
    takes twice as long as all the rest.

    Args:
        db: The connection.
        statement: An INSERT of one row, with `VALUES (?, …, ?)`.
        rows: The rows, each with as many values.
    """
    start = statement.index("(", statement.index("VALUES"))
    end = statement.index(")", start) + 1
    rows = iter(rows)
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        several = ", ".join([statement[start:end]] * len(batch))
        db.execute(statement[:start] + several + statement[end:], list(chain.from_iterable(batch)))
