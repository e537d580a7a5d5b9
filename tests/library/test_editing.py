"""How edits look: as if the author of the file had made them."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.errors import DeckError
from sco_quiz.library import editing
from sco_quiz.library.contents import notes_of
from sco_quiz.library.yaml_reading import read
from sco_quiz.library.yaml_writing import Value, scalar

if TYPE_CHECKING:
    from collections.abc import Callable

DECK = dedent("""\
    # Capitals, and more to come
    deck: Central Asia
    cards:
      # the big ones

      - question: Capital of Kazakhstan?   # asked often
        answer: "Astana"  # was Nur-Sultan
        # it may change again
        accept: [Akmola]

      - question: Name the neighbours of Tajikistan
        list:   # clockwise
          - Kyrgyzstan   # north
          - China
          # south
          - Afghanistan
        explain: >-
          Four of them, and each of them lies
          behind mountains.

    # more to come
    """)

LONG = "The city was a fortress called Akmolinsk, then Tselinograd, then Akmola, then Astana, " * 2


def set_field(text: str, line: int, field: str, value: Value) -> str:
    return editing.set_in_many(text, field, {line: value})


def test_a_new_value_takes_the_quotes_of_the_old_and_leaves_the_comment() -> None:
    assert set_field(DECK, 6, "answer", "Almaty") == DECK.replace('"Astana"', '"Almaty"')


def test_a_new_field_goes_to_its_usual_place() -> None:
    with_hint = set_field(DECK, 6, "hint", "On the Ishim")
    assert "    accept: [Akmola]\n    hint: On the Ishim\n\n" in with_hint
    with_id = set_field(DECK, 6, "id", "kz")
    assert "  - id: kz\n    question: Capital of Kazakhstan?   # asked often\n" in with_id


def test_one_image_becomes_several_and_one_again() -> None:
    deck = "deck: x\ncards:\n  - front: f\n    image: a.png  # the old one\n    back: b\n"
    several = set_field(deck, 3, "image", ["a.png", "b.png"])
    assert "\n    image: [a.png, b.png]  # the old one\n    back: b\n" in several
    assert set_field(several, 3, "image", ["a.png", "c.png"]) == several.replace("b.png", "c.png")
    assert set_field(several, 3, "image", "a.png") == deck


def test_an_accepted_answer_joins_the_list_there_is() -> None:
    result = editing.add_accepted(DECK, 6, "Nur-Sultan")
    assert result == DECK.replace("[Akmola]", "[Akmola, Nur-Sultan]")


def test_an_answer_that_is_accepted_already_changes_nothing() -> None:
    assert editing.add_accepted(DECK, 6, " Akmola") == DECK
    assert editing.add_accepted(DECK, 6, "Astana") == DECK


def test_an_order_or_a_list_has_no_other_answers() -> None:
    with pytest.raises(DeckError, match="line 11 cannot have other right answers"):
        editing.add_accepted(DECK, 11, "Uzbekistan")


def test_items_of_a_list_are_changed_one_by_one_around_its_comments() -> None:
    items = ["Kirgisistan", "China", "Pakistan", "Afghanistan", "Uzbekistan"]
    result = set_field(DECK, 11, "list", items)
    before, after = DECK.split("      - Kyrgyzstan"), DECK.split("- Afghanistan\n")
    assert result == (
        before[0]
        + "      - Kirgisistan   # north\n      - China\n      - Pakistan\n"
        + "      # south\n      - Afghanistan\n      - Uzbekistan\n"
        + after[1]
    )


def test_a_list_that_grows_too_long_for_its_line_gets_a_line_for_each_item() -> None:
    names = [f"The city number {number} of them" for number in range(4)]
    result = set_field(DECK, 6, "accept", names)
    assert "    accept:\n      - The city number 0 of them\n      - The city" in result


def test_a_long_text_is_folded_and_one_with_lines_is_kept_as_it_is() -> None:
    folded = set_field(DECK, 6, "explain", LONG)
    assert "    explain: >-\n      The city was" in folded
    assert max(map(len, folded.splitlines())) <= 100
    literal = set_field(DECK, 6, "explain", "First:\n\n  - Akmolinsk\n  - Astana")
    assert "    explain: |-\n      First:\n\n        - Akmolinsk\n        - Astana\n" in literal


def test_a_text_of_several_lines_leaves_the_comment_of_the_one_it_replaces() -> None:
    result = set_field(DECK, 6, "answer", "Astana\nAkmola")
    assert "    answer: |-  # was Nur-Sultan\n      Astana\n      Akmola\n    # it may" in result


def test_a_note_that_becomes_another_kind_keeps_its_comments() -> None:
    result = editing.replace_note(
        DECK, 6, {"front": "Kazakhstan", "back": "Astana", "reverse": True}
    )
    assert result == DECK.replace(
        "question: Capital of Kazakhstan?   # asked often\n"
        '    answer: "Astana"  # was Nur-Sultan\n'
        "    # it may change again\n"
        "    accept: [Akmola]\n",
        "front: Kazakhstan\n    back: Astana\n    reverse: true\n    # it may change again\n",
    )


def test_a_new_note_goes_before_the_comments_at_the_end_of_the_file() -> None:
    result = editing.add_note(DECK, {"answer": "Dushanbe", "question": "Capital of Tajikistan?"})
    note = "\n  - question: Capital of Tajikistan?\n    answer: Dushanbe\n"
    assert result == DECK.replace("\n\n# more to come\n", f"\n{note}\n# more to come\n")


def test_a_comment_indented_like_the_last_note_stays_with_it() -> None:
    text = "deck: A\ncards:\n- front: a\n  back: b\n  # hint: c\n# end\n"
    result = editing.add_note(text, {"front": "c", "back": "d"})
    assert "  # hint: c\n\n- front: c\n  back: d\n# end\n" in result


def test_notes_on_one_line_are_followed_by_notes_on_one_line() -> None:
    text = 'deck: A\ncards:\n- {front: a, back: "b"}\n- {front: c, back: d}'
    result = editing.add_note(text, {"front": "e?", "back": "f, g", "tags": ["x", "z"]})
    assert result == text + '\n- {front: "e?", back: "f, g", tags: [x, z]}'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("deck: A", "deck: A\ncards:\n  - front: a\n    back: b"),
        ("deck: A\ncards:\n", "deck: A\ncards:\n  - front: a\n    back: b\n"),
        ("deck: A\ncards: []  # yet\n", "deck: A\ncards:  # yet\n  - front: a\n    back: b\n"),
        ("deck: A\ncards:\n  # here\n", "deck: A\ncards:\n  # here\n  - front: a\n    back: b\n"),
        ("cards:\ndeck: A\n", "cards:\n  - front: a\n    back: b\ndeck: A\n"),
        ("deck: A\r\n", "deck: A\r\ncards:\r\n  - front: a\r\n    back: b\r\n"),
        ("{deck: A}", "{deck: A, cards: [{front: a, back: b}]}"),
        ("{deck: A, cards: []}", "{deck: A, cards: [{front: a, back: b}]}"),
        ('{"deck": "A",\n "cards": [\n  {"front": "c"}\n ]}',
         '{"deck": "A",\n "cards": [\n  {"front": "c"}, {front: a, back: b}\n ]}'),
    ],
)  # fmt: skip
def test_a_note_can_be_added_to_a_deck_of_any_form(before: str, after: str) -> None:
    assert editing.add_note(before, {"front": "a", "back": "b"}) == after


def test_the_last_note_leaves_an_empty_list() -> None:
    text = "deck: A\ncards:\n  - front: a\n    back: b\n# end\n"
    assert editing.remove_notes(text, [3]) == "deck: A\ncards: []\n# end\n"


def test_truth_values_need_no_quotes_and_words_do() -> None:
    text = editing.add_note("deck: A\n", {"statement": "Is it so?", "answer": False})
    assert text.endswith("answer: false\n")
    text = editing.add_note(
        "deck: A\n", {"question": "Is it so?", "answer": "false", "strict": "true"}
    )
    assert text.endswith('answer: "false"\n    strict: true\n')


def test_a_list_may_replace_a_truth_value() -> None:
    text = "deck: A\ncards:\n- statement: a\n  answer: true\n"
    assert set_field(text, 3, "answer", ["a", "b"]).endswith("  answer: [a, b]\n")


def test_a_note_without_a_key_that_can_be_read_is_refused() -> None:
    with pytest.raises(DeckError, match="line 3 cannot be changed in place"):
        set_field("deck: A\ncards:\n- ? [front]\n  : a\n", 3, "front", "a")


def test_empty_fields_are_left_out_and_removed() -> None:
    note = {"front": "a", "back": "b", "hint": " ", "tags": [], "explain": ""}
    text = editing.add_note("deck: A\n", note)
    assert editing.note_at(text, 3) == {"front": "a", "back": "b"}
    assert set_field(DECK, 6, "accept", []) == DECK.replace("    accept: [Akmola]\n", "")


def test_hidden_characters_are_written_as_escapes() -> None:
    text = editing.add_note("deck: A\n", {"front": "a\x1b[1m\u202eb", "back": "c\ud800"})
    assert text.endswith('- front: "a\\x1B[1m\\u202Eb"\n    back: c⟨U+D800⟩\n')


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (DECK, 7, "no note starts on line 7"),
        ("deck: A\ncards: [{front: a}, {front: b}]\n", 2, "2 notes start on line 2"),
        ("deck: A\ncards: b\n", 2, "no note starts on line 2"),
        ("deck: [A\n", 1, r"line 1: the \[ is not closed"),
        ("", 1, "line 1: the file is empty"),
        ("deck: A\ncards:\n- front: a\n", 3, "line 3 would be empty"),
        ("deck: A\ncards:\n- ? front\n  : a\n  back: b\n", 3, "line 3 cannot be changed in place"),
        ("deck: A\ncards:\n- ? [front]\n  : a\n", 3, "line 3 would be empty"),
        ("deck: A\ncards:\n- front: a\n  front: c\n  back: b\n", 3, "alter more than was meant"),
    ],
)
def test_a_note_that_cannot_be_edited_is_refused(text: str, line: int, message: str) -> None:
    with pytest.raises(DeckError, match=message) as caught:
        editing.replace_note(text, line, {"back": "b"} if "back: b" in text else {})
    assert caught.value.help


def test_an_empty_note_is_not_added() -> None:
    with pytest.raises(DeckError, match="every field of the note is empty"):
        editing.add_note(DECK, {"front": " "})


def test_no_note_is_added_to_a_deck_whose_cards_are_not_a_list() -> None:
    with pytest.raises(DeckError, match="`cards` is not a list"):
        editing.add_note("deck: A\ncards: front\n", {"front": "a"})
    with pytest.raises(DeckError, match="no note can be added"):
        editing.add_note("? [deck]\n: A\n", {"front": "a"})


@given(st.text(), st.booleans())
def test_any_text_can_be_written_so_that_it_reads_the_same(text: str, flow: bool) -> None:
    text = text.encode("utf-8", "replace").decode()
    written = scalar(text, flow=flow)
    document = f"a: [{written}]" if flow else f"a: {written}\n"
    root = read(document.encode()).root
    assert root is not None
    assert root["a"] == ([text] if flow else text)


@given(
    st.one_of(
        st.from_regex(r"[-+]?[0-9a-fox_.:eE+-]{1,12}", fullmatch=True),
        st.from_regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9:.Z+-]{0,9})?", fullmatch=True),
        st.dates().map(str),
        st.sampled_from(
            [
                "0000-01-01",
                "2026-02-31",
                "2025-02-29",
                "yes",
                "No",
                "ON",
                "off",
                "True",
                "FALSE",
                "null",
                "~",
                "=",
                "-.INF",
            ]
        ),
    )
)
def test_a_plain_text_is_the_same_text_to_readers_that_guess_types(text: str) -> None:
    if scalar(text, flow=False) == text:
        assert str(yaml.safe_load(text)) == text


# Putting back

SEVEN = dedent("""\
    deck: Seven
    cards:
      - {front: a, back: A}

      # the second and the third
      - front: b   # not B
        back: 'b (b)'
      - {front: c, back: C}

      - front: d
        # of Delta
        back: "D"

      # the rest
      - {front: e, back: E}
      - {front: f, back: F}

      # the last
      - {front: g, back: G}
    """)


def put_back_after(text: str, fronts: str, changed: Callable[[str], str]) -> str:
    """The deck without the notes of these letters, changed elsewhere, with them back."""
    known = {str(note.fields["front"]): note for note in notes_of(text)}
    gone = [known[letter] for letter in fronts]
    lines = [note.line for note in gone]
    left = changed(editing.remove_notes(text, lines))
    return editing.put_back(left, [note.fields for note in gone], editing.places_of(text, lines))


@pytest.mark.parametrize("fronts", ["a", "b", "ab", "ad", "de", "g", "fg", "defg", "bdf", "abdefg"])
def test_removed_notes_come_back_as_written_though_the_file_was_changed(fronts: str) -> None:
    def changed(text: str) -> str:
        return "# of mine\n" + text.replace("C}", "third}") + "\n# the end\n"

    assert put_back_after(SEVEN, fronts, changed) == changed(SEVEN)


@pytest.mark.parametrize("fronts", ["b", "d"])
def test_a_removed_note_comes_back_to_its_place_though_the_others_got_ids(fronts: str) -> None:
    def changed(text: str) -> str:
        return text.replace("{front: ", "{id: x, front: ")

    assert put_back_after(SEVEN, fronts, changed) == changed(SEVEN)


def test_a_removed_note_comes_back_beside_the_nearest_neighbour_that_is_left() -> None:
    def without_c_and_d(text: str) -> str:
        gone = [note.line for note in notes_of(text) if note.fields["front"] in ("c", "d")]
        return editing.remove_notes(text, gone)

    back = put_back_after(SEVEN, "b", without_c_and_d)
    assert [note.fields["front"] for note in notes_of(back)] == [*"abefg"]
    assert "\n\n  # the second and the third\n  - front: b   # not B\n    back: 'b (b)'\n" in back


def test_a_removed_note_comes_back_between_neighbours_that_were_changed() -> None:
    def changed(text: str) -> str:
        return text.replace("back: C", "back: Charlie").replace("front: e", "front: echo")

    assert put_back_after(SEVEN, "d", changed) == changed(SEVEN)
    assert put_back_after(SEVEN, "abfg", changed) == changed(SEVEN)


def test_a_removed_note_brings_no_second_blank_line() -> None:
    def without_the_end(text: str) -> str:
        return text.partition("\n  # the rest")[0] + "\n"

    back = put_back_after(SEVEN, "d", without_the_end)
    assert back.endswith('- {front: c, back: C}\n\n  - front: d\n    # of Delta\n    back: "D"\n')


def test_a_removed_note_comes_back_with_the_indentation_and_line_ends_of_the_deck() -> None:
    def changed(text: str) -> str:
        return text.replace("\n  ", "\n").replace("\n", "\r\n")

    assert put_back_after(SEVEN, "d", changed) == changed(SEVEN)


def test_the_only_note_of_a_deck_comes_back_as_written() -> None:
    text = "deck: One\ncards:  # few\n# mine\n- front: a # b\n  back: 'c'\n"
    assert put_back_after(text, "a", lambda left: left.replace("One", "Two")) == text.replace(
        "One", "Two"
    )
    assert "cards: []  # few\n" in editing.remove_notes(text, [4])


def test_a_removed_note_comes_back_to_its_place_between_brackets() -> None:
    text = (
        '{"deck": "x", "cards": [\n'
        '  {"front": "a", "back": "A"},\n'
        '  {"front": "b",   "back": "\\u0042"},\n'
        '  {"front": "c", "back": "C"}\n]}\n'
    )
    assert put_back_after(text, "b", lambda left: left.replace('"C"', '"c"')) == text.replace(
        '"C"', '"c"'
    )


def test_a_removed_note_comes_back_to_a_deck_of_another_layout() -> None:
    def changed(text: str) -> str:
        return "cards: [{front: c, back: C}]\n"

    assert put_back_after(SEVEN, "b", changed) == (
        "cards: [{front: c, back: C}, {front: b, back: b (b)}]\n"
    )


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"text": "- {front: a, back: other}\n", "number": 0},
        {"text": "- {front: a, back: A}\n- {front: x, back: y}\n", "number": 0},
        {"text": "- {front: a, back: A}\nname: x\n", "number": 0},
        {"text": "- {front: a, back: A}", "number": 1},
        {"text": "- {front: a, back: A}\n", "number": "x"},
        {"text": "- {front: a, back: A}\n", "number": float("inf")},
        {"text": "- [", "number": 0},
        {"text": "  \n", "number": 0},
        {"text": "- {front: a, back: A}\n", "number": 0, "above": 5},
        {"text": "- {front: a, back: A}\n", "number": -7, "above": [{}], "lines_above": -3},
    ],
)
def test_a_place_that_is_none_of_a_removed_note_leaves_it_at_the_end(
    place: dict[str, object],
) -> None:
    usual: dict[str, object] = {"above": [], "below": [], "lines_above": 0, "lines_below": 0}
    deck = "deck: x\ncards:\n- {front: b, back: B}\n"
    back = editing.put_back(deck, [{"front": "a", "back": "A"}], [usual | place])
    notes = sorted(note.fields["front"] for note in notes_of(back))
    assert notes == ["a", "b"]
