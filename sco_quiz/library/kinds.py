"""The fields of each kind of note, taken from the structs of the deck format."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from msgspec import NODEFAULT, inspect
from msgspec.structs import fields

from sco_quiz.learning.kinds import KINDS
from sco_quiz.library.media import MEDIA_KEYS
from sco_quiz.library.schema import NOTES, Flag, Note

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sco_quiz.learning.kinds import Kind

COMMON = Note.__struct_fields__
"""The fields that every note may have."""


class Shape(NamedTuple):
    """The fields that tell a kind from the others.

    Attributes:
        own: The fields of the kind that are not common to all notes.
        needed: Those of them that a note of the kind must have.
    """

    own: tuple[str, ...]
    needed: tuple[str, ...]

    def lacks(self, keys: frozenset[str]) -> list[str]:
        """Return the needed fields that are not among some keys."""
        return [key for key in self.needed if key not in keys]

    def excludes(self, keys: Iterable[str]) -> list[str]:
        """Return those of some keys that the kind does not have."""
        return [key for key in keys if key not in self.own]


def _shape(note: type[Note]) -> Shape:
    own_fields = [field for field in fields(note) if field.name not in COMMON]
    needed = tuple(field.name for field in own_fields if field.required)
    return Shape(tuple(field.name for field in own_fields), needed)


SHAPES = {kind: _shape(note) for kind, note in NOTES.items()}


def _in_order(several: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Merge several sequences of names into one that keeps the order of each."""
    predecessors: dict[str, list[str]] = {}
    for names in several:
        predecessors.setdefault(names[0], [])
        for earlier, later in pairwise(names):
            predecessors.setdefault(later, []).append(earlier)
    placed: dict[str, None] = {}

    def place(name: str) -> None:
        for earlier_name in predecessors[name]:
            place(earlier_name)
        placed.setdefault(name)

    for name in predecessors:
        place(name)
    return tuple(placed)


NOTE_KEYS = ("id", *_in_order(shape.own for shape in SHAPES.values()), *COMMON[1:])
"""The fields of all kinds, in the order in which they are written."""


_WAYS = {
    spec.prompt: f"`{spec.prompt}` {'with {{ }}' if spec.has_gaps else f'and `{spec.answer}`'}"
    for spec in reversed(KINDS.values())
}
WAYS_TO_ASK = f"write {', or '.join(reversed(_WAYS.values()))}"
"""The advice for a note that asks nothing."""


def kind_of(keys: Iterable[str]) -> Kind | None:
    """Return the kind of a note with these keys; None if they fit no kind."""
    return _kind_with(frozenset(keys).difference(COMMON))


@lru_cache  # most notes have the same few keys
def _kind_with(own_keys: frozenset[str]) -> Kind | None:
    for kind, shape in SHAPES.items():
        if not shape.lacks(own_keys) and not shape.excludes(own_keys):
            return kind
    return None


class FieldSpec(NamedTuple):
    """A field of a kind of note.

    Attributes:
        name: Its key in the deck format.
        label: Its name in forms.
        about: A sentence on its purpose.
        required: True if a note of the kind must have it.
        several: True if it takes several texts.
        choices: Its possible values, if not any text. The first one is the default of a field that
            is not required.
    """

    name: str
    label: str
    about: str
    required: bool
    several: bool
    choices: tuple[str, ...]


@cache
def fields_of(kind: Kind) -> list[FieldSpec]:
    """Return the fields of a kind: its own, then those of every note, the id last."""
    described = inspect.type_info(NOTES[kind])
    assert isinstance(described, inspect.StructType)  # noqa: S101 -- it was made from one
    specs = {field.name: _spec(field) for field in described.fields}
    own = [spec for name, spec in specs.items() if name not in COMMON]
    return own + [specs[name] for name in (*COMMON[1:], "id")]


def as_value(name: str, texts: list[str]) -> str | list[str]:
    """Return the texts of a field as its value: a single file is not written as a list."""
    return texts[0] if name in MEDIA_KEYS and len(texts) == 1 else texts


def texts_of(value: str | Sequence[str]) -> Sequence[str]:
    """Return the value of a field as its texts: those of a list, or the only one."""
    return [value] if isinstance(value, str) else value


@cache
def usual_fields_of(kind: Kind) -> frozenset[str]:
    """Return the fields of a kind that are usually written: its own, but for fine adjustments.

    Fine adjustments are optional wrong choices, and values that a deck sets for all its notes.
    """
    return frozenset(
        spec.name
        for spec in fields_of(kind)
        if spec.required
        or (
            spec.name in SHAPES[kind].own
            and spec.name != kind.spec.wrong
            and "" not in spec.choices
        )
    )


@cache
def flags_of(kind: Kind | None) -> frozenset[str]:
    """Return the fields of a kind that are true or false; without a kind, those of all kinds."""
    specs = every_field().values() if kind is None else fields_of(kind)
    return frozenset(spec.name for spec in specs if "true" in spec.choices)


@cache
def every_field() -> dict[str, FieldSpec]:
    """Return the fields of all kinds by their names, in the order in which they are written.

    If kinds have different fields of one name, that of the first kind is returned.
    """
    specs = {spec.name: spec for kind in reversed(NOTES) for spec in fields_of(kind)}
    return {name: specs[name] for name in NOTE_KEYS}


def _spec(field: inspect.Field) -> FieldSpec:
    about, label = "", field.name.replace("_", " ")
    inner: inspect.Type = field.type
    while isinstance(inner, inspect.Metadata):
        about = str((inner.extra_json_schema or {}).get("description", about))
        label = str((inner.extra or {}).get("label", label))
        inner = inner.type
    choices: tuple[str, ...] = ()
    if inner == _FLAG:
        choices = ("true", "false") if field.default is NODEFAULT else ("false", "true")
    several = isinstance(inner, inspect.VarTupleType)
    if isinstance(inner, inspect.UnionType):
        several = any(isinstance(each, inspect.VarTupleType) for each in inner.types)
        choices = () if several else ("", "true", "false")
    return FieldSpec(field.name, label, about, field.required, several, choices)


def _bare(kind: inspect.Type) -> inspect.Type:
    return _bare(kind.type) if isinstance(kind, inspect.Metadata) else kind


_FLAG = _bare(inspect.type_info(Flag))
