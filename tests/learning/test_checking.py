"""Answers as learners type them, against what was expected."""

from __future__ import annotations

import random
import string
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sco_quiz.learning.cards import Card, Rating
from sco_quiz.learning.checking import LONGEST_ANSWER, AnswerPart, Judgement, Verdict, judge
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.question import taken_apart
from sco_quiz.text import clean, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

CORRECT, CLOSE, WRONG = Verdict.CORRECT, Verdict.CLOSE, Verdict.WRONG


def card(
    kind: Kind,
    *answers: str,
    choices: Sequence[str] = (),
    accept: Sequence[str] = (),
    strict: bool = False,
    language: str = "en",
) -> Card:
    return Card(
        key="k",
        note="n",
        deck="d",
        kind=kind,
        prompt="?",
        answers=answers,
        choices=tuple(choices),
        accept=tuple(accept),
        strict=strict,
        language=language,
    )


def typed(given: str, answer: str, language: str = "en", rivals: Sequence[str] = ()) -> Judgement:
    return judge(card(Kind.TYPED, answer, language=language), given, rivals=rivals)


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ("tashkent", "Tashkent"),
        ("  TASHKENT. ", "Tashkent"),
        ('"Tashkent"!', "Tashkent"),
        ("the hague", "The Hague"),
        ("Hague", "The Hague"),
        ("an economic union", "economic union"),
        ("Xi'an", "Xi’an"),
        ("xian", "Xi’an"),
        ("cote d`ivoire", "Cote d’Ivoire"),
        ("counter terrorism", "counter-terrorism"),
        ("counterterrorism", "counter–terrorism"),
        ("Anti‑Terrorist", "Anti-Terrorist"),
        ("USA", "U.S.A."),
        ("st petersburg", "St. Petersburg"),
        ("washington dc", "Washington, D.C."),
        ("JRR Tolkien", "J. R. R. Tolkien"),
        ("Jinping Xi", "Xi Jinping"),
        ("trade & investment", "trade and investment"),
        ("ﬁnance", "finance"),
        ("ＳＣＯ", "SCO"),
        ("strasse", "Straße"),
        ("GROSSBRITANNIEN", "Großbritannien"),
        ("istanbul", "İstanbul"),
        ("İSTANBUL", "istanbul"),
        ("ТАШКЕНТ", "Ташкент"),
        ("ΛΟΓΟΣ", "λογος"),
        ("علي", "علی"),
        ("می خواهم", "می‌خواهم"),
        ("Tash\u200bkent\u200e", "Tashkent"),
        ("❤", "❤️"),
        ("S400", "S-400"),
        ("covid 19", "Covid-19"),
        ("2500 km", "2,500 km"),
        ("world war 2", "World War II"),
        ("World War II", "World War 2"),
        ("19", "XIX"),
        ("C++", "c++"),
        (".gitignore", ".gitignore"),
        ("regional anti-terrorist structure", "**Regional** Anti-Terrorist *Structure*"),
        ("*Regional*", "*Regional*"),
        ("2*3*4", "2*3*4"),
    ],
)
def test_case_spaces_and_loose_punctuation_do_not_count(given: str, answer: str) -> None:
    judgement = typed(given, answer)
    assert (judgement.verdict, judgement.remark) == (CORRECT, "")
    assert judgement.diff == ()
    assert judgement.expected == plain(answer)


@pytest.mark.parametrize(
    ("given", "answer", "language"),
    [
        ("L’Aquila", "Aquila", "it"),
        ("Tisch", "der Tisch", "de"),
        ("el Cairo", "Cairo", "es"),
        ("la france", "France", "fr-CA"),
        ("porto", "O Porto", "pt"),
        ("Nederlanden", "de Nederlanden", "nl"),
        ("a dog", "the dog", "en"),
    ],
)
def test_a_leading_article_may_be_left_out(given: str, answer: str, language: str) -> None:
    assert typed(given, answer, language).verdict is CORRECT


def test_an_article_of_another_language_is_part_of_the_answer() -> None:
    assert typed("la paz", "Paz", "en").verdict is WRONG


