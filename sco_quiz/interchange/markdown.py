"""Cards in Markdown: `Q:` and `A:`, `C:` with gaps, or `front :: back`, `?` and `==gaps==`.

A file with a line that begins with `Q:`, `C:`, `Question:`, `Statement:` or `Text:` is read by such
lines; any other by the signs within its paragraphs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.interchange.cloze import adapted
from sco_quiz.interchange.material import Deck, Material, Note, Remark, check_number, items
from sco_quiz.learning.kinds import KINDS
from sco_quiz.library.kinds import COMMON, NOTE_KEYS, SHAPES, every_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAMES = {name: name.replace("_", " ").capitalize() for name in NOTE_KEYS} | {
    "front": "Q", "back": "A", "text": "C",
}  # fmt: skip
"""How each field is called."""
_OF_NAMES = {name: field for field, name in _NAMES.items()} | {"Text": "text"}
_STARTS = tuple(dict.fromkeys(spec.prompt for spec in KINDS.values()))
"""The fields with which a note begins."""
_FIELD = re.compile(rf"({'|'.join(sorted(_OF_NAMES, key=len, reverse=True))}):(?:[ \t]+|$)")
_START = re.compile(
    rf"(?:{'|'.join(name for name, field in _OF_NAMES.items() if field in _STARTS)}):(?:[ \t]|$)",
    re.MULTILINE,
)
_RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,})[ \t]*")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_OWN = {
    start: {key for kind, shape in SHAPES.items() if kind.spec.prompt == start for key in shape.own}
    for start in _STARTS
}
"""The fields that may follow, besides those of every note: a back may well hold `Answers:`."""
_FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*\n(.*?)\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"(?:deck|title|name)[ \t]*[:=][ \t]*[\"']?(.*?)[\"']?[ \t]*", re.IGNORECASE)
_ITEM = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(.*)")
_SIDES = re.compile(r"(.*?\S)[ \t]*(:{2,3})[ \t]*(\S.*)")
_CODE = re.compile(r"(?<!`)(`++).*?(?<!`)\1(?!`)")
_GAP = re.compile(r"==(?=\S)([^=\n]*[^=\s])==")
_BRACKETS = re.compile(r"(?<![\\!\]])\[([^\[\]]+)\](?![(\[:])")
_TAG_LINE = re.compile(r"(?:#[^\s#]+[ \t]*)+")
_SCHEDULE = re.compile(r"<!--SR:.*?-->|<!--ID:.*?-->|\^[a-z0-9]{6}$")


def read(text: str) -> Material:
    """The notes of a Markdown text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    reader = _ByLines if _START.search(text) else _BySigns
    return reader().read(text)


class _Reader:
    """What both ways of reading share: titles, and what is no card."""

    def __init__(self) -> None:
        self.material = Material()
        self._title = ""
        self._notes: list[Note] = []
        self._strays: list[int] = []
        self._headings = self._number = 0

    def read(self, text: str) -> Material:
        """The notes of a text whose lines end in newlines only."""
        first = 1
        if match := _FRONT_MATTER.match(text):
            for line in match[2].split("\n"):
                if title := _TITLE.fullmatch(line):
                    self._title = title[1]
            first += text.count("\n", 0, match.end())
            text = text[match.end() :]
        self._read(text.split("\n"), first)
        self._end_deck()
        if self._strays:
            many = len(self._strays)
            self.material.skipped.append(
                Remark(
                    f"line {self._strays[0]}" + f" and {many - 1:,} more" * (many > 1),
                    "a paragraph that is no card",
                )
            )
        if self._headings:
            self.material.lossy.append(Remark("", "headings within a deck are not kept"))
        return self.material

    def _read(self, lines: list[str], first: int) -> None:
        raise NotImplementedError

    def _head(self, match: re.Match[str]) -> None:
        if len(match[1]) == 1 and match[2]:
            self._end_deck()
            self._title = match[2]
        else:
            self._headings += 1

    def _add_note(self, note: Note) -> None:
        self._notes.append(note)
        self._number += 1
        check_number(self._number)

    def _end_deck(self) -> None:
        if self._notes:
            self.material.decks.append(Deck(self._title, self._notes))
            self._notes = []


