"""Pairs vanished cards with the new ones that they became, so that their history goes on.

A card without an id is identified by its prompt: after an edit it looks new. A pair is sure if the
two are plainly the same card, and doubtful if a person has to decide.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from rapidfuzz import distance

from sco_quiz.learning.cards import KeyedFace, RelinkPair, normal_prompt
from sco_quiz.learning.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Similarity: TypeAlias = Callable[[str, str], float]

SAME_ANSWER = 0.5
"""The least similarity (0 to 1) of prompts for a sure pair with the same answer."""
SAME_PROMPT = 0.9
"""The least similarity of prompts for a sure pair if the answer was edited too."""
ALIKE_ANSWER = 0.8
"""The least similarity of answers for a sure pair if the answer was edited too."""
DOUBTFUL_SAME_ANSWER = 0.3
DOUBTFUL_PROMPT = 0.75
CLEARLY_BETTER = 0.1
"""The lead over the next best pair that a sure pair needs."""
MOST_COMPARED = 250_000
"""The most pairs of a deck whose texts are compared (up to 2 s); beyond it, only pairs with equal
answers. The same holds for cards in different decks, of which no more pairs are compared at all."""

_UNTELLING = frozenset(kind for kind, spec in KINDS.items() if not spec.has_telling_answers)


class Relinking(NamedTuple):
    """The pairs that were found.

    Attributes:
        sure: Pairs that are plainly the same card; each card is in one at most.
        doubtful: Pairs for a person to decide; each vanished card is in one at most.
    """

    sure: list[RelinkPair]
    doubtful: list[RelinkPair]


class _Likeness(NamedTuple):
    """A pair that may be the same card.

    Attributes:
        score: The similarity of the two, 0 to 2.
        pair: The two cards.
        plain: True if they are plainly the same, provided that no other pair comes near.
    """

    score: float
    pair: RelinkPair
    plain: bool


def relink(
    vanished: Iterable[KeyedFace],
    new: Iterable[KeyedFace],
    apart: Iterable[tuple[str, str]] = (),
    unsure: Iterable[tuple[str, str]] = (),
) -> Relinking:
    """Pair vanished cards with new ones.

    Two cards with the same prompt and answer are a sure pair, even in different decks. Within a
    deck they are one also with the same prompt, with the same answer to a similar question, or with
    nearly the same texts, provided that no other pair comes near it. Cards with other words in
    different decks are at most a doubtful pair.

    Args:
        vanished: Cards with a history that their decks no longer have.
        new: Cards without a history.
        apart: Keys, old and new, of pairs that a person said are not the same.
        unsure: Keys of pairs that are at most doubtful, since a person took them apart again.
    """
    refused, unsure = set(apart), set(unsure)
    sure, olds, news = _exact(list(vanished), list(new), refused | unsure)
    within = [
        likeness
        for deck, olds_of_deck in _by_deck(olds).items()
        for likeness in _alike_within(olds_of_deck, _by_deck(news).get(deck, []))
        if _keys(likeness.pair) not in refused
    ]
    scores: dict[str, list[float]] = defaultdict(list)
    for likeness in within:
        for face in likeness.pair:
            scores[face.key].append(likeness.score)
    for card_scores in scores.values():
        card_scores.sort(reverse=True)
    sure += [
        likeness.pair
        for likeness in within
        if likeness.plain
        and _keys(likeness.pair) not in unsure
        and all(_stands_out(likeness.score, scores[face.key]) for face in likeness.pair)
    ]
    paired_keys = {key for pair in sure for key in _keys(pair)}
    olds = [face for face in olds if face.key not in paired_keys]
    news = [face for face in news if face.key not in paired_keys]
    across = [
        card_scores
        for card_scores in _alike_across(olds, news)
        if _keys(card_scores.pair) not in refused
    ]
    doubtful: list[RelinkPair] = []
    for _, pair, _ in sorted(within + across, key=lambda likeness: -likeness.score):
        if paired_keys.isdisjoint(_keys(pair)):
            paired_keys.update(_keys(pair))
            doubtful.append(pair)
    return Relinking(sure, doubtful)


def by_likeness(face: KeyedFace, others: Iterable[KeyedFace]) -> list[KeyedFace]:
    """Return cards sorted by their similarity to a card, the most similar first."""
    alike, wording = _similarity(), _Wording.of(face)

    def score(other: KeyedFace) -> float:
        words = _Wording.of(other)
        return alike(wording.prompt, words.prompt) + alike(wording.answer, words.answer)

    return sorted(others, key=score, reverse=True)


def _keys(pair: RelinkPair) -> tuple[str, str]:
    return pair.old.key, pair.new.key


def _stands_out(score: float, scores: list[float]) -> bool:
    """Return True if a score is clearly the best of a card's scores, which are in falling order."""
    return scores[0] == score and all(score - rival >= CLEARLY_BETTER for rival in scores[1:])


