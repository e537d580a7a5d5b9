"""The ways to put a right answer: with and without brackets, either side of a slash."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from sco_quiz.learning.difference import edits
from sco_quiz.learning.folding import bare_key
from sco_quiz.learning.judging.findings import AcceptedWording
from sco_quiz.learning.judging.texts import AnswerSort, JudgedText
from sco_quiz.text import formula_in, plain, shows_formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST_PATTERN = 500
"""Characters; in a longer answer brackets and slashes are text."""
FEW_ANSWERS = 30
_OPTIONAL = re.compile(
    r"(?:(?<=^)|(?<=\s))\((?P<part>[^()]*)\)(?=\s|$)"
    r"|(?<=[^\W\d_])\((?P<within>[^\W\d_]+)\)(?=[^\W\d_])"
    r"|(?<=[^\W\d_]{3})\((?P<ending>e?s|in|er)\)(?=\s|$)"
)
_ALTERNATIVES = re.compile(r" / (?![^()]*\))")
_EITHER = re.compile(r"(?P<one>[^\W\d_]{2,}|[^\W\d_]{2,} [^\W\d_]+)/(?P<other>[^\W\d_]{2,})")
_NO_ALTERNATIVES = frozenset({"and/or", "input/output", "read/write", "client/server", "km/h"})
_SHORT_ALTERNATIVES = frozenset({"he/she", "she/he", "his/her", "him/her", "he/it", "we/us"})
_ESCAPED = {"\\(": "\ue000", "\\)": "\ue001", "\\/": "\ue002"}
"""Brackets and slashes that are text, and what stands for them while patterns are looked for."""
_FUNCTION = re.compile(r"\b(?:sin|cos|tan|log|exp|lim|max|min|arc\w+)\(")


def ways_to_put(answers: Iterable[str], language: str, *, literal: bool) -> list[AcceptedWording]:
    """Return every way to put any of the answers, each answer as its author wrote it first.

    `a / b` may be put as a or b, `a (b)` without b or without the brackets; not so in an answer
    with a formula or in code. Inline markup is no part of the answer, but may be typed.

    Args:
        answers: As their author wrote them.
        language: BCP 47 tag.
        literal: Whether brackets and slashes are text.
    """
    return [
        AcceptedWording(at, JudgedText(text, language, source=answer))
        for at, answer in enumerate(answers)
        for text in _wordings(answer, language, literal=literal)
    ]


def candidates(typed: str, rights: Sequence[AcceptedWording]) -> Sequence[AcceptedWording]:
    """Return those of many right answers that a text may be meant for.

    All of them where they are few; else those of like spelling, and those that are no words.
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
    """Return a text as it is written in a deck so that it is accepted as it stands.

    Brackets, slashes and signs of markup, which would make a pattern of it, get a backslash.
    """
    if plain(text) == text and _wordings(text, "en", literal=False) == [text]:
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


def _with_and_without(text: str) -> list[str]:
    """The text with each choice of its bracketed parts, or all and none when they are many."""
    parts = [] if _FUNCTION.search(text) else list(_OPTIONAL.finditer(text))
    count = len(parts)
    every = product((True, False), repeat=count)
    choices = every if count <= 3 else iter(((True,) * count, (False,) * count))
    found = [text]
    for choice in choices:
        pieces, done = [], 0
        for match, keep in zip(parts, choice, strict=True):
            pieces.append(text[done : match.start()])
            pieces.append((match[match.lastgroup or 0] or "") if keep else "")
            done = match.end()
        found.append(" ".join("".join([*pieces, text[done:]]).split()))
    return found
