"""The encoding of protocol buffers, as far as it takes to find a field by its number.

Source: https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_VARINT, _FIXED_64, _BYTES, _FIXED_32 = 0, 1, 2, 5


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The numbers and values of a message's fields, as they come.

    Raises:
        ValueError: It is no such message.
    """
    at, end = 0, len(message)
    while at < end:
        tag, at = _varint(message, at)
        number, form = tag >> 3, tag & 7
        if number == 0:
            raise ValueError("a field without a number")
        value: int | bytes
        if form == _VARINT:
            value, at = _varint(message, at)
        elif form in {_FIXED_64, _BYTES, _FIXED_32}:
            size = {_FIXED_64: 8, _FIXED_32: 4}.get(form, -1)
            if size < 0:
                size, at = _varint(message, at)
            if size > end - at:
                raise ValueError("a field is cut short")
            value = message[at : at + size]
            at += size
        else:
            raise ValueError(f"a field of form {form}")
        yield number, value


def number(message: bytes, wanted: int) -> int:
    """The last number in a field; 0 if there is none.

    Raises:
        ValueError: It is no such message.
    """
    found = [value for at, value in fields(message) if at == wanted and isinstance(value, int)]
    return found[-1] if found else 0


def data(message: bytes, wanted: int) -> bytes:
    """The last bytes in a field; empty if there are none.

    Raises:
        ValueError: It is no such message.
    """
    found = [value for at, value in fields(message) if at == wanted and isinstance(value, bytes)]
    return found[-1] if found else b""


def text(message: bytes, wanted: int) -> str:
    """The last text in a field; empty if there is none.

    Raises:
        ValueError: It is no such message.
    """
    return data(message, wanted).decode("utf-8", "replace")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and where it ends."""
    value = shift = 0
    while shift < 64 and at < len(message):
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise ValueError("a number does not end")
