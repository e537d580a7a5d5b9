"""Fills the index with the cards and problems read from deck files."""

from __future__ import annotations

import zlib
from collections import Counter
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from msgspec import msgpack

from sco_quiz.config import written
from sco_quiz.inserting import insert
from sco_quiz.library.index import HEADER, encoder, stamps_of, sum_in

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from sco_quiz.learning.cards import Card
    from sco_quiz.library.decks import Deck, DeckFile
    from sco_quiz.library.folders import Stamp
    from sco_quiz.library.index import Index


_Row: TypeAlias = tuple[object, ...]
_decode = msgpack.Decoder(tuple[_Row, list[_Row], list[_Row], list[_Row]]).decode


class IndexEntry(NamedTuple):
    """The rows of the index for a file, without the number of the file in front, and their sum."""

    header: _Row
    problems: list[_Row]
    cards: list[_Row]
    bodies: list[_Row]
    sum: int

    @classmethod
    def of(cls, encoded: bytes) -> IndexEntry:
        """Make an entry of what `encode` returned."""
        return cls(*_decode(encoded), zlib.crc32(encoded))


def encode(read: DeckFile) -> bytes:
    """Return the rows for a file that was read, as they are summed and sent to another process.

    It is msgpack, which takes a sixth of the time that pickle takes.
    """
    header, cards, bodies = _deck_rows(read.deck)
    problems = [
        (
            str(problem.severity),
            problem.code,
            problem.message,
            problem.help or "",
            problem.line,
            problem.column,
        )
        for problem in read.diagnostics
    ]
    return encoder()((header, problems, cards, bodies))


def _deck_rows(deck: Deck | None) -> tuple[_Row, list[_Row], list[_Row]]:
    """Return the header, cards and bodies of a deck, or of a file without one."""
    if deck is None:
        return (None, "", "", "", 0, 0, "", 0), [], []
    encode_card = encoder()
    cards_of = Counter(map(attrgetter("note"), deck.cards))
    header = (
        deck.id, deck.title, deck.description, deck.parent, len(cards_of), len(deck.cards),
        "\n".join(f"{name}={written(value)}" for name, value in deck.settings.items()),
        int(any(card.media.image or card.media.answer_image for card in deck.cards)),
    )  # fmt: skip
    return (
        header,
        [
            (position, card.key, card.note * (cards_of[card.note] > 1), _tags(card))
            for position, card in enumerate(deck.cards)
        ],
        [
            (position, line, card.category, card.answers[0], encode_card(card))
            for position, (card, line) in enumerate(zip(deck.cards, deck.lines, strict=True))
        ],
    )


def put(index: Index, files: Iterable[tuple[str, Stamp, IndexEntry]]) -> None:
    """Replace the rows of files in the index, all at once.

    If a file no longer holds a usable deck, its cards stay as last read, for open sessions; queries
    over the decks in use leave them out.

    Written one by one, 100 files of 1,000 notes take half as long again, because the keys of each
    are spread over the whole index `card_by_key`.
    """
    entries = list(files)
    index.write(lambda db: _put(db, entries))


def drop(index: Index, paths: Iterable[str]) -> None:
    """Remove files that are gone."""
    gone_paths = list(paths)

    def drop(db: sqlite3.Connection) -> None:
        for path in gone_paths:
            _note_arrivals(db, path, (), 0)
            _forget(db, path)

    index.write(drop)


def _put(db: sqlite3.Connection, files: Iterable[tuple[str, Stamp, IndexEntry]]) -> None:
    known = stamps_of(db)
    for path, stamp, read in files:
        if known.get(path) == stamp:
            continue  # another program was faster
        if path in known and read.header[0] is None:
            _note_mistakes(db, path, stamp, read)
        else:
            since = _note_arrivals(db, path, read.cards, stamp.changed_ns)
            _forget(db, path)
            _insert(db, path, stamp, since, read)


def _note_mistakes(db: sqlite3.Connection, path: str, stamp: Stamp, entry: IndexEntry) -> None:
    """Keep the cards of a file that was read before, but not as those of a deck in use."""
    ((file,),) = db.execute("SELECT id FROM file WHERE path = ?", (path,))
    db.execute("UPDATE file SET size = ?, changed_ns = ?, deck = NULL WHERE id = ?", (*stamp, file))
    db.execute("DELETE FROM problem WHERE file = ?", (file,))
    _insert_rows(db, file, entry)
    db.execute("UPDATE file SET sum = ? WHERE id = ?", (sum_in(db, file), file))


def _insert(db: sqlite3.Connection, path: str, stamp: Stamp, since: int, entry: IndexEntry) -> None:
    file = db.execute(
        f"INSERT INTO file (path, size, changed_ns, since_ns, {HEADER}, sum)"  # noqa: S608
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (path, *stamp, since, *entry.header, entry.sum),
    ).lastrowid
    assert file is not None  # noqa: S101 -- a row was inserted
    _insert_rows(db, file, entry)


def _insert_rows(db: sqlite3.Connection, file: int, entry: IndexEntry) -> None:
    for statement, rows in (
        (f"INSERT INTO problem VALUES ({file},?,?,?,?,?,?)", entry.problems),  # noqa: S608 -- a number
        (f"INSERT OR FAIL INTO card VALUES ({file},?,?,?,?)", entry.cards),  # noqa: S608 -- a number
        (f"INSERT OR FAIL INTO body VALUES ({file},?,?,?,?,?)", entry.bodies),  # noqa: S608 -- a number
    ):
        insert(db, statement, rows)


def _note_arrivals(
    db: sqlite3.Connection, path: str, cards: Iterable[_Row], changed_ns: int
) -> int:
    """Note the arrival times of cards that are new in a file, and of those that left it.

    No deck file says when a card was added, and the log knows only cards with an event. But a card
    that is read from a file was in it at the file's last change. So the time of that change, at the
    first reading of the card, is the latest time at which it can have arrived. It is kept, however
    often the file is read again, until the index is deleted.

    Args:
        db: The index.
        path: The file, whose rows in the index are still the old ones.
        cards: The rows of its cards now.
        changed_ns: The time of its last change.

    Returns:
        The time of the file's last change when it was first read.
    """
    row = db.execute("SELECT id, since_ns FROM file WHERE path = ?", (path,)).fetchone()
    if row is None:
        return changed_ns
    file, since = row
    rows = db.execute("SELECT key FROM card WHERE file = ?", (file,))
    old_keys = {key for (key,) in rows}
    keys = {key for _, key, *_ in cards}
    arrivals = {
        **dict.fromkeys(keys - old_keys, changed_ns),
        **dict.fromkeys(old_keys - keys, since),
    }
    db.executemany("INSERT OR IGNORE INTO arrival VALUES (?, ?)", arrivals.items())
    return int(since)


def _forget(db: sqlite3.Connection, path: str) -> None:
    for (file,) in db.execute("SELECT id FROM file WHERE path = ?", (path,)).fetchall():
        for table in ("card", "body", "problem", "words"):
            db.execute(f"DELETE FROM {table} WHERE file = ?", (file,))  # noqa: S608
        db.execute("DELETE FROM file WHERE id = ?", (file,))


def _tags(card: Card) -> str:
    return "\x1f" + "".join(f"{tag}\x1f" for tag in card.tags) if card.tags else ""
