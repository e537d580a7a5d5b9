"""Gives mappings and lists in a deck's text new contents; whatever stays keeps its look."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from sco_quiz.library import yaml_writing
from sco_quiz.library.kinds import NOTE_KEYS
from sco_quiz.library.nodes import MappingNode, Node, SequenceNode, Spot
from sco_quiz.library.source import BLOCK_HEADER, BREAK, CannotChangeError, DeckText, Splice

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

Field: TypeAlias = Node | list[str]
"""The value of a key: a node of the text, or a text or list to be written."""

Entry: TypeAlias = tuple[int | None, str]
"""An entry of a flow collection: its old number, None for a new one; its text as written."""

Item: TypeAlias = tuple[int | None, str | None]
"""An item of a list: its old number, None for a new one; its new text, None if that stays."""

_KEYS = ("deck", *NOTE_KEYS)
"""The order of keys for placing new ones; in a header the id goes below the title."""
_RANK = {key: rank for rank, key in enumerate(_KEYS)}
_SEPARATOR = re.compile(r",\s*")


def same(one: object, other: object) -> bool:
    """Return True if a deck reads two values alike: spaces around a text do not count."""
    if one == other:
        return True
    if isinstance(one, str) and isinstance(other, str):
        return one.strip() == other.strip()
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return False


def texts(value: Field) -> str | list[str]:
    """Return a value that must be one text or a list of texts.

    Raises:
        CannotChangeError: It is something else.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return [item for item in value if isinstance(item, str)]
    raise CannotChangeError


def ordered(keys: Iterable[str], old: Iterable[str] = ()) -> list[str]:
    """Return the keys of a note or header: old ones in their order, new ones at their places."""
    wanted = list(keys)
    order = [key for key in old if key in wanted]
    new = [key for key in wanted if key not in order]
    for key in sorted(new, key=lambda key: _RANK.get(key, len(_RANK))):
        usual_predecessors = _KEYS[: _RANK[key]] if key in _RANK else order
        place = next(
            (order.index(known) for known in reversed(usual_predecessors) if known in order), -1
        )
        order.insert(place + 1, key)
    return order


def rewrite_mapping(source: DeckText, node: MappingNode, fields: dict[str, Field]) -> Splice:
    """Return the splice that gives a mapping these fields; equal ones stay as written.

    Raises:
        CannotChangeError: Its layout is too unusual.
    """
    if source.is_flow(node):
        return _flow_mapping(source, node, fields)
    text, column = source.text, source.column(node.start)
    spots = list(node.each_spot())
    starts = [node.start, *(source.line_start(spot.key) for spot in spots[1:])]
    ends = [source.after(value, spot) for value, spot in zip(node.values(), spots, strict=True)]
    before = text[source.line_start(node.start) : node.start]
    if not spots or spots[0].key != node.start or before.strip(" -"):
        raise CannotChangeError
    for start, spot, end in zip(starts[1:], spots[1:], ends, strict=False):
        if start < end or text[start : spot.key].strip(" "):
            raise CannotChangeError

    new_keys_after: dict[str | None, list[str]] = {None: [], **{key: [] for key in node}}
    last = None
    for key in ordered(fields, node):
        if key in node:
            last = key
        else:
            new_keys_after[last].append(key)

    def added(keys: list[str]) -> str:
        return "".join(
            source.join(
                yaml_writing.block_entry(key, texts(fields[key]), column, source.list_offset)
            )
            for key in keys
        )

    out = added(new_keys_after[None])
    for number, (key, old) in enumerate(node.items()):
        start, end = starts[number], ends[number]
        if key in fields:
            if number == 0:
                out += " " * column
            if same(old, fields[key]):
                out += text[start:end]
            else:
                out += _block_field(source, old, spots[number], (start, end), texts(fields[key]))
            out += added(new_keys_after[key])
        if number + 1 < len(starts):
            out += text[end : starts[number + 1]]
    return Splice(node.start, ends[-1], out.lstrip(" \r\n"))


