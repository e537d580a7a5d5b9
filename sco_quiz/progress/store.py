"""The progress file: an append-only log in SQLite, and views of it that can be replayed.

What is appended is on disk when the call returns: it survives the end of the process and of the
power. A call that fails leaves the file as it was.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from sco_quiz import debug
from sco_quiz.errors import ProgressError
from sco_quiz.learning.cards import CardState, State
from sco_quiz.learning.study_day import DAY_MS
from sco_quiz.progress import database
from sco_quiz.progress.database import transaction
from sco_quiz.progress.file import explained, open_to_read, open_to_write
from sco_quiz.progress.log import (
    IN_ORDER,
    INSERT_EVENT,
    SELECT_EVENTS,
    Draft,
    Event,
    EventKind,
    Face,
    as_json,
    undo,
)
from sco_quiz.progress.sums import hash_of, is_whole, sum_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from types import TracebackType

    from sco_quiz.learning.study_day import Moment
    from sco_quiz.progress.fold import Transition
    from sco_quiz.progress.log import Order

UNDOABLE = (
    EventKind.REVIEW,
    EventKind.SUSPEND,
    EventKind.UNSUSPEND,
    EventKind.BURY,
    EventKind.TODAY,
    EventKind.FLAG,
    EventKind.RESET,
    EventKind.ACCEPT,
    EventKind.EDIT,
    EventKind.RETAG,
    EventKind.IMPORT,
    EventKind.CLOCK,
    EventKind.RELINK,
    EventKind.APART,
)
"""What "undo" steps back through; of the last two only those that say they are the learner's."""

_LAST_EVENT = (
    "SELECT device, seq, sum FROM event ORDER BY stamp DESC, device DESC, seq DESC LIMIT 1"
)
_DRAWS = 16
_LONG_WAIT = 0.05
"""Seconds that no write takes to begin, unless another program is writing."""
_BROUGHT_KB = 64_000
"""Of the file, at most, in memory while the events of another device are written."""

_LAST_UNDOABLE = """INDEXED BY event_order
WHERE device IN (SELECT id FROM device)
  AND kind IN (SELECT value FROM json_each(?))
  AND (kind NOT IN ('relink', 'apart') OR json_extract(data, '$.by') = 'learner')
  AND (device, seq) NOT IN undone
ORDER BY stamp DESC, device DESC, seq DESC LIMIT 1"""
_AT_ONCE = """INDEXED BY event_order
WHERE stamp BETWEEN ? AND ? AND device = ? AND kind = ? AND at = ?
  AND session IS ? AND json_extract(data, '$.batch') IS ?
  AND (device, seq) NOT IN undone
ORDER BY stamp, device, seq"""
_LAST = "\U0010ffff"
"""Comes behind the id of every device."""
_TIED = """
SELECT DISTINCT kin.old FROM json_each(?) AS wanted JOIN kin ON kin.old = wanted.value"""
_SESSION_START = """
SELECT stamp, device, seq FROM event
WHERE card IS NULL AND session = ? AND kind = 'session-start'"""
_MOVED_IN = """
SELECT DISTINCT event.card FROM kin JOIN event ON event.card = kin.old
WHERE event.session IN (SELECT value FROM json_each(?))"""
"""Cards with another key by now, that were asked in sessions."""
_NEXT_RELINK = """
SELECT event.card, stamp, device, seq FROM kin JOIN event ON event.card = kin.card
WHERE kin.old = ? AND kin.card <> kin.old AND (stamp, device, seq) > (?, ?, ?) AND kind = 'relink'
  AND json_extract(data, '$.old') = kin.old AND (device, seq) NOT IN undone
ORDER BY stamp, device, seq LIMIT 1"""


class _ExchangedError(Exception):
    """The log is not the one that was written to."""


