"""Logseq's outlines: a block with `#card` asks, the blocks below it are the answer.

Source: https://docs.logseq.com/#/page/flashcards. Properties, among them those of its schedule, are
left out.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.interchange.markdown_text import Files, page_of, with_files
from sco_quiz.interchange.material import (
    ForeignDeck,
    ForeignNote,
    Material,
    Remark,
    check_number,
    placed,
)
from sco_quiz.interchange.outline import BULLET, Block, outline, shown_below, walked
from sco_quiz.numbers_and_times import many

if TYPE_CHECKING:
    from sco_quiz.interchange.material import Field

_CARD = re.compile(r"(?<!\S)(?:#card\b(?!/)|#\[\[card\]\]|\[\[card\]\])")
_CLOZE = re.compile(r"\{\{cloze[ :]+((?:[^{}]|\{(?!\{)|\}(?!\})){1,5000}?)\}\}")
_TAG = re.compile(r"(?<!\S)#(?:\[\[([^\[\]]{1,100})\]\]|([^\s#\[\]]{1,100}))")
_TODO = re.compile(r"(?:TODO|DONE|DOING|NOW|LATER|WAITING)[ ]+")
_HINT = re.compile(r"[ ]*\\\\[ ]*")
_PROMPTS = frozenset({"front", "text"})
_LOOKED_AT = 200_000
_MOST_TEXT = 30_000_000
"""Characters of all answers together; one card below another has its text in both."""


def fits(text: str) -> bool:
    """Tell whether a text is an outline with cards."""
    start = text[:_LOOKED_AT]
    return _CLOZE.search(start) is not None or any(
        _CARD.search(line) and BULLET.fullmatch(line) for line in start.splitlines()
    )


def read(text: str, path: Path = Path("page.md")) -> Material:
    """The notes of a page."""
    material, files = Material(), Files(path)
    page = page_of(text)
    root = outline(page.lines, page.first)
    title = root.properties.get("title", page.title)
    notes: list[ForeignNote] = []
    due = length = 0
    for block in walked(root):
        due += "card-next-schedule" in block.properties
        fields = _fields(block)
        if fields is None:
            continue
        length += sum(len(value) for value in fields.values())
        if length > _MOST_TEXT:
            raise DeckError("its blocks are nested too deeply", "split it into parts")
        tags = [*page.tags, *_tags_of(block)]
        where = f"line {block.number}"
        said, left = with_files(files, fields, _PROMPTS)
        material.lossy += placed(where, left)
        said = {name: value for name, value in said.items() if value}
        if tags:
            said["tags"] = list(dict.fromkeys(tags))
        notes.append(ForeignNote(said, block.properties.get("id", ""), where))
        check_number(len(notes))
    deck = root.properties.get("deck", title).replace("/", "::")
    material.decks = [ForeignDeck(deck, notes)] if notes else []
    material.media = files.taken
    if due:
        told = f"{many(due, 'due date')} of Logseq not kept; the cards are new"
        material.lossy.append(Remark("", told))
    return material


def _fields(block: Block) -> dict[str, Field] | None:
    """Return the card in a block; None if there is none."""
    text = block.text
    has_gaps = _CLOZE.search(text) is not None
    if not has_gaps and not _CARD.search(text):
        return None
    bare = _TODO.sub("", _TAG.sub("", _CARD.sub("", text)).strip(), count=1).strip()
    bare = bare.lstrip("#").lstrip() if bare.startswith("#") else bare
    below = shown_below(block)
    if has_gaps:
        fields: dict[str, Field] = {"text": _CLOZE.sub(_gap, bare)}
        return fields | ({"explain": below} if below else {})
    fields = {"front": bare, "back": below}
    if block.properties.get("direction", "") in {"<->", "bidirectional", "two-sided"}:
        fields["reverse"] = "true"
    return fields


def _gap(match: re.Match[str]) -> str:
    answer, *hint = _HINT.split(match[1].strip(), maxsplit=1)
    return "{{" + answer + (f"::{hint[0]}" if hint and hint[0] else "") + "}}"


def _tags_of(block: Block) -> list[str]:
    found = [one or other for one, other in _TAG.findall(block.text)]
    listed = [each.strip("#[] ") for each in block.properties.get("tags", "").split(",")]
    return [each.replace(" ", "-") for each in [*found, *listed] if each and each != "card"]
