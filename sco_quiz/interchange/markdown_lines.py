"""Lines of cards in Markdown: how each field is called, what else begins something, and writing.

What was written reads back the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.interchange.material import FIELDS, MEDIA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sco_quiz.interchange.material import Deck, Note

_NAMES = {name: name.replace("_", " ").capitalize() for name in FIELDS} | {
    "front": "Q", "back": "A", "text": "C",
}  # fmt: skip
"""How each field is called."""
OF_NAMES = {name: field for field, name in _NAMES.items()} | {"Text": "text"}
STARTS = ("front", "text", "question", "statement")
"""The fields with which a note begins."""
COMMON = {"id", "hint", "explain", "source", "as_of", "category", "tags", *MEDIA}
"""The fields that every note may have."""
FIELD = re.compile(rf"({'|'.join(sorted(OF_NAMES, key=len, reverse=True))}):(?:[ \t]+|$)")
START = re.compile(r"(?:Q|C|Question|Statement|Text):(?:[ \t]|$)", re.MULTILINE)
RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,})[ \t]*")
HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def write(decks: Iterable[Deck]) -> str:
    """Decks as Markdown that reads back the same; each begins with a heading."""
    parts = []
    for deck in decks:
        parts.append(f"# {' '.join(deck.title.split())}")
        parts += [_written(note) for note in deck.notes]
    return "\n\n".join(parts) + "\n"


def _written(note: Note) -> str:
    lines = []
    fields = [name for name in FIELDS if name in note.fields]
    for name in sorted(fields, key=lambda name: (name not in STARTS, name in COMMON)):
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
    fence = fence_after(first, "")
    for line in lines:
        yield line if fence and not _FENCE.match(line) else _guarded(line)
        fence = fence_after(line, fence)


def _guarded(line: str) -> str:
    bare = line.lstrip("\\")
    begins = FIELD.match(bare) or RULE.fullmatch(bare) or HEADING.fullmatch(bare)
    return "\\" + line if begins else line


def unguarded(line: str) -> str:
    """A line as it was before the backslash was put before it."""
    return line[1:] if line.startswith("\\") and _guarded(line[1:]) == line else line


def fence_after(line: str, fence: str) -> str:
    """The fence of the block of code that is open after a line; empty outside of one."""
    match = _FENCE.match(line)
    if match is None:
        return fence
    if not fence:
        return match[1]
    return "" if match[1].startswith(fence) and not line.strip().strip(fence[0]) else fence
