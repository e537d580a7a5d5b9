"""Wrong choices for a question that has none: plausible, and never one that is also right."""

from __future__ import annotations

import re
from dataclasses import replace
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
"""Wrong choices of a question."""
LONGEST = 150
"""Characters of a wrong choice."""
MOST_IN_NAME = 4
"""Words of a name in which two questions differ that ask the same."""
LEAST_TELLING = 4
"""Letters of a word that tells what a question asks for."""
UNLIKE, ALIKE = 4.0, 0.8
"""How unlike the right answer a wrong one may look (`_unlikeness`): one of its category, or any."""

_SAYING_NOTHING = re.compile("what|which|when|where|whose|does|were|with|from|that|this|have")
_OTHER_FORM = " / "


class Sources(NamedTuple):
    """Where wrong choices for a card come from.

    Attributes:
        confused: Wrong answers that this learner gave for it, or whose question the learner
            answered with it; the most frequent first.
        category: Cards of its category, those of its deck first.
        deck: Other cards of its deck.
        related: Cards of any deck with its prompt or its answer; they tell what else is right.
    """

    confused: Sequence[str] = ()
    category: Sequence[Card] = ()
    deck: Sequence[Card] = ()
    related: Sequence[Card] = ()


def wrong_choices(card: Card, sources: Sources, chance: Random, year: int) -> tuple[str, ...]:
    """Up to `MOST` wrong choices for a card with one answer.

    First what the learner took for it, then answers of its category, numbers and years near it,
    and to fill up answers of its deck that are of the same sort and look alike. None is of another
    sort, and none is ruled out by the question itself.

    Args:
        card: What is asked.
        sources: Where to look.
        chance: Decides.
        year: The present one: wrong years lie no later, unless the right one does.
    """
    from sco_quiz.learning.demands import demands_of  # a card with wrong ones of its own needs none

    answer = plain(card.answers[0])
    every = [*sources.category, *sources.deck, *sources.related]
    rights = _Rights(card, every)
    demands = demands_of(card.prompt, answer, card.language)
    found: list[str] = []
    taken: set[str] = set()

    def take(candidates: Iterable[str]) -> None:
        for candidate in candidates:
            if len(found) == MOST:
                return
            full = plain(candidate).strip()
            # Beside an answer in one form, one in two would stand out.
            shown = full if _OTHER_FORM in answer else full.partition(_OTHER_FORM)[0]
            same = bare_key(shown)
            usable = 0 < len(shown) <= LONGEST and "\n" not in shown and same not in taken
            if usable and all(meets(shown) for meets in demands) and rights.exclude(full):
                taken.add(same)
                found.append(shown)

    own = [each for each in sources.category if each.deck == card.deck]
    others = [each for each in sources.category if each.deck != card.deck]
    known = {bare_key(plain(text)): text for each in (own, others) for text in _answers(each)}
    keys = [bare_key(text) for text in sources.confused]
    confused = [known[key] for key in keys if key in known]
    as_of = int(card.as_of[:4]) if card.as_of[:4].isdecimal() else year
    fitting = _Fitting(card, answer, as_of)
    take(text for text in confused if fitting.admits(text))
    for part in (own, others):
        take(fitting.ranked(_answers(part), UNLIKE, chance))
    take(neighbours(answer, chance, as_of, card.language))
    if len(found) < MOST:
        take(fitting.ranked(_of_its_sort(card, sources.deck), ALIKE, chance))
    return tuple(found)


def _answers(cards: Iterable[Card]) -> list[str]:
    texts = chain.from_iterable(card.answers for card in cards if card.kind.spec.lends_answers)
    return list(dict.fromkeys(texts))


def _of_its_sort(card: Card, others: Iterable[Card]) -> list[str]:
    """Answers of cards that are of a card's sort, though no category says so.

    What its author put into another category is of another sort, however alike it looks.
    """
    from sco_quiz.learning.sorts import sort_of  # seldom the category does not suffice

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
    """A question's words, to find those that ask the same of something else: `Symbol of …?`."""

    def __init__(self, card: Card) -> None:
        self._card = card
        self._words = plain(card.prompt).split()

    def fits(self, other: Card) -> bool:
        """Tell whether a question differs in one name only, and both have one answer."""
        if len(self._card.answers) != 1 or len(other.answers) != 1:
            return False
        mine, theirs = self._words, plain(other.prompt).split()
        shorter = min(len(mine), len(theirs))
        first = next((at for at in range(shorter) if mine[at] != theirs[at]), shorter)
        most = shorter - first
        last = next((at for at in range(most) if mine[-1 - at] != theirs[-1 - at]), most)
        shared = [*mine[:first], *mine[len(mine) - last :]]
        return any(map(_says_something, shared)) and all(
            0 < len(words) <= MOST_IN_NAME and words[0][:1].isupper()
            for words in (mine[first : len(mine) - last], theirs[first : len(theirs) - last])
        )


