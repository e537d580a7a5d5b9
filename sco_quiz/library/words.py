"""The texts of cards as they are searched.

A search reads them all: 100,000 cards take 15 to 40 ms, find any part of any word in any script,
and are filled in a third of the time that a full-text index needs. They are filled before the first
search after a file was read, since most starts of the program search nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from sco_quiz.learning.cards import Card

_UNFILLED = """SELECT id FROM file
WHERE cards > 0 AND NOT EXISTS (SELECT 1 FROM words WHERE words.file = file.id)"""


def fill(db: sqlite3.Connection, most: int | None = None) -> bool:
    """Write the words of the cards that have none yet.

    Args:
        db: The index.
        most: The most files; None for all.

    Returns:
        Whether there are more.
    """
    if not db.execute(_UNFILLED).fetchone():
        return False
    from sco_quiz.library.index import decode_card

    with db:
        db.execute("BEGIN IMMEDIATE")
        files = db.execute(_UNFILLED).fetchall()
        for (file,) in files[:most]:
            bodies = db.execute("SELECT position, card FROM body WHERE file = ?", (file,))
            db.executemany(
                "INSERT INTO words VALUES (?,?,?,?,?,?)",
                [(file, position, *_words(decode_card(body))) for position, body in bodies],
            )
    return most is not None and len(files) > most


def _words(card: Card) -> tuple[str, str, str, str]:
    from sco_quiz.learning.search import searchable
    from sco_quiz.text import plain

    tags = "".join(f"{searchable(tag)}\x1f" for tag in card.tags)
    texts = (
        plain(card.prompt), *card.answers, *card.accept, *card.choices, card.hint, card.explain,
        card.source, card.category, *card.tags,
    )  # fmt: skip
    return card.key, str(card.kind), tags and f"\x1f{tags}", searchable(*filter(None, texts))
