"""Selects the cards that may be asked, by SQL over the index and the log.

Both are on one connection: the views of the log are its own tables, and the index is attached as
`library`. The temporary table `deck` has the decks in use, one file each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz.learning.card_queue import Candidate, Pick

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_AWAKE = "s.suspended = 0 AND s.buried_until <= :day"
_NOTE = "iif(c.note = '', c.key, c.note)"
"""The note of a card. The index names no note that has only one card, so the card's key will do."""
_CARDS = "JOIN library.card c ON c.key = s.key JOIN temp.deck d ON d.file = c.file"

_ELAPSED = "max(:day - s.last_day, 0) / s.stability"
"""A number with which retrievability falls, whatever the parameters."""
_REVIEWS = {
    Pick.DUE: ("s.due_day <= :day", _ELAPSED),
    Pick.AT_RISK: ("s.due_day <= :day", f"{_ELAPSED} DESC"),
    Pick.AHEAD: ("s.due_day > :day AND s.last_day < :day", f"s.due_day, {_ELAPSED}"),
    Pick.HARDEST: ("s.last_day < :day", "s.difficulty DESC, s.lapses DESC, s.stability"),
}
"""The condition and the order of each pick for cards in review; `AHEAD` skips those seen today."""


def every_card(
    db: sqlite3.Connection, decks: Sequence[str], tag: str | None = None
) -> Iterator[Candidate]:
    """Return all cards of decks that are not suspended, in the authors' order."""
    rows = db.execute(
        f"SELECT c.key, {_NOTE}, d.id, 0 FROM temp.deck d JOIN library.card c ON c.file = d.file"  # noqa: S608
        " WHERE d.id IN (SELECT value FROM json_each(:decks)) AND NOT EXISTS"
        f" (SELECT 1 FROM card_state s WHERE s.key = c.key AND s.suspended){_tagged(tag)}"
        " ORDER BY d.place, c.position",
        {"decks": _as_json(decks), "tag": tag},
    )
    return map(Candidate._make, rows)


def with_keys(db: sqlite3.Connection, keys: Iterable[str]) -> list[Candidate]:
    """Return the cards with these keys that are in use and not suspended, in the given order."""
    rows = db.execute(
        f"SELECT c.key, {_NOTE}, d.id, 0 FROM (SELECT value, min(key) AS place"  # noqa: S608
        " FROM json_each(?) GROUP BY value) wanted"
        " JOIN library.card c ON c.key = wanted.value JOIN temp.deck d ON d.file = c.file"
        " WHERE NOT EXISTS (SELECT 1 FROM card_state s WHERE s.key = c.key AND s.suspended)"
        " ORDER BY wanted.place",
        (_as_json(keys),),
    )
    return list(map(Candidate._make, rows))


def learning(
    db: sqlite3.Connection, day: int, until: int, tag: str | None = None
) -> Iterator[Candidate]:
    """Return cards in a (re)learning step that ends before `until` (UTC ms), soonest first.

    A card that was answered on a later study day than `day`, because a clock was ahead, counts as
    due: its step is of minutes, but may seem to end years later.
    """
    rows = db.execute(
        f"SELECT c.key, {_NOTE}, d.id, CASE WHEN s.last_day > :day THEN 0 ELSE s.due_at END AS ends"  # noqa: S608
        f" FROM card_state s {_CARDS}"
        f" WHERE s.state IN (1, 3) AND ends < :until AND {_AWAKE}{_tagged(tag)}"
        " ORDER BY ends, c.key",
        {"day": day, "until": until, "tag": tag},
    )
    return map(Candidate._make, rows)


def brought(db: sqlite3.Connection, day: int, tag: str | None = None) -> Iterator[Candidate]:
    """Return cards that the learner asked for on a study day and has not answered since."""
    rows = db.execute(
        f"SELECT c.key, {_NOTE}, d.id, 0 FROM card_state s {_CARDS}"  # noqa: S608
        f" WHERE s.brought = :day AND s.brought > 0 AND {_AWAKE}{_tagged(tag)}"
        " ORDER BY d.place, c.position",
        {"day": day, "tag": tag},
    )
    return map(Candidate._make, rows)


