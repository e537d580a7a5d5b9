"""Compares names of people: the surname alone, initials, titles, and the surname first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sco_quiz.learning.folding import with_plain_signs, without_case
from sco_quiz.learning.judging import scripts
from sco_quiz.learning.judging.accents import MarkDifference, compare_marks
from sco_quiz.learning.judging.tables import given_names, word_set
from sco_quiz.learning.values import roman_value

if TYPE_CHECKING:
    from collections.abc import Sequence

_PARTICLES = word_set(
    "van von de der den del della di da do dos das du la le bin ibn al el ter ten zu af av"
)
_TITLES = word_set(
    "sir dame lord lady king queen emperor empress prince princess tsar czar pope "
    "count countess baron duke president chairman chancellor minister general gen marshal "
    "admiral captain colonel dr doctor prof professor mr mister mrs ms miss madame mme "
    "monsieur herr frau señor rabbi imam sultan shah judge justice senator governor comrade "
    "sheikh rev reverend father mother sister brother"
)
_OFFICES = word_set(
    "president chairman chairwoman chairperson chancellor minister secretary general officer "
    "director commissioner governor senator ambassador treasurer manager justice marshal "
    "admiral mayor prince princess duke mother regent"
)
_FULL_TITLES = {"dr": "doctor", "prof": "professor", "gen": "general", "mr": "mister"}
_SUFFIXES = frozenset({"jr", "sr", "junior", "senior"})
_SURNAMES_FIRST = word_set(
    "mao xi deng zhou hu jiang li wang zhang liu chen yang huang zhao wu xu sun ma zhu he "
    "guo lin kim park lee choi jeong nguyen tran le pham ho vo ngo sima kong meng lao"
)
_NOT_NAMES = word_set(
    "the and of in on to for with a an i ii iii iv v vi vii viii ix x xi xii xiii xiv xv "
    "xvi river lake mount mountain mountains sea ocean island islands city falls bay beach "
    "street road bridge tower castle palace park square war revolution battle treaty act "
    "law theorem disease syndrome republic kingdom empire union states state county valley "
    "desert canal strait gulf cape coast university college school museum church cathedral "
    "temple prize cup open league club team company bank"
)
_CATEGORIES = re.compile(
    r"person|people|name|author|writer|poet|composer|artist|painter|scientist|physicist|president"
    r"|minister|leader|player|athlete|actor|actress|director|philosopher|inventor|explorer|who"
)
_PLACE_CATEGORIES = re.compile("(?:city|town|capital|country|place)s?|(?:citi|countri)es")
_WHERE = re.compile(r"where\b|(?:[a-z]+ )?(?:which|what) (?:city|town|capital|country|place)\b")
_WHO = re.compile(
    r"(?:who|whose|whom|wer|wen|wem|wessen|qui|chi|quem|quién|quien|кто|кого|чей|kim|谁|誰|だれ)\b"
)
_INITIALS = re.compile(r"(?<![^\W_])([^\W\d_])\.(?=[^\W\d_]|\s|-|$)")


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name.

    Attributes:
        given: Given names and initials, in small letters.
        surname: The surname, with its particles before it.
        core: The surname without particles.
        title: The title before the name; may be empty.
    """

    given: tuple[str, ...]
    surname: tuple[str, ...]
    core: str
    title: str


