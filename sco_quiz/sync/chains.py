"""Rows of one device put in order: those that follow, those that wait, and forks.

The second half of a row's sum is a running hash, so each row says which one it follows. Where two
rows follow the same one, two homes wrote under one device id: a cloned disk, a restored image. Of
the two histories the one whose first row has the lesser sum keeps the id. The other's rows get an
id that follows from that first row, and numbers from 1. So every device that meets both comes to
the same rows, whatever it met first, and nothing has to be agreed on.
"""

from __future__ import annotations

from hashlib import blake2b
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.progress.details import as_json
from sco_quiz.progress.log import Event, EventKind
from sco_quiz.progress.sums import hash_of, sum_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


class Fork(NamedTuple):
    """Rows of the log at hand that are of another history than the one which keeps their id.

    Attributes:
        device: Their id so far.
        first: The number of the first of them.
        alias: Their id from then on.
    """

    device: str
    first: int
    alias: str


class OrderedRows(NamedTuple):
    """The outcome of putting rows in order.

    Attributes:
        rows: Those that the log does not have, each under the id that it has for all.
        lacking: The number of a row without which others cannot be taken; None if none waits.
        fork: What has to be done with rows of the log first; then nothing else is said.
    """

    rows: list[Event]
    lacking: int | None
    fork: Fork | None


class HistoryIds(NamedTuple):
    """The ids under which the rows of a history stand.

    Attributes:
        device: The id under which all were written.
        parts: The numbers behind which there is another id, in order; first 0, and `device`.
    """

    device: str
    parts: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, device: str) -> HistoryIds:
        """A history of which every row keeps its id."""
        return cls(device, ((0, device),))

    def branch(self, fork: Fork) -> HistoryIds:
        """The same, but for another id from a fork on."""
        kept = [part for part in self.parts if part[0] < fork.first - 1]
        return self._replace(parts=(*kept, (fork.first - 1, fork.alias)))

    def find(self, seq: int) -> tuple[str, int]:
        """Return the id and the number of a row that was written as `seq`."""
        before, alias = next(part for part in reversed(self.parts) if part[0] < seq)
        return alias, seq - before

    def rename(self, event: Event, before: bytes) -> Event:
        """Return an event as it stands under its id; what it says of its own history follows.

        Args:
            event: As it was written.
            before: The sum of the row before it, as that one stands; of no use to the first.
        """
        device, seq = self.find(event.seq)
        if (device, seq) == event.id:
            return event
        data = event.data
        if event.kind in (EventKind.UNDO, EventKind.STANDS, EventKind.CLOCK):
            data = as_json(self._follow(event.details))
        renamed = event._replace(device=device, seq=seq, data=data)
        return renamed._replace(sum=sum_of(renamed, before if seq > 1 else b""))

    def _follow(self, said: dict[str, object]) -> dict[str, object]:
        if said.get("device") != self.device:
            return said
        if isinstance(seq := said.get("seq"), int) and seq > 0:
            device, seq = self.find(seq)
            return {**said, "device": device, "seq": seq}
        first, last = said.get("first"), said.get("last")
        if isinstance(first, int) and isinstance(last, int) and 0 < first <= last:
            (device, first), (other, last) = self.find(first), self.find(last)
            if device == other:
                return {**said, "device": device, "first": first, "last": last}
        return said


def follows(event: Event, before: bytes) -> bool:
    """Return True for an event that was written behind the one with that sum; empty for none."""
    return hash_of(before[8:] + event.sum[:8]) == event.sum[8:]


def in_line(parts: Iterable[Sequence[Event]], seq: int, proof: bytes) -> list[Event] | None:
    """Return the rows that follow a row one after another; None where it is not that simple.

    Args:
        parts: Rows of one device, each proved to follow the one before it in its part.
        seq: The number of the row; 0 for none.
        proof: Its sum.
    """
    rows: list[Event] = []
    for part in parts:
        known = seq - part[0].seq if part else -1
        if 0 <= known < len(part) and part[known].sum == proof:
            part = part[known + 1 :]  # noqa: PLW2901 -- the rest of it is what is new
        if not part:
            continue
        if part[0].seq != seq + 1 or not follows(part[0], proof):
            return None
        rows += part
        seq, proof = part[-1].seq, part[-1].sum
    return rows


def alias_of(device: str, seq: int, proof: bytes) -> str:
    """Return the id of the history that leaves a device's own with a row, given by its sum."""
    return blake2b(f"{device} {seq} {proof.hex()}".encode(), digest_size=6).hexdigest()


class _Place(NamedTuple):
    """The place of a row: its history, and its sum as it stands there."""

    names: HistoryIds
    proof: bytes


def settle(
    device: str,
    rows: Iterable[Event],
    known: Callable[[str, int], bytes | None],
    *,
    theirs: bool = False,
) -> OrderedRows:
    """Put rows of one device in order, of any histories that were written under its id.

    Args:
        device: Its id.
        rows: Its rows, each whole, in any order and any number of times.
        known: Tells the sum of a row of the log.
        theirs: The rows come from where one history alone can be: it keeps the id.
    """
    written: dict[int, dict[bytes, Event]] = {}
    for row in rows:
        if known(device, row.seq) != row.sum:
            written.setdefault(row.seq, {})[row.sum] = row
    settled: list[Event] = []
    lacking: int | None = None
    reached: dict[bytes, _Place] = {}
    """By the sums as they were written, of the rows before."""
    before = 0
    for seq in sorted(written):
        if seq != before + 1:
            reached = {}
        own = known(device, seq - 1) if seq > 1 else b""
        if own is not None:
            reached[own] = _Place(HistoryIds.of(device), own)
        here: dict[bytes, _Place] = {}
        waiting = dict(written[seq])
        for proof, place in reached.items():
            next_rows = {each: row for each, row in waiting.items() if follows(row, proof)}
            for each in next_rows:
                del waiting[each]
            at_home = known(device, seq) if proof == own else None
            rivals = sorted({*next_rows, *filter(None, [at_home])})
            if theirs and at_home is not None and next_rows:
                rivals.sort(key=lambda each: each == at_home)
            for number, each in enumerate(rivals):
                names = place.names
                if number:
                    fork = Fork(device, seq, alias_of(device, seq, each))
                    if each == at_home:
                        return OrderedRows([], None, fork)
                    names = names.branch(fork)
                if each == at_home:
                    continue
                row = names.rename(next_rows[each], place.proof)
                here[each] = _Place(names, row.sum)
                if known(*row.id) is None:
                    settled.append(row)
        if waiting and lacking is None:
            lacking = seq - 1
        reached, before = here, seq
    settled.sort(key=itemgetter(0, 1))
    return OrderedRows(settled, lacking, None)
