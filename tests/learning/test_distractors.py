"""Wrong choices are plausible, and none of them is right."""

from __future__ import annotations

from dataclasses import replace
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
    return replace(made, **fields)  # type: ignore[arg-type]


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
        assert judge(replace(asked, strict=False), wrong).verdict is Verdict.WRONG
        assert judge(card(wrong), answer).verdict in (Verdict.WRONG, None)
    assert choose(asked, sources, seed) == found


def test_what_the_learner_took_for_it_comes_before_all_others() -> None:
    asked = card("Tashkent")
    for seed in range(10):
        assert "Samarkand" in choose(asked, Sources(["samarkand", "no idea"], CITIES), seed)
    assert "no idea" not in choose(asked, Sources(["no idea"], CITIES))


def test_the_category_comes_before_what_only_looks_alike() -> None:
    asked = card("Tashkent")
    alike = others("Khorgos", "Karakol", category="")
    found = choose(asked, Sources(category=CITIES[:2], deck=alike))
    assert set(found[:2]) == {"Bishkek", "Dushanbe"}
    assert found[2] in ("Khorgos", "Karakol")


def test_a_deck_comes_before_other_decks() -> None:
    asked = card("Tashkent")
    foreign = others("Karachi", "Lahore", deck="e")
    assert set(choose(asked, Sources(category=[*CITIES[:3], *foreign]))) == {
        "Bishkek", "Dushanbe", "Astana",
    }  # fmt: skip


def test_another_sort_of_thing_is_no_wrong_choice_however_alike() -> None:
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
def test_what_is_right_in_other_words_or_stands_in_the_question_is_left_out(
    asked: Card, other: str
) -> None:
    assert other not in choose(asked, Sources(category=others(other, "Dushanbe", "Samarkand")))


def test_what_another_deck_has_as_the_answer_to_the_same_question_is_left_out() -> None:
    asked = card("Astana", prompt="Capital of Kazakhstan?")
    same = card("Nur-Sultan", prompt="Capital of  KAZAKHSTAN", deck="e", category="")
    pool = others("Nur-Sultan", "Bishkek")
    assert "Nur-Sultan" in choose(asked, Sources(category=pool))
    assert choose(asked, Sources(category=pool, related=[same])) == ("Bishkek",)


def test_what_another_deck_accepts_beside_the_answer_is_left_out() -> None:
    asked = card("Burma", category="country")
    synonym = card("Myanmar", prompt="Whose capital is Naypyidaw?", accept=("Burma",), deck="e")
    pool = others("Myanmar", "Laos", category="country")
    assert choose(asked, Sources(category=pool, related=[synonym])) == ("Laos",)


@pytest.mark.parametrize("kind", [Kind.LIST, Kind.MULTI, Kind.ORDER, Kind.CLOZE])
def test_several_answers_to_one_card_are_no_synonyms(kind: Kind) -> None:
    asked = card("India", category="country")
    joined = card("India", prompt="Who joined?", kind=kind, answers=("India", "Pakistan"))
    assert choose(asked, Sources(category=others("Pakistan"), related=[joined])) == ("Pakistan",)


def numbers(found: Sequence[str]) -> list[int]:
    return [int(each) for each in found]


def test_a_year_gets_years_near_it_and_none_after_the_fact() -> None:
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


def test_long_texts_and_several_lines_are_no_choices() -> None:
    pool = others("x" * 151, "Bishkek\nDushanbe")
    assert choose(card("Tashkent", kind=Kind.CHOICE), Sources(category=pool)) == ()
