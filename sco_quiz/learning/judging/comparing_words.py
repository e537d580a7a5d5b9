"""Compares words with a right answer by folding, not by slips."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from sco_quiz.learning.folding import base_language, with_plain_signs
from sco_quiz.learning.judging import people, scripts, words
from sco_quiz.learning.judging.accents import meet_accents
from sco_quiz.learning.judging.amounts import (
    LONGEST_AMOUNT,
    Amount,
    amounts_in,
    with_plain_numbers,
    words_as_figures,
)
from sco_quiz.learning.judging.enumerations import meet_parts
from sco_quiz.learning.judging.findings import Grade, JudgingContext, Meeting, yes_or_no
from sco_quiz.learning.judging.names import (
    generic_word_apart,
    genus_by_initial,
    is_same_country,
    meet_person,
    title_apart,
)
from sco_quiz.learning.judging.units import unit_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.learning.judging.texts import JudgedText

_WORD = re.compile(r"[^\W_]+")
_SPAN = re.compile(
    r"(?:from )?(?P<first>[0-9]{4}) ?(?:[-–/]|to|until) ?(?P<last>[0-9]{2}(?:[0-9]{2})?)"
)
_RANGE = re.compile(
    r"(?:(?P<between>between )|from )?(?P<first>[0-9][0-9.,]*)(?P<unit>[^0-9-]*?)"
    r"(?(between) and |(?: ?- ?| to | until ))(?P<last>[0-9][0-9.,]*(?P<unit_of_both>[^-]*))"
)
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_MONTHS = "january february march april may june july august september october november december"
_SHORT_NAMES = {
    name[:letters]: name for name in f"{_DAYS} {_MONTHS}".split() for letters in (3, 4, 5)
}
"""The names of days and months, by their first letters."""
_CONTRACTIONS = (
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"\bshan't\b"), "shall not"),
    (re.compile(r"\bcan(?:'t|not)\b"), "can not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"\blet's\b"), "let us"),
    (re.compile(r"'m\b"), " am"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'ll\b"), " will"),
)
_IS = re.compile(r"\b(it|s?he|that|t?here|who|what|when|where|how|why)'s\b")
_WOULD = re.compile(r"\b(i|you|it|s?he|we|they|there|who)'d\b")
_LONGEST_CONTRACTED = 300
"""Characters of a text whose contractions are written out."""
_SHORT_FORMS = (
    (re.compile(r"(?i)([0-9.]+) ?(?:°|degrees?) ?([nsew])(?:orth|outh|ast|est)?"), r"\1°\2"),
    (re.compile(r"(AB?|B|O|Rh) ?([+-])"), r"\1\2"),
    (re.compile(r"(?i)(ab?|b|o|rh) neg(?:ative)?"), r"\1-"),
    (re.compile(r"(?i)(ab?|b|o|rh) pos(?:itive)?"), r"\1+"),
    (re.compile(r"([0-9]+) ?(?::| to ) ?([0-9]+)"), r"\1:\2"),
    (re.compile(r"(?i)(?:the )?([0-9]+)(?:(?:st|nd|rd|th)? cent(?:ury)?|th c)"), r"\1 century"),
    (re.compile(r"(?i)(?:the )?['’]?(?:19)?([2-9]0)['’]?s"), r"19\1s"),
)
"""Patterns of what has a short form and a long one, each with the form that both get."""
_SCORE = re.compile(r"[0-9]{1,3} ?[-–:] ?[0-9]{1,3}")


def meet_words(
    given: JudgedText, right: JudgedText, rivals: Sequence[str], context: JudgingContext
) -> Meeting | None:
    """Compare words after folding, see `words` and `scripts`; None if slips may decide."""
    if right.is_pinyin:
        return _meet_pinyin(given, right)
    if scripts.has_kana(right.text) or base_language(right.language) == "ja":
        met = _meet_japanese(given, right)
        if met is not None:
            return met
    if name_same_unit(given, right, context) or is_same_country(given, right, context):
        return Meeting(Grade.RIGHT)
    if not words.signs_agree(given.text, right.text):
        return Meeting(Grade.WRONG)
    if _SCORE.fullmatch(right.text.strip()) and _SCORE.fullmatch(given.text.strip()):
        return yes_or_no(_WORD.findall(given.text) == _WORD.findall(right.text))
    mine, theirs = given.words, right.words
    if mine.key == theirs.key and mine.key:
        if words.articles_agree(mine, theirs, right.language):
            return _apostrophe_makes_a_word(given, right) or Meeting(Grade.RIGHT)
        return Meeting(Grade.CLOSE, f"the article: {theirs.article}")
    if _spaceless(given) == _spaceless(right):
        return Meeting(Grade.RIGHT)
    if people.are_initials_of_a_name(given.text, right.text, context.prompt):
        return Meeting(Grade.RIGHT)
    if _are_one_span(given, right) or _are_one_in_full(given, right) or title_apart(given, right):
        return Meeting(Grade.RIGHT)
    met = meet_accents(given, right)
    if met is not None:
        return met
    if genus_by_initial(given, right, rivals):
        return Meeting(Grade.RIGHT)
    if mine.numbered and mine.numbered == theirs.numbered:
        return Meeting(Grade.RIGHT)
    if met := meet_parts(given, right, context):
        return met
    if generic_word_apart(given, right, rivals):
        return Meeting(Grade.RIGHT)
    return meet_person(given, right, rivals, context)


def have_one_meaning(given: JudgedText, right: JudgedText) -> bool:
    """Return True for one range, ratio, blood group, century, day and the like: O−, O negative."""
    if max(len(given.text), len(right.text)) > LONGEST_AMOUNT:
        return False
    if right.light in _SHORT_NAMES.values() and _SHORT_NAMES.get(given.light) == right.light:
        return True
    if form := _with_one_form(right):
        return form == _with_one_form(given)
    theirs = _ends(right)
    mine = _ends(given) if theirs else ()
    return bool(mine) and all(
        any(one.meets(other) for one in ones for other in others)
        for ones, others in zip(mine, theirs, strict=True)
    )


def _with_one_form(text: JudgedText) -> str:
    plain = with_plain_signs(text.text).strip(" .!?")
    for pattern, form in _SHORT_FORMS:
        if match := pattern.fullmatch(plain):
            return match.expand(form).casefold()
    return ""


def _ends(text: JudgedText) -> tuple[list[Amount], ...]:
    """Return the amounts between which a range lies; empty for any other text."""
    plain = with_plain_numbers(text.text, text.language)
    if base_language(text.language) == "en":
        plain = words_as_figures(plain)
    match = _RANGE.fullmatch(plain)
    if match is None:
        return ()
    unit = match["unit"].strip() or match["unit_of_both"].strip()
    first = f"{match['first']} {unit}"
    return tuple(amounts_in(end, text.language) for end in (first, match["last"]))


def _are_one_in_full(given: JudgedText, right: JudgedText) -> bool:
    """Return True if two English texts are one when contractions are written out: don't, do not."""
    texts = [text.text.casefold().replace("’", "'") for text in (given, right)]
    if base_language(right.language) != "en" or "'" not in "".join(texts):
        return False
    if max(map(len, texts)) > _LONGEST_CONTRACTED:
        return False
    mine, theirs = map(_in_full, texts)
    return not mine.isdisjoint(theirs)


