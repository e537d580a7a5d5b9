"""The tables that judging looks things up in, each read when it is first asked for.

`data/README.md` says where each comes from.
"""

from __future__ import annotations

import re
import zlib
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


def is_word(text: str, language: str) -> bool:
    """Tell whether the word list of a language has a word, given in small letters.

    False for a language without a list. `en-rare` has the English words that few know.
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
    """The words of a language, sorted by their bytes, a line each."""
    file = _DATA / f"words-{re.sub('[^a-z-]', '', language)}.z"
    return zlib.decompress(file.read_bytes()) if file.exists() else b""


@cache
def american_spellings() -> dict[str, str]:
    """The American spelling of each word that is spelt otherwise in Britain."""
    lines = (_DATA / "spelling.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


@cache
def simplified_characters() -> dict[int, str]:
    """The simplified form of each traditional Chinese character, for `str.translate`."""
    traditional, simplified = (_DATA / "simplified.txt").read_text(encoding="utf-8").splitlines()
    return {ord(one): other for one, other in zip(traditional, simplified, strict=True)}


@cache
def given_names() -> frozenset[str]:
    """Given names, in small letters."""
    return frozenset((_DATA / "given-names.txt").read_text(encoding="utf-8").split())


@cache
def countries() -> frozenset[str]:
    """Names of countries in English, in small letters."""
    return frozenset((_DATA / "countries.txt").read_text(encoding="utf-8").lower().splitlines())


def word_set(words: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(words.split())
