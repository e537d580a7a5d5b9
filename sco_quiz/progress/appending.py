"""Writes events into the log: from drafts, from another device, from another copy of the log.

The views follow in the same transaction, which is the caller's. A replay imports fsrs, which takes
60 ms, so this module is loaded by the first answer.
"""

from __future__ import annotations

import json
import os
import platform
from contextlib import ExitStack
from functools import cache
from itertools import chain, groupby
from operator import attrgetter, itemgetter
from secrets import randbelow
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import ProgressError
from sco_quiz.inserting import insert
from sco_quiz.progress import replay
from sco_quiz.progress.database import indexed_after, large_cache
from sco_quiz.progress.details import as_json
from sco_quiz.progress.log import INSERT_EVENT, Event, EventKind, Face, event_of
from sco_quiz.progress.outcomes import Family
from sco_quiz.progress.sums import hash_of, is_whole, sum_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from sco_quiz.progress.log import EventDraft

_IDS = 2**48
"""The number of ids that a device can have."""
_MANY = 5_000
"""The least new events of another device for which a replay of the whole log may be faster."""
_SELECT_SUMS = "SELECT seq, sum FROM event WHERE device = ? AND seq BETWEEN ? AND ?"
_SELECT_RELINKED = """
SELECT DISTINCT event.card FROM kin CROSS JOIN event ON event.card = kin.old
WHERE event.session IN (SELECT value FROM json_each(?))"""
"""The cards that were asked in certain sessions and have another key by now."""


class ForeignEvents(NamedTuple):
    """Foreign history, to be written into the log as the events of another device.

    Attributes:
        device: The id under which it is written; no other device has it.
        drafts: The events, card by card; they belong to no session.
        cards: The keys of those cards. One that the log does not know yet is folded as its events
            are written; without its key here it is replayed after that, as the others are.
        told: Called now and then while cards are replayed, with the number of cards that are done
            and the number of all.
    """

    device: str
    drafts: Iterable[EventDraft]
    cards: Collection[str] = ()
    told: Callable[[int, int], None] | None = None


def new_device(greatest: str | None) -> str:
    """Make an id that no other device has, and that sorts behind the greatest one in the log.

    Rows that sort before others, by the log's key, take five times as long to write.
    """
    try:
        first = int(greatest or "", 16) + 1
    except ValueError:  # none is there yet, or one that was made elsewhere, and otherwise
        first = 0
    room = (_IDS - first) // 16  # later ones have to sort behind this one
    return f"{first + randbelow(room):012x}" if room > _IDS >> 16 else os.urandom(6).hex()


def append_events(
    db: sqlite3.Connection,
    drafts: Sequence[EventDraft],
    inode: int,
    brought: ForeignEvents | None = None,
) -> list[Event]:
    """Write events of this device.

    Args:
        db: Holds log and views.
        drafts: The events to be, in order.
        inode: The inode of the file that is written to.
        brought: Events of another device that are written with the last draft.

    Returns:
        The events of this device.
    """
    if not drafts:  # an id under which nothing is written looks like a log that was lost
        return []
    device = _device(db, inode)
    last_row = db.execute(
        "SELECT seq, sum FROM event WHERE device = ? ORDER BY seq DESC LIMIT 1", (device,)
    ).fetchone()
    ((highest_stamp,),) = db.execute("SELECT coalesce(max(stamp), 0) FROM event")
    stamp = int(highest_stamp)

    def next_stamp(at: int) -> int:
        nonlocal stamp
        stamp = max(stamp + 1, at)
        return stamp

    events = list(_make_events(db, drafts, device, next_stamp, *last_row or ()))
    if brought is None:
        db.executemany(INSERT_EVENT, events)
        replay.refresh(db, events)
    else:
        with large_cache(db):
            cards = _write_foreign(db, brought, events[-1])
            db.executemany(INSERT_EVENT, events)
            replay.refresh(db, events, cards, brought.told)
    return events


def take_in(
    db: sqlite3.Connection,
    batches: Iterable[Sequence[Event]],
    own: Collection[str],
    *,
    proved: bool,
) -> int:
    """Write events of other logs that are not here yet; see `Progress.merge_batches`."""
    new_events: list[Event] = []
    devices: set[str] = set()
    taken = 0
    is_anew = False
    """True once so much of the log is new that all of it is replayed, and indexed, in the end."""
    with large_cache(db):
        with ExitStack() as stack:
            for batch in batches:
                if not proved:
                    _prove(batch)
                new = _unknown(db, batch)
                taken += len(new)
                devices.update(event.device for event in new)
                if not is_anew and taken >= _MANY and _are_most(db, taken, len(new)):
                    is_anew = True
                    new_events.clear()
                    stack.enter_context(indexed_after(db, "event"))
                insert(db, INSERT_EVENT, new)
                if not is_anew:
                    new_events += new
        db.executemany(
            "INSERT OR IGNORE INTO device VALUES (?, ?)",
            [(f"elsewhere, as {device}", device) for device in devices.intersection(own)],
        )
        if is_anew:
            replay.rebuild(db)
        else:
            starts = [
                event.session for event in new_events if event.kind == EventKind.SESSION_START
            ]
            moved = {key for (key,) in db.execute(_SELECT_RELINKED, (json.dumps(starts),))}
            replay.refresh(db, new_events, moved)
    return taken