def _in_full(text: str) -> set[str]:
    """Return the keys that a text may have with its contractions written out; 's is is or has."""
    for short, full in _CONTRACTIONS:
        text = short.sub(full, text)
    return {
        words.words_of(_WOULD.sub(rf"\1 {would}", _IS.sub(rf"\1 {be}", text))).key
        for be, would in product(("is", "has"), ("would", "had"))
    }


def _are_one_span(given: JudgedText, right: JudgedText) -> bool:
    """Return True for years from one to another, the century said once or twice: 1914-18."""
    mine, theirs = (_SPAN.fullmatch(text.light) for text in (given, right))
    return bool(mine and theirs) and _years(mine) == _years(theirs)


def _years(span: re.Match[str] | None) -> tuple[int, ...]:
    if span is None:
        return ()
    first, last = int(span["first"]), int(span["last"])
    if last < 100:
        last += first - first % 100 + 100 * (last < first % 100)
    return first, last


def _spaceless(text: JudgedText) -> str:
    return "".join(text.light.split())


def _apostrophe_makes_a_word(given: JudgedText, right: JudgedText) -> Meeting | None:
    """Return a wrong meeting if an apostrophe makes another word: it's is not its."""
    if given.text == right.text or base_language(right.language) != "en":
        return None
    mine, theirs = (text.light.replace("’", "'") for text in (given, right))
    mine += "'" * given.text.rstrip(" .!?").endswith(("'", "’"))
    if " " in mine or mine == theirs:
        return None
    if "'" in mine and "'" in theirs:
        return Meeting(Grade.WRONG, f"another word: {given.text}")
    if "'" not in mine + theirs:
        return None
    bare = mine.replace("'", "")
    short = max(len(mine), len(theirs)) <= 7 and "'" in theirs + mine
    contraction = re.fullmatch(
        r"[a-z]+(?:'(?:s|re|ll|d|ve|m)|n't)", mine if "'" in mine else theirs
    )
    if short and contraction and words.is_another_word(bare, "", right.language):
        return Meeting(Grade.WRONG, f"another word: {given.text}")
    return None


