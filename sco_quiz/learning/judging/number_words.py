"""Reads numbers in figures and in English words."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache

from sco_quiz.learning.folding import base_language, fold, without_accents

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_CARDINALS = {word: number for number, word in enumerate(_UNITS.split())} | {
    word: number for number, word in zip(range(20, 100, 10), _TENS.split(), strict=True)
}
_ORDINALS = {
    "zeroth": 0,
    "first": 1,
    "second": 2,
    "third": 3,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
} | {
    f"{word.removesuffix('y')}{'ieth' if word.endswith('y') else 'th'}": number
    for word, number in _CARDINALS.items()
    if number not in (0, 1, 2, 3, 5, 8, 9, 12)
}
SCALES = {
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_SCALE_ORDINALS = {f"{word}th": value for word, value in SCALES.items()}
_DENOMINATORS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5} | {
    "sixth": 6,
    "eighth": 8,
    "tenth": 10,
}
_LARGEST_EXPONENT = 400

_FIGURES = re.compile(
    r"(?P<whole>[0-9]+) (?P<over>[0-9]+) ?/ ?(?P<under>[0-9]+)"
    r"|(?P<numerator>[0-9]+) ?/ ?(?P<denominator>[0-9]+)"
    r"|(?P<base>[0-9]+) ?(?:\^|\*\*) ?\(?(?P<power>[+-]?[0-9]{1,4})\)?"
    r"|(?P<decimal>[0-9]+(?:[.,][0-9]+)?\.?(?![0-9])|[.,][0-9]+)"
    r"(?: ?[x×*·] ?10 ?(?:\^|\*\*) ?\(?(?P<ten>[+-]?[0-9]{1,4})\)?|[eE](?P<e>[+-]?[0-9]{1,4}))?"
)
_WORD = re.compile(r"[a-z]+")


_SPELLED_ELSEWHERE = {
    "de": "null ein|eins|eine|einen zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"
    " dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig",
    "fr": "zéro un|une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze"
    " quinze seize dix-sept dix-huit dix-neuf vingt",
    "es": "cero un|uno|una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce"
    " quince dieciséis diecisiete dieciocho diecinueve veinte",
    "it": "zero un|uno|una due tre quattro cinque sei sette otto nove dieci undici dodici tredici"
    " quattordici quindici sedici diciassette diciotto diciannove venti",
    "pt": "zero um|uma dois|duas três quatro cinco seis sete oito nove dez onze doze treze"
    " catorze|quatorze quinze dezesseis|dezasseis dezessete|dezassete dezoito"
    " dezenove|dezanove vinte",
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien"
    " vijftien zestien zeventien achttien negentien twintig",
    "ru": "ноль|нуль один|одна|одно два|две три четыре пять шесть семь восемь девять десять"
    " одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать"
    " восемнадцать девятнадцать двадцать",
    "tr": "sıfır bir iki üç dört beş altı yedi sekiz dokuz on onbir oniki onüç ondört onbeş"
    " onaltı onyedi onsekiz ondokuz yirmi",
}
"""The numbers from 0 to 20, by language; ways to write one stand beside each other."""


def spelled_figure(text: str, language: str) -> str:
    """Return a number up to 20 that is spelled in another language than English, in figures.

    Empty for any other text.
    """
    return _figures_of(base_language(language)).get(without_accents(fold(text)), "")


@cache
def _figures_of(language: str) -> dict[str, str]:
    words = _SPELLED_ELSEWHERE.get(language, "").split()
    return {
        without_accents(word): str(number)
        for number, several in enumerate(words)
        for word in several.split("|")
    }


def read_figures(text: str) -> tuple[Fraction, int] | None:
    """Return the number in figures at the start of a text, and its end; None for none.

    Args:
        text: A text with plain signs and without grouped digits (`folding.even_out`).
    """
    match = _FIGURES.match(text)
    if match is None:
        return None
    part = match.groupdict()
    if part["whole"]:
        under = int(part["under"])
        value = Fraction(int(part["whole"]) * under + int(part["over"]), under) if under else None
    elif part["numerator"]:
        under = int(part["denominator"])
        value = Fraction(int(part["numerator"]), under) if under else None
    elif part["base"]:
        value = _power(Fraction(int(part["base"])), int(part["power"]))
    else:
        value = Fraction(_decimal(part["decimal"]))
        exponent = part["ten"] or part["e"]
        if exponent:
            scale = _power(Fraction(10), int(exponent))
            value = None if scale is None else value * scale
    return None if value is None else (value, match.end())


def _decimal(text: str) -> str:
    text = text.replace(",", ".").rstrip(".")
    return f"0{text}" if text.startswith(".") else text


def _power(base: Fraction, exponent: int) -> Fraction | None:
    if abs(exponent) * len(str(base.numerator)) > _LARGEST_EXPONENT or (not base and exponent < 0):
        return None
    return Fraction(base) ** exponent


def read_words(words: list[str], start: int = 0) -> tuple[Fraction, int, bool] | None:
    """Return the number that English words spell from a place on.

    `nineteen eighty-nine` is read as a year, `one and a half` as a fraction.

    Args:
        words: The words, in small letters, without hyphens.
        start: The index of the first word.

    Returns:
        The number, the index after it, and True if its last word is an ordinal; None for none.
    """
    whole_number = _whole_number(words, start)
    if whole_number is None:
        return _fraction(words, start)
    value, end, ordinal = whole_number
    if ordinal:
        return Fraction(value), end, True
    if (
        value > 9 and value < 100 and (second_number := _whole_number(words, end))
    ):  # a year in two halves
        rest, stop, last = second_number
        if 10 <= rest < 100:
            return Fraction(value * 100 + rest), stop, last
    if words[end : end + 2] == ["and", "a"] or words[end : end + 2] == ["and", "one"]:
        part = _fraction(words, end + 1)
        if part is not None:
            return value + part[0], part[1], False
    if end < len(words) and words[end].rstrip("s") in _DENOMINATORS and value:
        under = _DENOMINATORS[words[end].rstrip("s")]
        if words[end].endswith("s") or value == 1:
            return Fraction(value, under), end + 1, False
    return Fraction(value), end, False


def _fraction(words: list[str], start: int) -> tuple[Fraction, int, bool] | None:
    """Return a fraction spelled as in a half, one quarter, half; None for any other words."""
    if words[start : start + 1] in (["a"], ["one"]) and start + 1 < len(words):
        if words[start + 1] in _DENOMINATORS:
            return Fraction(1, _DENOMINATORS[words[start + 1]]), start + 2, False
    elif words[start : start + 1] == ["half"]:
        return Fraction(1, 2), start + 1, False
    return None


def _whole_number(words: list[str], start: int) -> tuple[int, int, bool] | None:
    """Return a whole number below a thousand billions, with or without "and"; None for none."""
    total, group, place, has_digits = 0, 0, start, False
    last_scale = 10**15
    while place < len(words):
        word = words[place]
        if (
            word in ("a", "an")
            and not has_digits
            and words[place + 1 : place + 2]
            and words[place + 1] in SCALES
        ):
            group, has_digits = 1, True
        elif word in _CARDINALS or word in _ORDINALS:
            number = _CARDINALS.get(word, _ORDINALS.get(word, 0))
            if group % 100 and not (group % 100 >= 20 and group % 10 == 0 and 0 < number < 10):
                break
            if group and not number:
                break
            group, has_digits = group + number, True
            if word in _ORDINALS:
                return total + group, place + 1, True
        elif (word in SCALES or word in _SCALE_ORDINALS) and has_digits:
            scale = SCALES.get(word) or _SCALE_ORDINALS[word]
            if scale == 100:
                if group >= 100 or not group:
                    break
                group *= 100
            elif scale < last_scale:
                total, group, last_scale = total + group * scale, 0, scale
            else:
                break
            if word in _SCALE_ORDINALS:
                return total + group, place + 1, True
        elif not (
            word == "and"
            and has_digits
            and (group % 100 == 0)
            and (group or total)
            and place + 1 < len(words)
            and (words[place + 1] in _CARDINALS or words[place + 1] in _ORDINALS)
        ):
            break
        place += 1
    return (total + group, place, False) if has_digits else None
