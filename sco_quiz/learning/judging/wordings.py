"""The wordings of a right answer: with and without brackets, either side of a slash."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from sco_quiz.learning.difference import edits
from sco_quiz.learning.folding import bare_key, base_language
from sco_quiz.learning.judging.findings import AcceptedWording
from sco_quiz.learning.judging.tables import is_word
from sco_quiz.learning.judging.texts import AnswerSort, JudgedText
from sco_quiz.text import formula_in, plain, shows_formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST_PATTERN = 500
"""The most characters of an answer whose brackets and slashes make a pattern."""
FEW_ANSWERS = 30
_OPTIONAL = re.compile(
    r"(?:(?<=^)|(?<=\s))\((?P<part>[^()]*)\)(?=\s|$)"
    r"|(?<=[^\W\d_])\((?P<within>[^\W\d_]+)\)(?=[^\W\d_])"
    r"|(?<=[^\W\d_]{3})\((?P<ending>e?s|in|er)\)(?=\s|$)"
)
_ENDINGS = {
    language: re.compile(
        rf"(?P<word>[^\W\d_]{{3,40}})(?:\((?P<added>{endings})\)|[/·]-?(?P<other>{endings}))(?=\s|$)"
    )
    for language, endings in {
        "de": "e|in|innen|n|en|er|s",
        "es": "a|as|es|s",
        "fr": "e|es|s|ne|le|te|se",
        "it": "a|e|i",
        "pt": "a|as|es|s",
    }.items()
}
"""A word with another ending after it, for the other gender or number: étudiant(e), bueno/a."""
_ALTERNATIVES = re.compile(r" / (?![^()]*\))")
_EITHER = re.compile(r"(?P<one>[^\W\d_]{2,}|[^\W\d_]{2,} [^\W\d_]+)/(?P<other>[^\W\d_]{2,})")
_NO_ALTERNATIVES = frozenset({"and/or", "input/output", "read/write", "client/server", "km/h"})
_SHORT_ALTERNATIVES = frozenset({"he/she", "she/he", "his/her", "him/her", "he/it", "we/us"})
_ESCAPED = {"\\(": "\ue000", "\\)": "\ue001", "\\/": "\ue002"}
"""Escaped brackets and slashes, and the characters that replace them while patterns are read."""
_FUNCTION = re.compile(r"\b(?:sin|cos|tan|log|exp|lim|max|min|arc\w+)\(")


def ways_to_put(answers: Iterable[str], language: str, *, literal: bool) -> list[AcceptedWording]:
    """Return all wordings of the answers; of each answer, first the one its author wrote.

    `a / b` may be answered as a or b, `a (b)` without b or without the brackets; but not in an
    answer with a formula or in code. Inline markup is no part of the answer, but may be typed.

    Args:
        answers: The answers, as their author wrote them.
        language: A BCP 47 tag.
        literal: True if brackets and slashes are text.
    """
    return [
        AcceptedWording(at, JudgedText(text, language, source=answer))
        for at, answer in enumerate(answers)
        for text in _wordings(answer, language, literal=literal)
    ]


def candidates(typed: str, rights: Sequence[AcceptedWording]) -> Sequence[AcceptedWording]:
    """Return the right answers that a text may mean.

    A few are all returned; of many, those with similar spelling, and those that are not words.
    """
    if len(rights) <= FEW_ANSWERS:
        return rights
    key = bare_key(typed)
    return [
        right
        for right in rights
        if right.text.sort is not AnswerSort.WORDS
        or bare_key(right.text.text) in key
        or key in bare_key(right.text.text)
        or edits(key, bare_key(right.text.text), 3) <= 3
    ]


def as_literal(text: str) -> str:
    """Return a text in the form in which a deck accepts exactly this text.

    Brackets, slashes and signs of markup get a backslash, so that they make no pattern.
    """
    languages = ("en", *_ENDINGS)
    if plain(text) == text and all(
        _wordings(text, tag, literal=False) == [text] for tag in languages
    ):
        return text
    return re.sub(r"([\\`*_\[\]$()<>&/])", r"\\\1", text)


def _wordings(answer: str, language: str, *, literal: bool) -> list[str]:
    for escaped, masked in _ESCAPED.items():
        if escaped in answer:
            inner = _wordings(answer.replace(escaped, masked), language, literal=literal)
            return [text.replace(masked, escaped[1]) for text in inner]
    shown = plain(answer)
    if source := formula_in(answer):
        return list(dict.fromkeys((shown, source, answer)))
    texts = {shown: None}
    if not literal and len(shown) <= LONGEST_PATTERN and not shows_formula(answer):
        texts.update(dict.fromkeys(_with_each_ending(shown, language)))
        sort = JudgedText(shown, language, source=answer).sort
        for part in (shown, *_ALTERNATIVES.split(shown)):
            if sort is AnswerSort.WORDS or part != shown:
                texts.update(dict.fromkeys(_with_and_without(part)))
        if (match := _EITHER.fullmatch(shown)) and shown.lower() not in _NO_ALTERNATIVES:
            one, other = match["one"], match["other"]
            long = min(len(one), len(other)) > 2 or shown.lower() in _SHORT_ALTERNATIVES
            if long and not (one.isupper() or other.isupper()) and "and" not in (one, other):
                texts.update(dict.fromkeys((one, other, f"{other}/{one}")))
    texts[answer] = None
    return [text for text in texts if text.strip()]


def _with_each_ending(text: str, language: str) -> list[str]:
    """Return the text with the first and with the other ending of words that have both.

    Only words that the language has; others may be calls in code.
    """
    pattern = _ENDINGS.get(base_language(language))
    if pattern is None or not (matches := list(pattern.finditer(text))):
        return []
    if not all(is_word(match["word"].lower(), base_language(language)) for match in matches):
        return []
    return [pattern.sub(r"\g<word>", text), pattern.sub(_other_ending, text)]


def _other_ending(match: re.Match[str]) -> str:
    word, ending = match["word"], match["added"] or match["other"]
    replaces = match["other"] and word[-1] in "aeiox" and ending[0] in "aeis"
    return word[: -1 if replaces else None] + ending


def _with_and_without(text: str) -> list[str]:
    """Return the text with and without its bracketed parts, in all combinations if few."""
    parts = [] if _FUNCTION.search(text) else list(_OPTIONAL.finditer(text))
    count = len(parts)
    all_choices = product((True, False), repeat=count)
    choices = all_choices if count <= 3 else iter(((True,) * count, (False,) * count))
    texts = [text]
    for choice in choices:
        pieces, done = [], 0
        for match, keep in zip(parts, choice, strict=True):
            pieces.append(text[done : match.start()])
            pieces.append((match[match.lastgroup or 0] or "") if keep else "")
            done = match.end()
        texts.append(" ".join("".join([*pieces, text[done:]]).split()))
    return texts
