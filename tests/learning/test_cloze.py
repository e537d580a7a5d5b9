from __future__ import annotations

from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.learning.cards import BLANK
from sco_quiz.learning.cloze import Blank, ClozeError, find_doubtful, numbered, read_cloze


def test_each_deletion_is_a_card_and_the_others_are_shown() -> None:
    cloze = read_cloze("{{Dushanbe}} is the capital of {{Tajikistan}}.")
    assert cloze.text == "Dushanbe is the capital of Tajikistan."
    assert cloze.blanks == (
        Blank("c1", f"{BLANK} is the capital of Tajikistan.", ("Dushanbe",)),
        Blank("c2", f"Dushanbe is the capital of {BLANK}.", ("Tajikistan",)),
    )


def test_deletions_of_a_group_are_asked_together_in_order() -> None:
    cloze = read_cloze("{{c1::Astana}} was {{c2::Akmola}} and {{c1::Nur-Sultan}}")
    assert cloze.blanks == (
        Blank("c1", f"{BLANK} was Akmola and {BLANK}", ("Astana", "Nur-Sultan")),
        Blank("c2", f"Astana was {BLANK} and Nur-Sultan", ("Akmola",)),
    )


def test_a_group_keeps_its_number_wherever_it_stands() -> None:
    assert [blank.variant for blank in read_cloze("{{c3::a}} {{c1::b}}").blanks] == ["c3", "c1"]


def test_deletions_without_a_group_take_the_free_numbers() -> None:
    cloze = read_cloze("{{a}} {{c1::b}} {{c}} {{c3::d}}")
    assert [(blank.variant, blank.answers) for blank in cloze.blanks] == [
        ("c2", ("a",)),
        ("c1", ("b",)),
        ("c4", ("c",)),
        ("c3", ("d",)),
    ]


@pytest.mark.parametrize(
    "text", ["{{Tashkent::a city}} it is", "{{c1::Tashkent :: a city }} it is"]
)
def test_a_hint_stands_in_the_gap(text: str) -> None:
    (blank,) = read_cloze(text).blanks
    assert blank == Blank("c1", "[a city] it is", ("Tashkent",))


def test_an_empty_hint_counts_as_no_hint() -> None:
    assert read_cloze("{{x::}}").blanks[0].prompt == BLANK


def test_braces_in_pairs_stand_inside_a_deletion() -> None:
    cloze = read_cloze(r"a half is {{$\frac{1}{2}$}}, so {{\frac{a}{b}}} and x^{y^{2}}")
    assert [blank.answers for blank in cloze.blanks] == [
        (r"$\frac{1}{2}$",),
        (r"\frac{a}{b}",),
    ]
    assert cloze.text.endswith("and x^{y^{2}}")


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("no braces", 0, "nothing is left out"),
        ("only {single} and }} closing", 0, "nothing is left out"),
        ("an {{open one", 3, "not closed"),
        ("{{a}} then {{b", 11, "not closed"),
        ("{{a {b}}", 0, "not closed"),
        ("{{a {{b}} c}}", 4, "inside a deletion"),
        ("x {{}} y", 2, "empty"),
        ("x {{ ::hint}} y", 2, "empty"),
        ("x {{c1::}} y", 2, "empty"),
        ("{{c0::x}}", 0, "c0"),
        ("{{x}} " * 1000, 0, "too many"),
        ("{{x}}" + " " * 10**6, 0, "too many"),
    ],
)
def test_an_unusable_cloze_is_reported_with_its_place(text: str, offset: int, message: str) -> None:
    with pytest.raises(ClozeError, match=message) as caught:
        read_cloze(text)
    assert caught.value.offset == offset
    assert caught.value.help


PLAIN = st.text(st.characters(exclude_characters="{}:$", exclude_categories=["Cs"]), max_size=8)
ASKED = PLAIN.map(str.strip).filter(bool)


@given(st.lists(st.tuples(PLAIN, ASKED), min_size=1, max_size=6), PLAIN)
def test_every_card_gives_the_whole_text_once_its_blank_is_filled(
    parts: list[tuple[str, str]], tail: str
) -> None:
    cloze = read_cloze("".join(f"{plain}{{{{{asked}}}}}" for plain, asked in parts) + tail)
    assert cloze.text == "".join(plain + asked for plain, asked in parts) + tail
    assert [blank.answers for blank in cloze.blanks] == [(asked,) for _, asked in parts]
    for blank in cloze.blanks:
        if cloze.text.count(BLANK) == 0:
            assert blank.prompt.replace(BLANK, blank.answers[0]) == cloze.text


@given(st.text("{}c1:x ", max_size=40))
def test_no_arrangement_of_braces_breaks_the_reading(text: str) -> None:
    where = -1
    asked: list[Blank] = []
    try:
        asked.extend(read_cloze(text).blanks)
    except ClozeError as error:
        where = error.offset
    assert bool(asked) != (0 <= where <= len(text))
    assert all(all(blank.answers) for blank in asked)