def test_the_wrong_article_is_close_if_it_gives_the_gender() -> None:
    assert typed("die Tisch", "der Tisch", "de").verdict is CLOSE


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ("Dusanbe", "Dušanbe"),
        ("turkmenbasy", "Türkmenbaşy"),
        ("Diyarbakir", "Diyarbakır"),
        ("Azerbaycan", "Azərbaycan"),
        ("Lodz", "Łódź"),
        ("Muenchen", "München"),
        ("Malmo", "Malmø"),
        ("еж", "ёж"),
        ("σοφος", "σοφός"),
        ("محمد", "مُحَمَّد"),
    ],
)
def test_a_missing_accent_is_correct_and_pointed_out(given: str, answer: str) -> None:
    judgement = typed(given, answer)
    assert judgement.verdict is CORRECT
    assert judgement.remark == f"Mind the accents: {answer}"


def test_composed_and_combining_accents_are_the_same() -> None:
    assert typed("Du\u0161anbe", "Dus\u030canbe").remark == ""


@pytest.mark.parametrize(("given", "answer"), [("か", "が"), ("и", "й"), ("क", "कु"), ("하", "한")])
def test_marks_that_make_another_letter_are_not_accents(given: str, answer: str) -> None:
    assert typed(given, answer).verdict is WRONG


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ("2,500", "2500"),
        ("2 500.0", "2500"),
        ("3,5", "3.5"),
        ("twelve", "12"),
        ("12", "Twelve"),
        ("2nd", "second"),
        ("80", "80%"),
        ("007", "7"),
        ("June 15, 2001", "15 June 2001"),
        ("15.06.2001", "2001-06-15"),
        ("15 jun 2001", "15 June 2001"),
        ("79", "AD 79"),
    ],
)
def test_numbers_and_dates_count_by_their_value(given: str, answer: str) -> None:
    assert typed(given, answer).verdict is CORRECT


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ("1992", "1991"),
        ("19911", "1991"),
        ("10000000", "100000000"),
        ("3.142", "3142"),
        ("-5", "5"),
        ("16 June 2001", "15 June 2001"),
        ("15 July 2001", "15 June 2001"),
        ("June 2001", "15 June 2001"),
        ("2001", "15 June 2001"),
        ("1990", "1990s"),
        ("seven", "eleven"),
        ("iPhone 13", "iPhone 12"),
        ("Elizabeth I", "Elizabeth II"),
        ("Elizabeth II", "Elizabeth I"),
        ("elizabeth i", "Elizabeth II"),
        ("Elizabeth I", "Elizabeth"),
        ("World War 1", "World War II"),
        ("vitamin d", "Vitamin C"),
        ("2600 km", "2,500 km"),
        ("Resolution 1373", "Resolution 1374"),
        ("not a member state", "a member state"),
        ("member state", "no member state"),
        ("it isn't binding", "it is binding"),
        ("неофициальный", "официальный"),
        ("не член", "член"),
        ("не член союза", "член союза"),
        ("possible", "impossible"),
        ("unofficial", "official"),
        ("West Germany", "East Germany"),
        ("North Korea", "South Korea"),
        ("Northern Hemisphere", "Southern Hemisphere"),
        ("C", "C#"),
        ("C#", "C"),
        ("a = b", "a != b"),
        ("x1", "x-1"),
        ("Osla", "Oslo"),
        ("Mali", "Male"),
        ("Paris", "Tashkent"),
        ("?", "Tashkent"),
    ],
)
def test_an_answer_that_means_something_else_is_never_close(given: str, answer: str) -> None:
    judgement = typed(given, answer)
    assert (judgement.verdict, judgement.proposal) == (WRONG, Rating.AGAIN)
    assert judgement.expected == answer
    assert judgement.got == 0


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ("Tashkend", "Tashkent"),
        ("Tahskent", "Tashkent"),
        ("Kazakstan", "Kazakhstan"),
        ("Kirgyzstan", "Kyrgyzstan"),
        ("Dusambe", "Dušanbe"),
        ("Shanghai Coperation Organizaton", "Shanghai Cooperation Organization"),
        ("New Yrok", "New York"),
        ("elizabeht ii", "Elizabeth II"),
        ("xi jinpng", "Xi Jinping"),
        ("Olso", "Oslo"),
        ("Táshkent", "Tashkent"),
        ("Cafe\u0301s", "Cafes"),
        ("iphnoe 12", "iPhone 12"),
        ("15 Jnue 2001", "15 June 2001"),
        ("sevn", "seven"),
        ("not a memebr", "not a member"),
        ("Ташкнет", "Ташкент"),
    ],
)
def test_a_typing_error_is_close(given: str, answer: str) -> None:
    judgement = typed(given, answer)
    assert (judgement.verdict, judgement.proposal) == (CLOSE, Rating.HARD)
    assert judgement.got == 1


