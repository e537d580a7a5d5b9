"""Clozes as others write them, made ours."""

from __future__ import annotations

import re

_START = re.compile(r"\{\{c([0-9]+)((?:,[0-9]+)*)::")
_MARK = re.compile(r"\{\{c[0-9]+(?:,[0-9]+)*::|\}\}")


def is_cloze(text: str) -> bool:
    """Whether a text has deletions as Anki writes them."""
    return _START.search(text) is not None


def adapted(text: str) -> tuple[str, list[str]]:
    """A cloze text of Anki's as one of ours, and what could not be kept.

    A deletion inside another is shown as text of the outer one, since ours do not nest; a deletion
    of several groups belongs to the first.
    """
    if not is_cloze(text):
        return text, []
    out: list[str] = []
    open_marks: list[bool] = []  # whether each open deletion is an outer one
    at, nested, several = 0, False, False
    for mark in _MARK.finditer(text):
        out.append(text[at : mark.start()])
        at = mark.end()
        if mark[0] != "}}":
            outer = not open_marks
            nested = nested or not outer
            start = _START.match(mark[0])
            several = several or bool(start and start[2])
            open_marks.append(outer)
            if outer and start:
                out.append("{{c" + start[1] + "::")
        elif not open_marks or open_marks.pop():
            out.append("}}")
    out.append(text[at:])
    reasons = ["a deletion inside another is not asked by itself"] if nested else []
    if several:
        reasons.append("a deletion of several groups is asked with the first of them only")
    return "".join(out), reasons
