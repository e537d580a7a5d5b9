"""Notes of a deck's text, found by what people call them."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from sco_quiz.errors import UsageError
from sco_quiz.library.nodes import Mapping
from sco_quiz.library.questions import PROMPT_KEYS
from sco_quiz.library.source import Source

if TYPE_CHECKING:
    from sco_quiz.library.nodes import Node

_PROMPTS = frozenset(PROMPT_KEYS.values())
_LINES_NAMED = 5


def find_note(text: str, wanted: str) -> int:
    """The line of a note named by its id, its number in the deck (from 1), or part of its prompt.

    Args:
        text: The deck.
        wanted: The name; case and spacing of a part of a prompt do not count.

    Raises:
        DeckError: The text is no deck.
        UsageError: No note is called that, or more than one.
    """
    source = Source(text)
    notes = [note for note in source.notes if isinstance(note, Mapping)]
    for note in notes:
        if note.get("id") == wanted:
            return source.line(note.start)
    if wanted.isdecimal() and 0 < int(wanted) <= len(notes):
        return source.line(notes[int(wanted) - 1].start)
    part = _folded(wanted)
    found = [note for note in notes if any(part in prompt for prompt in _prompts(note))]
    if len(found) == 1:
        return source.line(found[0].start)
    if found:
        lines = [str(source.line(note.start)) for note in found[:_LINES_NAMED]]
        more = ", …" if len(found) > _LINES_NAMED else ""
        raise UsageError(
            f"{len(found)} prompts have {wanted!r}, those on lines {', '.join(lines)}{more}",
            "write more of the prompt, or the number or the id of the note",
        )
    ids = [name for note in notes if isinstance(name := note.get("id"), str)]
    close = get_close_matches(wanted, ids, n=1)
    raise UsageError(
        f"none of the deck's {len(notes)} notes is called {wanted!r}",
        (f"did you mean {close[0]!r}? " if close else "")
        + "name a note by its id, its number or part of its prompt",
    )


def _prompts(note: Mapping) -> list[str]:
    return [_folded(value) for key, value in note.items() if key in _PROMPTS]


def _folded(value: Node) -> str:
    return " ".join(value.split()).casefold() if isinstance(value, str) else ""