@pytest.mark.parametrize(("length", "forgiven"), [(4, 0), (5, 1), (8, 1), (9, 2), (30, 2)])
def test_the_length_of_the_answer_says_how_many_errors_are_forgiven(
    length: int, forgiven: int
) -> None:
    answer = "abcdefghijklmnopqrstuvwxyzabcd"[:length]
    for errors in range(4):
        verdict = typed(answer[: length - errors], answer).verdict
        assert verdict is (CORRECT if errors == 0 else CLOSE if errors <= forgiven else WRONG)


def test_an_answer_as_near_to_a_rival_is_not_close() -> None:
    assert typed("Slovekia", "Slovakia").verdict is CLOSE
    assert typed("Slovekia", "Slovakia", rivals=["Slovenia"]).verdict is WRONG
    assert typed("Slovakai", "Slovakia", rivals=["Slovenia", "Poland"]).verdict is CLOSE
    assert typed("Austrlia", "Australia", rivals=["Poland", "Austria"]).verdict is WRONG


def test_a_rival_that_is_the_same_answer_does_not_count() -> None:
    rivals = ["tashkent", "Tashkent / Toshkent", "Astana"]
    assert typed("Tashkend", "Tashkent", rivals=rivals).verdict is CLOSE
    assert typed("Toshkant", "Toshkent / Tashkent", rivals=rivals).verdict is CLOSE


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ("Bombay", CORRECT),
        ("Mumbai", CORRECT),
        ("Mumbai / Bombay", CORRECT),
        ("Bombai", CLOSE),
        ("bombay city", CORRECT),
        ("Bombay (City)", CORRECT),
        ("Mumbai City", WRONG),
        ("City", WRONG),
        ("/", WRONG),
    ],
)
def test_alternatives_and_optional_parts_are_accepted(given: str, verdict: Verdict) -> None:
    assert typed(given, "Mumbai / Bombay (City)").verdict is verdict


def test_an_optional_part_may_be_within_a_word() -> None:
    assert {typed(given, "colo(u)r").verdict for given in ("color", "colour", "colo(u)r")} == {
        CORRECT
    }


def test_the_matching_accepted_answer_is_shown() -> None:
    question = card(Kind.TYPED, "Shanghai Cooperation Organisation", accept=["SCO", "ShOS"])
    assert judge(question, "sco").expected == "SCO"
    assert judge(question, "shanghai coperation organisation").expected == question.answers[0]
    assert judge(question, "NATO").expected == question.answers[0]


@pytest.mark.parametrize("given", ["zzz", "june", "9 July", "10.06"])
def test_an_answer_far_from_all_wordings_is_shown_the_one_its_author_put_first(given: str) -> None:
    question = card(Kind.TYPED, "9 June", accept=["09.06", "9 June 2017"])
    judgement = judge(question, given)
    assert (judgement.verdict, judgement.expected) == (WRONG, "9 June")
    assert "".join(piece.text for piece in judgement.diff if piece.op != "extra") == "9 June"


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ("git commit -m", CORRECT),
        ("  git commit -m\n", CORRECT),
        ("Git commit -m", WRONG),
        ("git commit m", WRONG),
        ("git  commit -m", CORRECT),
        ("git comit -m", WRONG),
    ],
)
def test_a_strict_answer_has_to_match_to_the_letter(given: str, verdict: Verdict) -> None:
    assert judge(card(Kind.TYPED, "git commit -m", strict=True), given).verdict is verdict


def test_in_a_strict_answer_accents_count_and_their_encoding_does_not() -> None:
    question = card(Kind.TYPED, "Du\u0161anbe", strict=True)
    assert judge(question, "Dus\u030canbe").verdict is CORRECT
    assert judge(question, "Dusanbe").verdict is WRONG


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009", "\t", "\u3000"])
def test_in_a_strict_answer_a_plain_space_matches_any_special_space(space: str) -> None:
    question = card(Kind.TYPED, f"10{space}km", strict=True)
    for text in ("10 km", f"10{space}km", "10  km"):
        assert judge(question, text).verdict is Verdict.CORRECT
    for text in ("10km", "1 0km"):
        assert judge(question, text).verdict is Verdict.WRONG


