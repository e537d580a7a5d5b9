from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.library.diagnostics import (
    CODES,
    MAX_PROBLEMS,
    Diagnostic,
    Problems,
    Severity,
    TextLines,
    TooManyProblems,
    did_you_mean,
    quote,
    render,
)


def rendered(text: str, line: int, column: int, end_column: int = 0, **more: str) -> list[str]:
    problem = Diagnostic(
        "E201", "unknown key `x`", line, column, line, end_column or column + 1, **more
    )
    return render(problem, "deck.yaml", TextLines(text)).split("\n")


def test_a_problem_shows_its_place_its_line_a_caret_and_help() -> None:
    assert rendered("a: 1\n  anwser: b\n", 2, 3, 9, help="did you mean `answer`?") == [
        "deck.yaml:2:3: error[E201] unknown key `x`",
        "  |   anwser: b",
        "  |   ^^^^^^",
        "  help: did you mean `answer`?",
    ]


def test_a_warning_is_labelled_as_one() -> None:
    assert Diagnostic("W401", "same").severity is Severity.WARNING
    assert render(Diagnostic("W401", "same"), "f", TextLines("")) == "f:1:1: warning[W401] same"


def test_the_caret_stands_under_wide_and_combining_characters_and_tabs() -> None:
    text = "\t日本: e\u0301x\n"
    _, source, caret = rendered(text, 1, 2, 4)
    assert source == "  |     日本: e\u0301x"
    assert caret == "  |     ^^^^"
    assert rendered(text, 1, 8)[2] == "  | " + " " * (4 + 4 + 2 + 1) + "^"


def test_control_characters_of_the_deck_and_of_its_name_are_made_visible() -> None:
    shown = render(Diagnostic("E104", "m", 1, 4), "\x1b]52.yaml", TextLines("a: \x1b[2J\u202e"))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert shown.endswith(" " * 3 + "^")


def test_a_long_line_is_shown_around_the_caret() -> None:
    text = "a" * 500 + "X" + "b" * 500
    _, source, caret = rendered(text, 1, 501)
    assert len(source) < 100
    assert source[caret.index("^")] == "X"
    assert source.startswith("  | …a")
    assert source.endswith("b…")


def test_a_problem_that_spans_lines_is_marked_to_the_end_of_its_first_line() -> None:
    shown = render(Diagnostic("E203", "m", 1, 4, 3, 2), "f", TextLines("a: [b,\n  c\n]\n"))
    assert shown.endswith("  | a: [b,\n  |    ^^^")


def test_a_place_beyond_the_end_is_still_rendered() -> None:
    assert rendered("a", 9, 9)[0].startswith("deck.yaml:9:9")


TEXTS = st.text(st.sampled_from("ab\t\r\n日\u0301\x1b é"), max_size=60)


@given(TEXTS, st.integers(1, 5), st.integers(1, 70), st.integers(0, 70))
def test_any_line_is_shown_with_its_caret_and_without_control_characters(
    text: str, line: int, column: int, length: int
) -> None:
    shown = rendered(text, line, column, column + length)
    assert all(unicodedata.category(char) != "Cc" for row in shown for char in row)
    assert len(shown) in {1, 3}


@given(TEXTS, st.lists(st.integers(0, 60), max_size=8))
def test_positions_are_right_in_any_order_of_asking(text: str, offsets: list[int]) -> None:
    end = "\n" if "\n" in text or "\r" not in text else "\r"
    lines = TextLines(text)
    for offset in (min(each, len(text)) for each in offsets):
        before = text[:offset].split(end)
        assert lines.position(offset) == (len(before), len(before[-1]) + 1)
        assert lines.offset(*lines.position(offset)) == offset


@pytest.mark.parametrize(
    ("word", "meant"),
    [("anwser", "answer"), ("Answer", "answer"), ("frnt", "front"), ("zebra", None), ("", None)],
)
def test_a_misspelt_word_names_the_nearest(word: str, meant: str | None) -> None:
    assert did_you_mean(word, ["answer", "accept", "front", "back"]) == meant


def test_a_huge_word_is_not_compared() -> None:
    assert did_you_mean("answer" * 1_000_000, ["answer"]) is None


def test_a_quoted_text_is_short_clean_and_on_one_line() -> None:
    assert quote("a\nb\x1b") == "`a b␛`"
    assert len(quote("x" * 10**6)) == 42


def test_a_long_list_of_problems_is_cut_and_says_so() -> None:
    problems = Problems(TextLines("text"))
    for _ in range(MAX_PROBLEMS):
        problems.add("E201", "unknown key", 0)
    problems.add("W401", "left out", 0)
    with pytest.raises(TooManyProblems):
        problems.add("E201", "unknown key", 0)
    assert problems.found[-1].code == "E115"
    assert len(problems.found) == MAX_PROBLEMS + 1


def test_each_code_has_a_sentence_that_explains_it() -> None:
    for code, title in CODES.items():
        assert code[0] in "EW"
        assert code[1:].isdigit()
        assert title.endswith(".")
