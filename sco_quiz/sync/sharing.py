"""The log as it is shared: how far it goes for each device, and its rows by number."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from sco_quiz.progress.changes import SELECT_HEADS, Head
from sco_quiz.progress.log import SELECT_EVENTS, Event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sco_quiz.progress.store import Progress

_SELECT_IMPORTS = """
SELECT device, json_extract(data, '$.device') FROM event
WHERE card IS NULL AND session IS NULL AND kind = 'import'"""
_SELECT_NAMES = """
SELECT device, json_extract(data, '$.name') FROM event INDEXED BY event_session
WHERE card IS NULL AND session IS NULL AND kind = 'device' ORDER BY stamp, device, seq"""
"""By the few rows of no card and no session: SQLite would choose those of no card."""
_SELECT_BEHIND = """
SELECT coalesce(min(seq), 0) FROM event WHERE device = ? AND seq > ?"""
_AT_ONCE = 10_000


class Extent(NamedTuple):
    """The rows that a log has, told by a few of them: it is a log of these, or of more.

    Attributes:
        heads: The last row of each device, whose sum proves the rows before it.
        losses: What is known to be lost before them: device, first row, and the row behind.
    """

    heads: dict[str, Head]
    losses: frozenset[tuple[str, int, int]]


class SharedLog:
    """The log of a progress file, by devices."""

    def __init__(self, progress: Progress) -> None:
        """Share the log of an open file."""
        self._progress = progress

    def heads(self) -> dict[str, Head]:
        """Return the last row of each device."""
        return {device: Head(seq, proof) for device, seq, proof in self._query(SELECT_HEADS)}

    def proof(self, device: str, seq: int) -> bytes | None:
        """Return the sum of a row; None where it is not there."""
        rows = self._query("SELECT sum FROM event WHERE device = ? AND seq = ?", device, seq)
        for (proof,) in rows:
            return bytes(proof)
        return None

    def rows(self, device: str, first: int, last: int) -> Iterator[Event]:
        """Yield rows of a device, in order; those that were lost are not among them."""
        where = "WHERE device = ? AND seq BETWEEN ? AND ? ORDER BY seq"
        while first <= last:
            until = min(first + _AT_ONCE - 1, last)
            yield from map(Event._make, self._query(SELECT_EVENTS + where, device, first, until))
            first = until + 1

    def extent(self) -> Extent:
        """Return the extent of the log."""
        return Extent(self.heads(), frozenset(self._losses()))

    def has_all_of(self, extent: Extent) -> bool:
        """Return True where the log has all rows of a log of that extent."""
        return extent.losses.issuperset(self._losses()) and all(
            self.proof(device, head.seq) == head.sum for device, head in extent.heads.items()
        )

    def gaps(self) -> dict[str, int]:
        """Return the first row that is known to be lost, by device; hardly ever is there any."""
        return {device: first for device, first, _ in sorted(self._losses(), reverse=True)}

    def _losses(self) -> Iterator[tuple[str, int, int]]:
        for (text,) in self._query("SELECT value FROM meta WHERE name = 'lost'"):
            for device, seq, fault in json.loads(text):
                if fault == "missing" and self.proof(device, seq) is None:
                    ((behind,),) = self._query(_SELECT_BEHIND, device, seq)
                    yield device, seq, behind

    def own_ids(self) -> set[str]:
        """Return the ids under which this file was written."""
        return {device for (device,) in self._query("SELECT id FROM device")}

    def writers(self) -> dict[str, str]:
        """Return the device that imported a history, by the id under which that is written."""
        return {brought: device for device, brought in self._query(_SELECT_IMPORTS) if brought}

    def names(self) -> dict[str, str]:
        """Return what devices are called, by their ids."""
        return dict(self._query(_SELECT_NAMES))

    def _query(self, sql: str, *values: object) -> list[Any]:
        return self._progress.query(sql, values)
