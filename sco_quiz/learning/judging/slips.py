"""Forgives slips of the fingers, unless the typed text is another word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.learning.difference import edits
from sco_quiz.learning.folding import base_language
from sco_quiz.learning.judging import people, scripts, words
from sco_quiz.learning.judging.enumerations import parts_of
from sco_quiz.learning.judging.findings import (
    MISS,
    AcceptedWording,
    Finding,
    Grade,
    JudgingContext,
    Meeting,
    make_finding,
)
from sco_quiz.learning.judging.names import GENERIC_LEFT_OFF
from sco_quiz.learning.judging.rivals import Rivals, without_own
from sco_quiz.learning.judging.texts import AnswerSort, JudgedText, rival_key
from sco_quiz.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_WITH_SLIPS = 1_000
"""The most characters of an answer with slips; a longer one is right or wrong."""


_SAINT = re.compile(r"st\.? (?=[^\W\d_]{3})", re.IGNORECASE)


def nearest(
    given: JudgedText,
    rights: Sequence[AcceptedWording],
    rivals: Sequence[str],
    others: Rivals,
    context: JudgingContext,
) -> Finding:
    """Find the right answer that a text misses by slips, if no rival is as near."""
    if len(given.text) > LONGEST_WITH_SLIPS:
        return MISS
    given = _with_saint_in_full(given)
    best: tuple[tuple[int, int], Finding] | None = None
    reason = ""
    for right in rights:
        if (
            right.text.sort not in (AnswerSort.WORDS, AnswerSort.AMOUNT, AnswerSort.SHORTCUT)
            or right.text.is_pinyin
        ):
            continue
        for form in _forms_with_slips(given, right.text, context):
            count = _slips_between(given, _with_saint_in_full(form), rivals, context)
            if isinstance(count, str):
                reason = reason or count
            elif count is not None:
                near = count, abs(len(given.text) - len(right.text.text))
                if best is None or near < best[0]:
                    best = near, make_finding(Meeting(Grade.CLOSE), right)
    if best is None:
        return Finding(Grade.WRONG, reason=reason)
    key = "".join(given.words.tokens)
    own = min(edits(key, "".join(right.text.words.tokens), 3) for right in rights)
    errors = min(best[0][0], own) or best[0][0]
    for rival in without_own(others.near(given.text, errors), rights):
        other = rival_key(rival, given.language)
        if (
            abs(len(other) - len(key)) <= errors
            and edits(key, other, errors) <= errors
            and words.words_of(plain(rival), given.language).numbers == given.words.numbers
        ):
            return Finding(Grade.WRONG, reason=f"as near to another card: {plain(rival)}")
    return best[1]


def _with_saint_in_full(text: JudgedText) -> JudgedText:
    if _SAINT.match(text.text) is None:
        return text
    return JudgedText(_SAINT.sub("Saint ", text.text, count=1), text.language)


def _forms_with_slips(
    given: JudgedText, right: JudgedText, context: JudgingContext
) -> Iterator[JudgedText]:
    """Yield the forms of a right answer that may have slips, as the surname of a person alone."""
    yield right
    tokens = right.words.tokens
    title, rest = people.without_title(tokens)
    if title and len(rest) > 1:
        yield JudgedText(" ".join(rest), right.language)
    if len(tokens) == 2 and base_language(right.language) == "en":
        for at in (0, 1):
            if tokens[at] in GENERIC_LEFT_OFF:
                yield JudgedText(tokens[1 - at], right.language)
    if right.sort is AnswerSort.WORDS and people.looks_like_a_person(
        right.text, context.category, context.prompt
    ):
        name, mine = people.read_name(right.text), people.read_name(given.text)
        if name is not None and name.given:
            yield JudgedText(" ".join((*name.given, *name.surname)), right.language)
        if name is not None and name.given and not (mine and mine.given):
            yield JudgedText(" ".join(name.surname), right.language)
            if len(name.surname) > 1:
                yield JudgedText(name.core, right.language)


def _slips_between(
    given: JudgedText, right: JudgedText, rivals: Sequence[str], context: JudgingContext
) -> int | str | None:
    """Count the slips between two texts; None for too many, a reason if it is another word."""
    if words.takes_no_slips(right.text) or len(right.text) > LONGEST_WITH_SLIPS:
        return None
    mine, theirs = given.words, right.words
    language = context.language
    if _negations_differ(mine.tokens, theirs.tokens) or (
        right.text.isupper() and (len(right.text) <= 5)
    ):
        return None
    if _is_contraction(right) or not right.text.strip():
        return None
    if not words.signs_agree(given.text, right.text):
        return None
    if not words.numbers_agree(mine, theirs) or set(mine.tokens) < set(theirs.tokens):
        return None
    one, other = words.countable(mine.spaced), words.countable(theirs.spaced)
    counts = [words.slips(one, other)]
    pairs = zip(mine.tokens, theirs.tokens, strict=False)
    if base_language(language) == "en":
        american = words.slips(mine.american_spaced, theirs.american_spaced)
        if american is not None and (counts[0] is None or american < counts[0]):
            counts.append(american)
            pairs = zip(mine.american, theirs.american, strict=False)
    if " " not in other or " " not in one:
        counts.append(words.slips(one.replace(" ", ""), other.replace(" ", "")))
    swapped = (
        len(mine.tokens) == len(theirs.tokens) == 2
        and mine.tokens == theirs.tokens[::-1]
        and " " in right.text.strip()
        and not right.text.isupper()
    )
    count = 1 if swapped else min((number for number in counts if number is not None), default=None)
    if count is None:
        return _slips_in_any_order(given, right, rivals)
    count = count or 1
    if swapped or len(mine.tokens) != len(theirs.tokens):
        if 1 in (len(theirs.tokens), len(mine.tokens)) and words.is_another_word(
            "".join(mine.tokens), "", language
        ):
            return f"another word: {given.text}"
        return count
    person = len(theirs.tokens) > 1 and people.looks_like_a_person(
        right.text, context.category, context.prompt
    )
    reason = _checked_words(right.text, list(pairs), rivals, language, are_names=person)
    if reason and (count_in_any_order := _slips_in_any_order(given, right, rivals)):
        return count_in_any_order
    return reason or count


def _is_contraction(right: JudgedText) -> bool:
    return bool(re.fullmatch(r"[a-z]{1,5}(?:['’](?:s|re|ll|d|ve|m)|n['’]t)", right.text.lower()))


def _negations_differ(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Return True if only one text says no; a slip in the word "not" does not count."""
    if words.negations(mine) == words.negations(theirs):
        return False
    if len(mine) != len(theirs) or len(words.negations(mine)) > len(words.negations(theirs)):
        return True
    return not all(
        one == other or (len(other) > 3 and words.slips(one, other) is not None)
        for one, other in zip(mine, theirs, strict=True)
    )