def _block_field(
    source: DeckText, old: Node, spot: Spot, region: tuple[int, int], new: str | list[str]
) -> str:
    """Return the lines of a field of a block mapping with another value."""
    text, (start, end) = source.text, region
    colon = source.colon(spot.key)
    if isinstance(old, SequenceNode) and isinstance(new, list):
        splice = rewrite_list(source, old, new)
        if splice is not None and not _grows_too_long(source, splice):
            return text[start : splice.start] + splice.text + text[splice.end : end]
    like = text[spot.start : spot.end] if isinstance(old, str) else ""
    column = source.column(spot.key)
    head, body = yaml_writing.block_value(
        new, column, source.list_offset, used=column + colon - spot.key + 1, like=like
    )
    # The old value may stand on the line of its key, on the lines after that, or on both.
    first, rest = (spot.start, spot.end), end
    between = text[colon : spot.start]
    if isinstance(old, str) and source.is_block_text(spot) and not BREAK.search(between):
        header = BLOCK_HEADER.match(text, spot.start)
        first = (spot.start, header.end() if header else spot.start)
        rest = source.next_line(spot.start)
    elif between.strip() or not (isinstance(old, str) or source.is_flow(old)):
        first, rest = (colon, colon), source.line_start(spot.start)
    elif BREAK.search(between) or not head:
        first = (colon, spot.end)
    if head and first[0] == colon:
        head = " " + head
    return text[start : first[0]] + head + text[first[1] : rest] + source.join(body)


def _grows_too_long(source: DeckText, splice: Splice) -> bool:
    """Return True if a change within a line makes it longer than lines should be."""
    start, end, text = splice
    longer = len(text) - (end - start)
    width = end - source.line_start(start) + longer
    return longer > 0 and width > yaml_writing.WIDTH and end < source.next_line(start)


def _flow_mapping(source: DeckText, node: MappingNode, fields: dict[str, Field]) -> Splice:
    text, spots = source.text, dict(zip(node, node.each_spot(), strict=True))
    numbers = {key: number for number, key in enumerate(node)}
    entries: list[Entry] = []
    for key in ordered(fields, node):
        if key not in node:
            entries.append((None, yaml_writing.flow_entry(key, texts(fields[key]))))
        elif same(node[key], fields[key]):
            entries.append((numbers[key], text[spots[key].key : spots[key].end]))
        else:
            entry = _flow_field(source, node[key], spots[key], texts(fields[key]))
            entries.append((numbers[key], entry))
    return _flow_splice(source, node, [(spot.key, spot.end) for spot in spots.values()], entries)


def _flow_field(source: DeckText, old: Node, spot: Spot, new: str | list[str]) -> str:
    """Return a field of a flow mapping with another value."""
    text = source.text
    if isinstance(old, SequenceNode) and isinstance(new, list):
        splice = rewrite_list(source, old, new)
        if splice is not None:
            return text[spot.key : splice.start] + splice.text + text[splice.end : spot.end]
    colon = source.colon(spot.key)
    like = text[spot.start : spot.end] if isinstance(old, str) else ""
    space = text[colon : spot.start] or " "
    return text[spot.key : colon] + space + yaml_writing.flow_value(new, like)


def rewrite_list(source: DeckText, node: SequenceNode, new: list[str]) -> Splice | None:
    """Return the splice that gives a list of texts these items; None if it is better written anew.

    Raises:
        CannotChangeError: Its layout is too unusual.
    """
    old = [item for item in node if isinstance(item, str)]
    if not new or not old or len(old) < len(node):
        return None
    items = _compare(old, new)
    if not source.is_flow(node):
        return _block_list(source, node, items)
    spots = list(node.each_spot())
    entries: list[Entry] = []
    for number, text in items:
        if number is not None and text is None:
            entries.append((number, source.text[spots[number].start : spots[number].end]))
        else:
            entries.append((number, yaml_writing.scalar(text or "", flow=True)))
    return _flow_splice(source, node, [(spot.start, spot.end) for spot in spots], entries)


