"""Turns a search into SQL over the index and the log; `candidates` describes the connection."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.insight.card_columns import ADDED, COLUMNS
from sco_quiz.learning.search import Search, SearchProblem, nearest, searchable
from sco_quiz.learning.study_day import DAY_MS, EPOCH_DAY, HOUR_MS, MINUTE_MS, day_end

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from sco_quiz.learning.search import Term
    from sco_quiz.learning.study_day import Moment

_IN_WORDS = {"c.text", "c.kind", "c.tags"}
_STATES = {"new": "= 0", "learning": "IN (1, 3)", "review": "= 2"}
_RARE = {
    "due": """s.suspended = 0 AND s.buried_until <= :day AND (s.state = 2 AND s.due_day <= :day
      OR s.state IN (1, 3) AND (s.due_at < :day_end OR s.last_day > :day)
      OR s.brought = :day AND s.brought > 0)""",
    "leech": "s.lapses >= :leech",
    "suspended": "s.suspended",
    "buried": "s.buried_until > :day",
    "flagged": "s.flag > 0",
}
"""States of few cards: to find these first takes a third of the time of asking each card."""


class SearchContext(NamedTuple):
    """The context of searches besides the cards.

    Attributes:
        now: The present.
        rollover: The hour at which the day begins.
        leech: The number of lapses that make a leech.
        titles: The titles of decks and parents, by id.
        below: The decks below each parent, itself included if it is a deck, by the parent's id.
    """

    now: Moment
    rollover: int
    leech: int
    titles: Mapping[str, str]
    below: Mapping[str, Sequence[str]]


def needs_words(search: Search, order: str) -> bool:
    """Return True if a search needs the words of cards, which have to be in the index then."""
    return bool(order and COLUMNS[order].sql in _IN_WORDS) or any(
        term.name in ("", "tag", "kind") for term in search.terms
    )


def find(
    db: sqlite3.Connection,
    search: Search,
    present: SearchContext,
    order: str = "",
    *,
    descending: bool = False,
    most: int | None = None,
    among: Sequence[str] | None = None,
) -> list[str]:
    """Return the keys of the cards that fit a search.

    Args:
        db: The connection.
        search: The search.
        present: The context.
        order: One of `COLUMNS`; empty for the decks' own order. Cards without a value come last.
        descending: True for falling order.
        most: The greatest number of keys; None for all.
        among: The only cards that can fit, if that is known.
    """
    values = _values(present)
    conditions = []
    for number, term in enumerate(search.terms):
        name = f"term{number}"
        condition, value = _condition(term, name, present)
        if value is not None:
            values[name] = value
        conditions.append(f"NOT ({condition})" if term.negated else f"({condition})")
    table = "words" if needs_words(search, order) else "card"
    source = f"temp.deck d CROSS JOIN library.{table} c ON c.file = d.file"
    if among is not None:
        values["among"] = json.dumps(among)
        source = (
            "(SELECT DISTINCT value FROM json_each(:among)) CROSS JOIN library.card k"  # noqa: S608
            f" ON k.key = value CROSS JOIN library.{table} c USING (file, position)"
            " JOIN temp.deck d ON d.file = c.file"
        )
    column = COLUMNS[order].sql if order else ""
    by = f"{column} IS NULL, {column}{' DESC' * descending}, " if order else ""
    dated = column == ADDED or any(term.name == "added" for term in search.terms)
    rows = db.execute(
        f"SELECT c.key FROM {source}"  # noqa: S608
        f"{' JOIN library.file f ON f.id = c.file' * dated}"
        " LEFT JOIN card_state s ON s.key = c.key"
        f" WHERE {' AND '.join(conditions) or 'true'}"
        f" ORDER BY {by}d.place, c.position LIMIT :most",
        values | {"most": -1 if most is None else most},
    )
    return [key for (key,) in rows.fetchall()]


def added(db: sqlite3.Connection, present: SearchContext, keys: str) -> dict[str, int]:
    """Return the latest times at which cards can have been added: UTC milliseconds by key.

    Args:
        db: The connection.
        present: The context.
        keys: The keys, as a JSON list.
    """
    rows = db.execute(
        f"SELECT c.key, {ADDED} FROM json_each(:keys) wanted"  # noqa: S608
        " CROSS JOIN library.card c ON c.key = wanted.value JOIN temp.deck d ON d.file = c.file"
        " JOIN library.file f ON f.id = c.file LEFT JOIN card_state s ON s.key = c.key",
        _values(present) | {"keys": keys},
    )
    return {key: ns // 1_000_000 for key, ns in rows}


def unknown(db: sqlite3.Connection, search: Search, present: SearchContext) -> list[SearchProblem]:
    """Return the decks and tags of a search that no card has, with the most similar known one."""
    troubles = []
    for term in search.terms:
        if term.name == "deck" and not _decks(term.value, present):
            sort, known = "deck", sorted(present.titles)
        elif term.name == "tag" and not _has_tag(db, term.value):
            sort, known = "tag", _tags(db)
        else:
            continue
        message = f"no {sort} fits {term.written}{nearest(sort, term.value, known)}"
        troubles.append(SearchProblem(message, term.start, term.end))
    return troubles


def _values(present: SearchContext) -> dict[str, object]:
    now, rollover = present.now, present.rollover
    return {
        "day": now.day,
        "day_end": day_end(now, rollover),
        "day_ns": DAY_MS * 1_000_000,
        "begins_ns": (rollover * HOUR_MS - now.tz * MINUTE_MS) * 1_000_000,
        "epoch": EPOCH_DAY,
        "never": 2**62,
        "leech": present.leech,
    }


def _condition(term: Term, name: str, present: SearchContext) -> tuple[str, object]:
    """Return the SQL condition of a term, and the value of its parameter, if it has one."""
    match term.name:
        case "":
            escaped = "".join(f"\\{c}" if c in "\\%_" else c for c in term.value)
            return f"c.text LIKE :{name} ESCAPE '\\'", f"%{escaped}%"
        case "tag":
            return f"instr(c.tags, :{name}) > 0", f"\x1f{term.value}\x1f"
        case "kind":
            return f"c.kind = :{name}", term.value
        case "deck":
            deck_ids = json.dumps(_decks(term.value, present))
            return f"d.id IN (SELECT value FROM json_each(:{name}))", deck_ids  # noqa: S608
        case "card":
            return f"substr(c.key, 1, length(:{name})) = :{name}", term.value
        case "flag":
            return f"coalesce(s.flag, 0) = :{name}", int(term.value)
        case "rated":
            since = present.now.day - int(term.value)
            return f"c.key IN (SELECT card FROM review WHERE day > :{name})", since  # noqa: S608
        case "added":
            days = present.now.day - int(term.value) + 1 - EPOCH_DAY
            return f"{ADDED} >= :{name} * :day_ns + :begins_ns", days
        case _ if term.value in _RARE:
            return f"c.key IN (SELECT s.key FROM card_state s WHERE {_RARE[term.value]})", None  # noqa: S608
        case _:
            return f"coalesce(s.state, 0) {_STATES[term.value]}", None


def _decks(value: str, present: SearchContext) -> list[str]:
    """Return the decks that a value names: one by its id, or all with it in id or title.

    A parent stands for all decks below it.
    """
    titles = present.titles
    exact = [deck for deck in titles if searchable(deck) == value]
    named = exact or [deck for deck, title in titles.items() if value in searchable(deck, title)]
    return [deck for name in named for deck in present.below.get(name, [name])]


def _has_tag(db: sqlite3.Connection, tag: str) -> bool:
    sql = (
        "SELECT 1 FROM temp.deck d JOIN library.words c ON c.file = d.file"
        " WHERE instr(c.tags, ?) > 0 LIMIT 1"
    )
    return db.execute(sql, (f"\x1f{tag}\x1f",)).fetchone() is not None


def _tags(db: sqlite3.Connection) -> list[str]:
    rows = db.execute(
        "SELECT DISTINCT c.tags FROM temp.deck d JOIN library.words c ON c.file = d.file"
        " WHERE c.tags <> ''"
    )
    return sorted({tag for (tags,) in rows for tag in tags.split("\x1f") if tag})
