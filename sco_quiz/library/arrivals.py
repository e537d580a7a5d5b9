"""When cards came: the latest day on which each can have been added to its deck.

No deck file says so, and the log knows only cards that were touched. But what a file holds, it held
when it was last changed. So the change with which a card was first read is the latest day on which
it can have come. That is remembered however often the file is read again, until the index is
deleted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Set as AbstractSet


def compare(db: sqlite3.Connection, path: str, keys: AbstractSet[str], changed_ns: int) -> int:
    """Note which cards came into a file, and when those that left it had come.

    Args:
        db: The index, with the file as it was.
        path: The file.
        keys: Its cards now.
        changed_ns: When it was changed.

    Returns:
        When the file was changed for its first reading.
    """
    row = db.execute("SELECT id, since_ns FROM file WHERE path = ?", (path,)).fetchone()
    if row is None:
        return changed_ns
    file, since = row
    before = {key for (key,) in db.execute("SELECT key FROM card WHERE file = ?", (file,))}
    db.executemany(
        "INSERT OR IGNORE INTO arrival VALUES (?, ?)",
        [*((key, changed_ns) for key in keys - before), *((key, since) for key in before - keys)],
    )
    return int(since)
