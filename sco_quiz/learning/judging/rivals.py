"""The answers to other cards, indexed, so that those that a text may mean are found at once."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sco_quiz.learning.folding import bare_key, base_language
from sco_quiz.learning.judging import words
from sco_quiz.learning.judging.scripts import has_kana, pinyin, romaji, with_digraphs
from sco_quiz.learning.judging.texts import AnswerSort, JudgedText, have_equal_value
from sco_quiz.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sco_quiz.learning.judging.findings import AcceptedWording

MOST_WITH_A_WORD = 100
"""The most answers that share a word; a word that more of them have is ignored."""
_WORD = re.compile(r"[^\W_]+")


class Rivals:
    """The answers to other cards, by their letters and words."""

    def __init__(self, answers: Iterable[str]) -> None:
        """Index answers as their authors wrote them."""
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
        """Return answers that a text may mean, and those sharing a surname with a right answer."""
        similar: list[str] = []
        for key in self._keys(typed):
            similar += self._by_key.get(key, ())
        words = set(_WORD.findall(typed.casefold()))
        words |= {names[-1] for right in rights if (names := _WORD.findall(right.casefold()))}
        for word in words:
            sharing = self._by_word.get(word, ())
            similar += sharing if len(sharing) <= MOST_WITH_A_WORD else ()
        return list(dict.fromkeys(similar))

    def near(self, typed: str, most: int) -> list[str]:
        """Return answers at most so many slips away from a text."""
        from rapidfuzz import distance, process

        close = process.extract(
            bare_key(typed),
            self._by_key.keys(),
            scorer=distance.OSA.distance,
            score_cutoff=most,
            limit=50,
        )
        return list(dict.fromkeys(answer for key, *_ in close for answer in self._by_key[key]))

    def _keys(self, text: str) -> set[str]:
        """Return the spellings under which a text is indexed: letters, umlauts as ae, sounds."""
        keys = {bare_key(text), text.strip().casefold()}
        if self._have_sounds:
            letters = "".join(char for char, _ in pinyin(text) or ())
            keys |= {bare_key(with_digraphs(text.casefold())), romaji(text) or "", letters}
        return keys - {""}


@lru_cache(maxsize=16)
def rivals_of(answers: tuple[str, ...]) -> Rivals:
    """Return answers to other cards, indexed once for all texts typed in a session."""
    return Rivals(answers)


def without_own(rivals: Sequence[str], rights: Sequence[AcceptedWording]) -> list[str]:
    """Return the rivals that are not accepted answers, in any of their forms."""
    if not rivals:
        return []
    own = {right.text.text for right in rights} | {right.text.light for right in rights}
    language = rights[0].text.language if rights else "en"
    cased = any(right.text.sort in (AnswerSort.CODE, AnswerSort.FORMULA) for right in rights[:1])
    return [
        rival
        for rival in rivals
        if plain(rival) not in own and (cased or not _forms(rival, language) & own)
    ]


@lru_cache(maxsize=20_000)
def _forms(rival: str, language: str) -> frozenset[str]:
    """Return another card's answer as written, as shown, and folded, also each side of a slash."""
    shown = plain(rival)
    parts = (shown, *shown.split(" / "))
    return frozenset({rival, shown, *(words.light(part, language) for part in parts)})


def rival_as_written(
    given: JudgedText, rivals: Sequence[str], rights: Sequence[AcceptedWording]
) -> str | None:
    """Return another card's answer that was given as written; None if it is right here too."""
    for rival in rivals:
        shown = plain(rival)
        if (
            shown == given.text
            or (shown.casefold() == given.text.casefold() and given.text.lower() == given.text)
        ) and not any(have_equal_value(given, right.text) for right in rights):
            return rival
    for rival in rivals:
        if any(
            _reads_as(given, JudgedText(plain(rival), given.language), right.text)
            for right in rights
        ):
            return rival
    cased = any(
        right.text.sort in (AnswerSort.CODE, AnswerSort.FORMULA, AnswerSort.AMOUNT)
        for right in rights
    )
    if cased or any(given.light == right.text.light for right in rights):
        return None
    for rival in rivals:
        if bare_key(plain(rival)) == bare_key(given.text):
            parts = plain(rival).split(" / ")
            if any(words.light(part, given.language) == given.light for part in parts):
                return rival
    return None


def _reads_as(given: JudgedText, rival: JudgedText, right: JudgedText) -> bool:
    """Return True if pinyin or romaji is exactly another card's answer, and not the own."""
    if right.is_pinyin:
        return given.pinyin is not None and given.pinyin == rival.pinyin != right.pinyin
    if has_kana(right.text) or base_language(right.language) == "ja":
        return given.romaji is not None and given.romaji == rival.romaji != right.romaji
    return False


def rival_folded(
    given: JudgedText, rivals: Sequence[str], rights: Sequence[AcceptedWording]
) -> str | None:
    """Return another card's answer that was given, after folding; None for none."""
    key = bare_key(given.text)
    own = {bare_key(right.text.text) for right in rights}
    for rival in rivals:
        if bare_key(plain(rival)) == key and key and key not in own:
            return rival
        if not rival.isascii() and given.words.key == words.digraph_key(
            words.words_of(plain(rival), given.language)
        ):
            return rival
    return None


def names_a_rival(text: str, rivals: Sequence[str]) -> bool:
    """Return True if a text contains another card's answer."""
    said = _spaced_words(text)
    return any(_spaced_words(plain(rival)) in said for rival in rivals)


def _spaced_words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "
