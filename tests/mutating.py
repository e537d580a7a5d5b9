"""Damage to files as disks, synchronisers and other programs do it, at random."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

PAGE = 4096
VALUES = (
    None, "", "\0", "a\0b", "x" * 5_000, "\x1b[31m", "[" * 2_000, "{}", "[1, 2]", "-1", "NaN",
    b"", b"\0\xff", -1, 0, 1 << 62, -(1 << 63), (1 << 63) - 1, 1e308, float("inf"), 0.5,
)  # fmt: skip


def mutate(path: Path, chance: Random) -> None:
    """Damage a SQLite file: its bytes, or by statements that nobody should have made."""
    if chance.random() < 0.4:
        _edit(path, chance)
    else:
        path.write_bytes(mutated(path.read_bytes(), chance))


def mutated(data: bytes, chance: Random) -> bytes:
    """Return the bytes of a SQLite file, damaged."""
    found = bytearray(data)
    page = PAGE * chance.randrange(max(1, len(data) // PAGE))
    match chance.randrange(8):
        case 0:  # a bit
            found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
        case 1:  # many bits of one page
            for _ in range(30):
                found[page + chance.randrange(min(PAGE, len(data)))] ^= 1 << chance.randrange(8)
        case 2:
            found[page : page + PAGE] = bytes(PAGE)
        case 3:
            del found[chance.randrange(len(found)) :]
        case 4:  # a page in the place of another
            other = PAGE * chance.randrange(len(data) // PAGE)
            found[page : page + PAGE] = data[other : other + PAGE]
        case 5:  # two pages changed places
            other = PAGE * chance.randrange(len(data) // PAGE)
            found[page : page + PAGE] = data[other : other + PAGE]
            found[other : other + PAGE] = data[page : page + PAGE]
        case 6:
            start = chance.randrange(len(found))
            found[start : start + 700] = chance.randbytes(700)
        case _:  # the header
            found[chance.randrange(100)] ^= 1 << chance.randrange(8)
    return bytes(found)


def _edit(path: Path, chance: Random) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for _ in range(chance.randrange(1, 4)):
            with suppress(sqlite3.Error, IndexError):  # or there is nothing to choose from
                chance.choice(EDITS)(db, chance)


def _name(db: sqlite3.Connection, kind: str, chance: Random) -> str:
    names = db.execute("SELECT name FROM sqlite_schema WHERE type = ? ORDER BY 1", (kind,))
    return str(chance.choice([name for (name,) in names if not name.startswith("sqlite_")]))


def _column(db: sqlite3.Connection, table: str, chance: Random) -> str:
    return str(chance.choice([row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]))


def _free_log(db: sqlite3.Connection) -> None:
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f'DROP TRIGGER "{name}"')


def _delete_rows(db: sqlite3.Connection, chance: Random) -> None:
    _free_log(db)
    table = _name(db, "table", chance)
    column = _column(db, table, chance)
    db.execute(
        f'DELETE FROM "{table}" WHERE "{column}" IN (SELECT "{column}" FROM "{table}"'
        f" ORDER BY random() LIMIT {chance.choice((1, 5, 10_000))})"
    )


def _change_values(db: sqlite3.Connection, chance: Random) -> None:
    if chance.random() < 0.7:
        _free_log(db)
    table = _name(db, "table", chance)
    column = _column(db, table, chance)
    few = f' WHERE "{column}" = (SELECT max("{column}") FROM "{table}")' * chance.randrange(2)
    db.execute(f'UPDATE OR REPLACE "{table}" SET "{column}" = ?{few}', (chance.choice(VALUES),))


def _drop(db: sqlite3.Connection, chance: Random) -> None:
    kind = chance.choice(("table", "index", "trigger", "view"))
    db.execute(f'DROP {kind} "{_name(db, kind, chance)}"')


def _rename(db: sqlite3.Connection, chance: Random) -> None:
    table = _name(db, "table", chance)
    column = _column(db, table, chance)
    to = chance.choice(("TO other", f'COLUMN "{column}" TO other'))
    db.execute(f'ALTER TABLE "{table}" RENAME {to}')


def _add(db: sqlite3.Connection, chance: Random) -> None:
    table = _name(db, "table", chance)
    db.execute(
        chance.choice(
            (
                f'ALTER TABLE "{table}" ADD COLUMN more INTEGER DEFAULT 7',
                f'CREATE TRIGGER t AFTER INSERT ON "{table}" BEGIN SELECT raise(ABORT, 1); END',
                "CREATE TABLE another (a, b)",
                "CREATE VIEW another AS SELECT 1 AS key",
                f'CREATE UNIQUE INDEX another ON "{table}" ("{_column(db, table, chance)}")',
            )
        )
    )


def _rewrite_schema(db: sqlite3.Connection, chance: Random) -> None:
    old, new = chance.choice((("TEXT", "BLOB"), ("STRICT", ""), ("NOT NULL", ""), (",", ", x,")))
    db.execute("PRAGMA writable_schema = ON")
    db.execute(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE name = ?",
        (old, new, _name(db, "table", chance)),
    )


def _set_pragma(db: sqlite3.Connection, chance: Random) -> None:
    number = chance.choice((0, 1, 2, 7, 99, -1, 2**31 - 1))
    db.execute(f"PRAGMA {chance.choice(('user_version', 'application_id'))} = {number}")


def _set_journal(db: sqlite3.Connection, chance: Random) -> None:
    db.execute(f"PRAGMA journal_mode = {chance.choice(('WAL', 'PERSIST', 'TRUNCATE'))}")


EDITS: tuple[Callable[[sqlite3.Connection, Random], None], ...] = (
    _delete_rows, _change_values, _change_values, _drop, _rename, _add, _rewrite_schema,
    _set_pragma, _set_journal,
)  # fmt: skip
