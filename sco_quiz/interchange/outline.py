"""Outlines: items of lists with their properties, one below the other, as in Logseq."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from sco_quiz.errors import DeckError
from sco_quiz.interchange.markdown_text import RULE, fence_after

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BULLET = re.compile(r"([ \t]*)[-*+](?:[ \t]+(.*)|)")
_ITEM = re.compile(r"([ \t]*)(?:[-*+]|[0-9]{1,4}[.)])(?:[ \t]+(.*)|)")
MOST_BLOCKS = 200_000
"""Each takes some 700 bytes of memory."""
MOST_LEVELS = 50
"""The most levels of blocks or headings: what is at the lowest may be a part of as many notes."""
_PROPERTY = re.compile(r"[ \t]*([A-Za-z][\w./-]{0,60})::(?:[ \t]+(.*))?")


class Block:
    """A block of an outline: its lines, those of its properties, and the blocks below it."""

    __slots__ = ("below", "indent", "is_numbered", "lines", "number", "properties")

    def __init__(self, number: int, indent: int, first: str, *, is_numbered: bool = False) -> None:
        self.number = number
        self.indent = indent
        self.is_numbered = is_numbered
        self.lines = [first] if first else []
        self.properties: dict[str, str] = {}
        self.below: list[Block] = []

    @property
    def text(self) -> str:
        """Its lines, one below the other."""
        return "\n".join(self.lines).strip()

    def holds(self, indent: int, *, is_numbered: bool) -> bool:
        """Tell whether an item belongs below it; points do below a number of the same indent."""
        return self.indent < indent or (
            self.indent == indent and self.is_numbered and not is_numbered
        )


def outline(lines: Sequence[str], first: int, *, numbers: bool = False) -> Block:
    """The blocks of a page, below one for the page itself.

    Args:
        lines: The page.
        first: The number of its first line.
        numbers: Whether items with numbers begin blocks, too.

    Raises:
        DeckError: There are too many, or too many levels of them.
    """
    items = _ITEM if numbers else BULLET
    root = Block(first, -1, "")
    stack = [root]
    fence = drawer = ""
    is_after_blank = is_begun = False
    count = 0
    for number, line in enumerate(lines, first):
        bare = line.strip()
        match = None if fence else items.fullmatch(line.expandtabs(2))
        if drawer:
            drawer = "" if bare == ":END:" else drawer
            continue
        if bare == ":LOGBOOK:" and not fence:
            drawer = bare
            continue
        if match:
            indent = len(match[1])
            is_numbered = bare[0].isdecimal()
            while not stack[-1].holds(indent, is_numbered=is_numbered):
                stack.pop()
            count += 1
            if count > MOST_BLOCKS:
                raise DeckError(
                    f"the file has more than {MOST_BLOCKS:,} items of lists", "split it into parts"
                )
            block = Block(number, indent, match[2] or "", is_numbered=is_numbered)
            stack[-1].below.append(block)
            stack.append(block)
            check_levels(len(stack))
            fence = fence_after(match[2] or "", fence)
            continue
        if not fence and (found := _PROPERTY.fullmatch(line)):
            stack[-1].properties[found[1].casefold()] = (found[2] or "").strip()
            continue
        if numbers and not fence and RULE.fullmatch(line):
            del stack[1:]
            continue
        if numbers and is_after_blank and bare and not fence and line[0] not in " \t":
            del stack[2 if len(stack) > 1 and stack[1].is_numbered else 1 :]
        is_after_blank = not bare
        inner = line.expandtabs(2)
        if bare and stack[-1] is root and not is_begun:
            root.number, is_begun = number, True
        cut = min(len(inner) - len(inner.lstrip(" ")), max(stack[-1].indent, 0) + 2)
        stack[-1].lines.append(inner[cut:])
        fence = fence_after(inner[cut:], fence)
    return root


def check_levels(levels: int) -> None:
    """Refuse what is nested too deeply.

    Raises:
        DeckError: There are more levels than `MOST_LEVELS`.
    """
    if levels > MOST_LEVELS:
        raise DeckError(f"it is nested more than {MOST_LEVELS} levels deep", "split it into parts")


class _Nested(Protocol):
    @property
    def below(self) -> Sequence[Self]: ...


Nested = TypeVar("Nested", bound=_Nested)


def walked(root: Nested) -> Iterator[Nested]:
    """Yield the blocks or headings below one, each before those below it."""
    waiting = list(reversed(root.below))
    while waiting:
        block = waiting.pop()
        yield block
        waiting += reversed(block.below)


def shown_below(block: Block, *, as_list: bool = False) -> str:
    """The blocks below a block as a list; a single one as it is, unless it has to be one."""
    if len(block.below) == 1 and not block.below[0].below and not as_list:
        return block.below[0].text
    lines = []
    waiting = [(0, each) for each in reversed(block.below)]
    while waiting:
        depth, each = waiting.pop()
        if each.text:
            first, *others = each.text.split("\n")
            lines.append("  " * depth + f"- {first}")
            lines += ["  " * (depth + 1) + other for other in others]
        waiting += [(min(depth + 1, 16), below) for below in reversed(each.below)]
    return "\n".join(lines)
