from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import fields

from sco_quiz.learning.kinds import Kind
from sco_quiz.library import schema
from sco_quiz.library.diagnostics import CODES
from sco_quiz.library.kinds import NOTE_KEYS, kind_of
from sco_quiz.library.nodes import MappingNode
from sco_quiz.library.schema import NOTES, BasicNote, Defaults, Header, Id, Note, Source
from sco_quiz.library.validation import salvage
from sco_quiz.library.yaml_reading import read

STRUCTS = [Header, Source, Defaults, *NOTES.values()]


@pytest.mark.parametrize("struct", STRUCTS)
def test_every_field_is_described_and_every_struct_says_what_it_is(
    struct: type[msgspec.Struct],
) -> None:
    described = msgspec.json.schema(struct)["$defs"][struct.__name__]
    assert described["description"].endswith(".")
    for name, field in described["properties"].items():
        assert field.get("description", "").endswith((".", "…")), name


def test_every_kind_of_note_has_its_struct() -> None:
    assert set(NOTES) == set(Kind)
    assert all(issubclass(note, Note) for note in NOTES.values())


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_follows_from_its_keys_in_any_order_and_with_any_common_ones(kind: Kind) -> None:
    needed = [each.name for each in fields(NOTES[kind]) if each.required]
    every = [each.name for each in fields(NOTES[kind])]
    assert kind_of(needed) is kind
    assert kind_of(reversed(every)) is kind
    assert kind_of([*needed, "nonsense"]) is None
    for key in needed:
        assert kind_of([each for each in every if each != key]) is not kind
    for key in set(NOTE_KEYS) - set(every):
        assert kind_of([*every, key]) is not kind


def test_each_constrained_type_has_a_code_and_a_description() -> None:
    types = [value for value in vars(schema).values() if hasattr(value, "__metadata__")]
    assert len(types) >= 8
    for each in types:
        (meta,) = each.__metadata__
        assert meta.extra["code"] in CODES
        assert meta.extra["wants"]


@pytest.mark.parametrize(
    "name", ["a", "sco-timeline", "7", "Q12", "v1.2_b", "столицы", "राजधानी", "中亚", "é"]
)
def test_an_id_is_a_word_of_any_script(name: str) -> None:
    assert msgspec.convert(name, Id) == name


@pytest.mark.parametrize(
    "name", ["", "a b", "-a", ".a", "_a", "a/b", "a:b", "a,b", "a#", "`a`", "a\tb", "x" * 101]
)
def test_an_id_has_no_spaces_and_no_other_marks(name: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(name, Id)


@pytest.mark.parametrize("day", ["2024", "2024-10", "2024-10-03", "0001"])
def test_a_date_is_a_year_a_month_or_a_day(day: str) -> None:
    assert msgspec.convert(day, schema.Date) == day


@pytest.mark.parametrize(
    "day", ["24", "2024-1", "2024-13", "2024-00", "2024-10-32", "2024-10-3", "0000", "3.10.2024"]
)
def test_other_dates_are_refused(day: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(day, schema.Date)


def salvaged(text: str, struct: type[msgspec.Struct]) -> tuple[object, list[tuple[str, int, str]]]:
    reading = read(text.encode())
    assert isinstance(reading.root, MappingNode)
    taken = salvage(reading.root, struct, reading.problems)
    return taken, [(each.code, each.line, each.message) for each in reading.problems.sorted()]


def test_the_valid_part_of_a_broken_mapping_is_kept() -> None:
    header, problems = salvaged(
        "deck: Asia\nlanguage: English\nsources:\n  a: {title: A}\n  b: {author: B}\n"
        "defaults: {tags: [x, ''], category: city}\nretention: 0.9\nnew_per_day: many\n",
        Header,
    )
    assert isinstance(header, Header)
    assert (header.deck, header.language, header.retention) == ("Asia", "en", 0.9)
    assert header.new_per_day is None
    assert header.sources == {"a": Source(title="A")}
    assert header.defaults == Defaults(category="city")
    assert problems == [
        ("E210", 2, "`language` cannot be `English`"),
        ("E202", 5, "`title` is missing"),
        ("E204", 6, "an entry of `tags` is empty"),
        ("E206", 8, "`new_per_day` cannot be `many`"),
    ]


def test_a_mapping_that_lacks_a_required_key_is_refused() -> None:
    note, problems = salvaged("front: x\nbakc: y\n", BasicNote)
    assert note is None
    assert problems == [("E201", 2, "unknown key `bakc`")]


@pytest.mark.parametrize("value", ["nan", "inf", "0.699", "1", "90%", "0_9", "1e9", "--1"])
def test_a_retention_outside_its_range_is_refused(value: str) -> None:
    header, problems = salvaged(f"deck: x\nretention: {value}\n", Header)
    assert isinstance(header, Header)
    assert header.retention is None
    assert problems == [("E206", 2, f"`retention` cannot be `{value}`")]


def test_problems_are_noted_at_most_once_for_each_value() -> None:
    _, found = salvaged("deck: {a: &x b}\nid: [a]\n", Header)
    assert [code for code, _, _ in found] == ["E108", "E203"]