def _exact(
    vanished: list[KeyedFace], new: list[KeyedFace], refused: set[tuple[str, str]]
) -> tuple[list[RelinkPair], list[KeyedFace], list[KeyedFace]]:
    """Return the pairs with the same prompt and answer, and the old and new cards left over."""
    pairs: list[RelinkPair] = []
    for same_place in (True, False):  # those of the same deck and kind first
        new_by_wording: dict[tuple[str, ...], list[KeyedFace]] = defaultdict(list)
        for face in new:
            new_by_wording[_wording(face, same_place=same_place)].append(face)
        unpaired = []
        for old in vanished:
            matches = new_by_wording[_wording(old, same_place=same_place)]
            if len(matches) == 1 and (old.key, matches[0].key) not in refused:
                pairs.append(RelinkPair(old, matches.pop()))
            else:
                unpaired.append(old)
        paired_keys = {pair.new.key for pair in pairs}
        vanished, new = unpaired, [face for face in new if face.key not in paired_keys]
    return pairs, vanished, new


def _wording(face: KeyedFace, *, same_place: bool) -> tuple[str, ...]:
    words = (normal_prompt(face.prompt), normal_prompt(face.answer))
    return (face.deck, face.kind, *words) if same_place else words


def _by_deck(faces: list[KeyedFace]) -> dict[str, list[KeyedFace]]:
    decks: dict[str, list[KeyedFace]] = defaultdict(list)
    for face in faces:
        decks[face.deck].append(face)
    return decks


class _Wording(NamedTuple):
    """A card with its texts folded for comparison."""

    face: KeyedFace
    prompt: str
    answer: str

    @classmethod
    def of(cls, face: KeyedFace) -> _Wording:
        """Fold the texts of a card."""
        return cls(face, normal_prompt(face.prompt), normal_prompt(face.answer))


def _alike_within(olds: list[KeyedFace], news: list[KeyedFace]) -> Iterator[_Likeness]:
    """Yield the pairs within one deck that are alike."""
    alike = _similarity()
    for old, new in _to_compare(olds, news):
        if (comparison := _compare(old, new, alike)) is not None:
            prompts, answers, same, plain = comparison
            if plain or same or prompts >= DOUBTFUL_PROMPT:
                yield _Likeness(prompts + answers, RelinkPair(old.face, new.face), plain)


def _alike_across(olds: list[KeyedFace], news: list[KeyedFace]) -> Iterator[_Likeness]:
    """Yield the pairs of one kind, across decks, that are alike in prompt and answer."""
    alike = _similarity()
    for old, new in islice(_to_compare(olds, news), MOST_COMPARED):
        if old.face.deck == new.face.deck or old.face.kind != new.face.kind:
            continue
        if (comparison := _compare(old, new, alike)) is not None:
            prompts, answers, _, plain = comparison
            if plain or (prompts >= DOUBTFUL_PROMPT and answers >= ALIKE_ANSWER):
                yield _Likeness(prompts + answers, RelinkPair(old.face, new.face), plain=False)


def _to_compare(
    olds: list[KeyedFace], news: list[KeyedFace]
) -> Iterator[tuple[_Wording, _Wording]]:
    """Yield every old card with every new one; if they are many, only with equal answers."""
    all_new = list(map(_Wording.of, news))
    are_few = len(olds) * len(news) <= MOST_COMPARED
    by_answer: dict[str, list[_Wording]] = defaultdict(list)
    for new in all_new:
        by_answer[new.answer].append(new)
    for old in map(_Wording.of, olds):
        for new in all_new if are_few else by_answer.get(old.answer, ()):
            yield old, new


def _similarity() -> Similarity:
    """Return the function that measures the similarity of two texts."""
    return distance.Indel.normalized_similarity


def _compare(
    old: _Wording, new: _Wording, alike: Similarity
) -> tuple[float, float, bool, bool] | None:
    """Compare two cards.

    Args:
        old: The vanished card.
        new: The card that it may have become.
        alike: The function that measures the similarity of two texts.

    Returns:
        The similarity of prompts and of answers (0 to 1), True if they have the same answer and it
        means something by itself, and True if they are plainly the same; None if the prompts have
        nothing in common.
    """
    prompts = alike(old.prompt, new.prompt)
    if prompts < DOUBTFUL_SAME_ANSWER:
        return None
    kinds = (old.face.kind, new.face.kind)
    same = _UNTELLING.isdisjoint(kinds) and old.answer == new.answer
    answers = alike(old.answer, new.answer)
    plain = (
        (same and prompts >= SAME_ANSWER)
        or (prompts >= SAME_PROMPT and answers >= ALIKE_ANSWER)
        or (prompts == 1.0 and kinds[0] == kinds[1])
    )
    return prompts, answers, same, plain
