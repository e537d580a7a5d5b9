"""The shipped decks: what a learner types is judged as a teacher would, and choices tempt."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from docs.facts import DECKS, PAGE, UNCHECKED, Note, choices_of, page, shipped_notes
from sco_quiz.learning.checking import Verdict, judge
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.posing import LEAST_CHOICES
from sco_quiz.learning.values import value_of
from sco_quiz.library.check import Checker
from sco_quiz.text import plain

if TYPE_CHECKING:
    from sco_quiz.learning.cards import Card

DATA = Path(__file__).parents[1] / "decks"
BETRAYING = re.compile(
    r"\b(?:all|always|any|anything|ever|every|everything|merely|never|no|nobody|none|nothing|only)\b",
    re.IGNORECASE,
)
"""Words by which a wrong choice gives itself away."""
MOST_UNLIKE = 2.0
"""How many times as long as the shortest choice of a card, in characters, its longest may be."""
LISTED = date(2026, 11, 29)
"""The day for which the page lists what is older than a year."""


@cache
def notes() -> dict[str, Note]:
    return {note.id: note for note in shipped_notes()}


def read(name: str) -> dict[str, dict[str, dict[str, list[str]]]]:
    text = (DATA / name).read_text(encoding="utf-8")
    data: dict[str, dict[str, dict[str, list[str]]]] = yaml.load(text, yaml.BaseLoader)
    return data


ANSWERS = read("shipped-answers.yaml")
SORTS: dict[str, list[str]] = yaml.load(
    (DATA / "shipped-sorts.yaml").read_text(encoding="utf-8"), yaml.BaseLoader
)


def typed_cards() -> dict[str, Card]:
    """The cards whose answers are typed, by the note's id, and the place of each of several."""
    found = {}
    for note in notes().values():
        if note.cards[0].kind in (Kind.TYPED, Kind.CLOZE, Kind.LIST):
            for place, card in enumerate(note.cards, start=1):
                found[f"{note.id}/{place}" if len(note.cards) > 1 else note.id] = card
    return found


def rivals(card: Card) -> list[str]:
    """The right answers of other cards of its category, as a study session gives them."""
    every = [each for note in notes().values() for each in note.cards]
    own = {*card.answers, *card.accept}
    same = [each for each in every if card.category and each.category == card.category]
    return [answer for each in same for answer in each.answers if answer not in own]


def forms(kind: str) -> list[object]:
    """What learners may type for each card."""
    return [
        pytest.param(name, form, id=f"{name}: {form}")
        for cards in ANSWERS.values()
        for name, ways in cards.items()
        for form in ways[kind]
    ]


def choosable() -> list[object]:
    """The notes that can be asked as a choice."""
    return [
        pytest.param(note.cards[0], id=note.id)
        for note in notes().values()
        if note.cards[0].kind in (Kind.CHOICE, Kind.MULTI, Kind.TYPED)
    ]


@pytest.mark.parametrize(("name", "form"), forms("right"))
def test_usual_forms_of_the_right_answer_are_right(name: str, form: str) -> None:
    card = typed_cards()[name]
    assert judge(card, form, rivals=rivals(card)).verdict is Verdict.CORRECT


@pytest.mark.parametrize(("name", "form"), forms("wrong"))
def test_wrong_answers_to_shipped_cards_are_wrong(name: str, form: str) -> None:
    card = typed_cards()[name]
    assert judge(card, form, rivals=rivals(card)).verdict is Verdict.WRONG


def test_each_typed_card_has_three_right_forms_and_two_wrong_ones() -> None:
    given = {name: ways for cards in ANSWERS.values() for name, ways in cards.items()}
    assert given.keys() == typed_cards().keys()
    for name, ways in given.items():
        assert len(set(ways["right"])) >= 3, name
        assert len(set(ways["wrong"])) >= 2, name


@pytest.mark.parametrize("card", choosable())
def test_a_card_has_good_wrong_choices_of_its_own(card: Card) -> None:
    wrong = choices_of(card)
    assert len(wrong) >= LEAST_CHOICES
    assert len({text.casefold() for text in (*card.answers, *wrong)}) == len(card.answers) + len(
        wrong
    )
    for text in wrong:
        assert judge(card, text).verdict is Verdict.WRONG


def test_nothing_is_drawn_for_a_card_that_is_shown_to_think_about() -> None:
    """A category would have a quiz draw choices for it."""
    basic = [note.cards[0] for note in notes().values() if note.cards[0].kind is Kind.BASIC]
    assert basic
    assert not any(card.category for card in basic)


@pytest.mark.parametrize("card", choosable())
def test_choices_are_of_the_sort_of_the_right_answer(card: Card) -> None:
    texts = [plain(text) for text in (*card.answers, *choices_of(card))]
    if card.category in SORTS:
        assert set(texts) <= set(SORTS[card.category])
    elif card.category in ("year", "number"):
        assert all(value_of(text) == text for text in texts)
        assert card.category == "number" or {len(text) for text in texts} == {4}
    else:
        assert not card.category, "name the members of the category in shipped-sorts.yaml"
        assert max(map(len, texts)) <= MOST_UNLIKE * min(map(len, texts))
        assert all(text[:1].isupper() for text in texts)
        assert {any(map(str.isdecimal, text)) for text in texts} == {False}


@pytest.mark.parametrize("card", choosable())
def test_no_wrong_choice_is_recognised_by_its_look(card: Card) -> None:
    for text in choices_of(card):
        assert not BETRAYING.search(text)


def test_order_and_list_notes_have_five_items_at_most() -> None:
    for note in notes().values():
        if note.cards[0].kind in (Kind.ORDER, Kind.LIST):
            assert len(note.cards[0].answers) <= 5, note.id


def test_each_prompt_asks_something() -> None:
    for note in notes().values():
        card = note.cards[0]
        if card.kind in (Kind.BASIC, Kind.TYPED, Kind.CHOICE, Kind.MULTI, Kind.LIST, Kind.ORDER):
            asks = card.prompt.rstrip().endswith("?") or re.match("Put|Name|Mark", card.prompt)
            assert asks or "? " in card.prompt, note.id


def test_the_page_of_facts_has_every_note_as_it_is_and_each_was_checked() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(), "run: python docs/facts.py, check what changed, and say so"
    for note in notes().values():
        assert note.source, note.id
        (row,) = re.findall(
            rf"^\| `{re.escape(note.id)}` \|.*`{note.seal}` \|$", text, re.MULTILINE
        )
        assert UNCHECKED not in row, f"check {note.id}, then run: python docs/facts.py {note.id}"


def test_the_page_says_of_each_fact_older_than_a_year_why_it_holds() -> None:
    text = PAGE.read_text(encoding="utf-8")
    _, _, after = text.partition("## Older than a year")
    told, _, _ = after.partition("\n## ")
    explained = re.findall(r"^\| `([^`]+)` \| \S", told, re.MULTILINE)
    checker = Checker(LISTED, 365)
    stale = []
    for path in sorted(DECKS.glob("*.yaml")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for problem in checker.check(path.name, path).diagnostics:
            assert problem.code == "W409"
            above = (re.fullmatch(r"  - id: (\S+)", line) for line in lines[problem.line :: -1])
            stale.append(next(found[1] for found in above if found))
    assert explained == stale
