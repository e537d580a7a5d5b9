"""Our markup, put together piece by piece by whoever reads another."""

from __future__ import annotations

import re
from typing import NamedTuple
from unicodedata import category

from sco_quiz.formula import signs
from sco_quiz.text import plain

_SPECIAL = re.compile(r"[\\`*_\[\]$]")
_ITEM = re.compile(r" *(?:- |[0-9]+\. )")
_MANY_BREAKS = re.compile(r"\n{3,}")
_DEEPEST_LIST = 32
_SPACES = " \n\xa0"


class _Piece(NamedTuple):
    """A stretch of the result.

    Attributes:
        text: What it says.
        kind: "text", in which marks are escaped if need be; "raw", that stays as it is; "item", the
            mark of one; "open" and "close", a sign of emphasis; "pre", a block of code.
    """

    text: str
    kind: str


class MarkupBuilder:
    """Markup in the making. Whatever comes in whatever order, the result is sound."""

    def __init__(self) -> None:
        self._pieces: list[_Piece] = []
        self._open = {"**": 0, "*": 0}
        self._lists: list[int] = []
        self._scripts: list[tuple[str, int]] = []
        self._code = self._pre = 0
        self._code_text: list[str] = []
        self._marked = False

    def __len__(self) -> int:
        """Return the number of pieces so far, to be given to `since`."""
        return len(self._pieces)

    @property
    def in_code(self) -> bool:
        """Tell whether the text that follows is code."""
        return bool(self._code or self._pre)

    @property
    def at_line_start(self) -> bool:
        """Tell whether nothing stands on the line as yet."""
        return not self._pieces or self._pieces[-1].text == "\n"

    def since(self, start: int) -> str:
        """Return the text of the pieces from a number on."""
        return "".join(piece.text for piece in self._pieces[start:])

    def text(self, text: str) -> None:
        """Text in which nothing is markup."""
        self._pieces.append(_Piece(text, "text"))

    def raw(self, text: str, *, marks: bool = True) -> None:
        """Text that stays as it is.

        Args:
            text: What it says.
            marks: Whether it is markup, so that text elsewhere must not look like it.
        """
        self._marked = self._marked or marks
        self._pieces.append(_Piece(text, "raw"))

    def block(self) -> None:
        """A new line, unless one has just begun."""
        if not self._pieces or not self.at_line_start:
            self.line_break()

    def line_break(self) -> None:
        """A new line; emphasis does not reach over it."""
        opened = [mark for mark, depth in self._open.items() if depth]
        for mark in reversed(opened):
            self._pieces.append(_Piece(mark, "close"))
        self._pieces.append(_Piece("\n", "raw"))
        for mark in opened:
            self._pieces.append(_Piece(mark, "open"))

    def emphasis(self, mark: str, *, closing: bool) -> None:
        """The start or the end of `**` or `*`."""
        depth = self._open[mark]
        if closing:
            if depth == 1:
                self._pieces.append(_Piece(mark, "close"))
            self._open[mark] = max(depth - 1, 0)
        else:
            if depth == 0:
                self._marked = True
                self._pieces.append(_Piece(mark, "open"))
            self._open[mark] = depth + 1

    def code(self, *, block: bool, closing: bool) -> None:
        """The start or the end of code."""
        if not closing:
            self._code += not block
            self._pre += block
            return
        self._code = max(self._code - (not block), 0)
        self._pre = max(self._pre - block, 0)
        if not self.in_code:
            self._end_code(block=block)

    def code_text(self, text: str) -> None:
        """Add text to the code."""
        self._code_text.append(text)

    def list(self, *, numbered: bool, closing: bool) -> None:
        """The start or the end of a list."""
        self.block()
        if closing:
            del self._lists[-1:]
        elif len(self._lists) < _DEEPEST_LIST:
            self._lists.append(0 if numbered else -1)

    def item(self) -> None:
        """The start of an item of a list."""
        self.block()
        indent = "  " * max(len(self._lists) - 1, 0)
        if self._lists and self._lists[-1] >= 0:
            self._lists[-1] += 1
            mark = f"{self._lists[-1]}. "
        else:
            mark = "- "
        self._pieces.append(_Piece(indent + mark, "item"))

    def script(self, name: str, *, closing: bool) -> None:
        """The start or the end of what is lowered (`sub`) or raised (`sup`)."""
        if not closing:
            self._scripts.append((name, len(self._pieces)))
            return
        if not self._scripts:
            return
        _, start = self._scripts.pop()
        if self._scripts:
            return  # of several within each other the outermost counts
        inside = self._pieces[start:]
        del self._pieces[start:]
        text = "".join(piece.text for piece in inside if piece.kind in {"text", "raw"})
        small, mark = (signs.SUPERSCRIPTS, "^") if name == "sup" else (signs.SUBSCRIPTS, "_")
        if script := _scripted(text, small, mark):
            self._pieces.append(_Piece(script, "text"))
        self._pieces += [piece for piece in inside if piece.kind in {"open", "close"}]

    def cut(self, start: int) -> str:
        """Take out the pieces from a number on; what they said, as markup."""
        taken = MarkupBuilder()
        taken._pieces, taken._marked = self._pieces[start:], self._marked
        del self._pieces[start:]
        return taken.joined()

    def joined(self) -> str:
        """The markup; what is still open is closed."""
        if self.in_code:
            self._end_code(block=bool(self._pre))
        for mark in reversed([mark for mark, depth in self._open.items() if depth]):
            self._pieces.append(_Piece(mark, "close"))
        if not self._marked:
            return escaped_if_needed(_tidy_lines("".join(piece.text for piece in self._pieces)))
        parts: list[str] = []
        out: list[_Piece] = []
        waiting: list[str] = []  # marks of emphasis after which no text has come yet
        spaces = ""
        for text, kind in self._pieces:
            if kind == "open":
                waiting.append(text)
            elif kind == "close":
                if text in waiting:
                    waiting.remove(text)
                else:
                    out.append(_Piece(text, kind))
            elif kind == "pre":
                parts += [_tidy_lines(_emphasised(out)), text]
                out.clear()
                spaces = ""
            else:
                # Marks of emphasis hold only directly at a word.
                shown = escaped(text) if kind == "text" else text
                bare = shown.strip(_SPACES)
                if not bare:
                    spaces += shown
                    continue
                lead = len(shown) - len(shown.lstrip(_SPACES))
                out += [
                    _Piece(spaces + shown[:lead], "text"),
                    *(_Piece(mark, "open") for mark in waiting),
                    _Piece(bare, kind),
                ]
                waiting.clear()
                spaces = shown[lead + len(bare) :]
        parts.append(_tidy_lines(_emphasised(out)))
        return "\n".join(part for part in parts if part)

    def _end_code(self, *, block: bool) -> None:
        text = "".join(self._code_text).replace("\r\n", "\n")
        self._code_text.clear()
        if not text.strip():
            return
        self._marked = True
        longest = max(map(len, re.findall("`+", text)), default=0)
        if block:
            fence = "`" * max(3, longest + 1)
            self._pieces.append(_Piece(f"{fence}\n{text.strip(chr(10))}\n{fence}", "pre"))
        else:
            ticks = "`" * (longest + 1)
            space = " " if text.startswith("`") or text.endswith("`") else ""
            shown = " ".join(text.split("\n")).strip()
            self._pieces.append(_Piece(f"{ticks}{space}{shown}{space}{ticks}", "raw"))


