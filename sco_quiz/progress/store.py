"""The progress file: an append-only log in SQLite, and views of it that can be replayed.

What is appended is on disk when the call returns: it survives the end of the process and of the
power. A call that fails leaves the file as it was.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING, Any, Self

from sco_quiz import debug
from sco_quiz.errors import DamagedError, ProgressError
from sco_quiz.learning.study_day import DAY_MS
from sco_quiz.progress import database
from sco_quiz.progress.database import transaction
from sco_quiz.progress.file import FileInUse, errors_in_words, open_to_read, open_to_write
from sco_quiz.progress.log import (
    IN_ORDER,
    SELECT_EVENTS,
    Event,
    EventDraft,
    EventKind,
    stands,
    undo,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from sco_quiz.learning.cards import CardState
    from sco_quiz.learning.study_day import Moment
    from sco_quiz.progress.appending import ForeignEvents
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
    EventKind.DECKS,
    EventKind.RELINK,
    EventKind.APART,
)
"""The kinds of events that "undo" takes back; of the last two only those of the learner."""

_LONG_WAIT = 0.05
"""A write that takes more seconds than this to begin has waited for another program."""

_MERGED_AT_ONCE = 5_000
"""The number of events that are looked up at once in a merge."""

_LAST_UNDOABLE = """INDEXED BY event_order
WHERE device IN (SELECT id FROM device)
  AND kind IN (SELECT value FROM json_each(?))
  AND (kind NOT IN ('relink', 'apart') OR json_extract(data, '$.by') = 'learner')
  AND (device, seq) NOT IN undone
  AND (device, seq) NOT IN (
    SELECT json_extract(data, '$.device'), json_extract(data, '$.seq')
    FROM event WHERE card IS NULL AND kind = 'stands')
ORDER BY stamp DESC, device DESC, seq DESC LIMIT 1"""
_SELECT_STEP = """INDEXED BY event_order
WHERE stamp BETWEEN ? AND ? AND device = ? AND kind = ? AND at = ?
  AND session IS ? AND json_extract(data, '$.batch') IS ?
  AND (device, seq) NOT IN undone
ORDER BY stamp, device, seq"""
_SELECT_POINT = """
WHERE session = ? AND device = ? AND seq < ? AND kind IN ('answer', 'undo')
ORDER BY seq DESC LIMIT 2"""
_LAST_STEP = """
SELECT seq FROM event WHERE device = ? AND kind NOT IN ('device', 'settings')
ORDER BY seq DESC LIMIT 1"""
_BEHIND_ALL_DEVICES = "\U0010ffff"
"""A text that sorts behind the id of every device."""
_SELECT_RELINKED = """
SELECT DISTINCT kin.old FROM json_each(?) AS wanted JOIN kin ON kin.old = wanted.value"""
_SESSION_START = """
SELECT stamp, device, seq FROM event
WHERE card IS NULL AND session = ? AND kind = 'session-start'"""
_NEXT_RELINK = """
SELECT event.card, stamp, device, seq FROM kin JOIN event ON event.card = kin.card
WHERE kin.old = ? AND kin.card <> kin.old AND (stamp, device, seq) > (?, ?, ?) AND kind = 'relink'
  AND json_extract(data, '$.old') = kin.old AND (device, seq) NOT IN undone