def without_title(tokens: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the title at the start of words, and the words after it."""
    if len(tokens) > 1 and tokens[0] in _TITLES:
        return _FULL_TITLES.get(tokens[0], tokens[0]), tuple(tokens[1:])
    return "", tuple(tokens)


def are_initials_of_a_name(given: str, right: str, question: str) -> bool:
    """Return True for the initials of an answer, such as BRI, unless the question has them."""
    letters = re.sub(r"[^\w]", "", given)
    words = [word for word in re.split(r"[\s-]+", right) if word[:1].isupper()]
    if any(roman_value(word) or word[-1:].isdecimal() for word in right.split()):
        return False
    if len(letters) < 3 or not letters.isupper() or letters in question or len(words) < 3:
        return False
    return letters == "".join(word[0] for word in words)


def asks_for_a_person(category: str, question: str) -> bool:
    """Return True if a question, or the category of its answers, says that they are people."""
    return bool(_CATEGORIES.search(category.lower()) or _WHO.match(question.lower()))


def _is_an_office(words: Sequence[str]) -> bool:
    """Return True for words such as Prime Minister, whose last one is not a surname."""
    return words[-1].rpartition("-")[2] in _OFFICES and not (
        words[0] in given_names() or len(words[0]) == 1 or words[0] in _FULL_TITLES
    )


def _asks_for_a_place(category: str, question: str) -> bool:
    return bool(_PLACE_CATEGORIES.fullmatch(category.lower()) or _WHERE.match(question.lower()))


def looks_like_a_person(text: str, category: str, question: str) -> bool:
    """Return True if an answer looks like the name of a person."""
    tokens = text.replace(",", " ").split()
    if not 2 <= len(tokens) <= 7 or any(char.isdecimal() for char in text) or "&" in text:
        return False
    small = [token.strip(".").lower() for token in tokens]
    if any(token in _NOT_NAMES for token in small[1:]) or small[0] in ("the", "river", "lake"):
        return False
    capitals = [token for token in tokens if token.lower() not in _PARTICLES]
    if not all(token[0].isupper() for token in capitals) or len(capitals) < 1:
        return False
    if _is_an_office(small) or _asks_for_a_place(category, question):
        return False
    if asks_for_a_person(category, question):
        return True
    first = small[0]
    particle = any(token in _PARTICLES for token in small[1:-1])
    initial = len(small) > 1 and bool(re.fullmatch(r"(?:[A-Z]\.)+", tokens[0]))
    middle = len(small) > 2 and any(re.fullmatch(r"[A-Z]\.?", token) for token in tokens[1:-1])
    return (
        scripts.without_case_and_marks(first) in given_names()
        or first in given_names()
        or first in _TITLES
        or first in _SURNAMES_FIRST
        or small[-1] in _SUFFIXES
        or particle
        or initial
        or middle
    )


def read_name(text: str) -> PersonName | None:
    """Return the parts of a person's name; None for a text without a surname."""
    plain = without_case(with_plain_signs(text)).strip(" .,;:!?\"'")
    last, comma, first = plain.partition(", ")
    if comma and first.strip(".") not in _SUFFIXES:
        plain = f"{first} {last}"
    plain = _INITIALS.sub(r"\1 ", plain)
    tokens = [token.strip(".,") for token in re.split(r"\s+", plain) if token.strip(".,")]
    tokens = [token for token in tokens if token not in _SUFFIXES] or tokens
    title = ""
    if len(tokens) > 2 and tokens[0] in ("saint", "st"):
        title, tokens = "saint", tokens[1:]
    while len(tokens) > 1 and tokens[0] in _TITLES:
        title, tokens = _FULL_TITLES.get(tokens[0], tokens[0]), tokens[1:]
    if tokens and re.fullmatch("[a-z]{2,3}", tokens[0]) and len(tokens) > 1 and "." not in text:
        packed = tokens[0]
        if packed.upper() in text and packed not in _PARTICLES:
            tokens = [*packed, *tokens[1:]]  # JRR Tolkien
    if not tokens:
        return None
    if tokens[0] in _SURNAMES_FIRST and len(tokens) == 2:
        return PersonName((tokens[1],), (tokens[0],), tokens[0], title)
    start = len(tokens) - 1
    while start > 0 and tokens[start - 1] in _PARTICLES:
        start -= 1
    if start > 1 and tokens[start - 1] == "v" and start == len(tokens) - 1:
        start -= 1
    return PersonName(tuple(tokens[:start]), tuple(tokens[start:]), tokens[-1], title)


def means_the_person(given: str, right: str, others: Sequence[str]) -> str | None:
    """Decide if a text names the person of the right answer.

    Args:
        given: The typed text.
        right: The full name.
        others: Other answers of the deck.

    Returns:
        "" if it does; another answer if it may as well be that person; None if it does not.
    """
    theirs = read_name(right)
    if theirs is not None and "-" in theirs.core:
        given = without_case(given).replace(theirs.core.replace("-", " "), theirs.core)
    mine = read_name(given)
    if mine is None or theirs is None:
        return None
    if _are_initials(given, right):
        return ""
    if mine.title and theirs.title and mine.title != theirs.title:
        return None
    if not (_same_word(mine.core, theirs.core) or _same_word(_last(mine.core), theirs.core)):
        return _swapped(mine, theirs)
    particles = mine.surname[:-1]
    if particles and particles != theirs.surname[:-1] and particles != ("v",):
        return None
    if not (_given_names_agree(mine.given, theirs.given) or _are_last(mine.given, theirs.given)):
        return None
    for other in others:
        rival = read_name(other) if mine.core[:3] in other.casefold() else None
        if rival is None or not _same_word(rival.core, theirs.core) or rival == theirs:
            continue
        if _given_names_agree(mine.given, rival.given):
            return other
    return ""


def differ_in_an_initial(given: str, right: str) -> bool:
    """Return True if two names with one surname have other initials in one place."""
    mine, theirs = read_name(given), read_name(right)
    if mine is None or theirs is None or not _same_word(mine.core, theirs.core):
        return False
    return any(
        min(len(one), len(other)) == 1 and one[0] != other[0]
        for one, other in zip(mine.given, theirs.given, strict=False)
    )


def _last(surname: str) -> str:
    """Return the last part of a double surname: Curie for Skłodowska-Curie."""
    return surname.rpartition("-")[2]


def _swapped(mine: PersonName, theirs: PersonName) -> str | None:
    """Return "" if surname and given name only changed places, without a comma; else None."""
    if not len(mine.given) == len(theirs.given) == len(theirs.surname) == 1:
        return None
    turned = _same_word(mine.given[0], theirs.core) and _same_word(mine.core, theirs.given[0])
    return "" if turned else None


def _are_initials(given: str, right: str) -> bool:
    """Return True if a text is the initials of a whole name: JFK."""
    letters = re.sub(r"[^\w]", "", given)
    name = [token.strip(".") for token in right.split()]
    name = [token for token in name if token.lower() not in _SUFFIXES]
    initials = "".join(token[0] for token in name)
    return len(letters) >= 3 and letters.isupper() and letters == initials.upper()


def _given_names_agree(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Return True if given names may be of one person: initials, some left out, some more."""
    if not mine:
        return True
    if not theirs:
        return False
    if not _same_given(mine[0], theirs[0]):
        return False
    at = 1
    for name in mine[1:]:
        rest = [place for place in range(at, len(theirs)) if _same_given(name, theirs[place])]
        if rest and len(name) == 1 and rest[0] > at:
            return False  # George W. Bush is not George H. W. Bush
        if rest:
            at = rest[0] + 1
        elif len(theirs) > 1 and at < len(theirs):
            return False
    return True


def _are_last(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Return True if the first of two surnames was given with the last: García Márquez."""
    last = theirs[len(theirs) - len(mine) :]
    return 0 < len(mine) < len(theirs) and all(
        len(one) > 1 and _same_word(one, other) for one, other in zip(mine, last, strict=True)
    )


def _same_given(one: str, other: str) -> bool:
    if len(one) == 1 or len(other) == 1:
        return one[:1] == other[:1]
    return _same_word(one, other)


def _same_word(one: str, other: str) -> bool:
    return one == other or compare_marks(one, other) is MarkDifference.MISSING
