"""An edited card keeps its history."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.learning.relinking import Face, Pair, relink


def face(key: str, prompt: str, answer: str, deck: str = "d", kind: str = "typed") -> Face:
    return Face(key, deck, kind, prompt, answer)


OLD = face("old", "In which year did Tashkent's metro open?", "1977")


def test_a_reworded_question_with_the_same_answer_is_the_same_card() -> None:
    new = face("new", "In what year was the metro of Tashkent opened?", "1977")
    assert relink([OLD], [new]) == ([Pair(OLD, new)], [])


def test_a_typing_error_mended_in_prompt_and_answer_is_the_same_card() -> None:
    old = face("old", "Wich city is the capital of Kyrgyzstan", "Bishkeek")
    new = face("new", "Which city is the capital of Kyrgyzstan?", "Bishkek")
    assert relink([old], [new]).sure == [Pair(old, new)]


def test_a_note_moved_to_another_deck_is_the_same_card() -> None:
    new = OLD._replace(key="new", deck="other")
    assert relink([OLD], [new]).sure == [Pair(OLD, new)]


def test_a_note_asked_in_another_kind_is_the_same_card() -> None:
    new = OLD._replace(key="new", kind="choice")
    assert relink([OLD], [new]).sure == [Pair(OLD, new)]


def test_another_question_with_the_same_answer_is_not_taken_for_it() -> None:
    new = face("new", "When did Elvis Presley die in Memphis, Tennessee?", "1977")
    assert relink([OLD], [new]).sure == []


def test_a_question_that_only_looks_alike_is_asked_about() -> None:
    old = face("old", "What is the capital of Kazakhstan?", "Astana")
    new = face("new", "What is the capital of Kyrgyzstan?", "Bishkek")
    assert relink([old], [new]) == ([], [Pair(old, new)])


def test_two_that_could_both_be_meant_are_asked_about() -> None:
    news = [
        face("n1", "In what year did Tashkent's metro open?", "1977"),
        face("n2", "In which year did Tashkent's new metro open?", "1977"),
    ]
    found = relink([OLD], news)
    assert found.sure == []
    assert len(found.doubtful) == 1


def test_statements_are_not_the_same_because_both_are_true() -> None:
    old = face("old", "Bishkek is a capital.", "true", kind="true_false")
    new = face("new", "Rivers often flow into seas.", "true", kind="true_false")
    assert relink([old], [new]) == ([], [])


def test_what_a_person_kept_apart_stays_apart() -> None:
    new = face("new", "In what year was the metro of Tashkent opened?", "1977")
    assert relink([OLD], [new], apart=[("old", "new")]) == ([], [])


def test_every_card_finds_its_own_when_a_whole_deck_is_reworded() -> None:
    olds = [face(f"o{i}", f"How many legs have {i} Organisations?", str(2 * i)) for i in range(99)]
    news = [face(f"n{i}", f"How many legs have {i} Organizations?", str(2 * i)) for i in range(99)]
    assert [(p.old.key[1:], p.new.key[1:]) for p in relink(olds, news).sure] != []
    assert all(p.old.key[1:] == p.new.key[1:] for p in relink(olds, news).sure)


def test_a_renamed_deck_of_ten_thousand_cards_is_followed() -> None:
    olds = [face(f"o{i}", f"Question {i}?", f"answer {i}") for i in range(10_000)]
    news = [old._replace(key=f"n{old.key}", deck="renamed") for old in olds]
    found = relink(olds, news)
    assert len(found.sure) == 10_000
    assert all(pair.new.key == f"n{pair.old.key}" for pair in found.sure)


faces = st.builds(
    face,
    st.uuids().map(str),
    st.sampled_from(["What is a?", "What is b?", "Where is the river?", "Where is a river?", ""]),
    st.sampled_from(["x", "y", "Bishkek"]),
    st.sampled_from(["d", "e"]),
    st.sampled_from(["typed", "true_false"]),
)


@given(st.lists(faces, max_size=8), st.lists(faces, max_size=8))
def test_no_card_is_in_two_pairs(olds: list[Face], news: list[Face]) -> None:
    found = relink(olds, news)
    for side in (0, 1):
        keys = [pair[side].key for pair in (*found.sure, *found.doubtful)]
        assert len(keys) == len(set(keys))
