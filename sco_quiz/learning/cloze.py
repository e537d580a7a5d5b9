r"""Cloze texts: finds the parts that are asked, and makes the cards of a text.

`{{x}}` is a deletion, asked on a card of its own; `{{c1::x}}` joins every deletion of group c1 in
one card; `{{x::hint}}` and `{{c1::x::hint}}` show the hint in the gap. All this holds in code too:
there `\{\{` and `\}\}` stand for braces that are shown. In a deletion `\::` is two colons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from sco_quiz.formula import PATTERN
from sco_quiz.learning.cards import BLANK

MAX_SHOWN = 200_000
"""The most characters of all cards of one text together."""

_GROUP = re.compile(r"c([0-9]{1,3})::")
_NEARLY_GROUP = re.compile(r"(?!c[0-9]{1,3}::)[cC] ?([0-9]{1,3}) ?:[ :]?")
_BRACE = re.compile(r"[{}]")
_HINT = re.compile(r"(?<!\\)::")
_TICKS = re.compile(r"`+|^~~~+", re.MULTILINE)
_SHOWN_BRACES = (("\\{\\{", "{{"), ("\\}\\}", "}}"))
_SPACED = re.compile(r"\s.*\s", re.DOTALL)
_NAMESPACES = frozenset({"std", "boost", "crate", "self", "super", "Self"})
_SCOPE = re.compile(r"\S::\S|[\w)>][<(]|->|\w_\w")
"""Characters found in names of C++, Rust, Ruby… and hardly in a hint."""


class ClozeError(ValueError):
    """A cloze text that cannot be asked.

    Attributes:
        offset: The place of the mistake, as an index of characters.
        help: The remedy, one line; may be empty.
    """

    def __init__(self, message: str, offset: int, help: str = "") -> None:  # noqa: A002
        super().__init__(message)
        self.offset = offset
        self.help = help


class Blank(NamedTuple):
    """One card of a cloze text.

    Attributes:
        variant: The name of the card among those of its note: c1, c2…
        prompt: The text with the asked parts left out and the rest shown.
        answers: The parts left out, in order.
    """

    variant: str
    prompt: str
    answers: tuple[str, ...]


class DoubtfulDeletion(NamedTuple):
    """A deletion that its author may not have intended.

    Attributes:
        offset: Its place, as an index of characters.
        message: A sentence on how it is read.
        help: Advice on how to write what else may be intended.
    """

    offset: int
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class ClozeText:
    """A cloze text and its cards.

    Attributes:
        text: The whole text with nothing left out and without braces.
        blanks: Its cards, in the order in which the text first asks them.
    """

    text: str
    blanks: tuple[Blank, ...]


_Deletion: TypeAlias = tuple[str, int, str, str]
"""A deletion: the text before it, its group (0 if none is written), its answer and its hint."""


def read_cloze(text: str) -> ClozeText:
    """Find the deletions of a text and make a card of each group.

    A part left out of a formula is a formula too, and gets dollar signs of its own. Deletions
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
        raise ClozeError(
            "too many deletions in a text of this length", 0, "split it into several notes"
        )
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
                f"${pieces[at]}$" if at in formulas else _show_braces(pieces[at])
                for at in (2 * i + 1 for i in indexes)
            ]
        )
        blanks.append(Blank(f"c{group}", _show_in_code("".join(shown)), answers))
    return ClozeText(_show_in_code(whole), tuple(blanks))


def find_doubtful(text: str) -> list[DoubtfulDeletion]:
    """Find the deletions of a text that its author may not have meant.

    Raises:
        ClozeError: As in `read_cloze`.
    """
    doubts = []
    code = _find_code(text)
    end = 0
    while (start := _start(text, end)) >= 0:
        end = _end(text, start)
        content = text[start + 2 : end - 2]
        shown = content if len(content) <= 40 else f"{content[:39]}…"
        in_code = any(first < start and end <= last for first, last in code)
        if in_code and _GROUP.match(content) is None and _SPACED.fullmatch(content):
            doubts.append(
                DoubtfulDeletion(
                    start,
                    f"`{{{{{shown}}}}}` in code is taken as a gap",
                    "if the braces are code, write \\{\\{ and \\}\\}; else put no spaces in them",
                )
            )
        if nearly := _NEARLY_GROUP.match(content):
            doubts.append(
                DoubtfulDeletion(
                    start,
                    f"in `{{{{{shown}}}}}`, `{nearly[0]}` is taken as a part of what is asked",
                    f"if it is a number, write {{{{c{nearly[1]}::…}}}}; else put a space before it",
                )
            )
        answer, hint = _part(_GROUP.sub("", content, count=1))
        spaced = answer != answer.rstrip() or hint != hint.lstrip()
        if hint and not spaced and (in_code or answer in _NAMESPACES or _SCOPE.search(hint)):
            doubts.append(
                DoubtfulDeletion(
                    start,
                    f"in `{shown}`, the text after :: is shown as a hint",
                    "if the answer has the colons, write \\::; else put a space before ::",
                )
            )
    return doubts


