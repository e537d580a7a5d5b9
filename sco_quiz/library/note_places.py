"""Tells where removed notes stood in a deck's text, and makes the splices that put them back.

A place is known by the notes around it, since the text may change before its note comes back: the
nearest of them that is still there counts, and where none is, the number of notes above.
"""

from __future__ import annotations

import json
import re
from bisect import bisect
from collections import Counter
from hashlib import blake2b
from itertools import takewhile, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.library.contents import PROMPTS, fields_as_written
from sco_quiz.library.field_splices import insert_into_flow
from sco_quiz.library.nodes import MappingNode, SequenceNode
from sco_quiz.library.placement import removal
from sco_quiz.library.source import BREAK, CannotChangeError, DeckText, Splice

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from sco_quiz.library.nodes import Node

_LINE_END = re.compile(r"\r\n|[\r\n]")
_NEIGHBOURS = 4
"""The number of notes above, and of notes below, by which a place is known."""
_GIVEN_TO_MANY = frozenset(("id", "tags"))
"""Fields that many notes get at once, and by which no neighbour is known."""


class NotePlace(NamedTuple):
    """A removed note as it was written, and its place among the notes that stayed.

    Attributes:
        text: The note; in a block list, with the blank lines that went with it.
        number: The number of notes above it.
        above: Names of the nearest notes above it, the nearest first.
        below: Names of the nearest notes below it, the nearest first.
        lines_above: The number of lines, of comments or blank, to the note above it.
        lines_below: The number of lines to the note below it.
    """

    text: str
    number: int
    above: list[str]
    below: list[str]
    lines_above: int = 0
    lines_below: int = 0

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> NotePlace:
        """Return the place that a row of the log tells of.

        Raises:
            CannotChangeError: It tells of none.
        """
        try:
            numbers = row["number"], row["lines_above"], row["lines_below"]
            number, lines_above, lines_below = (max(int(each), 0) for each in numbers)
            above, below = ([str(name) for name in row[side]] for side in ("above", "below"))
            return cls(str(row["text"]), number, above, below, lines_above, lines_below)
        except (LookupError, TypeError, ValueError, ArithmeticError):
            raise CannotChangeError from None

    @property
    def note(self) -> MappingNode:
        """The note.

        Raises:
            DeckError: The text is no YAML.
            CannotChangeError: It is not one note.
        """
        written = f"\n{self.text}" if self.is_block else f"[{self.text}]"
        source = DeckText(f"cards: {written}")
        is_whole = not self.is_block or self.text.endswith(("\n", "\r"))
        if len(source.root) != 1 or len(source.notes) != 1 or not is_whole:
            raise CannotChangeError
        (note,) = source.notes
        if not isinstance(note, MappingNode):
            raise CannotChangeError
        return note

    @property
    def is_block(self) -> bool:
        """True if the note stood in a block list."""
        return self.text.lstrip().startswith("-")

    def slot(self, names: Sequence[str], numbers: Mapping[str, int]) -> tuple[int, bool]:
        """Find the place among the notes of a text.

        Notes between a neighbour and the place that are not known are taken for changed ones.

        Args:
            names: The names of these notes.
            numbers: Their numbers, by the names, and the prompts in them, that only one has.

        Returns:
            How many notes are above it, and whether its lines are counted from the one above.
        """
        neighbours = {*self.above, *self.below}

        def find(name: str) -> int | None:
            number = numbers.get(name, numbers.get(_prompt_in(name)))
            is_other = number is not None and names[number] in neighbours - {name}
            return None if is_other else number

        above, below = ([*map(find, side)] for side in (self.above, self.below))
        known = {*above, *below}
        for distance, (upper, lower) in enumerate(zip_longest(above, below)):
            if upper is not None:
                after = range(upper + 1, min(upper + 1 + distance, len(names)))
                return upper + 1 + _count_unknown(after, known), True
            if lower is not None:
                before = range(lower - 1, max(lower - 1 - distance, -1), -1)
                return lower - _count_unknown(before, known), False
        number = min(self.number, len(names))
        return number, number > 0 or not names

    def lines(self, source: DeckText, column: int | None, *, blank_first: bool) -> str:
        """Return the text for a block list.

        Args:
            source: The text that it is for.
            column: The indentation of the list; None for a new one.
            blank_first: True if the blank lines of the note are to go before it.

        Raises:
            CannotChangeError: It stood in a flow list.
        """
        if not self.is_block:
            raise CannotChangeError
        lines = _LINE_END.split(self.text)[:-1]
        first = next(line for line in lines if line.strip(" "))
        shift = 0 if column is None else column - _indent(first)
        if shift:
            lines = [" " * (_indent(line) + shift) + line.lstrip(" ") for line in lines]
        while blank_first and not lines[-1].strip(" "):
            lines.insert(0, lines.pop())
        return source.join(lines)


