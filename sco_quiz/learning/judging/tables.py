"""The tables of judging, each read when it is first needed.

`data/README.md` names their sources.
"""

from __future__ import annotations

import re
import zlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

_DATA = Path(__file__).parent / "data"


def is_word(text: str, language: str) -> bool:
    """Return True if the word list of a language has a word, given in small letters.

    False for a language without a list. `en-rare` has rare English words.
    """
    words = _word_list(language)
    wanted = text.encode()
    low, high = 0, len(words)
    while low < high:
        start = words.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = words.find(b"\n", start, high)
        end = high if end < 0 else end
        word = words[start:end]
        if word == wanted:
            return bool(word)
        if word < wanted:
            low = end + 1
        else:
            high = start
    return False


@cache
def _word_list(language: str) -> bytes:
    """Return the words of a language, one a line, sorted by their bytes."""
    file = _DATA / f"words-{re.sub('[^a-z-]', '', language)}.z"
    return zlib.decompress(file.read_bytes()) if file.exists() else b""


@cache
def american_spellings() -> dict[str, str]:
    """Return the American spelling of each word with another one in Britain."""
    lines = (_DATA / "spelling.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


@cache
def simplified_characters() -> dict[int, str]:
    """Return the simplified form of each traditional Chinese character, for `str.translate`."""
    traditional, simplified = (_DATA / "simplified.txt").read_text(encoding="utf-8").splitlines()
    return {ord(one): other for one, other in zip(traditional, simplified, strict=True)}


@cache
def given_names() -> frozenset[str]:
    """Return given names, in small letters."""
    return frozenset((_DATA / "given-names.txt").read_text(encoding="utf-8").split())


class CountryName(NamedTuple):
    """A name of a country, in use or official only.

    Attributes:
        country: The name under which the country stands in the table.
        official: True for "Russian Federation", which says more than "Russia".
    """

    country: str
    official: bool


@cache
def country_names() -> dict[str, CountryName]:
    """Return the names of countries in English, in small letters, and the official ones.

    Those with an apostrophe are there without it too.
    """
    names: dict[str, CountryName] = {}
    for line in (_DATA / "countries.txt").read_text(encoding="utf-8").lower().splitlines():
        usual, _, official = line.partition("\t")
        country = usual.split(" | ")[0]
        names |= {name: CountryName(country, False) for name in usual.split(" | ")}
        names |= {name: CountryName(country, True) for name in official.split(" | ") if name}
    return names | {name.replace("'", ""): country for name, country in names.items()}


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(words.split())
