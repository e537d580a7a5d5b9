"""The text of a deck file, and the places in it that edits need."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.collector import collector_paused
from sco_quiz.errors import DeckError
from sco_quiz.library.nodes import MappingNode, Node, SequenceNode, Spot
from sco_quiz.library.yaml_reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable

BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""A line end in YAML 1.1, and so for the reader."""

BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")
"""The start of a text of several lines."""

_EOL = re.compile(r"\r\n|\r|\n")
_EMPTY_LINES = re.compile(r"(?<=\n)(?:\r?\n)+\Z|(?<=\r)\r+\Z")
_KEY = re.compile(
    r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')(?=[ \t]*:)"""
    r"""|[^"'\s][^\r\n]*?(?=[ \t]*:(?:[\s,\[\]{}]|\Z))"""
)


class Splice(NamedTuple):
    """A text to put in place of the characters from `start` to before `end`."""

    start: int
    end: int
    text: str


def eol_of(text: str) -> str:
    """Return the line end of a text; the first one counts."""
    first_end = _EOL.search(text)
    return first_end[0] if first_end else "\n"


class CannotChangeError(Exception):
    """The layout of the text does not allow a change piece by piece."""


class DeckText:
    """The text of a deck file, read.

    Attributes:
        text: The text; a line end is added to its last line if that has none.
        root: Its data.
        eol: The line end of its lines.
    """

    def __init__(self, text: str) -> None:
        """Read a text without a byte order mark.

        Raises:
            DeckError: It is not YAML, or not a deck.
        """
        self.eol = eol_of(text)
        self._open = not text.endswith(("\n", "\r"))
        self.text = text + self.eol if self._open else text
        with collector_paused():
            reading = read(self.text.encode())
        if reading.root is None:
            first = reading.problems.sorted()[0]
            raise DeckError(f"line {first.line}: {first.message}", first.help)
        self.root: MappingNode = reading.root
        self._lines = reading.lines

    @property
    def notes(self) -> list[Node]:
        """The entries of `cards`."""
        cards = self.root.get("cards")
        return list(cards) if isinstance(cards, SequenceNode) else []

    def spliced(self, splices: Iterable[Splice]) -> str:
        """Return the text with the splices applied; its last line ends as before."""
        pieces: list[str] = []
        position = 0
        for start, end, text in sorted(splices):
            pieces += self.text[position:start], text
            position = end
        pieces.append(self.text[position:])
        changed = "".join(pieces)
        return changed.removesuffix(self.eol) if self._open else changed

    def line(self, at: int) -> int:
        """Return the number of a character's line, counted as in messages and in the index."""
        return self._lines.position(at)[0]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(line_end.end() for line_end in BREAK.finditer(self.text))]

    def line_start(self, at: int) -> int:
        """Return the start of the line of a character."""
        return self._starts[bisect_right(self._starts, at) - 1]

    def next_line(self, at: int) -> int:
        """Return the start of the line after that of a character."""
        line = bisect_right(self._starts, at)
        return self._starts[line] if line < len(self._starts) else len(self.text)

    def column(self, at: int) -> int:
        """Return the number of characters before a character in its line."""
        return at - self.line_start(at)

    def is_blank(self, start: int, end: int) -> bool:
        """Return True if there are only spaces and line ends between two places."""
        return not self.text[start:end].strip(" \r\n")

    def is_flow(self, node: MappingNode | SequenceNode) -> bool:
        """Return True if a collection stands in brackets or braces."""
        return self.text[node.start] in "[{"

    def is_block_text(self, spot: Spot) -> bool:
        """Return True if a text stands on lines of its own after a `|` or `>`."""
        return spot.end > spot.start and self.text[spot.start] in "|>"

    def after(self, node: Node, spot: Spot) -> int:
        """Return the start of the first line after a value of a block collection."""
        while not isinstance(node, str) and node and not self.is_flow(node):
            if isinstance(node, MappingNode):
                *_, last = node.each_spot()
                *_, child = node.values()
            else:
                last, child = node.spot(len(node) - 1), node[-1]
            if last.end < node.end:  # a key given twice follows
                break
            node, spot = child, last
        if isinstance(node, str) and self.is_block_text(spot):
            return spot.start + len(_EMPTY_LINES.sub("", self.text[spot.start : spot.end]))
        if spot.end > spot.start and self.text[spot.end - 1] in "\r\n":
            return spot.end
        return self.next_line(spot.end)

    def colon(self, key: int) -> int:
        """Return the place after a key's colon.

        Raises:
            CannotChangeError: No colon follows the key.
        """
        name = _KEY.match(self.text, key)
        if name is None:
            raise CannotChangeError
        return self.text.index(":", name.end()) + 1

    def items(self, node: SequenceNode) -> list[tuple[int, int]]:
        """Return start and end of each item of a block list, from the line of its `-` on.

        Raises:
            CannotChangeError: An item shares a line with something else.
        """
        regions = []
        column = self.column(node.start)
        at = self.line_start(node.start)
        for item, spot in zip(node, node.each_spot(), strict=True):
            while self.text[at : at + column].strip(" ") or self.text[at + column] != "-":
                at = self.next_line(at)
                if at > spot.start or at + column >= len(self.text):
                    raise CannotChangeError
            end = self.after(item, spot)
            regions.append((at, end))
            at = end
        return regions

    def join(self, lines: Iterable[str]) -> str:
        """Return lines as one text, each with its line end."""
        return "".join(line + self.eol for line in lines)

    @cached_property
    def list_offset(self) -> int:
        """The further indentation, in columns, of this file's lists than of their key."""
        cards = self.root.get("cards")
        if not isinstance(cards, SequenceNode) or not cards or self.is_flow(cards):
            return 2
        return max(0, self.column(cards.start) - self.column(self.root.start))
