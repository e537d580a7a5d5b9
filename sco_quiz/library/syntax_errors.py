"""Explains to authors of decks why a file is not UTF-8 or not YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.library.diagnostics import quote
from sco_quiz.text import clean

if TYPE_CHECKING:
    from yaml import MarkedYAMLError

_UTF_16_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_SAVE_AS_UTF_8 = "save it as UTF-8 in your editor"

_LINE = re.compile(r"[^\r\n]*")
_LONE_KEY = re.compile(r"\s*(?:- +)*[^\s:#\"'\[{]+")
_NO_SPACE = re.compile(r"\s*(?:- +)*([\w-]+):(?=[^\s:/])")
_NO_SPACE_AFTER_DASH = re.compile(r"\s*-[a-z_]+:\s")
_ENTRY = re.compile(r"\s*(?:- +)*[\w-]+:\s+")
_BEFORE_KEY = re.compile(r"\s*(?:- +)*")
_BEFORE_VALUE = re.compile(r"\s*(?:- +)*(?:[\w-]+:\s+)?")

_QUOTE_IT = "put the text in quotes"
_LINE_UP = "line up the keys of a note under each other, and the `-` of the notes too"


class Explanation(NamedTuple):
    """A mistake in a file, its place, and its remedy.

    Attributes:
        message: A description of the mistake, one line.
        at: Its index in the text (in the bytes, if they are not UTF-8).
        help: The remedy, one line.
    """

    message: str
    at: int
    help: str


def explain_bytes(data: bytes) -> Explanation | None:
    """Explain why bytes are not UTF-8 text; return None if they are."""
    if data.startswith(_UTF_16_32) or b"\x00" in data[:2]:
        return Explanation("the file is UTF-16 or UTF-32, not UTF-8", 0, _SAVE_AS_UTF_8)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        at = error.start
        return Explanation(
            f"the byte 0x{data[at]:02X} at offset {at:,} is not UTF-8", at, _SAVE_AS_UTF_8
        )
    return None


def explain_yaml(error: MarkedYAMLError, text: str) -> Explanation:
    """Explain a parser's error: the mistake behind it, its likely place, and its remedy."""
    problem = error.problem or "it cannot be parsed"
    # A mistake at the end of the file is shown at the end of its last line.
    at = min(error.problem_mark.index if error.problem_mark else 0, len(text.rstrip()))
    opened = error.context_mark.index if error.context_mark else at
    context = error.context or ""

    if "mapping values are not allowed" in problem:
        return _explain_colon(text, at)
    if "tab character" in problem or text.startswith("\t", at):
        return Explanation("a tab indents this line", at, "indent with spaces")
    if "cannot start any token" in problem:
        return _explain_start(text, at)
    if "quoted scalar" in context and ("end of stream" in problem or "indicator" in problem):
        return Explanation(
            f"the quotation mark {text[opened : opened + 1]} is not closed", opened,
            "close it; where it belongs to the text, put the whole text in the other quotes",
        )  # fmt: skip
    if "escape" in problem or "hex" in problem:
        backslash = max(text.rfind("\\", 0, at + 1), 0)
        return Explanation(
            f"{quote(text[backslash : backslash + 2])} and what follows is no character", backslash,
            "write two backslashes, or put the text in single quotes",
        )  # fmt: skip
    if "scanning an a" in context or "a tag" in context or "tag handle" in problem:
        return _explain_start(text, opened)  # an alias, an anchor, a tag
    if "expected node content" in problem or "the node content" in problem:
        return _explain_start(text, at)
    if "keys are not allowed" in problem:
        return _explain_start(text, at)
    if "entries are not allowed" in problem:
        return Explanation(
            "a list cannot start on the line of its key", at,
            "start it on the next line; put a text that begins with - in quotes",
        )  # fmt: skip
    if "block scalar" in context:
        return Explanation(
            "nothing can follow the sign that starts a text of several lines", at,
            "start the text on the next line, or put it in quotes",
        )  # fmt: skip
    if "unexpected ':'" in problem:
        return Explanation("a colon inside a list or mapping", at, _QUOTE_IT)
    if "flow" in context:
        return _explain_unclosed(text, opened)
    if "could not find expected ':'" in problem:
        return missing_space(text, opened) or Explanation(
            "this line has no `key:`", opened, "write `key: value`; indent what continues a text"
        )
    if "block collection" in context:
        return _explain_stray(text, at, "a list item does not start with `-`")
    if "block mapping" in context:
        return _explain_stray(text, at, "this line's indentation fits nothing above it")
    if "document start" in problem:
        return Explanation("text after the end of the document", at, "delete the line `...`")
    if "directive" in context or "document" in problem or "directive" in problem:
        start = _line_start(text, at)
        return Explanation("a line that starts with % is no part of a deck", start, "delete it")
    return Explanation(
        f"this is not valid YAML: {problem}", at,
        "look at the indentation and the quotes of this line and of the one above",
    )  # fmt: skip