def test_in_a_strict_answer_brackets_and_slashes_are_text() -> None:
    question = card(Kind.TYPED, "f(x) / g(x)", strict=True)
    assert judge(question, "f(x) / g(x)").verdict is CORRECT
    assert judge(question, "f").verdict is WRONG


def test_a_hint_lowers_good_to_hard() -> None:
    question = card(Kind.TYPED, "Tashkent")
    for entry, alone, hinted in [
        ("Tashkent", Rating.GOOD, Rating.HARD),
        ("Tashkend", Rating.HARD, Rating.HARD),
        ("Almaty", Rating.AGAIN, Rating.AGAIN),
    ]:
        assert judge(question, entry).proposal is alone
        assert judge(question, entry, hinted=True).proposal is hinted


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.BASIC])
@pytest.mark.parametrize("empty", ["", " \n", (), ("", " ")])
def test_an_empty_answer_reveals_the_right_one_and_proposes_again(
    kind: Kind, empty: str | tuple[str, ...]
) -> None:
    judgement = judge(card(kind, "true", "*b*"), empty)
    assert (judgement.verdict, judgement.proposal) == (None, Rating.AGAIN)
    assert judgement.expected == "true, b"
    assert judgement.got == 0


def test_the_learner_judges_a_basic_card() -> None:
    question = card(Kind.BASIC, "Capital of *Kazakhstan*")
    assert judge(question, "whatever") == judge(question, "")
    assert judge(question, "").verdict is None
    assert judge(question, "").proposal is Rating.GOOD
    assert judge(question, "", hinted=True).proposal is Rating.HARD
    assert judge(question, "").expected == "Capital of Kazakhstan"


@pytest.mark.parametrize("given", ["true", "True.", "T", "yes", "y", "Right!"])
def test_true_can_be_typed_in_many_ways(given: str) -> None:
    assert judge(card(Kind.TRUE_FALSE, "true"), given).verdict is CORRECT
    assert judge(card(Kind.TRUE_FALSE, "false"), given).verdict is WRONG


@pytest.mark.parametrize("given", ["false", "FALSE", "f", "No.", "n", "wrong"])
def test_false_can_be_typed_in_many_ways(given: str) -> None:
    assert judge(card(Kind.TRUE_FALSE, "false"), given).verdict is CORRECT
    assert judge(card(Kind.TRUE_FALSE, "true"), given).verdict is WRONG


def test_an_answer_that_is_neither_true_nor_false_is_wrong() -> None:
    assert judge(card(Kind.TRUE_FALSE, "true"), "perhaps").verdict is WRONG
    assert judge(card(Kind.TRUE_FALSE, "false"), "perhaps").verdict is WRONG


def test_a_choice_is_right_or_wrong_and_never_close() -> None:
    question = card(Kind.CHOICE, "Kazakhstan", choices=["Kyrgyzstan", "*Uzbekistan*"])
    assert judge(question, "Kazakhstan").verdict is CORRECT
    assert judge(question, "kazakhstan").verdict is CORRECT
    assert judge(question, "Kazakstan").verdict is WRONG
    wrong = judge(question, "Uzbekistan")
    assert (wrong.verdict, wrong.expected, wrong.diff) == (WRONG, "Kazakhstan", ())


def test_similar_choices_are_not_mixed_up() -> None:
    question = card(Kind.CHOICE, "US", choices=["us", "U.S"])
    assert [judge(question, each).verdict for each in ("US", "us", "U.S")] == [
        CORRECT,
        WRONG,
        WRONG,
    ]


MULTI = card(Kind.MULTI, "Kazakhstan", "Turkmenistan", choices=["Uzbekistan", "Tajikistan"])


def test_a_multi_is_right_when_it_is_complete_and_nothing_else() -> None:
    judgement = judge(MULTI, ("Turkmenistan", "Kazakhstan"))
    assert (judgement.verdict, judgement.got, judgement.of) == (CORRECT, 2, 2)
    assert judgement.proposal is Rating.GOOD


