"""Makes the splices that add notes to a deck's text and remove notes from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sco_quiz.errors import DeckError
from sco_quiz.library import yaml_writing
from sco_quiz.library.field_splices import extend_flow, ordered, texts
from sco_quiz.library.nodes import MappingNode, SequenceNode
from sco_quiz.library.source import BREAK, CannotChangeError, Splice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sco_quiz.library.field_splices import Field
    from sco_quiz.library.source import DeckText

_Fields: TypeAlias = dict[str, str | list[str]]


def addition(source: DeckText, notes: Iterable[dict[str, Field]]) -> list[Splice]:
    """Return the splices that add notes after the last one.

    Raises:
        DeckError: `cards` is not a list.
        CannotChangeError: The layout is too unusual.
    """
    new_notes = [{key: texts(note[key]) for key in ordered(note)} for note in notes]
    root, cards = source.root, source.root.get("cards")
    if cards and not isinstance(cards, SequenceNode):
        raise DeckError("`cards` is not a list", "start each note with a `-`: `- front: …`")
    if isinstance(cards, SequenceNode) and source.is_flow(cards):
        inside = source.text[cards.start : cards.end]
        if cards or source.is_flow(root) or BREAK.search(inside):
            return [extend_flow(source, cards, map(yaml_writing.flow_mapping, new_notes))]
    elif isinstance(cards, SequenceNode):
        return [_after_last(source, cards, new_notes)]
    if not source.is_flow(root):
        return _first_notes(source, new_notes)
    if cards is not None:
        raise CannotChangeError
    return [
        extend_flow(
            source, root, [f"cards: [{', '.join(map(yaml_writing.flow_mapping, new_notes))}]"]
        )
    ]


def removal(source: DeckText, cards: SequenceNode, numbers: Collection[int]) -> list[Splice]:
    """Return the splices that remove notes and the blank lines that set each apart.

    Raises:
        CannotChangeError: The layout is too unusual.
    """
    if source.is_flow(cards):
        return [extend_flow(source, cards, [], without=numbers)]
    regions = source.items(cards)
    last_kept = max(set(range(len(cards))).difference(numbers), default=-1)
    removed: list[Splice] = []
    at = 0
    for number in sorted(numbers):
        start, end = regions[number]
        blank = start
        while blank and source.is_blank(line := source.line_start(blank - 1), blank):
            blank = line
        if number > last_kept:
            start = blank
        elif blank < start or number == 0:
            while end < len(source.text) and source.is_blank(end, source.next_line(end)):
                end = source.next_line(end)
        removed.append(Splice(max(start, at), end, ""))
        at = end
    if last_kept >= 0:
        return removed
    colon = source.colon(source.root.spot("cards").key)
    return [Splice(colon, colon, " []"), *removed]


def _first_notes(source: DeckText, notes: list[_Fields]) -> list[Splice]:
    """Return the splices that add the first notes to a deck without notes."""
    root, indent = source.root, source.column(source.root.start)
    prefix = " " * (indent + 2) + "- "
    lines = [line for fields in notes for line in _block_note(source, fields, prefix)]
    if "cards" in root:
        spot = root.spot("cards")
        colon = source.colon(spot.key)
        at = _past_comments(source, source.next_line(spot.end), indent)
        return [Splice(colon, spot.end, ""), Splice(at, at, source.join(lines))]
    if not root:
        raise CannotChangeError
    *_, spot = root.each_spot()
    *_, value = root.values()
    at = source.after(value, spot)
    return [Splice(at, at, source.join([" " * indent + "cards:", *lines]))]


def _after_last(source: DeckText, cards: SequenceNode, notes: list[_Fields]) -> Splice:
    """Return the splice that adds notes to a block list, in the style of its last note."""
    regions = source.items(cards)
    column = source.column(cards.start)
    (start, end), last = regions[-1], cards[-1]
    dash = " " * column + "- "
    prefix = dash
    flow = isinstance(last, MappingNode) and source.is_flow(last)
    if isinstance(last, MappingNode) and not flow:
        beside = source.is_blank(start + column + 1, last.start)
        if beside and last.start < source.next_line(start):
            prefix = source.text[start : last.start]
    written: list[str] = []
    for fields in notes:
        line = dash + yaml_writing.flow_mapping(fields) if flow else ""
        short = line and len(line) <= yaml_writing.WIDTH and "\\n" not in line
        lines = [line] if short else _block_note(source, fields, prefix)
        if len(regions) > 1:
            apart = _has_blank_line(source, regions[-2][1], start)
        else:
            apart = len(lines) > 1 and source.next_line(start) < end
        written += ["", *lines] if apart else lines
    at = _past_comments(source, end, column)
    return Splice(at, at, source.join(written))


def _block_note(source: DeckText, fields: _Fields, prefix: str) -> list[str]:
    """Return the lines of a note whose first line starts with a prefix."""
    lines: list[str] = []
    for key, value in fields.items():
        lines += yaml_writing.block_entry(key, value, len(prefix), source.list_offset)
    return [prefix + lines[0][len(prefix) :], *lines[1:]]


def _has_blank_line(source: DeckText, at: int, end: int) -> bool:
    while at < end:
        following = source.next_line(at)
        if source.is_blank(at, following):
            return True
        at = following
    return False


def _past_comments(source: DeckText, at: int, column: int) -> int:
    """Return the end of the comments that start at a line and are indented beyond a column."""
    while at < len(source.text):
        following = source.next_line(at)
        line = source.text[at:following]
        if not line.lstrip(" ").startswith("#") or line[: column + 1].strip(" "):
            break
        at = following
    return at
