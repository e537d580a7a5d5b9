"""Reads YAML into data in which every scalar is text and every value knows its place.

It builds the data from libyaml's events. The composer of libyaml crashes the process on deep
nesting, and PyYAML's constructors make numbers, dates and truth values of what an author wrote as
words; events have neither fault, and cost a fraction of the time.
"""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeAlias

from yaml import MarkedYAMLError, SafeLoader
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)
from yaml.reader import ReaderError

from sco_quiz.library.diagnostics import Problems, TextLines, TooManyProblems, quote
from sco_quiz.library.nodes import MappingNode, Node, SequenceNode
from sco_quiz.library.syntax_errors import explain_bytes, explain_yaml, missing_space

if TYPE_CHECKING:
    from collections.abc import Iterator

try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML without libyaml: the same events, ten times slower
    CParser = None  # type: ignore[assignment,misc]

_Event: TypeAlias = Any
"""An event of YAML; the type stubs have events without marks, which no parser makes."""

MAX_BYTES = 64 * 2**20
MAX_DEPTH = 32
MAX_EVENTS = 2_000_000
"""Some 150,000 notes, and two seconds of reading."""
_LOOK_AHEAD = 1024
"""The longest text that YAML allows a key that is not marked by `?`."""

_BOM = b"\xef\xbb\xbf"
_CONTROL = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_A_DECK = "a deck starts with `deck: Its title`; its notes follow under `cards:`"


class Reading(NamedTuple):
    """The result of reading a file.

    Attributes:
        lines: Its text, without a byte order mark; all places are indexes of it.
        root: Its data; None if it is not one mapping of well-formed YAML.
        problems: The problems so far; later checks add to them.
    """

    lines: TextLines
    root: MappingNode | None
    problems: Problems


def read(data: bytes) -> Reading:
    """Read a YAML file that is one mapping.

    Reading goes on after repeated keys, anchors, aliases and tags, which are noted as problems: the
    first of two values counts, and an alias is read as its own text.
    """
    data = data.removeprefix(_BOM)
    problems = Problems(TextLines(data.decode(errors="replace")))
    root = None
    with suppress(_Stop, TooManyProblems):
        root = _build(data, problems)
    return Reading(problems.lines, root, problems)


def _build(data: bytes, problems: Problems) -> MappingNode | None:
    text = problems.lines.text
    if len(data) > MAX_BYTES:
        problems.add(
            "E101", f"the file has {len(data):,} bytes; a deck may have {MAX_BYTES:,}", 0,
            help="split the deck into several files",
        )  # fmt: skip
        return None
    undecodable = explain_bytes(data)
    if undecodable is not None:
        at = len(data[: undecodable.at].decode())
        problems.add("E103", undecodable.message, at, help=undecodable.help)
        return None
    try:
        return _Builder(data, problems).document()
    except StopIteration:
        problems.add(
            "E114", f"the file holds more than {MAX_EVENTS:,} values", 0,
            help="split the deck into several files",
        )  # fmt: skip
    except ReaderError:
        control_character = _CONTROL.search(text)
        at = control_character.start() if control_character else 0
        problems.add(
            "E104", f"the control character U+{ord(text[at]):04X} cannot stand in a deck", at,
            help="delete it, or write it as an escape in double quotes",
        )  # fmt: skip
    except MarkedYAMLError as error:
        mistake = _find_opened(_find_mistake(error, problems), text)
        message, at, way_out = explain_yaml(mistake, text)
        if not problems.errors_within(at, at + 1):  # else it is a consequence of that error
            problems.add("E105", message, at, help=way_out)
    return None


def _find_mistake(error: MarkedYAMLError, problems: Problems) -> MarkedYAMLError:
    """Return the error that a parser of any version would report first.

    A parser scans a part of a line before it yields the collections that start there. It may meet a
    mistake in that part or, from libyaml 0.2.6 on, give up at its own limit of depth.

    Raises:
        _Stop, TooManyProblems: Collections are nested too deeply before it, which is noted.
    """
    text = problems.lines.text
    marks = (error.context_mark, error.problem_mark)
    at = min((mark.index for mark in marks if mark), default=0)
    looked_through = text[max(at - _LOOK_AHEAD, 0) : at]
    if looked_through.count("[") + looked_through.count("{") <= MAX_DEPTH:
        return error
    before = Problems(TextLines(text[:at]))
    try:
        _Builder(text[:at].encode(), before).document()
    except MarkedYAMLError as mistake:
        if "nesting depth" in (error.problem or ""):
            return mistake
    except StopIteration:
        pass  # too many values before it
    except (_Stop, TooManyProblems):
        problems.found += before.found[len(problems.found) :]  # the first ones are the same
        raise
    return error


def _find_opened(error: MarkedYAMLError, text: str) -> MarkedYAMLError:
    """Return an error that names the opening bracket which the end of the file leaves open.

    A parser that expects a value there names only the end, which may be a line after the last.
    """
    at = error.problem_mark.index if error.problem_mark else 0
    if "node content" not in (error.problem or "") or text[at:].strip():
        return error
    opened: list[_Event] = []
    with suppress(MarkedYAMLError):
        for event in _events(text.encode()):
            if isinstance(event, CollectionStartEvent):
                opened.append(event)
            elif isinstance(event, CollectionEndEvent):
                opened.pop()
    # A pair in a list is a mapping too, without a bracket.
    marks = [event.start_mark for event in opened if text[event.start_mark.index] in "[{"]
    if not marks:
        return error
    return MarkedYAMLError("in a flow collection", marks[-1], "the file ends", error.problem_mark)


