"""Finds choices whose look shows, even to those who know nothing, which one is right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.learning.folding import base_language
from sco_quiz.library.diagnostics import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LONGER_BY_SHARE, LONGER_BY = 1.6, 15
"""A right answer stands out if it is 1.6 times as long, and 15 characters longer, than the rest."""
WRONG_BY_SHARE = 2.0
"""A wrong choice stands out if it is twice as long as the rest."""
_EXTREME = re.compile(
    r"\b(always|never|nothing|nobody|none|only|solely|exclusively|entirely|completely|totally|"
    r"whatsoever|forever|put an end to|all of (?:them|these|the above))\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:an?|the) ", re.IGNORECASE)
_FORMS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("ends like a sentence", lambda text: text[-1:] in (".", "!", "?", "…")),
    ("begins with a small letter", lambda text: text[:1].islower()),
    ("has a number in it", lambda text: any(map(str.isdecimal, text))),
)
"""Traits of a text, in the words of `check`."""
_OF_ALL = ("begins with an article", lambda text: _ARTICLE.match(text) is not None)
"""A trait that only counts if all right answers have it and no wrong one, or the reverse."""


def find_standing_out(
    right: Sequence[str], wrong: Sequence[str], language: str
) -> Iterator[tuple[int | None, str]]:
    """Find choices whose look shows if they are right.

    Args:
        right: The right answers, at least one.
        wrong: The wrong choices; with fewer than two, nothing is found.
        language: A BCP 47 tag.

    Yields:
        The index of a wrong choice, or None for the right answers, and the reason.
    """
    if len(wrong) < 2:
        return
    short, long = sorted((_lengths(right), _lengths(wrong)))
    if _is_longer(min(long), max(short)):
        yield None, f"it is much {'longer' if long == _lengths(right) else 'shorter'} than the rest"
    for index, text in enumerate(wrong):
        others = [*right, *wrong[:index], *wrong[index + 1 :]]
        if _is_longer(len(text), max(map(len, others)), WRONG_BY_SHARE):
            yield index, "it is much longer than the rest"
    yield from _of_another_form(right, wrong)
    if base_language(language) == "en" and not any(map(_EXTREME.search, right)):
        for index, text in enumerate(wrong):
            if extreme := _EXTREME.search(text):
                yield index, f"it says {quote(extreme[0])}"


def _of_another_form(
    right: Sequence[str], wrong: Sequence[str]
) -> Iterator[tuple[int | None, str]]:
    for trait, has_trait in (*_FORMS, _OF_ALL):
        right_have, wrong_have = [*map(has_trait, right)], [*map(has_trait, wrong)]
        if all(right_have) and not any(wrong_have):
            yield None, f"unlike the wrong ones, it {trait}"
        elif all(wrong_have) and not any(right_have):
            yield None, f"unlike it, every wrong one {trait}"
        elif trait == _OF_ALL[0]:
            continue
        elif not any(right_have) and sum(wrong_have) == 1:
            yield wrong_have.index(True), f"it alone {trait}"
        elif all(right_have) and sum(wrong_have) == len(wrong) - 1:
            yield wrong_have.index(False), f"every other choice {trait}"


def _lengths(texts: Sequence[str]) -> list[int]:
    return sorted(map(len, texts))


def _is_longer(length: int, other: int, share: float = LONGER_BY_SHARE) -> bool:
    return length >= share * other and length - other >= LONGER_BY
