from __future__ import annotations

import gc
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sco_quiz.collector import collector_paused
from sco_quiz.library import yaml_reading
from sco_quiz.library.nodes import MappingNode, SequenceNode
from sco_quiz.library.yaml_reading import MAX_DEPTH, read


@pytest.fixture(params=["libyaml", "pure Python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "pure Python":
        monkeypatch.setattr(yaml_reading, "CParser", None)
    return str(request.param)


def root(text: str) -> MappingNode:
    reading = read(text.encode())
    assert reading.problems.found == []
    assert reading.root is not None
    return reading.root


def faults(data: str | bytes) -> list[tuple[str, int, int]]:
    """Codes, lines and columns of the problems."""
    reading = read(data.encode() if isinstance(data, str) else data)
    return [(each.code, each.line, each.column) for each in reading.problems.sorted()]


SCALARS = [
    "no", "yes", "off", "y", "true", "012", "0o14", "0x1F", "1:30", "2001", "1_000", "1e3", ".inf",
    "-0", "~", "null", "NULL", "2001-06-15", "2001-06-15 12:30:00Z", "=", "<<", "1.0", "12e03",
]  # fmt: skip


@pytest.mark.parametrize("scalar", SCALARS)
def test_a_scalar_is_the_text_that_was_written(scalar: str, parser: str) -> None:
    data = root(f"answer: {scalar}\nlist: [{scalar}, '{scalar}']\n{scalar}: key\n")
    assert data == {"answer": scalar, "list": [scalar, scalar], scalar: "key"}
    assert type(data["answer"]) is str


def test_a_missing_value_is_an_empty_text(parser: str) -> None:
    assert root("a:\nb: ''\nc: [x, '']\nd:\n  -\n  - y\n") == {
        "a": "", "b": "", "c": ["x", ""], "d": ["", "y"],
    }  # fmt: skip


TEXT = """\
deck: Asia  # a title
cards:
  - front: 'it''s'
    back: "caf\\u00e9 日本"
    tags: [a, "b c"]
  # a comment
  - text: |
      one
      two

    hint:
    accept: {x: y}

last: plain text
  goes on
"""


def test_every_value_knows_where_it_starts_and_ends(parser: str) -> None:
    data = root(TEXT)
    assert written(data, "deck") == "Asia"
    assert written(data, "last") == "plain text\n  goes on"
    cards = data["cards"]
    assert isinstance(cards, SequenceNode)
    first, second = cards
    assert isinstance(first, MappingNode)
    assert isinstance(second, MappingNode)
    assert written(first, "front") == "'it''s'"
    assert written(first, "back") == '"caf\\u00e9 日本"'
    assert written(first, "tags") == '[a, "b c"]'
    tags = first["tags"]
    assert isinstance(tags, SequenceNode)
    assert TEXT[slice(*tags.spot(1)[1:])] == '"b c"'
    assert written(second, "text").startswith("|\n      one\n      two\n")
    assert written(second, "hint") == ""
    assert TEXT[: second.spot("hint").start].endswith("hint:")
    assert written(second, "accept") == "{x: y}"
    assert TEXT[first.start : first.end].startswith("front: 'it''s'\n")
    assert TEXT[first.start : first.end].endswith('[a, "b c"]')
    assert TEXT[cards.spot(1).start :].startswith("text: |")
    assert TEXT[cards.start : cards.end].endswith("{x: y}")
    assert TEXT[second.spot("accept").key :].startswith("accept:")


def written(mapping: MappingNode, key: str) -> str:
    spot = mapping.spot(key)
    return TEXT[spot.start : spot.end]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_places_count_characters_with_every_line_end(line_end: str, parser: str) -> None:
    text = line_end.join(["é: 日本", "b:", "  - x", "  - {c: y}", ""])
    data = root(text)
    items = data["b"]
    assert isinstance(items, SequenceNode)
    assert isinstance(items[1], MappingNode)
    spot = items[1].spot("c")
    assert text[spot.start : spot.end] == "y"
    assert read(text.encode()).lines.position(spot.start) == (4, 9)


def test_a_byte_order_mark_is_tolerated_and_not_counted(parser: str) -> None:
    reading = read(b"\xef\xbb\xbfdeck: x\n")
    assert reading.root == {"deck": "x"}
    assert reading.root.spot("deck").start == 6
    assert reading.problems.found == []


PLAIN = st.text("abcdé日 x", min_size=1, max_size=6).map(str.strip).filter(bool)
SCALAR = PLAIN | st.text(max_size=8).map(lambda text: yaml.dump(text, default_style='"').strip())
TREE = st.recursive(
    SCALAR,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(PLAIN, inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}"
        )
    ),
    max_leaves=8,
)


