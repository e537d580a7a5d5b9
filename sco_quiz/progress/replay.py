"""From the log to its views: what the events of a card come to, and the tables that hold it.

The events of a card are always folded anew, from the first, in their total order. So one more
event, a merge and a rebuild of everything give the same views, whatever came when.
"""

from __future__ import annotations

import json
from dataclasses import fields, replace
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from sco_quiz.learning.cards import CardState, Kind, Rating, State
from sco_quiz.learning.scheduling import MemoryModel, Promise
from sco_quiz.progress.log import IN_ORDER, SELECT_EVENTS, Event, EventKind, Face
from sco_quiz.progress.schema import create_views

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

_state_values = attrgetter(*(field.name for field in fields(CardState)))

_WRITE_STATE = "INSERT OR REPLACE INTO card_state VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_WRITE_FACE = """
INSERT INTO face VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
  deck = excluded.deck, kind = excluded.kind, prompt = excluded.prompt, answer = excluded.answer
WHERE (deck, kind, prompt, answer)
  IS NOT (excluded.deck, excluded.kind, excluded.prompt, excluded.answer)"""

_WRITE_REVIEW = """
INSERT INTO review VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
  card = excluded.card, interval = excluded.interval, predicted = excluded.predicted
WHERE (card, interval, predicted) IS NOT (excluded.card, excluded.interval, excluded.predicted)"""

_FAMILY = """
WITH RECURSIVE family (key) AS (
  VALUES (?)
  UNION SELECT kin.card FROM family JOIN kin ON kin.old = family.key
  UNION SELECT kin.old FROM family JOIN kin ON kin.card = family.key
) SELECT key FROM family"""

# Of two starts of one session the earlier is written last, and stays.
_WRITE_SESSIONS = """
INSERT OR REPLACE INTO session
SELECT
  start.session,
  json_extract(start.data, '$.kind'),
  json_extract(start.data, '$.decks'),
  start.at,
  (SELECT max(at) FROM event
   WHERE card IS NULL AND session = start.session AND kind = 'session-end'),
  start.tz,
  (SELECT tz FROM event
   WHERE card IS NULL AND session = start.session AND kind = 'session-end'
   ORDER BY at DESC, device DESC, seq DESC LIMIT 1),
  start.day,
  count(review.rating),
  count(review.rating) FILTER (WHERE review.rating > 1),
  coalesce(sum(review.milliseconds), 0)
FROM event AS start LEFT JOIN review ON review.session = start.session
WHERE start.card IS NULL AND start.kind = 'session-start' AND start.session {which}
GROUP BY start.device, start.seq
ORDER BY start.stamp DESC, start.device DESC, start.seq DESC"""

_WRITE_TITLES = """
INSERT OR REPLACE INTO deck_title
SELECT title.key, title.value FROM event, json_each(data, '$.titles') AS title
WHERE card IS NULL AND session IS NOT NULL AND kind = 'session-start'
ORDER BY stamp, device, seq"""

_SINGLE = frozenset({Kind.TYPED, Kind.CLOZE, Kind.CHOICE})
"""How one answer is asked for, which may be mistaken for another."""


class Settled(NamedTuple):
    """Which events count, and for which card.

    Attributes:
        events: By card, those that count for it, in order. A card without any is not here.
        undone: The ids of those that don't count.
    """

    events: dict[str, list[Event]]
    undone: set[tuple[str, int]]


def undone_of(events: Sequence[Event]) -> set[tuple[str, int]]:
    """The ids of the events that don't count; an undo that was itself undone does nothing."""
    undone: set[tuple[str, int]] = set()
    for event in reversed(events):  # backwards: only what comes later undoes
        if event.kind == EventKind.UNDO and event.id not in undone:
            target = event.details
            undone.add((target["device"], target["seq"]))
    return undone & {event.id for event in events}


