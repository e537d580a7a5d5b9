"""Diagnostics of deck files: the problem, its place, and what to do about it."""

from __future__ import annotations

import difflib
import unicodedata
from bisect import bisect_left, insort
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from sco_quiz.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_PROBLEMS = 1000
"""The most problems that are listed for one file."""

CODES = {
    "E101": "The file is too large.",
    "E102": "The file cannot be read.",
    "E103": "The file is not UTF-8.",
    "E104": "The file holds a control character.",
    "E105": "The file is not valid YAML.",
    "E106": "Lists and mappings are nested too deep.",
    "E107": "An alias (`*name`) is used.",
    "E108": "An anchor (`&name`) is used.",
    "E109": "A tag (`!name`) is used.",
    "E110": "A key is given twice.",
    "E111": "A key is not text.",
    "E112": "The file holds more than one document.",
    "E113": "The file is not a deck.",
    "E114": "The file holds too many values or cards.",
    "E115": "The file has too many problems to list.",
    "E201": "A key is unknown.",
    "E202": "A required key is missing.",
    "E203": "A value has the wrong form: a text, a list or a mapping where another is wanted.",
    "E204": "A required value is empty.",
    "E205": "A value is neither `true` nor `false`.",
    "E206": "A number is malformed or out of range.",
    "E207": "An id or the key of a source is malformed.",
    "E208": "A date is malformed or does not exist.",
    "E209": "A web address is malformed.",
    "E210": "A language tag is malformed.",
    "E211": "A text is too long.",
    "E212": "An image or a recording has no name that can be used.",
    "E213": "A list has too many entries.",
    "E301": "A note asks nothing.",
    "E302": "A note lacks a key that its kind needs.",
    "E303": "A note mixes the keys of several kinds.",
    "E304": "An id is used by two notes.",
    "E305": "A cloze text cannot be asked.",
    "E306": "A list has too few entries.",
    "E307": "An answer or a choice is given twice.",
    "E308": "`accept` does not say which deletion it belongs to.",
    "E309": "The deck has no cards.",
    "E310": "Two deck files have the same id.",
    "E311": "The parent of a deck does not exist.",
    "E312": "A deck is below itself.",
    "W401": "Two notes have the same prompt.",
    "W402": "A note repeats another.",
    "W403": "A source is not among the deck's sources.",
    "W404": "Answers or choices are the same but for case, width or spacing.",
    "W405": "A question gives its answer away.",
    "W406": "An unquoted `#` made a comment of what may be text.",
    "W407": "A source is never cited.",
    "W408": "Answers or choices differ only in what does not count, such as an article.",
    "W409": "A fact is older than the chosen age.",
    "W410": "An image or a recording cannot be used.",
    "W411": "The file is a synchroniser's conflict copy.",
    "W412": "A gap may be meant otherwise.",
    "W413": "Two answers of a category are too alike to be told apart.",
    "W414": "An answer in `accept` is right without it.",
    "W415": "A choice stands out by its look.",
}
"""The meaning of every code: E1 for the file, E2 for values, E3 for notes, W4 for warnings.
A code never changes its meaning."""

_WIDTH = 76
_TAB = "    "


class Severity(StrEnum):
    """The severity of a problem: with an error, something cannot be studied."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem of a deck file.

    Lines and columns count from 1; columns count characters; the end is exclusive.

    Attributes:
        code: One of `CODES`.
        message: A description of the problem, one line of clean text.
        line: The line of its first character.
        column: The column of its first character.
        end_line: The line in which it ends.
        end_column: The column before which it ends.
        help: A remedy, one line of clean text; may be empty.
    """

    code: str
    message: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1
    help: str = ""

    @property
    def severity(self) -> Severity:
        """The severity, from the code: E for errors, W for warnings."""
        return Severity.ERROR if self.code.startswith("E") else Severity.WARNING


class TooManyProblems(Exception):  # noqa: N818 -- ends the reading of a file, never reaches a user
    """A file has more than `MAX_PROBLEMS` problems."""


class TextLines:
    """Lines and columns of a text. To ask for places in ascending order costs one pass in all."""

    def __init__(self, text: str) -> None:
        """Take a text whose lines end in newlines or, if it has none, in carriage returns."""
        self.text = text
        self._end = "\r" if "\r" in text and "\n" not in text else "\n"
        self._at = 0
        self._line = 1
        self._start = 0
        self._around = (0, 0)

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column, from 1, of the character at an index."""
        if offset >= self._at:
            passed = self.text.count(self._end, self._at, offset)
        else:
            passed = -self.text.count(self._end, offset, self._at)
        if passed:
            self._line += passed
            self._start = self.text.rfind(self._end, 0, offset) + 1
        self._at = offset
        return self._line, offset - self._start + 1

    def around(self, offset: int) -> tuple[int, int]:
        """Return the start and the end of the line of the character at an index."""
        start, end = self._around
        if not start <= offset < end:
            start = self.text.rfind(self._end, 0, offset) + 1
            end = self.text.find(self._end, offset)
            self._around = start, len(self.text) if end < 0 else end
        return self._around

    def offset(self, line: int, column: int) -> int:
        """Return the index of the character at a line and column, at most the line's end."""
        if line < self._line:
            self._line, self._start = 1, 0
        while self._line < line and (end := self.text.find(self._end, self._start)) >= 0:
            self._line, self._start = self._line + 1, end + 1
        self._at = self._start
        return min(self._start + column - 1, self.around(self._start)[1])


