"""Clozes as others write them, made ours."""

from __future__ import annotations

import re
from typing import NamedTuple

from sco_quiz.learning.cards import BLANK

_START = re.compile(r"\{\{c([0-9]+)((?:,[0-9]+)*)::")
_MARK = re.compile(r"\{\{c[0-9]+(?:,[0-9]+)*::|\}\}")
_DEEPEST = 8
"""Deletions within each other that are told apart."""


def is_cloze(text: str) -> bool:
    """Tell whether a text has deletions as Anki writes them."""
    return _START.search(text) is not None


def as_own_cloze(text: str) -> tuple[str, list[str]]:
    """A cloze text of Anki's as one of ours, and what could not be kept.

    A deletion inside another is shown as text of the outer one, since ours do not nest; a deletion
    of several groups belongs to the first.
    """
    if not is_cloze(text):
        return text, []
    out: list[str] = []
    opened: list[int] = []  # where the text of each open deletion begins in `out`
    at, nested, several = 0, False, False
    for mark in _MARK.finditer(text):
        out.append(text[at : mark.start()])
        at = mark.end()
        start = _START.match(mark[0])
        if start is not None:
            if not opened:
                out.append("{{c" + start[1] + "::")
            nested, several = nested or bool(opened), several or bool(start[2])
            opened.append(len(out))
        elif len(opened) < 2:
            out.append("}}")
            opened.clear()
        elif (begin := opened.pop()) and len(opened) < _DEEPEST:
            inner = "".join(out[begin:])
            out[begin:] = [inner.partition("::")[0]]  # its hint would be taken for the outer one's
    out.append(text[at:])
    reasons = ["a deletion inside another is not asked by itself"] if nested else []
    if several:
        reasons.append("a deletion of several groups is asked with the first of them only")
    return "".join(out), reasons


class AskedCloze(NamedTuple):
    """One card of a cloze text of Anki's.

    Attributes:
        question: The text with what is asked left out.
        answers: What is asked.
    """

    question: str
    answers: list[str]


def cloze_of_group(text: str, group: int) -> AskedCloze:
    """The card of a cloze text of Anki's that asks one group, wherever its deletions stand."""
    out: list[str] = []
    answers: list[str] = []
    opened: list[tuple[bool, list[str], list[str]]] = []  # whether asked; shown; right
    at = 0

    def say(shown: str, right: str) -> None:
        if opened:
            opened[-1][1].append(shown)
            opened[-1][2].append(right)
        else:
            out.append(shown)

    for mark in _MARK.finditer(text):
        before, at = text[at : mark.start()], mark.end()
        say(before, before)
        start = _START.match(mark[0])
        if start is not None and len(opened) < _DEEPEST:
            groups = (start[1] + start[2]).split(",")
            opened.append((str(group) in groups, [], []))
        elif start is None and opened:
            is_asked, shown, right = opened.pop()
            answer, _, hint = "".join(right).partition("::")
            if is_asked:
                answers.append(answer)
                say(f"[{hint}]" if hint else BLANK, answer)
            else:
                say("".join(shown).partition("::")[0], answer)
        else:
            say(mark[0], mark[0])
    say(text[at:], text[at:])
    for _, shown, _ in opened:  # never closed
        out += shown
    return AskedCloze("".join(out), answers)
