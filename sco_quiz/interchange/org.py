"""Org-mode: headings that are cards for org-drill, org-fc or Anki, or else all with a text.

Sources: https://orgmode.org/worg/org-contrib/org-drill.html,
https://www.leonrische.me/fc/card_types.html, https://github.com/anki-editor/anki-editor.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.interchange.markdown import find_stray_paragraphs
from sco_quiz.interchange.markdown_text import Files, with_files
from sco_quiz.interchange.material import (
    ForeignDeck,
    ForeignNote,
    Material,
    Remark,
    check_number,
    check_tags,
    placed,
)
from sco_quiz.interchange.outline import check_levels, walked
from sco_quiz.numbers_and_times import many

if TYPE_CHECKING:
    from collections.abc import Callable

    from sco_quiz.interchange.material import Field

_HEADING = re.compile(r"(\*+)[ \t]+(.*)")
_TAGS_BEHIND = re.compile(r":((?:[\w@#%-]+:)+)")
_KEYWORD = re.compile(r"#\+([A-Za-z_]+):[ \t]*(.*)", re.IGNORECASE)
_PROPERTY = re.compile(r"[ \t]*:([\w@#%+-]+):[ \t]*(.*?)[ \t]*")
_DRAWER = re.compile(r"[ \t]*:([A-Z_-]+):[ \t]*", re.IGNORECASE)
_PLANNED = re.compile(r"[ \t]*(?:SCHEDULED|DEADLINE|CLOSED):.*")
_BLOCK = re.compile(
    r"[ \t]*#\+begin_(src|example|quote|verse|latex)\b[ \t]*([\w+-]*).*", re.IGNORECASE
)
_BLOCK_END = re.compile(r"[ \t]*#\+end_(?:src|example|quote|verse|latex)\b.*", re.IGNORECASE)
_TODO = re.compile(r"(?:TODO|DONE|NEXT|WAITING)[ ]+|\[#[A-Z]\][ ]+")
_DRILL_GAP = re.compile(r"(?<!\[)\[(?![\[\]])([^\[\]\n]{1,300})\](?!\])")
_FC_GAP = re.compile(r"\{\{([^{}]{1,500})\}(?:\{([^{}]{0,200})\})?(?:@[0-9]{1,3})?\}")
_ANKI_GAP = re.compile(r"\{\{c[0-9]+::")
_LINK = re.compile(r"\[\[([^\[\]\n]{1,500})\](?:\[([^\[\]\n]{1,500})\])?\]")
_MARKED = tuple(
    (
        re.compile(
            rf"(?<![\w{sign}]){sign}(?=\S)([^\n{sign}]{{1,500}}?)(?<=\S){sign}(?![\w{sign}])"
        ),
        made,
    )
    for sign, made in ((r"\*", r"**\1**"), ("/", r"*\1*"), ("_", r"\1"), (r"\+", r"\1"))
)  # fmt: skip
_CODE = re.compile(r"(?<![\w=~])([=~])(?=\S)([^\n]{1,500}?)(?<=\S)\1(?![\w=~])")
_GENERIC = frozenset({
    "question", "item", "card", "fact", "topic", "note", "cloze", "drill", "entry", "frage",
    "вопрос", "word", "vocabulary",
})  # fmt: skip
_ANSWERS = frozenset({"answer", "the answer", "back", "answers", "antwort", "ответ", "solution"})
_TAGS_OF_CARDS = frozenset({"drill", "fc", "anki", "leech", "suspended"})
_PROMPTS = frozenset({"front", "text", "question"})
_LOOKED_AT = 200_000
_LONGEST_MARKED = 5_000
"""Characters of a line whose markup is read."""
_MOST_TEXT = 30_000_000
"""Characters of all answers together; one heading below another has its text in both."""
_IMAGES = (
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".webp",
    ".svg",
    ".mp3",
    ".ogg",
    ".wav",
    ".m4a",
    ".flac",
)


def fits(text: str) -> bool:
    """Tell whether a text has org-mode's headings, and properties, tags of cards or a title."""
    start = text[:_LOOKED_AT]
    headings = re.search(r"^\*+ \S", start, re.MULTILINE)
    signs = re.search(
        r"^\*+ .*:(?:drill|fc):|^[ \t]*:PROPERTIES:"
        r"|^#\+(?:title|startup|options|author|begin_src):?",
        start, re.MULTILINE | re.IGNORECASE,
    )  # fmt: skip
    return headings is not None and signs is not None


class _Entry:
    """A heading with what stands below it.

    Attributes:
        level: How deep it is, from 1.
        title: What it says.
        tags: Its own, and those of the headings above it.
        number: The line on which it stands, from 1.
        properties: Its drawer.
        lines: Its text, in our markup.
        below: The headings right below it.
    """

    __slots__ = ("below", "level", "lines", "number", "planned", "properties", "tags", "title")

    def __init__(self, level: int, title: str, tags: list[str], number: int) -> None:
        self.level = level
        self.title = title
        self.tags = tags
        self.number = number
        self.planned = False
        self.properties: dict[str, str] = {}
        self.lines: list[str] = []
        self.below: list[_Entry] = []

    @property
    def text(self) -> str:
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip()

    def whole(self) -> str:
        """Its text, and what stands below it, its headings in bold."""
        parts = [self.text]
        waiting = list(reversed(self.below))
        while waiting:
            each = waiting.pop()
            parts += [f"**{each.title}**", each.text]
            waiting += reversed(each.below)
        return "\n".join(part for part in parts if part)


