"""Edits a deck's text, note by note, and leaves every other character as it is.

A note is a mapping of keys to texts, truth values and lists of texts, as in the deck format. A note
of the deck is named by the line on which it starts. A change is written in the style of the file's
author: indentation, list style, line ends and quotes are those of its neighbours; comments, and
fields whose value stays, keep their look. A new note goes after the last note and the comments
below it that are indented like its fields; all other comments at the end of a file stay there.

Each function reads its result again, and returns it only if it has exactly the intended values.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import TYPE_CHECKING, TypeAlias

from sco_quiz.errors import DeckError
from sco_quiz.library import note_places
from sco_quiz.library.contents import fields_as_written
from sco_quiz.library.field_splices import rewrite_mapping, same
from sco_quiz.library.kinds import SHAPES, WAYS_TO_ASK, flags_of, kind_of
from sco_quiz.library.nodes import MappingNode, SequenceNode
from sco_quiz.library.note_places import NotePlace
from sco_quiz.library.placement import addition, removal
from sco_quiz.library.source import CannotChangeError, DeckText
from sco_quiz.library.yaml_writing import Flag, Value, normal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sco_quiz.library.field_splices import Field
    from sco_quiz.library.source import Splice

Note: TypeAlias = AnyMapping[str, Value]
"""The fields of a note; an empty field counts as missing."""


def note_at(text: str, line: int) -> dict[str, str | list[str]]:
    """Return the fields of the note that starts on a line, with texts as written.

    Raises:
        DeckError: The text is no deck, or no note or several notes start on the line.
    """
    _, node = _find(DeckText(text), line)
    return fields_as_written(node)


def add_note(text: str, note: Note) -> str:
    """Return the deck with a note added after its last one.

    Raises:
        DeckError: The text is no deck, or its layout does not allow it.
    """
    source, fields = DeckText(text), said_fields(note)
    if not fields:
        raise DeckError("every field of the note is empty", WAYS_TO_ASK)
    try:
        splices = addition(source, [fields])
    except CannotChangeError:
        raise _cannot_change("no note can be added to this deck") from None
    return _finish(source, splices, [*source.notes, fields])


def replace_note(text: str, line: int, note: Note) -> str:
    """Return the deck with another note in place of the one on a line.

    Raises:
        DeckError: The text is no deck; not exactly one note starts there; or the layout does not
            allow it.
    """
    return _change(text, line, lambda old: {**_empty_fields(old), **said_fields(note)})


def revise(text: str, changed: AnyMapping[int, Note], added: Iterable[Note]) -> str:
    """Return the deck with several notes replaced, and others added after the last.

    Args:
        text: The deck.
        changed: The new notes, by the line on which the note they replace starts.
        added: The notes to add.

    Raises:
        DeckError: As `replace_note` and `add_note` do.
    """
    source = DeckText(text)
    new_notes = [fields for note in added if (fields := said_fields(note))]
    notes_by_line = _notes_by_line(source)
    notes: list[object] = [*source.notes]
    splices: list[Splice] = []
    for line, note in changed.items():
        number, node = _only(notes_by_line, line)
        notes[number] = fields = {**_empty_fields(node), **said_fields(note)}
        splices.append(_rewrite(source, node, fields))
    changed_only = _finish(source, splices, notes) if splices else text
    if not new_notes:
        return changed_only
    source = DeckText(changed_only)
    try:
        splices = addition(source, new_notes)
    except CannotChangeError:
        raise _cannot_change("no note can be added to this deck") from None
    return _finish(source, splices, [*source.notes, *new_notes])


def add_accepted(text: str, line: int, answer: str) -> str:
    """Return the deck with an answer added to `accept` of the note on a line, unless it is right.

    Raises:
        DeckError: As `replace_note` does; or the note is of a kind that has no `accept`.
    """
    answer = str(normal(answer))

    def accept(old: MappingNode) -> dict[str, Field]:
        accepted: Field = old.get("accept") or []
        kind = kind_of(old)
        may_accept = kind is not None and "accept" in SHAPES[kind].own
        if not may_accept or not isinstance(accepted, list):
            raise DeckError(
                f"the note on line {line} cannot have other right answers",
                "a `question` with one `answer` can, and a `text` with one {{ }}",
            )
        known = [item.strip() for item in accepted if isinstance(item, str)]
        if not answer or answer in known or same(answer, old.get("answer")):
            return {**old}
        return {**old, "accept": [*known, answer]}

    return _change(text, line, accept)


def remove_notes(text: str, lines: Iterable[int]) -> str:
    """Return the deck without the notes on some lines; comments around them stay.

    Raises:
        DeckError: As `replace_note` does.
    """
    source = DeckText(text)
    places = _notes_by_line(source)
    numbers = {_only(places, line)[0] for line in lines}
    cards = source.root.get("cards")
    if not numbers or not isinstance(cards, SequenceNode):
        return text
    try:
        splices = removal(source, cards, numbers)
    except CannotChangeError:
        raise _cannot_change("the notes cannot be removed from this deck") from None
    notes: list[object] = [each for at, each in enumerate(source.notes) if at not in numbers]
    return _finish(source, splices, notes)


def places_of(text: str, lines: Iterable[int]) -> list[dict[str, object]]:
    """Return where the notes on some lines stand, from top to bottom, for `put_back`.

    Raises:
        DeckError: As `remove_notes` does.
    """
    source = DeckText(text)
    standing = _notes_by_line(source)
    numbers = {_only(standing, line)[0] for line in lines}
    cards = source.root.get("cards")
    if not isinstance(cards, SequenceNode):
        return []
    try:
        return [place._asdict() for place in note_places.places(source, cards, numbers)]
    except CannotChangeError:
        raise _cannot_change("the notes cannot be removed from this deck") from None


def put_back(text: str, notes: Sequence[Note], places: Sequence[AnyMapping[str, object]]) -> str:
    """Return the deck with notes that were removed from it, as they were written, where they stood.

    Args:
        text: The deck.
        notes: The fields of the notes, from top to bottom.
        places: Their places. Without them, or where a place is not that of its note or cannot be
            found in the layout that the deck has now, the notes are added after the last.

    Raises:
        DeckError: As `add_note` does.
    """
    try:
        return _as_they_stood(text, notes, [NotePlace.of(place) for place in places])
    except (CannotChangeError, DeckError):
        return revise(text, changed={}, added=notes)


def _as_they_stood(text: str, notes: Sequence[Note], places: Sequence[NotePlace]) -> str:
    written = [said_fields(fields_as_written(place.note)) for place in places]
    if not same(written, [*map(said_fields, notes)]):
        raise CannotChangeError
    source = DeckText(text)
    splices, standing = note_places.put_back(source, places)
    return _finish(source, splices, [*standing])


def set_in_header(text: str, values: AnyMapping[str, str]) -> str:
    """Return the deck with other texts above its notes; an empty text removes its key.

    Raises:
        DeckError: The text is no deck, or its layout does not allow it.
    """
    source = DeckText(text)
    all_fields: dict[str, Field] = {**source.root, **said_fields(values)}
    fields = {key: value for key, value in all_fields.items() if values.get(key, "as it is")}
    try:
        splice = rewrite_mapping(source, source.root, fields)
    except CannotChangeError:
        raise _cannot_change("the header of the deck cannot be changed in place") from None
    changed = source.spliced([splice])
    if not same(DeckText(changed).root, fields):
        raise _cannot_change("the change would alter more than was meant")
    return changed


def set_in_many(text: str, field: str, values: AnyMapping[int, Value]) -> str:
    """Return the deck with a field of many notes set, or removed where the value is empty.

    Args:
        text: The deck.
        field: The field.
        values: The new values, by the line on which the note starts.

    Raises:
        DeckError: As `replace_note` does.
    """
    source = DeckText(text)
    notes: list[object] = [*source.notes]
    splices = []
    notes_by_line = _notes_by_line(source)
    for line, value in sorted(values.items()):
        number, node = _only(notes_by_line, line)
        fields: dict[str, Field] = {key: node[key] for key in node if key != field}
        fields |= said_fields({field: value})
        splices.append(_rewrite(source, node, fields))
        notes[number] = fields
    return _finish(source, splices, notes)


def values_in_many(text: str, field: str, lines: Iterable[int]) -> dict[int, list[str]]:
    """Return the texts of notes in a field with one text or several, by the line they start on.

    Raises:
        DeckError: As `note_at` does.
    """
    notes_by_line = _notes_by_line(DeckText(text))
    texts_by_line = {}
    for line in lines:
        value = _only(notes_by_line, line)[1].get(field) or ()
        items = [value] if isinstance(value, str) else value
        texts_by_line[line] = [
            item.strip() for item in items if isinstance(item, str) and item.strip()
        ]
    return texts_by_line


def _change(text: str, line: int, change: Callable[[MappingNode], dict[str, Field]]) -> str:
    source = DeckText(text)
    number, node = _find(source, line)
    fields = change(node)
    if not fields:
        raise DeckError(f"the note on line {line} would be empty", "remove the note instead")
    notes: list[object] = [*source.notes]
    notes[number] = fields
    return _finish(source, [_rewrite(source, node, fields)], notes)


def _rewrite(source: DeckText, node: MappingNode, fields: dict[str, Field]) -> Splice:
    try:
        return rewrite_mapping(source, node, fields)
    except CannotChangeError:
        line = source.line(node.start)
        raise _cannot_change(f"the note on line {line} cannot be changed in place") from None


def _find(source: DeckText, line: int) -> tuple[int, MappingNode]:
    """Return the number and the note that starts on a line."""
    return _only(_notes_by_line(source), line)


def _notes_by_line(source: DeckText) -> dict[int, list[tuple[int, MappingNode]]]:
    """Return the notes with their numbers, by the line on which they start."""
    notes_by_line: dict[int, list[tuple[int, MappingNode]]] = {}
    for number, node in enumerate(source.notes):
        if isinstance(node, MappingNode):
            notes_by_line.setdefault(source.line(node.start), []).append((number, node))
    return notes_by_line


def _only(
    notes_by_line: AnyMapping[int, list[tuple[int, MappingNode]]], line: int
) -> tuple[int, MappingNode]:
    notes = notes_by_line.get(line, [])
    if not notes:
        raise DeckError(f"no note starts on line {line}", "the deck was changed; look at it again")
    if len(notes) > 1:
        raise DeckError(
            f"{len(notes)} notes start on line {line}", "put each note on a line of its own"
        )
    return notes[0]


def said_fields(note: Note) -> dict[str, Field]:
    """Return the fields of a note that have a value, in normal form."""
    fields: dict[str, Field] = {}
    for key, value in note.items():
        written = normal(value)
        if isinstance(written, list):
            written = [item for item in written if item]
        if written:
            fields[key] = _as_flag(key, written, note)
    return fields


def _as_flag(key: str, value: Field, note: AnyMapping[str, object]) -> Field:
    may_be = value in ("true", "false") and key in flags_of(kind_of(note))
    return Flag(value) if may_be else value


def _empty_fields(node: MappingNode) -> dict[str, Field]:
    """Return the fields of a note that have no value yet."""
    return {key: value for key, value in node.items() if not value}


def _cannot_change(message: str) -> DeckError:
    return DeckError(
        f"{message}: its layout is too unusual", "change it in an editor: `sco-quiz edit`"
    )


def _finish(source: DeckText, splices: Iterable[Splice], notes: list[object]) -> str:
    """Return the text with its changes, if it then has exactly these notes."""
    changed = source.spliced(splices)
    try:
        root = DeckText(changed).root
    except DeckError:
        raise _cannot_change("the change would break the deck") from None
    if not same({**root, "cards": root.get("cards") or []}, {**source.root, "cards": notes}):
        raise _cannot_change("the change would alter more than was meant")
    return changed
