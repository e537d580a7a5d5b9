"""Cards as signs within paragraphs, as Obsidian has them: `front::back`, `?`, and `==gaps==`.

The signs are those that a vault is set to, if the file lies in one:
https://github.com/st3v3nmw/obsidian-spaced-repetition.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.interchange.cloze import as_own_cloze
from sco_quiz.interchange.markdown import find_stray_paragraphs, highlights_as_gaps
from sco_quiz.interchange.markdown_text import (
    ITEM,
    RULE,
    TAG_LINE,
    Files,
    changed_outside_code,
    fence_after,
    heading_of,
    outside_code,
    page_of,
    tags_of,
    with_files,
)
from sco_quiz.interchange.material import (
    ForeignDeck,
    ForeignNote,
    Material,
    Remark,
    check_number,
    placed,
)
from sco_quiz.numbers_and_times import many

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sco_quiz.interchange.markdown_text import Heading
    from sco_quiz.interchange.material import Field

_SCHEDULE = re.compile(r"<!--\s*SR:.*?-->|<!--\s*ID:.*?-->|\s\^[A-Za-z0-9-]{4,40}$")
_DUE = re.compile(r"<!--\s*SR:|!\d{4}-\d\d-\d\d,")
_FLASHCARDS = re.compile(r"(?<!\S)#(?:flashcards?|cards?)(?:/[^\s#]+)?(?!\S)")
_MARK = " #card"
"""A mark of headings and lines that ask; the text below them is the answer."""
_MARKED = re.compile(r"([-/]reverse)?(?:[-/]spaced)?((?:[ \t]+#[^\s#]+)*)[ \t]*")
_BOLD = re.compile(r"\*\*(?=\S)((?:[^*\n]|\*(?!\*))+?(?<=\S))\*\*")
_SIMPLE_GAP = re.compile(r"==(?=\S)(?:[^=\n]|=(?!=))+?(?<=\S)==(?!=)|\{\{c?[^{}\n]{1,500}\}\}")
_TABLE_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*")
_PROMPTS = frozenset({"front", "text", "question"})
_LOOKED_AT = 200_000


class _Signs(NamedTuple):
    """The signs of a vault.

    Attributes:
        one: Stands between the sides of a card on one line.
        one_both: The same for a card that is also asked the other way round.
        several: Stands alone on a line between sides of several lines.
        several_both: The same for one that is also asked the other way round.
        end: Stands alone on a line after a card of several lines; empty where a blank line does.
        highlights: Whether highlights are gaps.
        bold: Whether what is bold is a gap.
    """

    one: str = "::"
    one_both: str = ":::"
    several: str = "?"
    several_both: str = "??"
    end: str = ""
    highlights: bool = True
    bold: bool = False

    @classmethod
    def of(cls, settings: Mapping[str, object]) -> _Signs:
        """The signs that a vault's settings name."""
        names = {
            "singleLineCardSeparator": "one",
            "singleLineReversedCardSeparator": "one_both",
            "multilineCardSeparator": "several",
            "multilineReversedCardSeparator": "several_both",
            "multilineCardEndMarker": "end",
        }
        said = {
            name: value.strip()[:20]
            for key, name in names.items()
            if isinstance(value := settings.get(key), str) and (value.strip() or name == "end")
        }
        patterns = settings.get("clozePatterns")
        listed = [str(each) for each in patterns] if isinstance(patterns, list) else []
        return cls(
            **said,
            highlights=settings.get("convertHighlightsToClozes", True) is not False,
            bold=settings.get("convertBoldTextToClozes") is True
            or any(each.startswith("**") for each in listed),
        )  # fmt: skip

    def sides(self) -> re.Pattern[str]:
        """Return the pattern of a card on one line: the front, the sign, the back."""
        marks = sorted({self.one_both, self.one}, key=len, reverse=True)
        mark = "|".join(map(re.escape, marks))
        if set(self.one) | set(self.one_both) == {":"}:
            mark += "(?!:)"
        return re.compile(rf"(.*?\S)[ \t]*({mark})[ \t]*(\S.*)")


