"""Notes between START and END in a page, as the plugin Obsidian_to_Anki has them.

Source: https://github.com/Pseudonium/Obsidian_to_Anki/wiki.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.interchange.cloze import as_own_cloze, is_cloze
from sco_quiz.interchange.markdown_text import Files, in_fences, page_of, with_files
from sco_quiz.interchange.material import (
    ForeignDeck,
    ForeignNote,
    Material,
    Remark,
    check_number,
    placed,
)
from sco_quiz.interchange.records import fields_of
from sco_quiz.interchange.side_words import COLUMNS, meaning_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.interchange.material import Field

_TYPE = re.compile(r"[ \t]*\[([^\[\]\n]{1,100})\]")
_ID = re.compile(r"(?:<!--)?\s?ID:[ \t]*(\d{4,20})\s?(?:-->)?")
_FIELD = re.compile(r"([^\W\d_][\w ]{0,40}):(?:[ \t]+|$)")
_FIELD_WITHIN = re.compile(r"(?:(?<=\s)|^)([^\W\d_]\w{0,40}):(?=\s)")
_DECK = re.compile(r"TARGET DECK(?::[ \t]*(\S.*)|[ \t]*)")
_TAGS = re.compile(r"FILE TAGS(?::[ \t]*(\S.*)|[ \t]*)")
_CURLY = re.compile(r"(?<!\{)\{(?:c?(\d{1,3})[:|])?([^{}\n]{1,500})\}(?!\})")
_PROMPTS = frozenset({"front", "text", "question"})
_LOOKED_AT = 200_000


def fits(text: str) -> bool:
    """Tell whether a text has such notes."""
    start = text[:_LOOKED_AT]
    lines = [line.strip() for line in start.splitlines()]
    return ("START" in lines and "END" in lines) or any(
        _within(line) for line in lines if "STARTI" in line
    )


def read(text: str, path: Path = Path("page.md")) -> Material:
    """The notes of a page."""
    page = page_of(text)
    reader = _Reader(path, page.tags)
    block: list[str] | None = None
    begun, outside, fenced = page.first, 0, False
    awaited = ""
    for number, (line, _) in enumerate(in_fences(page.lines), page.first):
        bare = line.strip()
        if block is not None:
            if bare == "END":
                reader.add(block[:1], block[1:], begun)
                block = None
            else:
                block.append(line)
        elif bare == "START":
            block, begun = [], number
        elif "STARTI" in line and (found := _within(line)):
            for kind, said in found:
                reader.add([kind], _split(said), number)
        elif awaited and bare:
            reader.head(awaited, bare)
            awaited = ""
        elif match := _DECK.fullmatch(bare):
            awaited = reader.head("deck", match[1] or "")
        elif match := _TAGS.fullmatch(bare):
            awaited = reader.head("tags", match[1] or "")
        else:
            said_before, fenced = fenced, bool(bare)
            outside += bool(bare) and not said_before
    if block is not None:
        reader.material.skipped.append(Remark(f"line {begun}", "START without END"))
    return reader.end(page.title, outside)


def _within(line: str) -> list[tuple[str, str]]:
    """The notes on a line, each with its type."""
    found = []
    for part in line.split("STARTI")[1:]:
        said, ends, _ = part.partition("ENDI")
        if ends and (match := _TYPE.match(said)):
            found.append((match[1], said[match.end() :]))
    return found


def _split(said: str) -> list[str]:
    """The fields of a note on one line, each on a line of its own."""
    return _FIELD_WITHIN.sub(r"\n\1:", said.strip()).strip().split("\n")


class _Reader:
    """Makes notes of their lines.

    Attributes:
        material: What is left behind.
    """

    def __init__(self, path: Path, tags: Sequence[str]) -> None:
        self.material = Material()
        self._files = Files(path)
        self._tags = list(tags)
        self._deck = ""
        self._notes: list[ForeignNote] = []

    def head(self, name: str, said: str) -> str:
        """Take what a line says of the page; return the name if the next line says it."""
        if not said:
            return name
        if name == "deck":
            self._deck = said
        else:
            self._tags += said.split()
        return ""

    def add(self, kind: Sequence[str], lines: Sequence[str], line: int) -> None:
        """Make a note of its type and its lines."""
        type_ = "".join(kind).strip().casefold()
        names: list[str] = []
        values: dict[str, list[str]] = {}
        key, tags = "", list(self._tags)
        name = ""
        for each in lines:
            if match := _ID.search(each):
                key = match[1]
                each = _ID.sub("", each)  # noqa: PLW2901 -- the rest of the line
                if not each.strip():
                    continue
            if each.startswith("Tags:"):
                tags += each.removeprefix("Tags:").replace(",", " ").split()
                continue
            field = _FIELD.match(each)
            if field and (meaning_of(field[1]) in COLUMNS or not values):
                name = field[1]
                each = each[field.end() :]  # noqa: PLW2901
            elif not values:
                name = "Text" if "cloze" in type_ else "Front"
            if name not in values:
                names.append(name)
            values.setdefault(name, []).append(each)
        said: dict[str, Field] = {}
        for place, name in enumerate(names):
            meaning = meaning_of(name)
            if meaning not in COLUMNS:
                meaning = ("front", "back")[place] if place < 2 else "explain"
            text = "\n".join(values[name]).strip()
            before = said.get(meaning, "")
            said[meaning] = f"{before}\n{text}".strip() if isinstance(before, str) else text
        self._note(said, type_, line, key, tags)

    def _note(
        self, said: dict[str, Field], type_: str, line: int, key: str, tags: Sequence[str]
    ) -> None:
        where = f"line {line}"
        asked = next(
            (said[name] for name in ("text", "front") if isinstance(said.get(name), str)), ""
        )
        if isinstance(asked, str) and ("cloze" in type_ or is_cloze(asked)):
            text = asked if "{{" in asked else _CURLY.sub(r"{{\2}}", asked)
            said = {name: each for name, each in said.items() if name not in {"text", "front"}}
            more = said.pop("back", "")
            said = {"text": as_own_cloze(text)[0]} | ({"explain": more} if more else {}) | said
        elif "front" in said and "reverse" in type_ and "optional" not in type_:
            said["reverse"] = "true"
        fields, left = with_files(self._files, fields_of(said), _PROMPTS)
        self.material.lossy += placed(where, left)
        if tags:
            fields["tags"] = list(dict.fromkeys(tags))
        self._notes.append(ForeignNote(fields, key, where))
        check_number(len(self._notes))

    def end(self, title: str, outside: int) -> Material:
        """All that was made; paragraphs outside of notes are told by their number."""
        if self._notes:
            self.material.decks = [ForeignDeck(self._deck or title, self._notes)]
        if outside:
            told = f"{outside:,} paragraph{'s' * (outside > 1)} outside of START and END left out"
            self.material.lossy.append(Remark("", told))
        self.material.media = self._files.taken
        return self.material
