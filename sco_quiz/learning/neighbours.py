"""Neighbours of numbers, years and dates: plausible wrong values near the right one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.learning.values import CARDINALS, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

EARLIEST_YEAR, LATEST_YEAR = 1000, 2199
"""Four digits between these are a year, if they stand alone and are not round."""
LEAST_SPREAD, MOST_SPREAD = 6, 60
"""The least and most years by which neighbours of a year differ: more for years long ago."""
MOST_WORDS = 5
"""The most words of a text with a number; in a longer one the number is not what is asked."""

_NUMBER = re.compile(
    r"(?<![\d.,])(?:\d{1,3}(?P<group>[,.'\u00a0\u202f ])\d{3}(?:(?P=group)\d{3})*(?![\d.,]\d)"
    r"|\d+(?P<point>[.,])\d+|\d+)(?![.,]?\d)"
)
_ORDINAL = re.compile("(?:st|nd|rd|th)\\b")
_PER_CENT = re.compile(r" ?(?:%|per ?cent)")
_DATE = re.compile(r"(?:[0-9]{4}|-)-[0-9]{2}(?:-[0-9]{2})?")
_UNIT = re.compile(r"\s?[^\W\d_]|\s?%")
_WORDS = CARDINALS.split()


def neighbours(text: str, chance: Random, latest: int, language: str = "en") -> Iterator[str]:
    """Yield other values in the form of a number, year or date; nothing for any other text.

    Numbers are of similar size, as round and as precise; years lie within some years of the right
    one, more for years long ago.

    Args:
        text: The right answer.
        chance: The source of randomness.
        latest: The latest year for neighbours of a year, unless the year itself is later.
        language: A BCP 47 tag.
    """
    value = value_of(text, language)
    if text.lower() in _WORDS and value is not None:
        yield from _spelled(text, int(value), chance)
        return
    matches = list(_NUMBER.finditer(text))
    if not matches or len(text.split()) > MOST_WORDS:
        return
    if value is not None and _DATE.fullmatch(value):
        replacements = [(match, _parts_of_date(match, latest)) for match in matches]
    elif len(matches) == 1:
        match = matches[0]
        counts_things = value is None and _UNIT.match(text, match.end())
        year = _is_year(match) and not counts_things
        replacements = [(match, _years(int(match[0]), latest) if year else _numbers(match))]
    else:
        return
    others = [_replaced(match, other) for match, values in replacements for other in values]
    chance.shuffle(others)
    for other in others:
        if value is None or value_of(other, language) is not None:
            yield other


def year_of(text: str, language: str = "en") -> int | None:
    """Return the year that a text is, alone or in a date; else None."""
    value = value_of(text, language)
    if value is None:
        return None
    if _DATE.fullmatch(value):
        return None if value.startswith("-") else int(value[:4])
    match = _NUMBER.fullmatch(text.strip())
    return int(match[0]) if match and _is_year(match) else None


def spread(year: int, latest: int) -> int:
    """Return the number of years by which a neighbour of a year may differ from it."""
    return min(max((latest - year) // 8, LEAST_SPREAD), MOST_SPREAD)


def _is_year(match: re.Match[str]) -> bool:
    digits = match[0]
    return (
        len(digits) == 4
        and digits.isdecimal()
        and EARLIEST_YEAR <= int(digits) <= LATEST_YEAR
        and int(digits) % 500 != 0
    )


def _years(year: int, latest: int) -> list[str]:
    far = spread(year, latest)
    latest = latest if latest >= year else year + far
    return [str(other) for other in range(year - far, min(year + far, latest) + 1) if other != year]


def _parts_of_date(match: re.Match[str], latest: int) -> list[str]:
    digits = match[0]
    number = int(digits)
    if len(digits) == 4:
        return _years(number, latest)
    year = re.search(r"\d{4}", match.string)
    # In the latest year, only earlier days and months are sure to be past.
    most = number - 1 if year and int(year[0]) >= latest else 12 if number <= 12 else 28
    others = [other for other in range(1, most + 1) if other != number]
    in_words = any(map(str.isalpha, match.string))
    width = 1 if in_words and digits[0] != "0" else len(digits)
    return [str(other).zfill(width) for other in others]


def _numbers(match: re.Match[str]) -> list[str]:
    digits = re.sub(r"\D", "", match[0])
    number = int(digits)
    unit = 1
    while number and number % 10 == 0:
        number, unit = number // 10, unit * 10
    if number < 4 and unit > 1:
        number, unit = number * 10, unit // 10
    distance = max(3, number // 2)
    step = max(1, number // 100)  # so that people can tell them apart
    others = {number + sign * by for by in range(step, distance + 1, step) for sign in (1, -1)}
    whole = int(digits)
    most = 100 if whole <= 100 and _PER_CENT.match(match.string, match.end()) else whole * 10 + 10
    if match["point"]:
        places = len(match[0]) - match[0].index(match["point"]) - 1
        most = most * 10**places if most == 100 else most
        texts = [
            (text[:-places] or "0") + match["point"] + text[-places:]
            for other in others
            if 0 < other * unit <= most
            for text in [str(other * unit).zfill(places + 1)]
        ]
    else:
        mark = match["group"]
        texts = [
            f"{other * unit:,}".replace(",", mark) if mark else str(other * unit)
            for other in others
            if 0 < other * unit <= most
        ]
    return sorted(texts)


def _spelled(text: str, number: int, chance: Random) -> Iterator[str]:
    others = [word for at, word in enumerate(_WORDS) if 0 < abs(at - number) <= 4 and at > 0]
    chance.shuffle(others)
    for word in others:
        yield word.capitalize() if text[0].isupper() else word


def _replaced(match: re.Match[str], other: str) -> str:
    after = match.string[match.end() :]
    ending = _ORDINAL.match(after)
    if ending:
        after = _ending(int(other)) + after[ending.end() :]
    return match.string[: match.start()] + other + after


def _ending(number: int) -> str:
    teens = 10 < number % 100 < 20
    return "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
