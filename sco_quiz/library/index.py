"""The index: decks and cards as last read, in SQLite in the cache folder.

It holds nothing that the deck files do not; deleting it costs one reading of them. Queues and
counts are SQL over it and the progress file, so a start reads only the files that changed.

A prompt that asks `sco-quiz due` opens it each time: msgspec (37 ms), json (3 ms) and what a search
needs are imported by the functions that use them.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from sco_quiz.learning.cards import Card
    from sco_quiz.library.decks import DeckFile

VERSION = 10
"""Raised when the schema below, the reader or the making of keys changes: the index is then made
anew."""

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
        notes INTEGER NOT NULL,
        cards INTEGER NOT NULL,
        retention REAL,
        new_per_day INTEGER,
        reviews_per_day INTEGER,
        ramp INTEGER,
        images INTEGER NOT NULL   -- whether a card names one
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
        doubtful TEXT NOT NULL    -- JSON: pairs of an old and a new key
    ) STRICT""",
)

_WITHOUT_WORDS = """SELECT id FROM file
WHERE cards > 0 AND NOT EXISTS (SELECT 1 FROM words WHERE words.file = file.id)"""


class Stamp(NamedTuple):
    """What tells that a file changed: its size (bytes) and when it last did (ns)."""

    size: int
    changed_ns: int

    @classmethod
    def of(cls, stat: os.stat_result) -> Stamp:
        """What a file looks like. One that becomes readable has changed, though not its content."""
        return cls(stat.st_size, max(stat.st_mtime_ns, stat.st_ctime_ns))


class Entry(NamedTuple):
    """The rows that the index holds of a file, without the number of the file in front."""

    header: tuple[object, ...]
    problems: list[tuple[object, ...]]
    cards: list[tuple[object, ...]]
    bodies: list[tuple[object, ...]]

    @classmethod
    def of(cls, read: DeckFile) -> Entry:
        """The rows of what was read from a file."""
        import msgspec

        encode = msgspec.msgpack.Encoder().encode
        problems: list[tuple[object, ...]] = [
            (each.severity, each.code, each.message, each.help or "", each.line, each.column)
            for each in read.diagnostics
        ]
        deck = read.deck
        if deck is None:
            return cls((None, "", "", 0, 0, None, None, None, None, False), problems, [], [])
        of_note = Counter(card.note for card in deck.cards)
        header = (
            deck.id, deck.title, deck.description, len(of_note), len(deck.cards),
            deck.retention, deck.new_per_day, deck.reviews_per_day, deck.ramp,
            any(card.media.image or card.media.answer_image for card in deck.cards),
        )  # fmt: skip
        return cls(
            header,
            problems,
            [
                (position, card.key, card.note * (of_note[card.note] > 1), _tags(card))
                for position, card in enumerate(deck.cards)
            ],
            [
                (position, line, card.category, card.answers[0], encode(card))
                for position, (card, line) in enumerate(zip(deck.cards, deck.lines, strict=True))
            ],
        )


