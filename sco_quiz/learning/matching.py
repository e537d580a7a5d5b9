"""Matching: which accepted answer a text was meant for, and how far from it the text is."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.formula import comparable
from sco_quiz.learning.difference import edits
from sco_quiz.learning.folding import base_language, without_unseen
from sco_quiz.learning.values import numerals
from sco_quiz.learning.wording import Wording, wording, wordings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sco_quiz.learning.cards import Card

SAME = 0
"""Distance of two wordings that differ in nothing that counts."""
ACCENTS = 1
"""Distance of two wordings that differ in accents alone; each typing error adds one more."""

_LETTER = re.compile(r"[^\W\d_]")
_NEGATION = re.compile(
    "no|not|nor|non|none|never|without|cannot|"
    "(?:is|are|was|were|do|does|did|ca|wo|has|have|had|should|could|would|must)nt|"
    "nicht|kein(?:e[mnrs]?)?|nie|ohne|pas|jamais|sans|nunca|sin|sem|nao|senza|niet|geen|nooit|"
    "не|нет|ни|без"
)
_NEGATING = frozenset({"un", "in", "im", "il", "ir", "non", "dis", "не"})


class Match(NamedTuple):
    """An accepted answer that a text met, or nearly met.

    Attributes:
        at: Its place among the answers.
        right: The wording of it that is nearest.
        distance: `SAME`, `ACCENTS`, or `ACCENTS` plus the number of typing errors.
    """

    at: int
    right: Wording
    distance: int

    @property
    def close(self) -> bool:
        """Whether typing errors keep the text from being right."""
        return self.distance > ACCENTS


def each_wording(answers: Iterable[str], card: Card) -> Iterator[list[Wording]]:
    """The ways to put each answer, as the card's deck reads them."""
    return (wordings(answer, card.language, literal=card.strict) for answer in answers)


def accepted_wordings(answers: Iterable[str], card: Card) -> list[tuple[int, Wording]]:
    """Every way to put any of the answers, with the place of the answer."""
    every = enumerate(each_wording(answers, card))
    return [(at, right) for at, rights in every for right in rights]


def nearest(
    given: str,
    accepted: Sequence[tuple[int, Wording]],
    rivals: Iterable[Sequence[Wording]],
    card: Card,
) -> Match | None:
    """The accepted wording that a text comes nearest to, if it comes near enough to any.

    Args:
        given: What was answered.
        accepted: What `accepted_wordings` gave.
        rivals: Wordings of answers to other questions. A text with typing errors that is as near
            to one of these is not meant for the accepted one. Rivals that are accepted themselves
            do not count.
        card: Tells the language and whether accents, case and punctuation count.
    """
    if card.strict:
        exact = _exact(given)
        met = (Match(at, right, SAME) for at, right in accepted if _exact(right.text) == exact)
        return next(met, None)
    entry = wording(given, card.language)
    best: Match | None = None
    for at, right in accepted:
        far = distance(entry, right, card.language)
        if far is not None and (best is None or far < best.distance):
            best = Match(at, right, far)
    if best is not None and best.close:
        errors = best.distance - ACCENTS
        own = {right.bare for _, right in accepted}
        for rival in rivals:
            if any(each.bare in own for each in rival):
                continue
            if any(edits(entry.words, each.words, errors) <= errors for each in rival):
                return None
    return best


_SPACE = re.compile(r"[^\S\n]")
"""Any space within a line. Keyboards have but one: what was typeset with another is met by it."""


def _exact(text: str) -> str:
    spaces_as_typed = _SPACE.sub(" ", without_unseen(text).strip())
    return unicodedata.normalize("NFC", spaces_as_typed)


def distance(given: Wording, right: Wording, language: str = "en") -> int | None:
    """How far an answer is from a right one, or None when it is too far to be meant for it.

    Formulas are the same or are not, case and all. Numbers, years, dates and the numerals within
    a text must be the same; so must negations. Up to 4 characters of the right answer allow no
    typing error, up to 8 one, more two; of those, a single word takes no more than its own length
    allows, but at least one. Two words in the other order, or the other article, count as one
    error.

    Returns:
        `SAME`, `ACCENTS`, or `ACCENTS` plus the number of typing errors.
    """
    if right.formula:
        return SAME if comparable(given.text) == right.formula else None
    if given.key == right.key:
        return SAME if _articles_agree(given, right, language) else ACCENTS + 1
    if given.value is not None and right.value is not None:
        return SAME if given.value == right.value else None
    if given.bare in (right.bare, right.digraphs):
        return ACCENTS
    if given.arabic == right.arabic:
        return SAME
    if given.value is not None or (right.value is not None and not _LETTER.search(right.key)):
        return None
    errors = _typing_errors(given, right, language)
    return None if errors is None else ACCENTS + errors


def _articles_agree(given: Wording, right: Wording, language: str) -> bool:
    """Outside English the article is worth knowing: it tells the gender."""
    return (
        not given.article
        or not right.article
        or given.article == right.article
        or base_language(language) == "en"
    )


def _typing_errors(given: Wording, right: Wording, language: str) -> int | None:
    allowed = _allowance(right.words)
    if not allowed:
        return None
    given_words, right_words = given.words.split(), right.words.split()
    swapped = len(right_words) == 2 and given_words == right_words[::-1]
    errors = 1 if swapped else edits(given.words, right.words, allowed)
    if errors > allowed or _negations(given_words) != _negations(right_words):
        return None
    if numerals(given.text, right.text, language) != numerals(right.text, right.text, language):
        return None
    if len(given_words) == len(right_words) and not swapped:
        for mine, theirs in zip(given_words, right_words, strict=True):
            limit = max(1, _allowance(theirs))
            if edits(mine, theirs, limit) > limit or _negate(mine, theirs):
                return None
    return errors


def _allowance(text: str) -> int:
    """Typing errors forgiven in a text of this length."""
    return 0 if len(text) <= 4 else 1 if len(text) <= 8 else 2


def _negations(words: list[str]) -> list[str]:
    return [word for word in words if _NEGATION.fullmatch(word)]


def _negate(one: str, other: str) -> bool:
    """Whether the words differ by a prefix that turns the sense around: stable, unstable."""
    short, long = sorted((one, other), key=len)
    return long.endswith(short) and long[: -len(short)] in _NEGATING
