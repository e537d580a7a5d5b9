"""The details of events as JSON, by msgspec: a third of the cost of json, and of that 4 ms to load.

Events are read and written by the thousand here; what reads a few has `Event.details`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import DecodeError
from msgspec.json import Decoder, Encoder

if TYPE_CHECKING:
    from sco_quiz.progress.log import Event

_decode = Decoder().decode
_encode = Encoder().encode


def as_json(data: dict[str, object]) -> str:
    """Return the text for the log. Lone surrogates, which UTF-8 cannot hold, become "?"."""
    try:
        return _encode(data).decode()
    except UnicodeEncodeError:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "replace").decode()


def details_of(event: Event) -> dict[str, Any]:
    """Return `data` of an event, parsed; json takes some texts that msgspec refuses."""
    try:
        details: dict[str, Any] = _decode(event.data)
    except DecodeError:
        return event.details
    return details
