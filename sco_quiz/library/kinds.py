"""The kinds of notes: the keys by which each is known, and its fields described for forms."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from msgspec import NODEFAULT, inspect
from msgspec.structs import fields

from sco_quiz.learning.kinds import Kind
from sco_quiz.library.diagnostics import did_you_mean, quote
from sco_quiz.library.schema import NOTES, Flag, Note

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sco_quiz.library.diagnostics import Problems
    from sco_quiz.library.nodes import Mapping

NOTE_KEYS = frozenset(key for note in NOTES.values() for key in note.__struct_fields__)
"""Every key that a note of some kind may have."""

WAYS_TO_ASK = (
    "write `front` and `back`, `question` and `answer`, a `text` with {{ }}, or a `statement`"
)

_COMMON = frozenset(Note.__struct_fields__)
_IN_FORMS = (
    "hint", "explain", "source", "category", "as_of", "tags", "image", "answer_image", "audio",
    "answer_audio", "id",
)  # fmt: skip
"""The fields that every note may have, in the order of forms."""
_NAMES = {
    Kind.BASIC: "a basic note",
    Kind.TYPED: "a typed note",
    Kind.CLOZE: "a cloze note",
    Kind.CHOICE: "a choice note",
    Kind.MULTI: "a note with several right choices",
    Kind.TRUE_FALSE: "a true/false note",
    Kind.ORDER: "an order note",
    Kind.LIST: "a list note",
}


class _Shape(NamedTuple):
    """The keys that tell a kind from the others: those it has, and those it may have besides."""

    needed: tuple[str, ...]
    optional: tuple[str, ...]

    def lacks(self, keys: frozenset[str]) -> list[str]:
        return [key for key in self.needed if key not in keys]

    def excludes(self, keys: Iterable[str]) -> list[str]:
        return [key for key in keys if key not in self.needed + self.optional]


def _shape(note: type[Note]) -> _Shape:
    own = [each for each in fields(note) if each.name not in _COMMON]
    return _Shape(
        tuple(each.name for each in own if each.required),
        tuple(each.name for each in own if not each.required),
    )


_SHAPES = {kind: _shape(note) for kind, note in NOTES.items()}


def kind_of(keys: Iterable[str]) -> Kind | None:
    """The kind of the note that has these keys; None when it fits none."""
    given = frozenset(keys) - _COMMON
    for kind, shape in _SHAPES.items():
        if not shape.lacks(given) and not shape.excludes(given):
            return kind
    return None


def nearest(node: Mapping, problems: Problems) -> Kind | None:
    """The kind that a note of none comes nearest to; what it lacks or has too much is noted.

    Misspelt keys are taken for what they were meant to be; to name them is left to others. None
    when no key makes the note ask something.
    """
    keys = list(islice(node, 64))  # the others would only cost time
    meant = {key: key if key in NOTE_KEYS else did_you_mean(key, NOTE_KEYS) for key in keys}
    given = frozenset(key for key in meant.values() if key is not None) - _COMMON
    near = {
        kind: len(shape.lacks(given)) + len(shape.excludes(given))
        for kind, shape in _SHAPES.items()
        if not given.isdisjoint(shape.needed)
    }
    if not near:
        problems.add("E301", "this note asks nothing", node.start, help=WAYS_TO_ASK)
        return None
    kind = min(near, key=near.__getitem__)
    shape = _SHAPES[kind]
    first = next(key for key in keys if meant[key] in shape.needed)
    way_out = f"{_NAMES[kind]} has {_listed(shape.needed)}"
    if shape.optional:
        way_out += f" and may have {_listed(shape.optional)}"
    if lacking := shape.lacks(given):
        at = node.spot(first).key
        problems.add(
            "E302", f"{quote(first)} without {_listed(lacking)}", at, at + len(first), help=way_out
        )
    if extra := shape.excludes(key for key in keys if key in given):
        at = node.spot(extra[0]).key
        problems.add(
            "E303", f"{_listed(extra)} cannot stand beside {quote(first)}", at, at + len(extra[0]),
            help=way_out,
        )  # fmt: skip
    return kind


def _listed(keys: Iterable[str]) -> str:
    *others, last = (f"`{key}`" for key in keys)
    return f"{', '.join(others)} and {last}" if others else last


class FieldSpec(NamedTuple):
    """A field of a kind of note.

    Attributes:
        name: Its key in the deck format.
        about: What it is for.
        required: Whether a note of the kind needs it.
        several: Whether it takes several texts.
        choices: What it may be, if not any text; of one that is not required, the first is what
            leaving it out means.
    """

    name: str
    about: str
    required: bool
    several: bool
    choices: tuple[str, ...]


def fields_of(kind: Kind) -> list[FieldSpec]:
    """The fields of a kind: its own first, then what every note may have."""
    described = inspect.type_info(NOTES[kind])
    assert isinstance(described, inspect.StructType)  # noqa: S101 -- it was made from one
    specs = {field.name: _spec(field) for field in described.fields}
    own = [spec for name, spec in specs.items() if name not in Note.__struct_fields__]
    return own + [specs[name] for name in _IN_FORMS]


def _spec(field: inspect.Field) -> FieldSpec:
    about = ""
    inner: inspect.Type = field.type
    while isinstance(inner, inspect.Metadata):
        about = str((inner.extra_json_schema or {}).get("description", about))
        inner = inner.type
    choices: tuple[str, ...] = ()
    if inner == _FLAG:
        choices = ("true", "false") if field.default is NODEFAULT else ("false", "true")
    elif isinstance(inner, inspect.UnionType):
        choices = ("", "true", "false")
    several = isinstance(inner, inspect.VarTupleType)
    return FieldSpec(field.name, about, field.required, several, choices)


def _bare(kind: inspect.Type) -> inspect.Type:
    return _bare(kind.type) if isinstance(kind, inspect.Metadata) else kind


_FLAG = _bare(inspect.type_info(Flag))
