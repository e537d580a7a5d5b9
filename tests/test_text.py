"""Nothing hidden gets through `clean`; `spans` shows inline markup as its author meant it."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.text import LONGEST_MARKUP, TextSpan, clean, masked, plain, spans

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
HOSTILE = st.text(
    st.one_of(
        st.sampled_from("\x00\x07\x1b\x7f\x85\x9b\r\n\t\u061c\u2028\u202e\u2066\ufeff\ufffe\ud800"),
        st.sampled_from(["\U000e0041", "\U0001fffe", "a", " ", "é", "\u200d", "\ufe0f"]),
    ),
    max_size=60,
)
MARKUP = st.text(st.sampled_from("*_`[]()!\\<>&#;\"' \nabé:/%"), max_size=60)
DIRECTION_MARKS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def hidden(text: str) -> list[str]:
    """The characters of a text that must not reach a terminal."""
    return [
        char
        for char in text
        if (unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} and char not in "\n\t")
        or char in DIRECTION_MARKS
        or char == "\ufeff"
        or 0xE0000 <= ord(char) <= 0xE007F
        or 0xFDD0 <= ord(char) <= 0xFDEF
        or ord(char) & 0xFFFE == 0xFFFE
    ]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("\x00\x7f", "␀␡"),
        ("\x9b31m\x85", "⟨U+009B⟩31m⟨U+0085⟩"),
        ("live \u202eevil", "live ⟨U+202E⟩evil"),
        ("a\u2028b\u2029c", "a⟨U+2028⟩b⟨U+2029⟩c"),
        ("a\ufeffb", "a⟨U+FEFF⟩b"),
        ("a\U000e0062", "a⟨U+E0062⟩"),
        ("\ud83d alone", "⟨U+D83D⟩ alone"),
        ("\ufdd0\U0010ffff", "⟨U+FDD0⟩⟨U+10FFFF⟩"),
        ("one\r\ntwo\rthree\n\tfour", "one\ntwo\nthree\n\tfour"),
    ],
)
def test_hidden_characters_become_visible(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Душанбе́, Türkmenbaşy, 北京, ʻokina",
        "می‌خواهم",
        "👩‍🚀 ❤️ 🇰🇬",
        "क्‍ष",
        "two\nlines\tand a tab",
        "non\u00a0breaking\u202fspaces and a soft\u00adhyphen",
        "[not markup] \\x1b",
    ],
)
def test_text_of_any_script_is_left_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_a_single_line_has_neither_newlines_nor_tabs() -> None:
    assert clean("one\r\ntwo\tthree\rfour\x1b", multiline=False) == "one two three four␛"


@given(ANY_TEXT | HOSTILE, st.booleans())
def test_cleaned_text_hides_nothing_and_cleaning_again_changes_nothing(
    text: str, multiline: bool
) -> None:
    cleaned = clean(text, multiline=multiline)
    assert hidden(cleaned) == []
    assert clean(cleaned, multiline=multiline) == cleaned
    if not multiline:
        assert "\n" not in cleaned
        assert "\t" not in cleaned


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (
            "*Regional* **Anti**",
            [TextSpan("Regional", italic=True), TextSpan(" "), TextSpan("Anti", bold=True)],
        ),
        ("***both***", [TextSpan("both", bold=True, italic=True)]),
        ("*a *b* c*", [TextSpan("a b c", italic=True)]),
        (
            "**bold *and* bold**",
            [
                TextSpan("bold ", bold=True),
                TextSpan("and", bold=True, italic=True),
                TextSpan(" bold", bold=True),
            ],
        ),
        ("run `sco-quiz *due*`", [TextSpan("run "), TextSpan("sco-quiz *due*", code=True)]),
        ("a `b` c", [TextSpan("a "), TextSpan("b", code=True), TextSpan(" c")]),
    ],
)
def test_markup_gives_styled_spans(text: str, expected: list[TextSpan]) -> None:
    assert spans(text) == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see [the charter](https://example.org/c)", "see the charter (https://example.org/c)"),
        ("[https://example.org](https://example.org)", "https://example.org"),
        ("[](https://example.org)", "(https://example.org)"),
        ("[*x* y](ä%20ö 'title')", "x y (ä ö)"),
        ("![a *red* flag](flag.png)", "a red flag"),
        ("![](flag.png)", "(flag.png)"),
        (r"5 \* 3 \_x\_", "5 * 3 _x_"),
        ("5 * 3 * 2 and snake_case_name", "5 * 3 * 2 and snake_case_name"),
        ("an array a[0], [brackets] and a[i](", "an array a[0], [brackets] and a[i]("),
        (
            "<b>*x*</b> &lt; &#27; <https://example.org>",
            "<b>x</b> &lt; &#27; <https://example.org>",
        ),
        ("*a*\n  b  \nc\n\n# d", "a\n  b  \nc\n\n# d"),
        ("```\nfor x in y:\n    pass\n```", "for x in y:\n    pass"),
        ("[x](javascript:alert)", "[x](javascript:alert)"),
        ("*unfinished **business `here [and](there", "*unfinished **business `here [and](there"),
    ],
)
def test_plain_text_reads_as_meant(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(ANY_TEXT.map(clean).filter(lambda text: not set(text) & set("\\`*_[")))
def test_clean_text_without_markers_is_shown_as_it_is(text: str) -> None:
    assert plain(text) == text
    assert "".join(span.text for span in spans(text)) == text


@given(MARKUP | ANY_TEXT.map(clean))
def test_clean_text_gives_clean_spans_that_join_to_the_plain_text(text: str) -> None:
    found = spans(text)
    assert plain(text) == "".join(span.text for span in found)
    assert all(span.text and not hidden(span.text) for span in found)
    assert all(before[1:] != after[1:] for before, after in pairwise(found))


@pytest.mark.parametrize("address", ["&#8238;x", "%1b]52;x", "a%0ab", "&#x1b;", "&NewLine;x"])
def test_an_address_smuggles_nothing_in(address: str) -> None:
    shown = plain(f"[label]({address})")
    assert hidden(shown) == []
    assert "\n" not in shown


@pytest.mark.parametrize("text", ["[" * 9_000, "*" * 9_000, "![" * 4_500, "[a](" * 3_000])
def test_a_heap_of_unmatched_markers_is_shown_as_written(text: str) -> None:
    assert plain(text) == text


def test_images_within_images_within_images_do_not_exhaust_the_stack() -> None:
    assert "innermost" in plain("![" * 2_000 + "innermost" + "](a)" * 2_000)


def test_a_very_long_text_is_shown_as_written() -> None:
    text = "*a* " * LONGEST_MARKUP
    assert spans(text) == [TextSpan(text)]


def test_the_markup_parser_is_not_loaded_for_text_without_markup() -> None:
    code = "import sys, sco_quiz.text as t; t.plain('a'); print('markdown_it' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


@given(ANY_TEXT | HOSTILE)
def test_a_masked_text_hides_nothing_and_keeps_every_character_in_its_place(text: str) -> None:
    shown = masked(text)
    assert hidden(shown) == []
    assert len(shown) == len(text)
    assert all(a == b for a, b in zip(shown, text, strict=True) if clean(b) == b)
