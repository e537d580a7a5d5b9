"""Proves that the log is as it was written, by a checksum in each row of it and the rows before.

SQLite notices most damage to its pages, but not a byte that flipped inside a row.
"""

from __future__ import annotations

import json
from enum import StrEnum
from hashlib import blake2b
from itertools import product
from json.encoder import encode_basestring_ascii as _quoted
from types import NoneType
from typing import TYPE_CHECKING

from sco_quiz.progress.log import SELECT_EVENTS, Event

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

_TYPES = frozenset(
    (str, int, int, int, int, int, str, card, session, str, bytes)
    for card, session in product((str, NoneType), repeat=2)
)
"""The types that the columns of an event may have."""


def hash_of(data: bytes) -> bytes:
    """Return a hash of 8 bytes."""
    return blake2b(data, digest_size=8).digest()


def sum_of(event: Event, before: bytes) -> bytes:
    """Return the sum (16 bytes) of an event; the value in `event.sum` is ignored.

    The first half is a hash of the row, so that each row is proved by itself, whatever happened to
    its neighbours. The second is a running hash over the device's rows: two copies of a log whose
    last sums agree are the same up to there.

    Args:
        event: The row.
        before: The sum of the device's event before it; empty for the first.
    """
    own = hash_of(_as_json(event).encode())
    return own + hash_of(before[8:] + own)


def _as_json(event: Event) -> str:
    """Return what `json.dumps` makes of the row without its sum, in a fifth of the time."""
    device, seq, stamp, at, tz, day, kind, card, session, data, _ = event
    try:
        return (
            f"[{_quoted(device)}, {seq:d}, {stamp:d}, {at:d}, {tz:d}, {day:d}, {_quoted(kind)},"
            f" {'null' if card is None else _quoted(card)},"
            f" {'null' if session is None else _quoted(session)}, {_quoted(data)}]"
        )
    except (TypeError, ValueError):  # damage left values of other types
        return json.dumps(event[:-1])


def is_whole(event: Event) -> bool:
    """Return True for an event that is as it was written."""
    return sum_of(event, b"")[:8] == event.sum[:8]


class Fault(StrEnum):
    """A fault that the sums show.

    CHANGED: the row is not as it was written. UNCHAINED: the row is, but either the running half
    of its sum or the row before it is not. MISSING: the rows from `seq` to the next are not there.
    """

    CHANGED = "changed"
    UNCHAINED = "unchained"
    MISSING = "missing"


def verify_sums(events: Iterable[Event]) -> list[tuple[str, int, Fault]]:
    """Return the faults of a log, as (device, seq, fault); empty for a sound one.

    Rows lost from the end of a device's log cannot be noticed here.

    Args:
        events: The whole log, by device and seq.
    """
    faults = []
    device, seq, before = "", 0, b""
    for event in events:
        if tuple(map(type, event)) not in _TYPES:
            seq, before = seq + 1, b""
            faults.append((device, seq, Fault.CHANGED))
            continue
        if event.device != device:
            device, seq, before = event.device, 0, b""
        follows = event.seq == seq + 1
        if not follows:
            faults.append((device, seq + 1, Fault.MISSING))
        expected = sum_of(event, before)
        if event.sum[:8] != expected[:8]:
            faults.append((*event.id, Fault.CHANGED))
        elif follows and event.sum != expected:
            faults.append((*event.id, Fault.UNCHAINED))
        seq, before = event.seq, event.sum
    return faults


def faults_of(db: sqlite3.Connection) -> list[tuple[str, int, Fault]]:
    """Return the faults of the log in a file, but for losses that are noted in it."""
    rows = db.execute(SELECT_EVENTS + "ORDER BY device, seq")
    faults = verify_sums(map(Event._make, rows))
    if not faults:
        return faults
    row = db.execute("SELECT value FROM meta WHERE name = 'lost'").fetchone()
    known_losses = {tuple(fault) for fault in json.loads(row[0])} if row else set()
    return [fault for fault in faults if fault not in known_losses]
