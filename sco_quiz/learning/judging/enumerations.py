"""Compares answers with several parts that may come in any order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.learning.folding import base_language
from sco_quiz.learning.judging import scripts, words
from sco_quiz.learning.judging.accents import MarkDifference, compare_marks
from sco_quiz.learning.judging.wordings import LONGEST_PATTERN

if TYPE_CHECKING:
    from sco_quiz.learning.judging.texts import JudgedText

MOST_PARTS_IN_ANY_ORDER = 50
_AND = {
    "en": r" and | & |,? and |, |; | \+ ",
    "de": r" und | & |, |; ",
    "fr": r" et | & |, |; ",
    "es": r" y | e | & |, |; ",
    "pt": r" e | & |, |; ",
    "it": r" e | ed | & |, |; ",
    "ru": r" и |, |; ",
    "tr": r" ve |, |; ",
    "nl": r" en | & |, |; ",
}
_ANY_AND = r" & |, |; |、|，"
_OF = re.compile(r"(?P<what>[^,]+?) of (?:the )?(?P<whose>[^,]+)")


def parts_of(text: JudgedText) -> list[words.Words]:
    """Return the parts of an enumeration."""
    language = base_language(text.language)
    pattern = _AND.get(language, _ANY_AND)
    parts = [part for part in re.split(pattern, text.text) if part.strip()]
    if len(parts) < 2 or len(parts) > MOST_PARTS_IN_ANY_ORDER:
        return []
    return [words.words_of(part, text.language) for part in parts]


def come_in_any_order(given: JudgedText, right: JudgedText) -> bool:
    """Return True if two texts have the same parts in another order, or a noun moved from "of".

    Parts are joined by and, & or a comma.
    """
    if len(right.text) > LONGEST_PATTERN or len(given.text) > LONGEST_PATTERN:
        return False
    mine, theirs = parts_of(given), parts_of(right)
    if _names_with_one_surname(given.text, right.text):
        return True
    if mine and _same_bag([part.key for part in mine], [part.key for part in theirs]):
        return True
    if base_language(right.language) == "en":
        for one, other in ((given, right), (right, given)):
            if match := _OF.fullmatch(one.light):
                for whose in (match["whose"], f"{match['whose']}'s"):
                    if words.words_of(f"{whose} {match['what']}", "en").key == other.words.key:
                        return True
    return False


def _names_with_one_surname(given: str, right: str) -> bool:
    """Return True if the given names of two people with one surname changed places."""
    one, other = (re.findall(r"[^\W_]+", text.replace("&", " and ")) for text in (given, right))
    if len(other) != 4 or other[1].lower() != "and" or not other[3].istitle():
        return False
    turned = [other[2], other[1], other[0], other[3]]
    return [word.casefold() for word in one] == [word.casefold() for word in turned]


def _same_bag(mine: list[str], theirs: list[str]) -> bool:
    if len(mine) != len(theirs):
        return False
    return all(
        one == other or compare_marks(one, other) is MarkDifference.MISSING
        for one, other in zip(
            sorted(mine, key=scripts.without_case_and_marks),
            sorted(theirs, key=scripts.without_case_and_marks),
            strict=True,
        )
    )
