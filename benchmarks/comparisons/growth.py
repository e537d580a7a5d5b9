"""What more cards cost: 100, 10,000 and 100,000 plain notes in one deck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.comparisons.keys import study
from benchmarks.comparisons.reading import read
from benchmarks.comparisons.starting import SCRIPT, STUDY, is_home, is_question, start
from benchmarks.homes import paths_in
from benchmarks.measuring import Series, command, in_child, in_turn, variables_of
from benchmarks.report import Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.material import Material

RUNS = 3
SIZES = (100, 10_000, 100_000)
FLAT = 1.1
"""How much more than the smallest the others may take."""


def compare(material: Material) -> Iterator[Figure]:
    """Each against the smallest, of which the cost of starting Python is the greatest part."""
    works = [measure(material, notes) for notes in SIZES]
    found = dict(zip(SIZES, in_turn(RUNS, *works), strict=True))
    small, *large = SIZES
    for what, unit in UNITS.items():
        least = _series(found[small], what)
        for notes in large:
            yield Figure(
                f"{what}, {notes:,} notes", _series(found[notes], what), unit,
                f"{small} notes", least, ratio_goal=FLAT,
            )  # fmt: skip
    less, more = large
    times = more // less
    yield Figure(
        f"cold reading, {more:,} notes", _series(found[more], READING), "s",
        f"{times} times {less:,} notes", _series(found[less], READING).times(times),
        ratio_goal=FLAT,
    )  # fmt: skip


READING = "cold reading"
UNITS = {
    "to Home": "ms",
    "to the first question": "ms",
    "resident memory in study": "MB",
    "key to the answer": "ms",
    "key to the next question": "ms",
    "`due --short`": "ms",
}
ANSWERS = 6


def measure(material: Material, notes: int) -> Callable[[], dict[str, float]]:
    """A measurement of everything, at a size."""
    home, studied = material.plain(notes), material.copy(material.plain(notes))
    decks = paths_in(home).decks_folder
    variables = variables_of(home)
    to_home = start((SCRIPT,), variables, is_home)
    to_question = start(STUDY, variables, is_question)
    keys = study((*STUDY, "--new", str(2 * ANSWERS)), variables_of(studied), is_question, ANSWERS)
    due = command(SCRIPT, "due", "--short", home=home)
    runs = 0

    def run() -> dict[str, float]:
        nonlocal runs
        runs += 1
        question, pressed = to_question(), keys()
        return {
            "to Home": to_home().seconds * 1000,
            "to the first question": question.seconds * 1000,
            "resident memory in study": question.resident / 1e6,
            "key to the answer": _middle(pressed.reveal) * 1000,
            "key to the next question": _middle(pressed.answer) * 1000,
            "`due --short`": due() * 1000,
            READING: _read(decks, material.folder / f"grown-{notes}-{runs}"),
        }

    return run


def _read(decks: Path, home: Path) -> float:
    taken: float = in_child(read, decks, home)["seconds"]
    return taken


def _middle(values: list[float]) -> float:
    return Series(tuple(values)).median


def _series(found: list[dict[str, float]], what: str) -> Series:
    return Series(tuple(each[what] for each in found))
