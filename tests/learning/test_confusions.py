from __future__ import annotations

from sco_quiz.learning.confusions import Confusion, WrongAnswer, confusions

RIGHT = {"a": "Dushanbe", "b": "Bishkek", "c": "Astana", "d": "Bishkek"}


def typed(card: str, given: str, times: int = 1) -> WrongAnswer:
    return WrongAnswer(card, given, False, times)


def test_giving_the_answer_of_another_card_is_a_confusion() -> None:
    assert confusions([typed("a", "Bishkek", 3)], RIGHT) == [
        Confusion(("Bishkek", "Dushanbe"), (3, 0), (("b", "d"), ("a",)))
    ]


def test_both_directions_are_one_pair_and_the_more_frequent_comes_first() -> None:
    mistakes = [typed("a", "Bishkek", 2), typed("b", "Dushanbe", 3), typed("d", "Dushanbe")]
    (found,) = confusions(mistakes, RIGHT)
    assert found == Confusion(("Dushanbe", "Bishkek"), (4, 2), (("a",), ("b", "d")))
    assert found.total == 6


def test_pairs_as_frequent_in_both_directions_are_listed_once() -> None:
    (found,) = confusions([typed("a", "Astana"), typed("c", "Dushanbe")], RIGHT)
    assert found == Confusion(("Astana", "Dushanbe"), (1, 1), (("c",), ("a",)))


def test_the_most_frequent_pair_comes_first() -> None:
    found = confusions([typed("a", "Astana"), typed("a", "Bishkek", 2)], RIGHT)
    assert [each.answers[0] for each in found] == ["Bishkek", "Astana"]


def test_case_and_spaces_make_no_different_answers() -> None:
    mistakes = [typed("a", "  BISHKEK "), typed("a", "bishkek", 2)]
    assert [each.times for each in confusions(mistakes, RIGHT)] == [(3, 0)]


def test_a_guess_that_no_card_has_as_its_answer_is_not_a_confusion() -> None:
    assert confusions([typed("a", "no idea")], RIGHT) == []


def test_any_wrong_choice_is_a_confusion() -> None:
    assert confusions([WrongAnswer("a", "Osh", True, 1)], RIGHT) == [
        Confusion(("Osh", "Dushanbe"), (1, 0), ((), ("a",)))
    ]


def test_an_answer_that_is_accepted_by_now_is_not_a_confusion() -> None:
    assert confusions([typed("b", "bishkek")], RIGHT) == []


def test_cards_with_several_right_answers_are_skipped() -> None:
    assert confusions([typed("z", "Bishkek")], RIGHT) == []


def test_a_typed_guess_that_is_only_a_wrong_choice_elsewhere_is_not_a_confusion() -> None:
    mistakes = [WrongAnswer("a", "Osh", True, 1), typed("b", "Osh")]
    assert [each.answers for each in confusions(mistakes, RIGHT)] == [("Osh", "Dushanbe")]
