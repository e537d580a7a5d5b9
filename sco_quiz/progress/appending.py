"""Writing events into the log: of drafts, from another device, of another copy of the log.

The views follow in the same transaction, which is the caller's. To replay takes fsrs, 60 ms, so
this is loaded by the first answer.
"""

from __future__ import annotations

import json
import os
import platform
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import ProgressError
from sco_quiz.progress import replay
from sco_quiz.progress.log import INSERT_EVENT, Event, EventKind, Face, as_json
from sco_quiz.progress.sums import hash_of, is_whole, sum_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from sco_quiz.progress.log import Draft

_DRAWS = 16
_MANY = 5_000
"""Events of another copy from which on it may be shorter to replay the whole log."""
_BROUGHT_KB = 64_000
"""Of the file, at most, in memory while the events of another device are written."""
_MOVED_IN = """
SELECT DISTINCT event.card FROM kin JOIN event ON event.card = kin.old
WHERE event.session IN (SELECT value FROM json_each(?))"""
"""Cards with another key by now, that were asked in sessions."""


class Brought(NamedTuple):
    """Events of elsewhere, to be written into the log as the events of another device.

    Attributes:
        device: The id under which it is written; of no other device.
        drafts: The events, card by card; of no session.
        told: Called now and then while they are put into the views, with how many cards of how many
            are done.
    """

    device: str
    drafts: Iterable[Draft]
    told: Callable[[int, int], None] | None = None


def new_device() -> str:
    """Make an id that no other device has, and that will stand behind those that are there.

    Rows before others, in the order of the log's key, take five times as long to write.
    """
    return max(os.urandom(6).hex() for _ in range(_DRAWS))


def append_events(
    db: sqlite3.Connection, drafts: Sequence[Draft], inode: int, brought: Brought | None = None
) -> list[Event]:
    """Write events of this device.

    Args:
        db: Holds log and views.
        drafts: The events to be, in order.
        inode: Of the file that is written to.
        brought: Events of another device that come with the last of them.

    Returns:
        Those of this device.
    """
    if not drafts:  # an id under which nothing is written looks like a log that was lost
        return []
    device = _device(db, inode)
    last = db.execute(
        "SELECT seq, sum FROM event WHERE device = ? ORDER BY seq DESC LIMIT 1", (device,)
    ).fetchone()
    ((highest,),) = db.execute("SELECT coalesce(max(stamp), 0) FROM event")
    stamp = int(highest)

    def next_stamp(at: int) -> int:
        nonlocal stamp
        stamp = max(stamp + 1, at)
        return stamp

    events = list(_chain(db, drafts, device, next_stamp, *last or ()))
    db.executemany(INSERT_EVENT, events)
    if brought is None:
        replay.refresh(db, events)
    else:
        with _much_room(db):
            replay.refresh(db, events, _bring(db, brought, events[-1]), brought.told)
    return events


def take_in(
    db: sqlite3.Connection, events: Iterable[Event], own: Collection[str], *, proved: bool = False
) -> int:
    """Write those events of another copy of the log that are new; see `Progress.merge`."""
    new: list[Event] = []
    devices: set[str] = set()
    passed_over = 0
    with _much_room(db):
        for event in events:
            if not (proved or is_whole(event)):
                raise ProgressError(
                    f"event {event.seq} of device {event.device} is damaged, so nothing was merged",
                    "restore a backup of the file it came from",
                )
            if not _take(db, event):
                continue
            new.append(event)
            devices.add(event.device)
            if len(new) % _MANY == 0 and (passed_over or _are_most(db, len(new))):
                passed_over += len(new)
                new.clear()
        db.executemany(
            "INSERT OR IGNORE INTO device VALUES (?, ?)",
            [(f"elsewhere, as {device}", device) for device in devices.intersection(own)],
        )
        if passed_over:
            replay.rebuild(db)
        else:
            starts = [event.session for event in new if event.kind == EventKind.SESSION_START]
            moved = {key for (key,) in db.execute(_MOVED_IN, (json.dumps(starts),))}
            replay.refresh(db, new, moved)
    return passed_over + len(new)


