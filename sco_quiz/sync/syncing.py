"""Syncing this device: with the folder or the server that the settings name."""

from __future__ import annotations

import os
import platform
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import UsageError
from sco_quiz.learning.wrong_clock import Shift
from sco_quiz.numbers_and_times import many
from sco_quiz.progress import log, pages, restoring
from sco_quiz.progress.log import SELECT_EVENTS, Event, EventKind
from sco_quiz.progress.renewing import rename_rows
from sco_quiz.progress.store import Progress
from sco_quiz.sync.carrier import SyncError
from sco_quiz.sync.chains import HistoryIds
from sco_quiz.sync.exchange import Exchange, ForkError, RowCount
from sco_quiz.sync.folder import Folder
from sco_quiz.sync.server import Server
from sco_quiz.sync.settings import exchange_settings, settings_differ
from sco_quiz.sync.sharing import SharedLog
from sco_quiz.text import clean
from sco_quiz.workspace.workspace import open_progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.learning.study_day import Clock, Moment
    from sco_quiz.paths import Paths
    from sco_quiz.sync.carrier import Carrier, Segment
    from sco_quiz.sync.chains import Fork
    from sco_quiz.sync.exchange import ExchangedRows
    from sco_quiz.sync.server import Ask

SERVERS = ("postgresql://", "postgres://")
"""Beginnings of the address of a server."""
QUIETLY = 200
"""Rows that are taken at once while somebody studies: the log is held for a moment only."""
_MOST_FORKS = 100
_LONGEST_NAME = 60
_REFERENCES = """
SELECT device, seq, stamp, at, tz, day, kind, card, session, data, sum FROM event
WHERE kind IN ('undo', 'clock') AND device IN (SELECT id FROM device)
  AND (device, seq) NOT IN undone AND json_extract(data, '$.device') = ?
ORDER BY stamp, device, seq"""


class Arrival(NamedTuple):
    """The rows that came from one device."""

    name: str
    much: RowCount


class DeviceStatus(NamedTuple):
    """The knowledge of one device.

    Attributes:
        device: Its id.
        name: What it is called.
        is_own: Whether it is this one.
        seen: When it last did something that is known here, UTC milliseconds and minutes east.
        here: The number of its last event that is here.
        there: The number of its last event that is at the carrier.
    """

    device: str
    name: str
    is_own: bool
    seen: tuple[int, int]
    here: int
    there: int

    @property
    def in_words(self) -> str:
        """Say how far it is, in a few words."""
        if self.there > self.here:
            return f"{many(self.there - self.here, 'event')} to come"
        if self.there < self.here:
            return f"{many(self.here - self.there, 'event')} to send"
        return f"{many(self.here, 'event')}, all here and there"


class SyncOutcome(NamedTuple):
    """The outcome of a sync, done or only tried.

    Attributes:
        came: By devices of one name.
        went: What was sent.
        told: What the learner should know of beside, a line each.
        troubles: What could not be used, or is waited for, a line each.
    """

    came: list[Arrival]
    went: RowCount
    told: list[str]
    troubles: list[str]

    @property
    def rows(self) -> int:
        """The number of events that came."""
        return sum(each.much.rows for each in self.came)

    def in_words(self) -> str:
        """Say what came and what went, in one line."""
        said = [f"{words} from {each.name}" for each in self.came if (words := _words(each.much))]
        if went := _words(self.went):
            said.append(f"{went} sent")
        return f"{', '.join(said)}." if said else "Nothing new."


def _words(count: RowCount) -> str:
    if count.answers:
        return many(count.answers, "answer")
    return many(count.steps, "other step") if count.steps else ""


def open_carrier(
    where: str, paths: Paths, *, make: bool = False, ask: Ask | None = None
) -> Carrier:
    """Open what the settings name.

    Args:
        where: A folder, or the address of a server.
        paths: Where things are.
        make: Make a folder that is not there.
        ask: Asks for a password; None where nobody can be asked.

    Raises:
        SyncError: It cannot be used.
        UsageError: It can be no such place.
    """
    if where.startswith(SERVERS):
        return Server(where, ask)
    path = Path(os.path.expanduser(where)).absolute()  # noqa: PTH111 -- as `paths.find_paths`
    if path in (paths.data, *paths.data.parents):
        raise UsageError(
            f"{path} holds your progress file, which must not be synchronised",
            "name a folder of its own, such as one in the folder of your synchroniser",
        )
    return Folder(path, paths.cache, make=make)