class _ByLines(_Reader):
    """Notes whose fields begin with their names."""

    def _read(self, lines: list[str], first: int) -> None:
        self._fields: dict[str, list[str]] = {}
        self._kind = self._field = fence = ""
        self._start = 0
        blank = True
        for number, line in enumerate(lines, first):
            match = None if fence else _FIELD.match(line)
            name = _OF_NAMES[match[1]] if match else ""
            if match and name in _STARTS:
                self._end_note()
                self._start, self._kind, self._field = number, name, name
                self._fields[name] = [line[match.end() :]]
            elif match and self._takes(name):
                self._field = name
                self._fields[name] = [line[match.end() :]]
            elif not fence and _RULE.fullmatch(line):
                self._end_note()
            elif not fence and (heading := _HEADING.fullmatch(line)):
                self._end_note()
                self._head(heading)
            elif self._field:
                self._fields[self._field].append(line if fence else _unguarded(line))
            elif line.strip() and blank:
                self._strays.append(number)
            blank = not line.strip()
            fence = _fence_after(line[match.end() :] if match else line, fence)
        self._end_note()

    def _takes(self, name: str) -> bool:
        return bool(self._kind) and name not in self._fields and (
            name in COMMON or name in _OWN[self._kind]
        )  # fmt: skip

    def _end_note(self) -> None:
        if self._fields:
            fields: dict[str, str | list[str]] = {}
            for name, lines in self._fields.items():
                text = "\n".join(lines).strip()
                if every_field()[name].several:
                    fields[name] = _listed(text)
                elif text:
                    fields[name] = _with_gaps(text) if name == "text" else text
            key = fields.get("id", "")
            self._add_note(Note(fields, str(key), f"line {self._start}"))
        self._fields = {}
        self._kind = self._field = ""


def _listed(text: str) -> list[str]:
    """Items one on a line, with or without a dash; on a single line, by commas."""
    lines = items(text)
    if len(lines) == 1 and not _ITEM.fullmatch(lines[0]):
        return [each.strip() for each in lines[0].split(",") if each.strip()]
    return [match[1].strip() if (match := _ITEM.fullmatch(line)) else line for line in lines]


def _with_gaps(text: str) -> str:
    if "{{" in text:
        return adapted(text)[0]
    marked = _gaps(text)
    return marked if marked != text else _BRACKETS.sub(r"{{\1}}", text)


def _gaps(text: str) -> str:
    return _GAP.sub(r"{{\1}}", text)