class Brought(NamedTuple):
    """What was done elsewhere, to be written into the log as the events of another device.

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


class Progress:
    """An open progress file.

    Not to be shared by threads; any number of processes and threads may have it open at once, each
    its own.

    Attributes:
        path: Where it is.
        connection: To attach other databases to. Read by `query`.
        in_memory: Whether it is a copy, of which nothing reaches the disk; see `copy`.
    """

    def __init__(self, path: Path, connection: database.Connection, *, read_only: bool) -> None:
        """Use `open` instead."""
        self.path = path
        self.connection = connection
        self.in_memory = False
        self._read_only = read_only
        self._written: list[Event] = []
        self._is_carried_over = False
        self._known: tuple[str, int, bytes] | None = None
        self._place = (0, 0)
        if not read_only:
            found = path.stat()
            self._place = found.st_dev, found.st_ino
            self._known = connection.execute(_LAST_EVENT).fetchone()

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Progress:
        """Open the progress file; make it, with its folder, where there is none.

        Args:
            path: The file.
            read_only: Change nothing on disk. Where there is no file, it reads as an empty one; an
                older one is brought up to date in memory.

        Raises:
            ProgressError: It cannot be opened, is damaged, is not a progress file, is from a newer
                version, or (unless `read_only`) cannot be written.
        """
        if sqlite3.sqlite_version_info < (3, 37):
            raise ProgressError(
                f"SQLite {sqlite3.sqlite_version} is too old for the progress file",
                "use a Python that comes with SQLite 3.37 or newer",
            )
        with explained(path):
            connection = open_to_read(path) if read_only else open_to_write(path)
            return cls(path, connection, read_only=read_only)

    def copy(self) -> Progress:
        """Return a copy in memory, to be written to by who may not change the file."""
        with explained(self.path):
            copy = Progress(self.path, database.snapshot_of(self.connection), read_only=True)
        copy.in_memory = True
        return copy

    def append(self, *drafts: Draft, version: int | None = None) -> list[Event]:
        """Write events, all or none; on disk on return.

        Args:
            drafts: The events.
            version: What `version` said when the caller last looked; None to write in any case.

        Returns:
            The events; none where another program has written to the log since that version.

        Raises:
            ProgressError: They could not be written; the file is as it was.
        """
        with self._writing() as db:
            if version is not None and version != _version_of(db):
                return []
            return self._add(db, drafts)

    def version(self) -> int:
        """Return a number that is another one once another connection wrote to the log."""
        with explained(self.path):
            return _version_of(self.connection)

    def append_with(
        self,
        act: Callable[[Sequence[Event]], None],
        *drafts: Draft,
        brought: Brought | None = None,
    ) -> list[Event]:
        """Write events while something else is done: if that fails, nothing is written.

        Args:
            act: Called with the events before they are committed; no other program writes to the
                log meanwhile.
            drafts: The events.
            brought: Events of another device that come with the last of them.

        Raises:
            ProgressError: They could not be written; the file is as it was.
        """
        with self._writing() as db, _room_for(db, brought):
            events = self._add(db, drafts, brought)
            act(events)
        return events

    def undo(self, event: Event, now: Moment) -> Event:
        """Take back an event; taking back an undo brings its event to count again.

        Raises:
            ProgressError: It could not be written; the file is as it was.
        """
        return self.append(undo(now, event))[0]

    def last_undoable(self) -> Event | None:
        """The last thing done with this file that can be taken back and was not; see `UNDOABLE`."""
        rows = self.query(SELECT_EVENTS + _LAST_UNDOABLE, (json.dumps(UNDOABLE),))
        return Event._make(rows[0]) if rows else None

    def take_back(self, event: Event, now: Moment) -> list[Event]:
        """Undo a step of the learner; see `step_of`.

        Raises:
            ProgressError: It could not be written; the file is as it was.
        """
        return self.append(*(undo(now, each) for each in self.step_of(event)))

    def step_of(self, event: Event) -> list[Event]:
        """The events that the learner caused at once with this one, it among them.

        These are all cards that were brought into a day together, or marked together for a step.
        """
        batch = event.details.get("batch")
        if batch is None and event.kind != EventKind.TODAY:
            return [event]
        alike = (event.at, event.stamp, event.device, event.kind, event.at, event.session, batch)
        return [Event._make(row) for row in self.query(SELECT_EVENTS + _AT_ONCE, alike)]

    def card_of(self, event: Event) -> str | None:
        """Return the card that an event is about now: another than it names, if re-linked."""
        if event.card is None:
            return None
        return self.keys_now([event.card], self._start_of(event)).get(event.card, event.card)

    def keys_now(self, keys: Iterable[str], since: Order) -> dict[str, str]:
        """Return the keys that cards got by re-links after a moment, by the keys they had then.

        Args:
            keys: As they were at the moment; those that are still the same are left out.
            since: The moment, as a place in the total order.
        """
        rows = self.query(_TIED, (json.dumps(list(keys)),))
        found = {}
        for (old,) in rows:
            key, order = old, since
            while nexts := self.query(_NEXT_RELINK, (key, *order)):
                ((key, *order),) = nexts
            if key != old:
                found[old] = key
        return found

    def latest(self) -> Order:
        """Return the place in the total order behind all that is in the log now."""
        ((stamp,),) = self.query("SELECT coalesce(max(stamp), 0) FROM event")
        return (stamp, _LAST, 0)

    def _start_of(self, event: Event) -> Order:
        """Return when what an event knew of keys was so: when its session began, if in one."""
        if event.session is None:
            return event.order
        rows = self.query(_SESSION_START, (event.session,))
        return min([event.order, *map(tuple, rows)])

    def state(self, key: str) -> CardState:
        """What the log says of a card."""
        return self.states([key]).get(key, CardState())

    def states(self, keys: Iterable[str]) -> dict[str, CardState]:
        """What the log says of cards; those without an event are left out."""
        rows = self.query(
            "SELECT * FROM card_state WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(keys)),),
        )
        return {row[0]: _state(row[1:]) for row in rows}

    def events(self, card: str | None = None) -> Iterator[Event]:
        """Events in their total order.

        Args:
            card: Only those that count for this card: undone ones left out, those of its former
                keys among them. None for the whole log, as it stands.
        """
        if card is not None:
            for transition in self.transitions([card]).get(card, ()):
                yield transition.event
            return
        with explained(self.path):
            rows = self.connection.execute(SELECT_EVENTS + IN_ORDER)
            yield from map(Event._make, rows)

    def transitions(self, cards: Collection[str]) -> dict[str, list[Transition]]:
        """Replay the events that count for cards, in their total order.

        Returns:
            By card, each event with the card's states before and after it; those of its former
            keys are among them, undone ones left out, and so are cards without any.
        """
        from sco_quiz.progress.replay import transitions_of_cards  # as in `_refresh`

        with explained(self.path):
            return transitions_of_cards(self.connection, cards)

    @property
    def parameters(self) -> tuple[float, ...]:
        """The parameters of FSRS now in force; empty for its defaults."""
        ((text,),) = self.query("SELECT value FROM meta WHERE name = 'parameters'")
        return tuple(json.loads(text))

    def may_be_out_of_time(self, now: int) -> bool:
        """Return False where every event lies in the past and the last one behind all others.

        Args:
            now: UTC milliseconds.
        """
        rows = self.query(
            "SELECT stamp, at FROM event ORDER BY stamp DESC, device DESC, seq DESC LIMIT 1"
        )
        return any(stamp > now + DAY_MS or at < stamp - DAY_MS for stamp, at in rows)

    @property
    def corrections(self) -> list[dict[str, Any]]:
        """The data of the events that count and correct a clock, in order; see `correct_clock`."""
        ((text,),) = self.query("SELECT value FROM meta WHERE name = 'corrections'")
        return list(json.loads(text))

    def query(self, sql: str, values: Sequence[object] | dict[str, object] = ()) -> list[Any]:
        """All rows of a SELECT, over the tables of `views.sql` and those the caller attached.

        Raises:
            ProgressError: The file is damaged or held by another program.
        """
        with explained(self.path):
            return self.connection.execute(sql, values).fetchall()

    def merge(self, events: Iterable[Event], own: Collection[str] = ()) -> int:
        """Take in the events of another copy of the log; known ones are passed over.

        Args:
            events: Of the other copy.
            own: The ids under which that one was written, if it is an older form of this one.

        Returns:
            How many were new.

        Raises:
            ProgressError: One is damaged, or differs from the one of the same device and number
                that is here; nothing was taken in.
        """
        with self._writing() as db:
            new = [event for event in events if _take(db, event)]
            db.executemany(
                "INSERT OR IGNORE INTO device VALUES (?, ?)",
                [
                    (f"elsewhere, as {device}", device)
                    for device in {event.device for event in new}.intersection(own)
                ],
            )
            starts = [event.session for event in new if event.kind == EventKind.SESSION_START]
            _refresh(db, new, {key for (key,) in db.execute(_MOVED_IN, (json.dumps(starts),))})
        return len(new)

    def rebuild(self) -> None:
        """Replay the log into new views.

        Raises:
            ProgressError: They could not be written; the file is as it was.
        """
        from sco_quiz.progress.replay import rebuild  # as in `_refresh`

        with self._writing() as db:
            rebuild(db)

    def close(self) -> None:
        """Close the file. Nothing is left to write.

        Raises:
            ProgressError: What was written here is not in it any more; it was put into a new file.
        """
        try:
            if self._written and self._is_lost():
                raise ProgressError(self._carry_over(), "nothing else has to be done")
        finally:
            self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Begin a transaction, committed at the end; errors are told as `ProgressError`.

        Where the file is no longer the one that was written to, what was acknowledged is saved.
        """
        if self._read_only and not self.in_memory:
            raise RuntimeError("the progress file was opened for reading")
        if self._is_carried_over:
            raise self._moved()
        self._adding: list[Event] = []
        asked = perf_counter()
        try:
            with explained(self.path), _noted(), transaction(self.connection) as db:
                if (waited := perf_counter() - asked) > _LONG_WAIT:
                    debug.note("waited %.0f ms for another program to write", waited * 1000)
                if not self.in_memory:
                    self._check_still_ours(db)
                yield db
        except _ExchangedError:
            raise self._refused() from None
        except ProgressError as error:
            if self._written and self._is_lost():
                raise self._refused() from error
            raise
        if self._adding:
            self._written += self._adding
            self._known = (*self._adding[-1].id, self._adding[-1].sum)

    def _check_still_ours(self, db: sqlite3.Connection) -> None:
        if self._is_lost():
            raise _ExchangedError
        if self._is_replaced():
            raise self._moved()
        if not database.is_current(db):
            raise ProgressError(
                f"{self.path} was taken over by another version of sco-quiz while in use",
                "start sco-quiz again, in the newest version",
            )

    def _moved(self) -> ProgressError:
        return ProgressError(
            f"{self.path} was moved or replaced while in use",
            "start sco-quiz again; what was answered before is kept",
        )

    def _refused(self) -> ProgressError:
        return ProgressError(
            self._carry_over(),
            "what you just did is not among them: start sco-quiz again, and do it once more",
        )

    def _is_lost(self) -> bool:
        """Return True if what this process knew to be in the log will be in no file."""
        if self._is_carried_over or self._read_only:
            return False
        return self._is_exchanged() or (self._is_replaced() and not self._has_a_name())

    def _is_exchanged(self) -> bool:
        """Return True if the log does not hold what this process last knew to be in it."""
        if self._known is None:
            return False
        *name, proof = self._known
        try:
            row = self.connection.execute(
                "SELECT sum FROM event WHERE device = ? AND seq = ?", name
            ).fetchone()
        except sqlite3.Error as error:
            return database.code_of(error) == sqlite3.SQLITE_NOTADB or (
                database.may_come_of_damage(error)
            )
        return row is None or row[0] != proof

    def _is_replaced(self) -> bool:
        """Return True if there is another file under the name of the open one, or none."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return True
        return (found.st_dev, found.st_ino) != self._place

    def _has_a_name(self) -> bool:
        """Return True if the open file has a name in some folder: it will be there when closed."""
        try:
            handles = [*Path("/dev/fd").iterdir()]  # to open the file would cost SQLite its locks
        except OSError:
            return False
        for handle in handles:
            with suppress(OSError, ValueError):
                found = os.fstat(int(handle.name))
                if (found.st_dev, found.st_ino) == self._place:
                    return found.st_nlink > 0
        return False

    def _carry_over(self) -> str:
        """Put what this process wrote into a new file, with what is there now and in backups.

        Returns:
            What was done, in words.
        """
        from sco_quiz.progress.renewing import carry_over  # replays the log, once in a blue moon

        held = [*self._written]
        if self._is_replaced() and not self._is_exchanged():
            with explained(self.path):
                held = [Event._make(row) for row in self.connection.execute(SELECT_EVENTS)]
        told = carry_over(self.path, held)
        self._is_carried_over = True
        return told

    def _add(
        self, db: sqlite3.Connection, drafts: Iterable[Draft], brought: Brought | None = None
    ) -> list[Event]:
        drafts = [*drafts]
        if not drafts:  # an id under which nothing is written looks like a log that was lost
            return []
        device = self._device(db)
        last = db.execute(
            "SELECT seq, sum FROM event WHERE device = ? ORDER BY seq DESC LIMIT 1", (device,)
        ).fetchone()
        ((highest,),) = db.execute("SELECT coalesce(max(stamp), 0) FROM event")
        stamp = int(highest)

        def next_stamp(at: int) -> int:
            nonlocal stamp
            stamp = max(stamp + 1, at)
            return stamp

        self._adding = events = list(_chain(db, drafts, device, next_stamp, *last or ()))
        db.executemany(INSERT_EVENT, events)
        if brought is None:
            _refresh(db, events)
        else:
            _refresh(db, events, _bring(db, brought, events[-1]), brought.told)
        return events

    def _device(self, db: sqlite3.Connection) -> str:
        """The id under which this file is written here; a copy of it elsewhere gets another.

        Were two copies written under one id, their events could not be told apart when they meet.
        A copy is noticed by its inode, or by the name of the machine it is on.
        """
        import platform  # 3 ms that commands which only look do without

        name = f"{platform.node()}\x1f{self._place[1]}"
        place = hash_of(name.encode("utf-8", "surrogateescape")).hex()
        row = db.execute("SELECT id FROM device WHERE place = ?", (place,)).fetchone()
        if row:
            return str(row[0])
        device = os.urandom(6).hex()
        db.execute("INSERT INTO device VALUES (?, ?)", (place, device))
        return device


@contextmanager
def _noted() -> Iterator[None]:
    """Note errors of SQLite, before they are told in other words."""
    try:
        yield
    except sqlite3.Error as error:
        debug.note("SQLite: %s", getattr(error, "sqlite_errorname", type(error).__name__))
        raise


@contextmanager
def _room_for(db: sqlite3.Connection, brought: Brought | None) -> Iterator[None]:
    """Keep what is written in memory meanwhile, not to write the same pages again and again."""
    if brought is None:
        yield
        return
    (before,) = db.execute("PRAGMA main.cache_size").fetchone()
    db.execute(f"PRAGMA main.cache_size = -{_BROUGHT_KB}")
    try:
        yield
    finally:
        db.execute(f"PRAGMA main.cache_size = {before}")


def _version_of(db: sqlite3.Connection) -> int:
    ((version,),) = db.execute("PRAGMA main.data_version")
    return int(version)


def _state(row: Sequence[Any]) -> CardState:
    return CardState(*(State(row[0]), *row[1:10], bool(row[10]), *row[11:]))


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


def _refresh(
    db: sqlite3.Connection,
    events: Sequence[Event],
    cards: Collection[str] = (),
    told: Callable[[int, int], None] | None = None,
) -> None:
    from sco_quiz.progress.replay import refresh  # with fsrs 60 ms that the first screen saves

    refresh(db, events, cards, told)


def _face_of(db: sqlite3.Connection, key: str) -> Face | None:
    """Return how a card looked last, as far as the log knows."""
    row = db.execute("SELECT deck, kind, prompt, answer FROM face WHERE key = ?", (key,)).fetchone()
    return Face._make(row) if row else None


def _take(db: sqlite3.Connection, event: Event) -> bool:
    """Insert an event of another copy; False if it is known."""
    if not is_whole(event):
        raise ProgressError(
            f"event {event.seq} of device {event.device} is damaged, so nothing was merged",
            "restore a backup of the file it came from",
        )
    known = db.execute("SELECT sum FROM event WHERE device = ? AND seq = ?", event.id).fetchone()
    if known is None:
        db.execute(INSERT_EVENT, event)
        return True
    if known[0][:8] != event.sum[:8]:
        raise ProgressError(
            f"event {event.seq} of device {event.device} is not the same in both files, "
            "so nothing was merged",
            "keep both files: each holds answers that the other does not",
        )
    return False
