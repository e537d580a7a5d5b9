"""Laying out formulas: parts with the brackets and spaces that they need in one line."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import NamedTuple

from sco_quiz.formula import signs


class Unreadable(Exception):  # noqa: N818 -- it is no error: the formula stays as it is
    """The formula has something that has no plain form."""


class Item(NamedTuple):
    """A part of a formula.

    Attributes:
        text: What is shown.
        sort: operand, binary, relation, operator, big (an operator with bounds), open, close, mark,
            glue (a slash) or space.
        rank: How firmly it holds together: 0 one sign or number, 1 one with scripts, 2 a product,
            3 anything else.
        ends_low: Whether it ends with what follows must not run into: `x^q`.
    """

    text: str
    sort: str = "operand"
    rank: int = 0
    ends_low: bool = False


def mapped(text: str, letters: dict[str, str]) -> str:
    """The text in other letters, all of it.

    Raises:
        Unreadable: A character has no such form.
    """
    try:
        return "".join([letters[each] for each in text])
    except KeyError:
        raise Unreadable from None


def held(item: Item, most: int) -> str:
    """The text of an item, in brackets if it holds together less firmly than that."""
    return f"({item.text})" if item.rank > most else item.text


def fraction(above: Item, below: Item) -> Item:
    """A fraction: a sign of its own if there is one, else with a slash."""
    plain = signs.FRACTIONS.get(f"{above.text}/{below.text}")
    if plain:
        return Item(plain, rank=1)
    return Item(f"{held(above, 2)}/{held(below, 1)}", rank=3)


def accented(text: str, name: str) -> Item:
    """A letter with the accent that a command names; several with a line.

    Raises:
        Unreadable: There is no letter, or too many.
    """
    letters = unicodedata.normalize("NFC", text)
    if not letters or (len(letters) > 1 and name not in signs.LINES) or not letters.isalnum():
        raise Unreadable
    mark = signs.ACCENTS.get(name) or signs.LINES[name]
    letters = letters.replace("ı", "i").replace("ȷ", "j")
    return Item(unicodedata.normalize("NFC", "".join(each + mark for each in letters)))


_STARTS = frozenset({"", "binary", "relation", "open", "mark", "operator", "big", "glue"})
"""After these, a plus or minus is a sign of what follows."""
_THINGS = frozenset({"operand", "close"})
_WORKING = frozenset({"operator", "big"})


def joined(items: list[Item], *, tight: bool = False) -> Item:
    """Parts in a row as one, with the spaces that LaTeX would give them.

    Args:
        items: The parts.
        tight: Whether signs stand close, as in scripts.
    """
    text = ""
    previous = end = Item("", "")
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
    return Item(text, rank=_rank(items))


def _bracketed(item: Item, previous: Item, following: Item) -> str:
    """The text of a part, in brackets if it would run together with what stands beside it."""
    beside = previous.sort in _THINGS | {"operator", "glue"} or following.sort in {
        "operand", "open", "operator", "glue",
    }  # fmt: skip
    return f"({item.text})" if item.sort == "operand" and item.rank == 3 and beside else item.text


def _has_space_before(item: Item, previous: Item, *, tight: bool) -> bool:
    if item.sort in _WORKING:
        return previous.sort in _THINGS
    if item.sort in ("operand", "open"):
        return previous.ends_low and item.text[:1] not in ("", " ")
    return _stands_apart(item, previous, tight=tight)


def _has_space_after(item: Item, previous: Item, following: Item, *, tight: bool) -> bool:
    if item.sort in _WORKING:
        return following.sort in _WORKING | {"operand"}
    if item.sort == "mark":
        number = previous.text[-1:].isdecimal() and following.text[:1].isdecimal()
        return not tight and not number
    return _stands_apart(item, previous, tight=tight)


def _stands_apart(item: Item, previous: Item, *, tight: bool) -> bool:
    """Whether a part joins two others, with space around it."""
    if item.text.isalpha():  # mod
        return item.sort == "binary"
    joins = item.sort == "relation" or (item.sort == "binary" and previous.sort not in _STARTS)
    return joins and not tight


def _rank(items: list[Item]) -> int:
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
