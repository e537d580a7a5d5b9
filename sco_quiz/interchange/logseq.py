"""Logseq's outlines: a block with `#card` asks, the blocks below it are the answer.

Source: https://docs.logseq.com/#/page/flashcards. Properties, among them those of its schedule, are
left out.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.interchange.markdown_text import Files, fence_after, page_of, with_files
from sco_quiz.interchange.material import Deck, Material, Note, Remark, check_number
from sco_quiz.vocabulary import many

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sco_quiz.interchange.material import Field

_CARD = re.compile(r"(?<!\S)(?:#card\b(?!/)|#\[\[card\]\]|\[\[card\]\])")
_CLOZE = re.compile(r"\{\{cloze[ :]+((?:[^{}]|\{(?!\{)|\}(?!\})){1,5000}?)\}\}")
_BLOCK = re.compile(r"([ \t]*)[-*+](?:[ \t]+(.*)|)")
_PROPERTY = re.compile(r"[ \t]*([A-Za-z][\w./-]{0,60})::(?:[ \t]+(.*))?")
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
        _CARD.search(line) and _BLOCK.fullmatch(line) for line in start.splitlines()
    )


class _Block:
    """A block of an outline: its lines, those of its properties, and the blocks below it."""

    __slots__ = ("below", "indent", "lines", "number", "properties")

    def __init__(self, number: int, indent: int, first: str) -> None:
        self.number = number
        self.indent = indent
        self.lines = [first] if first else []
        self.properties: dict[str, str] = {}
        self.below: list[_Block] = []

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


def read(text: str, path: Path = Path("page.md")) -> Material:
    """The notes of a page."""
    material, files = Material(), Files(path)
    page = page_of(text)
    root = _outline(page.lines, page.first)
    title = root.properties.get("title", page.title)
    notes: list[Note] = []
    due = length = 0
    for block in _walked(root):
        due += "card-next-schedule" in block.properties
        fields = _fields(block)
        if fields is None:
            continue
        length += sum(len(value) for value in fields.values())
        if length > _MOST_TEXT:
            raise DeckError("its blocks are nested too deeply", "split it into parts")
        tags = [*page.tags, *_tags_of(block)]
        where = f"line {block.number}"
        said, reasons = with_files(files, fields, _PROMPTS)
        material.lossy += [Remark(where, reason) for reason in reasons]
        said = {name: value for name, value in said.items() if value}
        if tags:
            said["tags"] = list(dict.fromkeys(tags))
        notes.append(Note(said, block.properties.get("id", ""), where))
        check_number(len(notes))
    deck = root.properties.get("deck", title).replace("/", "::")
    material.decks = [Deck(deck, notes)] if notes else []
    material.media = files.taken
    if due:
        told = f"{many(due, 'due date')} of Logseq not kept; the cards are new"
        material.lossy.append(Remark("", told))
    return material


def _outline(lines: Sequence[str], first: int) -> _Block:
    """The blocks of a page, below one for the page itself."""
    root = _Block(first, -1, "")
    stack = [root]
    fence = drawer = ""
    for number, line in enumerate(lines, first):
        bare = line.strip()
        match = None if fence else _BLOCK.fullmatch(line.expandtabs(2))
        if drawer:
            drawer = "" if bare == ":END:" else drawer
            continue
        if bare == ":LOGBOOK:" and not fence:
            drawer = bare
            continue
        if match:
            indent = len(match[1])
            while stack[-1].indent >= indent:
                stack.pop()
            block = _Block(number, indent, match[2] or "")
            stack[-1].below.append(block)
            stack.append(block)
            fence = fence_after(match[2] or "", fence)
            continue
        if not fence and (found := _PROPERTY.fullmatch(line)):
            stack[-1].properties[found[1].casefold()] = (found[2] or "").strip()
            continue
        inner = line.expandtabs(2)
        cut = min(len(inner) - len(inner.lstrip(" ")), max(stack[-1].indent, 0) + 2)
        stack[-1].lines.append(inner[cut:])
        fence = fence_after(inner[cut:], fence)
    return root


def _walked(root: _Block) -> Iterator[_Block]:
    waiting = list(reversed(root.below))
    while waiting:
        block = waiting.pop()
        yield block
        waiting += reversed(block.below)


def _fields(block: _Block) -> dict[str, Field] | None:
    """Return the card in a block; None if there is none."""
    text = block.text
    has_gaps = _CLOZE.search(text) is not None
    if not has_gaps and not _CARD.search(text):
        return None
    bare = _TODO.sub("", _TAG.sub("", _CARD.sub("", text)).strip(), count=1).strip()
    below = _shown_below(block)
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


def _tags_of(block: _Block) -> list[str]:
    found = [one or other for one, other in _TAG.findall(block.text)]
    listed = [each.strip("#[] ") for each in block.properties.get("tags", "").split(",")]
    return [each.replace(" ", "-") for each in [*found, *listed] if each and each != "card"]


def _shown_below(block: _Block) -> str:
    """The blocks below a block as a list; a single one as it is."""
    if len(block.below) == 1 and not block.below[0].below:
        return block.below[0].text
    lines = []
    waiting = [(0, each) for each in reversed(block.below)]
    while waiting:
        depth, each = waiting.pop()
        if each.text:
            first, *others = each.text.split("\n")
            lines.append("  " * depth + f"- {first}")
            lines += ["  " * (depth + 1) + other for other in others]
        waiting += [(min(depth + 1, 16), below) for below in reversed(each.below)]
    return "\n".join(lines)
