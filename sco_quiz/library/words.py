"""Writes the words of cards into the index, as a search reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz.learning.search import other_spellings, searchable
from sco_quiz.library.index import decode_card
from sco_quiz.text import plain

if TYPE_CHECKING:
    import sqlite3

    from sco_quiz.learning.cards import Card
    from sco_quiz.library.index import Index

_WITHOUT_WORDS = """SELECT id FROM file
WHERE cards > 0 AND NOT EXISTS (SELECT 1 FROM words WHERE words.file = file.id)"""


def fill_words(index: Index, most: int | None = None) -> bool:
    """Write the words of the cards that have none in the index yet, for searching.

    A search reads all of them, and finds any part of any word in any script; with 100,000 cards it
    takes 15 to 40 ms. They are written in a third of the time that a full-text index needs, and
    only before the first search after a file was read, since most starts of the program do not
    search.

    Args:
        index: The index.
        most: The greatest number of files; None for all.

    Returns:
        True if files are left.
    """
    if not index.use(lambda db: db.execute(_WITHOUT_WORDS).fetchone()):
        return False

    def fill(db: sqlite3.Connection) -> bool:
        files = db.execute(_WITHOUT_WORDS).fetchall()
        for (file,) in files[:most]:
            bodies = db.execute("SELECT position, card FROM body WHERE file = ?", (file,))
            db.executemany(
                "INSERT INTO words VALUES (?,?,?,?,?,?)",
                [(file, position, *_words(decode_card(body))) for position, body in bodies],
            )
        return most is not None and len(files) > most

    return index.write(fill)


def _words(card: Card) -> tuple[str, str, str, str]:
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
