"""Compares answers with several parts, which mostly may come in any order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.learning.folding import base_language
from sco_quiz.learning.judging import words
from sco_quiz.learning.judging.accents import MarkDifference, compare_marks
from sco_quiz.learning.judging.findings import Grade, JudgingContext, Meeting
from sco_quiz.learning.judging.scripts import without_case_and_marks
from sco_quiz.learning.judging.tables import given_names, is_word
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
_LONGEST_QUESTION = 300
"""The characters at the end of a question in which an order is looked for."""
_IN_ORDER = re.compile(
    r"\bin (?!any\b|no\b)(?:\w+ ){0,2}order\b(?! to\b)|\b(?:sorted|ordered|followed) by\b"
    r"|^(?!.*\b(?:if|when|let|suppose)\b).*(?<!\bby )(?<!\bthe )(?<!\bwas )(?<!\bwere )\bthen\b"
    r"|\b(?:respectively|chronological|alphabetical|ascending|descending|coordinates?)"
    r"|\bfirst\b.{1,60}\b(?:second|last)\b(?! world)|\bprincipal parts\b"
    r"|\b(?:past|preterite|präteritum|prétérit)\b.{1,40}\b(?:partici|partizip)"
    r"|\bfrom (?:the )?(?:\w+est|least|most|left|right|top|bottom|north|south|east|west|low|high"
    r"|old|young|small|large|big|short|long|light|dark|weak|strong|cold|hot|slow|fast|inner|outer"
    r"|inside|outside)\b.{1,40}\bto\b"
    r"|\b(?:reihenfolge|der reihe nach|dans l['’]ordre|(?:en|por) orden|in ordine|(?:em|por) ordem"
    r"|volgorde|sırayla|по порядку|в порядке)\b",
    re.IGNORECASE | re.DOTALL,
)
"""Words of a question that asks for an order."""
_WORK = re.compile(
    r"\b(?:book|novel|film|movie|title|song|album|opera|ballet|musical|poem|story|tale|comedy|tragedy"
    r"|drama|painting|roman|buch|titel|lied|livre|titre|libro|película|título|livro|filme|книга"
    r"|роман|фильм)\b",
    re.IGNORECASE,
)


def parts_of(text: JudgedText) -> list[words.Words]:
    """Return the parts of an enumeration."""
    language = base_language(text.language)
    pattern = _AND.get(language, _ANY_AND)
    parts = [part for part in re.split(pattern, text.text) if part.strip()]
    if len(parts) < 2 or len(parts) > MOST_PARTS_IN_ANY_ORDER:
        return []
    return [words.words_of(part, text.language) for part in parts]


def meet_parts(given: JudgedText, right: JudgedText, context: JudgingContext) -> Meeting | None:
    """Compare texts whose parts are in another order, or have a noun moved from "of".

    Parts are joined by and, & or a comma. Their order counts where the question asks for it, and
    in a title. None if the texts differ in more than order.
    """
    if len(right.text) > LONGEST_PATTERN or len(given.text) > LONGEST_PATTERN:
        return None
    if _names_with_one_surname(given.text, right.text) or _is_moved_from_of(given, right):
        return Meeting(Grade.RIGHT)
    mine, theirs = ([part.key for part in parts_of(text)] for text in (given, right))
    in_any_order = [sorted(keys, key=without_case_and_marks) for keys in (mine, theirs)]
    if not mine or not _are_same(*in_any_order):
        return None
    if _are_same(mine, theirs) or not (_asks_for_order(context) or _is_title(right, context)):
        return Meeting(Grade.RIGHT)
    return Meeting(Grade.WRONG, "another order")


def _asks_for_order(context: JudgingContext) -> bool:
    return bool(_IN_ORDER.search(context.prompt[-_LONGEST_QUESTION:]))


def _is_title(right: JudgedText, context: JudgingContext) -> bool:
    """Return True for common words with capitals, where a work is asked for: War and Peace."""
    if not _WORK.search(f"{context.category} {context.prompt[-_LONGEST_QUESTION:]}"):
        return False
    tokens = [token for part in parts_of(right) for token in part.tokens]
    return (
        all(is_word(token, base_language(right.language)) for token in tokens)
        and given_names().isdisjoint(tokens)
        and sum(word[0].isupper() for word in right.text.split()) >= len(parts_of(right))
    )


def _is_moved_from_of(given: JudgedText, right: JudgedText) -> bool:
    """Return True if only one has a noun after "of": Treaty of Versailles, Versailles Treaty."""
    if base_language(right.language) != "en":
        return False
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


def _are_same(mine: list[str], theirs: list[str]) -> bool:
    """Return True if the parts are the same one by one, maybe with accents left out."""
    return len(mine) == len(theirs) and all(
        one == other or compare_marks(one, other) is MarkDifference.MISSING
        for one, other in zip(mine, theirs, strict=True)
    )