def reviews(
    db: sqlite3.Connection, day: int, tag: str | None = None, pick: Pick = Pick.DUE
) -> list[Candidate]:
    """Return the cards in review of a pick on a study day, in its order."""
    when, order = _REVIEWS[pick]
    decks = dict(db.execute("SELECT file, id FROM temp.deck"))
    # Thousands may be due, and of each only two texts are fetched.
    rows = db.execute(
        "SELECT c.key, c.note, c.file FROM card_state s JOIN library.card c ON c.key = s.key"  # noqa: S608
        f" WHERE s.state = 2 AND {when} AND {_AWAKE}{_tagged(tag)} ORDER BY {order}, c.key",
        {"day": day, "tag": tag},
    ).fetchall()
    made = tuple.__new__  # in half the time that it takes by their names
    return [
        made(Candidate, (key, note or key, decks[file], 0))
        for key, note, file in rows
        if file in decks
    ]


def count_known(db: sqlite3.Connection, decks: Sequence[str], day: int, most: int) -> int:
    """Count cards in review that were not answered on a study day and may be asked.

    Args:
        db: The connection to log and index.
        decks: The ids of the decks.
        day: The study day.
        most: The number at which counting stops.
    """
    count: int = db.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM card_state s {_CARDS} WHERE s.state = 2"  # noqa: S608
        f" AND s.last_day < ? AND s.suspended = 0 AND s.buried_until <= ?"
        f" AND d.id IN ({','.join('?' * len(decks))}) LIMIT ?)",
        (day, day, *decks, most),
    ).fetchone()[0]
    return count


def count_reviews(db: sqlite3.Connection, day: int) -> list[tuple[str, str, int]]:
    """Count due cards by deck and note, without those that the learner asked for today.

    Cards that are alone in their note are counted together, under a note "". With 20,000 due cards
    this takes half the time of selecting each.
    """
    return db.execute(
        "SELECT d.id, found.note, found.cards FROM (SELECT c.file, c.note, count(*) AS cards"  # noqa: S608
        " FROM card_state s JOIN library.card c ON c.key = s.key"
        f" WHERE s.state = 2 AND s.due_day <= :day AND {_AWAKE} AND s.brought <> :day"
        " GROUP BY c.file, c.note) found"
        " JOIN temp.deck d ON d.file = found.file",
        {"day": day},
    ).fetchall()


def new(
    db: sqlite3.Connection,
    deck: str,
    day: int,
    tag: str | None = None,
    *,
    last_first: bool = False,
) -> Iterator[Candidate]:
    """Return cards of a deck that were never answered, in the author's order.

    With `last_first` the order is reversed and the query faster, since all answered cards come
    before the first new one.
    """
    rows = db.execute(
        f"SELECT c.key, {_NOTE}, d.id, 0 FROM temp.deck d JOIN library.card c ON c.file = d.file"  # noqa: S608
        " WHERE d.id = :deck AND NOT EXISTS (SELECT 1 FROM card_state s WHERE s.key = c.key"
        f" AND (s.state <> 0 OR NOT ({_AWAKE}))){_tagged(tag)}"
        f" ORDER BY c.position{' DESC' * last_first}",
        {"deck": deck, "day": day, "tag": tag},
    )
    return map(Candidate._make, rows)


def decks_with_new(db: sqlite3.Connection, day: int) -> set[str]:
    """Return the decks with a card that was never answered.

    SQLite goes through the keys of all cards and of the begun ones side by side, since both are in
    order; to look each card up takes three times as long.
    """
    rows = db.execute(
        "WITH new (key) AS MATERIALIZED (SELECT key FROM library.card EXCEPT"  # noqa: S608
        f" SELECT key FROM card_state s WHERE s.state <> 0 OR NOT ({_AWAKE}) ORDER BY key LIMIT -1)"
        " SELECT DISTINCT d.id FROM new CROSS JOIN library.card c ON c.key = new.key"
        " JOIN temp.deck d ON d.file = c.file",
        {"day": day},
    )
    return {deck for (deck,) in rows}