def settle(events: Sequence[Event]) -> Settled:
    """Decide which events count, and for which card.

    Args:
        events: All events of a family of cards, in order.
    """
    undone = undone_of(events)
    cards: dict[str, list[Event]] = {}
    for event in events:
        if event.card is None or event.id in undone or event.kind == EventKind.UNDO:
            continue
        own = cards.setdefault(event.card, [])
        if event.kind == EventKind.RELINK and (old := event.details["old"]) != event.card:
            own += cards.pop(old, [])
            own.sort(key=attrgetter("order"))
        own.append(event)
    return Settled(cards, undone)


class Outcome(NamedTuple):
    """What the events of a card come to.

    Attributes:
        state: Where the card stands.
        reviews: Its rows of the `review` table.
    """

    state: CardState
    reviews: list[tuple[object, ...]]


def fold(key: str, events: Iterable[Event], memory: MemoryModel) -> Outcome:
    """Go through the counting events of a card, in order."""
    state, reviews = CardState(), []
    for event in events:
        match event.kind:
            case EventKind.REVIEW:
                data = event.details
                reviews.append(_review_row(key, event, data, state, memory))
                promise = Promise(
                    State(data["state"]), data["step"], data["due_day"], data["due_at"]
                )
                state = memory.after(state, Rating(data["rating"]), event.day, promise)
            case EventKind.SUSPEND:
                state = replace(state, suspended=True)
            case EventKind.UNSUSPEND:
                state = replace(state, suspended=False)
            case EventKind.BURY:
                state = replace(state, buried_until=event.details["until"])
            case EventKind.FLAG:
                state = replace(state, flag=event.details["flag"])
            case EventKind.RESET:
                state = CardState(suspended=state.suspended, flag=state.flag)
    return Outcome(state, reviews)


def _review_row(
    key: str, event: Event, data: dict[str, Any], before: CardState, memory: MemoryModel
) -> tuple[object, ...]:
    interval, predicted, mistake = 0, None, None
    if before.state == State.REVIEW:
        interval = before.due_day - before.last_day
        if event.day > before.last_day:
            elapsed = event.day - before.last_day
            predicted = memory.retrievability(before.stability, elapsed)
    if data["verdict"] == "wrong" and data["asked"] in _SINGLE and isinstance(data["answer"], str):
        mistake = data["answer"] or None
    return (
        *event.id,
        key,
        event.session,
        event.at,
        event.tz,
        event.day,
        data["rating"],
        data["verdict"],
        data["asked"],
        data["was"],
        data["ms"],
        interval,
        predicted,
        mistake,
    )


def events_of(db: sqlite3.Connection, key: str) -> list[Event]:
    """The events that count for a card, in order; those of its former keys among them."""
    return settle(_events(db, _family(db, key))).events.get(key, [])


def refresh(db: sqlite3.Connection, events: Iterable[Event]) -> None:
    """Bring the views up to date with events that were just added to the log."""
    events = list(events)
    if any(_is_about_parameters(event) for event in events):
        rebuild(db)
        return
    _write_kin(db, events)
    memory = _memory(db)
    stale = {event.card for event in events if event.card}
    while stale:
        family = _family(db, next(iter(stale)))
        stale -= family
        reviews = _write_cards(db, family, _events(db, family), memory)
        db.executemany(_WRITE_REVIEW, reviews)
    for session in {event.session for event in events if event.session}:
        db.execute(_WRITE_SESSIONS.format(which="= ?"), (session,))
    if any(event.kind == EventKind.SESSION_START and '"titles":' in event.data for event in events):
        db.execute(_WRITE_TITLES)


