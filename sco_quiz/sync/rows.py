"""Rows of the log as they travel: a line of JSON each, which proves itself.

Whoever can write to the carrier may have written them, so nothing of a row is taken for granted:
what `event_of` and `check_event` let pass can be replayed by every device, and told to the learner.
"""

from __future__ import annotations

import json
import re
from datetime import date
from functools import lru_cache
from typing import Annotated, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from sco_quiz.errors import ConfigError, SCOQuizError
from sco_quiz.learning.memory import MemoryModel
from sco_quiz.progress.log import Event, EventKind
from sco_quiz.progress.sums import sum_of

LONGEST_LINE = 4 << 20
"""Bytes of one row: more than any deck's longest text comes to."""

_SUM_BYTES = 16
_Count: TypeAlias = Annotated[int, Meta(ge=0, le=2**53)]
_Day: TypeAlias = Annotated[int, Meta(ge=1, le=date.max.toordinal())]
_DayOrNone: TypeAlias = Annotated[int, Meta(ge=0, le=2**31)]
"""A due date may lie beyond all dates: it is compared, and shown only as far as there are dates."""
_Time: TypeAlias = Annotated[int, Meta(ge=-62_000_000_000_000, le=253_400_000_000_000)]
"""UTC milliseconds from the year 6 to the year 9999."""
_Small: TypeAlias = Annotated[int, Meta(ge=0, le=9999)]
_DEVICE = re.compile(r"[0-9a-z][0-9a-z-]{0,63}")
_Answer: TypeAlias = str | list[str]

_Line: TypeAlias = tuple[
    str,
    Annotated[int, Meta(ge=1, le=2**53)],
    Annotated[int, Meta(ge=-(2**62), le=2**62)],
    _Time,
    Annotated[int, Meta(ge=-1439, le=1439)],
    _Day,
    str,
    str | None,
    str | None,
    str,
    str,
]
"""The columns of an event, the sum as hex."""


class _Face(msgspec.Struct):
    deck: str
    kind: str
    prompt: str
    answer: str


class _Data(msgspec.Struct):
    face: _Face | UnsetType = UNSET
    batch: str | UnsetType = UNSET


class _Review(_Data, kw_only=True):
    rating: Annotated[int, Meta(ge=1, le=4)]
    verdict: str | None
    answer: _Answer
    ms: int
    asked: str
    was: Annotated[int, Meta(ge=0, le=3)]
    state: Annotated[int, Meta(ge=0, le=3)]
    step: _Small
    due_day: _DayOrNone
    due_at: _Time


class _QuizAnswer(_Data, kw_only=True):
    correct: bool
    verdict: str | None
    answer: _Answer
    ms: int
    asked: str
    late: bool


class _Undo(_Data, kw_only=True):
    device: str
    seq: _Count


class _Relink(_Data, kw_only=True):
    old: str
    by: str | UnsetType = UNSET


class _Bury(_Data, kw_only=True):
    until: _DayOrNone


class _Flag(_Data, kw_only=True):
    flag: Annotated[int, Meta(ge=0, le=7)]


class _Start(_Data, kw_only=True):
    kind: str
    decks: list[str]
    titles: dict[str, str] = {}
    number: _Small | None = None
    tag: str | None = None
    retry_of: str | None = None
    pair: list[str] | None = None
    part: str | None = None


class _End(_Data, kw_only=True):
    finished: bool = True


class _Parameters(_Data, kw_only=True):
    parameters: list[float]


class _Import(_Data, kw_only=True):
    source: str
    notes: dict[str, dict[str, object]]
    marks: dict[str, _Small] = {}
    device: str | None = None


class _Clock(_Data, kw_only=True):
    device: str
    first: _Count
    last: _Count
    low: _Time
    high: _Time
    start: _Time
    end: _Time
    tz: Annotated[int, Meta(ge=-1439, le=1439)]
    rollover: Annotated[int, Meta(ge=0, le=23)]