def fits(text: str) -> bool:
    """Tell whether a text is about cards, or has more of their signs than headings."""
    plain = list(outside_code(page_of(text[:_LOOKED_AT]).lines))
    if any(_FLASHCARDS.search(line) or _asked_in(line) for line in plain):
        return True
    headings = sum(heading_of(line) is not None for line in plain)
    sides = _Signs().sides()
    cards = sum(
        line.strip() in {"?", "??"}
        or ((match := sides.fullmatch(line)) is not None and not _is_word(match))
        for line in plain
        if "::" in line or "?" in line
    )
    if cards:
        return 2 * cards >= headings
    said = sum(bool(line.strip()) for line in plain) - headings
    marked = sum(_SIMPLE_GAP.search(line) is not None for line in plain)
    return marked > 0 and 4 * marked >= said


class _Asked(NamedTuple):
    """A line that is marked as a question.

    Attributes:
        front: What it asks.
        both: Whether it is also asked the other way round.
        tags: What else it is marked with.
    """

    front: str
    both: bool
    tags: list[str]


def _asked_in(line: str) -> _Asked | None:
    """The question that a line is marked as; None if it is not."""
    front, mark, rest = line.partition(_MARK)
    match = _MARKED.fullmatch(rest) if mark else None
    front = front.lstrip("# \t").rstrip()
    return _Asked(front, bool(match[1]), match[2].split()) if match and front else None


def _is_word(match: re.Match[str]) -> bool:
    """Tell whether a sign stands within a name such as `std::vector`, in a sentence or alone."""
    at, end = match.start(2), match.end(2)
    tight = match.string[at - 1 : at].isalnum() and match.string[end : end + 1].isalpha()
    return tight and match.string[end:].count(" ") > 0 and match.string[:at].count(" ") > 3


def read(text: str, path: Path = Path("notes.md")) -> Material:
    """The notes of a Markdown text."""
    return _Reader(path).read(text)


