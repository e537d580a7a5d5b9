"""Moodle's GIFT files become notes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.interchange.gift import read


def fields(text: str) -> list[dict[str, str | list[str]]]:
    return [note.fields for deck in read(text).decks for note in deck.notes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Capital? {=Bishkek ~Osh ~Naryn #### Since 1991.}",
            {
                "question": "Capital?",
                "answer": "Bishkek",
                "choices": ["Osh", "Naryn"],
                "explain": "Since 1991.",
            },
        ),
        (
            "Which? {~%50%a\n~%50%b\n~%-100%c}",
            {"question": "Which?", "answers": ["a", "b"], "choices": ["c"]},
        ),
        (
            "Two plus two is {=four =4} in all.",
            {"question": "Two plus two is _____ in all.", "answer": "four", "accept": ["4"]},
        ),
        ("Osh is a capital. {FALSE}", {"statement": "Osh is a capital.", "answer": "false"}),
        ("Year? {#2001}", {"question": "Year?", "answer": "2001"}),
        (
            "Match. {=Bishkek -> Kyrgyzstan =Astana -> Kazakhstan}",
            {"question": "Match.", "list": ["Bishkek → Kyrgyzstan", "Astana → Kazakhstan"]},
        ),
        (
            r"[html]What is <b>x</b> \= \{1\}\: {=\~ ~\#}",
            {"question": "What is **x** = {1}:", "answer": "~", "choices": ["#"]},
        ),
    ],
)
def test_each_kind_of_question_is_understood(text: str, expected: object) -> None:
    assert fields(text) == [expected]


def test_categories_are_decks_and_titles_are_names() -> None:
    text = "// note\n$CATEGORY: $course$/top/Asia/Cities\n\n::t1::Q? {=a ~b}\n"
    text += "\n$CATEGORY: Else\nS {T}\n"
    material = read(text)
    assert [(deck.title, [note.key for note in deck.notes]) for deck in material.decks] == [
        ("Asia::Cities", ["t1"]),
        ("Else", [""]),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Write about it. {}", "an essay"),
        ("Just text.", "no answers in braces"),
        ("Open {=a", "not closed"),
        ("Two {=a} and {=b}", "two pairs"),
        ("None {~a ~b}", "none of its answers is right"),
        ("Range {#1..5}", "a range of numbers"),
        ("Strange {abc}", "neither = nor ~"),
    ],
)
def test_questions_that_cannot_be_asked_are_skipped_with_the_reason(text: str, reason: str) -> None:
    material = read(text)
    assert fields(text) == []
    assert reason in material.skipped[0].reason


def test_losses_of_an_import_are_reported() -> None:
    reasons = {remark.reason for remark in read("a {#3:0.5}\n\nb {=x ~%50%y}").lossy}
    assert reasons == {
        "how far a number may be off is not kept",
        "an answer that earns a part of the points counts as wrong",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "What is <b>bold</b> &lt;here&gt;?{=<i>this</i> ~<p>that</p> ~a &amp; b}",
            {
                "question": "What is **bold** <here>?",
                "answer": "*this*",
                "choices": ["that", "a & b"],
            },
        ),
        ("[plain]5 <b> & *?{T}", {"statement": r"5 <b> & *?", "answer": "true"}),
        (
            "Which?{~%-50%a ~%100%b ~%0%c}",
            {"question": "Which?", "answer": "b", "choices": ["a", "c"]},
        ),
        (
            "Port?{=%0%*#no =%50%Callo =Callao#yes =El Callao}",
            {
                "question": "Port?",
                "answer": "Callao",
                "accept": ["El Callao"],
                "explain": "yes",
            },
        ),
        (
            "Is it?{FALSE#no, it is not#right}",
            {"statement": "Is it?", "answer": "false", "explain": "right\ntrue: no, it is not"},
        ),
        ("It is {T\n#a}", {"statement": "It is", "answer": "true", "explain": "a"}),
    ],
)
def test_texts_weights_and_feedback_are_those_of_moodle(text: str, expected: object) -> None:
    assert fields(text) == [expected]


def test_tags_in_comments_are_tags_of_the_question() -> None:
    (note,) = read("// question: 7 [id:x] [tag:rivers] [tag:asia]\n::a::Q{=b}").decks[0].notes
    assert note.fields["tags"] == ["rivers", "asia"]


@pytest.mark.parametrize("start", ["{", "}", "{=", "::", "\\", "a{=b}\n\n", "{~%", "=~#"])
def test_hostile_braces_are_read_in_one_pass(start: str) -> None:
    material = read(start * 20_000)
    assert material.skipped or material.decks


@given(st.text(alphabet="ab{}=~#:%1.\\\n/>- T", max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for deck in read(text).decks:
        assert all(note.fields for note in deck.notes)
