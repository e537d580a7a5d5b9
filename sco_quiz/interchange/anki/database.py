"""SQLite files from anybody, read table by table.

Only plain tables are read, whole and in the order in which they lie, so that neither views nor
triggers, generated columns or virtual tables of the file have a say, and nothing is sorted or
searched for. Every value comes out as the type that is asked for.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from sco_quiz.errors import DeckError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

LONGEST_VALUE = 16 << 20
"""Bytes that a value may have."""
_MAX_TABLES = 1_000
_STEPS = 500_000
"""Steps of SQLite's machine within which a row has to come."""
_FORMAT_VERSIONS = slice(18, 20)
"""Bytes of the header that say whether there is a write-ahead log: https://sqlite.org/fileformat2.html."""


class Database:
    """An open file; `close` it.

    Attributes:
        tables: The names of its plain tables, in small letters.
    """

    def __init__(self, file: Path, name: str) -> None:
        """Open a file.

        Args:
            file: The file. If it says that it has a write-ahead log, which would be looked for, it
                is made to say otherwise.
            name: What to call it in messages.

        Raises:
            DeckError: It cannot be read.
        """
        self._name = name
        self._moves = True
        with file.open("r+b") as opened:
            opened.seek(_FORMAT_VERSIONS.start)
            if opened.read(2) == b"\2\2":
                opened.seek(_FORMAT_VERSIONS.start)
                opened.write(b"\1\1")
        self._db = sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)
        self._db.text_factory = lambda data: data.decode("utf-8", "replace")
        self._db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        self._db.create_collation("unicase", _compared)
        self._db.set_progress_handler(self._is_stuck, _STEPS)
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def rows(
        self,
        table: str,
        most: int,
        *,
        numbers: Sequence[str] = (),
        texts: Sequence[str] = (),
        blobs: Sequence[str] = (),
    ) -> Iterator[tuple[Any, ...]]:
        """The rows of a table: first the numbers, then the texts, then the blobs.

        Args:
            table: Its name; without such a table there are no rows.
            most: How many rows there may be.
            numbers: Columns of integers; 0 where there is none.
            texts: Columns of texts; empty where there is none.
            blobs: Columns of bytes; empty where there are none.

        Raises:
            DeckError: There are more, or they cannot be read.
        """
        if table not in self.tables:
            return
        if any(column[6] for column in self._all(f"PRAGMA main.table_xinfo({table})")):
            raise self.damaged(f"columns of {table} are computed")
        columns = [
            *(f"ifnull(CAST({name} AS INTEGER), 0)" for name in numbers),
            *(f"ifnull(CAST({name} AS TEXT), '')" for name in texts),
            *(f"ifnull(CAST({name} AS BLOB), x'')" for name in blobs),
        ]
        query = f"SELECT {', '.join(columns)} FROM main.{table}"  # noqa: S608 -- our own names
        for count, row in enumerate(self._all(query)):
            if count == most:
                raise DeckError(
                    f"{self._name} has more than {most:,} {table}", "export it deck by deck"
                )
            yield row

    def require(self, *tables: str) -> None:
        """Make sure that some tables are there.

        Raises:
            DeckError: One is not.
        """
        for table in tables:
            if table not in self.tables:
                raise self.damaged(f"there is no table {table}")

    def damaged(self, reason: str) -> DeckError:
        """The error to raise for what no collection has."""
        return DeckError(f"the collection in {self._name} is damaged ({reason})", "export it again")

    def _prepare(self) -> None:
        for setting in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
            list(self._all(f"PRAGMA {setting}"))
        names = []
        found = self._all("SELECT type, name, sql FROM main.sqlite_master")
        for count, (kind, name, sql) in enumerate(found):
            if count == _MAX_TABLES:
                raise self.damaged("it has too many tables")
            if kind == "table" and not str(sql).upper().startswith("CREATE VIRTUAL"):
                names.append(str(name).lower())
        self.tables = frozenset(names)
        if len(names) > len(self.tables):
            raise self.damaged("it has two tables of one name")

    def _all(self, query: str) -> Iterator[tuple[Any, ...]]:
        try:
            self._moves = True
            for row in self._db.execute(query):
                self._moves = True
                yield row
        except (sqlite3.Error, ValueError, OverflowError, MemoryError) as error:
            raise self.damaged(str(error)) from None

    def _is_stuck(self) -> bool:
        """Tell whether no row came since this was asked last."""
        stuck, self._moves = not self._moves, False
        return stuck


def _compared(one: str, other: str) -> int:
    """The order of two names, whatever their case."""
    one, other = one.casefold(), other.casefold()
    return (one > other) - (one < other)
