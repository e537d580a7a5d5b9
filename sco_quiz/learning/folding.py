"""Folds texts: removes differences between keyboards, scripts and habits of writing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_COMMA_DECIMAL = (
    "az be bg bs ca cs da de el es et eu fi fr gl hr hu hy id is it ka kk ky lt lv mk mn nb nl nn "
    "no pl pt ro ru sk sl sq sr sv tg tk tr tt uk uz vi"
)
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("’‘‛`´ʼʻʹ′ʿʾ", "'"),
        **dict.fromkeys("“”„‟«»‹›″", '"'),
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        "⁄": "/",
    }
    | {"ك": "ک", "ي": "ی", "ى": "ی", "ـ": None}  # Arabic and Persian keyboards; tatweel
)
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e01ef]"
)
_STRAY = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff]")
_DIGIT = re.compile(r"(?![0-9])\d")
_POWER = re.compile("(?<=[0-9])(?=[⁰¹²³⁴-⁹⁻])")
"""The place before an exponent: 10² is not 102."""
_VULGAR = re.compile("(?<=[0-9])(?=[¼-¾⅐-⅞])")
"""The place before a fraction: 1½ is not 11/2."""
_MARKS = re.compile(
    "(?<!\u0438)[\u0300-\u036f]"  # Latin, Greek, Cyrillic; but й is a letter of its own
    "|[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]"  # Hebrew, Arabic
)
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h"}
    | {"ı": "i", "ə": "e", "ŋ": "n"}
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


@lru_cache(maxsize=100)
def base_language(tag: str) -> str:
    """Return the language of a BCP 47 tag: "en" of "en-GB"."""
    return re.split("[-_]", tag, maxsplit=1)[0].lower()


def without_unseen(text: str) -> str:
    """Return the text without soft hyphens, zero-width spaces and direction marks."""
    return _STRAY.sub("", text)


def with_plain_signs(text: str) -> str:
    """Return the text with one form for each sign, digit and space.

    Compatibility forms (ligatures, full width) become plain ones, quotes and dashes the ASCII
    ones, digits of any script 0-9, powers of numbers 10^2. Invisible characters go; case stays.
    """
    if text.isascii():
        return " ".join(text.replace("`", "'").split())
    text = _VULGAR.sub(" ", _POWER.sub("^", _UNSEEN.sub("", text).translate(_SIGNS)))
    text = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    text = _DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    return " ".join(text.split())


def even_out(text: str, language: str = "en") -> str:
    """Return the text with plain signs, and numbers without digit grouping. Case stays.

    Args:
        text: Any text.
        language: A BCP 47 tag, which decides if 2.500 is a grouped number or a decimal one.
    """
    grouped = (
        _GROUPED_COMMA if base_language(language) in _COMMA_DECIMAL.split() else _GROUPED_POINT
    )
    return grouped.sub(lambda number: re.sub("[^0-9]", "", number[0]), with_plain_signs(text))


def _grouped(mark: str, other: str) -> re.Pattern[str]:
    """Return the pattern of grouped digits; one group of three after `other` is a fraction."""
    return re.compile(
        rf"(?<![0-9.,'])[1-9][0-9]{{0,2}}"
        rf"(?:(?:{mark}[0-9]{{3}})+|(?: [0-9]{{3}})+|(?:'[0-9]{{3}})+|(?:{other}[0-9]{{3}}){{2,}}"
        rf"|(?:,[0-9]{{2}})+,[0-9]{{3}})(?![0-9])"
    )


_GROUPED_POINT = _grouped(",", r"\.")
_GROUPED_COMMA = _grouped(r"\.", ",")


def fold(text: str, language: str = "en") -> str:
    """Return the text with plain signs and numbers, without case."""
    return without_case(even_out(text, language))


def without_case(text: str) -> str:
    """Return the text in small letters, such that capitals give the same: ss for ß."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text.casefold())
    return folded.replace("i\u0307", "i")  # the result of casefolding İ


def without_accents(text: str) -> str:
    """Return a folded text in base letters: é is e, ł is l, ё is е."""
    if text.isascii():
        return text
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def with_digraphs(text: str) -> str:
    """Return a folded text with ae, oe, ue and aa for the letters ä, ö, ø, ü and å."""
    return without_accents(text.translate(_UMLAUTS))


@lru_cache(maxsize=20_000)
def bare_key(text: str) -> str:
    """Return the letters and figures of a text, without case and accents."""
    return "".join(char for char in without_accents(fold(text)) if char.isalnum())
