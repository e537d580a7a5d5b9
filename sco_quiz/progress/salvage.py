"""Finds every whole event among the bytes of a damaged progress file.

A row of the log carries a hash of itself, so it can be recognised wherever it lies. No page header,
pointer or index of SQLite has to be right for that, only the row's own bytes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sco_quiz.progress.log import Event
from sco_quiz.progress.sums import is_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# How a row of `event` begins: the length of its header, then the type of each of its columns, as
# variable-length integers. https://www.sqlite.org/fileformat2.html#record_format
_INTEGER = rb"[\x01-\x06\x08\x09]"
_TEXT = rb"(?:[\x81-\xff][\x80-\xff]{0,2}[\x00-\x7f]|[\x0d-\x7f])"
_MAYBE = rb"(?:\x00|" + _TEXT + rb")"
_HEADER = re.compile(
    rb"[\x0c-\x24]" + _TEXT + _INTEGER * 5 + _TEXT + _MAYBE + _MAYBE + _TEXT + rb"\x2c", re.DOTALL
)
_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 8: 0, 9: 0}  # of an integer, by its type

_PAGE = 4096  # bytes, when the file does not say
_SEARCHED_BYTES = 64 << 20  # in which the first event is looked for


def whole_events(data: bytes) -> Iterator[Event]:
    """Yield the events whose own checksum proves them; some may come twice.

    Args:
        data: A progress file, however damaged, or a part of one.
    """
    pages = {_PAGE, int.from_bytes(data[16:18], "big")}
    sizes = [size for size in pages if size in (512, 1024, 2048, 4096, 8192, 16384, 32768)]
    start = 0
    while match := _HEADER.search(data, start):
        start = match.start() + 1
        if len(match[0]) == match[0][0]:
            for size in sizes:
                event = _event(data, match.start(), match[0], size)
                if event is not None and is_whole(event):
                    yield event
                    break


def holds_events(path: Path) -> bool:
    """Return True if there is an event in a file, even if the file is no progress file."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return next(whole_events(file.read(_SEARCHED_BYTES)), None) is not None


def _event(data: bytes, start: int, header: bytes, page: int) -> Event | None:
    """Return the row that starts at an offset; None if there cannot be one."""
    columns, size = _layout(header)
    row = _row_bytes(data, start, size, page)
    values: list[object] = []
    place = len(header)
    for kind, length in columns:
        value = row[place : place + length]
        place += length
        if len(value) < length:
            return None
        if kind == 0:
            values.append(None)
        elif kind < 12:
            values.append(kind - 8 if not length else int.from_bytes(value, "big", signed=True))
        elif (
            len(values) < len(columns) - 1
        ):  # all but the sum are text, even if a flipped bit says blob
            try:
                values.append(value.decode())
            except UnicodeDecodeError:
                return None
        else:
            values.append(value)
    return Event._make(values)


@lru_cache(maxsize=1024)
def _layout(header: bytes) -> tuple[list[tuple[int, int]], int]:
    """Return the type and length in bytes of each column of a row, and the length of the row."""
    columns = [(kind, _length(kind)) for kind in _integers(header[1:])]
    return columns, len(header) + sum(length for _, length in columns)


def _row_bytes(data: bytes, start: int, length: int, page: int) -> bytes:
    """Join the bytes of a row: those at its place, and those on overflow pages.

    https://www.sqlite.org/fileformat2.html#cell_payload_overflow_pages
    """
    most = (page - 12) * 64 // 255 - 23
    if length <= most:
        return data[start : start + length]
    least = (page - 12) * 32 // 255 - 23
    here = least + (length - least) % (page - 4)
    place = start + (here if here <= most else least)
    parts = [data[start:place]]
    missing = length - (place - start)
    while missing > 0:
        at = (int.from_bytes(data[place : place + 4], "big") - 1) * page
        part = data[at + 4 : at + min(page, missing + 4)] if at >= 0 else b""
        if not part:
            break
        parts.append(part)
        missing -= len(part)
        place = at
    return b"".join(parts)


def _integers(data: bytes) -> Iterator[int]:
    value = 0
    for byte in data:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            yield value
            value = 0


def _length(kind: int) -> int:
    return _BYTES.get(kind, 0) if kind < 12 else (kind - 12) // 2