def _are_most(db: sqlite3.Connection, new: int) -> bool:
    """Return True where so much of the log is new that to replay all of it is the shorter way."""
    ((events,),) = db.execute("SELECT count(*) FROM event")
    return bool(new * 4 > events)


def _take(db: sqlite3.Connection, event: Event) -> bool:
    """Insert an event of another copy; False if it is known."""
    if db.execute(f"{INSERT_EVENT} ON CONFLICT DO NOTHING", event).rowcount:
        return True
    known = db.execute("SELECT sum FROM event WHERE device = ? AND seq = ?", event.id).fetchone()
    if known[0][:8] != event.sum[:8]:
        raise ProgressError(
            f"event {event.seq} of device {event.device} is not the same in both files, "
            "so nothing was merged",
            "keep both files: each holds answers that the other does not",
        )
    return False


def _device(db: sqlite3.Connection, inode: int) -> str:
    """Return the id under which this file is written here; a copy of it elsewhere gets another.

    Were two copies written under one id, their events could not be told apart when they meet.
    A copy is noticed by its inode, or by the name of the machine it is on.
    """
    if known := known_device(db, inode):
        return known
    device = os.urandom(6).hex()
    db.execute("INSERT INTO device VALUES (?, ?)", (_place(inode), device))
    return device


def known_device(db: sqlite3.Connection, inode: int) -> str | None:
    """Return the id under which this file was written here; None if it was not yet.

    Args:
        db: The log.
        inode: Of the file.
    """
    row = db.execute("SELECT id FROM device WHERE place = ?", (_place(inode),)).fetchone()
    return str(row[0]) if row else None


def _place(inode: int) -> str:
    name = f"{platform.node()}\x1f{inode}"
    return hash_of(name.encode("utf-8", "surrogateescape")).hex()


@contextmanager
def _much_room(db: sqlite3.Connection) -> Iterator[None]:
    """Keep what is written in memory meanwhile, not to write the same pages again and again."""
    (before,) = db.execute("PRAGMA main.cache_size").fetchone()
    db.execute(f"PRAGMA main.cache_size = -{_BROUGHT_KB}")
    try:
        yield
    finally:
        db.execute(f"PRAGMA main.cache_size = {before}")


def _chain(
    db: sqlite3.Connection,
    drafts: Iterable[Draft],
    device: str,
    stamp_of: Callable[[int], int],
    seq: int = 0,
    before: bytes = b"",
) -> Iterator[Event]:
    """Make events of drafts, each proved by the one before it.

    Args:
        db: Knows how cards looked last.
        drafts: The events to be, in order.
        device: Under which they are written.
        stamp_of: Gets the time of each, and says its stamp.
        seq: The number of the device's last event.
        before: The sum of that one.
    """
    faces: dict[str, Face] = {}
    for number, draft in enumerate(drafts, seq + 1):
        data = draft.data
        if draft.card and draft.face:
            if draft.face != (faces.get(draft.card) or _face_of(db, draft.card)):
                data = {**data, "face": draft.face._asdict()}
            faces[draft.card] = draft.face
        at, tz, day = draft.moment
        event = Event(
            device, number, stamp_of(at), at, tz, day, str(draft.kind), draft.card, draft.session,
            as_json(data), sum=b"",
        )  # fmt: skip
        before = sum_of(event, before)
        yield event._replace(sum=before)


def _bring(db: sqlite3.Connection, brought: Brought, along: Event) -> set[str]:
    """Write events of another device; the views are not brought up to date.

    Args:
        db: Holds log and views.
        brought: The events.
        along: The event that they come with. What happened before it stands in the total order
            where it happened, everything else right after it.

    Returns:
        The cards that they are about.
    """
    cards: set[str] = set()

    def stamp_of(at: int) -> int:
        return at if at < along.at else along.stamp

    def events() -> Iterator[Event]:
        for event in _chain(db, brought.drafts, brought.device, stamp_of):
            if event.card:
                cards.add(event.card)
            yield event

    db.executemany(INSERT_EVENT, events())
    return cards


def _face_of(db: sqlite3.Connection, key: str) -> Face | None:
    """Return how a card looked last, as far as the log knows."""
    row = db.execute("SELECT deck, kind, prompt, answer FROM face WHERE key = ?", (key,)).fetchone()
    return Face._make(row) if row else None