def _meet_pinyin(given: JudgedText, right: JudgedText) -> Meeting:
    mine, theirs = given.pinyin, right.pinyin
    if mine is None or theirs is None or [one for one, _ in mine] != [other for other, _ in theirs]:
        return Meeting(Grade.WRONG)
    pairs = [(one, other) for (_, one), (_, other) in zip(mine, theirs, strict=True)]
    if any(one not in (0, other) for one, other in pairs):
        return Meeting(Grade.WRONG, f"tone: {given.text} is not {right.text}")
    if any(one != other for one, other in pairs):
        return Meeting(Grade.ACCENTS, f"Mind the accents: {right.text}")
    return Meeting(Grade.RIGHT)


def _meet_japanese(given: JudgedText, right: JudgedText) -> Meeting | None:
    mine, theirs = given.romaji, right.romaji
    if mine is None or theirs is None:
        return None
    if mine == theirs:
        return Meeting(Grade.RIGHT)
    if not scripts.has_kana(given.text) and scripts.has_short_vowels(mine, theirs):
        return Meeting(Grade.ACCENTS, f"Mind the long vowels: {right.text}")
    if scripts.has_kana(given.text) and scripts.has_kana(right.text):
        if scripts.without_sound_marks(given.text) == scripts.without_sound_marks(right.text):
            return Meeting(Grade.WRONG)
        return None if len(right.text) >= 5 and len(given.text) >= 5 else Meeting(Grade.WRONG)
    return Meeting(Grade.WRONG)


def name_same_unit(given: JudgedText, right: JudgedText, context: JudgingContext) -> bool:
    """Return True if a unit was named by its symbol, or the other way round."""
    if len(given.text) > 30 or len(right.text) > 30 or " " in right.text.strip():
        return False
    if re.search(rf"\b{re.escape(given.text.strip())}\b", context.prompt):
        return False
    one, other = unit_of(_bare_unit(given)), unit_of(_bare_unit(right))
    return one is not None and one == other and bool(one.dimension)


def _bare_unit(text: JudgedText) -> str:
    bare = re.sub(r"^(?:the|an?) | \([^()]*\)$", "", text.text.strip(), flags=re.IGNORECASE)
    return with_plain_numbers(bare)
