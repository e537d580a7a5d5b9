"""Wordings: how an answer may be put, in the forms in which it is compared."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import product

from sco_quiz.formula import comparable
from sco_quiz.learning.folding import (
    base_language,
    fold,
    with_digraphs,
    without_accents,
)
from sco_quiz.learning.values import roman_value, value_of
from sco_quiz.text import formula_in, plain, shows_formula

LONGEST_PATTERN = 500
"""Characters; in a longer answer brackets and slashes are text."""

_EDGE = " .,;:!?…'\"()[]{}¿¡·•。、،؛؟「」『』《》"
_ARTICLES = {
    "en": r"the|an?",
    "de": r"der|die|das|den|dem|des|eine?|einen|einem|einer|eines",
    "fr": r"le|la|les|l'|une?|des|du",
    "es": r"el|la|los|las|un|una|unos|unas",
    "it": r"il|lo|la|l'|i|gli|le|un|un'|uno|una",
    "pt": r"os?|as?|um|uma|uns|umas",
    "nl": r"de|het|een|'?t",
}
_LEADING = {
    language: re.compile(rf"({words})(?:(?<=')| )(?=.)") for language, words in _ARTICLES.items()
}
_LOOSE = re.compile(r"(?<![0-9])[.,;:'\"]|[.,;:'\"](?![0-9])")
_LETTER = r"[^\W\d_]"
_HYPHEN = re.compile(
    rf"(?<={_LETTER}{_LETTER})-(?={_LETTER}|[0-9])|(?<={_LETTER})-(?={_LETTER}{_LETTER}|[0-9][0-9])"
)
_SPACE = re.compile("(?<![0-9]) | (?![0-9])")
_OPTIONAL = re.compile(r"\(([^()]*)\)")
_ALTERNATIVES = re.compile(r" / (?![^()]*\))")


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to put an answer, in the forms in which it is compared.

    Attributes:
        text: As shown.
        key: Folded, without article, spaces and the punctuation that does not count.
        bare: The key without accents.
        digraphs: The key without accents, ä being ae.
        words: The key without accents but with spaces; typing errors are counted here.
        arabic: The words with Arabic digits for Roman numerals.
        article: The leading article that `key` lacks; may be empty.
        value: What `value_of` says of the text.
        formula: The answer as formulas are compared, if it is one as a whole; else empty.
    """

    text: str
    key: str
    bare: str
    digraphs: str
    words: str
    arabic: str
    article: str
    value: str | None
    formula: str = ""


def wording(text: str, language: str = "en") -> Wording:
    """The forms of a text, taken as it stands."""
    folded = fold(text, language)
    core = folded.strip(_EDGE)
    leading = _LEADING.get(base_language(language))
    article = leading.match(core) if leading else None
    if article is not None:
        core = core[article.end() :]
    if base_language(language) == "en":
        core = core.replace(" & ", " and ")
    spaced = " ".join(_HYPHEN.sub(" ", _LOOSE.sub("", core)).split()) or folded
    key = _SPACE.sub("", spaced)
    words = without_accents(spaced)
    return Wording(
        text=text,
        key=key,
        bare=without_accents(key),
        digraphs=with_digraphs(key),
        words=words,
        arabic=_arabic(words),
        article=article[1] if article is not None else "",
        value=value_of(text, language),
    )


def wordings(answer: str, language: str = "en", *, literal: bool = False) -> list[Wording]:
    """Every way to put an answer, the answer itself first.

    `a / b` may be put as a or b, `a (b)` without b or without the brackets; not so in an answer
    with a formula. Inline markup is no part of the answer, but who types it is right as well.

    Args:
        answer: As its author wrote it.
        language: BCP 47 tag.
        literal: Whether brackets and slashes are text.
    """
    shown = plain(answer)
    if source := formula_in(answer):
        compared = comparable(source)
        return [
            replace(wording(text, language), formula=compared) for text in (shown, source, answer)
        ]
    texts = {shown: None}
    if not literal and len(shown) <= LONGEST_PATTERN and not shows_formula(answer):
        for part in (shown, *_ALTERNATIVES.split(shown)):
            texts.update(dict.fromkeys(_with_and_without(part)))
    texts[answer] = None
    found = [wording(text, language) for text in texts]
    return [each for each in found if each.key]


def _with_and_without(text: str) -> list[str]:
    """The text with each choice of its bracketed parts, or all and none when they are many."""
    parts = _OPTIONAL.split(text)
    count = len(parts) // 2
    every = product((True, False), repeat=count)
    choices = every if count <= 3 else ((True,) * count, (False,) * count)
    texts = (
        "".join(part for at, part in enumerate(parts) if at % 2 == 0 or keep[at // 2])
        for keep in choices
    )
    return [text, *(" ".join(each.split()) for each in texts)]


def _arabic(words: str) -> str:
    """World War II as World War 2; a numeral that stands first may be a name (Xi Jinping)."""
    first, *others = words.split(" ")
    return " ".join([first, *(roman_value(word) or word for word in others)])
