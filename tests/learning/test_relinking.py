"""An edited card keeps its history."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.learning import relinking
from sco_quiz.learning.cards import KeyedFace, RelinkPair, normal_prompt
from sco_quiz.learning.relinking import by_likeness, relink


def face(key: str, prompt: str, answer: str, deck: str = "d", kind: str = "typed") -> KeyedFace:
    return KeyedFace(key, deck, kind, prompt, answer)


OLD = face("old", "In which year did Tashkent's metro open?", "1977")


def test_a_reworded_question_with_the_same_answer_is_the_same_card() -> None:
    new = face("new", "In what year was the metro of Tashkent opened?", "1977")
    assert relink([OLD], [new]) == ([RelinkPair(OLD, new)], [])


def test_a_typing_error_mended_in_prompt_and_answer_is_the_same_card() -> None:
    old = face("old", "Wich city is the capital of Kyrgyzstan", "Bishkeek")
    new = face("new", "Which city is the capital of Kyrgyzstan?", "Bishkek")
    assert relink([old], [new]).sure == [RelinkPair(old, new)]


def test_a_note_moved_to_another_deck_is_the_same_card() -> None:
    new = OLD._replace(key="new", deck="other")
    assert relink([OLD], [new]).sure == [RelinkPair(OLD, new)]


def test_a_note_asked_in_another_kind_is_the_same_card() -> None:
    new = OLD._replace(key="new", kind="choice")
    assert relink([OLD], [new]).sure == [RelinkPair(OLD, new)]


def test_another_question_with_the_same_answer_is_not_taken_for_it() -> None:
    new = face("new", "When did Elvis Presley die in Memphis, Tennessee?", "1977")
    assert relink([OLD], [new]).sure == []


def test_a_question_that_only_looks_alike_is_asked_about() -> None:
    old = face("old", "What is the capital of Kazakhstan?", "Astana")
    new = face("new", "What is the capital of Kyrgyzstan?", "Bishkek")
    assert relink([old], [new]) == ([], [RelinkPair(old, new)])


def test_two_equally_likely_cards_are_asked_about() -> None:
    news = [
        face("n1", "In what year did Tashkent's metro open?", "1977"),
        face("n2", "In which year did Tashkent's new metro open?", "1977"),
    ]
    found = relink([OLD], news)
    assert found.sure == []
    assert len(found.doubtful) == 1


def test_two_true_statements_are_not_the_same_card() -> None:
    old = face("old", "Bishkek is a capital.", "true", kind="true_false")
    new = face("new", "Rivers often flow into seas.", "true", kind="true_false")
    assert relink([old], [new]) == ([], [])


def test_a_note_moved_to_another_deck_and_reworded_is_asked_about() -> None:
    new = face("new", "In what year was the metro of Tashkent opened?", "1977", deck="other")
    assert relink([OLD], [new]) == ([], [RelinkPair(OLD, new)])


def test_a_note_moved_to_another_deck_and_corrected_is_asked_about() -> None:
    new = OLD._replace(key="new", deck="other", answer="6 November 1977")
    assert relink([OLD], [new]) == ([], [RelinkPair(OLD, new)])


def test_a_statement_moved_to_another_deck_and_reworded_is_asked_about() -> None:
    old = face("old", "Bishkek lies in Uzbekistan.", "false", kind="true_false")
    new = face("new", "Bishkek is in Uzbekistan.", "false", "other", kind="true_false")
    other = face("n2", "Rivers often flow into seas.", "false", "other", kind="true_false")
    assert relink([old], [other, new]) == ([], [RelinkPair(old, new)])


def test_every_card_of_a_renamed_and_reworded_deck_is_asked_about() -> None:
    olds = [face(f"o{i}", f"How many legs have {i} Organisations?", str(2 * i)) for i in range(99)]
    news = [
        face(f"n{i}", f"How many legs do {i} Organisations have?", str(2 * i), deck="renamed")
        for i in range(99)
    ]
    found = relink(olds, news)
    assert found.sure == []
    assert sorted((p.old.key[1:], p.new.key[1:]) for p in found.doubtful) == sorted(
        (str(i), str(i)) for i in range(99)
    )


def test_a_card_of_another_deck_with_another_kind_or_question_is_not_offered() -> None:
    news = [
        face("n1", "In what year was the metro of Tashkent opened?", "1977", "other", "choice"),
        face("n2", "When did Elvis Presley die in Memphis, Tennessee?", "1977", "other"),
        face("n3", "In which year did Tashkent's metro close?", "never", "other"),
    ]
    assert relink([OLD], news) == ([], [])


def test_a_card_of_another_deck_makes_no_pair_within_a_deck_doubtful() -> None:
    news = [
        face("here", "In what year was the metro of Tashkent opened?", "1977"),
        face("there", "In what year did Tashkent's metro open?", "1977", deck="other"),
    ]
    assert relink([OLD], news) == ([RelinkPair(OLD, news[0])], [])


def test_the_more_similar_of_two_doubtful_cards_is_offered_from_any_deck() -> None:
    old = face("old", "What is the capital of Kazakhstan?", "Astana")
    news = [
        face("here", "What is the capital of Kyrgyzstan?", "Bishkek"),
        face("there", "Name the capital of Kazakhstan.", "Astana", deck="other"),
    ]
    assert relink([old], news) == ([], [RelinkPair(old, news[1])])


def test_comparisons_with_other_decks_are_limited_in_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(relinking, "MOST_COMPARED", 100)
    olds = [face(f"o{i}", f"Is statement {i} so?", "yes") for i in range(50)]
    news = [face(f"n{i}", f"Is statement {i} true?", "yes", deck="other") for i in range(50)]
    assert [pair.old for pair in relink(olds, news).doubtful] == olds[:2]


@pytest.mark.parametrize(
    "new",
    [
        face("new", "In what year was the metro of Tashkent opened?", "1977"),
        OLD._replace(key="new"),
        OLD._replace(key="new", deck="other"),
    ],
)
def test_a_pair_that_the_learner_separated_is_asked_about_and_never_joined_alone(
    new: KeyedFace,
) -> None:
    assert relink([OLD], [new]).sure == [RelinkPair(OLD, new)]
    assert relink([OLD], [new], unsure=[("old", "new")]) == ([], [RelinkPair(OLD, new)])


def test_the_most_similar_pairs_come_first() -> None:
    others = [
        face("c", "Which river is the longest?", "the Nile"),
        face("a", "In what year did Tashkent's metro open?", "1977"),
        face("b", "In which year did Almaty's metro open?", "2011"),
    ]
    assert [each.key for each in by_likeness(OLD, others)] == ["a", "b", "c"]


def test_a_pair_that_the_learner_refused_is_not_offered_again() -> None:
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
def test_no_card_is_in_two_pairs(olds: list[KeyedFace], news: list[KeyedFace]) -> None:
    found = relink(olds, news)
    for side in (0, 1):
        keys = [pair[side].key for pair in (*found.sure, *found.doubtful)]
        assert len(keys) == len(set(keys))


@given(st.lists(faces, max_size=8), st.lists(faces, max_size=8))
def test_a_card_of_another_deck_is_surely_the_same_only_with_the_same_wording(
    olds: list[KeyedFace], news: list[KeyedFace]
) -> None:
    for old, new in relink(olds, news).sure:
        alike = normal_prompt(old.prompt) == normal_prompt(new.prompt) and old.answer == new.answer
        assert old.deck == new.deck or alike
