"""The questions of a quiz are drawn evenly, and no two of a note follow each other."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.learning.card_queue import Candidate
from sco_quiz.learning.drawing import arranged, draw

DECKS = st.lists(st.lists(st.integers(0, 6), max_size=12), max_size=4)
"""For each deck, the note of each of its cards."""


def cards_of(decks: list[list[int]]) -> list[Candidate]:
    return [
        Candidate(f"{deck}-{place}", f"{deck} {note}", str(deck))
        for deck, notes in enumerate(decks)
        for place, note in enumerate(notes)
    ]


@given(decks=DECKS, number=st.integers(0, 30), seed=st.integers(0, 99))
def test_a_quiz_has_as_many_different_cards_as_asked_for_or_all(
    decks: list[list[int]], number: int, seed: int
) -> None:
    cards = cards_of(decks)
    drawn = draw(cards, number, Random(seed))
    assert len(drawn) == len(set(drawn)) == min(number, len(cards))
    assert set(drawn) <= set(cards)
    assert draw(cards, number, Random(seed)) == drawn


@given(decks=DECKS, number=st.integers(0, 30), seed=st.integers(0, 99))
def test_no_deck_gives_two_more_than_one_that_has_more_to_give(
    decks: list[list[int]], number: int, seed: int
) -> None:
    cards = cards_of(decks)
    given_ = Counter(card.deck for card in draw(cards, number, Random(seed)))
    for deck, size in Counter(card.deck for card in cards).items():
        if given_[deck] < size:
            assert max(given_.values(), default=0) <= given_[deck] + 1


@given(notes=st.lists(st.integers(0, 9), max_size=20), number=st.integers(0, 20))
def test_a_second_card_of_a_note_is_drawn_when_there_is_one_of_each(
    notes: list[int], number: int
) -> None:
    drawn = Counter(card.note for card in draw(cards_of([notes]), number, Random(1)))
    if max(drawn.values(), default=0) > 1:
        assert len(drawn) == len(set(notes))


@given(notes=st.lists(st.integers(0, 3), max_size=14), seed=st.integers(0, 99))
def test_two_of_a_note_follow_each_other_only_if_that_cannot_be_avoided(
    notes: list[int], seed: int
) -> None:
    order = arranged(cards_of([notes]), Random(seed))
    pairs = sum(a.note == b.note for a, b in pairwise(order))
    most = max(Counter(notes).values(), default=0)
    assert pairs == max(0, most - (len(notes) - most) - 1)


def test_seeds_draw_differently() -> None:
    cards = cards_of([[*range(12)]])
    assert len({tuple(draw(cards, 5, Random(seed))) for seed in range(20)}) > 10
