"""Lays out the parts of a formula in one line, with the brackets and spaces that they need."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import NamedTuple

from sco_quiz.formula import signs


class Unreadable(Exception):  # noqa: N818 -- no error: the formula stays as it is
    """A part of the formula has no plain form."""


class FormulaPart(NamedTuple):
    """A part of a formula.

    Attributes:
        text: The text that is shown.
        sort: operand, binary, relation, operator, big (an operator with bounds), open, close, mark,
            glue (a slash) or space.
        rank: Its need for brackets: 0 one sign or number, 1 one with scripts, 2 a product, 3
            anything else.
        ends_low: True if it ends with a script in line, as `x^q`, so that a space must follow.
    """

    text: str
    sort: str = "operand"
    rank: int = 0
    ends_low: bool = False


def mapped(text: str, letters: dict[str, str]) -> str:
    """Return the text with every character replaced by its form in `letters`.

    Raises:
        Unreadable: A character has no such form.
    """
    try:
        return "".join([letters[character] for character in text])
    except KeyError:
        raise Unreadable from None


def held(item: FormulaPart, most: int) -> str:
    """Return the text of an item, in brackets if its rank is above `most`."""
    return f"({item.text})" if item.rank > most else item.text


def fraction(above: FormulaPart, below: FormulaPart) -> FormulaPart:
    """Return a fraction: one sign if there is one for it, else two parts with a slash."""
    plain = signs.FRACTIONS.get(f"{above.text}/{below.text}")
    if plain:
        return FormulaPart(plain, rank=1)
    return FormulaPart(f"{held(above, 2)}/{held(below, 1)}", rank=3)


def accented(text: str, name: str) -> FormulaPart:
    """Return a letter with the accent that a command names, or several with a line.

    Raises:
        Unreadable: There is no letter, or there are too many.
    """
    letters = unicodedata.normalize("NFC", text)
    if not letters or (len(letters) > 1 and name not in signs.LINES) or not letters.isalnum():
        raise Unreadable
    mark = signs.ACCENTS.get(name) or signs.LINES[name]
    letters = letters.replace("ı", "i").replace("ȷ", "j")
    return FormulaPart(unicodedata.normalize("NFC", "".join(letter + mark for letter in letters)))


_STARTS = frozenset({"", "binary", "relation", "open", "mark", "operator", "big", "glue"})
"""The sorts after which a plus or minus is a sign and no operation."""
_THINGS = frozenset({"operand", "close"})
_WORKING = frozenset({"operator", "big"})


def joined(items: list[FormulaPart], *, tight: bool = False) -> FormulaPart:
    """Join parts into one, with the spaces that LaTeX would give them.

    Args:
        items: The parts.
        tight: True to leave out the spaces around signs, as in scripts.
    """
    text = ""
    previous = end = FormulaPart("", "")
    for item, following in pairwise([*items, end]):
        shown = _bracketed(item, previous, following)
        if _has_space_before(item, previous, tight=tight):
            shown = f" {shown}"
        if _has_space_after(item, previous, following, tight=tight):
            shown += " "
        text += shown
        if item.sort != "space":
            previous = item
    if not tight:
        text = re.sub("  +", " ", text).strip()
    return FormulaPart(text, rank=_rank(items))


def _bracketed(item: FormulaPart, previous: FormulaPart, following: FormulaPart) -> str:
    """Return the text of a part, in brackets if it would run together with its neighbours."""
    beside = previous.sort in _THINGS | {"operator", "glue"} or following.sort in {
        "operand", "open", "operator", "glue",
    }  # fmt: skip
    return f"({item.text})" if item.sort == "operand" and item.rank == 3 and beside else item.text


def _has_space_before(item: FormulaPart, previous: FormulaPart, *, tight: bool) -> bool:
    if item.sort in _WORKING:
        return previous.sort in _THINGS
    if item.sort in ("operand", "open"):
        return previous.ends_low and item.text[:1] not in ("", " ")
    return _stands_apart(item, previous, tight=tight)


def _has_space_after(
    item: FormulaPart, previous: FormulaPart, following: FormulaPart, *, tight: bool
) -> bool:
    if item.sort in _WORKING:
        return following.sort in _WORKING | {"operand"}
    if item.sort == "mark":
        number = previous.text[-1:].isdecimal() and following.text[:1].isdecimal()
        return not tight and not number
    return _stands_apart(item, previous, tight=tight)


def _stands_apart(item: FormulaPart, previous: FormulaPart, *, tight: bool) -> bool:
    """Return True if a part joins two others and needs space around it."""
    if item.text.isalpha():  # mod
        return item.sort == "binary"
    joins = item.sort == "relation" or (item.sort == "binary" and previous.sort not in _STARTS)
    return joins and not tight


def _rank(items: list[FormulaPart]) -> int:
    if len(items) == 1:
        return items[0].rank if items[0].sort == "operand" else 0
    if len(items) == 2 and items[0].text in ("d", "∂", "Δ", "δ"):
        return 1
    if all(item.text and item.text in "0123456789.," for item in items):
        return 0
    sorts = [item.sort for item in items]
    if sorts.count("open") == 1 and (sorts[0], sorts[-1]) == ("open", "close"):
        return 0
    loose = any(item.rank == 3 for item in items)
    return 2 if set(sorts) <= {"operand", "open", "close"} and not loose else 3
