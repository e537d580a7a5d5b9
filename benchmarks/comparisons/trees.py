"""Home over 1,000 decks in a tree, against 6 decks with as many notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.comparisons.starting import SCRIPT, is_home, start
from benchmarks.measuring import Series, command, in_turn, interleaved, variables_of
from benchmarks.report import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.material import Material

RUNS = 41
NOTES = 6_000
FEW, MANY = 6, 1_000
FLAT = 1.1


def compare(material: Material) -> Iterator[Figure]:
    """How long Home and a prompt take."""
    few, many = material.tree(FEW, NOTES), material.tree(MANY, NOTES)
    works = (start((SCRIPT,), variables_of(home), is_home) for home in (many, few))
    ours, theirs = (
        Series(tuple(each.seconds * 1000 for each in found)) for found in in_turn(RUNS, *works)
    )
    yield Figure(f"to Home, {MANY:,} decks", ours, "ms", f"{FEW} decks", theirs, ratio_goal=FLAT)
    due = (command(SCRIPT, "due", "--short", home=home) for home in (many, few))
    ours, theirs = (series.times(1000) for series in interleaved(RUNS, *due))
    yield Figure(f"`due --short`, {MANY:,} decks", ours, "ms", f"{FEW} decks", theirs)