def _prove(events: Iterable[Event]) -> None:
    for event in events:
        if not is_whole(event):
            raise ProgressError(
                f"event {event.seq} of device {event.device} is damaged, so nothing was merged",
                "restore a backup of the file it came from",
            )


def _unknown(db: sqlite3.Connection, events: Sequence[Event]) -> list[Event]:
    """Return the events that the log does not have.

    Raises:
        ProgressError: One differs from the one of the same device and number that is there.
    """
    numbers: dict[str, list[int]] = {}
    for event in events:
        numbers.setdefault(event.device, []).append(event.seq)
    known = {
        (device, seq): proof
        for device, own in numbers.items()
        for seq, proof in db.execute(_SELECT_SUMS, (device, min(own), max(own)))
    }
    new = []
    for event in events:
        proof = known.get(event.id)
        if proof is None:
            known[event.id] = event.sum
            new.append(event)
        elif proof[:8] != event.sum[:8]:
            raise ProgressError(
                f"event {event.seq} of device {event.device} is not the same in both files, "
                "so nothing was merged",
                "keep both files: each holds answers that the other does not",
            )
    return new


def _are_most(db: sqlite3.Connection, new: int, waiting: int) -> bool:
    """Return True if so much of the log is new that it is faster to replay all of it.

    Args:
        db: The log.
        new: The number of new events.
        waiting: The number of those of them that are yet to be written.
    """
    ((events,),) = db.execute("SELECT count(*) FROM event")
    return bool(new * 4 > events + waiting)


def _device(db: sqlite3.Connection, inode: int) -> str:
    """Return the id under which this file is written here; a copy of it elsewhere gets another.

    If two copies were written under one id, their events could not be told apart in a merge.
    A copy is noticed by its inode, or by the name of the machine it is on.
    """
    if known := known_device(db, inode):
        return known
    device = os.urandom(6).hex()
    db.execute("INSERT INTO device VALUES (?, ?)", (_hash_of_place(inode), device))
    return device


def known_device(db: sqlite3.Connection, inode: int) -> str | None:
    """Return the id under which this file was written here; None if it was not written yet.

    Args:
        db: The log.
        inode: The inode of the file.
    """
    row = db.execute("SELECT id FROM device WHERE place = ?", (_hash_of_place(inode),)).fetchone()
    return str(row[0]) if row else None


@cache
def _hash_of_place(inode: int) -> str:
    name = f"{platform.node()}\x1f{inode}"
    return hash_of(name.encode("utf-8", "surrogateescape")).hex()


def _make_events(
    db: sqlite3.Connection,
    drafts: Iterable[EventDraft],
    device: str,
    stamp_of: Callable[[int], int],
    seq: int = 0,
    previous_sum: bytes = b"",
) -> Iterator[Event]:
    """Make events of drafts; each event's sum proves it and the events before it.

    Args:
        db: Holds the face last logged for each card.
        drafts: The events to be, in order.
        device: The id under which they are written.
        stamp_of: Returns the stamp of an event that happened at a time.
        seq: The number of the device's last event.
        previous_sum: The sum of that event.
    """
    faces: dict[str, Face] = {}
    for number, draft in enumerate(drafts, seq + 1):
        data = dict(draft.data)
        if draft.card and draft.face:
            if draft.face != (faces.get(draft.card) or _face_of(db, draft.card)):
                data["face"] = draft.face._asdict()
            faces[draft.card] = draft.face
        at, tz, day = draft.moment
        row = (
            device, number, stamp_of(at), at, tz, day, str(draft.kind), draft.card, draft.session,
            as_json(data),
        )  # fmt: skip
        previous_sum = sum_of(event_of((*row, b"")), previous_sum)
        yield event_of((*row, previous_sum))


def _write_foreign(db: sqlite3.Connection, brought: ForeignEvents, companion: Event) -> set[str]:
    """Write events of another device, and the views of cards that the log did not know.

    Args:
        db: Holds log and views.
        brought: The events.
        companion: The own event that they are written with. A foreign event from before it gets its
            place in the total order by its time; any other stands right after it.

    Returns:
        The other cards that they are about, of which the views are not brought up to date.
    """
    new = replay.unknown_cards(db, brought.cards)
    others: set[str] = set()

    def stamp_of(at: int) -> int:
        return at if at < companion.at else companion.stamp

    def taken_from_new(batch: Iterable[Family]) -> Iterator[Family]:
        for family in batch:
            if new.issuperset(family.keys):
                new.difference_update(family.keys)  # should one come again, it is new no more
                yield family
            else:
                others.update(family.keys)

    def batches() -> Iterator[list[Family]]:
        events = _make_events(db, brought.drafts, brought.device, stamp_of)
        families = (
            Family([card] if card else [], list(own), {})
            for card, own in groupby(events, attrgetter("card"))
        )
        for batch in replay.in_batches(families):
            insert(db, INSERT_EVENT, chain.from_iterable(family.events for family in batch))
            for family in batch:
                family.events.sort(key=itemgetter(2))  # by stamp; their numbers rise already
            yield [*taken_from_new(batch)]

    replay.write_new_cards(db, batches(), len(new))
    return others


def _face_of(db: sqlite3.Connection, key: str) -> Face | None:
    """Return the face last logged for a card; None if the log has none."""
    row = db.execute("SELECT deck, kind, prompt, answer FROM face WHERE key = ?", (key,)).fetchone()
    return Face._make(row) if row else None
