"""Cloze texts: which parts are asked, and what each card of the text shows.

`{{x}}` is a deletion, asked on a card of its own; `{{c1::x}}` joins every deletion of group c1 in
one card; `{{x::hint}}` and `{{c1::x::hint}}` show the hint where the text is missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from sco_quiz.formula import PATTERN
from sco_quiz.learning.cards import BLANK

MAX_SHOWN = 200_000
"""Characters that the cards of one text may show together."""

_GROUP = re.compile(r"c([0-9]{1,3})::")
_BRACE = re.compile(r"[{}]")


class ClozeError(ValueError):
    """A cloze text that cannot be asked.

    Attributes:
        offset: Where in the text, as an index of characters.
        help: What to do, one line; may be empty.
    """

    def __init__(self, message: str, offset: int, help: str = "") -> None:  # noqa: A002
        super().__init__(message)
        self.offset = offset
        self.help = help


class Blank(NamedTuple):
    """One card of a cloze text.

    Attributes:
        variant: Names the card among its siblings: c1, c2…
        prompt: The text with what is asked left out and the rest shown.
        answers: What was left out, in order.
    """

    variant: str
    prompt: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cloze:
    """A cloze text, read.

    Attributes:
        text: The whole text with nothing left out and no braces.
        blanks: Its cards, in the order in which the text first asks them.
    """

    text: str
    blanks: tuple[Blank, ...]


_Deletion: TypeAlias = tuple[str, int, str, str]
"""The text before it, its group (0: none was written), its answer and its hint."""


def read_cloze(text: str) -> Cloze:
    """Find the deletions of a text and make a card of each group.

    What is left out of a formula is a formula too, and gets dollar signs of its own. Deletions
    without a group take the lowest numbers that the text does not use.

    Raises:
        ClozeError: A deletion is empty, nested or not closed, or there is none, or there are too
            many.
    """
    deletions, tail = _split(text)
    if not deletions:
        raise ClozeError("nothing is left out of the text", 0, "put {{ }} around what is asked")
    groups = _groups(deletions)
    members: dict[int, list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault(group, []).append(index)
    if len(members) * len(text) > MAX_SHOWN:
        raise ClozeError("too many deletions for so long a text", 0, "split it into several notes")
    pieces = [piece for before, _, answer, _ in deletions for piece in (before, answer)]
    pieces.append(tail)
    whole = "".join(pieces)
    formulas = _within_formulas(pieces, whole)
    blanks = []
    for group, indexes in members.items():
        shown = pieces.copy()
        for index in indexes:
            hint = deletions[index][3]
            shown[2 * index + 1] = f"[{hint}]" if hint else BLANK
        answers = tuple(
            [
                f"${pieces[at]}$" if at in formulas else pieces[at]
                for at in (2 * i + 1 for i in indexes)
            ]
        )
        blanks.append(Blank(f"c{group}", "".join(shown), answers))
    return Cloze(whole, tuple(blanks))


def numbered(text: str) -> str:
    """The text with the group of each deletion written out: `{{c1::x}}` for `{{x}}`.

    Within a deletion braces are kept apart, so that only its end has two in a row.

    Raises:
        ClozeError: As in `read_cloze`.
    """
    deletions, tail = _split(text)
    parts = []
    for (before, _, answer, hint), group in zip(deletions, _groups(deletions), strict=True):
        inside = f"{answer}::{hint}" if hint else answer
        while "}}" in inside:
            inside = inside.replace("}}", "} }")
        parts.append(f"{before}{{{{c{group}::{inside}{' ' * inside.endswith('}')}}}}}")
    return "".join(parts) + tail


def _groups(deletions: list[_Deletion]) -> list[int]:
    """The group of each deletion; those without one take the lowest numbers that are free."""
    written = {group for _, group, _, _ in deletions}
    free = (number for number in range(1, len(deletions) + 1) if number not in written)
    return [group or next(free) for _, group, _, _ in deletions]


def _within_formulas(pieces: list[str], whole: str) -> set[int]:
    """Which pieces of a text stand in a formula, and are not all of it."""
    if "$" not in whole:
        return set()
    found = set()
    at = 0
    parts = (match.span() for match in PATTERN.finditer(whole))
    start, end = next(parts, (0, 0))
    for index, piece in enumerate(pieces):
        while at >= end and end:
            start, end = next(parts, (0, 0))
        if start < at and at + len(piece) < end:
            found.add(index)
        at += len(piece)
    return found


def _split(text: str) -> tuple[list[_Deletion], str]:
    """The deletions, and the text after the last."""
    deletions = []
    end = 0
    while (start := text.find("{{", end)) >= 0:
        before = text[end:start]
        end = _end(text, start)
        deletions.append((before, *_read(text[start + 2 : end - 2], start)))
    return deletions, text[end:]


def _end(text: str, start: int) -> int:
    """Where the deletion that starts at `start` ends; braces in pairs may stand inside it."""
    end = text.find("}}", start + 2)
    if end >= 0 and text.find("{", start + 2, end) < 0:
        return end + 2
    depth = 0
    at = start + 2
    while (brace := _BRACE.search(text, at)) is not None:
        at = brace.end()
        if brace[0] == "{":
            if text.startswith("{", at):
                raise ClozeError(
                    "a deletion inside a deletion", brace.start(),
                    "close the first one with }} before the next begins",
                )  # fmt: skip
            depth += 1
        elif depth:
            depth -= 1
        elif text.startswith("}", at):
            return at + 1
    raise ClozeError("a deletion is not closed", start, "end it with }}")


def _read(content: str, start: int) -> tuple[int, str, str]:
    """Group, answer and hint of the deletion that starts at an index."""
    group = 0
    if (written := _GROUP.match(content)) is not None:
        group = int(written[1])
        content = content[written.end() :]
        if group == 0:
            raise ClozeError("a group c0", start, "count the groups from c1")
    answer, _, hint = content.partition("::")
    answer = answer.strip()
    if not answer:
        raise ClozeError(
            "a deletion is empty", start, "write what is asked between the braces: {{Dushanbe}}"
        )
    return group, answer, hint.strip()
