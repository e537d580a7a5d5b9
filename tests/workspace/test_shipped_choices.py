"""Of each shipped card that may be asked as a choice, every drawn choice is of the same sort."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.distractors import Sources, wrong_choices
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.neighbours import year_of
from sco_quiz.learning.values import value_of
from sco_quiz.library.decks import read_deck
from sco_quiz.paths import shipped_decks
from sco_quiz.text import plain

if TYPE_CHECKING:
    from sco_quiz.learning.cards import Card

FILES = sorted(
    (each for each in shipped_decks().iterdir() if each.name.endswith(".yaml")),
    key=lambda each: each.name,
)
CARDS: list[Card] = []
for each in FILES:
    deck = read_deck(each.name, each.read_bytes()).deck
    assert deck is not None
    CARDS += deck.cards
ASKED = [card for card in CARDS if card.category and card.kind in (Kind.BASIC, Kind.TYPED)]


@pytest.mark.parametrize("card", ASKED, ids=lambda card: f"{card.deck}: {plain(card.prompt)[:50]}")
def test_every_drawn_choice_is_of_the_category_or_a_value_near_the_right_one(card: Card) -> None:
    others = [other for other in CARDS if other.key != card.key]
    kin = [other for other in others if other.category == card.category]
    sources = Sources(
        category=sorted(kin, key=lambda other: other.deck != card.deck),
        deck=[other for other in others if other.deck == card.deck],
        related=others,
    )
    of_category = {
        form
        for other in kin
        for answer in map(plain, other.answers)
        for form in (answer, answer.partition(" / ")[0])
    }
    answer = plain(card.answers[0])
    for seed in range(5):
        drawn = wrong_choices(card, sources, Random(seed), 2026)
        for wrong in drawn:
            assert (year_of(wrong) is None) == (year_of(answer) is None)
            assert (value_of(wrong) is None) == (value_of(answer) is None)
            if value_of(answer) is None and not any(map(str.isdecimal, answer)):
                assert wrong in of_category, (answer, drawn)
