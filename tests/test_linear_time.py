"""No text takes more than its length: four times as much of anything takes four times as long."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from sco_quiz import formula, text
from sco_quiz.learning import search
from sco_quiz.learning.cloze import ClozeError, read_cloze
from sco_quiz.library.decks import read_deck

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = 4900
"""Characters; four times as many are still read as markup."""
MOST = 9.0
"""Times as long for four times as much: 4 in linear time, 16 in that of the square."""
TRIES = 5
LEAST = 0.004
"""Seconds, below which nobody waits."""


def read_as_cloze(given: str) -> None:
    with suppress(ClozeError):
        read_cloze(given)


def read_as_search(given: str) -> None:
    search.searchable(given)
    search.parse(given)


def read_as_deck(given: str) -> None:
    read_deck("x.yaml", f"deck: X\ncards:\n  - front: {given}\n    back: b\n".encode())


READERS: dict[str, Callable[[str], object]] = {
    "markup": text.spans,
    "blocks": lambda given: list(text.blocks(given)),
    "clean": text.clean,
    "formulas": text.shows_formula,
    "formula": formula.readable,
    "cloze": read_as_cloze,
    "search": read_as_search,
    "deck": read_as_deck,
}
UNITS = (
    " ", "`", "``` ", "```\n", "~~~\n", "~", "*", "_", "**a ", "$", "$x", "$$", "\\", "[", "[a](",
    "![", "{", "}", "{{", "{{a", "{{c1::", "::", "\n", "\r", "\t", "(", ")", "a", "a ", "\u202e",
    "1.", "tag:", '"', "- ", " #", ": ", "^", "_{", "\\frac{", "e\u0301", "-",
)  # fmt: skip
AROUND = (("", ""), ("```", "`"), ("~~~", "`"), ("$", ""))


def seconds(read: Callable[[str], object], given: str) -> float:
    began = time.process_time()
    read(given)
    return time.process_time() - began


@pytest.mark.parametrize("reader", READERS)
def test_four_times_as_much_takes_four_times_as_long(reader: str) -> None:
    read = READERS[reader]
    for before, after in AROUND:
        for unit in UNITS:
            small, large = (
                before + unit * (size // len(unit)) + after for size in (SIZE, 4 * SIZE)
            )
            for _ in range(TRIES):  # a machine that is busy elsewhere may be slow once
                long = seconds(read, large)
                if long < LEAST or long < MOST * seconds(read, small):
                    break
            else:
                pytest.fail(f"{reader}: {unit!r} after {before!r} takes too long")


def test_a_line_that_begins_like_a_fence_is_read_as_before() -> None:
    assert list(text.blocks("```  py x\ncode\n```")) == [("code", "py"), ("", None)]
    assert list(text.blocks("``` `\ncode")) == [("``` `\ncode", None)]
