"""Judges accents, tones and vowel points that are missing, or others than in the right answer."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from sco_quiz.learning.folding import base_language
from sco_quiz.learning.judging import words
from sco_quiz.learning.judging.findings import Grade, Meeting
from sco_quiz.learning.judging.scripts import is_vietnamese, letters

if TYPE_CHECKING:
    from sco_quiz.learning.judging.texts import JudgedText


class MarkDifference(Enum):
    """The result of comparing the marks of two texts with the same base letters."""

    SAME = 0
    MISSING = 1
    OTHER = 2


def meet_accents(given: JudgedText, right: JudgedText) -> Meeting | None:
    """Compare words that differ in their marks alone; None if they differ in more."""
    mine, theirs = given.words, right.words
    marks = compare_marks(mine.key, theirs.key)
    if marks in (MarkDifference.MISSING, MarkDifference.SAME) or mine.key == words.digraph_key(
        theirs
    ):
        grade = Grade.ACCENTS if words.articles_agree(mine, theirs, right.language) else Grade.CLOSE
        return Meeting(grade, f"Mind the accents: {right.text}")
    return _other_marks(given, right) if marks is MarkDifference.OTHER else None


def compare_marks(given: str, right: str) -> MarkDifference | None:
    """Compare the marks of a text with those of the right one.

    Args:
        given: A folded text.
        right: The folded right text.

    Returns:
        The result; None if their base letters differ.
    """
    if given == right:
        return MarkDifference.SAME
    mine, theirs = letters(given), letters(right)
    if [base for base, _ in mine] != [base for base, _ in theirs]:
        return None
    pairs = [(one, other) for (_, one), (_, other) in zip(mine, theirs, strict=True)]
    if all(sorted(one) == sorted(other) for one, other in pairs):
        return MarkDifference.SAME
    missing = all(set(one) <= set(other) for one, other in pairs)
    return MarkDifference.MISSING if missing else MarkDifference.OTHER


_POINT = re.compile("[\u0591-\u05c7\u064b-\u0652\u0670]")
"""The points that most texts in Hebrew and Arabic leave out."""


def _other_marks(given: JudgedText, right: JudgedText) -> Meeting:
    """Judge another mark: an accent is a slip at most, a tone or vowel mark another word."""
    language = base_language(right.language)
    mine, theirs = given.words.key, right.words.key
    if language == "vi" or is_vietnamese(right.text):
        return Meeting(Grade.WRONG, f"tone: {given.text} is not {right.text}")
    if language in ("ar", "he", "fa", "ur", "yi") or re.search("[\u0590-\u06ff]", right.text):
        pointed = _POINT.sub("", mine) == theirs
        return Meeting(Grade.RIGHT) if pointed else Meeting(Grade.WRONG, "another vowel mark")
    for one, other in zip(given.words.tokens, right.words.tokens, strict=False):
        borrowed = language == "en" and any(
            words.is_another_word(word, "", "en") for word in (one, other, other.removesuffix("s"))
        )
        if one != other and words.is_a_word_anywhere(one) and not borrowed:
            return Meeting(Grade.WRONG, f"another word: {one}")
    count = _count_other_marks(mine, theirs)
    length = len(given.words.spaced)
    if length <= 3 or count > max(1, words.allowed_slips(length)):
        return Meeting(Grade.WRONG, f"another accent: {right.text}")
    return Meeting(Grade.CLOSE, f"another accent: {right.text}")


def _count_other_marks(given: str, right: str) -> int:
    """Count the letters with marks that differ from those of the right text or are added."""
    return sum(
        not set(one) <= set(other)
        for (_, one), (_, other) in zip(letters(given), letters(right), strict=True)
    )