def test_an_incomplete_multi_shows_the_missed_answers() -> None:
    judgement = judge(MULTI, ("Turkmenistan",))
    assert (judgement.verdict, judgement.proposal) == (WRONG, Rating.AGAIN)
    assert (judgement.got, judgement.of) == (1, 2)
    assert judgement.items == (
        AnswerPart("", "Kazakhstan", WRONG),
        AnswerPart("Turkmenistan", "Turkmenistan", CORRECT),
    )


def test_one_wrong_choice_makes_a_multi_wrong() -> None:
    judgement = judge(MULTI, ("Turkmenistan", "Kazakhstan", "Uzbekistan", "Uzbekistan"))
    assert (judgement.verdict, judgement.proposal) == (WRONG, Rating.AGAIN)
    assert (judgement.got, judgement.of) == (2, 2)
    assert judgement.items[2:] == (AnswerPart("Uzbekistan", "", WRONG),)


def test_a_multi_may_be_typed_in_one_line() -> None:
    assert judge(MULTI, "kazakhstan, turkmenistan").verdict is CORRECT


def test_an_item_of_an_order_counts_in_its_place() -> None:
    question = card(Kind.ORDER, "Kazakhstan", "Turkmenistan", "Uzbekistan", "Kyrgyzstan")
    judgement = judge(question, ("Turkmenistan", "Kazakhstan", "Uzbekistan", "Kyrgyzstan"))
    assert (judgement.verdict, judgement.proposal) == (WRONG, Rating.AGAIN)
    assert (judgement.got, judgement.of) == (2, 4)
    assert judgement.items[0] == AnswerPart("Turkmenistan", "Kazakhstan", WRONG)
    assert judgement.items[2] == AnswerPart("Uzbekistan", "Uzbekistan", CORRECT)
    assert judge(question, question.answers).verdict is CORRECT
    assert judge(question, ", ".join(question.answers).lower()).verdict is CORRECT
    assert judge(question, question.answers[:3]).verdict is WRONG


LIST = card(Kind.LIST, "Kazakhstan", "Kyrgyzstan", "Tajikistan", "Uzbekistan")


@pytest.mark.parametrize(
    "given",
    [
        ("Uzbekistan", "Tajikistan", "Kyrgyzstan", "Kazakhstan"),
        "uzbekistan, tajikistan,kyrgyzstan , kazakhstan.",
        "uzbekistan; tajikistan; kyrgyzstan; kazakhstan;",
        "uzbekistan\ntajikistan\n\nkyrgyzstan\nkazakhstan\n",
        "uzbekistan, uzbekistan, tajikistan, kyrgyzstan, Kazakhstan, kazakhstan",
    ],
)
def test_a_list_is_right_in_any_order(given: str | tuple[str, ...]) -> None:
    judgement = judge(LIST, given)
    assert (judgement.verdict, judgement.proposal) == (CORRECT, Rating.GOOD)
    assert (judgement.got, judgement.of) == (4, 4)
    assert [item.expected for item in judgement.items] == list(LIST.answers)


def test_an_incomplete_list_is_wrong_and_counted() -> None:
    judgement = judge(LIST, "tajikistan, Kazakstan, tajikistan, France")
    assert (judgement.verdict, judgement.proposal) == (WRONG, Rating.AGAIN)
    assert (judgement.got, judgement.of) == (2, 4)
    assert judgement.items == (
        AnswerPart("Kazakstan", "Kazakhstan", CLOSE),
        AnswerPart("", "Kyrgyzstan", WRONG),
        AnswerPart("tajikistan", "Tajikistan", CORRECT),
        AnswerPart("", "Uzbekistan", WRONG),
        AnswerPart("France", "", WRONG),
    )


@pytest.mark.parametrize("last", ["Uzbekstan", "Uzbekistan, France"])
def test_a_complete_list_with_a_slip_or_something_too_many_is_close(last: str) -> None:
    judgement = judge(LIST, f"Kazakhstan, Kyrgyzstan, Tajikistan, {last}")
    assert (judgement.verdict, judgement.proposal) == (CLOSE, Rating.HARD)
    assert (judgement.got, judgement.of) == (4, 4)