class _Decks(_Data, kw_only=True):
    step: str
    title: str
    notes: dict[str, list[dict[str, _Answer]]] = {}
    cards: list[str] = []
    decks: dict[str, list[str]] = {}


class _LeftBehind(_Data, kw_only=True):
    heads: dict[str, tuple[_Count, str]]


_SHAPES: dict[str, type[_Data]] = {
    EventKind.REVIEW: _Review,
    EventKind.ANSWER: _QuizAnswer,
    EventKind.UNDO: _Undo,
    EventKind.RELINK: _Relink,
    EventKind.APART: _Relink,
    EventKind.BURY: _Bury,
    EventKind.FLAG: _Flag,
    EventKind.SESSION_START: _Start,
    EventKind.SESSION_END: _End,
    EventKind.PARAMETERS: _Parameters,
    EventKind.IMPORT: _Import,
    EventKind.CLOCK: _Clock,
    EventKind.LEFT_BEHIND: _LeftBehind,
    EventKind.DECKS: _Decks,
    EventKind.STANDS: _Undo,
}
"""The data that a replay needs of an event; of a kind that is not here, no more than a
table."""
_OF_CARDS = frozenset(EventKind) - {
    EventKind.UNDO,
    EventKind.SESSION_START,
    EventKind.SESSION_END,
    EventKind.PARAMETERS,
    EventKind.IMPORT,
    EventKind.CLOCK,
    EventKind.LEFT_BEHIND,
    EventKind.DECKS,
    EventKind.STANDS,
    EventKind.SETTINGS,
    EventKind.DEVICE,
}
"""Kinds of events that are about a card."""

_read_line = msgspec.json.Decoder(_Line).decode
_readers = {kind: msgspec.json.Decoder(shape).decode for kind, shape in _SHAPES.items()}
_read_any = msgspec.json.Decoder(_Data).decode


class RowError(SCOQuizError):
    """A row that cannot be used; the message says why, in words that fit behind its place."""


@lru_cache(16)
def is_device(text: str) -> bool:
    """Return True for what can be the id of a device."""
    return bool(_DEVICE.fullmatch(text))


def line_of(event: Event) -> bytes:
    """Return the line of an event: its columns as JSON, in ASCII, the sum as hex."""
    return json.dumps([*event[:-1], event.sum.hex()]).encode() + b"\n"


def event_of(line: bytes) -> Event:
    """Read a line; see `check_event` for what else has to hold.

    Args:
        line: With or without its end, that of another system too.

    Raises:
        RowError: It is no row that can be used.
    """
    try:
        *columns, proof = _read_line(line)
        event = Event._make((*columns, bytes.fromhex(proof)))
    except (ValueError, RecursionError):
        raise RowError("is not a row of a log") from None
    if len(event.sum) != _SUM_BYTES or not is_device(event.device):
        raise RowError("is not a row of a log")
    return event


def check_event(event: Event, before: bytes | None) -> None:
    """Check that an event is as it was written, and that a replay can do with what it says.

    Args:
        event: The event.
        before: The sum of the event before it, empty for the first; None where nobody knows it.

    Raises:
        RowError: It is not.
    """
    expected = sum_of(event, before or b"")
    if event.sum[:8] != expected[:8]:
        raise RowError("is not as it was written")
    if before is not None and event.sum != expected:
        raise RowError("does not follow from the row before it")
    try:
        data = _readers.get(event.kind, _read_any)(event.data)
    except (ValueError, RecursionError):
        raise RowError(f"says nothing that can be used as {event.kind!r}") from None
    if event.card is None and event.kind in _OF_CARDS:
        raise RowError(f"is of the kind {event.kind!r}, and about no card")
    if isinstance(data, _Parameters):
        try:
            MemoryModel(tuple(data.parameters))
        except ConfigError:
            raise RowError("has parameters that FSRS cannot use") from None
