"""Replays the log into its views.

The events of a card are always folded anew, from the first, in their total order. So one more
event, a merge and a rebuild of everything give the same views, in whatever order they came.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.collector import collector_paused
from sco_quiz.inserting import insert
from sco_quiz.progress import database
from sco_quiz.progress.corrections import Correction, at_the_time_that_counts
from sco_quiz.progress.database import (
    create_views,
    index_views,
    indexed_after,
    large_cache,
    views_indexed_after,
)
from sco_quiz.progress.fold import Transition, settle, transitions_of, undone_of
from sco_quiz.progress.log import IN_ORDER, SELECT_EVENTS, Event, EventKind, event_of
from sco_quiz.progress.outcomes import Family, FoldingRules, Outcomes, fold_in_order, model_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from typing import Any

    from sco_quiz.progress.log import Order

_WRITE_STATE = (
    "INSERT OR REPLACE INTO card_state VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_WRITE_FACE = """
INSERT INTO face VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
  deck = excluded.deck, kind = excluded.kind, prompt = excluded.prompt, answer = excluded.answer
WHERE (deck, kind, prompt, answer)
  IS NOT (excluded.deck, excluded.kind, excluded.prompt, excluded.answer)"""

_WRITE_REVIEW = """
INSERT INTO review VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
  card = excluded.card, interval = excluded.interval, predicted = excluded.predicted,
  at = excluded.at, tz = excluded.tz, day = excluded.day
WHERE (card, interval, predicted, at, tz, day)
  IS NOT (excluded.card, excluded.interval, excluded.predicted,
    excluded.at, excluded.tz, excluded.day)"""

_WRITE_ANSWER = """
INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
  card = excluded.card, at = excluded.at, tz = excluded.tz, day = excluded.day
WHERE (card, at, tz, day) IS NOT (excluded.card, excluded.at, excluded.tz, excluded.day)"""

_OF_NO_CARD = (
    EventKind.PARAMETERS,
    EventKind.IMPORT,
    EventKind.CLOCK,
    EventKind.DECKS,
    EventKind.UNDO,
)
"""Events about no card that can be taken back, and undo, which takes them back."""
_MOST_EVENTS = 5_000
"""The number of events whose outcomes are collected before they are written."""
_MANY_CARDS = 3_000
"""The number of cards that are worth a process which folds their events."""

_SELECT_OF_NO_CARD = """
SELECT device, seq, stamp, at, tz, day, kind, card, session,
  CASE kind WHEN 'import' THEN json_object('device', json_extract(data, '$.device'))
    WHEN 'decks' THEN '{}' ELSE data END,
  sum
FROM event WHERE card IS NULL AND kind IN (SELECT value FROM json_each(?))
ORDER BY stamp, device, seq"""

_CARDS_OF_DEVICE = "SELECT DISTINCT card FROM event WHERE device = ? AND card IS NOT NULL"

_CORRECTED = """
SELECT DISTINCT card, session FROM event WHERE device = ? AND seq BETWEEN ? AND ?"""

_SELECT_RELINKED = """SELECT value FROM json_each(?)
WHERE value IN (SELECT card FROM kin UNION ALL SELECT old FROM kin)"""

_SELECT_UNKNOWN = """SELECT value FROM json_each(?)
WHERE NOT EXISTS (SELECT 1 FROM event WHERE card = value)
  AND value NOT IN (SELECT card FROM kin UNION ALL SELECT old FROM kin)"""

_FAMILY = """
WITH RECURSIVE family (key) AS (
  VALUES (?)
  UNION SELECT kin.card FROM family JOIN kin ON kin.old = family.key
  UNION SELECT kin.old FROM family JOIN kin ON kin.card = family.key
) SELECT key FROM family"""

_TIMES = "at", "tz", "day"
"""The columns of an event with its time."""

# Of two starts of one session the earlier is written last, and stays.
_WRITE_SESSIONS = """
INSERT OR REPLACE INTO session
SELECT
  start.session,
  json_extract(start.data, '$.kind'),
  json_extract(start.data, '$.decks'),
  {start_at},
  (SELECT max({at}) FROM event
   WHERE card IS NULL AND session = start.session AND kind = 'session-end'),
  {start_tz},
  (SELECT {tz} FROM event
   WHERE card IS NULL AND session = start.session AND kind = 'session-end'
   ORDER BY {at} DESC, device DESC, seq DESC LIMIT 1),
  {start_day},
  count(review.rating) + (SELECT count(*) FROM answer WHERE session = start.session),
  count(review.rating) FILTER (WHERE review.rating > 1)
    + (SELECT count(*) FROM answer WHERE session = start.session AND correct),
  coalesce(sum(review.milliseconds), 0)
    + (SELECT coalesce(sum(milliseconds), 0) FROM answer WHERE session = start.session),
  coalesce((SELECT max(coalesce(json_extract(data, '$.finished'), 1)) FROM event
    WHERE card IS NULL AND session = start.session AND kind = 'session-end'), 0),
  json_extract(start.data, '$.number'),
  json_extract(start.data, '$.tag'),
  json_extract(start.data, '$.retry_of'),
  json_extract(start.data, '$.pair'),
  json_extract(start.data, '$.part')
