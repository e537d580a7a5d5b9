"""A note as its fields are written in a form: found again in a file that changed, and merged."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sco_quiz.learning.kinds import KINDS
from sco_quiz.library.contents import notes_of
from sco_quiz.library.kinds import COMMON, as_value, fields_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sco_quiz.learning.kinds import Kind

Note: TypeAlias = "Mapping[str, str | list[str]]"
"""The fields of a note that say something."""
_PROMPTS = frozenset(spec.prompt for spec in KINDS.values())
_ALIKE = 0.6
"""The least share of its letters that a text keeps when it is changed."""


class NoteVersion(NamedTuple):
    """A note as it is or was.

    Attributes:
        kind: How it is asked.
        values: Its fields; several texts stand one a line.
    """

    kind: Kind
    values: Mapping[str, str]


class MergedNote(NamedTuple):
    """The outcome of two changes of a note.

    Attributes:
        kind: How it is asked.
        note: It, with both changes; where they contradict, with the learner's.
        taken: The fields that are as the file has them, and were not so in the form.
        conflicts: For each field that was changed in both to different texts, what the file has.
    """

    kind: Kind
    note: dict[str, str | list[str]]
    taken: tuple[str, ...]
    conflicts: dict[str, str | list[str]]


def merge_versions(before: NoteVersion, mine: NoteVersion, theirs: NoteVersion) -> MergedNote:
    """Merge two changes of a note, field by field.

    Where that makes no note, as they are of different kinds, all of the learner's is kept, and is
    in conflict with the whole other note.

    Args:
        before: What it was before both.
        mine: What the learner made of it.
        theirs: What its file has now.
    """
    old, own, other = (note_of(*each) for each in (before, mine, theirs))
    note: dict[str, str | list[str]] = {}
    taken: list[str] = []
    conflicts: dict[str, str | list[str]] = {}
    for field in {**old, **own, **other}:
        was, is_mine, is_theirs = (each.get(field, "") for each in (old, own, other))
        value = is_mine
        if is_mine == was != is_theirs:
            value = is_theirs
            taken.append(field)
        elif is_theirs not in (is_mine, was):
            conflicts[field] = is_theirs
        if value:
            note[field] = value
    if before.kind is mine.kind is theirs.kind:
        return MergedNote(mine.kind, note, tuple(taken), conflicts)
    kind = kind_of(note)
    if kind is None or conflicts:
        return MergedNote(mine.kind, own, (), {"kind": theirs.kind.spec.name})
    return MergedNote(kind, note, tuple(taken), {})


def find_note_again(before: str, line: int, now: str) -> int | None:
    """Return the line at which a note of a deck starts by now; None if it is not there any more.

    Args:
        before: The text of the deck's file as it was.
        line: The line at which the note started then.
        now: The text as it is.

    Raises:
        DeckError: A text is no deck.
    """
    olds, news = notes_of(before), notes_of(now)
    at = next((at for at, (start, _) in enumerate(olds) if start == line), None)
    if at is None:
        return None
    note = olds[at][1]
    if "id" in note:
        return next((start for start, other in news if other.get("id") == note["id"]), None)
    matcher = SequenceMatcher(
        None, [str(each) for _, each in olds], [str(each) for _, each in news], autojunk=False
    )
    known = {str(each) for _, each in olds}
    for tag, first, end, new_first, new_end in matcher.get_opcodes():
        if first <= at < end:
            if tag == "equal":
                return news[new_first + at - first][0]
            moved = (start for start, other in news if other == note)
            alike = [
                (_likeness(note, other), start)
                for start, other in news[new_first:new_end]
                if str(other) not in known
            ]
            likeness, start = max(alike, default=(0.0, 0))
            return next(moved, start if likeness >= _ALIKE else None)
    return None


def is_reworded(before: Note, now: Note) -> bool:
    """Tell whether a note may be what another has become: alike, and with an answer of it."""
    return _likeness(before, now) >= 1 + _ALIKE


def _likeness(note: Note, other: Note) -> float:
    """Return how many texts two notes share, and how like their prompts are, from 0 to 1."""
    ratio = SequenceMatcher(None, _prompt(note), _prompt(other)).ratio()
    return len(_own_texts(note) & _own_texts(other)) + ratio


def _own_texts(note: Note) -> set[str]:
    """Return what a note says in the fields that not every note has."""
    texts = {
        text
        for field, value in note.items()
        if field not in COMMON
        for text in ([value] if isinstance(value, str) else value)
    }
    return texts - {"true", "false"}


def _prompt(note: Note) -> str:
    return next((str(value) for field, value in note.items() if field in _PROMPTS), "")


def note_of(kind: Kind, values: Mapping[str, str]) -> dict[str, str | list[str]]:
    """The fields of a note as a deck file has them, those left empty or at their default out.

    Args:
        kind: How it is asked.
        values: By field; several texts one a line.
    """
    note: dict[str, str | list[str]] = {}
    for spec in fields_of(kind):
        text = values.get(spec.name, "").strip()
        if spec.several:
            parts = [line.strip() for line in text.split("\n") if line.strip()]
            if parts:
                note[spec.name] = as_value(spec.name, parts)
        elif text and (spec.required or (text,) != spec.choices[:1]):
            note[spec.name] = text
    return note


def as_texts(note: Note) -> dict[str, str]:
    """Return the fields of a note as forms have them: several texts one a line."""
    return {
        field: "\n".join(value) if isinstance(value, list) else value
        for field, value in note.items()
    }
