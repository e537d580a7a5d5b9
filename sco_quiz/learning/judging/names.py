"""Compares names of people, places and species: shortened, with a title or a generic word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.learning.folding import bare_key, base_language
from sco_quiz.learning.judging import people, scripts, words
from sco_quiz.learning.judging.findings import Grade, JudgingContext, Meeting
from sco_quiz.learning.judging.tables import country_names, word_set
from sco_quiz.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.learning.judging.texts import JudgedText

GENERIC_LEFT_OFF = word_set(
    "river lake mount mountain mountains desert ocean galaxy comet disease scan planet"
)
_GENERIC_ADDED = GENERIC_LEFT_OFF | word_set(
    "sea island islands gas bone key protocol language metal element triangle theorem "
    "peninsula strait mountain-range range band film movie novel time"
)


_FORM_OF_STATE = re.compile(
    r"(?:the )?(?:(?:federal|federative|islamic|socialist|arab) )?"
    r"(?:republic|kingdom|state|principality|sultanate|commonwealth|union) of (?:the )?"
)


def is_same_country(given: JudgedText, right: JudgedText, context: JudgingContext) -> bool:
    """Return True if a country was given by another name, or by its official one.

    The usual name is no answer to a question about the official one.
    """
    one, other = given.light, right.light
    if len(one) > 80 or context.says(one):
        return False
    names, bare = country_names(), _FORM_OF_STATE.sub("", one, count=1)
    if one == "republic of china" or (one not in names and bare == one):
        return False
    mine, theirs = names.get(one) or names.get(bare), names.get(other)
    if mine is None or theirs is None:
        return bare == other
    return mine.country == theirs.country and (one != bare or mine.official or not theirs.official)


def title_apart(given: JudgedText, right: JudgedText) -> bool:
    """Return True if only one has a title, and the rest is the same: Queen Elizabeth II."""
    (one, mine), (other, theirs) = (
        people.without_title(text.words.tokens) for text in (given, right)
    )
    if bool(one) is bool(other):
        return False
    bare = [words.words_of(" ".join(tokens), "en") for tokens in (mine, theirs)]
    same = bare[0].key == bare[1].key or (bare[0].numbered and bare[0].numbered == bare[1].numbered)
    return bool(same) and len(mine) > 1


def genus_by_initial(given: JudgedText, right: JudgedText, rivals: Sequence[str]) -> bool:
    """Return True if the genus of a species was abbreviated: E. coli."""
    if not re.fullmatch(r"[A-Z][a-z]{2,} [a-z]{3,}(?: [a-z]{3,})?", right.text):
        return False
    mine, theirs = given.words.tokens, right.words.tokens
    if len(mine) != len(theirs) or len(mine[0]) != 1 or mine[1:] != theirs[1:]:
        return False
    rivals_of_species = [
        plain(rival).lower().split() for rival in rivals if rival.lower().endswith(theirs[-1])
    ]
    return theirs[0][0] == mine[0] and not any(
        rival_words[:1] and rival_words[0][0] == mine[0] and tuple(rival_words[1:]) == mine[1:]
        for rival_words in rivals_of_species
    )


def generic_word_apart(given: JudgedText, right: JudgedText, rivals: Sequence[str]) -> bool:
    """Return True if only a word such as river was left off or added: Nile, River Nile."""
    if base_language(right.language) != "en":
        return False
    mine, theirs = list(given.words.tokens), list(right.words.tokens)
    mine = ["mount" if word == "mt" else word for word in mine]
    theirs = ["mount" if word == "mt" else word for word in theirs]
    if sorted(mine) == sorted(theirs) and set(mine) & GENERIC_LEFT_OFF:
        return True
    for longer, shorter, generic in (
        (theirs, mine, GENERIC_LEFT_OFF),
        (mine, theirs, _GENERIC_ADDED),
    ):
        if len(longer) != len(shorter) + 1:
            continue
        for at in {0, len(longer) - 1}:
            if longer[at] not in generic:
                continue
            rest = longer[:at] + longer[at + 1 :]
            if _same_tokens(rest, shorter) and "".join(shorter) not in generic:
                key = "".join(scripts.without_case_and_marks(word) for word in rest)
                return not any(bare_key(plain(rival)) == key for rival in rivals)
    return False


def _same_tokens(one: list[str], other: list[str]) -> bool:
    return len(one) == len(other) and all(
        mine == theirs or mine.removesuffix("s") == theirs.removesuffix("s")
        for mine, theirs in zip(one, other, strict=True)
    )


def meet_person(
    given: JudgedText, right: JudgedText, rivals: Sequence[str], context: JudgingContext
) -> Meeting | None:
    """Compare a person's name by surname, initials or title; it must fit no rival as well."""
    text, other = given.text, right.text
    if len(text) > 80 or len(other) > 80:
        return None
    if people.looks_like_a_person(other, context.category, context.prompt):
        rival_name = people.means_the_person(text, other, [plain(rival) for rival in rivals])
    elif " " not in other and other[:1].isupper() and " " in text.strip():
        fuller = people.looks_like_a_person(text, context.category, context.prompt)
        if other.casefold() in country_names() and "," in text:  # Georgia, USA is no person
            fuller = people.asks_for_a_person(context.category, context.prompt)
        one, two = (scripts.without_case_and_marks(name.casefold()) for name in (other, text))
        rival_name = people.means_the_person(one, two, []) if fuller else None
    else:
        return None
    if rival_name is None:
        return Meeting(Grade.WRONG) if people.differ_in_an_initial(text, other) else None
    if rival_name:
        return Meeting(Grade.WRONG, f"{text} may be {other} or {rival_name}")
    return Meeting(Grade.RIGHT)