class _Reader:
    """Makes notes of paragraphs with a sign in them."""

    def __init__(self, path: Path) -> None:
        self.material = Material()
        self._files = Files(path)
        self._signs = _Signs.of(self._files.settings())
        self._sides = self._signs.sides()
        self._title = ""
        self._tags: list[str] = []
        self._notes: list[ForeignNote] = []
        self._strays: list[int] = []
        self._headings = self._number = self._due = 0

    def read(self, text: str) -> Material:
        """The notes of a text."""
        page = page_of(text)
        self._title, self._tags = page.title, list(page.tags)
        self._own_tags = page.tags
        block: list[str] = []
        start, fence, goes_on = page.first, "", False
        asked: _Asked | None = None
        for number, line in enumerate([*page.lines, ""], page.first):
            heading = None if fence else heading_of(line)
            tags = heading and TAG_LINE.fullmatch(line.strip())
            sign = not fence and line.strip() in {self._signs.several, self._signs.several_both}
            goes_on = goes_on or (sign and bool(self._signs.end) and bool(block))
            if asked is not None:
                ends = bool(heading) or number == page.first + len(page.lines)
            elif goes_on and not fence:
                ends = line.strip() == self._signs.end
            else:
                ends = not fence and bool(not line.strip() or heading or RULE.fullmatch(line))
            if ends:
                if asked is None:
                    self._block(block, start)
                else:
                    self._answer(asked, block, start - 1)
                block, start, goes_on = [], number + 1, False
                asked = _asked_in(line) if heading else None
                if heading and not tags and asked is None:
                    self._head(heading)
            else:
                block.append(line)
            fence = fence_after(line, fence)
        self._block(block, start)
        self._end_deck()
        self.material.skipped += find_stray_paragraphs(self._strays)
        if self._headings:
            self.material.lossy.append(Remark("", "headings within a deck are not kept"))
        if self._due:
            told = f"{many(self._due, 'due date')} of Obsidian not kept; the cards are new"
            self.material.lossy.append(Remark("", told))
        self.material.media = self._files.taken
        return self.material

    def _head(self, heading: Heading) -> None:
        if heading.level == 1 and heading.title:
            self._end_deck()
            self._title = _FLASHCARDS.sub("", heading.title).strip()
        else:
            self._headings += 1

    def _answer(self, asked: _Asked, lines: Sequence[str], line: int) -> None:
        """Make a note of a line that is marked as a question, and the lines of its answer."""
        tags = [*self._tags, *tags_of(asked.tags)]
        self._due += sum(_DUE.search(each) is not None for each in lines)
        back = "\n".join(_SCHEDULE.sub("", each).rstrip() for each in lines)
        self._add(asked.front, back, line, tags, both=asked.both)

    def _end_deck(self) -> None:
        if self._notes:
            self.material.decks.append(ForeignDeck(self._title, self._notes))
            self._notes = []

    def _block(self, block: Sequence[str], start: int) -> None:
        if not any(line.strip() for line in block):
            return
        if len(block) == 1 and TAG_LINE.fullmatch(block[0].strip()):
            self._tags = list(dict.fromkeys([*self._own_tags, *tags_of(block[0].split())]))
            return
        if len(block) > 1 and (asked := _asked_in(block[0])):
            self._answer(asked, block[1:], start)
            return
        self._due += sum(len(_DUE.findall(line)) > 0 for line in block)
        lines = [_SCHEDULE.sub("", line).rstrip() for line in block]
        if not any(line.strip() for line in lines):
            return
        tags = list(self._tags)
        plain = list(outside_code(lines))
        for place, line in enumerate(plain):
            if found := _FLASHCARDS.findall(line):
                tags += tags_of(found)
                lines[place] = _FLASHCARDS.sub("", lines[place]).rstrip()
                plain[place] = _FLASHCARDS.sub("", line).rstrip()
        signs = {self._signs.several: False, self._signs.several_both: True}
        at = next((place for place, line in enumerate(plain) if line.strip() in signs), None)
        if at is not None:
            front, back = "\n".join(lines[:at]), "\n".join(lines[at + 1 :])
            self._add(front, back, start, tags, both=signs[plain[at].strip()])
            return
        left = []
        found_one = False
        for number, line in enumerate(lines):
            sides = self._sides.fullmatch(plain[number]) if self._signs.one in line else None
            if sides is not None and "{{" not in line and not _is_word(sides):
                front, back = line[: sides.end(1)], line[sides.start(3) :]
                item = ITEM.match(line)
                if item and item.start(1) < sides.end(1):
                    front = front[item.start(1) :]
                both = sides[2] == self._signs.one_both
                self._add(front, back, start + number, tags, both=both)
                found_one = True
            elif line.strip():
                left.append(number)
        text = "\n".join(lines[number] for number in left).strip()
        if not text:
            return
        marked = self._with_gaps(text)
        if marked != text or "{{" in text:
            self._note({"text": marked}, start, tags)
        elif left and (found_one or text):
            self._strays.append(start + left[0])

    def _with_gaps(self, text: str) -> str:
        if "{{" in text:
            return as_own_cloze(text)[0]
        if self._signs.highlights:
            text = changed_outside_code(text, highlights_as_gaps)
        if self._signs.bold:
            text = changed_outside_code(text, lambda part: _BOLD.sub(r"{{\1}}", part))
        return text

    def _add(self, front: str, back: str, line: int, tags: list[str], *, both: bool) -> None:
        fields: dict[str, Field] = {"front": front.strip(), "back": back.strip()}
        if both:
            fields["reverse"] = "true"
        self._note(fields, line, tags)

    def _note(self, fields: dict[str, Field], line: int, tags: list[str]) -> None:
        where = f"line {line}"
        said, left = with_files(self._files, fields, _PROMPTS)
        self.material.lossy += placed(where, left)
        said = {name: value for name, value in said.items() if value}
        if tags:
            said["tags"] = list(dict.fromkeys(tags))
        self._notes.append(ForeignNote(said, "", where))
        self._number += 1
        check_number(self._number)