def _slips_in_any_order(given: JudgedText, right: JudgedText, rivals: Sequence[str]) -> int | None:
    """Count the slips in one of several parts that come in any order; None for too many."""
    mine, theirs = parts_of(given), parts_of(right)
    if not mine or len(mine) != len(theirs):
        return None
    right_keys, given_keys = {part.key for part in theirs}, {part.key for part in mine}
    unmatched_right = [part for part in theirs if part.key not in given_keys]
    unmatched_given = [part for part in mine if part.key not in right_keys]
    if (
        len(unmatched_right) != 1
        or len(unmatched_given) != 1
        or len(unmatched_right[0].tokens) != len(unmatched_given[0].tokens)
    ):
        return None
    pairs = list(zip(unmatched_given[0].tokens, unmatched_right[0].tokens, strict=True))
    if _checked_words(right.text, pairs, rivals, given.language, are_names=False):
        return None
    return words.slips(unmatched_given[0].spaced, unmatched_right[0].spaced)


def _checked_words(
    right: str,
    pairs: Sequence[tuple[str, str]],
    rivals: Sequence[str],
    language: str,
    *,
    are_names: bool,
) -> str:
    """Return the reason why a word is no slip for another; empty if it may be one."""
    for one, other in pairs:
        mine, theirs = scripts.without_case_and_marks(one), scripts.without_case_and_marks(other)
        if mine == theirs:
            continue
        if words.are_opposite(mine, theirs):
            return f"the opposite: {one}"
        if len(other) <= 5 and other != other.upper() and other.upper() in right:
            return f"another abbreviation: {one}"  # TCP is not TPC
        if not are_names and (
            words.is_another_word(one, other, language)
            or words.is_another_word(mine, theirs, language)
        ):
            return f"another word: {one}"
        if any(one in plain(rival).casefold().split() for rival in rivals):
            return f"another word: {one}"
        if len(theirs) == 1 or {mine, theirs} <= {"dr", "mr", "ms", "mrs", "no", "mt", "st"}:
            return f"another word: {one}"
        if len(theirs) <= 3 and len(mine) == len(theirs) and sorted(mine) != sorted(theirs):
            return f"another word: {one}"
        if (
            are_names
            and len(theirs) <= 4
            and sorted(mine) != sorted(theirs)
            and (words.is_another_word(one, other, language))
        ):
            return f"another name: {one}"
        typed_letters, letters = words.countable(mine), words.countable(theirs)
        limit = max(1, words.allowed_slips(len(letters)))
        is_far = edits(typed_letters, letters, limit) > limit
        if is_far and words.slips(typed_letters, letters) is None:
            return "too far from it"
    return ""
