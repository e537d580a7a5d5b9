"""Pairs of a vanished card and the new one that it became, so that its history goes on.

A card without an id is known by its prompt: edited, it looks new. Here vanished and new cards are
paired again: surely where they are plainly the same, doubtfully where a person has to say.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from rapidfuzz.distance import Indel

from sco_quiz.learning.cards import KeyedFace, Pair, normal_prompt
from sco_quiz.learning.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Similarity: TypeAlias = Callable[[str, str], float]

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
"""Pairs of a deck whose wording is compared (up to 2 s); of more only those with equal answers.

So too of cards that stand in another deck now, and of those never more than so many."""

_UNTELLING = frozenset(kind for kind, spec in KINDS.items() if not spec.has_telling_answers)


class Relinking(NamedTuple):
    """What was found.

    Attributes:
        sure: Pairs that are plainly the same card; each card is in one at most.
        doubtful: Pairs that a person has to decide; each vanished card is in one at most.
    """

    sure: list[Pair]
    doubtful: list[Pair]


class _Likeness(NamedTuple):
    """A pair that may be the same card.

    Attributes:
        score: How alike the two are, 0 to 2.
        pair: The two.
        plain: Whether they are plainly the same, if no other pair comes near.
    """

    score: float
    pair: Pair
    plain: bool


def relink(
    vanished: Iterable[KeyedFace],
    new: Iterable[KeyedFace],
    apart: Iterable[tuple[str, str]] = (),
    unsure: Iterable[tuple[str, str]] = (),
) -> Relinking:
    """Pair vanished cards with new ones.

    The same prompt and answer make a sure pair, in whatever deck they stand now. Within a deck a
    sure pair also has the same prompt, or the same answer to a similar question, or nearly the
    same wording of both; and no other pair that comes near it. What was reworded and stands in
    another deck now makes a doubtful pair at most.

    Args:
        vanished: Cards with a history whose decks no longer have them.
        new: Cards without a history.
        apart: Keys, old and new, of pairs that a person said are not the same.
        unsure: Keys of pairs that are doubtful at most, since a person took them apart again.
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
    for each in scores.values():
        each.sort(reverse=True)
    sure += [
        likeness.pair
        for likeness in within
        if likeness.plain
        and _keys(likeness.pair) not in unsure
        and all(_stands_out(likeness.score, scores[face.key]) for face in likeness.pair)
    ]
    taken = {key for pair in sure for key in _keys(pair)}
    olds = [face for face in olds if face.key not in taken]
    news = [face for face in news if face.key not in taken]
    across = [each for each in _alike_across(olds, news) if _keys(each.pair) not in refused]
    doubtful: list[Pair] = []
    for _, pair, _ in sorted(within + across, key=lambda likeness: -likeness.score):
        if taken.isdisjoint(_keys(pair)):
            taken.update(_keys(pair))
            doubtful.append(pair)
    return Relinking(sure, doubtful)


def by_likeness(face: KeyedFace, others: Iterable[KeyedFace]) -> list[KeyedFace]:
    """Return cards in another order: those that look most like a certain one first."""
    alike, wording = _similarity(), _Wording.of(face)

    def score(other: KeyedFace) -> float:
        words = _Wording.of(other)
        return alike(wording.prompt, words.prompt) + alike(wording.answer, words.answer)

    return sorted(others, key=score, reverse=True)


def _keys(pair: Pair) -> tuple[str, str]:
    return pair.old.key, pair.new.key


def _stands_out(score: float, scores: list[float]) -> bool:
    """Return whether a score is the best of a card's, given from the best, and clearly so."""
    return scores[0] == score and all(score - rival >= CLEARLY_BETTER for rival in scores[1:])


def _exact(
    vanished: list[KeyedFace], new: list[KeyedFace], refused: set[tuple[str, str]]
) -> tuple[list[Pair], list[KeyedFace], list[KeyedFace]]:
    """Pairs with the same prompt and answer, the same deck and kind first; and the cards left."""
    pairs: list[Pair] = []
    for same_place in (True, False):
        where: dict[tuple[str, ...], list[KeyedFace]] = defaultdict(list)
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


def _wording(face: KeyedFace, *, same_place: bool) -> tuple[str, ...]:
    words = (normal_prompt(face.prompt), normal_prompt(face.answer))
    return (face.deck, face.kind, *words) if same_place else words


def _by_deck(faces: list[KeyedFace]) -> dict[str, list[KeyedFace]]:
    decks: dict[str, list[KeyedFace]] = defaultdict(list)
    for face in faces:
        decks[face.deck].append(face)
    return decks


class _Wording(NamedTuple):
    """A card, with its texts as they are compared."""

    face: KeyedFace
    prompt: str
    answer: str

    @classmethod
    def of(cls, face: KeyedFace) -> _Wording:
        """Fold the texts of a card."""
        return cls(face, normal_prompt(face.prompt), normal_prompt(face.answer))


def _alike_within(olds: list[KeyedFace], news: list[KeyedFace]) -> Iterator[_Likeness]:
    """Compare the cards of one deck."""
    alike = _similarity()
    for old, new in _to_compare(olds, news):
        if (found := _compare(old, new, alike)) is not None:
            prompts, answers, same, plain = found
            if plain or same or prompts >= DOUBTFUL_PROMPT:
                yield _Likeness(prompts + answers, Pair(old.face, new.face), plain)


def _alike_across(olds: list[KeyedFace], news: list[KeyedFace]) -> Iterator[_Likeness]:
    """Compare cards of different decks: of one kind, and alike in prompt and answer."""
    alike = _similarity()
    for old, new in islice(_to_compare(olds, news), MOST_COMPARED):
        if old.face.deck == new.face.deck or old.face.kind != new.face.kind:
            continue
        if (found := _compare(old, new, alike)) is not None:
            prompts, answers, _, plain = found
            if plain or (prompts >= DOUBTFUL_PROMPT and answers >= ALIKE_ANSWER):
                yield _Likeness(prompts + answers, Pair(old.face, new.face), plain=False)


def _to_compare(
    olds: list[KeyedFace], news: list[KeyedFace]
) -> Iterator[tuple[_Wording, _Wording]]:
    """Pair every old card with every new one; where they are many, only with equal answers."""
    every = list(map(_Wording.of, news))
    few = len(olds) * len(news) <= MOST_COMPARED
    by_answer: dict[str, list[_Wording]] = defaultdict(list)
    for new in every:
        by_answer[new.answer].append(new)
    for old in map(_Wording.of, olds):
        for new in every if few else by_answer.get(old.answer, ()):
            yield old, new


def _similarity() -> Similarity:
    """Return what says how alike two texts are."""
    return Indel.normalized_similarity


def _compare(
    old: _Wording, new: _Wording, alike: Similarity
) -> tuple[float, float, bool, bool] | None:
    """Compare two cards.

    Args:
        old: The one that vanished.
        new: The one that it may have become.
        alike: Says how alike two texts are.

    Returns:
        How alike prompts and answers are (0 to 1), whether they have the same telling answer, and
        whether they are plainly the same; None where the prompts have nothing in common.
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