def test_an_answer_of_a_list_may_hold_a_comma() -> None:
    question = card(Kind.LIST, "Washington, D.C.", "Paris", "Smith, John")
    assert judge(question, "paris, washington, d.c., Smith, John").verdict is CORRECT
    assert judge(question, "paris; Washington DC; Smith, John").verdict is CORRECT


def test_the_more_definite_entry_finds_its_answer_first() -> None:
    question = card(Kind.LIST, "Congo (Kinshasa)", "Congo (Brazzaville)")
    assert judge(question, "Congo, Congo Kinshasa").verdict is CORRECT
    assert judge(question, "Congo").got == 1


def test_a_slip_between_two_answers_of_a_list_counts_for_neither() -> None:
    question = card(Kind.LIST, "Austria", "Australia")
    assert judge(question, "Austrlia").got == 0
    assert judge(question, "Austria, Austrlia").got == 1
    assert judge(question, "Austrlaia, Austria").got == 2


def test_missing_accents_in_a_list_are_pointed_out() -> None:
    judgement = judge(card(Kind.LIST, "Dušanbe", "Aşgabat", "Bishkek"), "asgabat, dusanbe, Bishkek")
    assert judgement.verdict is CORRECT
    assert judgement.remark == "Mind the accents: Dušanbe, Aşgabat"


BLANKS = card(Kind.CLOZE, "Dushanbe", "Tajikistan")


@pytest.mark.parametrize("given", [("dushanbe", "tajikistan"), "Dushanbe, Tajikistan"])
def test_every_blank_is_checked(given: str | tuple[str, ...]) -> None:
    assert judge(BLANKS, given).verdict is CORRECT


def test_a_missed_blank_keeps_its_place() -> None:
    for entry in (("", "Tajikistn"), ", Tajikistn"):
        judgement = judge(BLANKS, entry)
        assert (judgement.verdict, judgement.got, judgement.of) == (WRONG, 1, 2)
        assert judgement.items == (
            AnswerPart("", "Dushanbe", WRONG),
            AnswerPart("Tajikistn", "Tajikistan", CLOSE),
        )


def test_blanks_in_the_wrong_order_are_wrong() -> None:
    assert judge(BLANKS, "Tajikistan, Dushanbe").got == 0
    assert judge(BLANKS, "Dushanbe, Tajikistan, Bishkek").verdict is CLOSE


def test_one_blank_is_checked_as_a_typed_answer() -> None:
    question = card(Kind.CLOZE, "Dushanbe", accept=["Stalinabad"])
    assert judge(question, "stalinabad").verdict is CORRECT
    assert judge(question, ("Dushambe",)).verdict is CLOSE
    assert judge(question, "Dushambe").items == ()


def shown(judgement: Judgement) -> str:
    marks = {"same": "{}", "missing": "[{}]", "extra": "({})"}
    return "".join(marks[piece.op].format(piece.text) for piece in judgement.diff)


@pytest.mark.parametrize(
    ("given", "answer", "expected"),
    [
        ("Tashkend", "Tashkent", "Tashken[t](d)"),
        ("kazakstan", "Kazakhstan", "Kazak[h]stan"),
        ("Taashkent", "Tashkent", "Ta(a)shkent"),
        ("Paris", "Tashkent", "[Tashkent](Paris)"),
        ("1992", "1991", "199[1](2)"),
        ("Bombey town", "Mumbai / Bombay (town)", "Bomb[a](e)y town"),
        ("Tash\x1bkend", "Tashkent", "Tash(␛)ken[t](d)"),
    ],
)
def test_the_difference_is_shown_letter_by_letter(given: str, answer: str, expected: str) -> None:
    assert shown(typed(given, answer)) == expected


def test_very_long_answers_differ_as_wholes() -> None:
    judgement = typed("a" * 20_000, "a" * 9_000 + "b")
    assert [len(piece.text) for piece in judgement.diff] == [9_001, LONGEST_ANSWER]


WORDS = st.text(
    st.sampled_from(string.ascii_letters + string.digits + " .,'-/()éßøİıЖёйσς中がकु"), max_size=24
)
ANY = st.text(st.characters(exclude_categories=()), max_size=24)
MARKED = st.text(st.sampled_from("*_`[]()!/ .,;ab1"), max_size=24)
TEXTS = WORDS | ANY | MARKED