class Index:
    """The index file, made anew when it is missing, damaged or of another version."""

    def __init__(self, path: Path) -> None:
        """Open the index, in a passing folder where the cache folder cannot be written.

        Args:
            path: The index file.
        """
        self._passing: TemporaryDirectory[str] | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = _open(path)
        except (OSError, sqlite3.OperationalError):
            from tempfile import TemporaryDirectory

            self._passing = TemporaryDirectory(prefix="sco-quiz-")
            path = Path(self._passing.name, path.name)
            self._db = _open(path)
        self.uri = path.absolute().as_uri()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
        if self._passing is not None:
            self._passing.cleanup()

    def stamps(self) -> dict[str, Stamp]:
        """What each file in the index looked like when it was read."""
        rows = self._db.execute("SELECT path, size, changed_ns FROM file")
        return {path: Stamp(size, mtime) for path, size, mtime in rows}

    def put(self, files: Iterable[tuple[str, Stamp, Entry]]) -> None:
        """Replace what the index holds of files by what was read from them, all at once.

        The cards of a file that holds no usable deck any more stay, as last read, for sessions that
        are under way; no query over the decks in use finds them.

        One by one, 100 files of 1,000 notes take half as long again: the keys of each are spread
        over the whole of `card_by_key`.
        """
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            known = self.stamps()
            for path, stamp, read in files:
                if known.get(path) == stamp:
                    continue  # another program was faster
                if path in known and read.header[0] is None:
                    self._note_mistakes(path, stamp, read)
                else:
                    keys = {str(row[1]) for row in read.cards}
                    since = self._note_arrivals(path, keys, stamp.changed_ns)
                    self._forget(path)
                    self._insert(path, stamp, since, read)

    def _note_mistakes(self, path: str, stamp: Stamp, entry: Entry) -> None:
        """Keep the cards of a file that was read before, but not as a deck in use."""
        ((file,),) = self._db.execute("SELECT id FROM file WHERE path = ?", (path,))
        self._db.execute(
            "UPDATE file SET size = ?, changed_ns = ?, deck = NULL WHERE id = ?", (*stamp, file)
        )
        self._db.execute("DELETE FROM problem WHERE file = ?", (file,))
        self._insert_rows(file, entry)

    def _insert(self, path: str, stamp: Stamp, since: int, entry: Entry) -> None:
        file = self._db.execute(
            "INSERT INTO file (path, size, changed_ns, since_ns, deck, title, description, notes,"
            " cards, retention, new_per_day, reviews_per_day, ramp, images)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (path, *stamp, since, *entry.header),
        ).lastrowid
        assert file is not None  # noqa: S101 -- a row was inserted
        self._insert_rows(file, entry)

    def _insert_rows(self, file: int, entry: Entry) -> None:
        for statement, rows in (
            ("INSERT INTO problem VALUES (?,?,?,?,?,?,?)", entry.problems),
            ("INSERT INTO card VALUES (?,?,?,?,?)", entry.cards),
            ("INSERT INTO body VALUES (?,?,?,?,?,?)", entry.bodies),
        ):
            self._db.executemany(statement, [(file, *row) for row in rows])

    def drop(self, paths: Iterable[str]) -> None:
        """Forget files that are gone."""
        with self._db:
            for path in paths:
                self._note_arrivals(path, set(), 0)
                self._forget(path)

    def _note_arrivals(self, path: str, keys: AbstractSet[str], changed_ns: int) -> int:
        """Note which cards came into a file, and when those that left it had come.

        No deck file says when a card came, and the log knows only cards that were touched. But what
        a file holds, it held when it was last changed. So the change with which a card was first
        read is the latest day on which it can have come. That is remembered however often the file
        is read again, until the index is deleted.

        Args:
            path: The file, as it was in the index.
            keys: Its cards now.
            changed_ns: When it was changed.

        Returns:
            When the file was changed for its first reading.
        """
        row = self._db.execute("SELECT id, since_ns FROM file WHERE path = ?", (path,)).fetchone()
        if row is None:
            return changed_ns
        file, since = row
        rows = self._db.execute("SELECT key FROM card WHERE file = ?", (file,))
        before = {key for (key,) in rows}
        days = {**dict.fromkeys(keys - before, changed_ns), **dict.fromkeys(before - keys, since)}
        self._db.executemany("INSERT OR IGNORE INTO arrival VALUES (?, ?)", days.items())
        return int(since)

    def fill_words(self, most: int | None = None) -> bool:
        """Write the words of the cards that have none yet, for searching.

        A search reads them all: 100,000 cards take 15 to 40 ms, find any part of any word in any
        script, and are filled in a third of the time that a full-text index needs. They are filled
        before the first search after a file was read, since most starts of the program search
        nothing.

        Args:
            most: The most files; None for all.

        Returns:
            Whether there are more.
        """
        if not self._db.execute(_WITHOUT_WORDS).fetchone():
            return False
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            files = self._db.execute(_WITHOUT_WORDS).fetchall()
            for (file,) in files[:most]:
                bodies = self._db.execute("SELECT position, card FROM body WHERE file = ?", (file,))
                self._db.executemany(
                    "INSERT INTO words VALUES (?,?,?,?,?,?)",
                    [(file, position, *_words(decode_card(body))) for position, body in bodies],
                )
        return most is not None and len(files) > most

    def relinked_for(self) -> str:
        """Return for which state of the files cards were last re-linked; empty for none."""
        row = self._db.execute("SELECT files FROM relinking").fetchone()
        return str(row[0]) if row else ""

    def relinking(self) -> tuple[str, list[tuple[str, str]]]:
        """Return for which state of the files cards were re-linked, and what was left doubtful."""
        import json

        row = self._db.execute("SELECT files, doubtful FROM relinking").fetchone()
        return (row[0], [tuple(pair) for pair in json.loads(row[1])]) if row else ("", [])

    def save_relinking(self, files: str, doubtful: Iterable[tuple[str, str]]) -> None:
        """Remember that cards were re-linked for a state of the files."""
        import json

        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("DELETE FROM relinking")
            self._db.execute(
                "INSERT INTO relinking VALUES (?, ?)", (files, json.dumps([*doubtful]))
            )

    def _forget(self, path: str) -> None:
        for (file,) in self._db.execute("SELECT id FROM file WHERE path = ?", (path,)).fetchall():
            for table in ("card", "body", "problem", "words"):
                self._db.execute(f"DELETE FROM {table} WHERE file = ?", (file,))  # noqa: S608
            self._db.execute("DELETE FROM file WHERE id = ?", (file,))


def decode_card(blob: bytes) -> Card:
    """The card that `Index.put` encoded."""
    import msgspec

    from sco_quiz.learning.cards import Card

    return msgspec.msgpack.decode(blob, type=Card)


def as_stored(text: str) -> bytes:
    """How a text that is the whole of a prompt or an answer stands in an encoded card."""
    import msgspec

    return msgspec.msgpack.encode(text)


def _tags(card: Card) -> str:
    return "\x1f" + "".join(f"{tag}\x1f" for tag in card.tags) if card.tags else ""


def _words(card: Card) -> tuple[str, str, str, str]:
    from sco_quiz.learning.search import other_spellings, searchable
    from sco_quiz.text import plain

    tags = "".join(f"{searchable(tag)}\x1f" for tag in card.tags)
    prompt = plain(card.prompt)
    texts = (
        prompt, *card.answers, *card.accept, *card.choices, card.hint, card.explain,
        card.source, card.category, *card.tags,
    )  # fmt: skip
    words = "\n".join(
        [searchable(*filter(None, texts)), *other_spellings(prompt, *card.answers, *card.accept)]
    )
    return card.key, str(card.kind), tags and f"\x1f{tags}", words


def _open(path: Path) -> sqlite3.Connection:
    try:
        return _connect(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:  # damaged, or no database at all
        path.unlink()
        return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    # One thread at a time uses it: the app's worker that reads decks, or whoever waits for it.
    db = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -16000")  # enough to write many decks at once
        if db.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            with db:
                db.execute("BEGIN IMMEDIATE")
                for name in _tables(db):
                    db.execute(f"DROP TABLE {name}")
                for statement in _SCHEMA:
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {VERSION}")
    except sqlite3.Error:
        db.close()
        raise
    return db


def _tables(db: sqlite3.Connection) -> Iterator[str]:
    with closing(
        db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    ) as rows:
        yield from [name for (name,) in rows]