def rebuild(db: sqlite3.Connection) -> None:
    """Replay the whole log into new views."""
    create_views(db)
    rows = db.execute(SELECT_EVENTS + "WHERE card IS NULL " + IN_ORDER)
    _write_parameters(
        db, [event for event in map(Event._make, rows) if _is_about_parameters(event)]
    )
    _write_kin(db, map(Event._make, db.execute(SELECT_EVENTS + "WHERE kind = 'relink'")))
    memory = _memory(db)
    reviews: list[tuple[Any, ...]] = []
    tied: dict[str, list[Event]] = {
        key: [] for kin in db.execute("SELECT card, old FROM kin") for key in kin
    }
    rows = db.execute(SELECT_EVENTS + "WHERE card IS NOT NULL ORDER BY card, stamp, device, seq")
    for key, group in groupby(map(Event._make, rows), attrgetter("card")):
        own = list(group)
        if key in tied:
            tied[key] = own
        else:
            reviews += _write_cards(db, {key}, own, memory)
    while tied:
        family = _family(db, next(iter(tied)))
        together = [event for key in family for event in tied.pop(key)]
        together.sort(key=attrgetter("order"))
        reviews += _write_cards(db, family, together, memory)
    reviews.sort()  # in the order of its key a table is written far faster
    db.executemany(_WRITE_REVIEW, reviews)
    db.execute(_WRITE_SESSIONS.format(which="IS NOT NULL"))
    db.execute(_WRITE_TITLES)


def _is_about_parameters(event: Event) -> bool:
    return event.card is None and event.kind in (EventKind.PARAMETERS, EventKind.UNDO)


def _write_parameters(db: sqlite3.Connection, events: Sequence[Event]) -> None:
    undone = undone_of(events)
    values: list[float] = []
    for event in events:
        if event.kind == EventKind.PARAMETERS and event.id not in undone:
            values = event.details["parameters"]
    db.execute("UPDATE meta SET value = ? WHERE name = 'parameters'", (json.dumps(values),))
    db.executemany("INSERT INTO undone VALUES (?, ?)", undone)


def _write_kin(db: sqlite3.Connection, events: Iterable[Event]) -> None:
    db.executemany(
        "INSERT OR IGNORE INTO kin VALUES (?, ?)",
        [(event.card, event.details["old"]) for event in events if event.kind == EventKind.RELINK],
    )


def _write_cards(
    db: sqlite3.Connection, family: Iterable[str], events: Sequence[Event], memory: MemoryModel
) -> list[tuple[object, ...]]:
    """Write what the events of a family of cards come to, but for their reviews.

    Returns:
        Their rows of the `review` table.
    """
    settled = settle(events)
    reviews = []
    for key in family:
        counting = settled.events.get(key)
        if counting is None:
            db.execute("DELETE FROM card_state WHERE key = ?", (key,))
            continue
        outcome = fold(key, counting, memory)
        reviews += outcome.reviews
        db.execute(_WRITE_STATE, (key, *_state_values(outcome.state)))
    for card, face in _faces(events).items():
        db.execute(_WRITE_FACE, (card, *face))
    if any(event.kind == EventKind.UNDO for event in events):
        ids = [event.id for event in events]
        db.executemany("DELETE FROM undone WHERE device = ? AND seq = ?", ids)
        db.executemany("INSERT INTO undone VALUES (?, ?)", settled.undone)
        db.executemany("DELETE FROM review WHERE device = ? AND seq = ?", settled.undone)
    return reviews


def _faces(events: Iterable[Event]) -> dict[str, Face]:
    """The face last logged for each card, be it by an event that was undone or moved."""
    return {
        event.card: Face(**event.details["face"])
        for event in events
        if event.card and '"face":' in event.data  # in a text the quotes are escaped
    }


def _family(db: sqlite3.Connection, key: str) -> set[str]:
    return {row[0] for row in db.execute(_FAMILY, (key,))}


def _events(db: sqlite3.Connection, family: Iterable[str]) -> list[Event]:
    rows = db.execute(
        SELECT_EVENTS + "WHERE card IN (SELECT value FROM json_each(?))" + IN_ORDER,  # noqa: S608
        (json.dumps(list(family)),),
    )
    return [Event._make(row) for row in rows]


def _memory(db: sqlite3.Connection) -> MemoryModel:
    (text,) = db.execute("SELECT value FROM meta WHERE name = 'parameters'").fetchone()
    return _model(text)


@lru_cache(maxsize=1)
def _model(parameters: str) -> MemoryModel:
    return MemoryModel(tuple(json.loads(parameters)))