@given(
    kind=st.sampled_from(Kind),
    answers=st.lists(TEXTS.map(clean).filter(str.strip), min_size=1, max_size=4),
    choices=st.lists(TEXTS.map(clean), max_size=3),
    entry=TEXTS | st.lists(TEXTS, max_size=5),
    strict=st.booleans(),
    language=st.sampled_from(["", "en", "de-AT", "fr", "it", "ur"]),
    hinted=st.booleans(),
)
def test_any_answer_to_any_card_is_judged(
    kind: Kind,
    answers: list[str],
    choices: list[str],
    entry: str | list[str],
    strict: bool,
    language: str,
    hinted: bool,
) -> None:
    question = card(kind, *answers, choices=choices, strict=strict, language=language)
    judgement = judge(question, entry, rivals=choices, hinted=hinted)
    assert 0 <= judgement.got <= judgement.of
    assert judgement.proposal is not Rating.EASY
    assert (judgement.verdict is CORRECT) <= (judgement.got == judgement.of)
    assert all(item.given or item.expected for item in judgement.items)
    for text in (part for item in judgement.items for part in item[:2]):
        assert clean(text) == text


def meant(text: str) -> bool:
    """Whether a text can be given as an answer: something is left when it is typed."""
    return judge(card(Kind.TYPED, text), text).verdict is not None and bool(
        text.strip(".,;:!?'\"()")
    )


@pytest.mark.parametrize("kind", [Kind.CHOICE, Kind.MULTI, Kind.ORDER])
@pytest.mark.parametrize(
    "right",
    ["\u200b*Dushanbe*", "Isfa\xadhan **and** Qom", " *Osh* ", f"**{'x' * LONGEST_ANSWER}**"],
)
def test_invisible_characters_do_not_make_the_right_choice_wrong(kind: Kind, right: str) -> None:
    others = () if kind is Kind.CHOICE else ("Tashkent",)
    question = card(kind, right, *others, choices=["Almaty"])
    assert judge(question, (right, *others) if others else right).verdict is CORRECT


@given(
    kind=st.sampled_from([Kind.TYPED, Kind.CHOICE, Kind.CLOZE]),
    answer=TEXTS.map(clean).filter(meant),
    accept=st.lists(TEXTS.map(clean).filter(meant), max_size=2),
    strict=st.booleans(),
    language=st.sampled_from(["en", "de", "ur"]),
)
def test_every_accepted_answer_is_correct(
    kind: Kind, answer: str, accept: list[str], strict: bool, language: str
) -> None:
    if kind is Kind.CHOICE:
        question = card(kind, answer, choices=accept, language=language)
        assert judge(question, answer).verdict is CORRECT
        return
    question = card(kind, answer, accept=accept, strict=strict, language=language)
    for each in (answer, *accept):
        assert judge(question, each, rivals=["Tashkent", "1991"]).verdict is CORRECT


@given(
    kind=st.sampled_from([Kind.MULTI, Kind.ORDER, Kind.LIST, Kind.CLOZE]),
    answers=st.lists(
        TEXTS.map(clean).map(str.strip).filter(meant), min_size=2, max_size=4, unique=True
    ),
)
def test_an_answer_with_every_right_part_is_right(kind: Kind, answers: list[str]) -> None:
    assert judge(card(kind, *answers), answers).verdict is CORRECT


@given(
    words=st.lists(
        st.text(
            "abcdefghijklmnopqrstuvwxyzäöüßéñçабвгдежзийклмнёαβγδλσωçşğ", min_size=1, max_size=9
        ),
        min_size=1,
        max_size=4,
    ),
    seed=st.integers(0, 1000),
)
@example(words=["straße"], seed=1)
def test_case_spaces_and_edges_never_make_a_right_answer_wrong(words: list[str], seed: int) -> None:
    chance = random.Random(seed)
    text = "  ".join(words)
    varied = "".join(chance.choice((char.upper(), char)) for char in text)
    given_text = (
        chance.choice(("", " ", "“", "(", "¿")) + varied + chance.choice(("", ".", "!", " …"))
    )
    assert typed(given_text, " ".join(words)).verdict is CORRECT