class Problems:
    """Collects the problems of one file."""

    def __init__(self, lines: TextLines) -> None:
        self.lines = lines
        self.found: list[Diagnostic] = []
        self._errors: list[int] = []

    def add(self, code: str, message: str, start: int, end: int = 0, help: str = "") -> None:  # noqa: A002
        """Note a problem of the characters from `start` to before `end` (at least one character).

        Warnings beyond `MAX_PROBLEMS` are dropped.

        Raises:
            TooManyProblems: The list is full; a last problem that says so was added.
        """
        if self.full:
            if code.startswith("W"):
                return
            code, message, help = (  # noqa: A001
                "E115",
                f"more than {MAX_PROBLEMS:,} problems; those from here on are not listed",
                "correct the first ones, then check again",
            )
        if code.startswith("E"):
            insort(self._errors, start)
        line, column = self.lines.position(start)
        end_line, end_column = self.lines.position(end) if end > start else (line, column + 1)
        self.found.append(Diagnostic(code, message, line, column, end_line, end_column, help))
        if code == "E115":
            raise TooManyProblems

    @property
    def full(self) -> bool:
        """True if warnings are dropped from now on."""
        return len(self.found) >= MAX_PROBLEMS

    def errors_within(self, start: int, end: int) -> bool:
        """Return True if an error starts in these characters, or right after them."""
        at = bisect_left(self._errors, start)
        return at < len(self._errors) and self._errors[at] <= end

    def sorted(self) -> list[Diagnostic]:
        """Return the problems in the order of the file."""
        return sorted(self.found, key=lambda problem: (problem.line, problem.column, problem.code))


def quote(text: str) -> str:
    """Return a text of the deck for a message: clean, on one line, cut off if long."""
    shown = clean(text[:200], multiline=False).strip()
    return f"`{shown if len(shown) <= 40 else shown[:39] + '…'}`"


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return the known word, of the first 500, most similar to a misspelt one; None for none."""
    if len(word) > 64:
        return None
    folded = {name.casefold(): name for name in islice(known, 500)}
    similar = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.7)
    return folded[similar[0]] if similar else None


def render(diagnostic: Diagnostic, file: str, lines: TextLines) -> str:
    """Return a problem as lines for a terminal: message and place, the line with a caret, help.

    Args:
        diagnostic: The problem.
        file: The name of the file.
        lines: The file's text. One `TextLines` serves all problems of a file.
    """
    place = f"{clean(file, multiline=False)}:{diagnostic.line}:{diagnostic.column}"
    shown = [f"{place}: {diagnostic.severity}[{diagnostic.code}] {diagnostic.message}"]
    start = lines.offset(diagnostic.line, diagnostic.column)
    first, last = lines.around(start)
    end = last
    if diagnostic.end_line == diagnostic.line:
        end = min(last, start + diagnostic.end_column - diagnostic.column)
    source, carets = _excerpt(lines.text, first, start, end, last)
    if source:
        shown += [f"  | {source}", f"  | {carets}"]
    if diagnostic.help:
        shown.append(f"  help: {diagnostic.help}")
    return "\n".join(shown)


def _excerpt(text: str, first: int, start: int, end: int, last: int) -> tuple[str, str]:
    """Return the part of a line that fits, around a problem, and the carets under it."""
    last = min(last, start + 4 * _WIDTH)  # some characters take no cell
    left = first = max(first, start - 4 * _WIDTH)
    if _cells(text[first:start]) > _WIDTH - 16:
        left, room = start, _WIDTH // 2
        while left > first and (room := room - _cells(text[left - 1])) >= 0:
            left -= 1
    right, room = left, _WIDTH
    while right < last and (room := room - _cells(text[right])) >= 0:
        right += 1
    before = "…" if left > first else ""
    margin = " " * _cells(before + text[left:start])
    carets = "^" * max(1, _cells(text[start : min(end, right)]))
    source = before + _visible(text[left:right]) + ("…" if right < last else "")
    return source.rstrip(), margin + carets


def _visible(text: str) -> str:
    return clean(text.replace("\t", _TAB), multiline=False)


def _cells(text: str) -> int:
    """Return the number of terminal cells that a text takes."""
    return sum(
        0
        if unicodedata.category(char) in {"Mn", "Me", "Cf"}
        else 2
        if unicodedata.east_asian_width(char) in {"W", "F"}
        else 1
        for char in _visible(text)
    )