FROM event AS start LEFT JOIN review ON review.session = start.session
WHERE start.card IS NULL AND start.kind = 'session-start' AND start.session {which}
GROUP BY start.device, start.seq
ORDER BY start.stamp DESC, start.device DESC, start.seq DESC"""

# Of two starts of one session the earlier is read last, and counts.
_SELECT_STARTS = """
SELECT session, stamp, device, seq FROM event
WHERE card IS NULL AND session IN (SELECT value FROM json_each(?)) AND kind = 'session-start'
ORDER BY stamp DESC, device DESC, seq DESC"""

_WRITE_TITLES = """
INSERT OR REPLACE INTO deck_title
SELECT title.key, title.value FROM event, json_each(data, '$.titles') AS title
WHERE card IS NULL AND session IS NOT NULL AND kind = 'session-start'
ORDER BY stamp, device, seq"""


def transitions_of_cards(
    db: sqlite3.Connection, keys: Collection[str]
) -> dict[str, list[Transition]]:
    """Replay the events that count for cards, in order; cards without any are left out.

    The events of a card's former keys are among its own; those that were taken back are not.
    """
    rules, corrections = _in_force(db)
    memory, wanted = model_of(rules.parameters), set(keys)
    return {
        key: list(transitions_of(counting, memory))
        for _, events, starts in _families(db, keys, corrections)
        for key, counting in settle(events, rules.withdrawn, starts).events.items()
        if key in wanted
    }


def refresh(
    db: sqlite3.Connection,
    events: Iterable[Event],
    cards: Collection[str] = (),
    told: Callable[[int, int], None] | None = None,
) -> None:
    """Bring the views up to date with events that were just added to the log.

    Args:
        db: Holds log and views.
        events: The events that were added.
        cards: Other cards for which events were added.
        told: Called now and then with the number of cards that are done and the number of all.
    """
    events = list(events)
    stale = {event.card for event in events if event.card}
    stale.update(cards)
    sessions = {event.session for event in events if event.session}
    if any(event.card is None and event.kind in _OF_NO_CARD for event in events):
        before = _in_force(db)
        _write_of_no_card(db)
        after = _in_force(db)
        if after.rules.parameters != before.rules.parameters:
            rebuild(db)
            return
        for device in before.rules.withdrawn ^ after.rules.withdrawn:
            stale.update(card for (card,) in db.execute(_CARDS_OF_DEVICE, (device,)))
            db.execute("DELETE FROM undone WHERE device = ?", (device,))
        for device, first, last, _ in _differing(before.corrections, after.corrections):
            for card, session in db.execute(_CORRECTED, (device, first, last)):
                stale.update([card] if card else ())
                sessions.update([session] if session else ())
    _write_kin(db, events)
    in_force = _in_force(db)
    _write_outcomes(db, stale, in_force, told, len(stale))
    write_sessions = _writing_sessions(db, "= ?", in_force.corrections)
    for session in sessions:
        db.execute(write_sessions, (session,))
    if any(event.kind == EventKind.SESSION_START and '"titles":' in event.data for event in events):
        db.execute(_WRITE_TITLES)


def _differing(before: Sequence[Correction], after: Sequence[Correction]) -> Iterator[Correction]:
    """Yield the corrections from the first difference on: order counts, and one may come twice."""
    pairs = enumerate(zip(before, after, strict=False))
    same = min(len(before), len(after))
    same = next((place for place, (old, new) in pairs if old != new), same)
    yield from before[same:]
    yield from after[same:]


def rebuild(db: sqlite3.Connection) -> None:
    """Replay the whole log into new views."""
    with large_cache(db), collector_paused():
        create_views(db)
        _write_of_no_card(db)
        _write_kin(db, map(Event._make, db.execute(SELECT_EVENTS + "WHERE kind = 'relink'")))
        in_force = _in_force(db)
        ((cards,),) = db.execute("SELECT count(DISTINCT card) FROM event")
        _write_outcomes(db, None, in_force, None, cards)
        index_views(db)
        db.execute(_writing_sessions(db, "IS NOT NULL", in_force.corrections))
        db.execute(_WRITE_TITLES)


def unknown_cards(db: sqlite3.Connection, keys: Iterable[str]) -> set[str]:
    """Return those of some cards that have neither an event nor a re-link."""
    return {key for (key,) in db.execute(_SELECT_UNKNOWN, (json.dumps([*keys]),))}


def write_new_cards(
    db: sqlite3.Connection, batches: Iterable[Sequence[Family]], cards: int
) -> None:
    """Bring the views up to date with cards that were unknown, while their events are written.

    Args:
        db: Holds log and views.
        batches: All events of the cards, each batch taken when those before it are in the log.
        cards: The number of the cards.
    """
    ((known_cards,),) = db.execute("SELECT count(*) FROM face")
    many = cards >= _MANY_CARDS
    with ExitStack() as stack:
        if many and cards * 4 > known_cards + cards:  # else it would take longer
            stack.enter_context(indexed_after(db, "event"))
            stack.enter_context(views_indexed_after(db))
        for outcomes in fold_in_order(batches, _in_force(db).rules, many=many):
            _write(db, outcomes)


def _write_outcomes(
    db: sqlite3.Connection,
    keys: Collection[str] | None,
    in_force: _InForce,
    told: Callable[[int, int], None] | None,
    cards: int,
) -> None:
    """Write the outcomes of so many cards with these keys, or of all; for `told` see `refresh`."""
    done = 0
    batches = in_batches(_families(db, keys, in_force.corrections))
    for outcomes in fold_in_order(batches, in_force.rules, many=cards >= _MANY_CARDS):
        _write(db, outcomes)
        done += len(outcomes.states) + len(outcomes.stateless)
        if told is not None:
            told(min(done, cards), cards)


def in_batches(families: Iterable[Family]) -> Iterator[list[Family]]:
    """Yield families by so many that to write their rows at once is fast."""
    batch: list[Family] = []
    events = 0
    for family in families:
        batch.append(family)
        events += len(family.events)
        if events >= _MOST_EVENTS:
            yield batch
            batch, events = [], 0
    if batch:
        yield batch


def _families(
    db: sqlite3.Connection, keys: Collection[str] | None, corrections: Sequence[Correction]
) -> Iterator[Family]:
    """Yield the families of cards, or of all.

    Cards without events are left out, unless they have a family.
    """
    if keys is None:
        which, values = "WHERE card IS NOT NULL ", tuple[str, ...]()
        relinked = {key for kin in db.execute("SELECT card, old FROM kin") for key in kin}
    else:
        which, values = "WHERE card IN (SELECT value FROM json_each(?)) ", (json.dumps([*keys]),)
        relinked = {key for (key,) in db.execute(_SELECT_RELINKED, values)}
    rows = db.execute(SELECT_EVENTS + which + "ORDER BY card, stamp, device, seq", values)
    for key, events in groupby(_counted(rows, corrections), attrgetter("card")):
        if key not in relinked:
            yield Family([key], list(events), {})
    while relinked:
        family = _family(db, next(iter(relinked)))
        relinked -= family
        family_events = _events(db, family, corrections)
        yield Family([*family], family_events, _starts(db, family_events))


def bring_up_to_date(db: sqlite3.Connection) -> None:
    """Bring the log's tables to this version, and replay the log into new views.

    For use in a transaction.
    """
    if database.version_of(db) < database.VERSION:
        log = _hash_of_log(db)
        while database.version_of(db) < database.VERSION:
            database.migrate(db)
        if _hash_of_log(db) != log:
            raise RuntimeError("a migration must leave every event as it is")
    rebuild(db)


def _hash_of_log(db: sqlite3.Connection) -> bytes:
    digest = blake2b()
    for row in db.execute(SELECT_EVENTS + "ORDER BY device, seq"):
        digest.update(repr(row).encode())
    return digest.digest()


def _write_of_no_card(db: sqlite3.Connection) -> None:
    """Derive anew the parameters, withdrawn imports and corrections of clocks."""
    events = [
        Event._make(row) for row in db.execute(_SELECT_OF_NO_CARD, (json.dumps(_OF_NO_CARD),))
    ]
    undone = undone_of(events)
    values: list[float] = []
    withdrawn: set[str | None] = set()
    corrections = []
    for event in events:
        if event.kind == EventKind.PARAMETERS and event.id not in undone:
            values = event.details["parameters"]
        elif event.kind == EventKind.IMPORT and event.id in undone:
            withdrawn.add(event.details["device"])
        elif event.kind == EventKind.CLOCK and event.id not in undone:
            corrections.append(event.details)
    withdrawn.discard(None)
    write = db.executemany
    write(
        "UPDATE meta SET value = :value WHERE name = :name AND value <> :value",
        [
            {"name": "parameters", "value": json.dumps(values)},
            {"name": "withdrawn", "value": json.dumps(sorted(withdrawn))},
            {"name": "corrections", "value": json.dumps(corrections)},
        ],
    )
    write("DELETE FROM undone WHERE device = ? AND seq = ?", (event.id for event in events))
    write("INSERT INTO undone VALUES (?, ?)", undone)


def _write_kin(db: sqlite3.Connection, events: Iterable[Event]) -> None:
    if kin := [
        (event.card, event.details["old"]) for event in events if event.kind == EventKind.RELINK
    ]:
        db.executemany("INSERT OR IGNORE INTO kin VALUES (?, ?)", kin)


def _write(db: sqlite3.Connection, outcomes: Outcomes) -> None:
    """Write outcomes to the views."""

    def write(statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        if rows:  # else it would be compiled for none
            db.executemany(statement, rows)

    write("DELETE FROM card_state WHERE key = ?", outcomes.stateless)
    # Row by row, since their keys are in no order: of several by one statement SQLite would keep
    # what that changes, which is a page for each.
    write(_WRITE_STATE, outcomes.states)
    write(_WRITE_FACE, outcomes.faces)
    write("DELETE FROM undone WHERE device = ? AND seq = ?", outcomes.settled_anew)
    write("INSERT INTO undone VALUES (?, ?)", outcomes.undone)
    write("DELETE FROM review WHERE device = ? AND seq = ?", outcomes.undone)
    write("DELETE FROM answer WHERE device = ? AND seq = ?", outcomes.undone)
    # A table is written far faster in the order of its key, and numbers are sorted faster.
    for statement, rows in (
        (_WRITE_REVIEW, outcomes.reviews), (_WRITE_ANSWER, outcomes.answers),
    ):  # fmt: skip
        rows.sort(key=itemgetter(1))
        rows.sort(key=itemgetter(0))
        insert(db, statement, rows)


def _family(db: sqlite3.Connection, key: str) -> set[str]:
    return {row[0] for row in db.execute(_FAMILY, (key,))}


def _events(
    db: sqlite3.Connection, family: Iterable[str], corrections: Sequence[Correction]
) -> list[Event]:
    rows = db.execute(
        SELECT_EVENTS + "WHERE card IN (SELECT value FROM json_each(?))" + IN_ORDER,  # noqa: S608
        (json.dumps(list(family)),),
    )
    return list(_counted(rows, corrections))


def _counted(rows: Iterable[Sequence[Any]], corrections: Sequence[Correction]) -> Iterator[Event]:
    """Make events of rows of the log, each at the time that counts."""
    events = map(event_of, rows)
    if not corrections:
        return events
    return (at_the_time_that_counts(event, corrections) for event in events)


def _writing_sessions(db: sqlite3.Connection, which: str, corrections: Sequence[Correction]) -> str:
    """Return the statement that writes sessions, at the times that count.

    Args:
        db: The connection that is to execute it.
        which: The end of the condition on the session's id.
        corrections: In order. Without any, the statement calls no function of ours: to define one
            makes SQLite prepare every statement anew.
    """
    if not corrections:
        return _write_sessions_as_given(which)

    def counted(device: str, seq: int, at: int, tz: int, day: int, part: int) -> int:
        for correction in reversed(corrections):
            if correction.covers(device, seq):
                return correction.shift.moment(at)[part]
        return (at, tz, day)[part]

    def time(part: int, of: str = "") -> str:
        device, seq, *times = (f"{of}{column}" for column in ("device", "seq", *_TIMES))
        return f"counted({device}, {seq}, {', '.join(times)}, {part})"

    db.create_function("counted", 6, counted, deterministic=True)
    starts = {f"start_{name}": time(part, "start.") for part, name in enumerate(_TIMES)}
    ends = {name: time(part) for part, name in enumerate(_TIMES)}
    return _WRITE_SESSIONS.format(which=which, **starts, **ends)


@cache
def _write_sessions_as_given(which: str) -> str:
    """Return the statement that writes sessions at the times that the log has."""
    starts = {f"start_{name}": f"start.{name}" for name in _TIMES}
    return _WRITE_SESSIONS.format(which=which, **starts, **{name: name for name in _TIMES})


def _starts(db: sqlite3.Connection, events: Iterable[Event]) -> dict[str, Order]:
    """Return the places where the sessions of a family's events began; empty without re-links."""
    events = list(events)
    if not any(event.kind == EventKind.RELINK for event in events):
        return {}
    sessions = {event.session for event in events if event.session}
    return session_starts(db, sessions)


def session_starts(db: sqlite3.Connection, sessions: Collection[str]) -> dict[str, Order]:
    """Return the places in the total order where sessions began, by their ids."""
    rows = db.execute(_SELECT_STARTS, (json.dumps(list(sessions)),))
    return {session: (stamp, device, seq) for session, stamp, device, seq in rows}


class _InForce(NamedTuple):
    """The values that events about no card set for all cards.

    Attributes:
        rules: For folding.
        corrections: Corrections of clocks, in order.
    """

    rules: FoldingRules
    corrections: tuple[Correction, ...]


def _in_force(db: sqlite3.Connection) -> _InForce:
    rows = dict(db.execute("SELECT name, value FROM meta WHERE name <> 'lost'"))
    return _parsed(rows["parameters"], rows["withdrawn"], rows["corrections"])


@lru_cache(maxsize=1)
def _parsed(parameters: str, withdrawn: str, corrections: str) -> _InForce:
    return _InForce(
        FoldingRules(parameters, frozenset(json.loads(withdrawn))),
        tuple(map(Correction.of, json.loads(corrections))),
    )
