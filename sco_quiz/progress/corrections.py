"""Moves the events of a device whose clock was wrong to the times that count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sco_quiz.learning.wrong_clock import Shift
from sco_quiz.progress.details import as_json
from sco_quiz.progress.log import Event, EventKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Correction(NamedTuple):
    """The times that count for events of a device whose clock was wrong.

    Attributes:
        device: The device that wrote them.
        first: The number of the first of them.
        last: The number of the last of them.
        shift: The times that count.
    """

    device: str
    first: int
    last: int
    shift: Shift

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Correction:
        """Read the data of an event of the kind `CLOCK`."""
        shift = Shift(*(data[name] for name in Shift._fields))
        return cls(data["device"], data["first"], data["last"], shift)

    def covers(self, device: str, seq: int) -> bool:
        """Return True for an event whose time it corrects."""
        return self.device == device and self.first <= seq <= self.last


def at_the_time_that_counts(event: Event, corrections: Sequence[Correction]) -> Event:
    """Return an event as if its clock had been right; due dates in it move by as much.

    Args:
        event: As it stands in the log.
        corrections: In order; of those that cover the event, the last one is applied.
    """
    for correction in reversed(corrections):
        if correction.covers(*event.id):
            return _moved(event, correction.shift)
    return event


def _moved(event: Event, shift: Shift) -> Event:
    at, tz, day = shift.moment(event.at)
    if event.kind not in (EventKind.REVIEW, EventKind.BURY):
        return event._replace(at=at, tz=tz, day=day)
    data = event.details
    for name, difference in (
        ("due_day", day - event.day), ("until", day - event.day), ("due_at", at - event.at)
    ):  # fmt: skip
        if data.get(name):  # 0 or absent means that it has no such time
            data[name] += difference
    return event._replace(at=at, tz=tz, day=day, data=as_json(data))
