"""Removes sentences and remarks around an answer: It is Paris; Paris, France; oxygen (O2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.learning.folding import base_language
from sco_quiz.learning.judging.amounts import words_as_figures
from sco_quiz.learning.judging.tables import country_names, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_SENTENCE = 200
"""The most characters of a text in which remarks are looked for."""

_DOUBT = re.compile(
    r"\b(?:or|not|nor|no|never|neither|either|isn'?t|wasn'?t|don'?t|doesn'?t|aren'?t|cannot|can'?t"
    r"|but|instead|rather|except|oder|nicht|ou|pas|o|ni)\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:(?:i (?:think|believe|guess|would say|suppose)|i'd say|probably|maybe|perhaps|so|well)"
    r"(?: that)?,? )?"
    r"(?:(?:it|that|this|he|she) (?:is|was|must be|would be|should be)|(?:it|that|this|he|she)'s"
    r"|it'd be|that'd be|they are|they're|the (?:right |correct )?answer(?: is|:)|answer:"
    r"|its name is|the name is|called) ",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"(?:i (?:think|believe|guess|would say|suppose)|i'd say|probably|maybe|perhaps) ",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r",? (?:i (?:think|believe|guess|suppose|am sure)|i'm sure|of course|obviously|probably|maybe"
    r"|if i remember (?:well|right|correctly)|right)$",
    re.IGNORECASE,
)
_SMALL_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_PREPOSITION = re.compile(r"(?:in|at|on|by|during|from|for|with|of|around|since) ", re.IGNORECASE)
_THE_YEAR = re.compile(r"(?:in )?(?:the )?year (?=[0-9])", re.IGNORECASE)
_IN_WORDS = re.compile(
    r"(?:the )?(?:port|error|http|planet|number)(?: number)? (?=\w)", re.IGNORECASE
)
_IN_WORDS_AFTER = re.compile(r"(?<=\w) (?:error)$", re.IGNORECASE)
_BRACKET = re.compile(r"(?P<text>.+?) ?\((?P<remark>[^()]*)\)")
_TAIL = re.compile(r"(?P<text>[^,]+), (?P<remark>[^,]+)")
_WITH_WHAT_IS_ASKED = tuple(
    re.compile(pattern)
    for pattern in (
        "(?P<text>.+) of (?P<said>.+)",
        "(?:[Tt]he )?(?P<said>[A-Z]{2,}) (?P<text>.+)",
        "(?P<text>.+) (?P<said>[A-Z]{2,})",
    )
)
"""Patterns of an answer with that of which it is: Charter of the UN, UN Charter."""
_COPULA = re.compile(r" (?:is|was|are|were|fell in|ended in|began in|means) ", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_OF = re.compile(r"\b(?:of|in) (?:the )?")
_OF_COUNTRY = re.compile(r"^(?:(?:in|of) )?(?:the )?")
_CITY = re.compile(
    r"(?:the )?(?:city|town) of (?P<after>.+)|(?P<before>.+) (?:city|town)", re.IGNORECASE
)
_OF_ALL = re.compile(
    r"(?P<part>.+?) (?:out )?of (?:all |the )*(?P<all>[^\W_]+)(?: (?P<noun>[^\W_]+))?",
    re.IGNORECASE,
)
_STATES = word_set("state country countrie nation")
"""Words for a state, as `_singular` leaves them."""
_PLACES = word_set("where city town capital seat port")
_ELSEWHERE = {
    language: tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
    for language, patterns in {
        "de": [
            r"^(?:(?:das|es|er|sie) (?:ist|war|sind|waren) |die antwort ist )|^im jahre? (?=[0-9])"
        ],
        "fr": [r"^(?:c'(?:est|était) |ce sont |la réponse est )|^en (?:l'an )?(?=[0-9])"],
        "es": [r"^(?:(?:es|era|son) |la respuesta es )|^en (?:el año )?(?=[0-9])"],
        "it": [r"^(?:(?:è|era|sono) |la risposta è )|^nel (?=[0-9])"],
        "pt": [r"^(?:(?:é|era|são) |a resposta é )|^em (?=[0-9])"],
        "nl": [r"^(?:(?:het|dat) (?:is|was) |het antwoord is )|^in (?:het jaar )?(?=[0-9])"],
        "ru": [r"^(?:это |ответ:? )|^в (?=[0-9])", r"(?<=[0-9]) (?:год[ау]?|г)$"],
    }.items()
}
"""Words around an answer that say nothing, by language."""
_PERSONS = [
    word_set(pronouns)
    for pronouns in (
        "i ich je yo io eu я",
        "du tu tú ты",
        "he er il él lui ele он",
        "she sie elle ella lei ela она",
        "we wir nous nosotros nosotras noi nós мы",
        "ihr vous vosotros vosotras voi vocês вы",
        "they sie ils elles ellos ellas loro eles elas они",
    )
]
"""The pronouns of each person; you is none, since it does not tell how many."""
_NOUNS = word_set("it answer capital city country name year number gas river author")
_FILLERS = word_set(
    "the a an of in is are was were it to by for what which who when where how many much "
    "does do did this that name called city country capital year number gas"
)


def without_remarks(text: str, question: str, language: str = "en") -> Iterator[tuple[str, str]]:
    """Yield the text without a sentence or a remark around it, with the words that were removed.

    A country that follows its city, a word such as city, and a pronoun of the person that the
    question has are not told: they are no other answer.

    Args:
        text: The typed text.
        question: The question, whose words may be repeated in a sentence.
        language: A BCP 47 tag, that of the answers.
    """
    if len(text) > LONGEST_SENTENCE or " " not in text.strip():
        return
    asked = {_singular(word) for word in _WORD.findall(question.casefold())}
    text = text.replace("’", "'").strip().rstrip("?!. ")
    bare = _AFTER.sub("", text)
    bare = _BEFORE.sub("", bare, count=1) if _BEFORE.match(bare) else bare
    bare = _OPINION.sub("", bare, count=1) if _OPINION.match(bare) else bare
    for pattern in _ELSEWHERE.get(base_language(language), ()):
        bare = pattern.sub("", bare, count=1)
    if bare != text:
        yield bare, _removed(text, bare)
    pronoun, _, verb = bare.partition(" ")
    spoken_of = set(_WORD.findall(question.casefold()))
    if any(pronoun.casefold() in person and person & spoken_of for person in _PERSONS):
        yield verb, ""
    match = _BRACKET.fullmatch(bare)
    if match and match["remark"].casefold() not in country_names():
        yield match["text"], match["remark"]
    if match := _TAIL.fullmatch(bare):
        words = {_singular(word) for word in _WORD.findall(match["remark"].casefold())}
        if words <= asked or re.fullmatch(r"[A-Z][A-Za-z]?[0-9]*", match["remark"]):
            yield match["text"], match["remark"]
    for pattern in _WITH_WHAT_IS_ASKED:
        if match := pattern.fullmatch(bare):
            words = {_singular(word) for word in _WORD.findall(match["said"].casefold())}
            if words <= asked | {"the"}:
                yield match["text"], ""
    if place := _without_country(bare, question):
        yield place, ""
    if asked & _PLACES and (match := _CITY.fullmatch(bare)):
        city = match["before"] or match["after"]
        if city.casefold() not in country_names():
            yield city, ""
    for match in _COPULA.finditer(bare):
        sides = bare[: match.start()], bare[match.end() :]
        for said, kept in (sides, sides[::-1]):
            words = {_singular(word) for word in _WORD.findall(said.casefold())}
            if words <= asked | _FILLERS and words & (asked | _NOUNS):
                yield kept, said
    for pattern in (_THE_YEAR, _IN_WORDS, _PREPOSITION):
        if match := pattern.match(bare):
            yield bare[match.end() :], match[0]
    if match := _IN_WORDS_AFTER.search(bare):
        yield bare[: match.start()], match[0]
    if match := _OF_ALL.fullmatch(bare):
        number, noun = words_as_figures(match["all"]), _singular((match["noun"] or "").casefold())
        known = number in _WORD.findall(words_as_figures(question)) and (not noun or noun in asked)
        if number.isdecimal() and known:
            yield match["part"], ""
    yield from without_noun(bare, question)


def without_noun(text: str, question: str) -> Iterator[tuple[str, str]]:
    """Yield a number, or words, without what the question says of it: 10 members, 9 June 2017.

    States, countries and nations are one, and may be what has members and partners.
    """
    words = text.split()
    asked = {_singular(word) for word in _WORD.findall(question.casefold())}
    if not asked.isdisjoint(_STATES | {"member", "partner"}):
        asked |= _STATES
    for nouns in (1, 2):
        number, rest = words[:-nouns], " ".join(words[-nouns:])
        said = {_singular(word) for word in _WORD.findall(rest.casefold())}
        plainly = number and (number[0][0].isdecimal() or all(map(_SMALL_WORD.fullmatch, number)))
        if said and said <= asked and plainly:
            yield " ".join(number), rest


def _without_country(text: str, question: str) -> str:
    """Return the place alone where its country follows: Paris, France. Else an empty text.

    A country in a list of countries is no remark, nor is one that contradicts the question.
    """
    names = country_names()
    if text.casefold() in names:
        return ""
    for space in re.finditer(",? ", text):
        place, rest = text[: space.start()], text[space.end() :].casefold().strip("()")
        if country := names.get(_OF_COUNTRY.sub("", rest)):
            others = re.split(", | and | & ", place.casefold())
            asked = {names[name].country for name in _countries_asked(question)}
            contradicts = asked and country.country not in asked
            return "" if contradicts or names.keys() & others else place
    return ""


def _countries_asked(question: str) -> Iterator[str]:
    """Yield the countries of or in which a question asks for something, in small letters."""
    for match in _OF.finditer(question.casefold()):
        words = _WORD.findall(question.casefold()[match.end() :])[:4]
        for end in range(1, len(words) + 1):
            if (name := " ".join(words[:end])) in country_names():
                yield name


def _removed(text: str, kept: str) -> str:
    return text.replace(kept, " ", 1)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def leaves_doubt(text: str) -> bool:
    """Return True if words around an answer say "or", "not" or the like."""
    return bool(_DOUBT.search(text))
