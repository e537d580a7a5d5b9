"""The SQL that joins the card index to the progress file.

Both are on one connection: the views of the log as its own tables, the index attached as
`library`. The temporary table `deck` holds the decks in use, one file each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.queue import Allowance, Candidate, Pick

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from sco_quiz.learning.study_day import Moment

_AWAKE = "s.suspended = 0 AND s.buried_until <= :day"
_NOTE = "iif(c.note = '', c.key, c.note)"
"""Any name will do for a note that has only one card."""
_CARDS = "JOIN library.card c ON c.key = s.key JOIN temp.deck d ON d.file = c.file"


class DeckRow(NamedTuple):
    """A deck file as the index has it; `deck` is None when it holds no usable deck."""

    file: int
    path: str
    deck: str | None
    title: str
    description: str
    notes: int
    cards: int
    retention: float | None
    new_per_day: int | None
    reviews_per_day: int | None
    ramp: bool | None
    images: bool


def deck_rows(db: sqlite3.Connection) -> dict[str, DeckRow]:
    """Every file in the index, by path."""
    rows = db.execute(
        "SELECT id, path, deck, title, description, notes, cards, retention, new_per_day,"
        " reviews_per_day, ramp, images FROM library.file"
    )
    return {row.path: row for row in map(DeckRow._make, rows)}


def use_decks(db: sqlite3.Connection, decks: Iterable[DeckRow]) -> None:
    """Name the decks that the other queries look at, in their order."""
    db.execute("DROP TABLE IF EXISTS temp.deck")
    db.execute(
        "CREATE TEMP TABLE deck"
        " (file INTEGER PRIMARY KEY, id TEXT UNIQUE, place INTEGER UNIQUE) STRICT"
    )
    db.executemany(
        "INSERT INTO temp.deck VALUES (?, ?, ?)",
        [(row.file, row.deck, place) for place, row in enumerate(decks)],
    )


def problems(db: sqlite3.Connection, file: int) -> list[tuple[str, str, str, str, int, int]]:
    """What is wrong with a file: severity, code, message, help, line, column."""
    return db.execute(
        "SELECT severity, code, message, help, line, col FROM library.problem WHERE file = ?"
        " ORDER BY line, col",
        (file,),
    ).fetchall()


def card_body(db: sqlite3.Connection, key: str) -> tuple[bytes, str, int] | None:
    """A card as msgpack, its file's path, and its line there."""
    row: tuple[bytes, str, int] | None = db.execute(
        "SELECT b.card, f.path, b.line FROM library.card c"
        " JOIN temp.deck d ON d.file = c.file JOIN library.file f ON f.id = c.file"
        " JOIN library.body b ON b.file = c.file AND b.position = c.position"
        " WHERE c.key = ?",
        (key,),
    ).fetchone()
    return row


def card_bodies(db: sqlite3.Connection, keys: str) -> list[tuple[bytes, str, int]]:
    """Cards as msgpack, their files' paths and their lines there, in the order of their files.

    Args:
        db: The connection.
        keys: A JSON list.
    """
    return db.execute(
        "SELECT b.card, f.path, b.line FROM json_each(?) wanted"
        " CROSS JOIN library.card c ON c.key = wanted.value"
        " JOIN temp.deck d ON d.file = c.file JOIN library.file f ON f.id = c.file"
        " JOIN library.body b ON b.file = c.file AND b.position = c.position"
        " ORDER BY c.file, c.position",
        (keys,),
    ).fetchall()


def bodies_of_deck(db: sqlite3.Connection, deck: str) -> list[bytes]:
    """The cards of a deck as msgpack, in order."""
    rows = db.execute(
        "SELECT b.card FROM temp.deck d JOIN library.body b ON b.file = d.file WHERE d.id = ?"
        " ORDER BY b.position",
        (deck,),
    )
    return [body for (body,) in rows]


def bodies_at(db: sqlite3.Connection, path: str, line: int) -> list[bytes]:
    """The cards of the note that starts on a line of a file, as msgpack, in order."""
    rows = db.execute(
        "SELECT b.card FROM library.file f JOIN library.body b ON b.file = f.id"
        " WHERE f.path = ? AND b.line = ? ORDER BY b.position",
        (path, line),
    )
    return [body for (body,) in rows]


def answers_of_category(db: sqlite3.Connection, category: str, most: int = 500) -> list[str]:
    """Right answers of the cards of a category."""
    rows = db.execute(
        "SELECT DISTINCT b.answer FROM library.body b JOIN temp.deck d ON d.file = b.file"
        " WHERE b.category = ? AND b.category <> '' LIMIT ?",
        (category, most),
    )
    return [answer for (answer,) in rows]


