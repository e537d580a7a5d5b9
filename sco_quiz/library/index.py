"""The index: decks and cards as last read, in SQLite in the cache folder.

It can be made again from the deck files; deleting it costs one reading of them. Queues and counts
are SQL over it and the progress file, so a start reads only the files that changed.

A shell prompt with `sco-quiz due` opens it each time. So msgspec (37 ms) and json (3 ms) are
imported in the functions that use them, and the code that fills it is in `filling` and `words`.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from contextlib import ExitStack, closing, suppress
from functools import cache
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, TypeVar

from sco_quiz.config import OF_DECKS
from sco_quiz.errors import SCOQuizError
from sco_quiz.files import PRIVATE_FILE, keep_note, make_folder, read_note
from sco_quiz.library.folders import Stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from tempfile import TemporaryDirectory

    from sco_quiz.learning.cards import Card

Result = TypeVar("Result")

VERSION = 18 * 100 + len(OF_DECKS)
"""Raise it when the schema below, the reader or the making of keys changes: the index is then made
anew. It also changes with the number of settings that a deck may set for itself."""

_SCHEMA = (
    """CREATE TABLE file (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- another one each time the file is read
        path TEXT NOT NULL UNIQUE,
        size INTEGER NOT NULL,
        changed_ns INTEGER NOT NULL,
        since_ns INTEGER NOT NULL,  -- `changed_ns` when this path was first read
        deck TEXT,                -- NULL: the file holds no usable deck
        title TEXT NOT NULL,
        description TEXT NOT NULL,
        parent TEXT NOT NULL,     -- the id of the deck it belongs below; empty for none
        notes INTEGER NOT NULL,
        cards INTEGER NOT NULL,
        settings TEXT NOT NULL,   -- those of its header, each a line: `retention=0.95`
        images INTEGER NOT NULL,  -- whether a card names one
        sum INTEGER NOT NULL      -- of this row and those of the file in the next three tables
    ) STRICT""",
    """CREATE TABLE problem (
        file INTEGER NOT NULL,
        severity TEXT NOT NULL,
        code TEXT NOT NULL,
        message TEXT NOT NULL,
        help TEXT NOT NULL,
        line INTEGER NOT NULL,
        col INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE card (
        file INTEGER NOT NULL,
        position INTEGER NOT NULL,
        key TEXT NOT NULL,
        note TEXT NOT NULL,       -- the note's key, if it has several cards; else empty
        tags TEXT NOT NULL,       -- each between unit separators
        PRIMARY KEY (file, position)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX card_by_key ON card (key, note)",
    """CREATE TABLE body (
        file INTEGER NOT NULL,
        position INTEGER NOT NULL,
        line INTEGER NOT NULL,
        category TEXT NOT NULL,
        answer TEXT NOT NULL,
        card BLOB NOT NULL,       -- the Card as msgpack
        PRIMARY KEY (file, position)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX body_by_category ON body (category, answer) WHERE category <> ''",
    "CREATE INDEX problem_by_file ON problem (file)",
    """CREATE TABLE arrival (        -- cards that came to a file that was known, or left it
        key TEXT PRIMARY KEY,
        ns INTEGER NOT NULL       -- when its file was changed to have it, Unix time
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE words (        -- empty for files that were not searched yet
        file INTEGER NOT NULL,
        position INTEGER NOT NULL,
        key TEXT NOT NULL,
        kind TEXT NOT NULL,
        tags TEXT NOT NULL,       -- as in `card`, each as `searchable` makes it
        text TEXT NOT NULL,       -- all that is said as `searchable` makes it, then other spellings
        PRIMARY KEY (file, position)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE relinking (      -- one row: for which files it was done, and what is doubtful
        files TEXT NOT NULL,
        doubtful TEXT NOT NULL    -- lines: an old key, a blank, and a new key
    ) STRICT""",
)

HEADER = "deck, title, description, parent, notes, cards, settings, images"
_OF_A_FILE = (
    f"SELECT {HEADER} FROM file WHERE id = ?",  # noqa: S608 -- names of ours
    "SELECT severity, code, message, help, line, col FROM problem WHERE file = ? ORDER BY rowid",
    "SELECT position, key, note, tags FROM card WHERE file = ? ORDER BY position",
    "SELECT position, line, category, answer, card FROM body WHERE file = ? ORDER BY position",
)
_ORPHANS = """SELECT 1 FROM (SELECT file FROM problem UNION SELECT file FROM card
UNION SELECT file FROM body) WHERE file NOT IN (SELECT id FROM file) LIMIT 1"""
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_STATE = "index-state"
"""The name of the file beside the index that notes the state in which it was left."""
_PATIENCE = 5.0
"""Seconds to wait for another program that is writing."""
_HELD_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
"""SQLite's codes for a file that another program is writing to."""
_PLACE_CODES = _HELD_CODES | frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
    }
)
"""SQLite's codes for errors that a new file in the same place would have too."""


class Index:
    """The index file. If anything is wrong with it, a new one takes its place.

    Attributes:
        path: The path of the file: the one asked for, or one in a temporary folder if that cannot
            be used.
        is_held: True if it cannot be used because another program was writing for too long.
    """

    path: Path
    is_held: bool
    _db: sqlite3.Connection
    _path_and_inode: tuple[Path, int]

    def __init__(self, path: Path, patience: float = _PATIENCE) -> None:
        """Open the index.

        Args:
            path: The index file.
            patience: Seconds to wait for another program that is writing.
        """
        self._patience = patience
        self.is_held = False
        self._temporary_folder: TemporaryDirectory[str] | None = None
        self.path = path
        self._open()

    def close(self) -> None:
        """Close the file."""
        self._db.close()
        if self._temporary_folder is not None:
            self._temporary_folder.cleanup()

    @property
    def uri(self) -> str:
        """The URI by which SQLite opens it."""
        return self.path.absolute().as_uri()

    @property
    def identity(self) -> tuple[Path, int]:
        """The path and inode of the open file; they change when it is made anew."""
        return self._path_and_inode

    def mend(self) -> bool:
        """Take a new, empty file if something is wrong with this one.

        For callers that have the index attached and whose query failed.

        Returns:
            True if something was wrong.

        Raises:
            SCOQuizError: No new file can be made.
        """
        try:
            if self._is_in_place() and _is_sound(self.path):
                return False
            self._db.close()
            self._renew(None)
        except sqlite3.Error as error:  # held by another program
            self._db.close()
            self._renew(error)
        return True

    def adopt_replacement(self) -> None:
        """Open the file that another thread or program put in the place of this one."""
        if not self._is_in_place():
            self._db.close()
            self._open()

    def _is_in_place(self) -> bool:
        try:
            return self.path.stat().st_ino == self._path_and_inode[1]
        except OSError:
            return False

    def _open(self) -> None:
        """Open the file at `path`; make a new one, there or elsewhere, if it cannot be used."""
        try:
            make_folder(self.path.parent, private=True)
            self._adopt(_open_sound(self.path, self._patience))
        except (OSError, sqlite3.Error, UnicodeDecodeError) as error:
            self._renew(error)

    def _renew(self, error: Exception | None) -> None:
        """Take a new, empty file: in the same place if possible, else in a temporary folder.

        Args:
            error: The error of the old file. One about the place itself means that a new file there
                would fail too.

        Raises:
            SCOQuizError: No file can be made in either place.
        """
        self.is_held = _code_of(error) in _HELD_CODES
        if not isinstance(error, OSError) and _code_of(error) not in _PLACE_CODES:
            with suppress(OSError, sqlite3.Error):
                _remove(self.path)
                self._adopt(_connect(self.path, self._patience))
                return
        try:
            if self._temporary_folder is None:
                from tempfile import TemporaryDirectory

                self._temporary_folder = TemporaryDirectory(
                    prefix="sco-quiz-", ignore_cleanup_errors=True
                )
                self.path = Path(self._temporary_folder.name, self.path.name)
            else:
                _remove(self.path)
            self._adopt(_connect(self.path, self._patience))
        except (OSError, sqlite3.Error) as failed:
            raise _cannot_keep(self.path, failed) from failed

    def _adopt(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._path_and_inode = (self.path, self.path.stat().st_ino)

    def use(self, act: Callable[[sqlite3.Connection], Result]) -> Result:
        """Call a function with the connection; if that fails, once more with a new, empty file."""
        try:
            return act(self._db)
        except (sqlite3.Error, ValueError) as error:
            self._db.close()
            self._renew(error)
        try:
            return act(self._db)
        except sqlite3.Error as failed:
            raise _cannot_keep(self.path, failed) from failed

    def write(self, act: Callable[[sqlite3.Connection], Result]) -> Result:
        """Call a function in a transaction, and note the state of the file; otherwise as `use`."""

        def write(db: sqlite3.Connection) -> Result:
            with db:
                db.execute("BEGIN IMMEDIATE")
                return act(db)

        result = self.use(write)
        _note_state(self.path)
        return result

    def stamps(self) -> dict[str, Stamp]:
        """Return the stamp of each file when it was read."""
        return self.use(stamps_of)

    def relinked_for(self) -> str:
        """Return the state of the files for which cards were last re-linked; empty if never."""
        row = self.use(lambda db: db.execute("SELECT files FROM relinking").fetchone())
        return str(row[0]) if row else ""

    def relinking(self) -> tuple[str, list[tuple[str, str]]]:
        """Return the state of the files for which cards were re-linked, and the doubtful pairs."""
        return self.use(_relinking)

    def save_relinking(self, files: str, doubtful: Iterable[tuple[str, str]]) -> None:
        """Note that cards were re-linked for a state of the files, and the doubtful pairs."""
        pairs = "\n".join(f"{old} {new}" for old, new in doubtful)

        def save(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM relinking")
            db.execute("INSERT INTO relinking VALUES (?, ?)", (files, pairs))

        self.write(save)


def stamps_of(db: sqlite3.Connection) -> dict[str, Stamp]:
    """Return the stamp of each file when it was read into an index."""
    rows = db.execute("SELECT path, size, changed_ns FROM file")
    return {path: Stamp(size, mtime) for path, size, mtime in rows}


def sum_in(db: sqlite3.Connection, file: int) -> int:
    """Return the checksum of all rows of a file that queries for cards read."""
    (header,), *others = (db.execute(each, (file,)).fetchall() for each in _OF_A_FILE)
    return zlib.crc32(encoder()((header, *others)))


def _relinking(db: sqlite3.Connection) -> tuple[str, list[tuple[str, str]]]:
    row = db.execute("SELECT files, doubtful FROM relinking").fetchone()
    if row is None:
        return "", []
    pairs = (line.partition(" ") for line in row[1].splitlines())
    return row[0], [(old, new) for old, _, new in pairs]


def decode_card(blob: bytes) -> Card:
    """Return the card that `filling` encoded."""
    return _codec()[1](blob)


def as_stored(text: str) -> bytes:
    """Return the bytes that a text, as a whole prompt or answer, has within an encoded card."""
    return encoder()(text)


def encoder() -> Callable[[object], bytes]:
    """Return the function that encodes cards and rows."""
    return _codec()[0]


@cache
def _codec() -> tuple[Callable[[object], bytes], Callable[[bytes], Card]]:
    """Return the functions that encode any value and that decode a card."""
    from msgspec import msgpack  # 6 ms, not needed by Home

    from sco_quiz.learning.cards import Card

    return msgpack.Encoder().encode, msgpack.Decoder(Card).decode


def _open_sound(path: Path, patience: float) -> sqlite3.Connection:
    """Open the index if it is as it was left, or if a check finds it sound.

    Raises:
        OSError, sqlite3.Error: It cannot be opened, or is not sound.
    """
    if path.is_symlink() or path.exists():
        if not S_ISREG(path.stat().st_mode):
            raise sqlite3.DatabaseError(f"{path} is not a file")
        if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            raise PermissionError(f"{path} cannot be written")
        is_as_left = _is_as_left(path)
    else:
        is_as_left = True
    db = _connect(path, patience)
    if is_as_left:
        return db
    with ExitStack() as stack:
        stack.callback(db.close)
        if not _is_sound(path):
            raise sqlite3.DatabaseError(f"{path} is damaged")
        db.execute("DELETE FROM words")  # the only rows without a checksum
        _note_state(path)
        stack.pop_all()
    return db


def _connect(path: Path, patience: float) -> sqlite3.Connection:
    if not path.exists():
        with suppress(FileExistsError):  # SQLite would make a file for all to read
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))
    # One thread at a time uses it: the app's worker that reads decks, or the thread that waits.
    db = sqlite3.connect(
        path.absolute().as_uri(),  # which can say names that are not UTF-8 too
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
        uri=True,
    )
    try:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -16000")  # enough to write many decks at once
        if not _is_current(db):
            with db:
                db.execute("BEGIN IMMEDIATE")
                if not _is_current(db):  # no other program was faster
                    for (name,) in db.execute(_TABLES).fetchall():
                        db.execute(f'DROP TABLE "{name}"')
                    for statement in _SCHEMA:
                        db.execute(statement)
                    db.execute(f"PRAGMA user_version = {VERSION}")
            _note_state(path)
    except UnicodeDecodeError as error:  # SQLite's message quotes damaged bytes
        db.close()
        raise sqlite3.DatabaseError(f"{path} is damaged") from error
    except BaseException:
        db.close()
        raise
    return db


def _is_current(db: sqlite3.Connection) -> bool:
    return bool(db.execute("PRAGMA user_version").fetchone()[0] == VERSION)


def is_damaged(path: Path) -> bool:
    """Return True for an existing index that is not as it was written."""
    try:
        return path.is_file() and not _is_sound(path)
    except UnicodeDecodeError:  # as in `_connect`
        return True
    except (OSError, sqlite3.Error):
        return False


def _is_sound(path: Path) -> bool:
    """Return True if an index is as it was written; the table `words` is not checked.

    It takes a second for 100,000 cards, so only a file that is not as it was left is checked.

    Raises:
        sqlite3.Error: Another program holds it, or the disk fails.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            db.execute("PRAGMA cell_size_check = ON")
            rows = db.execute("SELECT sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
            return (
                _is_current(db)
                and sorted(sql for (sql,) in rows) == sorted(_SCHEMA)
                and db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
                and db.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
                and not db.execute(_ORPHANS).fetchone()
                and not db.execute("SELECT 1 FROM file WHERE since_ns < 0 LIMIT 1").fetchone()
                and all(
                    sum_in(db, file) == total
                    for file, total in db.execute("SELECT id, sum FROM file").fetchall()
                )
                and bool(_relinking(db))
            )
    except sqlite3.Error as error:
        if _code_of(error) in _PLACE_CODES:
            raise
        return False
    except (ValueError, TypeError):
        return False


def _cannot_keep(path: Path, error: Exception) -> SCOQuizError:
    return SCOQuizError(
        f"{path}: the index of your decks cannot be written there ({error})",
        "make room on the disk, or set TMPDIR to a folder that can be written",
    )


def _code_of(error: Exception | None) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _remove(path: Path) -> None:
    """Remove an index, and the files that SQLite keeps beside it."""
    for ending in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _note_state(path: Path) -> None:
    """Note the state of an index that was just written; without the note it would be checked."""
    with suppress(OSError):
        keep_note(path.with_name(_STATE), _state_of(path))


def _is_as_left(path: Path) -> bool:
    try:
        return read_note(path.with_name(_STATE)) == _state_of(path)
    except OSError:
        return False


def _state_of(path: Path) -> str:
    file_stat = path.stat()
    return f"{file_stat.st_ino} {file_stat.st_size} {file_stat.st_mtime_ns}"
