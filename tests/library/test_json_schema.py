"""The schema for editors says what the reader says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
import yaml
from hypothesis import event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from msgspec.structs import fields

from sco_quiz.cli.main import run
from sco_quiz.learning.kinds import Kind
from sco_quiz.library.decks import read_deck
from sco_quiz.library.json_schema import deck_schema
from sco_quiz.library.kinds import NOTE_KEYS
from sco_quiz.library.schema import NOTES

if TYPE_CHECKING:
    from sco_quiz.library.diagnostics import Diagnostic

ROOT = Path(__file__).parents[2]
SAVED = ROOT / "docs" / "deck.schema.json"
SHIPPED = sorted((ROOT / "decks").glob("*.yaml"))

CANNOT_BE_SAID = {"E304", "E305", "E307", "E308"}
"""What a schema cannot check: ids and answers given twice, and how clozes are written."""


@cache
def validator() -> Any:
    schema = json.loads(deck_schema())
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2 as editors read it: its core schema, which knows no dates and no `no`."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc]


for _tag, _pattern in {
    "null": r"~|null|Null|NULL|",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+",
    "float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?",
}.items():
    CoreLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), None
    )
CoreLoader.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))


def is_beyond_a_schema(error: Diagnostic) -> bool:
    no_such_day = error.code == "E208" and error.message.startswith("there is no day")
    return no_such_day or error.code in CANNOT_BE_SAID


def refused_by_reader(text: str) -> list[Diagnostic]:
    found = read_deck("x.yaml", text.encode()).diagnostics
    return [each for each in found if each.code.startswith("E") and not is_beyond_a_schema(each)]


def refused_by_schema(text: str) -> list[str]:
    return [each.message for each in validator().iter_errors(yaml.load(text, CoreLoader))]


TEXTS = [
    "a", "1977", "1.5", "-1", "no", "true", "1:30", "012", "2024-10-03", "'a: b'", '"é 日本"',
    "'~'", "'null'", "C#", "100 %",
]  # fmt: skip
LISTS = ["[a, b]", "[1977, 1978, no]", "[true, false]", "[x, 'y: z', 2.5]"]
GOOD = {
    "deck": TEXTS, "description": TEXTS, "title": TEXTS, "author": TEXTS, "date": TEXTS,
    "id": ["a", "a-b.c_d", "7", "1.5", "true", "é", "v1", "''"],
    "language": ["en", "zh-Hant", "no", "de-CH-1996"],
    "year": ["2020", "c. 1900"],
    "url": ["https://example.org/a?b#c", "http://x"],
    "sources": ["{atlas: {title: Atlas, year: 2020}, b: {title: 7, url: 'https://x.org'}}", "''"],
    "defaults": ["{tags: [a, 1], strict: true, as_of: 2024}", "{source: atlas, category: 7}", "''"],
    "retention": ["0.9", "0.7", "0.99", "''"],
    "new_per_day": ["0", "9999", "''"], "reviews_per_day": ["200"],
    "tags": [*LISTS, "[]", "''"], "accept": [*LISTS, "[]"],
    "strict": ["true", "false", "'true'"], "reverse": ["true", "false", '"false"'],
    "as_of": ["2024", "2024-10", "2024-10-03", "'2024'", "2021-02-30"],
    "answers": LISTS, "choices": LISTS, "order": LISTS, "list": LISTS,
    "image": ["a.png", "./maps/a b.JPEG", "x/..y.webp", "''", "[a.png, b/é.gif]", "[a.png]", "[]"],
    "answer_image": ["é.gif", "[é.gif, a.png]"],
    "audio": ["a.mp3", "b/1.Opus"], "answer_audio": ["-a.wav"],
    "text": ["'{{a}} b'", "'{{a::b}} and {{c2::d}}'", "not a cloze"],
}  # fmt: skip
BAD = [
    "", "''", "' '", "[]", "[a]", "{}", "{a: b}", "[a, [b]]", "[a, '']", "[{a: b}, c]", "yes", "7",
    "-1", "true", "2024-13", "12345", "0.5", "www.example.org", "a b", "-x", "{title: x}",
    "{a: {title: }}", "{a: {year: 1}}", "{'a b': {title: x}}", "{a: {title: x, colour: red}}",
    "{tags: x}", "{strict: 1}", "{as_of: 24}", "{colour: red}", "[a, b]", "{a: text}",
    "../a.png", "/a.mp3", "a/../b.wav", "C:/a.png", "'a\\b.png'", "a.svg", ".png", "https://x.org/a.png",
    "[a.png, ../b.png]", "[a.png, a.mp3]", "[a.mp3]", f"[{'a.png, ' * 21}]",
]  # fmt: skip
HEADER = [
    "id", "description", "language", "sources", "defaults", "retention", "new_per_day",
    "reviews_per_day",
]  # fmt: skip
KEYS = [*sorted(NOTE_KEYS), *HEADER, "deck", "colour", "anwser", "cards"]


def good(key: str, kind: Kind | None = None) -> st.SearchStrategy[str]:
    if kind is Kind.TRUE_FALSE and key == "answer":
        return st.sampled_from(["true", "false", "'true'"])
    return st.sampled_from(GOOD.get(key, TEXTS))


@st.composite
def entries(
    draw: st.DrawFn, required: list[str], optional: list[str], kind: Kind | None = None
) -> dict[str, str]:
    """Keys and values, now and then with a slip."""
    chosen = required + draw(st.lists(st.sampled_from(optional), max_size=3, unique=True))
    pairs = {key: draw(good(key, kind)) for key in chosen}
    if draw(st.integers(0, 2)) == 0:
        key = draw(st.sampled_from(chosen))
        match draw(st.integers(0, 3)):
            case 0:
                del pairs[key]
            case 1:
                pairs[draw(st.sampled_from(KEYS))] = draw(st.sampled_from(BAD))
            case 2:
                other = draw(st.sampled_from(KEYS))
                pairs[other] = draw(good(other))
            case _:
                pairs[key] = draw(st.sampled_from(BAD))
    return pairs


@st.composite
def notes(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(Kind))
    every = fields(NOTES[kind])
    required = [each.name for each in every if each.required]
    pairs = draw(entries(required, [each.name for each in every if not each.required], kind))
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"


@st.composite
def decks(draw: st.DrawFn) -> str:
    pairs = draw(entries(["deck"], HEADER))
    cards = draw(st.lists(notes(), min_size=1, max_size=3))
    if draw(st.integers(0, 9)) == 0:
        cards = draw(st.sampled_from([[], ["a"], ["''"], ["[front, back]"]]))
    pairs.setdefault("cards", f"[{', '.join(cards)}]")
    return "".join(f"{key}: {value}\n" for key, value in pairs.items())


@settings(max_examples=3 * settings().max_examples)
@given(decks())
def test_reader_and_schema_refuse_the_same_decks(text: str) -> None:
    by_reader, by_schema = refused_by_reader(text), refused_by_schema(text)
    event("refused" if by_reader else "taken")
    assert bool(by_reader) == bool(by_schema), (by_reader, by_schema)


def test_the_saved_schema_is_the_one_of_the_reader(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    printed = capsys.readouterr().out
    assert SAVED.read_text(encoding="utf-8") == printed, "sco-quiz schema > docs/deck.schema.json"


def validate(*files: Path | str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--schemafile",
        str(SAVED),
        *map(str, files),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_shipped_deck_is_valid_to_another_validator_and_points_to_the_schema() -> None:
    assert len(SHIPPED) == 8
    checked = validate(*SHIPPED, ROOT / "tests" / "decks" / "kinds.yaml")
    assert checked.returncode == 0, checked.stdout
    for deck in SHIPPED:
        first, _ = deck.read_text(encoding="utf-8").split("\n", 1)
        modeline, _, schema = first.partition("=")
        assert modeline == "# yaml-language-server: $schema"
        assert (deck.parent / schema).resolve() == SAVED


def test_another_validator_reports_mistakes_by_our_schema(tmp_path: Path) -> None:
    deck = tmp_path / "x.yaml"
    deck.write_text("deck: x\ncards: [{question: a, anwser: b}]\nlanguage: [en]\n")
    checked = validate(deck)
    assert checked.returncode == 1
    assert "language" in checked.stdout


def test_every_key_has_documentation_for_editors() -> None:
    schema = json.loads(deck_schema())
    objects = [schema, *schema["definitions"].values()]
    assert len(objects) == 3 + len(Kind)
    for each in objects:
        assert each["description"].endswith(".")
        assert each["additionalProperties"] is False
        for key, value in each["properties"].items():
            assert value["description"].endswith((".", "…")), key
    kinds = [each["$ref"] for each in schema["properties"]["cards"]["items"]["anyOf"]]
    assert kinds == [f"#/definitions/{note.__name__}" for note in NOTES.values()]


@pytest.mark.parametrize(
    "answer", ["1977", "no", "true", "1:30", "012", "2024-10-03", "1.50", "-3", "'null'"]
)
def test_the_schema_accepts_answers_that_look_like_numbers_or_dates(answer: str) -> None:
    text = f"deck: 7\ncards:\n- question: q\n  answer: {answer}\n"
    assert refused_by_schema(text) == []
    assert refused_by_reader(text) == []
