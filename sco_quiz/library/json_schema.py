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
    """The schema of a deck file as JSON text, draft-07.

    It describes what YAML tools see, to which `answer: 1977` is a number and a key without a value
    holds null.
    """
    structs = [Header, *NOTES.values()]
    references, definitions = msgspec.json.schema_components(
        structs, ref_template="#/definitions/{name}"
    )
    for each in definitions.values():
        _adapt(each)
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
    """Make what msgspec says of a struct true of YAML; required keys first, others nullable."""
    properties = definition["properties"]
    required = definition["required"]
    for key, each in properties.items():
        for typed in (each, each.get("items", {}), *each.get("anyOf", ())):
            if "yaml" in typed:
                typed["type"] = typed.pop("yaml")
                typed.pop("enum", None)
        if key not in required:
            _let_be_empty(each)
    definition["properties"] = {key: properties[key] for key in (*required, *properties)}


def _let_be_empty(schema: _Schema) -> None:
    """Let a key be there without a value, which is null, or with an empty text."""
    if "anyOf" in schema:  # msgspec says so of None
        wanted, _ = schema.pop("anyOf")
        schema |= wanted
    if "$ref" in schema:  # draft-07 ignores what stands beside it
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
