"""Which new card is a vanished one in other words, so that its history goes on.

A card without an id is known by its prompt: edited, it looks new. Here vanished and new cards are
paired again: surely where they are plainly the same, doubtfully where a person has to say.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.cards import Kind, normal_prompt

if TYPE_CHECKING:
    from collections.abc import Iterable

SAME_ANSWER = 0.5
"""How alike (0 to 1) prompts with the same answer have to be, to be surely the same card."""
SAME_PROMPT = 0.9
"""How alike prompts have to be when the answer was touched too."""
ALIKE_ANSWER = 0.8
"""How alike the answers then have to be."""
DOUBTFUL_SAME_ANSWER = 0.3
DOUBTFUL_PROMPT = 0.75
CLEARLY_BETTER = 0.1
"""How much better than the next best a pair has to be, not to be doubtful."""
MOST_COMPARED = 250_000
"""Pairs of a deck whose wording is compared (some 0.2 s); of more only equal answers are."""


class Face(NamedTuple):
    """How a card looks: enough to know it again.

    Attributes:
        key: The card.
        deck: The id of its deck.
        kind: How it is asked.
        prompt: What is asked.
        answer: What is right.
    """

    key: str
    deck: str
    kind: str
    prompt: str
    answer: str


class Pair(NamedTuple):
    """A vanished card and the new one that it may have become."""

    old: Face
    new: Face


class Relinking(NamedTuple):
    """What was found.

    Attributes:
        sure: Pairs that are plainly the same card; each card is in one at most.
        doubtful: Pairs that a person has to decide; each vanished card is in one at most.
    """

    sure: list[Pair]
    doubtful: list[Pair]


def relink(
    vanished: Iterable[Face], new: Iterable[Face], apart: Iterable[tuple[str, str]] = ()
) -> Relinking:
    """Pair vanished cards with new ones.

    The same prompt and answer make a sure pair, in whatever deck they stand now. Within a deck a
    sure pair also has the same prompt, or the same answer to a similar question, or nearly the
    same wording of both; and no other pair that comes near it.

    Args:
        vanished: Cards with a history whose decks no longer have them.
        new: Cards without a history.
        apart: Keys, old and new, of pairs that a person said are not the same.
    """
    refused = set(apart)
    sure, old_left, new_left = _exact(list(vanished), list(new), refused)
    scored = sorted(
        (
            pair
            for deck, olds in _by_deck(old_left).items()
            for pair in _scored(olds, _by_deck(new_left).get(deck, []))
            if (pair[1].key, pair[2].key) not in refused
        ),
        key=lambda pair: -pair[0],
    )
    best: dict[str, list[float]] = defaultdict(list)
    for score, old, fresh, _ in scored:
        best[old.key].append(score)
        best[fresh.key].append(score)
    taken: set[str] = set()
    doubtful: list[Pair] = []
    for score, old, fresh, plain in scored:
        if old.key in taken or fresh.key in taken:
            continue
        rivals = [each for key in (old.key, fresh.key) for each in best[key][1:]]
        alone = best[old.key][0] == score == best[fresh.key][0] and all(
            score - rival >= CLEARLY_BETTER for rival in rivals
        )
        taken |= {old.key, fresh.key}
        (sure if plain and alone else doubtful).append(Pair(old, fresh))
    return Relinking(sure, doubtful)


def _exact(
    vanished: list[Face], new: list[Face], refused: set[tuple[str, str]]
) -> tuple[list[Pair], list[Face], list[Face]]:
    """Pairs with the same prompt and answer, the same deck and kind first; and what is left."""
    pairs: list[Pair] = []
    for same_place in (True, False):
        where: dict[tuple[str, ...], list[Face]] = defaultdict(list)
        for face in new:
            where[_wording(face, same_place=same_place)].append(face)
        left = []
        for old in vanished:
            found = where[_wording(old, same_place=same_place)]
            if len(found) == 1 and (old.key, found[0].key) not in refused:
                pairs.append(Pair(old, found.pop()))
            else:
                left.append(old)
        gone = {pair.new.key for pair in pairs}
        vanished, new = left, [face for face in new if face.key not in gone]
    return pairs, vanished, new


def _wording(face: Face, *, same_place: bool) -> tuple[str, ...]:
    words = (normal_prompt(face.prompt), normal_prompt(face.answer))
    return (face.deck, face.kind, *words) if same_place else words


def _by_deck(faces: list[Face]) -> dict[str, list[Face]]:
    decks: dict[str, list[Face]] = defaultdict(list)
    for face in faces:
        decks[face.deck].append(face)
    return decks


def _scored(olds: list[Face], news: list[Face]) -> list[tuple[float, Face, Face, bool]]:
    """Pairs of one deck that may be the same: how alike (0 to 2), the two, whether plainly."""
    from rapidfuzz.distance import Indel  # 30 ms, only when cards vanished

    alike = Indel.normalized_similarity
    answers: dict[str, list[Face]] = defaultdict(list)
    for face in news:
        answers[normal_prompt(face.answer)].append(face)
    few = len(olds) * len(news) <= MOST_COMPARED
    found = []
    for old in olds:
        prompt, answer = normal_prompt(old.prompt), normal_prompt(old.answer)
        for face in news if few else answers[answer]:
            prompts = alike(prompt, normal_prompt(face.prompt))
            if prompts < DOUBTFUL_SAME_ANSWER:
                continue
            telling = Kind.TRUE_FALSE not in (old.kind, face.kind)
            same = telling and answer == normal_prompt(face.answer)
            by_answer = alike(answer, normal_prompt(face.answer))
            plain = (
                (same and prompts >= SAME_ANSWER)
                or (prompts >= SAME_PROMPT and by_answer >= ALIKE_ANSWER)
                or (prompts == 1.0 and old.kind == face.kind)
            )
            if plain or same or prompts >= DOUBTFUL_PROMPT:
                found.append((prompts + by_answer, old, face, plain))
    return found