def synchronise(
    paths: Paths,
    clock: Clock,
    where: str,
    *,
    make: bool = False,
    dry_run: bool = False,
    quietly: bool = False,
    ask: Ask | None = None,
) -> SyncOutcome:
    """Take what other devices did, and give them what this one did.

    May be called in any thread; works on connections of its own.

    Args:
        paths: Where things are.
        clock: Tells the present.
        where: See `open_carrier`.
        make: Make a folder that is not there.
        dry_run: Change nothing, and tell what would be done.
        quietly: Somebody studies meanwhile, by a program that has the log open: hold it for moments
            only, and leave what needs another progress file to a sync by itself.
        ask: See `open_carrier`.

    Raises:
        SyncError: The carrier cannot be used.
        ProgressError: The log cannot be used or written.
    """
    told: list[str] = []
    for _ in range(_MOST_FORKS):
        with closing(open_carrier(where, paths, make=make and not dry_run, ask=ask)) as carrier:
            used = _Untouched(carrier) if dry_run else carrier
            if done := _give_alone(paths, used, told):
                return done
            try:
                with _opened(paths, dry_run=dry_run, quietly=quietly) as progress:
                    _introduce(progress, clock())
                    exchange = Exchange(progress, used)
                    exchange.take(at_once=QUIETLY if quietly else None)
                    told += exchange_settings(progress, paths, clock(), dry_run=dry_run)
                    outcome = _outcome(exchange.give(), SharedLog(progress), told)
            except ForkError as error:
                fork = error.fork
            else:
                if not (dry_run or quietly):
                    pages.leave_whole(paths.progress_file, paths.cache)
                return outcome
        if quietly or dry_run:
            raise SyncError(
                f"another computer wrote under the id of this one ({fork.device})",
                "leave the app, then `sco-quiz sync` separates the two; nothing is lost",
            )
        told.append(_part(paths, fork, clock()))
    raise SyncError("there is no end of computers that write under one id", "see docs/syncing.md")


def status(paths: Paths, where: str, *, ask: Ask | None = None) -> list[DeviceStatus]:
    """Say how far each device is known, here and at the carrier; nothing is changed.

    Raises:
        SyncError: The carrier cannot be used.
        ProgressError: The log cannot be used.
    """
    with (
        closing(open_carrier(where, paths, ask=ask)) as carrier,
        Progress.open(paths.progress_file, read_only=True) as progress,
    ):
        shared = SharedLog(progress)
        there = {
            device: max(segment.last for segment in segments)
            for device, segments in carrier.survey().items()
        }
        heads, own = shared.heads(), shared.own_ids()
        names, writers = shared.names(), shared.writers()
        found = []
        for device in sorted({*heads, *there}):
            writer = writers.get(device, device)
            name = clean(names.get(writer, writer), multiline=False)
            if writer != device:
                name += ", imported"
            here = heads[device].seq if device in heads else 0
            seen = next(shared.rows(device, here, here), None)
            times = (seen.at, seen.tz) if seen else (0, 0)
            is_own = device in own or writer in own
            found.append(DeviceStatus(device, name, is_own, times, here, there.get(device, 0)))
    return sorted(found, key=lambda each: (each.name, each.seen))


def look(paths: Paths, where: str) -> SyncOutcome | None:
    """Do a sync that is done in a moment; None, with nothing done, for any other.

    Raises:
        SyncError: The carrier cannot be used.
        ProgressError: The log cannot be used.
    """
    with closing(open_carrier(where, paths)) as carrier:
        return _give_alone(paths, carrier, [], most=QUIETLY)


def _give_alone(
    paths: Paths, carrier: Carrier, told: list[str], most: int | None = None
) -> SyncOutcome | None:
    """Give what this device did, where nothing is to be written here; None where something is.

    To open the log for writing takes a look at each page of it, or a note that there was one.

    Args:
        paths: Where things are.
        carrier: Who gets it.
        told: What the learner should know of.
        most: The most rows that are given; None for any number.
    """
    with Progress.open(paths.progress_file, read_only=True) as progress:
        exchange = Exchange(progress, carrier)
        if not _is_introduced(progress):
            return None
        if not exchange.is_idle() or settings_differ(progress, paths):
            return None
        if most is not None and exchange.lacking_there() > most:
            return None
        return _outcome(exchange.give(), SharedLog(progress), told)


