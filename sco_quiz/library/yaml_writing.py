"""Writes values as YAML that looks as an author would write it.

A text stays without quotes only if readers of every YAML version read it as that text, or as a
number or date that is written in the same characters: `1977` stays, `no`, `012` and `1:30` get
quotes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sco_quiz.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

Value: TypeAlias = str | bool | Sequence[str]
"""The value of a field of a note."""

WIDTH = 100
"""The most characters in a line, if the value can be divided into lines."""

_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")
_NOT_PLAIN = re.compile(r":(?:\s|$)|\s#|\t")
_FLOW_MARKS = re.compile(r"[,\[\]{}:?]")
_WORDS = frozenset(
    "~ null y n yes no true false on off = << .inf +.inf .nan".split()  # noqa: SIM905
)
_LIKE_A_NUMBER = re.compile(
    r"[-+.]?[0-9][0-9a-fox_.:+-]*|[-+.]+|\d{4}-\d\d?-\d\d?[t\s].*", re.IGNORECASE
)
_CANONICAL = re.compile(r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{0,14}[1-9])?|[0-9]{4}-(?:0[1-9]|1[0-2])")
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_FOLD_AT = re.compile(r"(?<=\S) (?=\S)")
_HEADER = re.compile(r"[|>]-?(?=\s)")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


class Flag(str):
    """A truth value, which needs no quotes."""

    __slots__ = ()


class WrittenValue(NamedTuple):
    """A value as written after its key.

    Attributes:
        head: The part on the line of the key; may be empty.
        body: The lines after that, indented, without line ends.
    """

    head: str
    body: tuple[str, ...] = ()


def normal(value: Value) -> str | list[str]:
    """Return a value as stripped texts that a file can hold and that read back the same."""
    if isinstance(value, bool):
        return Flag("true" if value else "false")
    if isinstance(value, str):
        if value.isprintable():  # which no line end is, and no lone surrogate
            return value.strip()
        text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        return _LONE_SURROGATES.sub(lambda match: clean(match[0]), text)
    return [str(normal(item)) for item in value]


def scalar(text: str, *, flow: bool, like: str = "") -> str:
    """Return a text on one line.

    Args:
        text: The text.
        flow: True if it stands within brackets or braces.
        like: The text that it replaces, as written; its quotes are kept.
    """
    if isinstance(text, Flag):
        return text
    needs_escapes = clean(text) != text or "\n" in text or "\t" in text
    if not like.startswith(("'", '"')) and not needs_escapes and _is_plain(text, flow=flow):
        return text
    if not needs_escapes and (
        like.startswith("'") or ("'" not in text and re.search(r'["\\]', text))
    ):
        return "'" + text.replace("'", "''") + "'"
    if text.isprintable():
        return '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'
    return '"' + "".join(map(_escape, text)) + '"'


def _is_plain(text: str, *, flow: bool) -> bool:
    if not text or text[0] in _INDICATORS or text != text.strip() or _NOT_PLAIN.search(text):
        return False
    if flow and _FLOW_MARKS.search(text):
        return False
    if _CANONICAL.fullmatch(text) or (_DATE.fullmatch(text) and _is_in_calendar(text)):
        return True
    return text.casefold() not in _WORDS and not _LIKE_A_NUMBER.fullmatch(text)


def _is_in_calendar(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable() or clean(char) == char:
        return char
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def flow_list(items: Sequence[str]) -> str:
    """Return a list on one line."""
    return f"[{', '.join(scalar(item, flow=True) for item in items)}]"


def flow_mapping(fields: Mapping[str, str | list[str]]) -> str:
    """Return a mapping on one line."""
    return f"{{{', '.join(flow_entry(key, value) for key, value in fields.items())}}}"


def flow_entry(key: str, value: str | list[str]) -> str:
    """Return a key and its value within braces."""
    return f"{scalar(key, flow=True)}: {flow_value(value)}"


def flow_value(value: str | list[str], like: str = "") -> str:
    """Return a value within braces."""
    return scalar(value, flow=True, like=like) if isinstance(value, str) else flow_list(value)


def block_entry(key: str, value: str | list[str], indent: int, list_offset: int) -> list[str]:
    """Return the lines of a key and its value in a block mapping.

    Args:
        key: The key.
        value: Its value.
        indent: The column (from 0) of the mapping's keys.
        list_offset: The further indentation, in columns, of the `-` of lists.
    """
    name = _key(key)
    head, body = block_value(value, indent, list_offset, used=indent + len(name) + 2)
    return [f"{' ' * indent}{name}: {head}".rstrip(), *body]


@lru_cache  # the same few in each note
def _key(key: str) -> str:
    return scalar(key, flow=False)


def block_value(
    value: str | list[str], indent: int, list_offset: int, *, used: int, like: str = ""
) -> WrittenValue:
    """Return a value of a block mapping; a short one stands on the line of the key.

    Args:
        value: The value.
        indent: The column of the mapping's keys.
        list_offset: The further indentation, in columns, of the `-` of lists.
        used: The number of characters that the key takes on its line.
        like: The value that it replaces, as written.
    """
    if isinstance(value, list):
        line = flow_list(value)
        if used + len(line) <= WIDTH and not any("\n" in item for item in value):
            return WrittenValue(line)
        dash = " " * (indent + list_offset) + "- "
        return WrittenValue("", tuple(dash + scalar(item, flow=False) for item in value))
    margin = " " * (indent + 2)
    header = _HEADER.match(like)
    if "\n" in value and _is_literal(value):
        head = header[0] if header and like.startswith("|") else "|-"
        return WrittenValue(head, tuple((margin + line).rstrip() for line in value.split("\n")))
    line = scalar(value, flow=False, like="" if header else like)
    if used + len(line) > WIDTH and not like.startswith(("'", '"')):
        lines = _folded(value, WIDTH - len(margin))
        if len(lines) > 1:
            head = header[0] if header and like.startswith(">") else ">-"
            return WrittenValue(head, tuple(margin + line for line in lines))
    return WrittenValue(line)


def _is_literal(text: str) -> bool:
    """Return True if a text of several lines looks the same in a literal block."""
    return clean(text) == text and not any(line.endswith((" ", "\t")) for line in text.split("\n"))


def _folded(text: str, width: int) -> list[str]:
    """Return the lines of a folded block for a text of one line; one if it cannot be folded."""
    if clean(text) != text or "\n" in text or "\t" in text:
        return [text]
    lines: list[str] = []
    for word in _FOLD_AT.split(text):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines
