"""Reads cards of the decks in use from the index."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.library.index import decode_card

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from sco_quiz.learning.cards import Card
    from sco_quiz.progress.store import Progress

_PLACED = """
SELECT b.card, f.path, b.line FROM json_each(?) wanted
CROSS JOIN library.card c ON c.key = wanted.value
JOIN temp.deck d ON d.file = c.file JOIN library.file f ON f.id = c.file
JOIN library.body b ON b.file = c.file AND b.position = c.position
ORDER BY c.file, c.position"""


_LAST_READ = """
SELECT b.card, f.path, b.line FROM library.card c
JOIN library.file f ON f.id = c.file AND f.deck IS NULL
JOIN library.body b ON b.file = c.file AND b.position = c.position
WHERE c.key = ? LIMIT 1"""


class PlacedCard(NamedTuple):
    """A card and the place of its note.

    Attributes:
        card: The card.
        path: The file of its deck.
        line: The line on which its note starts, from 1.
    """

    card: Card
    path: str
    line: int


def answers_so_far(db: sqlite3.Connection, most: int) -> int:
    """Count the answers that the learner ever gave in study, up to `most`."""
    count: int = db.execute(
        "SELECT count(*) FROM (SELECT 1 FROM review LIMIT ?)", (most,)
    ).fetchone()[0]
    return count


def find_card(db: sqlite3.Connection, key: str) -> PlacedCard | None:
    """Return the card with a key; None if no deck in use has it."""
    cards = find_cards(db, [key])
    return cards[0] if cards else None


def find_cards_by_beginning(db: sqlite3.Connection, beginning: str) -> list[PlacedCard]:
    """Return the cards in use whose key begins like this; at most two, to show doubt."""
    rows = db.execute(
        "SELECT DISTINCT c.key FROM temp.deck d JOIN library.card c ON c.file = d.file"
        " WHERE substr(c.key, 1, length(?1)) = ?1 LIMIT 2",
        (beginning,),
    )
    return find_cards(db, [key for (key,) in rows])


def find_last_read(db: sqlite3.Connection, key: str) -> PlacedCard | None:
    """Return a card as last read from a file that has a mistake now; None for none."""
    row = db.execute(_LAST_READ, (key,)).fetchone()
    return PlacedCard(decode_card(row[0]), *row[1:]) if row else None


def find_cards(db: sqlite3.Connection, keys: Iterable[str]) -> list[PlacedCard]:
    """Return the cards with these keys that decks in use have, in the order of their files."""
    rows = db.execute(_PLACED, (json.dumps(list(keys)),))
    return [PlacedCard(decode_card(body), path, line) for body, path, line in rows]


def logged_prompt(progress: Progress, key: str) -> str:
    """Return the prompt of a card as last logged; empty for an unknown card."""
    rows = progress.query("SELECT prompt FROM face WHERE key = ?", (key,))
    return str(rows[0][0]) if rows else ""


def cards_of_deck(db: sqlite3.Connection, deck: str) -> list[Card]:
    """Return the cards of a deck, in order."""
    return _cards(
        db,
        "SELECT b.card FROM temp.deck d JOIN library.body b ON b.file = d.file WHERE d.id = ?"
        " ORDER BY b.position",
        deck,
    )


def cards_at(db: sqlite3.Connection, path: str, line: int) -> list[Card]:
    """Return the cards of the note that starts on a line of a file, in order."""
    return _cards(
        db,
        "SELECT b.card FROM library.file f JOIN library.body b ON b.file = f.id"
        " WHERE f.path = ? AND b.line = ? ORDER BY b.position",
        path,
        line,
    )


def answers_of_category(db: sqlite3.Connection, category: str, most: int = 500) -> list[str]:
    """Return right answers of the cards of a category."""
    rows = db.execute(
        "SELECT DISTINCT b.answer FROM library.body b JOIN temp.deck d ON d.file = b.file"
        " WHERE b.category = ? AND b.category <> '' LIMIT ?",
        (category, most),
    )
    return [answer for (answer,) in rows]


def file_of_deck(db: sqlite3.Connection, deck: str) -> int | None:
    """Return the number of a deck's file in the index, which changes each time it is read."""
    row = db.execute("SELECT file FROM temp.deck WHERE id = ?", (deck,)).fetchone()
    return None if row is None else int(row[0])