ORDER BY stamp, device, seq LIMIT 1"""


class _ExchangedError(Exception):
    """The log is not the one that was written to."""


class Progress:
    """An open progress file.

    Not to be shared by threads; any number of processes and threads may have it open at once, each
    its own.

    Attributes:
        path: The path of the file.
        connection: The connection, to which other databases may be attached. Read by `query`.
        in_memory: True for a copy, of which nothing reaches the disk; see `copy`.
    """

    def __init__(self, path: Path, connection: database.Connection, *, read_only: bool) -> None:
        """Use `open` instead."""
        self.path = path
        self.connection = connection
        self.in_memory = False
        self._file = None if read_only else FileInUse(path, connection)
        self._adding: list[Event] = []
        self._written: list[Event] = []
        self._is_carried_over = False
        self._version = 0
        """The result of `version` in the last transaction."""
        self._current_at: int | None = None
        """The `version` at which tables and views were last seen to fit this version of the app."""

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Progress:
        """Open the progress file; make it, with its folder, where there is none.

        Args:
            path: The file.
            read_only: Change nothing on disk. A missing file reads as an empty one; an older one is
                brought up to date in memory.

        Raises:
            ProgressError: It cannot be opened, is damaged, is not a progress file, is from a newer
                version, or (unless `read_only`) cannot be written.
        """
        if sqlite3.sqlite_version_info < (3, 37):
            raise ProgressError(
                f"SQLite {sqlite3.sqlite_version} is too old for the progress file",
                "use a Python that comes with SQLite 3.37 or newer",
            )
        with errors_in_words(path):
            connection = open_to_read(path) if read_only else open_to_write(path)
            return cls(path, connection, read_only=read_only)

    def copy(self) -> Progress:
        """Return a copy in memory, to write to where the file may not be changed."""
        with errors_in_words(self.path):
            copy = Progress(self.path, database.snapshot_of(self.connection), read_only=True)
        copy.in_memory = True
        return copy

    def append(self, *drafts: EventDraft, version: int | None = None) -> list[Event]:
        """Write events, all or none; they are on disk on return.

        Args:
            drafts: The events.
            version: The result of `version` when the caller last looked; None to write anyway.

        Returns:
            The events; none where another program has written to the log since that version.

        Raises:
            ProgressError: They could not be written; the file is as it was.
        """
        with self._writing() as db:
            if version is not None and version != self._version:
                return []
            return self._add(db, drafts)

    def version(self) -> int:
        """Return a number that changes when another connection has written to the log."""
        with self._reading():
            return _version_of(self.connection)

    def append_with(
        self,
        act: Callable[[Sequence[Event]], None],
        *drafts: EventDraft,
        brought: ForeignEvents | None = None,
        undone: Event | None = None,
    ) -> list[Event]:
        """Write events together with another action: if that fails, nothing is written.

        Args:
            act: Called with the events before they are committed; no other program can write to
                the log meanwhile.
            drafts: The events.
            brought: Events of another device that are written with the last draft.
            undone: The event that they take back.

        Returns:
            The events; none, with nothing done, if another program has taken that event back.

        Raises:
            ProgressError: They could not be written; the file is as it was.
        """
        with self._writing() as db:
            if undone is not None and _is_undone(db, undone):
                return []
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
        """Return the last event of this file that can still be taken back; see `UNDOABLE`.

        Events that the learner let stand are passed over.
        """
        rows = self.query(SELECT_EVENTS + _LAST_UNDOABLE, (json.dumps(UNDOABLE),))
        return Event._make(rows[0]) if rows else None

    def let_stand(self, event: Event, now: Moment) -> None:
        """Make undo pass over a step of the learner; see `step_of`.

        Raises:
            ProgressError: It could not be written; the file is as it was.
        """
        self.append(*(stands(now, each) for each in self.step_of(event)))

    def take_back(self, event: Event, now: Moment) -> list[Event]:
        """Undo a step of the learner; see `step_of`.

        Returns:
            The events; none where another program has taken the step back meanwhile.

        Raises:
            ProgressError: It could not be written; the file is as it was.
        """
        with self._writing() as db:
            if _is_undone(db, event):
                return []
            return self._add(db, [undo(now, part) for part in self.step_of(event)])

    def is_undone(self, event: Event) -> bool:
        """Return True if an event was taken back."""
        with self._reading():
            return _is_undone(self.connection, event)

    def step_of(self, event: Event) -> list[Event]:
        """Return the events that the learner caused in one step with this one, itself included.

        A step is of all cards that were brought into a day together, or that `as_one_step` marked.
        """
        batch = event.details.get("batch")
        if batch is None and event.kind != EventKind.TODAY:
            return [event]
        alike = (event.at, event.stamp, event.device, event.kind, event.at, event.session, batch)
        return [Event._make(row) for row in self.query(SELECT_EVENTS + _SELECT_STEP, alike)]

    def point_of(self, accepted: Event) -> list[Event]:
        """Return the events by which a quiz counted an answer as right when it was accepted.

        They are the undo of the answer as it was judged, and the answer as it counts.
        """
        rows = self.query(SELECT_EVENTS + _SELECT_POINT, (accepted.session, *accepted.id))
        point = [Event._make(row) for row in rows]
        is_one = [event.kind for event in point] == [EventKind.ANSWER, EventKind.UNDO]
        return point if is_one else []

    def card_of(self, event: Event) -> str | None:
        """Return the card that an event is about now; after a re-link that is another key."""
        if event.card is None:
            return None
        return self.keys_now([event.card], self._start_of(event)).get(event.card, event.card)

    def keys_now(self, keys: Iterable[str], since: Order) -> dict[str, str]:
        """Return the keys that re-links gave to cards after a moment, by the keys they had then.

        Args:
            keys: The keys at the moment; those that are still the same are left out.
            since: The moment, as a place in the total order.
        """
        rows = self.query(_SELECT_RELINKED, (json.dumps(list(keys)),))
        new_keys = {}
        for (old,) in rows:
            key, order = old, since
            while next_relink := self.query(_NEXT_RELINK, (key, *order)):
                ((key, *order),) = next_relink
            if key != old:
                new_keys[old] = key
        return new_keys

    def latest(self) -> Order:
        """Return a place in the total order behind all events that are in the log now."""
        ((stamp,),) = self.query("SELECT coalesce(max(stamp), 0) FROM event")
        return (stamp, _BEHIND_ALL_DEVICES, 0)

    def _start_of(self, event: Event) -> Order:
        """Return the place up to which an event knew re-links: the start of its session, if any."""
        if event.session is None:
            return event.order
        rows = self.query(_SESSION_START, (event.session,))
        return min([event.order, *map(tuple, rows)])

    def state(self, key: str) -> CardState:
        """Return the state of a card."""
        from sco_quiz.learning.cards import CardState  # as below

        return self.states([key]).get(key, CardState())

    def states(self, keys: Iterable[str]) -> dict[str, CardState]:
        """Return the states of cards, by key; those without an event are left out."""
        from sco_quiz.learning.cards import CardState, State  # 2 modules, 2 ms: Home needs no card

        rows = self.query(
            "SELECT * FROM card_state WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(keys)),),
        )
        return {
            key: CardState(*(State(state), *others[:9], bool(others[9]), *others[10:]))
            for key, state, *others in rows
        }

    def events(self, card: str | None = None) -> Iterator[Event]:
        """Yield events in their total order.

        Args:
            card: Only those that count for this card: undone ones left out, those of its former
                keys among them. None for the whole log, as it stands.
        """
        if card is not None:
            for transition in self.transitions([card]).get(card, ()):
                yield transition.event
            return
        with self._reading():
            rows = self.connection.execute(SELECT_EVENTS + IN_ORDER)
            yield from map(Event._make, rows)

    def transitions(self, cards: Collection[str]) -> dict[str, list[Transition]]:
        """Replay the events that count for cards, in their total order.

        Returns:
            By card, each event with the card's states before and after it. Events of its former
            keys are among them; undone events and cards without events are left out.
        """
        from sco_quiz.progress.replay import transitions_of_cards  # as in `_add`

        with self._reading():
            return transitions_of_cards(self.connection, cards)

    @property
    def parameters(self) -> tuple[float, ...]:
        """The parameters of FSRS now in force; empty for its defaults."""
        ((text,),) = self.query("SELECT value FROM meta WHERE name = 'parameters'")
        return tuple(json.loads(text))

    def may_be_out_of_time(self, now: int) -> bool:
        """Return False if every event lies in the past and the last one is the latest.

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
        """Return all rows of a SELECT over the tables of `views.sql` and of attached databases.

        Raises:
            ProgressError: The file is damaged or held by another program.
        """
        with self._reading():
            return self.connection.execute(sql, values).fetchall()

    def merge(self, events: Iterable[Event], own: Collection[str] = ()) -> int:
        """Take in the events of another copy of the log; known ones are passed over.

        Args:
            events: Of the other copy.
            own: The ids of the devices that wrote that copy, if it is an older form of this file.

        Returns:
            The number of new ones.

        Raises:
            ProgressError: One is damaged, or differs from the one of the same device and number
                that is here; nothing was taken in.
        """
        rest = iter(events)
        return self.merge_batches(iter(lambda: list(islice(rest, _MERGED_AT_ONCE)), []), own)

    def merge_batches(
        self,
        batches: Iterable[Sequence[Event]],
        own: Collection[str] = (),
        *,
        proved: bool = False,
    ) -> int:
        """Take in events batch by batch; see `merge`.

        Args:
            batches: The events; before the next are asked for, the last ones are in the log.
            own: As there.
            proved: True if the sums of the events were checked already.
        """
        from sco_quiz.progress.appending import take_in  # as in `_add`

        with self._writing() as db:
            return take_in(db, batches, own, proved=proved)

    def last_step(self) -> int:
        """Return the number of this device's last event that no sync wrote by itself; 0 for none.

        Several programs, or connections of one, may have written such events.
        """
        rows = self.query(_LAST_STEP, (self.device,))
        return int(rows[0][0]) if rows else 0

    @property
    def device(self) -> str | None:
        """The id under which this file is written here; None if nothing was written yet."""
        from sco_quiz.progress.appending import known_device  # as in `_add`

        with self._reading():
            return known_device(self.connection, self.path.stat().st_ino)

    def rebuild(self) -> None:
        """Replay the log into new views.

        Raises:
            ProgressError: They could not be written; the file is as it was.
        """
        from sco_quiz.progress.replay import rebuild  # as in `_add`

        with self._writing() as db:
            rebuild(db)

    def close(self) -> None:
        """Close the file. All events are on disk already.

        Raises:
            ProgressError: Events that were written here are no longer in it; they are now in a new
                file.
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
        """Begin a transaction, committed at the end; errors are raised as `ProgressError`.

        If another file has taken the place of this one, the events written so far are saved.
        """
        if self._file is None and not self.in_memory:
            raise RuntimeError("the progress file was opened for reading")
        if self._is_carried_over:
            raise self._moved()
        self._adding = []
        asked = perf_counter()
        try:
            with errors_in_words(self.path), _noting_errors(), transaction(self.connection) as db:
                if (waited := perf_counter() - asked) > _LONG_WAIT:
                    debug.note("waited %.0f ms for another program to write", waited * 1000)
                self._version = _version_of(db)
                if self._file is not None:
                    self._check_still_ours(db, self._file)
                yield db
        except _ExchangedError:
            raise self._refused() from None
        except ProgressError as error:
            if self._is_to_be_saved(error):
                raise self._refused() from error
            raise
        if self._adding and self._file is not None:
            self._written += self._adding
            self._file.last = (*self._adding[-1].id, self._adding[-1].sum)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Raise errors as `ProgressError`; save the events written so far, as `_writing` does."""
        if self._is_carried_over:
            raise self._moved()
        try:
            with errors_in_words(self.path):
                yield
        except ProgressError as error:
            if not self.connection.in_transaction and self._is_to_be_saved(error):
                raise self._refused() from error
            raise

    def _is_to_be_saved(self, error: ProgressError) -> bool:
        """Return True if an error means that events which were written here may be in no file."""
        damaged = isinstance(error, DamagedError) and not self._is_carried_over
        return bool(self._written) and (damaged or self._is_lost())

    def _check_still_ours(self, db: sqlite3.Connection, file: FileInUse) -> None:
        if file.is_replaced():
            raise _ExchangedError if file.is_lost() else self._moved()
        if file.is_exchanged():
            raise _ExchangedError
        if self._version != self._current_at and not database.is_current(db):
            raise ProgressError(
                f"{self.path} was taken over by another version of sco-quiz while in use",
                "start sco-quiz again, in the newest version",
            )
        self._current_at = self._version

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

    def is_replaced(self) -> bool:
        """Return True if there is another file under the name of this one, or none."""
        return self._file is not None and self._file.is_replaced()

    def _is_lost(self) -> bool:
        """Return True if the events that were written here will be in no file."""
        return self._file is not None and not self._is_carried_over and self._file.is_lost()

    def _carry_over(self) -> str:
        """Make a new file of this process's events, those of the file there now, and of backups.

        Returns:
            A sentence on what was done.
        """
        from sco_quiz.progress.renewing import carry_over  # replays the log; hardly ever needed

        held = [*self._written]
        if self._file is not None and self._file.is_replaced() and not self._file.is_exchanged():
            with errors_in_words(self.path):
                held = [Event._make(row) for row in self.connection.execute(SELECT_EVENTS)]
        told = carry_over(self.path, held)
        self._is_carried_over = True
        return told

    def _add(
        self,
        db: sqlite3.Connection,
        drafts: Sequence[EventDraft],
        brought: ForeignEvents | None = None,
    ) -> list[Event]:
        from sco_quiz.progress.appending import (
            append_events,
        )  # 60 ms with fsrs, which reading does without

        inode = self._file.inode if self._file is not None else 0
        self._adding = append_events(db, drafts, inode, brought)
        return self._adding


@contextmanager
def _noting_errors() -> Iterator[None]:
    """Note errors of SQLite for `--debug`, before they are raised in other words."""
    try:
        yield
    except sqlite3.Error as error:
        debug.note("SQLite: %s", getattr(error, "sqlite_errorname", type(error).__name__))
        raise


def _is_undone(db: sqlite3.Connection, event: Event) -> bool:
    return bool(db.execute("SELECT 1 WHERE (?, ?) IN undone", event.id).fetchone())


def _version_of(db: sqlite3.Connection) -> int:
    ((version,),) = db.execute("PRAGMA main.data_version")
    return int(version)
