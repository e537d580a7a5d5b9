"""Finds the cards whose states may have changed since a mark was taken of the log.

Rows of the log are never changed, so the last row of each device, whose sum proves those before it,
says what the log held. A shell prompt imports this, so it does without `log`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3

SELECT_HEADS = """
WITH RECURSIVE found (id) AS (
  SELECT min(device) FROM event
  UNION ALL
  SELECT (SELECT min(device) FROM event WHERE device > id) FROM found WHERE id IS NOT NULL
)
SELECT device, seq, sum FROM found JOIN event
ON device = id AND seq = (SELECT max(seq) FROM event WHERE device = id)"""
_SELECT_NEW = """
SELECT DISTINCT card, kind IN
  ('session-start', 'session-end', 'stands', 'device', 'settings', 'left-behind')
FROM event WHERE device = ? AND seq > ?"""
"""The cards of new events; of those about no card, whether they leave all states as they are."""
_SELECT_RELINKED = "SELECT card FROM kin UNION SELECT old FROM kin"


class Head(NamedTuple):
    """The last row of a device: its number and its sum."""

    seq: int
    sum: bytes


def mark_of(db: sqlite3.Connection) -> str:
    """Return a mark of the log, one line of ASCII; empty if rows of a device are missing in it.

    Args:
        db: Holds log and views.
    """
    views, heads = _version_of_views(db), _heads(db)
    ((events,),) = db.execute("SELECT count(*) FROM event")
    if events != sum(head.seq for head in heads.values()):
        return ""  # they may still come, and would be behind no head
    each = (
        f"{device.encode().hex()}:{head.seq}:{head.sum.hex()}" for device, head in heads.items()
    )
    return " ".join([str(views), *each])


def changed_since(db: sqlite3.Connection, mark: str, most: int) -> set[str] | None:
    """Return the cards whose states may be other ones than when a mark was taken.

    Args:
        db: Holds log and views.
        mark: The mark.
        most: The number of new events up to which they are looked at.

    Returns:
        The keys of the cards; None if it may be any cards.
    """
    views, *marked_heads = mark.split()
    if int(views) != _version_of_views(db):
        return None
    heads = _heads(db)
    seen = dict.fromkeys(heads, 0)
    for name, seq, proof in (head.split(":") for head in marked_heads):
        device = bytes.fromhex(name).decode()
        seen[device] = int(seq)
        row = db.execute("SELECT sum FROM event WHERE device = ? AND seq = ?", (device, int(seq)))
        if row.fetchone() != (bytes.fromhex(proof),):
            return None  # it is another log
    newer = {device: seq for device, seq in seen.items() if heads[device].seq > seq}
    if sum(heads[device].seq - seq for device, seq in newer.items()) > most:
        return None
    keys: set[str] = set()
    for since in newer.items():
        for key, is_of_no_state in db.execute(_SELECT_NEW, since):
            if key is not None:
                keys.add(key)
            elif not is_of_no_state:
                return None
    if newer:  # a card's events, or the start of a session, may decide on cards it is re-linked to
        keys.update(key for (key,) in db.execute(_SELECT_RELINKED))
    return keys


def _heads(db: sqlite3.Connection) -> dict[str, Head]:
    return {device: Head(seq, proof) for device, seq, proof in db.execute(SELECT_HEADS)}


def _version_of_views(db: sqlite3.Connection) -> int:
    """Return a number that changes when the views are made anew."""
    version: int = db.execute("PRAGMA main.schema_version").fetchone()[0]
    return version