class _BySigns(_Reader):
    """Notes that are paragraphs with a sign in them."""

    def _read(self, lines: list[str], first: int) -> None:
        self._tags: list[str] = []
        self._schedules = 0
        block: list[str] = []
        start = first
        fence = ""
        for number, line in enumerate([*lines, ""], first):
            heading = None if fence else _HEADING.fullmatch(line)
            ends = not fence and (not line.strip() or heading or _RULE.fullmatch(line))
            if ends:
                self._block(block, start)
                block, start = [], number + 1
                if heading:
                    self._head(heading)
            else:
                block.append(line)
            fence = _fence_after(line, fence)
        self._block(block, start)
        if self._schedules:
            self.material.lossy.append(
                Remark("", "due dates of Obsidian are not kept; the cards are new")
            )

    def _block(self, block: list[str], start: int) -> None:
        if not block:
            return
        if len(block) == 1 and _TAG_LINE.fullmatch(block[0].strip()):
            self._tags = _tags_in(block[0])
            return
        lines = [_SCHEDULE.sub("", line).rstrip() for line in block]
        self._schedules += lines != [line.rstrip() for line in block]
        plain = list(_outside_code(lines))
        signs = [number for number, line in enumerate(plain) if line.strip() in {"?", "??"}]
        if signs:
            at = signs[0]
            both = lines[at].strip() == "??"
            self._add("\n".join(lines[:at]), "\n".join(lines[at + 1 :]), start, both=both)
            return
        left: list[int] = []
        found = False
        for number, line in enumerate(lines):
            sides = _SIDES.fullmatch(plain[number]) if "::" in plain[number] else None
            if sides is not None and "{{" not in line:
                item = _ITEM.match(line)
                front, back = line[: sides.end(1)], line[sides.start(3) :]
                if item and item.start(1) < sides.end(1):
                    front = front[item.start(1) :]
                self._add(front, back, start + number, both=len(sides[2]) == 3)
                found = True
            elif line.strip():
                left.append(number)
        text = "\n".join(lines[number] for number in left).strip()
        gaps = adapted(text)[0] if "{{" in text else _gaps(text)
        if gaps != text or "{{" in text:
            self._note({"text": gaps}, start)
        elif left and (found or text):
            self._strays.append(start + left[0])

    def _add(self, front: str, back: str, line: int, *, both: bool) -> None:
        fields: dict[str, str | list[str]] = {"front": front.strip(), "back": back.strip()}
        if both:
            fields["reverse"] = "true"
        self._note(fields, line)

    def _note(self, fields: dict[str, str | list[str]], line: int) -> None:
        said = {name: value for name, value in fields.items() if value}
        if self._tags:
            said["tags"] = list(self._tags)
        self._add_note(Note(said, "", f"line {line}"))


def _tags_in(line: str) -> list[str]:
    """`#flashcards/capitals` tags cards with `capitals`."""
    tags = [tag.removeprefix("#") for tag in line.split()]
    tags = [tag.removeprefix("flashcards").strip("/") for tag in tags]
    return [tag for tag in tags if tag]


def _outside_code(lines: list[str]) -> Iterator[str]:
    """The lines with spaces in the place of code."""
    fence = ""
    for line in lines:
        before, fence = fence, _fence_after(line, fence)
        code = bool(before or fence)
        yield " " * len(line) if code else _CODE.sub(lambda match: "x" * len(match[0]), line)


def write(decks: Iterable[Deck]) -> str:
    """Decks as Markdown that reads back the same; each begins with a heading."""
    parts = []
    for deck in decks:
        parts.append(f"# {' '.join(deck.title.split())}")
        parts += [_written(note) for note in deck.notes]
    return "\n\n".join(parts) + "\n"


def _written(note: Note) -> str:
    lines = []
    fields = [name for name in NOTE_KEYS if name in note.fields]
    for name in sorted(fields, key=lambda name: (name not in _STARTS, name in COMMON)):
        value, label = note.fields[name], _NAMES[name]
        if isinstance(value, list):
            lines.append(f"{label}:")
            lines += [f"- {' '.join(item.split())}" for item in value]
        else:
            first, *rest = value.strip().split("\n")
            lines.append(f"{label}: {first}")
            lines += _guarded_lines(rest, first)
    return "\n".join(lines)


def _guarded_lines(lines: list[str], first: str) -> Iterator[str]:
    """Lines of a text, with a backslash before what would begin something else."""
    fence = _fence_after(first, "")
    for line in lines:
        yield line if fence and not _FENCE.match(line) else _guarded(line)
        fence = _fence_after(line, fence)


def _guarded(line: str) -> str:
    bare = line.lstrip("\\")
    begins = _FIELD.match(bare) or _RULE.fullmatch(bare) or _HEADING.fullmatch(bare)
    return "\\" + line if begins else line


def _unguarded(line: str) -> str:
    """A line as it was before the backslash was put before it."""
    return line[1:] if line.startswith("\\") and _guarded(line[1:]) == line else line


def _fence_after(line: str, fence: str) -> str:
    """The fence of the block of code that is open after a line; empty outside of one."""
    match = _FENCE.match(line)
    if match is None:
        return fence
    if not fence:
        return match[1]
    return "" if match[1].startswith(fence) and not line.strip().strip(fence[0]) else fence
