"""Finds demands that a question makes of its answer, which wrong choices have to meet too.

`Which summit was held later than 2021?` rules out 2017 for every reader, and `the S in SCO` rules
out a city that begins with another letter. For English questions only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.learning.folding import base_language
from sco_quiz.learning.neighbours import year_of
from sco_quiz.learning.values import CARDINALS, value_of
from sco_quiz.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Demand = Callable[[str], bool]

_NUMBER = rf"(?:the )?(\d[\d,.]*\d|\d|{'|'.join(CARDINALS.split())})(?!\w)"
_BOUNDS = {
    ">": "after|later than|following|more than|over|above|greater than|larger than|higher than",
    ">=": "since|at least|no earlier than|no fewer than|no less than|from",
    "<": "before|earlier than|fewer than|less than|under|below|smaller than|lower than",
    "<=": "until|up to|at most|no later than|no more than|by",
}
"""Words before a number that is a bound, by the relation of the answer to it. The longest wins."""
_BOUND = re.compile(
    rf"\b(?P<words>{'|'.join(sorted('|'.join(_BOUNDS.values()).split('|'), key=len)[::-1])}) "
    + _NUMBER
)
_RANGE = re.compile(rf"\b(?:between {_NUMBER} and|from {_NUMBER} to) {_NUMBER}")
_DECADE = re.compile(r"\b(\d{3}0)s\b")
_CENTURY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)[ -]century\b")
_FIRST = re.compile(
    r"\b(?:begin|start)(?:s|ning|ing)? with (?:an? |the (?:letters? )?)?"
    r"[\"'“‘]?([A-Z]{1,4})\b"
)
_LAST = re.compile(r"\b[Ee]nd(?:s|ing)? (?:in|with) (?:an? |the (?:letters? )?)?[\"'“‘]?([A-Z])\b")
_INITIAL = re.compile(
    r"\b(?:the|[Ll]etter) (?:(?:first|second|third|last|letter) )?[\"'“‘]?([A-Z])[\"'”’]? "
    r"(?:in|of) [\"'“‘]?[A-Z]{2,}\b"
)
_LETTERS = re.compile(r"\b[Tt]he (?:letters|abbreviation|acronym|initials) ([A-Z]{2,8})\b")
_STANDS_FOR = re.compile(r"\b([A-Z]{2,8}) (?:stands? for|means?|is short for)\b")
_CAPITAL = re.compile(r"[A-Z]")


def demands_of(prompt: str, answer: str, language: str = "en") -> list[Demand]:
    """Find the demands of a question; those that the right answer does not meet are left out.

    Args:
        prompt: The question.
        answer: The right answer.
        language: A BCP 47 tag.
    """
    if base_language(language) != "en":
        return []
    shown = plain(prompt)
    demands = [*_of_values(shown), *_of_letters(shown)]
    return [demand for demand in demands if demand(plain(answer))]


def _of_values(prompt: str) -> Iterator[Demand]:
    lower = prompt.casefold()
    for match in _RANGE.finditer(lower):
        low, high = match[1] or match[2], match[3]
        yield from _compared(low, ">=")
        yield from _compared(high, "<=")
    for match in _BOUND.finditer(_RANGE.sub("", lower)):
        sign = next(sign for sign, words in _BOUNDS.items() if match["words"] in words.split("|"))
        yield from _compared(match[2], sign)
    for match in _DECADE.finditer(lower):
        yield _in_years(int(match[1]), int(match[1]) + 9)
    for match in _CENTURY.finditer(lower):
        last = 100 * int(match[1])
        yield _in_years(last - 100, last)


def _compared(written: str, sign: str) -> Iterator[Demand]:
    value = value_of(written)
    if value is None:
        return
    bound, is_year = float(value), year_of(written) is not None

    def meets(text: str) -> bool:
        year = year_of(text)
        mine = value_of(text)
        if is_year or year is not None:
            number = None if not is_year or year is None else float(year)
        else:
            number = float(mine) if mine is not None and "-" not in mine[1:] else None
        if number is None:
            return True
        return {
            ">": number > bound,
            ">=": number >= bound,
            "<": number < bound,
            "<=": number <= bound,
        }[sign]

    yield meets


def _in_years(first: int, last: int) -> Demand:
    def meets(text: str) -> bool:
        year = year_of(text)
        return year is None or first <= year <= last

    return meets


def _of_letters(prompt: str) -> Iterator[Demand]:
    for pattern in (_FIRST, _INITIAL):
        for match in pattern.finditer(prompt):
            yield _begins_with(match[1])
    for match in _LAST.finditer(prompt):
        yield _ends_with(match[1])
    for pattern in (_LETTERS, _STANDS_FOR):
        for match in pattern.finditer(prompt):
            yield _has_initials(match[1])


def _begins_with(letters: str) -> Demand:
    return lambda text: text.casefold().startswith(letters.casefold())


def _ends_with(letters: str) -> Demand:
    return lambda text: text.casefold().endswith(letters.casefold())


def _has_initials(letters: str) -> Demand:
    return lambda text: "".join(_CAPITAL.findall(text)) == letters
