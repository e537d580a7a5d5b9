"""What cards say, in memory, to find the few that say something rare.

SQLite compares text by text, which takes 40 ms for 100,000 cards where the first letter is a
frequent one; one run over the bytes of a deck after the other takes 7 ms. What many cards say it
finds soon enough, as it may stop at the first hundred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

FEW = 1_000
"""The most cards that are told one by one."""
_BEFORE, _BEHIND = b"\x1e", b"\x1f"
"""Stand before and behind the key in front of a text, and in no text: they count as spaces."""

_JOINED = """SELECT CAST(group_concat(char(30) || key || char(31) || text, '') AS BLOB)
FROM library.words WHERE file = ?"""


class Texts:
    """The texts of the decks in use; 12 MB for 100,000 cards."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Keep nothing yet.

        Args:
            db: The connection; see `candidates`.
        """
        self._db = db
        self._kept: dict[int, bytes] = {}  # by file: its number is another one when it is read anew

    def keep(self, most: int) -> bool:
        """Take in the texts of some files more; whether there are others.

        Args:
            most: The most files. Their words have to be filled.
        """
        files = self._files()
        self._kept = {file: self._kept[file] for file in files if file in self._kept}
        missing = [file for file in files if file not in self._kept]
        for file in missing[:most]:
            self._kept[file] = self._db.execute(_JOINED, (file,)).fetchone()[0] or b""
        return len(missing) > most

    def few(self, text: str) -> list[str] | None:
        """The keys of the cards that say something, and maybe of some that do not.

        Args:
            text: As `searchable` makes it.

        Returns:
            None if there are more than `FEW`, or not all files are kept.
        """
        kept = [self._kept.get(file) for file in self._files()]
        wanted = text.encode()
        keys: list[str] = []
        for texts in kept:
            if texts is None:
                return None
            at = texts.find(wanted)
            while at >= 0:
                start = texts.rfind(_BEFORE, 0, at + 1) + 1
                keys.append(texts[start : texts.index(_BEHIND, start)].decode())
                if len(keys) > FEW:
                    return None
                end = texts.find(_BEFORE, at)
                at = texts.find(wanted, end) if end >= 0 else -1
        return keys

    def _files(self) -> list[int]:
        return [file for (file,) in self._db.execute("SELECT file FROM temp.deck ORDER BY place")]
