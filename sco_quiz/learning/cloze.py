"""Cloze texts: which parts are asked, and what each card of the text shows.

`{{x}}` is a deletion, asked on a card of its own; `{{c1::x}}` joins every deletion of group c1 in
one card; `{{x::hint}}` and `{{c1::x::hint}}` show the hint where the text is missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from sco_quiz.learning.cards import BLANK

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


class _Deletion(NamedTuple):
    group: int  # 0: none was written
    answer: str
    hint: str


def read_cloze(text: str) -> Cloze:
    """Find the deletions of a text and make a card of each group.

    Deletions without a group take the lowest numbers that the text does not use.

    Raises:
        ClozeError: A deletion is empty, nested or not closed, or there is none.
    """
    parts = _split(text)
    deletions = [part for part in parts if isinstance(part, _Deletion)]
    if not deletions:
        raise ClozeError("nothing is left out of the text", 0, "put {{ }} around what is asked")
    written = {deletion.group for deletion in deletions}
    free = (number for number in range(1, len(deletions) + 1) if number not in written)
    numbered = [
        part._replace(group=part.group or next(free)) if isinstance(part, _Deletion) else part
        for part in parts
    ]
    groups = dict.fromkeys(part.group for part in numbered if isinstance(part, _Deletion))
    return Cloze(
        text=_show(numbered, asked=0),
        blanks=tuple(
            Blank(
                variant=f"c{group}",
                prompt=_show(numbered, asked=group),
                answers=tuple(
                    part.answer
                    for part in numbered
                    if isinstance(part, _Deletion) and part.group == group
                ),
            )
            for group in groups
        ),
    )


def _show(parts: list[str | _Deletion], asked: int) -> str:
    shown = []
    for part in parts:
        if not isinstance(part, _Deletion):
            shown.append(part)
        elif part.group != asked:
            shown.append(part.answer)
        else:
            shown.append(f"[{part.hint}]" if part.hint else BLANK)
    return "".join(shown)


def _split(text: str) -> list[str | _Deletion]:
    parts: list[str | _Deletion] = []
    end = 0
    while (start := text.find("{{", end)) >= 0:
        parts.append(text[end:start])
        end = _end(text, start)
        parts.append(_deletion(text[start + 2 : end - 2], start))
    parts.append(text[end:])
    return parts


def _end(text: str, start: int) -> int:
    """Where the deletion that starts at `start` ends; braces in pairs may stand inside it."""
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


def _deletion(content: str, start: int) -> _Deletion:
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
    return _Deletion(group, answer, hint.strip())
