"""RemNote's outlines: signs within a block stand between what is asked and its answer.

`>>` asks forward, `<<` backward, `<>` and `::` both ways; after `;;` stands what the block above it
is, or has. A sign at the end of a block makes those below it the answer.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.interchange.markdown import find_stray_paragraphs, highlights_as_gaps
from sco_quiz.interchange.markdown_text import Files, outside_code, page_of, with_files
from sco_quiz.interchange.material import ForeignDeck, ForeignNote, Material, check_number, placed
from sco_quiz.interchange.outline import Block, outline, shown_below

if TYPE_CHECKING:
    from sco_quiz.interchange.material import Field

_SIGN = re.compile(r"(.*?\S)[ \t](>>>|>>|<<|<>|;;;?|:::?)(?:[ \t]+(\S(?s:.*))|[ \t]*)")
_OWN = re.compile(r"[ \t]*[-*+][ \t]+\S.*[ \t](?:>>>?|<<|<>|;;;?)(?:[ \t]|$)")
_BULLET = re.compile(r"[ \t]*[-*+][ \t]+\S")
_GAP = re.compile(r"\{\{((?:[^{}\n]){1,500})\}\}(?:\{\(\d+\)\})?")
_PROMPTS = frozenset({"front", "text"})
_BOTH = frozenset({"<>", "::"})
_LOOKED_AT = 200_000
_MOST_TEXT = 30_000_000
"""Characters of all answers together; one card below another has its text in both."""


def fits(text: str) -> bool:
    """Tell whether a text is an outline with RemNote's own signs in a part of its blocks."""
    lines = list(outside_code(text[:_LOOKED_AT].splitlines()))
    bullets = [line for line in lines if _BULLET.match(line)]
    signs = sum(_SIGN.fullmatch(line) is not None for line in bullets)
    return signs > 1 and 4 * signs >= len(bullets) and any(map(_OWN.match, bullets))


def read(text: str, path: Path = Path("page.md")) -> Material:
    """The notes of an outline."""
    material, files = Material(), Files(path)
    page = page_of(text)
    root = outline(page.lines, page.first)
    notes: list[ForeignNote] = []
    length = 0
    unread = []
    waiting = [(each, "") for each in reversed(root.below)]
    while waiting:
        block, above = waiting.pop()
        match = _SIGN.fullmatch(block.text)
        waiting += [(each, match[1] if match else block.text) for each in reversed(block.below)]
        fields = _fields(block, match, above)
        if fields is None:
            if not block.below and block.text:
                unread.append(block.number)
            continue
        if match and not match[3]:
            del waiting[len(waiting) - len(block.below) :]
        length += sum(len(value) for value in fields.values())
        if length > _MOST_TEXT:
            raise DeckError("its blocks are nested too deeply", "split it into parts")
        where = f"line {block.number}"
        said, left = with_files(files, fields, _PROMPTS)
        material.lossy += placed(where, left)
        if page.tags:
            said["tags"] = list(page.tags)
        notes.append(ForeignNote(said, "", where))
        check_number(len(notes))
    material.decks = [ForeignDeck(page.title, notes)] if notes else []
    material.skipped = find_stray_paragraphs(unread)
    material.media = files.taken
    return material


def _fields(block: Block, match: re.Match[str] | None, above: str) -> dict[str, Field] | None:
    if match is None:
        text = _GAP.sub(r"{{\1}}", highlights_as_gaps(block.text))
        return {"text": text} if "{{" in text else None
    asked, sign = match[1], match[2]
    told = match[3] or shown_below(block)
    if sign.startswith(";;") and above:
        asked = f"{above}: {asked}"
    fields: dict[str, Field] = {"front": asked, "back": told}
    if sign == "<<":
        fields = {"front": told, "back": asked}
    return fields | ({"reverse": "true"} if sign in _BOTH else {})
