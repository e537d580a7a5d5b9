"""One exchange between the log of this device and a carrier: take what is new there, give the rest.

It may be broken off anywhere, and be done by any number of programs at once: what was taken is in
the log, what was given is at the carrier, and the next exchange goes on from there.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import add, attrgetter
from time import perf_counter, sleep
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.collector import collector_paused
from sco_quiz.errors import DamagedError
from sco_quiz.progress.changes import Head
from sco_quiz.progress.log import EventKind
from sco_quiz.progress.sums import is_whole
from sco_quiz.sync.chains import OrderedRows, in_line, settle
from sco_quiz.sync.sharing import SharedLog

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sco_quiz.progress.log import Event
    from sco_quiz.progress.store import Progress
    from sco_quiz.sync.carrier import Carrier, Segment
    from sco_quiz.sync.chains import Fork

MOST_ROWS = 50_000
"""Rows that lie together at most; about as many are in memory at once."""
_PAUSE = 9.0
"""The length of a pause, as a multiple of the time that the rows before it took."""
_ANSWERS = (EventKind.REVIEW, EventKind.ANSWER)
_BESIDE = (EventKind.SESSION_START, EventKind.SESSION_END, EventKind.DEVICE)
"""Kinds of events that a learner would not call a step."""


class ForkError(Exception):
    """Rows of the log have to be given another id before the exchange can go on.

    Attributes:
        fork: Which, and the id.
    """

    def __init__(self, fork: Fork) -> None:
        super().__init__(fork)
        self.fork = fork


class RowCount(NamedTuple):
    """The amount that went one way.

    Attributes:
        rows: Events of all kinds.
        answers: Those of them that are answers.
        steps: Those of them that are other steps of the learner.
    """

    rows: int = 0
    answers: int = 0
    steps: int = 0

    def plus(self, other: RowCount) -> RowCount:
        """Return the sum of two."""
        return RowCount(*map(add, self, other))

    @classmethod
    def of(cls, events: Iterable[Event]) -> RowCount:
        """Count events."""
        kinds = Counter(event.kind for event in events)
        answers = sum(kinds[kind] for kind in _ANSWERS)
        beside = sum(kinds[kind] for kind in _BESIDE)
        return cls(kinds.total(), answers, kinds.total() - answers - beside)


class ExchangedRows(NamedTuple):
    """The rows that came and went.

    Attributes:
        came: By device.
        went: In all.
        troubles: What could not be used at the carrier, or is waited for, a line each.
    """

    came: dict[str, RowCount]
    went: RowCount
    troubles: list[str]


class Exchange:
    """An exchange under way."""

    def __init__(self, progress: Progress, carrier: Carrier) -> None:
        """Prepare to exchange.

        Args:
            progress: Open to be written.
            carrier: Where the rows of others are.
        """
        self._progress, self._carrier = progress, carrier
        self._log = SharedLog(progress)
        carrier.read_notes(self._log)
        self._heads = self._log.heads()
        self._came: dict[str, RowCount] = {}
        self._taken: list[tuple[Segment, str]] = []
        self._sound: set[Segment] = set()
        self._troubles: list[str] = []

    def is_idle(self) -> bool:
        """Look what is there; return True if nothing of it is to be taken.

        Raises:
            SyncError: The carrier failed.
            ProgressError: The log could not be read.
        """
        self._there = self._carrier.survey()
        self._gaps = self._log.gaps()
        every = [segment for segments in self._there.values() for segment in segments]
        strange = [segment for segment in every if not self._has(segment)]
        for segment in strange:
            if segment.trouble:
                self._tell(segment, segment.trouble)
        return all(segment.is_taken for segment in strange)

    def lacking_there(self) -> int:
        """Return the number of rows that the carrier lacks, going by the names of what is there."""
        return sum(
            last - first + 1
            for device, head in self._heads.items()
            for first, last in _uncovered(self._there.get(device, ()), head.seq)
        )

    def take(self, *, at_once: int | None = None) -> None:
        """Take what is new at the carrier.

        Args:
            at_once: The most rows to take in one transaction, during which no other program can
                write an answer; pauses between them leave log and processor to others most of the
                time. None for all at once, which is the fastest.

        Raises:
            ForkError: See there; what came before it may have been taken.
            SyncError: The carrier failed.
            ProgressError: The log could not be written.
        """
        self._there = self._carrier.survey()
        self._gaps = self._log.gaps()
        groups = self._groups(self._there)
        if at_once is None:
            expected = [
                segment
                for segments in self._there.values()
                for segment in segments
                if not (segment.is_taken or self._has(segment))
            ]
            with collector_paused(), self._carrier.ahead(expected):
                self._progress.merge_batches(groups, proved=True)
        else:
            for group in groups:
                pause = 0.0
                for start in range(0, len(group), at_once):
                    sleep(pause)
                    began = perf_counter()
                    self._progress.merge_batches([group[start : start + at_once]], proved=True)
                    pause = _PAUSE * (perf_counter() - began)
        for segment, trouble in self._taken:  # which is so only now that it is on disk
            self._carrier.note(segment, trouble)
        self._sound |= {segment for segment, trouble in self._taken if not trouble}
        self._carrier.keep_notes(self._log)

    def give(self) -> ExchangedRows:
        """Give the carrier what it does not have, once all was taken; say what came and went.

        Raises:
            SyncError: The carrier failed.
            ProgressError: The log could not be read.
        """
        went = self._give(self._there)
        self._carrier.keep_notes(self._log)
        return ExchangedRows(self._came, went, [*self._troubles, *self._carrier.troubles()])

    def _groups(self, there: dict[str, list[Segment]]) -> Iterator[list[Event]]:
        """Yield rows to be taken; before the next are asked for, those have to be in the log."""
        for device, segments in there.items():
            new = [each for each in segments if not self._has(each)]
            for segment in new:
                if segment.trouble:
                    self._tell(segment, segment.trouble)
            wanted = [each for each in new if not each.is_taken]
            while wanted:
                some = _some_of(wanted)
                wanted = wanted[len(some) :]
                yield from self._take(device, some, segments)

    def _take(
        self, device: str, some: Sequence[Segment], every: Sequence[Segment]
    ) -> Iterator[list[Event]]:
        """Yield the new rows of segments."""
        head = self._heads.get(device, Head(0, b""))
        after = min(self._gaps.get(device, head.seq + 1) - 1, head.seq)
        read = [self._carrier.read(each, after if after < each.last else 0) for each in some]
        proof, theirs = self._known, self._carrier.keeps_first
        parts = [each.rows for each in read]
        line = None if device in self._gaps else in_line(parts, head.seq, head.sum)
        rows = [row for part in parts for row in part]
        settled = (
            settle(device, rows, proof, theirs=theirs)
            if line is None
            else OrderedRows(line, None, None)
        )
        if settled.lacking is not None:
            # They may follow rows of another history, that have another id here.
            rows += [row for each in every for row in self._carrier.read(each, 0).rows]
            settled = settle(device, rows, proof, theirs=theirs)
        if settled.fork:
            raise ForkError(settled.fork)
        if settled.rows:
            yield settled.rows
            for each, group in groupby(settled.rows, attrgetter("device")):
                own = list(group)
                self._came[each] = self._came.get(each, RowCount()).plus(RowCount.of(own))
                if own[-1].seq > self._heads.get(each, Head(0, b"")).seq:
                    self._heads[each] = Head(own[-1].seq, own[-1].sum)
        for segment, found in zip(some, read, strict=True):
            if found.trouble:
                self._tell(segment, found.trouble)
        if settled.lacking is not None:
            self._lacks(device, settled.lacking)
            return
        self._taken += [
            (each, found.trouble)
            for each, found in zip(some, read, strict=True)
            if not found.may_pass
        ]

    def _known(self, device: str, seq: int) -> bytes | None:
        head = self._heads.get(device)
        if head is None or seq > head.seq:
            return None
        return head.sum if seq == head.seq else self._log.proof(device, seq)

    def _has(self, segment: Segment) -> bool:
        """Return True where the log has all rows of a segment, going by its name."""
        return self._ends_with(segment) and (
            segment.last < self._gaps.get(segment.device, segment.last + 1)
        )

    def _ends_with(self, segment: Segment) -> bool:
        """Return True where the log has the last row of a segment, and so its history."""
        proof = self._known(segment.device, segment.last)
        return proof is not None and proof[8:] == segment.tail

    def _tell(self, segment: Segment, trouble: str) -> None:
        self._troubles.append(f"{segment.name or segment.device}: {trouble}")

    def _lacks(self, device: str, seq: int) -> None:
        self._troubles.append(f"{device}: row {seq:,} has not arrived yet, and others wait for it")

    def _give(self, there: dict[str, list[Segment]]) -> RowCount:
        """Give the carrier the rows that it does not have; what lies there spoilt is put anew."""
        went = RowCount()
        own = self._log.own_ids()
        own |= {brought for brought, device in self._log.writers().items() if device in own}
        for device, head in self._log.heads().items():
            covering = self._covering(there.get(device, ()))
            mine = self._carrier.gathers and device in own
            for new, last in list(_uncovered(covering, head.seq)):
                gathered = _to_gather(covering, new, last) if mine and last == head.seq else []
                first = gathered[0].first if gathered else new
                for rows in _without_gaps(self._log.rows(device, first, last)):
                    if not all(map(is_whole, rows)):
                        raise DamagedError(f"{self._progress.path} is damaged")
                    self._carrier.put(rows)
                    went = went.plus(RowCount.of(row for row in rows if row.seq >= new))
                self._carrier.drop(gathered)
            if mine:
                self._carrier.drop([each for each in covering if _lies_in_another(each, covering)])
        return went

    def _covering(self, segments: Iterable[Segment]) -> list[Segment]:
        """Return the segments that hold rows of the log, as they are to be, in order."""
        found = []
        for segment in segments:
            if not self._ends_with(segment) or (segment.is_taken and segment.trouble):
                continue
            is_sound = segment.is_taken or segment in self._sound
            if not is_sound and segment.device not in self._gaps:
                rows = list(self._log.rows(segment.device, segment.first, segment.last))
                if not self._carrier.holds(segment, rows):
                    self._carrier.note(segment, "is not as it was written")
                    continue
                self._carrier.note(segment)
            found.append(segment)
        return found


def _some_of(segments: Sequence[Segment]) -> list[Segment]:
    """Return the first of these, with not too many rows."""
    some: list[Segment] = []
    rows = 0
    for segment in segments:
        rows += segment.last - segment.first + 1
        if some and rows > MOST_ROWS:
            break
        some.append(segment)
    return some


def _uncovered(segments: Iterable[Segment], last: int) -> Iterator[tuple[int, int]]:
    """Yield each gap that no segment fills, from row 1 to a last one: its first and last number."""
    reached = 0
    for segment in segments:
        if segment.first > reached + 1:
            yield reached + 1, segment.first - 1
        reached = max(reached, segment.last)
    if reached < last:
        yield reached + 1, last


def _lies_in_another(segment: Segment, segments: Iterable[Segment]) -> bool:
    return any(
        each.first <= segment.first and segment.last <= each.last and each != segment
        for each in segments
    )


def _to_gather(segments: Sequence[Segment], first: int, last: int) -> list[Segment]:
    """Return the segments right before new rows that are to lie in one with them.

    Each that is not larger than twice what it is put with: so of all rows that a device ever
    writes each is put again a few times, and it has a few segments.
    """
    gathered: list[Segment] = []
    for segment in reversed(segments):
        rows = last - first + 1
        size = segment.last - segment.first + 1
        if segment.last != first - 1 or size > 2 * rows or size + rows > MOST_ROWS:
            break
        gathered.insert(0, segment)
        first = segment.first
    return gathered


def _without_gaps(rows: Iterator[Event]) -> Iterator[list[Event]]:
    """Yield rows that lie together, as many at once as a carrier may be given."""
    some: list[Event] = []
    for row in rows:
        if some and (row.seq != some[-1].seq + 1 or len(some) == MOST_ROWS):
            yield some
            some = []
        some.append(row)
    if some:
        yield some
