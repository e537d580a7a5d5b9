"""Finds wrong choices for a question that has none: plausible ones that are not right as well."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.cards import Card, normal_prompt
from sco_quiz.learning.difference import edits
from sco_quiz.learning.folding import bare_key, fold, without_accents
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.neighbours import neighbours, spread, year_of
from sco_quiz.learning.values import value_of
from sco_quiz.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from random import Random

MOST = 3
"""The most wrong choices of a question."""
LONGEST = 150
"""The most characters of a wrong choice."""
MOST_IN_NAME = 4
"""The most words of a name, if two questions of one pattern differ only in the name."""
LEAST_TELLING = 4
"""The least letters of a word that shows what a question asks for."""
UNLIKE, ALIKE = 4.0, 0.8
"""The greatest `_unlikeness` to the right answer for one of its category, and for any other."""

_SAYING_NOTHING = re.compile("what|which|when|where|whose|does|were|with|from|that|this|have")
_OTHER_FORM = " / "


class Sources(NamedTuple):
    """The sources of wrong choices for a card.

    Attributes:
        confused: Answers that this learner has confused with its answer; the most frequent first.
        category: Cards of its category, those of its deck first.
        deck: Other cards of its deck.
        related: Cards of any deck with its prompt or its answer, which show what else is right.
    """

    confused: Sequence[str] = ()
    category: Sequence[Card] = ()
    deck: Sequence[Card] = ()
    related: Sequence[Card] = ()


def wrong_choices(card: Card, sources: Sources, chance: Random, year: int) -> tuple[str, ...]:
    """Return up to `MOST` wrong choices for a card with one answer.

    They are, in this order: answers that the learner confused with it; answers of its category;
    numbers and years near it; answers of its deck that are of the same sort and look alike. None is
    of another sort, and the question itself rules none out.

    Args:
        card: The card.
        sources: The cards and answers to take them from.
        chance: The source of randomness.
        year: The present year: wrong years are not later, unless the right one is.
    """
    from sco_quiz.learning.demands import demands_of  # not needed where cards have wrong choices

    answer = plain(card.answers[0])
    all_cards = [*sources.category, *sources.deck, *sources.related]
    rights = _Rights(card, all_cards)
    demands = demands_of(card.prompt, answer, card.language)
    choices: list[str] = []
    keys_in_use: set[str] = set()

    def take(candidates: Iterable[str]) -> None:
        for candidate in candidates:
            if len(choices) == MOST:
                return
            full = plain(candidate).strip()
            # Beside an answer in one form, one in two would stand out.
            shown = full if _OTHER_FORM in answer else full.partition(_OTHER_FORM)[0]
            same = bare_key(shown)
            usable = 0 < len(shown) <= LONGEST and "\n" not in shown and same not in keys_in_use
            if usable and all(meets(shown) for meets in demands) and rights.exclude(full):
                keys_in_use.add(same)
                choices.append(shown)

    own = [other_card for other_card in sources.category if other_card.deck == card.deck]
    others = [other_card for other_card in sources.category if other_card.deck != card.deck]
    known = {
        bare_key(plain(text)): text for other_card in (own, others) for text in _answers(other_card)
    }
    keys = [bare_key(text) for text in sources.confused]
    confused = [known[key] for key in keys if key in known]
    as_of = int(card.as_of[:4]) if card.as_of[:4].isdecimal() else year
    fitting = _Fitting(card, answer, as_of)
    take(text for text in confused if fitting.admits(text))
    for part in (own, others):
        take(fitting.ranked(_answers(part), UNLIKE, chance))
    take(neighbours(answer, chance, as_of, card.language))
    if len(choices) < MOST:
        take(fitting.ranked(_of_its_sort(card, sources.deck), ALIKE, chance))
    return tuple(choices)


def _answers(cards: Iterable[Card]) -> list[str]:
    texts = chain.from_iterable(card.answers for card in cards if card.kind.spec.lends_answers)
    return list(dict.fromkeys(texts))


def _of_its_sort(card: Card, others: Iterable[Card]) -> list[str]:
    """Return answers of cards that are of the same sort as a card, without a common category.

    A card in another category is of another sort, however similar it looks.
    """
    from sco_quiz.learning.sorts import sort_of  # the category mostly suffices

    mine = sort_of(card, card.answers[0])
    pattern = _Pattern(card)
    texts = []
    for other in others:
        if not other.kind.spec.lends_answers or (
            card.category and other.category not in ("", card.category)
        ):
            continue
        is_asked_alike = pattern.fits(other)
        texts += [
            text for text in other.answers if is_asked_alike or mine.is_like(sort_of(other, text))
        ]
    return list(dict.fromkeys(texts))


class _Pattern:
    """The words of a question, to find others of its pattern, such as `Symbol of …?`."""

    def __init__(self, card: Card) -> None:
        self._card = card
        self._words = plain(card.prompt).split()

    def fits(self, other: Card) -> bool:
        """Return True if another question differs in one name only, and both have one answer."""
        if len(self._card.answers) != 1 or len(other.answers) != 1:
            return False
        mine, theirs = self._words, plain(other.prompt).split()
        shorter = min(len(mine), len(theirs))
        first = next((place for place in range(shorter) if mine[place] != theirs[place]), shorter)
        most = shorter - first
        last = next(
            (place for place in range(most) if mine[-1 - place] != theirs[-1 - place]), most
        )
        shared = [*mine[:first], *mine[len(mine) - last :]]
        return any(map(_says_something, shared)) and all(
            0 < len(words) <= MOST_IN_NAME and words[0][:1].isupper()
            for words in (mine[first : len(mine) - last], theirs[first : len(theirs) - last])
        )


def _says_something(word: str) -> bool:
    return len(word) >= LEAST_TELLING and not _SAYING_NOTHING.fullmatch(word.casefold())


class _Fitting:
    """The look of the right answer; similar ones fit, so that their form shows nothing."""

    def __init__(self, card: Card, answer: str, latest: int) -> None:
        self._answer, self._language, self._latest = answer, card.language, latest
        self._value = value_of(answer, card.language)
        self._year = year_of(answer, card.language)

    def admits(self, text: str) -> bool:
        """Return True if both are numbers of similar size, or neither is."""
        shown = plain(text)
        value = value_of(shown, self._language)
        if self._value is None or value is None:
            return self._value is None and value is None
        year = year_of(shown, self._language)
        if self._year is None or year is None:
            return self._year is None and year is None and _alike(self._value, value)
        near = abs(year - self._year) <= spread(self._year, self._latest)
        return near and year <= max(self._latest, self._year)

    def ranked(self, texts: Iterable[str], most: float, chance: Random) -> Iterator[str]:
        """Return the texts that fit and are not too unlike, the most similar first."""
        ranks = []
        for text in texts:
            unlike = _unlikeness(plain(text), self._answer)
            if unlike <= most and self.admits(text):
                ranks.append((int(2 * unlike), chance.random(), text))
        return (text for _, _, text in sorted(ranks))


def _alike(one: str, other: str) -> bool:
    try:
        low, high = sorted((abs(float(one)), abs(float(other))))
    except ValueError:  # dates without a year
        return True
    return high <= 3 * low + 3


def _unlikeness(one: str, other: str) -> float:
    """Return 0 for texts of one look; more if length, words, capitals or digits differ."""
    short, long = sorted((max(len(one), 1), max(len(other), 1)))
    words = abs(len(one.split()) - len(other.split()))
    capitals = (one.isupper() != other.isupper()) + (one[:1].isupper() != other[:1].isupper())
    digits = any(map(str.isdecimal, one)) != any(map(str.isdecimal, other))
    return long / short - 1 + words / 4 + capitals / 2 + digits


class _Rights:
    """All answers that would be right too."""

    def __init__(self, card: Card, others: Iterable[Card]) -> None:
        self._card = card._replace(strict=False)
        texts = dict.fromkeys([*card.answers, *card.accept])
        prompt = normal_prompt(plain(card.prompt))
        keys = self._keys(texts)
        if value_of(plain(card.answers[0]), card.language) is not None:
            keys = set()  # cards with the same number are no synonyms
        for other in others:
            theirs = (*other.answers, *other.accept)
            same = (
                normal_prompt(plain(other.prompt)) == prompt and other.media[:2] == card.media[:2]
            )
            # Several answers of one card are no synonyms of one another.
            if same or (len(other.answers) == 1 and keys & self._keys(theirs)):
                texts.update(dict.fromkeys(theirs))
        self._texts = [plain(text) for text in texts]
        self._values = [value_of(text, card.language) for text in self._texts]
        self._bare = sorted(self._keys(texts))
        self._words = [_words(text) for text in self._texts]
        self._prompt = _words(plain(card.prompt))

    def exclude(self, text: str) -> bool:
        """Return True if a text is not right, nearly right, a part of it, or in the question."""
        words, value = _words(text), value_of(text, self._card.language)
        return not (
            (value is not None and value in self._values)
            or (value is None and any(_are_alike(bare_key(text), right) for right in self._bare))
            or any(_within(words, right) or _within(right, words) for right in self._words)
            or _within(words, self._prompt)
            or (
                any(_may_be_the_same(text, right) for right in self._texts)
                and self._is_taken_for_right(text)
            )
        )

    def _is_taken_for_right(self, text: str) -> bool:
        """Return True if the checker takes the text for right, or the right one for it."""
        from sco_quiz.learning.checking import Verdict, judge  # rarely needed

        typed = self._card._replace(kind=Kind.TYPED, choices=())
        turned = typed._replace(answers=(text,), accept=())
        judgements = [judge(typed, text), *(judge(turned, right) for right in self._texts)]
        return any(
            judgement.verdict in (Verdict.CORRECT, Verdict.CLOSE) for judgement in judgements
        )

    def _keys(self, texts: Iterable[str]) -> set[str]:
        """Return the keys of all alternatives in texts, by letters and figures alone."""
        return {bare_key(part) for text in texts for part in plain(text).split(" / ")} - {""}


_EDGE = ".,;:!?…'\"()[]"


def _words(text: str) -> list[str]:
    return [word.strip(_EDGE) for word in without_accents(fold(text)).replace("-", " ").split()]


def _may_be_the_same(one: str, other: str) -> bool:
    """Return True if two texts may say the same in other words, figures, signs or script.

    Unlike words in Latin letters count as different, except abbreviations.
    """
    if value_of(one) is not None and value_of(other) is not None:
        return False
    mine, theirs = bare_key(one), bare_key(other)
    if any(mark in text for text in (one, other) for mark in "/(&,"):
        return True
    if not (mine.isascii() and theirs.isascii() and mine.isalpha() and theirs.isalpha()):
        return True
    if one.isupper() or other.isupper() or min(len(mine), len(theirs)) <= 3:
        return True
    most = max(len(mine), len(theirs)) // 2
    return sorted(mine) == sorted(theirs) or edits(mine, theirs, most) <= most


def _are_alike(one: str, other: str) -> bool:
    """Return True if two texts differ by so few slips that one may pass for the other."""
    most = 0 if len(other) <= 4 else 1 if len(other) <= 8 else 2
    return edits(one, other, most) <= most


def _within(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Return True if the words of one text are a stretch of the other's."""
    size = len(part)
    return any(part == whole[at : at + size] for at in range(len(whole) - size + 1))