def escaped(text: str) -> str:
    """Text with a backslash before whatever could be markup."""
    return _SPECIAL.sub(r"\\\g<0>", text) if _SPECIAL.search(text) else text


def escaped_if_needed(text: str) -> str:
    """Text that reads as it is written, with backslashes only if something would be markup."""
    return text if plain(text) == text else escaped(text)


def _scripted(text: str, signs: dict[str, str], mark: str) -> str:
    """A small raised or lowered text; where there are no such characters, in line."""
    bare = text.strip().replace("-", "−")
    if not bare:
        return ""
    if all(char in signs for char in bare):
        return "".join(signs[char] for char in bare)
    return f"{mark}{bare}" if len(bare) == 1 else f"{mark}({text.strip()})"


def _tidy_lines(text: str) -> str:
    """Line ends without spaces around them, but those that indent a line or an item of a list.

    No-break spaces indent, as nobody types them elsewhere; they become plain ones.
    """
    lines = []
    for line in text.split("\n"):
        bare = line.strip(_SPACES)
        indent = line[: len(line) - len(line.lstrip(_SPACES))]
        kept = bool(bare) and (_ITEM.match(line) is not None or "\xa0" in indent[:-1])
        lines.append((indent if kept else "") + bare)
    return _MANY_BREAKS.sub("\n\n", "\n".join(lines).replace("\xa0", " ")).strip()


