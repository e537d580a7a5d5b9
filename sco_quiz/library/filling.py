"""Filling the index with what was read of deck files."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.config import written
from sco_quiz.library.index import HEADER, encoder, stamps_of, sum_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from sco_quiz.learning.cards import Card
    from sco_quiz.library.decks import DeckFile
    from sco_quiz.library.folders import Stamp
    from sco_quiz.library.index import Index


class Entry(NamedTuple):
    """The rows that the index holds of a file, without the number of the file in front."""

    header: tuple[object, ...]
    problems: list[tuple[object, ...]]
    cards: list[tuple[object, ...]]
    bodies: list[tuple[object, ...]]

    @classmethod
    def of(cls, read: DeckFile) -> Entry:
        """The rows of what was read from a file."""
        encode = encoder()
        problems: list[tuple[object, ...]] = [
            (each.severity, each.code, each.message, each.help or "", each.line, each.column)
            for each in read.diagnostics
        ]
        deck = read.deck
        if deck is None:
            return cls((None, "", "", "", 0, 0, "", False), problems, [], [])
        of_note = Counter(card.note for card in deck.cards)
        header = (
            deck.id, deck.title, deck.description, deck.parent, len(of_note), len(deck.cards),
            "\n".join(f"{name}={written(value)}" for name, value in deck.settings.items()),
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


def put(index: Index, files: Iterable[tuple[str, Stamp, Entry]]) -> None:
    """Replace what the index holds of files by what was read from them, all at once.

    The cards of a file that holds no usable deck any more stay, as last read, for sessions that
    are under way; no query over the decks in use finds them.

    One by one, 100 files of 1,000 notes take half as long again: the keys of each are spread
    over the whole of `card_by_key`.
    """
    given = list(files)
    index.write(lambda db: _put(db, given))


def drop(index: Index, paths: Iterable[str]) -> None:
    """Forget files that are gone."""
    gone = list(paths)

    def drop(db: sqlite3.Connection) -> None:
        for path in gone:
            _note_arrivals(db, path, set(), 0)
            _forget(db, path)

    index.write(drop)


def _put(db: sqlite3.Connection, files: Iterable[tuple[str, Stamp, Entry]]) -> None:
    known = stamps_of(db)
    for path, stamp, read in files:
        if known.get(path) == stamp:
            continue  # another program was faster
        if path in known and read.header[0] is None:
            _note_mistakes(db, path, stamp, read)
        else:
            keys = {str(row[1]) for row in read.cards}
            since = _note_arrivals(db, path, keys, stamp.changed_ns)
            _forget(db, path)
            _insert(db, path, stamp, since, read)


def _note_mistakes(db: sqlite3.Connection, path: str, stamp: Stamp, entry: Entry) -> None:
    """Keep the cards of a file that was read before, but not as a deck in use."""
    ((file,),) = db.execute("SELECT id FROM file WHERE path = ?", (path,))
    db.execute("UPDATE file SET size = ?, changed_ns = ?, deck = NULL WHERE id = ?", (*stamp, file))
    db.execute("DELETE FROM problem WHERE file = ?", (file,))
    _insert_rows(db, file, entry)


def _insert(db: sqlite3.Connection, path: str, stamp: Stamp, since: int, entry: Entry) -> None:
    file = db.execute(
        f"INSERT INTO file (path, size, changed_ns, since_ns, {HEADER}, sum)"  # noqa: S608
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,0)",
        (path, *stamp, since, *entry.header),
    ).lastrowid
    assert file is not None  # noqa: S101 -- a row was inserted
    _insert_rows(db, file, entry)


def _insert_rows(db: sqlite3.Connection, file: int, entry: Entry) -> None:
    for statement, rows in (
        ("INSERT INTO problem VALUES (?,?,?,?,?,?,?)", entry.problems),
        ("INSERT INTO card VALUES (?,?,?,?,?)", entry.cards),
        ("INSERT INTO body VALUES (?,?,?,?,?,?)", entry.bodies),
    ):
        db.executemany(statement, [(file, *row) for row in rows])
    db.execute("UPDATE file SET sum = ? WHERE id = ?", (sum_of(db, file), file))


def _note_arrivals(
    db: sqlite3.Connection, path: str, keys: AbstractSet[str], changed_ns: int
) -> int:
    """Note which cards came into a file, and when those that left it had come.

    No deck file says when a card came, and the log knows only cards that were touched. But what
    a file holds, it held when it was last changed. So the change with which a card was first
    read is the latest day on which it can have come. That is remembered however often the file
    is read again, until the index is deleted.

    Args:
        db: The index.
        path: The file, as it was in the index.
        keys: Its cards now.
        changed_ns: When it was changed.

    Returns:
        When the file was changed for its first reading.
    """
    row = db.execute("SELECT id, since_ns FROM file WHERE path = ?", (path,)).fetchone()
    if row is None:
        return changed_ns
    file, since = row
    rows = db.execute("SELECT key FROM card WHERE file = ?", (file,))
    before = {key for (key,) in rows}
    days = {**dict.fromkeys(keys - before, changed_ns), **dict.fromkeys(before - keys, since)}
    db.executemany("INSERT OR IGNORE INTO arrival VALUES (?, ?)", days.items())
    return int(since)


def _forget(db: sqlite3.Connection, path: str) -> None:
    for (file,) in db.execute("SELECT id FROM file WHERE path = ?", (path,)).fetchall():
        for table in ("card", "body", "problem", "words"):
            db.execute(f"DELETE FROM {table} WHERE file = ?", (file,))  # noqa: S608
        db.execute("DELETE FROM file WHERE id = ?", (file,))


def _tags(card: Card) -> str:
    return "\x1f" + "".join(f"{tag}\x1f" for tag in card.tags) if card.tags else ""
