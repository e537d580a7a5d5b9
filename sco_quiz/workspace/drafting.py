"""A note as it is being written: what it would be, and what is wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.library.decks import read_deck
from sco_quiz.library.editing import add_note
from sco_quiz.library.kinds import fields_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sco_quiz.learning.cards import Card, Kind

_KEY = re.compile(r"^[ -]*([a-z_]+):")


class Look(NamedTuple):
    """What a note that is being written would be.

    Attributes:
        cards: As they would be asked; empty while something is missing.
        problems: What is wrong, by field.
        remark: What to mind although nothing is wrong; may be empty.
    """

    cards: tuple[Card, ...]
    problems: dict[str, str]
    remark: str


def look_at(kind: Kind, values: Mapping[str, str]) -> Look:
    """What a note would be, whatever deck it is for; without a remark.

    Args:
        kind: How it is to be asked.
        values: By field; several texts one a line.
    """
    note = note_of(kind, values)
    missing = {
        spec.name: "needed" for spec in fields_of(kind) if spec.required and spec.name not in note
    }
    if missing:
        return Look((), missing, "")
    text = add_note("deck: preview\ncards:\n  - front: a\n    back: b\n", note)
    read = read_deck("preview", text.encode())
    lines = text.split("\n")
    problems: dict[str, str] = {}
    for each in read.diagnostics:
        if each.severity == "error":
            problems.setdefault(_field_at(lines, each.line), each.message)
    return Look(read.deck.cards[1:] if read.deck and not problems else (), problems, "")


def note_of(kind: Kind, values: Mapping[str, str]) -> dict[str, str | list[str]]:
    """The fields of a note as a deck file has them, those left empty or at their default out.

    Args:
        kind: How it is asked.
        values: By field; several texts one a line.
    """
    note: dict[str, str | list[str]] = {}
    for spec in fields_of(kind):
        text = values.get(spec.name, "").strip()
        if spec.several:
            parts = [line.strip() for line in text.split("\n") if line.strip()]
            if parts:
                note[spec.name] = parts
        elif text and (spec.required or (text,) != spec.choices[:1]):
            note[spec.name] = text
    return note


def _field_at(lines: list[str], line: int) -> str:
    """The key whose value stands on a line."""
    for text in reversed(lines[:line]):
        match = _KEY.match(text)
        if match:
            return match[1]
    return ""