def numbered(text: str) -> str:
    """Return the text with the group of each deletion written out: `{{c1::x}}` for `{{x}}`.

    Within a deletion what would end it, or begin its hint, is broken up by a space or a character
    of no width.

    Raises:
        ClozeError: As in `read_cloze`.
    """
    deletions, tail = _split(text)
    parts = []
    for (before, _, answer, hint), group in zip(deletions, _groups(deletions), strict=True):
        inside = answer.replace("::", ":\u200b:")  # there is no other way to keep them together
        inside = f"{inside}::{hint}" if hint else inside
        while "}}" in inside:
            inside = inside.replace("}}", "} }")
        parts.append(f"{before}{{{{c{group}::{inside}{' ' * inside.endswith('}')}}}}}")
    return "".join(parts) + tail


def _groups(deletions: list[_Deletion]) -> list[int]:
    """Return the group of each deletion; those without one take the lowest free numbers."""
    written = {group for _, group, _, _ in deletions}
    free = (number for number in range(1, len(deletions) + 1) if number not in written)
    return [group or next(free) for _, group, _, _ in deletions]


def _within_formulas(pieces: list[str], whole: str) -> set[int]:
    """Return the indexes of pieces that are a part, but not the whole, of a formula."""
    if "$" not in whole:
        return set()
    indexes = set()
    offset = 0
    parts = (match.span() for match in PATTERN.finditer(whole))
    start, end = next(parts, (0, 0))
    for index, piece in enumerate(pieces):
        while offset >= end and end:
            start, end = next(parts, (0, 0))
        if start < offset and offset + len(piece) < end:
            indexes.add(index)
        offset += len(piece)
    return indexes


def _split(text: str) -> tuple[list[_Deletion], str]:
    """Return the deletions of a text, and the text after the last."""
    deletions = []
    end = 0
    while (start := _start(text, end)) >= 0:
        before = text[end:start]
        end = _end(text, start)
        deletions.append((before, *_read(text[start + 2 : end - 2], start)))
    return deletions, text[end:]


def _start(text: str, at: int) -> int:
    r"""Return the start of the next deletion, or -1. In `\{{{x}}` the first brace is text."""
    start = text.find("{{", at)
    if start > 0 and text[start - 1] == "\\" and text.startswith("{", start + 2):
        return start + 1
    return start


def _end(text: str, start: int) -> int:
    """Return the end of the deletion that starts at `start`; it may contain pairs of braces."""
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
    """Return group, answer and hint of the deletion that starts at an index."""
    group = 0
    if (written := _GROUP.match(content)) is not None:
        group = int(written[1])
        content = content[written.end() :]
        if group == 0:
            raise ClozeError("a group c0", start, "count the groups from c1")
    answer, hint = _part(content)
    answer = answer.strip().replace("\\::", "::")
    if not answer:
        raise ClozeError(
            "a deletion is empty", start, "write what is asked between the braces: {{Dushanbe}}"
        )
    return group, answer, hint.strip()


def _part(content: str) -> tuple[str, str]:
    """Return answer and hint as written, with edge spaces and backslashes."""
    colons = _HINT.search(content)
    return (content[: colons.start()], content[colons.end() :]) if colons else (content, "")


def _show_braces(text: str) -> str:
    if "$" in text:  # in a formula they are braces of sets
        return text
    for written, shown in _SHOWN_BRACES:
        text = text.replace(written, shown)
    return text


def _show_in_code(text: str) -> str:
    """Return the text with escaped braces in code as braces; markup does it elsewhere."""
    if not any(written in text for written, _ in _SHOWN_BRACES):
        return text
    shown = []
    at = 0
    for start, end in _find_code(text):
        shown += [text[at:start], _show_braces(text[start:end])]
        at = end
    return "".join([*shown, text[at:]])


def _find_code(text: str) -> list[tuple[int, int]]:
    """Return the spans of code: between equal runs of backticks, or fences of tildes."""
    runs = [
        run for run in _TICKS.finditer(text) if run.start() == 0 or text[run.start() - 1] != "\\"
    ]
    last = {run[0]: number for number, run in enumerate(runs)}
    code = []
    number = 0
    while number < len(runs):
        opening = runs[number]
        if last[opening[0]] > number:
            number += 1
            while runs[number][0] != opening[0]:
                number += 1
            code.append((opening.start(), runs[number].end()))
        number += 1
    return code
