"""Finds all values of a mapping that its struct refuses, with their places and advice.

msgspec stops at the first one; this slow way is taken after it did.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import msgspec
from msgspec import inspect

from sco_quiz.library.diagnostics import did_you_mean, quote
from sco_quiz.library.nodes import MappingNode, Node, SequenceNode, Spot
from sco_quiz.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sco_quiz.library.diagnostics import Problems

Sound: TypeAlias = dict[str, object]
"""The valid values of a mapping."""

S = TypeVar("S", bound=msgspec.Struct)


def salvage(
    node: MappingNode,
    struct: type[S],
    problems: Problems,
    settled: frozenset[str] = frozenset(),
    advice: str = "",
    **instead: object,
) -> S | None:
    """Note every problem of a mapping, and make the struct of its valid values.

    Args:
        node: The mapping.
        struct: The struct.
        problems: Takes the problems.
        settled: Keys that the caller checks for being unknown or missing.
        advice: Help for a key that is none and like none; empty to name the struct's own keys.
        instead: Values for keys without a valid value.

    Returns:
        The struct; None if a required value is missing or not valid.
    """
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)  # noqa: S101 -- tells the type checker
    sound = _Validator(problems).struct(node, info, settled, advice)
    try:
        return msgspec.convert({**instead, **sound}, struct, strict=False)
    except msgspec.ValidationError as error:
        if not problems.errors_within(
            node.start, node.end
        ):  # a problem without a message of its own
            problems.add("E203", clean(str(error), multiline=False), node.start)
        return None


def _required(info: inspect.StructType) -> set[str]:
    return {field.name for field in info.fields if field.required}


class _Validator:
    """Methods that note the problems of a value and return its valid part, None for none.

    A label names the value in messages: `answer`, an entry of `choices`.
    """

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def struct(
        self,
        node: MappingNode,
        info: inspect.StructType,
        settled: frozenset[str] = frozenset(),
        advice: str = "",
    ) -> Sound:
        fields = {field.name: field for field in info.fields}
        sound: Sound = {}
        for (key, value), spot in zip(node.items(), node.each_spot(), strict=True):
            field = fields.get(key)
            if field is None:
                if key not in settled:
                    self._unknown(key, spot, fields, settled, advice)
            elif value != "" or field.required:  # an optional key without a value counts as missing
                valid_value = self._value(f"`{key}`", value, field.type, spot)
                if valid_value is not None:
                    sound[key] = valid_value
        intended_keys = {did_you_mean(key, fields) for key in node if key not in fields}
        for key in sorted(_required(info) - node.keys() - settled - intended_keys):
            self._problems.add(
                "E202", f"`{key}` is missing", node.start, help=f"add a line `{key}: …`"
            )
        return sound

    def _unknown(
        self, key: str, spot: Spot, known: Iterable[str], settled: frozenset[str], advice: str
    ) -> None:
        if intended_key := did_you_mean(key, settled.union(known)):
            advice = f"did you mean `{intended_key}`?"
        self._problems.add(
            "E201", f"unknown key {quote(key)}", spot.key, spot.key + len(key),
            help=advice or "the keys here are " + ", ".join(f"`{name}`" for name in known),
        )  # fmt: skip

    def _value(self, label: str, value: Node, wanted: inspect.Type, spot: Spot) -> object:
        extra: dict[str, Any] = {}
        while isinstance(wanted, inspect.Metadata | inspect.UnionType):
            if isinstance(wanted, inspect.Metadata):
                extra = wanted.extra or extra
                wanted = wanted.type
            else:
                one, other = wanted.types  # the other is None, or a list
                takes_list = isinstance(other, inspect.VarTupleType)
                wanted = other if takes_list and isinstance(value, SequenceNode) else one
        if isinstance(value, str) and not value.strip():
            spot_with_key = spot._replace(start=spot.key)
            return self._refuse(
                "E204", f"{label} is empty", spot_with_key, "write its value or delete it"
            )
        if isinstance(wanted, inspect.VarTupleType):
            return self._list(label, value, wanted, spot)
        if isinstance(wanted, inspect.DictType | inspect.StructType):
            if not isinstance(value, MappingNode):
                return self._form(label, "a mapping", spot, "write its keys on lines of their own")
            if isinstance(wanted, inspect.StructType):
                sound = self.struct(value, wanted)
                return sound if _required(wanted) <= sound.keys() else None
            return self._dict(label, value, wanted)
        if not isinstance(value, str):
            way_out = self._in_quotes(value)
            if label == "`answer`" and isinstance(value, SequenceNode):
                way_out = f"ask for all of them by `list`, take any by `accept`; {way_out}"
            return self._form(label, "a text", spot, way_out)
        if _takes(wanted, value):
            return value
        return self._refuse(
            extra["code"], f"{label} cannot be {quote(value)}", spot, extra["wants"]
        )

    def _list(self, label: str, value: Node, wanted: inspect.VarTupleType, spot: Spot) -> object:
        if not isinstance(value, SequenceNode):
            example = quote(value).strip("`") if isinstance(value, str) else "first, second"
            return self._form(label, "a list", spot, f"write a list: [{example}]")
        least = wanted.min_length or 0
        if len(value) < least:
            return self._refuse(
                "E306", f"{label} has too few entries", spot, f"give it at least {least}"
            )
        if wanted.max_length is not None and len(value) > wanted.max_length:
            most = f"{wanted.max_length} entries"
            return self._refuse("E213", f"{label} has more than {most}", spot, "split the note")
        valid_items = [
            self._value(f"an entry of {label}", item, wanted.item_type, value.spot(index))
            for index, item in enumerate(value)
        ]
        return None if None in valid_items else valid_items

    def _dict(self, label: str, value: MappingNode, wanted: inspect.DictType) -> object:
        sound = {}
        for (key, item), at in zip(value.items(), value.each_spot(), strict=True):
            key_spot = Spot(at.key, at.key, at.key + len(key))
            valid_key = self._value(f"a key of {label}", key, wanted.key_type, key_spot)
            valid_item = self._value(quote(key), item, wanted.value_type, at)
            if valid_key is not None and valid_item is not None:
                sound[key] = valid_item
        return sound

    def _form(self, label: str, wanted: str, spot: Spot, way_out: str) -> object:
        if self._problems.errors_within(spot.start, spot.end):
            return None  # the wrong form is a consequence of an error noted there
        return self._refuse("E203", f"{label} must be {wanted}", spot, way_out)

    def _refuse(self, code: str, message: str, spot: Spot, way_out: str) -> object:
        """Note the problem of a value, and return None."""
        self._problems.add(code, message, spot.start, spot.end, help=way_out)
        return None

    def _in_quotes(self, value: MappingNode | SequenceNode) -> str:
        first = self._problems.lines.text[value.start]
        if first in "[{":
            return f"put a text that begins with {first} in quotes"
        return "write it on one line; put a text with a colon and a space in quotes"


def _takes(wanted: inspect.Type, value: str) -> bool:
    if isinstance(wanted, inspect.StrType):
        return (wanted.pattern is None or re.search(wanted.pattern, value) is not None) and (
            wanted.max_length is None or len(value) <= wanted.max_length
        )
    if isinstance(wanted, inspect.LiteralType):
        return value in wanted.values
    assert isinstance(wanted, inspect.IntType | inspect.FloatType)  # noqa: S101
    kind = int if isinstance(wanted, inspect.IntType) else float
    try:
        number = msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        return False
    return (wanted.ge is None or number >= wanted.ge) and (wanted.le is None or number <= wanted.le)
