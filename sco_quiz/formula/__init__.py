r"""Formulas: turns LaTeX's math into one line of Unicode, `x_{n+1}^2` into `xₙ₊₁²`.

Either the whole formula is turned into Unicode or nothing is: with one command that has no plain
form, the formula stays as its author wrote it. A script is small if all its characters have a small
form; else it is in line: `e^(iπ)`. A fraction is written beside a slash: `(a + b)/c`.
"""

from __future__ import annotations

import re
import unicodedata

from sco_quiz.formula import signs

LONGEST = 2_000
"""The most characters; a longer formula stays as it is."""

PATTERN = re.compile(
    r"(?<![\\$0-9A-Za-z])"
    r"(?:\$\$(?P<display>(?:[^$\\]|\\.)+)\$\$(?!\$)"
    r"|\$(?P<inline>(?![\s$])(?:[^$\\]|\\.)+)(?<![\s/:])(?<!\\\ )\$"
    r"(?:(?![$0-9A-Za-z_])|(?=(?:th|st|nd|rd|s)\b)))",
    re.DOTALL,
)
"""A formula with its dollar signs. Amounts of money do not match: the second sign in `$5 and $10`
has a space before it and a digit after it."""

_PROSE = re.compile(r"[0-9][^\\{}]*?\s[^\W\d_]{2,}\s")
"""The start of a text between two amounts, such as `5 (US) and HK`, which is no formula."""
_SMALL = re.compile(f"[{''.join(signs.SUPERSCRIPTS.values())}]+")
_FULL_SIZE = str.maketrans(
    {small: full for full, small in signs.SUPERSCRIPTS.items() if small != full}
)
_SUBSCRIPT = str.maketrans({small: full for full, small in signs.SUBSCRIPTS.items()})
_IN_ASCII = str.maketrans("−∗⋅·∙×", "-*****")
_DIGRAPHS = {"<=": "≤", ">=": "≥", "!=": "≠", "->": "→", "=>": "⇒"}


def readable(source: str) -> str | None:
    """Return a formula, given without its dollar signs, as one line of Unicode.

    None if a part of it has no plain form, or if it is not valid LaTeX.
    """
    if len(source) > LONGEST or _PROSE.match(source):
        return None
    from sco_quiz.formula.layout import Unreadable, joined  # few decks have formulas
    from sco_quiz.formula.reading import FormulaReader

    try:
        items = FormulaReader(source).items("")
    except Unreadable:
        return None
    return joined(items).text or None


def comparable(text: str) -> str:
    """Return a formula, in LaTeX or as shown, in one form for formulas of the same meaning.

    Spaces, dollar signs, the sign of multiplication and the size of an index do not count.
    """
    text = text.strip("$ ")
    if any(mark in text for mark in "\\^_{"):
        text = readable(text) or text
    for written, sign in _DIGRAPHS.items():
        text = text.replace(written, sign)
    text = _SMALL.sub(_raised, text).translate(_SUBSCRIPT)
    text = (
        unicodedata.normalize("NFKC", text.replace("″", "′′"))
        .translate(_IN_ASCII)
        .replace("⁄", "/")
    )
    text = re.sub(r"_\(([^()]*)\)|_", r"\1", text)
    return "".join(text.split())


def _raised(match: re.Match[str]) -> str:
    full = match[0].translate(_FULL_SIZE)
    if not full.strip("′°*†"):
        return full
    number = full.removeprefix("−").isdecimal()
    return f"^{full}" if len(full) == 1 or number else f"^({full})"
