"""The fields of each kind of note, described: for forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import NODEFAULT, inspect

from sco_quiz.library.schema import NOTES, Flag, Note

if TYPE_CHECKING:
    from sco_quiz.learning.cards import Kind

_COMMON = (
    "hint", "explain", "source", "category", "as_of", "tags", "image", "answer_image", "audio",
    "answer_audio", "id",
)  # fmt: skip


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
    return own + [specs[name] for name in _COMMON]


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
