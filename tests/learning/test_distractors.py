"""Wrong choices are plausible, and none of them is right."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.learning.cards import Card
from sco_quiz.learning.checking import Verdict, judge
from sco_quiz.learning.distractors import MOST, Sources, wrong_choices
from sco_quiz.learning.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

YEAR = 2026
TEXTS = st.one_of(
    st.sampled_from(
        ("Tashkent", "tashkent", "Toshkent", "Taškent", "Tashkend", "the Tashkent", "**Tashkent**")
    ),
    st.sampled_from(("Bishkek", "Tashkent / Bishkek", "Tashkent (city)", "6", "six", "Xi", "Иран")),
    st.sampled_from(("1,500", "1500", "2001", "June 2001", "China", "People's Republic of China")),
    st.text("abT -/()é12", min_size=1, max_size=12),
)


def card(
    answer: str, *, prompt: str = "Which?", category: str = "city", key: str = "", deck: str = "d",
    **fields: object,
) -> Card:  # fmt: skip
    key = key or f"{prompt} {answer} {deck}"
    made = Card(key, key, deck, Kind.TYPED, prompt, (answer,), category=category)
    return made._replace(**fields)  # type: ignore[arg-type]


def others(*answers: str, category: str = "city", deck: str = "d") -> list[Card]:
    return [
        card(answer, prompt=f"Another {place}?", category=category, deck=deck)
        for place, answer in enumerate(answers)
    ]


def choose(asked: Card, sources: Sources, seed: int = 1) -> tuple[str, ...]:
    return wrong_choices(asked, sources, Random(seed), YEAR)


CITIES = others("Bishkek", "Dushanbe", "Astana", "Ashgabat", "Samarkand")


@given(
    answer=TEXTS, accept=st.lists(TEXTS, max_size=2), pool=st.lists(TEXTS, max_size=8),
    confused=st.lists(TEXTS, max_size=3), strict=st.booleans(), seed=st.integers(0, 9),
)  # fmt: skip
def test_no_wrong_choice_is_right_and_no_two_are_the_same(
    answer: str, accept: list[str], pool: list[str], confused: list[str], strict: bool, seed: int
) -> None:
    asked = card(answer, accept=tuple(accept), strict=strict)
    sources = Sources(confused, others(*pool), others(*pool, category=""))
    found = choose(asked, sources, seed)
    assert len(found) <= MOST
    assert len({wrong.casefold() for wrong in found}) == len(found)
    for wrong in found:
        assert judge(asked._replace(strict=False), wrong).verdict is Verdict.WRONG
        assert judge(card(wrong), answer).verdict in (Verdict.WRONG, None)
    assert choose(asked, sources, seed) == found


def test_answers_the_learner_confused_come_first() -> None:
    asked = card("Tashkent")
    for seed in range(10):
        assert "Samarkand" in choose(asked, Sources(["samarkand", "no idea"], CITIES), seed)
    assert "no idea" not in choose(asked, Sources(["no idea"], CITIES))


def test_answers_of_the_category_come_before_others_of_the_same_sort() -> None:
    asked = card("Tashkent")
    alike = [
        card(answer, prompt=f"Which city has {sight}?", category="")
        for answer, sight in (("Khorgos", "a dry port"), ("Karakol", "a wooden mosque"))
    ]
    found = choose(asked, Sources(category=CITIES[:2], deck=alike))
    assert set(found[:2]) == {"Bishkek", "Dushanbe"}
    assert found[2] in ("Khorgos", "Karakol")


def test_a_name_of_unknown_sort_is_not_a_wrong_choice() -> None:
    unknown = others("Khorgos", "Ulugbek", category="")
    assert choose(card("Tashkent"), Sources(category=CITIES[:1], deck=unknown)) == ("Bishkek",)
    assert choose(card("Karakol", category=""), Sources(deck=unknown)) == ()


SORTS = {
    "person": (
        ("Who founded the observatory?", "Ulugbek"),
        ("Who wrote the Shahnameh?", "Firdausi"),
        ("Which poet is buried in Shiraz?", "Hafez"),
        ("Who was the first president of the republic?", "Karimov"),
    ),
    "city": (
        ("Which city lies on the Varzob?", "Dushanbe"),
        ("What is the capital of the steppe?", "Astana"),
        ("In which town is the dry port?", "Khorgos"),
        ("What was the first capital?", "Orenburg"),
    ),
    "country": (
        ("Which country is doubly landlocked?", "Uzbekistan"),
        ("Which two-sea republic joined last?", "Belarus"),
        ("Which country has the longest border?", "Kazakhstan"),
    ),
    "year": (
        ("In which year was it founded?", "2001"),
        ("When did the metro open?", "1977"),
        ("In which year did they meet first?", "1996"),
    ),
    "number": (
        ("How many members are there?", "10"),
        ("How many people live there?", "36 million"),
        ("What share of the land is desert?", "80 %"),
    ),
    "organisation": (
        ("Which body fights terrorism?", "Regional Anti-Terrorist Structure"),
        ("Which agency keeps the list?", "Interbank Consortium"),
        ("Which committee meets in Tashkent?", "Executive Committee"),
    ),
    "phrase": (
        ("Why did they meet?", "to settle the old border"),
        ("What is it for?", "to fight drug trafficking"),
        ("How does it decide?", "by consensus of all members"),
    ),
    "unknown": (("Front", "Registan"), ("Another front", "Minaret"), ("A third", "Sputnik")),
}
"""Questions of one deck, by what everybody knows their answers to be."""
MIXED = [
    card(answer, prompt=prompt, category="") for every in SORTS.values() for prompt, answer in every
]
SORT_OF = {answer: sort for sort, every in SORTS.items() for _, answer in every}


@pytest.mark.parametrize("asked", MIXED, ids=lambda asked: asked.answers[0])
@given(seed=st.integers(0, 99), kind=st.sampled_from([Kind.CHOICE, Kind.TYPED, Kind.BASIC]))
def test_no_drawn_choice_is_of_another_sort(asked: Card, seed: int, kind: Kind) -> None:
    deck = [other for other in MIXED if other is not asked]
    sort = SORT_OF[asked.answers[0]]
    for wrong in choose(asked._replace(kind=kind), Sources(deck=deck), seed):
        if sort in ("year", "number"):
            assert any(map(str.isdecimal, wrong))
            assert (sort == "year") == (len(wrong) == 4 and wrong.isdecimal())
        else:
            assert SORT_OF[wrong] == sort


def test_questions_that_differ_only_in_a_name_ask_for_the_same_sort() -> None:
    symbols = [
        card(symbol, prompt=f"Chemical symbol of {metal}?", category="")
        for symbol, metal in (("Au", "Gold"), ("Fe", "Iron"), ("Sn", "Tin"), ("Cu", "Copper"))
    ]
    other = card("Ag", prompt="Chemical warfare?", category="")
    assert set(choose(symbols[0], Sources(deck=[*symbols[1:], other]))) == {"Fe", "Sn", "Cu"}


@pytest.mark.parametrize(
    ("prompt", "answer", "wrong", "fitting"),
    [
        ("Which summit year came later than 2021?", "2023", "2017", "2024"),
        ("Who joined when, before 2010?", "2005", "2017", "2004"),
        ("In which year between 2001 and 2006?", "2004", "2009", "2003"),
        ("In which year of the 1990s?", "1996", "2001", "1993"),
        ("In which year of the 19th century?", "1868", "1905", "1865"),
        ("How many members, more than ten?", "12", "9", "13"),
        ("How many, fewer than five?", "4", "6", "3"),
        ("For which city does the S in SCO stand?", "Shanghai", "Tashkent", "Samarkand"),
        ("Which city begins with the letter D?", "Dushanbe", "Astana", "Delhi"),
        ("Which city ends in T?", "Tashkent", "Osh", "Khorgat"),
        ("What do the letters ISS stand for?", "International Space Station",
         "European Space Agency", "Inner System Satellite"),
    ],
)  # fmt: skip
def test_an_answer_that_the_question_rules_out_is_not_a_wrong_choice(
    prompt: str, answer: str, wrong: str, fitting: str
) -> None:
    asked = card(answer, prompt=prompt)
    found = {
        each
        for seed in range(30)
        for each in choose(asked, Sources(category=others(wrong, fitting)), seed)
    }
    assert wrong not in found
    assert fitting in found


def test_a_demand_that_the_right_answer_fails_is_ignored() -> None:
    asked = card("2001", prompt="In which year, two years before 1999, was it not founded?")
    assert len(choose(asked, Sources())) == MOST


def test_answers_of_the_same_deck_come_before_those_of_other_decks() -> None:
    asked = card("Tashkent")
    foreign = others("Karachi", "Lahore", deck="e")
    assert set(choose(asked, Sources(category=[*CITIES[:3], *foreign]))) == {
        "Bishkek", "Dushanbe", "Astana",
    }  # fmt: skip


def test_another_sort_of_thing_is_not_a_wrong_choice_even_if_it_looks_alike() -> None:
    people = others("Khusrau", "Ulugbek", category="person")
    assert choose(card("Tashkent"), Sources(category=CITIES[:1], deck=people)) == ("Bishkek",)


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        (card("Tashkent", accept=("Toshkent",)), "Toshkent"),
        (card("Tashkent / Toshkent"), "Toshkent"),
        (card("Toshkent"), "Tashkent / Toshkent"),
        (card("China"), "People's Republic of China"),
        (card("Türkiye"), "Turkiye"),
        (card("colour"), "color"),
        (card("six"), "6"),
        (card("World War II"), "World War 2"),
        (card("Moscow", prompt="Not Astana, but which city?"), "Astana"),
    ],
)
def test_synonyms_of_the_answer_and_words_of_the_question_are_not_wrong_choices(
    asked: Card, other: str
) -> None:
    assert other not in choose(asked, Sources(category=others(other, "Dushanbe", "Samarkand")))


def test_a_wrong_choice_is_shown_in_one_form_like_the_right_answer() -> None:
    pool = others("Qingdao / Tsingtao", "Beijing / Peking")
    assert set(choose(card("Shanghai"), Sources(category=pool))) == {"Qingdao", "Beijing"}
    asked = card("Xi'an / Chang'an")
    assert set(choose(asked, Sources(category=pool))) == {"Qingdao / Tsingtao", "Beijing / Peking"}


def test_the_answer_of_another_deck_to_the_same_question_is_not_a_wrong_choice() -> None:
    asked = card("Astana", prompt="Capital of Kazakhstan?")
    same = card("Nur-Sultan", prompt="Capital of  KAZAKHSTAN", deck="e", category="")
    pool = others("Nur-Sultan", "Bishkek")
    assert "Nur-Sultan" in choose(asked, Sources(category=pool))
    assert choose(asked, Sources(category=pool, related=[same])) == ("Bishkek",)


def test_a_synonym_that_another_deck_accepts_is_not_a_wrong_choice() -> None:
    asked = card("Burma", category="country")
    synonym = card("Myanmar", prompt="Whose capital is Naypyidaw?", accept=("Burma",), deck="e")
    pool = others("Myanmar", "Laos", category="country")
    assert choose(asked, Sources(category=pool, related=[synonym])) == ("Laos",)


@pytest.mark.parametrize("kind", [Kind.LIST, Kind.MULTI, Kind.ORDER, Kind.CLOZE])
def test_several_answers_to_one_card_are_not_synonyms(kind: Kind) -> None:
    asked = card("India", category="country")
    joined = card("India", prompt="Who joined?", kind=kind, answers=("India", "Pakistan"))
    assert choose(asked, Sources(category=others("Pakistan"), related=[joined])) == ("Pakistan",)


def numbers(found: Sequence[str]) -> list[int]:
    return [int(each) for each in found]


def test_a_year_gets_years_near_it_and_none_after_the_date_of_the_fact() -> None:
    asked = card("2019", category="year", as_of="2020-05")
    for seed in range(20):
        found = numbers(
            choose(
                asked,
                Sources(
                    category=others("1066", "2021", "x"),
                ),
                seed,
            )
        )
        assert len(found) == MOST
        assert all(2013 <= year <= 2020 for year in found)


def test_a_number_gets_numbers_even_when_nothing_else_is_there() -> None:
    found = numbers(choose(card("16", category=""), Sources()))
    assert len(found) == MOST
    assert all(8 <= number <= 24 for number in found)


def test_words_and_numbers_are_not_mixed() -> None:
    found = choose(card("Tashkent"), Sources(category=others("1999", "Bishkek")))
    assert found == ("Bishkek",)


def test_long_texts_and_several_lines_are_not_choices() -> None:
    pool = others("x" * 151, "Bishkek\nDushanbe")
    assert choose(card("Tashkent", kind=Kind.CHOICE), Sources(category=pool)) == ()
