"""The deck format as JSON Schema, for editors and for validators other than our own."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import msgspec

from sco_quiz.library.schema import NOTES, Header

_Schema: TypeAlias = dict[str, Any]

DIALECT = "http://json-schema.org/draft-07/schema#"
"""The newest dialect that the YAML language server knows."""


def deck_schema() -> str:
    """Return the schema of a deck file as JSON text, draft-07.

    It describes the data as other YAML tools read it: for them `answer: 1977` is a number, and a
    key without a value is null.
    """
    structs = [Header, *NOTES.values()]
    references, definitions = msgspec.json.schema_components(
        structs, ref_template="#/definitions/{name}"
    )
    for definition in definitions.values():
        _adapt(definition)
    for kind, note in NOTES.items():
        definitions[note.__name__] |= {"title": kind.spec.name, "description": kind.spec.about}
    deck = definitions.pop("Header")
    deck["properties"]["cards"] = {
        "description": "The notes of the deck.",
        "type": "array",
        "minItems": 1,
        "items": {"anyOf": list(references[1:])},
    }
    deck["required"].append("cards")
    whole = {
        "$schema": DIALECT,
        **deck,
        "title": "Deck",
        "description": "A deck of flashcards for sco-quiz.",
        "definitions": definitions,
    }
    return json.dumps(whole, indent=2) + "\n"


def _adapt(definition: _Schema) -> None:
    """Adapt the schema of a struct to YAML's types; required keys first, others may be null."""
    properties = definition["properties"]
    required = definition["required"]
    for key, property_schema in properties.items():
        for typed in (
            property_schema,
            property_schema.get("items", {}),
            *property_schema.get("anyOf", ()),
        ):
            if "yaml" in typed:
                typed["type"] = typed.pop("yaml")
                typed.pop("enum", None)
        if key not in required:
            _let_be_empty(property_schema)
    definition["properties"] = {key: properties[key] for key in (*required, *properties)}


def _let_be_empty(schema: _Schema) -> None:
    """Allow null or an empty text for a key."""
    if "anyOf" in schema:
        wanted, other = schema.pop("anyOf")
        if other["type"] == "array":
            _let_be_empty(wanted)
            schema["anyOf"] = [wanted, other]
            schema.pop("default")
            return
        schema |= wanted  # msgspec's form of an optional value
    if "$ref" in schema:  # draft-07 ignores keys beside it
        schema["anyOf"] = [{"$ref": schema.pop("$ref")}, {"enum": [None, ""]}]
    else:
        types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        schema["type"] = [*types, "null"]
        if "string" not in types:
            schema["type"].append("string")
            schema["maxLength"] = 0
    if "pattern" in schema:
        schema["pattern"] = f"^$|{schema['pattern']}"
    default = schema.pop("default", None)
    if default:
        schema["default"] = False if default == "false" else default
