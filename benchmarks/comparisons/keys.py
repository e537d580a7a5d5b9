"""From a key to the screen while studying."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.comparisons.starting import NOTES, SCRIPT, is_question
from benchmarks.measuring import Series, in_turn, quantile, variables_of
from benchmarks.notes import pairs
from benchmarks.peers import Clanki
from benchmarks.report import Figure
from benchmarks.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from benchmarks.material import Material

RUNS, ANSWERS = 4, 25
STUDY = (SCRIPT, "study", "plain", "--new", str(2 * ANSWERS))
QUIET = 0.1
"""Seconds without a change after which the next key is pressed."""


class Pressed(NamedTuple):
    """Seconds from key to screen, one for each card."""

    reveal: list[float]
    answer: list[float]


def compare(material: Material) -> Iterator[Figure | str]:
    """Reveal, and rate with the answer on disk and the next question shown; against Clanki."""
    works = [study(STUDY, variables_of(material.copy(material.plain(NOTES))), is_question)]
    clanki = Clanki.find()
    if isinstance(clanki, str):
        yield clanki
    else:
        clanki.add(pairs(NOTES), material.folder / "anki-keys")
        command, variables = clanki.review(material.folder / "anki-keys")
        works.append(study(command, variables, "Front "))
    ours, *others = in_turn(RUNS, *works)
    for what, key in (("space to the answer", 0), ("3 to the next question", 1)):
        for share in (0.5, 0.95):
            theirs = _series(others[0], key, share) if others else None
            yield Figure(
                f"{what}: p{share * 100:.0f}", _series(ours, key, share), "ms", str(clanki), theirs,
                ratio_goal=0.4,
            )  # fmt: skip


def study(
    command: Sequence[str],
    variables: Mapping[str, str],
    first: str | Callable[[str], bool],
    answers: int = ANSWERS,
) -> Callable[[], Pressed]:
    """A measurement: answer the plain cards of a deck with Good, one after another.

    Args:
        command: Opens the first question.
        variables: Its environment; the answers are kept, the next run goes on with other cards.
        first: Tells that the first question is there.
        answers: How many.
    """

    def run() -> Pressed:
        taken = Pressed([], [])
        with Terminal(command, variables) as terminal:
            terminal.shown(first)
            for _ in range(answers):
                terminal.settle(QUIET)
                number = number_of(terminal.text)
                taken.reveal.append(terminal.press("space", f"Back {number}:"))
                terminal.settle(QUIET)
                taken.answer.append(terminal.press("3", _is_other(number)))
        return taken

    return run


def _is_other(number: str) -> Callable[[str], bool]:
    return lambda screen: number_of(screen) not in ("", number)


def number_of(screen: str) -> str:
    """The number of the plain note on the screen; empty when there is none."""
    found = re.search(r"Front (\d+):", screen)
    return found[1] if found else ""


def _series(found: list[Pressed], key: int, share: float) -> Series:
    return Series(tuple(quantile(each[key], share) * 1000 for each in found))