def shown(text: str) -> list[str]:
    return [blank.prompt for blank in read_cloze(text).blanks]


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        (r"`\{\{ x \}\}` is put out by {{print}}", f"`{{{{ x }}}}` is put out by {BLANK}"),
        ("a {{b}}\n```jinja\n\\{\\{ x \\}\\}\n```", f"a {BLANK}\n```jinja\n{{{{ x }}}}\n```"),
        ("a {{b}}\n~~~\n\\{\\{ x \\}\\}\n~~~", f"a {BLANK}\n~~~\n{{{{ x }}}}\n~~~"),
        (r"``\{\{ ` \}\}`` {{b}}", f"``{{{{ ` }}}}`` {BLANK}"),
        ("`{{def}} f():`", f"`{BLANK} f():`"),
        # Outside code markup takes the backslashes; in a formula they are LaTeX's.
        (r"\{\{ x \}\} {{b}}", rf"\{{\{{ x \}}\}} {BLANK}"),
        (r"$\{\{1\}\}$ has {{one}} element", rf"$\{{\{{1\}}\}}$ has {BLANK} element"),
        (r"`\{ x \}` {{b}}", rf"`\{{ x \}}` {BLANK}"),
        (r"\`\{\{ {{b}} `", rf"\`\{{\{{ {BLANK} `"),
        (r"$\{{{x}}\}$", rf"$\{{{BLANK}\}}$"),
    ],
)
def test_braces_with_backslashes_are_shown_in_code(text: str, prompt: str) -> None:
    assert shown(text) == [prompt]


@pytest.mark.parametrize(
    ("text", "answer", "prompt"),
    [
        (r"{{std\::vector}}", "std::vector", BLANK),
        (r"{{c2::std\::chrono\::seconds::a unit}}", "std::chrono::seconds", "[a unit]"),
        (r"{{\{\{ x \}\}}}", "{{ x }}", BLANK),
        (r"{{$\{\{1\}\}$}}", r"$\{\{1\}\}$", BLANK),
        ("{{A::hint with :: colons}}", "A", "[hint with :: colons]"),
        (r"{{$\frac{\vec{v}}{\vec{u}}$}}", r"$\frac{\vec{v}}{\vec{u}}$", BLANK),
    ],
)
def test_colons_and_braces_of_an_answer_are_written_with_backslashes(
    text: str, answer: str, prompt: str
) -> None:
    (blank,) = read_cloze(text).blanks
    assert blank.answers == (answer,)
    assert blank.prompt == prompt


def test_anki_does_not_take_colons_in_an_answer_for_a_hint() -> None:
    (blank,) = read_cloze(numbered(r"{{std\::vector}} is it")).blanks
    assert blank.prompt == f"{BLANK} is it"
    assert blank.answers[0].replace("\u200b", "") == "std::vector"


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("Use `{{ x }}` to print x; the tag is {{print}}.", [5]),
        ("```jinja\n{{ x }}\n```\n{{b}}", [9]),
        ("~~~\n{{ x | join(', ') }}\n~~~\n{{b}}", [4]),
        ("{{std::vector}} and {{c3::std::chrono::seconds}}", [0, 20]),
        ("`{{map::insert}}`", [1]),
        ("{{Vec::<u8>::new()}}", [0]),
        ("{{Foo::make_it}}", [0]),
        ("{{c1:Paris}} and {{C2::Rome}} and {{c3 ::Bern}} and {{c4: :Oslo}}", [0, 17, 34, 52]),
        # Gaps in code, hints, and what is no code.
        ("{{ c1:Paris}} {{c1::c2:x}} {{c14}} {{CO2: a gas}} {{c1000::x}}", []),
        ("`{{def}} f({{x}}):` {{c1::  y }} {{ z }}", []),
        ("`{{c1:: x }}`", []),
        ("{{Tashkent::city}} {{c1::A::hint with :: colons}} {{std ::vector}} {{x::a (b)}}", []),
        (r"{{std\::vector}} `\{\{ x \}\}` {{b}}", []),
        ("` {{ x }} is not closed", []),
    ],
)
def test_gaps_that_may_be_meant_otherwise_are_found(text: str, starts: list[int]) -> None:
    doubts = find_doubtful(text)
    assert [each.offset for each in doubts] == starts
    assert all(each.message and each.help for each in doubts)


@pytest.mark.parametrize("piece", ["`", "``` ", "`` ` ", "\\{\\{`", "~~~\n", "{{a}}`"])
def test_code_that_is_not_closed_takes_linear_time(piece: str) -> None:
    text = "{{b}} \\{\\{ " + "".join(piece * (n % 7) + "x" for n in range(4000))
    begin = process_time()
    with suppress(ClozeError):
        read_cloze(text)
    assert process_time() - begin < 2
