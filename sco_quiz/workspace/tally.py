"""A tally of the cards that are begun and due, by deck, kept in a note beside the index.

To count 20,000 due cards, each would be looked up in the index. The tally was made of certain deck
files and of the log up to a mark, so only cards that may have changed since are looked up. Where it
cannot be shown to hold, it is not used.
"""

from __future__ import annotations

import zlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.files import keep_note, read_note
from sco_quiz.progress.changes import changed_since, mark_of

if TYPE_CHECKING:
    import sqlite3

MOST_CHANGED = 500
"""The number of cards that are looked up; with more, counting anew is hardly slower."""
NAME = "tally"
"""Of the note in the cache folder."""
_VERSION = 1
"""Raise it when what is kept changes."""
_IS_DUE = (
    "s.state = 2 AND s.due_day <= :day AND s.suspended = 0 AND s.buried_until <= :day"
    " AND s.brought <> :day"
)
_SELECT_FILES = """
SELECT d.file || ' ' || f.sum, d.file, d.id, f.cards
FROM temp.deck d LEFT JOIN library.file f ON f.id = d.file"""
_SELECT_TALLY = f"""
SELECT d.file || ' ' || f.sum, coalesce(t.begun, 0), coalesce(t.studied, 0),
  coalesce(t.alone, 0), coalesce(t.notes, ''), coalesce(t.keys, '')
FROM temp.deck d JOIN library.file f ON f.id = d.file LEFT JOIN (
  SELECT c.file, count(*) AS begun, sum(s.state <> 0) AS studied,
    sum(c.note = '' AND {_IS_DUE}) AS alone,
    group_concat(iif({_IS_DUE}, nullif(c.note, ''), NULL), ' ') AS notes,
    group_concat(iif({_IS_DUE}, c.key, NULL), ' ') AS keys
  FROM card_state s JOIN library.card c ON c.key = s.key GROUP BY c.file
) t ON t.file = d.file"""  # noqa: S608 -- a condition of ours
_SELECT_OF_DAYS = """
SELECT key FROM card_state WHERE state = 2 AND due_day <= :day
AND (due_day > :then OR buried_until > :then OR brought >= :then) LIMIT :most"""
"""The cards that may be due on a day and not on an earlier one, or the other way round."""
_SELECT_CARDS = f"""
SELECT c.file, c.key, c.note, coalesce(s.state, 0) = 0, coalesce({_IS_DUE}, 0)
FROM library.card c LEFT JOIN card_state s ON s.key = c.key
WHERE c.key IN ({{}})"""  # noqa: S608 -- as above


class Tally(NamedTuple):
    """Numbers of cards, by deck.

    Attributes:
        begun: The most cards that can have an event that counts.
        with_new: The decks that may have a card that was never answered.
        due: Due cards by deck and note, as `candidates.count_reviews` counts them.
    """

    begun: dict[str, int]
    with_new: set[str]
    due: list[tuple[str, str, int]]


def keep_tally(db: sqlite3.Connection, day: int) -> None:
    """Make the tally anew and keep it; each begun card is looked up, so this is for a thread.

    Args:
        db: The connection to log and index.
        day: The study day.
    """
    mark = mark_of(db)  # taken before the cards are read: what changes between is looked up later
    if mark:
        rows = db.execute(_SELECT_TALLY, {"day": day})
        text = "\n".join([f"{day} {mark}", *("\t".join(map(str, row)) for row in rows)])
        keep_note(_path(db), f"{_sum(text)}\n{text}")


def read_tally(db: sqlite3.Connection, day: int) -> Tally | None:
    """Return the tally as it is by now; None where none holds, or too much has changed.

    Args:
        db: The connection to log and index.
        day: The study day.
    """
    checksum, _, text = read_note(_path(db)).partition("\n")
    if checksum != _sum(text):
        return None
    head, *lines = text.split("\n")
    then, _, mark = head.partition(" ")
    kept = {name: rest for name, _, rest in (line.partition("\t") for line in lines)}
    files = {name: rest for name, *rest in db.execute(_SELECT_FILES)}
    changed = _changed(db, mark, int(then), day) if kept.keys() == files.keys() else None
    if changed is None:
        return None
    begun: dict[str, int] = {}
    with_new: set[str] = set()
    due: Counter[tuple[str, str]] = Counter()
    were_due: dict[int, tuple[str, str]] = {}
    for name, (file, deck, cards) in files.items():
        number, studied, alone, notes, keys = kept[name].split("\t")
        were_due[file] = deck, keys
        begun[deck] = int(number)
        if int(studied) < cards:
            with_new.add(deck)
        due[deck, ""] = int(alone)
        due.update((deck, note) for note in notes.split())
    names = {f"key{number}": key for number, key in enumerate(changed)}
    statement = _SELECT_CARDS.format(", ".join(f":{name}" for name in names))
    for file, key, note, is_new, is_due in db.execute(statement, {"day": day, **names}):
        if file in were_due:
            deck, keys = were_due[file]
            begun[deck] += 1
            if is_new:
                with_new.add(deck)
            due[deck, note] += is_due - (key in keys)
    counted = [(deck, note, count) for (deck, note), count in due.items() if count]
    return Tally(begun, with_new, counted)


def _changed(db: sqlite3.Connection, mark: str, then: int, day: int) -> set[str] | None:
    """Return the cards that may count otherwise than on the day of the tally; None for any."""
    if then > day or (keys := changed_since(db, mark, MOST_CHANGED)) is None:
        return None
    if then < day:
        values = {"day": day, "then": then, "most": MOST_CHANGED + 1}
        keys.update(key for (key,) in db.execute(_SELECT_OF_DAYS, values))
    return keys if len(keys) <= MOST_CHANGED else None


def _sum(text: str) -> str:
    return f"{zlib.crc32(text.encode('ascii'), _VERSION):08x}"


def _path(db: sqlite3.Connection) -> Path:
    paths = {name: path for _, name, path in db.execute("PRAGMA database_list")}
    return Path(paths["library"]).with_name(NAME)
