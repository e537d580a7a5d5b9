"""Finds the sort of thing that an answer names, by its category, its question and its look."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.folding import base_language
from sco_quiz.learning.judging.people import looks_like_a_person
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.neighbours import year_of
from sco_quiz.learning.values import value_of
from sco_quiz.text import plain

if TYPE_CHECKING:
    from sco_quiz.learning.cards import Card


class Sort(StrEnum):
    """A sort of answers. Answers of one sort are no plausible wrong choices for another."""

    PERSON = "person"
    PLACE = "place"
    YEAR = "year"
    DATE = "date"
    NUMBER = "number"
    ORGANISATION = "organisation"
    PHRASE = "phrase"


class KnownSort(NamedTuple):
    """The sort of an answer.

    Attributes:
        sort: The sort; None if nothing shows it.
        group: A group within the sort, as cities are within places; for a phrase, the words that
            ask for it, such as `why`. May be empty.
    """

    sort: Sort | None
    group: str = ""

    def is_like(self, other: KnownSort) -> bool:
        """Return True if both are known to be of one sort, and not known to be of two groups."""
        groups = {self.group, other.group} - {""}
        return self.sort is not None and self.sort is other.sort and len(groups) < 2


MOST_WORDS = 4
"""The most words of an amount (`2.5 billion people`); a longer text with a number is a phrase."""

_NOUNS = {
    Sort.PERSON: (
        "person people leader founder president premier minister general king queen emperor",
        "author writer poet",
        "painter",
        "composer singer musician",
        "scientist inventor mathematician",
        "philosopher",
        "director actor actress",
        "player",
    ),
    Sort.PLACE: (
        "city capital town village port",
        "country nation republic kingdom",
        "continent region",
        "river lake sea ocean gulf strait",
        "mountain peak",
        "province district county",
        "island",
        "place venue location street building",
    ),
    Sort.YEAR: ("year",),
    Sort.DATE: ("date",),
    Sort.NUMBER: ("number count percentage share amount age temperature length height distance",),
    Sort.ORGANISATION: (
        "organisation organization alliance bloc union",
        "body organ agency committee council secretariat institution ministry",
        "company bank firm",
        "party",
        "university school",
    ),
}
"""Words for the thing that a question asks for, by sort; words of one string are one group."""
_SORTS = {
    word: KnownSort(sort, words.split()[0])
    for sort, groups in _NOUNS.items()
    for words in groups
    for word in words.split()
}
_ASKING = {
    "en": {Sort.PERSON: "who|whom", Sort.PLACE: "where", Sort.NUMBER: "how (?:many|much|old|far)"},
    "de": {Sort.PERSON: "wer|wem|wen", Sort.PLACE: "wo|wohin", Sort.NUMBER: "wie ?viele?"},
    "fr": {Sort.PERSON: "qui", Sort.PLACE: "où", Sort.NUMBER: "combien"},
    "es": {Sort.PERSON: "quién(?:es)?", Sort.PLACE: "dónde", Sort.NUMBER: "cuánt[oa]s?"},
    "it": {Sort.PERSON: "chi", Sort.PLACE: "dove", Sort.NUMBER: "quant[oiae]"},
    "pt": {Sort.PERSON: "quem", Sort.PLACE: "onde", Sort.NUMBER: "quant[oa]s?"},
    "ru": {Sort.PERSON: "кто|кого|кому", Sort.PLACE: "где|куда", Sort.NUMBER: "сколько"},
}
"""Words that ask for a sort, by language."""
_NOUN_ASKED = re.compile(
    r"\b(?:which|what)\b(?: (?:is|are|was|were) (?:the|a|an))?((?: [\w'’-]+){1,4})"
)
_OF = re.compile(r"(?:the )?((?:[\w'’-]+ ){0,2}[\w'’-]+) of\b")
_INTERROGATIVE = re.compile(
    r"\b(why|what for|how(?: (?:long|often))?|when|in what way|to what end|what|which)\b"
)
_WORD = re.compile(r"[^\W\d_]+")
_AMOUNT = re.compile(r"[~≈<>]?\s?[$€£¥]?\s?\d[\d.,/ ]*(?:[^\W\d_]|%|\s|$)")
_ACRONYM = re.compile(r"[A-Z][A-Z&]{1,6}")
_OF_ORGANISATIONS = re.compile(
    "organi[sz]ation|council|committee|secretariat|ministry|bank|union|association|agency|"
    "university|institute|bureau|alliance|league|consortium|fund|structure|nations"
)
_SMALL = re.compile("an?|and|as|at|by|for|from|in|into|nor|of|on|or|over|the|to|with")


def sort_of(card: Card, answer: str) -> KnownSort:
    """Return the sort of an answer to a card.

    A number or date is a value, whatever the question. Otherwise the category decides, then the
    question, then the look of the answer.

    Args:
        card: The card. With gaps or several answers, its question shows nothing.
        answer: One of its answers.
    """
    text = plain(answer).strip()
    if value := _sort_of_value(text, card.language):
        return KnownSort(value)
    known_sort = _sort_of_category(card.category) or _sort_asked(card)
    if known_sort is not None and known_sort.sort not in (Sort.YEAR, Sort.DATE, Sort.NUMBER):
        return known_sort
    sort = Sort.PHRASE if known_sort is not None else _sort_by_look(text, card)
    if sort is not Sort.PHRASE:
        return KnownSort(sort)
    asking = _INTERROGATIVE.search(plain(card.prompt).casefold())
    return KnownSort(sort, asking[1]) if asking else KnownSort(None)


def _sort_of_value(text: str, language: str) -> Sort | None:
    value = value_of(text, language)
    if value is not None and "-" in value[1:]:
        return Sort.DATE
    if year_of(text, language) is not None:
        return Sort.YEAR
    is_amount = _AMOUNT.match(text) and len(text.split()) <= MOST_WORDS
    return Sort.NUMBER if value is not None or is_amount else None


def _sort_of_category(category: str) -> KnownSort | None:
    return _sort_of_nouns(_WORD.findall(category.casefold()))


def _sort_asked(card: Card) -> KnownSort | None:
    if card.kind in (Kind.CLOZE, Kind.TRUE_FALSE) or len(card.answers) != 1:
        return None
    prompt, language = plain(card.prompt).casefold(), base_language(card.language)
    if language == "en":
        for asked in _NOUN_ASKED.finditer(prompt):
            if sort_of_noun := _sort_of_nouns(_WORD.findall(asked[1])[:3]):
                return sort_of_noun
        if not _INTERROGATIVE.search(prompt) and (of := _OF.match(prompt)):
            return _sort_of_nouns(_WORD.findall(of[1])[-1:])
    for sort, words_asking in _ASKING.get(language, {}).items():
        if re.search(rf"^(?:\w+ )?(?:{words_asking})\b", prompt):
            return KnownSort(sort)
    return None


def _sort_of_nouns(words: list[str]) -> KnownSort | None:
    """Return the sort of the first of some words that names one."""
    for word in words:
        forms = (
            word,
            word.removesuffix("s"),
            f"{word.removesuffix('ies')}y" if word.endswith("ies") else word,
        )
        for form in forms:
            if form in _SORTS:
                return _SORTS[form]
    return None


def _sort_by_look(text: str, card: Card) -> Sort | None:
    """Return the sort of a text by its words; None for a name, which fits any sort."""
    words = _WORD.findall(text)
    if _ACRONYM.fullmatch(text) or any(_OF_ORGANISATIONS.fullmatch(w.casefold()) for w in words):
        return Sort.ORGANISATION
    small = [word for word in words[1:] if word[:1].islower() and not _SMALL.fullmatch(word)]
    if small or text[:1].islower():
        return Sort.PHRASE
    return Sort.PERSON if looks_like_a_person(text, card.category, plain(card.prompt)) else None