def _opened(paths: Paths, *, dry_run: bool, quietly: bool) -> Progress:
    if not dry_run:
        if quietly:
            pages.take_for_whole(paths.progress_file)
        else:
            pages.look_ahead(paths.progress_file, paths.cache)
        return open_progress(paths.progress_file, read_only=False, mend=False)[0]
    with Progress.open(paths.progress_file, read_only=True) as progress:
        return progress.copy()


def _introduce(progress: Progress, now: Moment) -> None:
    """Say in the log what this device is called, unless it does."""
    if not _is_introduced(progress):
        progress.append(log.device(now, _own_name()))


def _is_introduced(progress: Progress) -> bool:
    device = progress.device if progress.path.exists() else None
    return device is not None and SharedLog(progress).names().get(device) == _own_name()


def _own_name() -> str:
    return clean(platform.node(), multiline=False)[:_LONGEST_NAME] or "a device"


def _outcome(done: ExchangedRows, shared: SharedLog, told: list[str]) -> SyncOutcome:
    names, writers = shared.names(), shared.writers()
    came: dict[str, RowCount] = {}
    for device, count in done.came.items():
        writer = writers.get(device, device)
        name = clean(names.get(writer, writer), multiline=False)
        came[name] = came.get(name, RowCount()).plus(count)
    arrivals = [Arrival(name, count) for name, count in sorted(came.items())]
    return SyncOutcome(arrivals, done.went, told, done.troubles)


class _Untouched:
    """A carrier to which nothing is written; see `Carrier`."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self.keeps_first, self.gathers = carrier.keeps_first, carrier.gathers
        self.read_notes, self.survey = carrier.read_notes, carrier.survey
        self.ahead, self.read, self.holds = carrier.ahead, carrier.read, carrier.holds
        self.troubles, self.close = carrier.troubles, carrier.close

    def put(self, rows: Sequence[Event]) -> None:
        """Leave it as it is."""

    def note(self, segment: Segment, trouble: str = "") -> None:
        """Leave it as it is."""

    def keep_notes(self, log: SharedLog) -> None:
        """Leave it as it is."""

    def drop(self, segments: Sequence[Segment]) -> None:
        """Leave it as it is."""


def _part(paths: Paths, fork: Fork, now: Moment) -> str:
    """Give rows of the log another id, since another history keeps theirs; say so.

    What this device undid or corrected of them is undone and corrected under the new id.
    """
    names = HistoryIds.of(fork.device).branch(fork)
    renamed = 0

    def rename(rows: Sequence[Event]) -> list[Event]:
        nonlocal renamed
        found: list[Event] = []
        for row in rows:
            found.append(names.rename(row, found[-1].sum if found else b""))
            renamed += found[-1].id != row.id
        return found

    aside = rename_rows(paths.progress_file, fork.device, fork.alias, rename)
    with Progress.open(paths.progress_file) as progress:
        restoring.leave_behind(progress, now)
        _follow(progress, fork, names, now)
    return (
        f"Two computers wrote under one id: {many(renamed, 'event')} of one of them have another"
        f" id now; nothing is lost. The progress file as it was is kept as {clean(str(aside))}"
    )


def _follow(progress: Progress, fork: Fork, names: HistoryIds, now: Moment) -> None:
    """Have what this device said of rows be said of them under their new id."""
    for row in progress.query(_REFERENCES, (fork.device,)):
        event = Event._make(row)
        said = event.details
        if event.kind == EventKind.UNDO and said["seq"] >= fork.first:
            device, seq = names.find(said["seq"])
            target = progress.query(SELECT_EVENTS + "WHERE device = ? AND seq = ?", (device, seq))
            progress.append(
                log.undo(now, event), *(log.undo(now, Event._make(each)) for each in target)
            )
        elif event.kind == EventKind.CLOCK and said["last"] >= fork.first:
            shift = Shift(*(said[name] for name in Shift._fields))
            first, last = said["first"], said["last"]
            drafts = [log.undo(now, event)]
            if first < fork.first:
                drafts.append(log.correct_clock(now, fork.device, first, fork.first - 1, shift))
            device, start = names.find(max(first, fork.first))
            end = names.find(last)[1]
            progress.append(*drafts, log.correct_clock(now, device, start, end, shift))