def read(text: str, path: Path = Path("cards.org")) -> Material:
    """The notes of a text."""
    root = _entries(text)
    reader = _Reader(path)
    entries = list(walked(root))
    if any(_is_card(each) for each in entries):
        for each in entries:
            if _is_card(each):
                reader.card(each)
    else:
        for each in entries:
            if each.text and not each.below:
                reader.note({"front": each.title, "back": each.text}, each)
            elif each.text:
                reader.strays.append(each.number)
    return reader.material(root.title)


def _is_card(entry: _Entry) -> bool:
    return (
        not {"drill", "fc"}.isdisjoint(entry.tags)
        or "FC_TYPE" in entry.properties
        or "ANKI_NOTE_TYPE" in entry.properties
    )


def _entries(text: str) -> _Entry:
    """The headings of a text, below an entry for all of it."""
    root = _Entry(0, "", [], 1)
    stack = [root]
    file_tags: list[str] = []
    drawer = fence = ""
    for number, line in enumerate(text.splitlines(), 1):
        entry = stack[-1]
        if fence:
            ends = _BLOCK_END.fullmatch(line)
            entry.lines.append(fence if ends and fence != ">" else "" if ends else line)
            fence = "" if ends else fence
            continue
        if drawer:
            if line.strip().upper() == ":END:":
                drawer = ""
            elif drawer == "PROPERTIES" and (found := _PROPERTY.fullmatch(line)):
                entry.properties[found[1].upper()] = found[2]
            elif drawer == "REVIEW_DATA":
                entry.planned = True
            continue
        if heading := _HEADING.fullmatch(line):
            level = len(heading[1])
            while stack[-1].level >= level:
                stack.pop()
            words, own = _with_tags(heading[2].strip())
            made = _Entry(level, _marked(_TODO.sub("", words)).strip(), own, number)
            above = [tag for tag in stack[-1].tags if tag not in _TAGS_OF_CARDS]
            made.tags = check_tags([*own, *(above or file_tags)])
            stack[-1].below.append(made)
            stack.append(made)
            check_levels(len(stack))
        elif found := _DRAWER.fullmatch(line):
            drawer = found[1].upper()
        elif _PLANNED.fullmatch(line):
            entry.planned = True
        elif block := _BLOCK.fullmatch(line):
            if block[1].casefold() in {"src", "example"}:
                fence = "```"
                entry.lines.append(f"```{block[2] if block[1].casefold() == 'src' else ''}")
            else:
                fence = ">"
        elif keyword := _KEYWORD.fullmatch(line):
            if keyword[1].casefold() == "title":
                root.title = keyword[2].strip()
            elif keyword[1].casefold() == "filetags":
                file_tags = [tag for tag in re.split(r"[:\s]+", keyword[2]) if tag]
        elif not line.startswith("# ") and not (number == 1 and line.startswith("-*-")):
            entry.lines.append(_marked(line))
    if fence == "```":
        stack[-1].lines.append(fence)
    return root


def _with_tags(heading: str) -> tuple[str, list[str]]:
    """Return the text of a heading, and the tags behind it."""
    *_, last = heading.rsplit(maxsplit=1) or [""]
    if (tags := _TAGS_BEHIND.fullmatch(last)) is None:
        return heading, []
    return heading[: -len(last)].strip(), [tag for tag in tags[1].split(":") if tag]


def _marked(line: str) -> str:
    """A line of org-mode's markup as ours."""
    if len(line) > _LONGEST_MARKED:
        return line
    codes: list[str] = []

    def hide(match: re.Match[str]) -> str:
        codes.append(f"`{match[2]}`")
        return f"\ue200{len(codes) - 1}\ue201"

    def link(match: re.Match[str]) -> str:
        address, label = match[1].removeprefix("file:"), match[2]
        if address.casefold().endswith(_IMAGES):
            return f"![]({address})" if " " not in address else f"![](<{address}>)"
        if label:
            return f"[{label}]({address})" if address.startswith("http") else label
        return address

    line = _CODE.sub(hide, line)
    line = _LINK.sub(link, line)
    if "](" not in line:
        for pattern, made in _MARKED:
            line = pattern.sub(made, line)
    line = re.sub(r"^([ \t]*)\+ ", r"\1- ", line)
    return re.sub("\ue200([0-9]+)\ue201", lambda match: codes[int(match[1])], line)


