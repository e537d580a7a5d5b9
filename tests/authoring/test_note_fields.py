"""Two changes of a note: neither is lost, and only a real contradiction is asked about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.authoring.note_fields import (
    NoteVersion,
    as_texts,
    find_note_again,
    is_reworded,
    merge_versions,
    note_of,
)
from sco_quiz.learning.kinds import Kind

FIELDS = ("question", "answer", "accept", "hint", "tags", "explain")
TEXTS = st.sampled_from(["", "a", "b", "c", "a\nb"])
VALUES = st.fixed_dictionaries(dict.fromkeys(FIELDS, TEXTS))
HEAD = "deck: Rivers\ncards:\n"


def version(values: dict[str, str], kind: Kind = Kind.TYPED) -> NoteVersion:
    return NoteVersion(kind, values)


@given(VALUES, VALUES, VALUES)
def test_a_merge_keeps_the_changes_made_to_each_field(
    before: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    merged = merge_versions(version(before), version(mine), version(theirs))
    old, own, other = (note_of(Kind.TYPED, each) for each in (before, mine, theirs))
    for field in FIELDS:
        was, is_mine, is_theirs = (each.get(field, "") for each in (old, own, other))
        has = merged.note.get(field, "")
        assert has in (is_mine, is_theirs)
        if is_mine == was:
            assert has == is_theirs
        else:
            assert has == is_mine
        contradict = len({str(was), str(is_mine), str(is_theirs)}) == 3 or (
            is_mine != was and is_theirs not in (was, is_mine)
        )
        assert (field in merged.conflicts) == contradict
        assert (field in merged.taken) == (has != is_mine)


@given(VALUES, VALUES)
def test_a_change_on_one_side_alone_is_taken_as_it_is(
    before: dict[str, str], after: dict[str, str]
) -> None:
    note = note_of(Kind.TYPED, after)
    for mine, theirs in ((before, after), (after, before)):
        merged = merge_versions(version(before), version(mine), version(theirs))
        assert (merged.note, merged.conflicts) == (note, {})


@given(VALUES)
def test_fields_survive_the_way_into_a_form_and_back(values: dict[str, str]) -> None:
    note = note_of(Kind.TYPED, values)
    assert note_of(Kind.TYPED, as_texts(note)) == note


def test_a_change_of_kind_merges_with_changes_to_other_fields() -> None:
    before = version({"question": "a", "answer": "b"})
    basic = version({"front": "a", "back": "b"}, Kind.BASIC)
    hinted = version({"question": "a", "answer": "b", "hint": "c"})
    for mine, theirs in ((basic, hinted), (hinted, basic)):
        merged = merge_versions(before, mine, theirs)
        assert merged.kind is Kind.BASIC
        assert merged.note == {"front": "a", "back": "b", "hint": "c"}
        assert merged.conflicts == {}


def test_a_contradicting_change_of_kind_is_a_conflict_of_the_whole_note() -> None:
    before = version({"question": "a", "answer": "b"})
    mine = version({"question": "a", "answer": "c"})
    theirs = version({"front": "a", "back": "b"}, Kind.BASIC)
    merged = merge_versions(before, mine, theirs)
    assert merged.kind is Kind.TYPED
    assert merged.note == {"question": "a", "answer": "c"}
    assert merged.conflicts == {"kind": "Think and reveal"}


LINES = [
    "  - {question: Ob?, answer: Siberia}",
    "  - {question: Which river is the longest?, answer: Nile}",
    "  - {id: rhine, question: Rhine?, answer: Europe}",
    "  - {question: Ob?, answer: Siberia}",
    "  - {statement: The Nile is long., answer: true}",
]


def deck(*lines: str) -> str:
    return HEAD + "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("number", range(len(LINES)))
def test_a_note_is_found_again_wherever_others_were_added_or_removed(number: int) -> None:
    before = deck(*LINES)
    new = "  - {question: New?, answer: yes}"
    added = [each for line in LINES for each in (new, line)]
    assert find_note_again(before, number + 3, deck(*added)) == 2 * number + 4
    fewer = [line for at, line in enumerate(LINES) if at == number or at % 2]
    assert find_note_again(before, number + 3, deck(*fewer)) == 3 + sum(
        at == number or at % 2 for at in range(number)
    )


@pytest.mark.parametrize(
    ("number", "changed"),
    [
        (1, "  - {question: Which river is the longest of all?, answer: Nile}"),
        (1, "  - {question: The longest?, answer: Nile}"),
        (1, "  - {question: Which river is the longest?, answer: Amazon}"),
        (1, "  - {front: Which river is the longest?, back: Nile}"),
        (2, "  - {id: rhine, question: Something else, answer: entirely}"),
        (4, "  - {statement: The Nile is very long., answer: false}"),
    ],
)
def test_a_note_that_was_changed_is_found_again(number: int, changed: str) -> None:
    lines = list(LINES)
    lines[number] = changed
    lines.insert(0, "  - {question: New?, answer: yes}")
    assert find_note_again(deck(*LINES), number + 3, deck(*lines)) == number + 4


def test_a_note_that_was_moved_within_its_deck_is_found_again() -> None:
    moved = [LINES[1], LINES[0], *LINES[2:]]
    assert find_note_again(deck(*LINES), 4, deck(*moved)) == 3
    assert find_note_again(deck(*LINES), 4, deck(*LINES[2:], LINES[1])) == 6


@pytest.mark.parametrize(
    ("number", "instead"),
    [(1, None), (2, None), (1, "  - {question: Capital?, answer: Rome}"),
     (2, "  - {question: Rhine?, answer: Europe}"), (4, "  - {statement: Rome., answer: true}")],
)  # fmt: skip
def test_a_removed_note_is_not_mistaken_for_another(number: int, instead: str | None) -> None:
    lines = list(LINES)
    lines[number : number + 1] = [instead] if instead else []
    assert find_note_again(deck(*LINES), number + 3, deck(*lines)) is None


def test_a_note_with_a_similar_question_and_a_shared_answer_counts_as_reworded() -> None:
    before = {"question": "Capital of Kyrgyzstan?", "answer": "Bishkek"}
    assert is_reworded(before, {"question": "The capital of Kyrgyzstan?", "answer": "Bishkek"})
    assert not is_reworded(before, {"question": "Capital of Kazakhstan?", "answer": "Astana"})
    assert not is_reworded(before, {"question": "Once Frunze?", "answer": "Bishkek"})
    true = {"statement": "Ob flows north.", "answer": "true"}
    assert not is_reworded(true, {"statement": "Ob flows south.", "answer": "true"})


@pytest.mark.parametrize("images", ["a, b.png", ["a, b.png", "c.png"]])
def test_one_image_is_a_text_and_several_are_a_list(images: str | list[str]) -> None:
    note: dict[str, str | list[str]] = {"front": "f", "back": "b", "image": images, "tags": ["t"]}
    assert note_of(Kind.BASIC, as_texts(note)) == note