@given(
    st.integers(1, 2100), st.integers(1, 2100), st.sampled_from(["{}", "in {}", "the {} war act"])
)
def test_two_different_years_are_never_close(one: int, other: int, around: str) -> None:
    assume(one != other)
    assert typed(around.format(one), around.format(other)).verdict is WRONG


@given(answer=WORDS.filter(meant), entry=WORDS.filter(meant), strict=st.booleans())
def test_the_pieces_of_a_difference_make_up_both_texts(
    answer: str, entry: str, strict: bool
) -> None:
    assume(not set(answer) & set("/()"))
    judgement = judge(card(Kind.TYPED, answer, strict=strict), entry)
    right = "".join(piece.text for piece in judgement.diff if piece.op != "extra")
    mine = "".join(piece.text for piece in judgement.diff if piece.op != "missing")
    if judgement.verdict is CORRECT:
        assert judgement.diff == ()
    else:
        assert right == answer
        assert mine == entry.strip() if strict else mine.lower() == entry.strip().lower()


def test_rapidfuzz_is_not_loaded_for_a_right_answer() -> None:
    code = (
        "import sys; from sco_quiz.learning.cards import Card;"
        "from sco_quiz.learning.kinds import Kind;"
        "from sco_quiz.learning.checking import judge;"
        "print(judge(Card('k', 'n', 'd', Kind.TYPED, '?', ('Oslo',)), 'oslo').verdict,"
        "'rapidfuzz' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["correct", "False"]


@given(
    st.lists(st.text("abcdefgh", min_size=1), unique=True, min_size=1, max_size=12).flatmap(
        lambda words: st.tuples(
            st.just(words), st.lists(st.integers(1, 3), min_size=len(words), max_size=len(words))
        )
    ),
    st.randoms(use_true_random=False),
    st.sampled_from([",", ", ", " , "]),
)
def test_items_with_commas_stay_whole_in_any_order(
    drawn: tuple[list[str], list[int]], chance: random.Random, mark: str
) -> None:
    words, sizes = drawn
    items: list[str] = []
    for size in sizes:
        if words:
            items.append(", ".join(f"{word}{len(items)}" for word in words[:size]))
            words = words[size:]
    chance.shuffle(items)
    assert [part.strip() for part in taken_apart(mark.join(items), items)] == items


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ("India, Iran, and New Zealand", ["India", "Iran", "New Zealand"]),
        ("India; Iran; & New Zeland", ["India", "Iran", "New Zeland"]),
        ("New Zealand India Iran", ["New Zealand India Iran"]),
        ("India Iran", ["India", "Iran"]),
        ("Rock and Roll, and India", ["Rock and Roll", "India"]),
        ("and India", ["and India"]),
        ("India, Iran and New Zeland", ["India", "Iran", "New Zeland"]),
        ("Indya and Iran", ["Indya", "Iran"]),
        ("Indya, Iran; New Zealand", ["Indya", "Iran", "New Zealand"]),
        ("India Iran Indya", ["India", "Iran", "Indya"]),
        ("Iran Indya", ["Iran Indya"]),
        ("Rock and Rol", ["Rock and Rol"]),
    ],
)
def test_typed_answers_are_divided_at_commas_spaces_and_the_word_and(
    given: str, parts: list[str]
) -> None:
    answers = ["India", "Iran", "New Zealand", "Rock and Roll"]
    assert [part.strip() for part in taken_apart(given, answers)] == parts


def test_a_complete_list_is_close_with_one_answer_too_many_and_wrong_with_guesses() -> None:
    right = "Kazakhstan, Kyrgyzstan, Tajikistan, Uzbekistan"
    assert judge(LIST, f"{right}, France").verdict is Verdict.CLOSE
    guessed = judge(LIST, f"{right}, France, Spain")
    assert (guessed.verdict, guessed.proposal) == (WRONG, Rating.AGAIN)
    assert guessed.remark == "2 too many"
    long = card(Kind.LIST, *"abcdef")
    assert judge(long, "a, b, c, d, e, f, x, y").verdict is Verdict.CLOSE
    assert judge(long, "a, b, c, d, e, f, x, y, z").verdict is WRONG


def test_a_word_that_ends_as_an_item_with_a_comma_begins_is_another() -> None:
    assert taken_apart("Lon, Amsterdam", ["on, a", "Lon"]) == ["Lon", " Amsterdam"]