def _events(data: bytes) -> Iterator[_Event]:
    parser = SafeLoader(data.decode()) if CParser is None else CParser(data)
    return iter(parser.get_event, None)


class _Stop(Exception):  # noqa: N818
    """The rest of the file cannot be read; the problem is noted already."""


class _Builder:
    """Makes data of the events of one file."""

    def __init__(self, data: bytes, problems: Problems) -> None:
        self._next = islice(_events(data), MAX_EVENTS).__next__
        self._text = problems.lines.text
        self._problem = problems.add

    def document(self) -> MappingNode | None:
        self._next()
        if type(self._next()) is StreamEndEvent:
            self._problem("E113", "the file is empty", 0, help=_A_DECK)
            return None
        event = self._next()
        start: int = event.start_mark.index
        if type(event) is not MappingStartEvent:
            if (missing := missing_space(self._text, start)) is not None:
                self._problem("E105", missing.message, missing.at, help=missing.help)
            else:
                self._problem("E113", "this is not a deck", start, help=_A_DECK)
            return None
        self._refuse_anchor_and_tag(event)
        root = self._mapping(event, 1)
        self._next()
        event = self._next()
        if type(event) is not StreamEndEvent:
            self._problem(
                "E112", "a second document starts here", event.start_mark.index,
                event.end_mark.index, help="put each deck in a file of its own",
            )  # fmt: skip
        return root

    def _mapping(self, event: _Event, depth: int) -> MappingNode:
        if depth > MAX_DEPTH:
            self._stop_for_depth(event)
        result = MappingNode()
        result.start = end = event.start_mark.index
        spots: list[int] = []
        result.spots = spots
        next_event = self._next
        while True:
            key = next_event()
            kind = type(key)
            if kind is not ScalarEvent:
                if kind is MappingEndEvent:
                    break
                self._refuse_key(key, depth)
                value = next_event()
                end = _end(self._node(value, depth), value)
                continue
            name = key.value
            if key.tag is not None or key.anchor is not None:
                self._refuse_anchor_and_tag(key)
            value = next_event()
            kind = type(value)
            node: Node
            if kind is ScalarEvent and value.tag is None and value.anchor is None:
                node = value.value
                end = value.end_mark.index
            else:
                node = self._node(value, depth)
                end = _end(node, value)
            if name in result:
                self._problem(
                    "E110", f"{quote(name)} is given twice; the first counts",
                    key.start_mark.index, key.end_mark.index, help="delete one of them",
                )  # fmt: skip
                continue
            result[name] = node
            spots += key.start_mark.index, value.start_mark.index, end
        result.end = key.end_mark.index if event.flow_style else end
        return result

    def _sequence(self, event: _Event, depth: int) -> SequenceNode:
        if depth > MAX_DEPTH:
            self._stop_for_depth(event)
        result = SequenceNode()
        result.start = end = event.start_mark.index
        spots: list[int] = []
        result.spots = spots
        next_event = self._next
        while True:
            item = next_event()
            kind = type(item)
            if kind is ScalarEvent and item.tag is None and item.anchor is None:
                result.append(item.value)
                end = item.end_mark.index
            elif kind is SequenceEndEvent:
                break
            else:
                node = self._node(item, depth)
                result.append(node)
                end = _end(node, item)
            spots += item.start_mark.index, end
        result.end = item.end_mark.index if event.flow_style else end
        return result

    def _node(self, event: _Event, depth: int) -> Node:
        """Return any value inside a collection of a depth."""
        kind = type(event)
        if kind is AliasEvent:
            at = event.start_mark.index
            self._problem(
                "E107", "an alias; a deck has none and writes each text out", at,
                event.end_mark.index, help="put a text that begins with * in quotes",
            )  # fmt: skip
            return f"*{event.anchor}"
        self._refuse_anchor_and_tag(event)
        if kind is ScalarEvent:
            text: str = event.value
            return text
        if kind is MappingStartEvent:
            return self._mapping(event, depth + 1)
        return self._sequence(event, depth + 1)

    def _refuse_anchor_and_tag(self, event: _Event) -> None:
        """Note a problem for the anchor and the tag of a value."""
        start = event.start_mark.index
        if event.anchor is not None:
            at = max(start, self._text.find("&", start))
            self._problem(
                "E108", f"an anchor, {quote('&' + event.anchor)}", at, at + len(event.anchor) + 1,
                help="delete it; put a text that begins with & in quotes",
            )  # fmt: skip
        if event.tag is not None:
            at = max(start, self._text.find("!", start))
            self._problem(
                "E109", "a tag; a deck has none, since each value is text", at,
                help="delete it; put a text that begins with ! in quotes",
            )  # fmt: skip

    def _refuse_key(self, event: _Event, depth: int) -> None:
        """Note a problem for a key that is no text, and for what is in it."""
        start = event.start_mark.index
        key = self._node(event, depth)
        if isinstance(key, str):  # an alias, noted already
            return
        braces = self._text.startswith("{{", start - 1)
        self._problem(
            "E111", f"a key must be text, not {'a mapping' if isinstance(key, dict) else 'a list'}",
            start, key.end,
            help='put a text with {{ }} in quotes: "{{…}}"' if braces else "write `key: value`",
        )  # fmt: skip

    def _stop_for_depth(self, event: _Event) -> NoReturn:
        self._problem(
            "E106", f"more than {MAX_DEPTH} lists and mappings inside each other",
            event.start_mark.index, help="put a text that begins with [, { or - in quotes",
        )  # fmt: skip
        raise _Stop


def _end(node: Node, event: _Event) -> int:
    end: int = event.end_mark.index if isinstance(node, str) else node.end
    return end