def _compare(old: list[str], new: list[str]) -> list[Item]:
    """Return the new items, each with the number of the old item that it comes from."""
    items: list[Item] = []
    before, after = [[text.strip() for text in texts_of_list] for texts_of_list in (old, new)]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for operation, start, end, first, last in matcher.get_opcodes():
        for place in range(first, last):
            number = start + place - first
            text = None if operation == "equal" else new[place]
            items.append((number if number < end else None, text))
    return items


def _block_list(source: DeckText, node: SequenceNode, items: list[Item]) -> Splice:
    text, regions = source.text, source.items(node)
    dash = " " * source.column(node.start) + "- "
    kept: dict[int, str | None] = {}
    new: dict[int, list[str]] = {number: [] for number in range(-1, len(node))}
    last = -1
    for place, item in items:
        if place is None:
            new[last].append(dash + yaml_writing.scalar(item or "", flow=False))
        else:
            last, kept[place] = place, item

    out = source.join(new[-1])
    for number, (start, end) in enumerate(regions):
        if number in kept:
            item, spot = kept[number], node.spot(number)
            if item is None:
                out += text[start:end]
            elif source.is_block_text(spot) or spot.start == spot.end:
                out += source.join([dash + yaml_writing.scalar(item, flow=False)])
            else:
                written = yaml_writing.scalar(item, flow=False, like=text[spot.start : spot.end])
                out += text[start : spot.start] + written + text[spot.end : end]
            out += source.join(new[number])
        if number + 1 < len(regions):
            out += text[end : regions[number + 1][0]]
    return Splice(regions[0][0], regions[-1][1], out)


def _flow_splice(
    source: DeckText,
    node: MappingNode | SequenceNode,
    spans: list[tuple[int, int]],
    entries: list[Entry],
) -> Splice:
    """Return the splice that gives a flow collection other entries than those at `spans`."""
    text, start, end = source.text, node.start + 1, node.end - 1
    if not entries:
        return Splice(start, end, "")
    if not spans:
        return Splice(start, start, ", ".join(entry for _, entry in entries))
    gaps = [text[before:after] for (_, before), (after, _) in pairwise(spans)]
    usual = next((gap for gap in gaps if _SEPARATOR.fullmatch(gap)), ", ")
    out = text[start : spans[0][0]]
    for place, (number, entry) in enumerate(entries):
        if place:
            out += gaps[number - 1] if number else usual
        out += entry
    return Splice(start, end, out + text[spans[-1][1] : end])


def extend_flow(
    source: DeckText,
    node: MappingNode | SequenceNode,
    new: Iterable[str],
    without: Container[int] = (),
) -> Splice:
    """Return the splice that adds entries to a flow collection, or drops some.

    Args:
        source: The text.
        node: The collection.
        new: The new entries, as written.
        without: The numbers of entries to drop.
    """
    spans = [(spot.key, spot.end) for spot in node.each_spot()]
    entries: list[Entry] = [
        (number, source.text[start:end])
        for number, (start, end) in enumerate(spans)
        if number not in without
    ]
    return _flow_splice(source, node, spans, [*entries, *((None, entry) for entry in new)])


def insert_into_flow(
    source: DeckText, node: MappingNode | SequenceNode, new: Sequence[Iterable[str]]
) -> Splice:
    """Return the splice that puts entries between those of a flow collection.

    Args:
        source: The text.
        node: The collection.
        new: The new entries, as written: those before each old one, and those after the last.
    """
    spans = [(spot.key, spot.end) for spot in node.each_spot()]
    entries: list[Entry] = []
    for number, texts_before in enumerate(new):
        entries += [(None, text) for text in texts_before]
        entries += [(number, source.text[start:end]) for start, end in spans[number : number + 1]]
    return _flow_splice(source, node, spans, entries)