def bodies_of_category(db: sqlite3.Connection, category: str, deck: str, most: int) -> list[bytes]:
    """Cards of a category as msgpack, those of a deck first."""
    rows = db.execute(
        "SELECT b.card FROM library.body b JOIN temp.deck d ON d.file = b.file"
        " WHERE b.category = ? AND b.category <> '' ORDER BY d.id <> ?, b.answer, b.position"
        " LIMIT ?",
        (category, deck, most),
    )
    return [body for (body,) in rows]


def bodies_alike(db: sqlite3.Connection, deck: str, answer: str, most: int) -> list[bytes]:
    """Cards of a deck whose answer is about as long as another, as msgpack."""
    rows = db.execute(
        "SELECT b.card FROM temp.deck d JOIN library.body b ON b.file = d.file WHERE d.id = ?"
        " AND length(b.answer) BETWEEN ? AND ? ORDER BY b.position LIMIT ?",
        (deck, len(answer) // 2, len(answer) * 2 + 1, most),
    )
    return [body for (body,) in rows]


def bodies_with_any(
    db: sqlite3.Connection, parts: Sequence[bytes], deck: str | None, most: int
) -> list[bytes]:
    """Cards of a deck, or of all, as msgpack that have one of these stretches of bytes in them.

    In all decks together it takes a tenth of a second for 100,000 cards.
    """
    found = " OR ".join(["instr(b.card, ?)"] * len(parts))
    rows = db.execute(
        "SELECT b.card FROM temp.deck d CROSS JOIN library.body b ON b.file = d.file"  # noqa: S608
        f" WHERE ({found}) AND d.id = coalesce(?, d.id) LIMIT ?",
        (*parts, deck, most),
    )
    return [body for (body,) in rows]


def confused_with(
    db: sqlite3.Connection, key: str, category: str, answer: str, most: int = 20
) -> list[str]:
    """What the learner took a card's answer for, or for its answer; the most frequent first.

    These are wrong answers to the card, and right ones of cards of its category to which the
    learner gave its answer.
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


def every_card(
    db: sqlite3.Connection, decks: Sequence[str], tag: str | None = None
) -> Iterator[Candidate]:
    """Every card of decks that is not suspended, in the authors' order."""
    import json  # 8 ms that `due` does without

    rows = db.execute(
        f"SELECT c.key, {_NOTE}, d.id, 0 FROM temp.deck d JOIN library.card c ON c.file = d.file"  # noqa: S608
        " WHERE d.id IN (SELECT value FROM json_each(:decks)) AND NOT EXISTS"
        f" (SELECT 1 FROM card_state s WHERE s.key = c.key AND s.suspended){_tagged(tag)}"
        " ORDER BY d.place, c.position",
        {"decks": json.dumps(list(decks)), "tag": tag},
    )
    return map(Candidate._make, rows)


def cards_of_keys(db: sqlite3.Connection, keys: Iterable[str]) -> list[Candidate]:
    """Those of certain cards that a deck in use has and that are not suspended, as listed."""
    import json

    rows = db.execute(
        f"SELECT c.key, {_NOTE}, d.id, 0 FROM (SELECT value, min(key) AS place"  # noqa: S608
        " FROM json_each(?) GROUP BY value) wanted"
        " JOIN library.card c ON c.key = wanted.value JOIN temp.deck d ON d.file = c.file"
        " WHERE NOT EXISTS (SELECT 1 FROM card_state s WHERE s.key = c.key AND s.suspended)"
        " ORDER BY wanted.place",
        (json.dumps(list(keys)),),
    )
    return list(map(Candidate._make, rows))


def learning(
    db: sqlite3.Connection, day: int, until: int, tag: str | None = None
) -> Iterator[Candidate]:
    """Cards in a (re)learning step that ends before `until` (UTC ms), soonest first.

    One that was answered on a later study day than `day`, under a clock that was ahead, is taken
    to have waited long enough: its step is of minutes, and may seem to end in years.
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
    """Cards that the learner brought into a study day and has not answered since."""
    rows = db.execute(
        f"SELECT c.key, {_NOTE}, d.id, 0 FROM card_state s {_CARDS}"  # noqa: S608
        f" WHERE s.brought = :day AND s.brought > 0 AND {_AWAKE}{_tagged(tag)}"
        " ORDER BY d.place, c.position",
        {"day": day, "tag": tag},
    )
    return map(Candidate._make, rows)


_ELAPSED = "max(:day - s.last_day, 0) / s.stability"
"""Retrievability falls with it, whatever the parameters."""
_REVIEWS = {
    Pick.DUE: ("s.due_day <= :day", _ELAPSED),
    Pick.AT_RISK: ("s.due_day <= :day", f"{_ELAPSED} DESC"),
    Pick.AHEAD: ("s.due_day > :day AND s.last_day < :day", f"s.due_day, {_ELAPSED}"),
    Pick.HARDEST: ("s.last_day < :day", "s.difficulty DESC, s.lapses DESC, s.stability"),
}
"""Which cards in review each pick takes, and in which order; none ahead that was seen today."""


def reviews(
    db: sqlite3.Connection, day: int, tag: str | None = None, pick: Pick = Pick.DUE
) -> Iterator[Candidate]:
    """Cards in review that a pick takes on a study day, in its order."""
    when, order = _REVIEWS[pick]
    rows = db.execute(
        f"SELECT c.key, {_NOTE}, d.id, 0 FROM card_state s {_CARDS}"  # noqa: S608
        f" WHERE s.state = 2 AND {when} AND {_AWAKE}{_tagged(tag)} ORDER BY {order}, c.key",
        {"day": day, "tag": tag},
    )
    return map(Candidate._make, rows)


def known(db: sqlite3.Connection, decks: Sequence[str], day: int, most: int) -> int:
    """How many cards in review were not answered on a study day and are not set aside.

    Args:
        db: Log and index.
        decks: Only of these.
        day: The study day.
        most: Not counted beyond this.
    """
    count: int = db.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM card_state s {_CARDS} WHERE s.state = 2"  # noqa: S608
        f" AND s.last_day < ? AND s.suspended = 0 AND s.buried_until <= ?"
        f" AND d.id IN ({','.join('?' * len(decks))}) LIMIT ?)",
        (day, day, *decks, most),
    ).fetchone()[0]
    return count


def minutes_before(db: sqlite3.Connection) -> float | None:
    """How long the learner meant to study when last studying by time."""
    row = db.execute(
        "SELECT json_extract(data, '$.minutes') AS minutes FROM event"
        " WHERE card IS NULL AND session IS NOT NULL AND kind = 'session-start'"
        " AND minutes IS NOT NULL ORDER BY stamp DESC LIMIT 1"
    ).fetchone()
    return row[0] if row else None


def count_reviews(db: sqlite3.Connection, day: int) -> list[tuple[str, str, int]]:
    """The cards that are due and were not brought into today, by deck and note, and how many.

    Those that are alone in their note are counted together, under a note "". With 20,000 due this
    takes half the time of asking for each.
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
    """Cards of a deck that were never answered, in the author's order.

    The last ones are found sooner: before the first new card stand all that were answered.
    """
    rows = db.execute(
        f"SELECT c.key, {_NOTE}, d.id, 0 FROM temp.deck d JOIN library.card c ON c.file = d.file"  # noqa: S608
        " WHERE d.id = :deck AND NOT EXISTS (SELECT 1 FROM card_state s WHERE s.key = c.key"
        f" AND (s.state <> 0 OR NOT ({_AWAKE}))){_tagged(tag)}"
        f" ORDER BY c.position{' DESC' * last_first}",
        {"deck": deck, "day": day, "tag": tag},
    )
    return map(Candidate._make, rows)


def answered_today(db: sqlite3.Connection, day: int) -> tuple[set[str], dict[str, Allowance]]:
    """Notes answered on a study day; and by deck, how many new cards and reviews these were.

    A card that was answered on two devices counts once.
    """
    notes: set[str] = set()
    cards: dict[str, tuple[set[str], set[str]]] = {}
    rows = db.execute(
        f"SELECT c.key, {_NOTE}, d.id, r.was FROM review r JOIN library.card c ON c.key = r.card"  # noqa: S608
        " JOIN temp.deck d ON d.file = c.file WHERE r.day = ?",
        (day,),
    )
    for key, note, deck, was in rows:
        notes.add(note)
        new, reviewed = cards.setdefault(deck, (set(), set()))
        if was == 0:
            new.add(key)
        elif was == 2:
            reviewed.add(key)
    return notes, {deck: Allowance(*map(len, both)) for deck, both in cards.items()}


def state_of_files(db: sqlite3.Connection) -> str:
    """Differs whenever a deck file in use was read, or is no longer in use."""
    row = db.execute("SELECT count(*), max(file), sum(file), sum(place) FROM temp.deck").fetchone()
    return str(row)


def due_tomorrow(db: sqlite3.Connection, day: int) -> int:
    """Reviews that fall due on the study day after `day`, or are due already."""
    count: int = db.execute(
        f"SELECT count(*) FROM card_state s {_CARDS} WHERE s.state = 2"  # noqa: S608
        " AND s.due_day <= :day AND s.suspended = 0 AND s.buried_until <= :day",
        {"day": day + 1},
    ).fetchone()[0]
    return count


def next_due_day(db: sqlite3.Connection, decks: Sequence[str], day: int) -> int | None:
    """The soonest study day after `day` on which a card of these decks is due."""
    found: int | None = db.execute(
        f"SELECT min(max(s.due_day, s.buried_until)) FROM card_state s {_CARDS}"  # noqa: S608
        " WHERE s.state = 2 AND s.suspended = 0 AND max(s.due_day, s.buried_until) > ?"
        f" AND d.id IN ({','.join('?' * len(decks))})",
        (day, *decks),
    ).fetchone()[0]
    return found


def logged_titles(db: sqlite3.Connection) -> dict[str, str]:
    """What the log says decks are called, those that are gone among them."""
    return dict(db.execute("SELECT deck, title FROM deck_title"))


def answers_by_day(db: sqlite3.Connection, since: int) -> dict[int, int]:
    """How many answers each study day since then has."""
    return dict(
        db.execute("SELECT day, count(*) FROM review WHERE day >= ? GROUP BY day", (since,))
    )


def quiz_scores(db: sqlite3.Connection, most: int) -> list[float]:
    """The scores (0 to 1) of the last finished quizzes, the latest last."""
    rows = db.execute(
        "SELECT score FROM session WHERE kind = 'quiz' AND finished AND whole"
        " ORDER BY started DESC LIMIT ?",
        (most,),
    )
    return [score for (score,) in rows][::-1]


def study_days(db: sqlite3.Connection) -> list[int]:
    """Study days with an answer, in order."""
    return [day for (day,) in db.execute("SELECT DISTINCT day FROM review ORDER BY day")]


def absent_days(db: sqlite3.Connection, now: Moment) -> set[int]:
    """Days without an answer that were not there for the learner: travel skipped them.

    On any other day without one, more than 24 hours pass from the last answer before it to the
    first after it, or to now.
    """
    rows = db.execute(
        "WITH lived (day) AS (SELECT DISTINCT day FROM review UNION SELECT :day),"
        " pair (day, before) AS (SELECT day, lag(day) OVER (ORDER BY day) FROM lived)"
        " SELECT day - 1 FROM pair WHERE before = day - 2 AND"
        " coalesce((SELECT min(at) FROM review r WHERE r.day = pair.day), :at)"
        " - (SELECT max(at) FROM review r WHERE r.day = pair.before) < 86400000",
        {"day": now.day, "at": now.at},
    )
    return {day for (day,) in rows}


def study_before(db: sqlite3.Connection, day: int, days: int = 30) -> tuple[float, int]:
    """Answers of a usual study day before a day, and the last one; 0 and 0 without any."""
    row: tuple[float, int] = db.execute(
        "SELECT coalesce(avg(answers), 0), coalesce(max(day), 0) FROM (SELECT day, count(*) AS"
        " answers FROM review WHERE day < ? GROUP BY day ORDER BY day DESC LIMIT ?)",
        (day, days),
    ).fetchone()
    return row


def in_review(db: sqlite3.Connection, day: int) -> list[tuple[float, float, int, int]]:
    """Stability, difficulty, days since the last review and until the next, of cards in review."""
    return db.execute(
        "SELECT s.stability, s.difficulty, max(:day - s.last_day, 0),"  # noqa: S608
        f" max(s.due_day, s.buried_until) - :day FROM card_state s {_CARDS}"
        " WHERE s.state = 2 AND s.suspended = 0 ORDER BY s.key",
        {"day": day},
    ).fetchall()


def studied_on(db: sqlite3.Connection, day: int, longest: int) -> tuple[int, int]:
    """Answers on a study day, and milliseconds, none of them adding more than the longest."""
    row: tuple[int, int] = db.execute(
        "SELECT count(*), coalesce(sum(min(milliseconds, ?)), 0) FROM review WHERE day = ?",
        (longest, day),
    ).fetchone()
    return row


def usual_milliseconds(db: sqlite3.Connection) -> float | None:
    """What an answer took of late: the mean of the last hundred, none counted above a minute."""
    mean: float | None = db.execute(
        "SELECT avg(min(json_extract(data, '$.ms'), 60000)) FROM"
        " (SELECT data FROM event WHERE kind = 'review' ORDER BY stamp DESC LIMIT 100)"
    ).fetchone()[0]
    return mean


def _tagged(tag: str | None) -> str:
    # Without a tag, `card_by_key` has all that is asked of a card.
    return "" if tag is None else " AND instr(c.tags, char(31) || :tag || char(31)) > 0"
