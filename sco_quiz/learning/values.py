"""Values: numbers, years and dates, which can be compared however they are written."""

from __future__ import annotations

import re
from functools import cache

from sco_quiz.learning.folding import base_language, even_out, fold, without_accents

LONGEST_VALUE = 40
"""The most characters of a text that is read as a value."""

CARDINALS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_SPELLED = {
    word: str(number)
    for words in (CARDINALS, _ORDINALS)
    for number, word in enumerate(words.split())
}

_NUMBER = re.compile(
    r"(?P<ad>ad )?(?P<sign>[+-]?)(?P<whole>[0-9]+)(?:[.,](?P<part>[0-9]+))?"
    r"(?: ?%| per ?cent|st|nd|rd|th| (?P<era>ad|ce|bce?))?"
)
_MONTH_NAMES = (
    "january february march april may june july august september october november december"
)
_MONTHS = {"sept": 9} | {
    name: number
    for number, full in enumerate(_MONTH_NAMES.split(), start=1)
    for name in (full, full[:3])
}
_MONTH = rf"(?P<name>{'|'.join(sorted(_MONTHS, reverse=True))})\.?"
_DAY = r"(?:the )?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?\.?"
_YEAR = r"(?P<year>[0-9]{4})"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?",
        rf"{_MONTH} {_DAY}(?:,? {_YEAR})?",
        rf"{_MONTH},? {_YEAR}",
        rf"{_YEAR}(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}})",
        rf"(?P<day>[0-9]{{1,2}})(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?P=mark){_YEAR}",
        rf"{_YEAR}-(?P<month>[0-9]{{2}})",
    )
)

_MONTHS_ELSEWHERE = {
    "de": "januar|jänner februar märz april mai juni"
    " juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio"
    " julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno"
    " luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho"
    " julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "ru": "января|январь февраля|февраль марта апреля|апрель мая|май июня|июнь"
    " июля|июль августа сентября|сентябрь октября|октябрь ноября|ноябрь декабря|декабрь",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
}
"""The names of months, by language; a beginning of three letters that fits one alone will do."""
_AROUND_DATES = re.compile("am|d[eu]|del|di|do|de[rn]|e[lnm]|het|i[lm]|l[ae]|nel|op|год[ау]?|г")
_EAST_ASIAN = re.compile(r"([0-9]{4}) ?年 ?([0-9]{1,2}) ?月(?: ?([0-9]{1,2}) ?日)?")
_ROMAN = re.compile("m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+")


def value_of(text: str, language: str = "en") -> str | None:
    """Return the number or date that a text is, in one spelling; None for any other text.

    Two texts have the same value exactly if the returned spellings are equal: "2,500", "2500.0" and
    "2 500" are "2500"; "15 June 2001" and "15.06.2001" are "2001-06-15"; "June 2001" is "2001-06".
    Per cent signs, ordinal endings and leading zeros do not count. Number words up to twenty and
    the names of months are read in English.

    Args:
        text: Any text.
        language: A BCP 47 tag. It decides if "2.500" is 2500 or 2.5; with "en-US", "5/6/2001" is in
            May, otherwise the day comes first.
    """
    if len(text) > LONGEST_VALUE:
        return None
    if len(text) > 1 and text.isupper() and (roman := roman_value(text)):
        return roman
    folded = fold(text, language).strip(" .,;:!?'\"()")
    spelled = _SPELLED.get(folded) if base_language(language) == "en" else None
    return spelled or _number(folded) or _date(folded, month_first=language.lower() == "en-us")


def _number(text: str) -> str | None:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    whole = match["whole"].lstrip("0") or "0"
    part = (match["part"] or "").rstrip("0")
    number = f"{whole}.{part}" if part else whole
    before_christ = (match["era"] or "").startswith("b")
    return f"-{number}" if number != "0" and (match["sign"] == "-" or before_christ) else number


def date_of(text: str, language: str = "en") -> str | None:
    """Return the date that a text is, as `value_of` spells it; None for any other text.

    Args:
        text: A text in small letters, with plain signs.
        language: A BCP 47 tag; "en-US" puts the month before the day in 5/6/2001.
    """
    return _date(_with_english_month(text, language), month_first=language.lower() == "en-us")


def _with_english_month(text: str, language: str) -> str:
    """Return a date with the English name of its month, and without words around it."""
    if match := _EAST_ASIAN.fullmatch(text):
        return "-".join(part.zfill(2) for part in match.groups() if part)
    months = _months_of(base_language(language))
    words: list[str] = []
    for word in text.split() if months else ():
        bare = without_accents(word.strip(".,"))
        found = {month for name, month in months if name.startswith(bare)}
        if len(bare) > 2 and len(found) == 1:
            words += found
        elif not _AROUND_DATES.fullmatch(bare):
            words.append(word)
    return " ".join(words) or text


@cache
def _months_of(language: str) -> list[tuple[str, str]]:
    """Return the names of months in a language other than English, each with the English one."""
    months = _MONTHS_ELSEWHERE.get(language, "").split()
    return [
        (without_accents(name), english)
        for names, english in zip(months, _MONTH_NAMES.split(), strict=False)
        for name in names.split("|")
    ]


def _date(text: str, *, month_first: bool) -> str | None:
    for pattern in _DATES:
        if (match := pattern.fullmatch(text)) is not None:
            break
    else:
        return None
    parts = match.groupdict()
    month = _MONTHS[parts["name"]] if "name" in parts else int(parts["month"])
    day = int(parts.get("day") or 0)
    us_order = month_first and parts.get("mark") == "/" and day <= 12
    if match.start("year") > 0 and (month > 12 or us_order):
        day, month = month, day
    if not (1 <= month <= 12 and day <= 31) or (day == 0 and parts.get("day")):
        return None
    year = parts.get("year") or "-"
    return f"{year}-{month:02}-{day:02}" if day else f"{year}-{month:02}"


def roman_value(word: str) -> str:
    """Return a Roman numeral below 4000 in Arabic digits; "" for any other word."""
    digits = word.casefold()
    if not digits or not _ROMAN.fullmatch(digits):
        return ""
    values = [_ROMAN_DIGITS[digit] for digit in digits]
    return str(
        sum(
            -value if value < following else value
            for value, following in zip(values, [*values[1:], 0], strict=True)
        )
    )


def numerals(text: str, names: str, language: str = "en") -> list[str]:
    """Return the numbers and Roman numerals in a text, in order, in Arabic digits.

    A word in small letters is a Roman numeral only up to 39 (i, v, x), or if `names` has it in
    capitals; and never if `names` has it as another word (Xi Jinping, dim sum).

    Args:
        text: The text.
        names: The right answer, whose spelling tells numerals from words.
        language: A BCP 47 tag.
    """
    tokens = _TOKEN.findall(even_out(names, language))
    capitals = {token.casefold() for token in tokens if token.isupper()}
    words = {token.casefold() for token in tokens} - capitals
    numbers = []
    for token in _TOKEN.findall(even_out(text, language)):
        small = token.casefold()
        if token.isdecimal():
            numbers.append(token.lstrip("0"))
        elif small not in words and (
            token.isupper() or small in capitals or not small.strip("ivx")
        ):
            numbers.append(roman_value(small))
    return [number for number in numbers if number]