def _explain_colon(text: str, at: int) -> Explanation:
    start = _line_start(text, at)
    if _LONE_KEY.fullmatch(text, start, at):
        above = text.rfind("\n", 0, max(start - 1, 0)) + 1
        key = _BEFORE_KEY.match(text, start)
        if start and _NO_SPACE_AFTER_DASH.match(text, above):
            dash = text.index("-", above)
            return Explanation("a space is missing after the `-`", dash, "write `- front: …`")
        return missing_space(text, above if start else at) or Explanation(
            "this line is not indented like the one it belongs to",
            key.end() if key else at,
            _LINE_UP,
        )
    return Explanation("a colon and a space inside a text", at, _advise_quotes(text, at))


def missing_space(text: str, at: int) -> Explanation | None:
    """Explain that the line around an index starts with `key:value`; None if it does not."""
    entry = _NO_SPACE.match(text, _line_start(text, at))
    if entry is None:
        return None
    return Explanation(
        "a space is missing after the colon", entry.end() - 1, f"write `{entry[1]}: …`"
    )


def _explain_stray(text: str, at: int, otherwise: str) -> Explanation:
    """Explain text in the place of a key or list item; `otherwise` if its line does not."""
    start = _line_start(text, at)
    before = text[start:at].rstrip()
    if before.endswith(('"', "'")):
        return Explanation(
            "text after a closing quotation mark", at,
            "put the whole text in the other quotes, or look for a quotation mark left open above",
        )  # fmt: skip
    if before.endswith(("]", "}")) and (value := _BEFORE_VALUE.match(text, start)):
        return _explain_start(text, value.end())
    return Explanation(otherwise, at, _LINE_UP)


def _explain_unclosed(text: str, opened: int) -> Explanation:
    if text.startswith("{{", opened - 1):
        return _explain_start(text, opened - 1)
    bracket = text[opened : opened + 1]
    closing = "]" if bracket == "[" else "}"
    return Explanation(
        f"the {bracket} is not closed, or a comma is missing", opened,
        f"end it with {closing}; put a text with any of [ ] {{ }} , : in quotes",
    )  # fmt: skip


def _explain_start(text: str, at: int) -> Explanation:
    return Explanation(
        f"a text cannot start with {quote(text[at : at + 1])}", at, _advise_quotes(text, at)
    )


def _advise_quotes(text: str, at: int) -> str:
    """Return advice to put the value around an index in quotes; a short value is shown quoted."""
    start = _line_start(text, at)
    entry = _ENTRY.match(text, start)
    line = _LINE.match(text, start)
    if entry is None or line is None or entry.end() > at or len(line[0]) > 100:
        return _QUOTE_IT
    value = clean(text[entry.end() : line.end()].strip(), multiline=False)
    if '"' in value or "\\" in value:
        return f"{_QUOTE_IT}: '" + value.replace("'", "''") + "'"
    return f'{_QUOTE_IT}: "{value}"'


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