def _emphasised(pieces: list[_Piece]) -> str:
    """Pieces with their marks of emphasis where these hold: between a word and what is none.

    A mark beside punctuation and a letter is none: the punctuation moves out of the emphasis.
    Source: https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis.
    """
    marks = {"open", "close"}
    texts, groups = [""], list[list[_Piece]]()
    for piece in pieces:
        if piece.kind not in marks:
            texts[-1] += piece.text
        elif piece.text:
            if groups and not texts[-1]:
                groups[-1].append(piece)
            else:
                groups.append([piece])
                texts.append("")
    for number, group in enumerate(groups):
        kinds = {piece.kind for piece in group}
        before, after = texts[number], texts[number + 1]
        if kinds == {"close"} and before and after and _is_word(after[0]):
            texts[number], moved = _without_end(before)
            texts[number + 1] = moved + after
        elif kinds == {"open"} and before and after and _is_word(before[-1]):
            moved, texts[number + 1] = _without_start(after)
            texts[number] += moved
    return _paired(texts, groups)


def _paired(texts: list[str], groups: list[list[_Piece]]) -> str:
    """Texts with the marks between them, but for those that hold nothing, or do not hold."""
    out = [texts[0]]
    opened: list[tuple[str, int]] = []
    for number, group in enumerate(groups):
        before, after = texts[number], texts[number + 1]
        for text, kind in group:
            if kind == "open":
                opened.append((text, len(out)))
                out.append(text)
                continue
            start = next((at for mark, at in reversed(opened) if mark == text), None)
            if start is None:
                continue
            opened = [each for each in opened if each[1] != start]
            empty = not "".join(out[start + 1 :]).strip("*")
            if empty or not _holds(out, start, before, after):
                out[start] = ""
            else:
                out.append(text)
        out.append(after)
    for _, at in opened:
        out[at] = ""
    return "".join(out)


def _holds(out: list[str], start: int, before: str, after: str) -> bool:
    """Tell whether a pair of marks emphasises what stands between them."""
    ahead = "".join(out[max(0, start - 3) : start]).rstrip("*")
    inner = next((each.lstrip("*") for each in out[start + 1 :] if each.strip("*")), "")
    opens = not (ahead and inner and _is_word(ahead[-1]) and not _is_word(inner[0]))
    closes = not (before and after and _is_word(after[0]) and not _is_word(before[-1]))
    return opens and closes


def _is_word(char: str) -> bool:
    """Tell whether a character is neither space nor punctuation."""
    return not char.isspace() and category(char)[0] not in "PS"


def _without_end(text: str) -> tuple[str, str]:
    """A text without the punctuation at its end, and that; code and escapes stay whole."""
    end = len(text)
    while end and category(text[end - 1])[0] in "PS" and text[end - 1] not in "`$*_]":
        if text[end - 2 : end - 1] == "\\":
            break
        end -= 1
    return text[:end], text[end:]


def _without_start(text: str) -> tuple[str, str]:
    """The punctuation at the start of a text, and the rest; code and escapes stay whole."""
    start = 0
    while start < len(text) and category(text[start])[0] in "PS" and text[start] not in "`$*_[\\!":
        start += 1
    return text[:start], text[start:]
