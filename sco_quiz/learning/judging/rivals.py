"""The answers to other cards, so that of thousands those are found at once that a text may mean."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sco_quiz.learning.folding import bare_key
from sco_quiz.learning.judging.scripts import pinyin, romaji, with_digraphs
from sco_quiz.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_WITH_A_WORD = 100
"""Answers that share a word; a word that more of them have tells nothing."""
_WORD = re.compile(r"[^\W_]+")


class Rivals:
    """The answers to other cards, by their letters and words."""

    def __init__(self, answers: Iterable[str]) -> None:
        """Take answers as their authors wrote them."""
        answers = dict.fromkeys(answers)
        self._have_sounds = not all(answer.isascii() for answer in answers)
        self._by_key: dict[str, list[str]] = {}
        self._by_word: dict[str, list[str]] = {}
        for answer in answers:
            shown = plain(answer)
            for part in {shown, *shown.split(" / ")}:
                for key in self._keys(part):
                    self._by_key.setdefault(key, []).append(answer)
            for word in set(_WORD.findall(shown.casefold())):
                self._by_word.setdefault(word, []).append(answer)

    def like(self, typed: str, rights: Iterable[str]) -> list[str]:
        """Return those that a text may say or name, and that share a surname with an answer."""
        found: list[str] = []
        for key in self._keys(typed):
            found += self._by_key.get(key, ())
        words = set(_WORD.findall(typed.casefold()))
        words |= {names[-1] for right in rights if (names := _WORD.findall(right.casefold()))}
        for word in words:
            sharing = self._by_word.get(word, ())
            found += sharing if len(sharing) <= MOST_WITH_A_WORD else ()
        return list(dict.fromkeys(found))

    def near(self, typed: str, most: int) -> list[str]:
        """Return those that are up to so many slips from a text."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        close = extract(
            bare_key(typed), self._by_key.keys(), scorer=OSA.distance, score_cutoff=most, limit=50
        )
        return list(dict.fromkeys(answer for key, *_ in close for answer in self._by_key[key]))

    def _keys(self, text: str) -> set[str]:
        """The spellings by which a text is found: its letters, umlauts written out, sounds."""
        keys = {bare_key(text), text.strip().casefold()}
        if self._have_sounds:
            letters = "".join(char for char, _ in pinyin(text) or ())
            keys |= {bare_key(with_digraphs(text.casefold())), romaji(text) or "", letters}
        return keys - {""}


@lru_cache(maxsize=16)
def rivals_of(answers: tuple[str, ...]) -> Rivals:
    """Return answers to other cards, made ready once for all that are typed in a session."""
    return Rivals(answers)