def _says_something(word: str) -> bool:
    return len(word) >= LEAST_TELLING and not _SAYING_NOTHING.fullmatch(word.casefold())


class _Fitting:
    """Which answers look like the right one, so that their form gives nothing away."""

    def __init__(self, card: Card, answer: str, latest: int) -> None:
        self._answer, self._language, self._latest = answer, card.language, latest
        self._value = value_of(answer, card.language)
        self._year = year_of(answer, card.language)

    def admits(self, text: str) -> bool:
        """Whether both are numbers of like size, or neither is."""
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
        """Those admitted and no more unlike than that; the more alike, the earlier."""
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
    """0 for texts of one look; grows with the difference in length, words, capitals, digits."""
    short, long = sorted((max(len(one), 1), max(len(other), 1)))
    words = abs(len(one.split()) - len(other.split()))
    capitals = (one.isupper() != other.isupper()) + (one[:1].isupper() != other[:1].isupper())
    digits = any(map(str.isdecimal, one)) != any(map(str.isdecimal, other))
    return long / short - 1 + words / 4 + capitals / 2 + digits


class _Rights:
    """Everything that would be right too."""

    def __init__(self, card: Card, others: Iterable[Card]) -> None:
        self._card = replace(card, strict=False)
        texts = dict.fromkeys([*card.answers, *card.accept])
        prompt = normal_prompt(plain(card.prompt))
        keys = self._keys(texts)
        if value_of(plain(card.answers[0]), card.language) is not None:
            keys = set()  # that two numbers are equal makes no synonyms of what stands beside them
        for other in others:
            theirs = (*other.answers, *other.accept)
            same = (
                normal_prompt(plain(other.prompt)) == prompt and other.media[:2] == card.media[:2]
            )
            # Of several answers to one card, none is another word for the others.
            if same or (len(other.answers) == 1 and keys & self._keys(theirs)):
                texts.update(dict.fromkeys(theirs))
        self._texts = [plain(text) for text in texts]
        self._values = [value_of(text, card.language) for text in self._texts]
        self._bare = sorted(self._keys(texts))
        self._words = [_words(text) for text in self._texts]
        self._prompt = _words(plain(card.prompt))

    def exclude(self, text: str) -> bool:
        """Whether a text is neither right, nor nearly, nor in part; nor in the question."""
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
        """Tell whether who types the text would not be wrong, or the other way round."""
        from sco_quiz.learning.checking import Verdict, judge  # seldom, and not for the first card

        typed = replace(self._card, kind=Kind.TYPED, choices=())
        turned = replace(typed, answers=(text,), accept=())
        given = [judge(typed, text), *(judge(turned, right) for right in self._texts)]
        return any(each.verdict in (Verdict.CORRECT, Verdict.CLOSE) for each in given)

    def _keys(self, texts: Iterable[str]) -> set[str]:
        """Every way to put any of the texts, as far as it is alike in more than its letters."""
        return {bare_key(part) for text in texts for part in plain(text).split(" / ")} - {""}


_EDGE = ".,;:!?…'\"()[]"


def _words(text: str) -> list[str]:
    return [word.strip(_EDGE) for word in without_accents(fold(text)).replace("-", " ").split()]


def _may_be_the_same(one: str, other: str) -> bool:
    """Tell whether two texts may say the same in other words, figures, signs or script.

    Words of Latin letters that are unlike are taken for different, abbreviations aside.
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
    """Tell whether two texts differ by a slip at most, so that one passes for the other."""
    most = 0 if len(other) <= 4 else 1 if len(other) <= 8 else 2
    return edits(one, other, most) <= most


def _within(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether the words of one text stand in the other, in a row."""
    size = len(part)
    return any(part == whole[at : at + size] for at in range(len(whole) - size + 1))
