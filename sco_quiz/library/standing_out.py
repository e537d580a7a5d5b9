"""Choices that stand out by their look, so that whoever knows nothing picks the right one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.learning.folding import base_language
from sco_quiz.library.diagnostics import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LONGER_BY_SHARE, LONGER_BY = 1.6, 15
"""How many times as long, and by how many characters longer, what is right is that stands out."""
WRONG_BY_SHARE = 2.0
"""How many times as long one of several wrong choices is that does."""
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
"""Traits of a text, as `check` tells them."""
_OF_ALL = ("begins with an article", lambda text: _ARTICLE.match(text) is not None)
"""One that betrays nothing unless all right answers have it and no wrong one, or the reverse."""


def find_standing_out(
    right: Sequence[str], wrong: Sequence[str], language: str
) -> Iterator[tuple[int | None, str]]:
    """Find texts to choose from that betray by their look whether they are right.

    Args:
        right: Right answers; one at least.
        wrong: Wrong choices; two at least, else nothing can be said.
        language: BCP 47 tag.

    Yields:
        The index of a wrong choice, or None for what is right, and why it stands out.
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
    for words, has in (*_FORMS, _OF_ALL):
        of_right, of_wrong = [*map(has, right)], [*map(has, wrong)]
        if all(of_right) and not any(of_wrong):
            yield None, f"unlike each wrong one, it {words}"
        elif all(of_wrong) and not any(of_right):
            yield None, f"each wrong one {words}"
        elif words == _OF_ALL[0]:
            continue
        elif not any(of_right) and sum(of_wrong) == 1:
            yield of_wrong.index(True), f"it alone {words}"
        elif all(of_right) and sum(of_wrong) == len(wrong) - 1:
            yield of_wrong.index(False), f"of all, each but it {words}"


def _lengths(texts: Sequence[str]) -> list[int]:
    return sorted(map(len, texts))


def _is_longer(length: int, other: int, share: float = LONGER_BY_SHARE) -> bool:
    return length >= share * other and length - other >= LONGER_BY