class _Reader:
    """Makes notes of headings.

    Attributes:
        strays: The lines of texts that are no cards.
    """

    def __init__(self, path: Path) -> None:
        self.strays: list[int] = []
        self._made = Material()
        self._files = Files(path)
        self._notes: dict[str, list[ForeignNote]] = {}
        self._planned = self._count = self._length = 0

    def material(self, title: str) -> Material:
        """Return all notes and files, with remarks on what was left out.

        Args:
            title: Of the deck for notes that name none.
        """
        self._made.decks = [
            ForeignDeck(deck or title, notes) for deck, notes in self._notes.items()
        ]
        self._made.media = self._files.taken
        self._made.skipped += find_stray_paragraphs(self.strays)
        if self._planned:
            told = f"{many(self._planned, 'due date')} of org-mode not kept; the cards are new"
            self._made.lossy.append(Remark("", told))
        return self._made

    def card(self, entry: _Entry) -> None:
        """Make a note of a heading that is a card."""
        kind = entry.properties.get("DRILL_CARD_TYPE", "").casefold()
        form = entry.properties.get("FC_TYPE", "").casefold()
        if "ANKI_NOTE_TYPE" in entry.properties:
            self.note(_of_anki(entry), entry)
        elif form == "cloze" or (not form and _FC_GAP.search(entry.text)):
            self.note(_with_gaps(entry, _FC_GAP, _fc_gap), entry)
        elif kind in {"twosided", "multisided"} and len(entry.below) > 1:
            one, other = entry.below[:2]
            front = one.text if not entry.text else f"{entry.text}\n{one.text}"
            self.note({"front": front, "back": other.text, "reverse": "true"}, entry)
        elif not entry.below and not form and _DRILL_GAP.search(entry.text):
            self.note(_with_gaps(entry, _DRILL_GAP, _drill_gap), entry)
        else:
            self.note(_sided(entry, form), entry)

    def note(self, fields: dict[str, Field], entry: _Entry) -> None:
        """Keep a note."""
        where = f"line {entry.number}"
        self._length += sum(len(value) for value in fields.values())
        if self._length > _MOST_TEXT:
            raise DeckError("its headings are nested too deeply", "split it into parts")
        self._planned += entry.planned or any(
            name.startswith("DRILL_LAST") for name in entry.properties
        )
        said, left = with_files(self._files, fields, _PROMPTS)
        self._made.lossy += placed(where, left)
        said = {name: value for name, value in said.items() if value}
        if tags := [tag for tag in entry.tags if tag not in _TAGS_OF_CARDS]:
            said["tags"] = tags
        key = entry.properties.get("ID", "") or entry.properties.get("ANKI_NOTE_ID", "")
        deck = entry.properties.get("ANKI_DECK", "")
        self._notes.setdefault(deck, []).append(ForeignNote(said, key, where))
        self._count += 1
        check_number(self._count)


def _prompt(entry: _Entry) -> str:
    """Return the note of a heading and the text right below it."""
    if not entry.text:
        return entry.title
    if entry.title.casefold().strip(" :.0123456789#") in _GENERIC or not entry.title:
        return entry.text
    return f"{entry.title}\n{entry.text}"


def _sided(entry: _Entry, form: str) -> dict[str, Field]:
    named = [each for each in entry.below if each.title.casefold() in _ANSWERS]
    answer = named[0] if named else entry.below[0] if entry.below else None
    if answer is None:  # the heading asks, its text is the answer
        fields: dict[str, Field] = {"front": entry.title, "back": entry.text}
    else:
        others = [each for each in entry.below if each is not answer] if named else entry.below[1:]
        back = answer.whole() or ("" if answer.title.casefold() in _ANSWERS else answer.title)
        extra = "\n".join(f"**{each.title}**\n{each.whole()}" for each in others)
        fields = {"front": _prompt(entry), "back": back}
        if extra:
            fields["explain"] = extra
    if form == "double":
        fields["reverse"] = "true"
    if form == "text-input":
        return {"question": fields["front"], "answer": fields["back"]}
    return fields


def _of_anki(entry: _Entry) -> dict[str, Field]:
    """A note for Anki: its fields are the headings below it."""
    by_name = {each.title.casefold(): each.whole() for each in entry.below}
    front = by_name.get("front") or by_name.get("text") or _prompt(entry)
    back = by_name.get("back") or by_name.get("extra") or by_name.get("back extra", "")
    if not by_name:
        front, back = entry.title, entry.text
    if "cloze" in entry.properties["ANKI_NOTE_TYPE"].casefold() or _ANKI_GAP.search(front):
        return {"text": front, "explain": back} if back else {"text": front}
    fields: dict[str, Field] = {"front": front, "back": back}
    if "reversed" in entry.properties["ANKI_NOTE_TYPE"].casefold():
        fields["reverse"] = "true"
    return fields


def _with_gaps(
    entry: _Entry, pattern: re.Pattern[str], gap: Callable[[re.Match[str]], str]
) -> dict[str, Field]:
    extra = "\n".join(each.whole() for each in entry.below)
    fields: dict[str, Field] = {"text": pattern.sub(gap, entry.text)}
    return fields | ({"explain": extra} if extra else {})


def _fc_gap(match: re.Match[str]) -> str:
    return "{{" + match[1] + (f"::{match[2]}" if match[2] else "") + "}}"


def _drill_gap(match: re.Match[str]) -> str:
    answer, _, hint = match[1].partition("||")
    return "{{" + answer.strip() + (f"::{hint.strip()}" if hint.strip() else "") + "}}"