def answers_in_file(db: sqlite3.Connection, file: int, most: int = 2_000) -> list[str]:
    """Return right answers of the cards without a category in a file, given by its number."""
    rows = db.execute(
        "SELECT DISTINCT answer FROM library.body WHERE file = ? AND category = '' LIMIT ?",
        (file, most),
    )
    return [answer for (answer,) in rows]


def cards_of_category(db: sqlite3.Connection, category: str, deck: str, most: int) -> list[Card]:
    """Return cards of a category, those of a deck first."""
    return _cards(
        db,
        "SELECT b.card FROM library.body b JOIN temp.deck d ON d.file = b.file"
        " WHERE b.category = ? AND b.category <> '' ORDER BY d.id <> ?, b.answer, b.position"
        " LIMIT ?",
        category,
        deck,
        most,
    )


def cards_alike(db: sqlite3.Connection, deck: str, answer: str, most: int) -> list[Card]:
    """Return cards of a deck whose answer is about as long as the given one."""
    return _cards(
        db,
        "SELECT b.card FROM temp.deck d JOIN library.body b ON b.file = d.file WHERE d.id = ?"
        " AND length(b.answer) BETWEEN ? AND ? ORDER BY b.position LIMIT ?",
        deck,
        len(answer) // 2,
        len(answer) * 2 + 1,
        most,
    )


def cards_with_any(
    db: sqlite3.Connection, parts: Sequence[bytes], deck: str | None, most: int
) -> list[Card]:
    """Return cards of a deck, or of all, whose stored form contains one of these byte strings.

    For all decks it takes a tenth of a second with 100,000 cards.
    """
    conditions = " OR ".join(["instr(b.card, ?)"] * len(parts))
    return _cards(
        db,
        "SELECT b.card FROM temp.deck d CROSS JOIN library.body b ON b.file = d.file"  # noqa: S608
        f" WHERE ({conditions}) AND d.id = coalesce(?, d.id) LIMIT ?",
        *parts,
        deck,
        most,
    )


def confused_with(
    db: sqlite3.Connection, key: str, category: str, answer: str, most: int = 20
) -> list[str]:
    """Return the answers that the learner confused with a card's answer, the most frequent first.

    These are wrong answers to the card, and the right answers of cards of its category to which the
    learner gave this card's answer.
    """
    rows = db.execute(
        "WITH confused (text) AS ("
        " SELECT json_extract(data, '$.answer') FROM event WHERE card = :key"
        " AND kind IN ('review', 'answer') AND json_extract(data, '$.verdict') = 'wrong'"
        " AND json_type(data, '$.answer') = 'text' AND (device, seq) NOT IN undone"
        " UNION ALL SELECT b.answer FROM"
        " (SELECT card FROM review WHERE mistake = :answer COLLATE NOCASE"
        "  UNION ALL SELECT card FROM answer WHERE mistake = :answer COLLATE NOCASE) m"
        " JOIN library.card c ON c.key = m.card"
        " JOIN library.body b ON b.file = c.file AND b.position = c.position"
        " WHERE b.category = :category"
        ") SELECT text FROM confused GROUP BY text ORDER BY count(*) DESC, text LIMIT :most",
        {"key": key, "category": category, "answer": answer, "most": most},
    )
    return [text for (text,) in rows]


def _cards(db: sqlite3.Connection, sql: str, *values: object) -> list[Card]:
    return [decode_card(body) for (body,) in db.execute(sql, values)]