@settings(max_examples=60)
@given(st.dictionaries(PLAIN, TREE, min_size=1, max_size=4))
def test_reading_the_text_at_a_place_again_gives_the_same_value(entries: dict[str, str]) -> None:
    text = "".join(f"{key}: {value}  # comment\n" for key, value in entries.items())
    data = root(text)
    assert data == expected(text)
    for key, value in data.items():
        spot = data.spot(key)
        assert text[spot.key :].startswith(f"{key}:")
        assert root(f"again: {text[spot.start : spot.end]}")["again"] == value


def expected(text: str) -> Any:
    return yaml.load(text, yaml.BaseLoader)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\nb: 2\na: 3\n", [("E110", 3, 1)]),
        ("a: {b: 1, b: 2}\n", [("E110", 1, 11)]),
        ("a: &x text\n", [("E108", 1, 4)]),
        ("a: *x\n", [("E107", 1, 4)]),
        ("a: !!str 12\n", [("E109", 1, 4)]),
        ("a: ! x\n", [("E109", 1, 4)]),
        ("a: &x !y z\n", [("E108", 1, 4), ("E109", 1, 7)]),
        ("&k a: 1\n", [("E108", 1, 1)]),
        ("a: &x [b]\nc: *x\n", [("E108", 1, 4), ("E107", 2, 4)]),
        ("? [a, b]\n: c\n", [("E111", 1, 3)]),
        ("{a: b}: c\n", [("E111", 1, 1)]),
        ("a: {{x}}\n", [("E111", 1, 5)]),
        ("a: 1\n---\nb: 2\n", [("E112", 2, 1)]),
    ],
)
def test_forbidden_yaml_is_reported_and_the_rest_is_read(
    text: str, found: list[tuple[str, int, int]], parser: str
) -> None:
    assert faults(text) == found
    assert read(text.encode()).root is not None


def test_the_first_of_two_values_counts_and_a_refused_value_is_read_as_text(parser: str) -> None:
    assert read(b"a: 1\na: 2\nb: &x y\nc: !t z\nd: *x\n? [k]\n: v\ne: w\n").root == {
        "a": "1", "b": "y", "c": "z", "d": "*x", "e": "w",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "E113"), ("# only a comment\n", "E113"), ("- a\n- b\n", "E113"), ("just text", "E113")],
)
def test_a_file_that_is_not_a_mapping_is_not_a_deck(text: str, code: str, parser: str) -> None:
    assert [each[0] for each in faults(text)] == [code]
    assert read(text.encode()).root is None


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        (b"\xff\xfea\x00:\x00", 1, 1, "UTF-16"),
        ("a: b".encode("utf-16-be"), 1, 1, "UTF-16"),
        ("a: b".encode("utf-32"), 1, 1, "UTF-16 or UTF-32"),
        ("é: b\nc: é".encode() + b"\xe9", 2, 5, "0xE9 at offset 11"),
        (b"a: \xed\xa0\x80", 1, 4, "0xED at offset 3"),
        (b"a: \xc3", 1, 4, "0xC3"),
    ],
)
def test_a_file_in_another_encoding_is_reported_with_its_place_and_help(
    data: bytes, line: int, column: int, message: str
) -> None:
    (problem,) = read(data).problems.found
    assert (problem.code, problem.line, problem.column) == ("E103", line, column)
    assert message in problem.message
    assert "UTF-8" in problem.help


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\uffff"])
def test_a_raw_control_character_is_found(char: str, parser: str) -> None:
    assert faults(f"a: b\nc: d{char}e\n") == [("E104", 2, 5)]