def places(source: DeckText, cards: SequenceNode, numbers: Collection[int]) -> list[NotePlace]:
    """Return the places of notes that are to be removed, from top to bottom.

    Raises:
        CannotChangeError: The layout is too unusual.
    """
    stayed = [number for number in range(len(cards)) if number not in numbers]
    spans = [(spot.start, spot.end) for spot in cards.each_spot()]
    lines = [(0, 0)] * len(cards)
    if not source.is_flow(cards):
        spans = source.items(cards)
        removed = [splice for splice in removal(source, cards, numbers) if not splice.text]
        for number, splice in zip(sorted(numbers), removed, strict=True):
            spans[number] = splice.start, splice.end
        lines = _lines_around(source, spans, numbers)
    found = []
    for number in sorted(numbers):
        (start, end), at = spans[number], bisect(stayed, number)
        above = [_name(cards[each]) for each in stayed[max(at - _NEIGHBOURS, 0) : at]]
        below = [_name(cards[each]) for each in stayed[at : at + _NEIGHBOURS]]
        found.append(NotePlace(source.text[start:end], at, above[::-1], below, *lines[number]))
    return found


def _lines_around(
    source: DeckText, spans: Sequence[tuple[int, int]], numbers: Collection[int]
) -> list[tuple[int, int]]:
    """Count the lines from each removed note to the notes above and below it that stay."""
    counts = [(0, 0)] * len(spans)
    run: list[tuple[int, int]] = []
    at, above = _top(source), 0
    for number, (start, end) in enumerate(spans):
        above += len(BREAK.findall(source.text[at:start]))
        if number in numbers:
            run.append((number, above))
            counts[number] = above, 0
        else:
            for each, own in run:
                counts[each] = own, above - own
            run, above = [], 0
        at = end
    return counts


def put_back(source: DeckText, found: Sequence[NotePlace]) -> tuple[list[Splice], list[Node]]:
    """Return the splices that put notes back to their places, and the notes that are there then.

    Raises:
        DeckError: A text is no YAML.
        CannotChangeError: The layout is too unusual, or a text is not one note.
    """
    standing = source.notes
    names = [_name(note) for note in standing]
    counts = Counter([*names, *map(_prompt_in, names)])
    numbers = {
        part: number
        for number, name in enumerate(names)
        for part in (name, _prompt_in(name))
        if counts[part] == 1
    }
    coming: list[list[tuple[NotePlace, bool]]] = [[] for _ in range(len(standing) + 1)]
    for place in found:
        slot, is_from_above = place.slot(names, numbers)
        coming[slot].append((place, is_from_above))
    notes: list[Node] = []
    for slot, own in enumerate(coming):
        notes += [*(place.note for place, _ in own), *standing[slot : slot + 1]]
    cards = source.root.get("cards")
    if (
        isinstance(cards, SequenceNode)
        and source.is_flow(cards)
        and (cards or not any(place.is_block for place in found))
    ):
        texts = [[place.text for place, _ in own] for own in coming]
        return [insert_into_flow(source, cards, texts)], notes
    return list(_block_splices(source, cards, coming)), notes


def _block_splices(
    source: DeckText, cards: Node | None, coming: Sequence[Sequence[tuple[NotePlace, bool]]]
) -> Iterator[Splice]:
    if cards is None:
        raise CannotChangeError
    regions, column, top = [], None, _top(source)
    if isinstance(cards, SequenceNode) and cards:
        regions, column = source.items(cards), source.column(cards.start)
    else:
        spot = source.root.spot("cards")
        top = source.next_line(spot.end)
        yield Splice(source.colon(spot.key), spot.end, "")
    for slot, own in enumerate(coming):
        start = regions[slot - 1][1] if slot else top
        is_last = slot == len(regions)
        starts = _starts(source, start, None if is_last else regions[slot][0])
        line, texts = 0, dict[int, str]()
        for place, is_from_above in own:
            wanted = place.lines_above if is_from_above else len(starts) - 1 - place.lines_below
            line = min(max(wanted, line), len(starts) - 1)
            ends = bool(slot) and is_last and line == len(starts) - 1
            text = place.lines(source, column, blank_first=ends)
            at = source.line_start(starts[line] - 1)
            before = texts.get(line) or source.text[at : starts[line]]
            if not before.strip("\r\n") or before.endswith(source.eol * 2):
                text = text.lstrip("\r\n")
            texts[line] = texts.get(line, "") + text
        for line, text in texts.items():
            yield Splice(starts[line], starts[line], text)


def _starts(source: DeckText, start: int, end: int | None) -> list[int]:
    """Return the starts of lines between two notes; after the last one, those of comments."""
    starts = [start]
    while start < (len(source.text) if end is None else end):
        following = source.next_line(start)
        if end is None and source.text[start:following].strip(" \r\n")[:1] not in ("", "#"):
            break
        starts.append(start := following)
    return starts


def _top(source: DeckText) -> int:
    """Return the start of the line below that of `cards`."""
    return source.next_line(source.root.spot("cards").key)


def _count_unknown(numbers: Iterable[int], known: Container[int | None]) -> int:
    """Return how many of the first numbers are not known."""
    return sum(1 for _ in takewhile(lambda number: number not in known, numbers))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _name(note: Node) -> str:
    """Return the name by which a note is known as a neighbour: digests of what it asks and says."""
    fields = fields_as_written(note) if isinstance(note, MappingNode) else {}
    asked = {key: value for key, value in fields.items() if key in PROMPTS}
    said = {key: fields[key] for key in fields if key not in asked and key not in _GIVEN_TO_MANY}
    return f"{_digest(asked)}:{_digest(said)}"


def _prompt_in(name: str) -> str:
    """Return the part of a name that a changed answer leaves as it is."""
    return name.partition(":")[0]


def _digest(fields: dict[str, str | list[str]]) -> str:
    return blake2b(json.dumps(fields, sort_keys=True).encode(), digest_size=4).hexdigest()