def count_begun(db: sqlite3.Connection) -> int:
    """Count the cards with an event that counts."""
    count: int = db.execute("SELECT count(*) FROM card_state").fetchone()[0]
    return count


def count_new(
    db: sqlite3.Connection, day: int, most: Mapping[str, int]
) -> Iterator[tuple[str, int]]:
    """Count the new cards of decks, all at once, since each query takes 0.05 ms.

    Args:
        db: The connection to log and index.
        day: The study day.
        most: For each deck, the number at which counting stops.
    """
    for limit in {*most.values()} - {0}:
        decks = [deck for deck, most_of_deck in most.items() if most_of_deck == limit]
        yield from db.execute(
            "SELECT d.id, (SELECT count(*) FROM (SELECT 1 FROM library.card c WHERE c.file = d.file"  # noqa: S608
            " AND NOT EXISTS (SELECT 1 FROM card_state s WHERE s.key = c.key"
            f" AND (s.state <> 0 OR NOT ({_AWAKE.replace(':day', '?')}))) ORDER BY c.position DESC"
            f" LIMIT ?)) FROM temp.deck d WHERE d.id IN ({','.join('?' * len(decks))})",
            (day, limit, *decks),
        )


def answered_today(
    db: sqlite3.Connection, day: int
) -> tuple[dict[str, str], dict[str, int], dict[str, int]]:
    """Return the notes answered on a study day with their decks, and by deck new cards and reviews.

    A card that was answered on two devices counts once.
    """
    notes: dict[str, str] = {}
    new: dict[str, set[str]] = {}
    reviewed: dict[str, set[str]] = {}
    rows = db.execute(
        f"SELECT c.key, {_NOTE}, d.id, r.was FROM review r JOIN library.card c ON c.key = r.card"  # noqa: S608
        " JOIN temp.deck d ON d.file = c.file WHERE r.day = ?",
        (day,),
    )
    for key, note, deck, was in rows:
        notes[note] = deck
        if was == 0:
            new.setdefault(deck, set()).add(key)
        elif was == 2:
            reviewed.setdefault(deck, set()).add(key)
    return notes, _sizes(new), _sizes(reviewed)


def _sizes(cards: dict[str, set[str]]) -> dict[str, int]:
    return {deck: len(keys) for deck, keys in cards.items()}


def due_tomorrow(db: sqlite3.Connection, day: int) -> int:
    """Count reviews that fall due on the study day after `day`, or are due already."""
    count: int = db.execute(
        f"SELECT count(*) FROM card_state s {_CARDS} WHERE s.state = 2"  # noqa: S608
        " AND s.due_day <= :day AND s.suspended = 0 AND s.buried_until <= :day",
        {"day": day + 1},
    ).fetchone()[0]
    return count


def next_due_day(db: sqlite3.Connection, decks: Sequence[str], day: int) -> int | None:
    """Return the soonest study day after `day` on which a card of these decks is due."""
    due_day: int | None = db.execute(
        f"SELECT min(max(s.due_day, s.buried_until)) FROM card_state s {_CARDS}"  # noqa: S608
        " WHERE s.state = 2 AND s.suspended = 0 AND max(s.due_day, s.buried_until) > ?"
        f" AND d.id IN ({','.join('?' * len(decks))})",
        (day, *decks),
    ).fetchone()[0]
    return due_day


def _tagged(tag: str | None) -> str:
    # Without a tag, the index `card_by_key` has all columns that the query needs.
    return "" if tag is None else " AND instr(c.tags, char(31) || :tag || char(31)) > 0"


def _as_json(texts: Iterable[str]) -> str:
    import json  # 8 ms, not needed by `due`

    return json.dumps(list(texts))