def test_a_file_that_is_too_large_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_reading, "MAX_BYTES", 10)
    assert faults("a: 2345678") == []
    assert [code for code, _, _ in faults("a: 23456789")] == ["E101"]


def test_a_file_with_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_reading, "MAX_EVENTS", 100)
    assert [code for code, _, _ in faults("a: [" + "b," * 200 + "]")] == ["E114"]


def test_nesting_is_read_down_to_its_limit(parser: str) -> None:
    def nested(depth: int) -> str:
        return "a: " + "[" * (depth - 1) + "]" * (depth - 1)

    assert faults(nested(MAX_DEPTH)) == []
    assert faults(nested(MAX_DEPTH + 1)) == [("E106", 1, 3 + MAX_DEPTH)]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{a: "])
def test_endless_nesting_is_refused(opening: str, parser: str) -> None:
    codes = [code for code, _, _ in faults("a:\n  " + opening * 100_000)]
    assert codes[-1:] == ["E106"]


@pytest.mark.parametrize("opening", ["[", "{a: ", "[{a: "])
@pytest.mark.parametrize("mistake", ["@", '"not closed', "&", "]}", "{a: b: c"])
def test_endless_nesting_before_a_mistake_is_refused(
    opening: str, mistake: str, parser: str
) -> None:
    for depth in (40, 100, 999, 1000, 1010, 2000):
        assert faults("a: " + opening * depth + mistake)[0][0] == "E106", depth


def test_nesting_in_the_place_of_a_key_is_refused(parser: str) -> None:
    for depth in (40, 999, 1000, 1010, 2000):
        assert faults("a: b\n" + "[" * depth) == [("E105", 2, 1)]


def test_mistakes_before_endless_nesting_are_reported_once(parser: str) -> None:
    wrong = "a: &b c\nd: [*b, &e [!f " + "[" * 100_000
    assert faults(wrong) == [
        ("E108", 1, 4),
        ("E107", 2, 5),
        ("E108", 2, 9),
        ("E109", 2, 13),
        ("E106", 2, 13 + MAX_DEPTH),
    ]


def test_aliases_of_aliases_do_not_multiply(parser: str) -> None:
    bomb = "a0: &a0 [x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    codes = {code for code, _, _ in faults(bomb)}
    assert codes == {"E107", "E108"}


SYNTAX = [
    ("cards:\n- front: a: b\n", 2, 11, "colon and a space", 'quotes: "a: b"'),
    ("cards:\n- front: What is: \"x\"\n", 2, 17, "colon", "'What is: \"x\"'"),
    ("cards:\n- front: a\n   back: c\n", 3, 4, "not indented like", "line up"),
    ("cards:\n  - front: a\n back: b\n", 3, 2, "indentation fits nothing", "line up"),
    ("cards:\n  - front: a\n  back: b\n", 3, 3, "does not start with `-`", "line up"),
    ("cards:\n\t- front: a\n", 2, 1, "tab", "spaces"),
    ("cards:\n  - front: a\n\tback: b\n", 3, 1, "tab", "spaces"),
    ("a: \"x\nb: c\n", 1, 4, '" is not closed', "close it"),
    ("a: 'x\nb: c\n", 1, 4, "' is not closed", "close it"),
    ("a: 'it's'\n", 1, 8, "after a closing quotation mark", "other quotes"),
    ('a: "x" is y\n', 1, 8, "after a closing quotation mark", "other quotes"),
    ("a: @x\n", 1, 4, "cannot start with `@`", 'quotes: "@x"'),
    ("a: `x`\n", 1, 4, "cannot start with", 'quotes: "`x`"'),
    ("a: %x\n", 1, 4, "cannot start with `%`", '"%x"'),
    ("a: *bold* x\n", 1, 4, "cannot start with `*`", '"*bold* x"'),
    ("a: & b\n", 1, 4, "cannot start with `&`", '"& b"'),
    ("a: !b!c d\n", 1, 4, "cannot start with `!`", '"!b!c d"'),
    ("a: , b\n", 1, 4, "cannot start with `,`", '", b"'),
    ("a: ] b\n", 1, 4, "cannot start with `]`", '"] b"'),
    ("a: [x]y\n", 1, 4, "cannot start with `[`", '"[x]y"'),
    ("a:\n  - [x]y\n", 2, 5, "cannot start with `[`", "quotes"),
    ("a: ? b\n", 1, 4, "cannot start with `?`", '"? b"'),
    ("deck:Asia\ncards: []\n", 1, 5, "space is missing", "`deck: …`"),
    ("deck:Asia\n", 1, 5, "space is missing", "`deck: …`"),
    ("cards:\n- front:a\n  back: b\n", 2, 8, "space is missing", "`front: …`"),
    ("cards:\n-front: a\n  back: b\n", 2, 1, "after the `-`", "`- front: …`"),
    ("cards:\n- front: a\n  back:b\n  hint: c\n", 3, 7, "space is missing", "`back: …`"),
    ("a: b\nc\nd: e\n", 2, 1, "no `key:`", "`key: value`"),
    ("a: [b, c\nd: e\n", 1, 4, "[ is not closed", "end it with ]"),
    ("a: {b: c\n", 1, 4, "{ is not closed", "end it with }"),
    ("a: [b, c", 1, 4, "[ is not closed", "end it with ]"),
    ("a: [\n", 1, 4, "[ is not closed", "end it with ]"),
    ("a: [b,\n\n\n", 1, 4, "[ is not closed", "end it with ]"),
    ("a: [b, # and so on\n# the end", 1, 4, "[ is not closed", "end it with ]"),
    ("a: [b, c: \n", 1, 4, "[ is not closed", "end it with ]"),
    ("a: {b: \r\n", 1, 4, "{ is not closed", "end it with }"),
    ("a:\n- [[b], {c: [d],\n\n", 2, 9, "{ is not closed", "end it with }"),
    ("a:\n- {b: \"half", 2, 7, '" is not closed', "close it"),
    ("a: {{b\n", 1, 4, "cannot start with `{`", '"{{b"'),
    ("a: - b\n", 1, 4, "list cannot start", "next line"),
    ("a: |b\n c\n", 1, 5, "several lines", "next line"),
    ('a: "\\d"\n', 1, 5, "`\\d`", "two backslashes"),
    ('a: "\\xzz"\n', 1, 5, "`\\x`", "two backslashes"),
    ("%x: 1\n", 1, 1, "%", "delete it"),
    ("a: b\n...\nc\n", 3, 1, "after the end", "`...`"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "column", "message", "way_out"), SYNTAX)
def test_a_syntax_error_is_explained_in_plain_words_with_help(
    text: str, line: int, column: int, message: str, way_out: str, parser: str
) -> None:
    reading = read(text.encode())
    assert reading.root is None
    (problem,) = reading.problems.found
    assert (problem.code, problem.line, problem.column) == ("E105", line, column)
    assert message in problem.message
    assert way_out in problem.help


@given(st.text("[]{}\"'-:,#&*!?|>%ab \n", max_size=30))
def test_a_mistake_is_shown_in_a_line_that_exists(text: str) -> None:
    for cut in (f"deck: A\ncards:\n- front: {text}", f"deck: A\ncards:\n- front: [{text}\n"):
        lines = cut.rstrip("\n").count("\n") + 1
        for problem in read(cut.encode()).problems.found:
            assert problem.line <= lines, (problem, cut)


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="only libyaml refuses it")
def test_the_help_for_a_colon_in_a_flow_list_is_to_quote_it() -> None:
    (problem,) = read(b"a: [b, c:[d]]\n").problems.found
    assert (problem.code, problem.column, problem.help) == ("E105", 9, "put the text in quotes")


def test_a_surrogate_escape_is_never_an_exception(parser: str) -> None:
    reading = read(b'a: "\\ud800"')
    assert reading.root == {"a": "\ud800"} or faults('a: "\\ud800"') == [("E105", 1, 5)]


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("text", ["a: b", "a: [", "a: &x b"])
def test_the_garbage_collector_is_left_as_it_was(text: str, enabled: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        with collector_paused():
            read(text.encode())
            assert not gc.isenabled()
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()
