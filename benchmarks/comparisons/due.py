"""`sco-quiz due --short`, for a shell prompt, with a fresh index."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.comparisons.reading import deck_files_opened
from benchmarks.measuring import Series, command, in_child, interleaved
from benchmarks.report import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.material import Material

RUNS = 15
MOST = 6


def compare(material: Material) -> Iterator[Figure]:
    """Against Python that does nothing."""
    homes = {
        "the shipped decks, 120 cards": material.newcomer,
        "100,000 cards, nothing answered": material.library,
        "100,000 answers, studied yesterday": material.steady,
        "100,000 answers, 20,000 due": material.returning,
        "every card begun": material.finished,
    }
    script = str(Path(sys.executable).with_name("sco-quiz"))
    bare, *ours = interleaved(
        RUNS,
        command(sys.executable, "-c", "pass"),
        *(command(script, "due", "--short", home=home) for home in homes.values()),
    )
    for what, series in zip(homes, ours, strict=True):
        yield Figure(
            what, series.times(1000), "ms", "`python -c pass`", bare.times(1000), ratio_goal=MOST
        )
    opened = in_child(open_files, material.returning)["files"]
    yield Figure("deck files opened", Series((opened,)), "", goal=0)


def open_files(home: str) -> dict[str, int]:
    """How many deck files the command opens."""
    from benchmarks.homes import environment
    from sco_quiz.cli.main import run

    os.environ.update(environment(Path(home)))
    opened = deck_files_opened()
    with redirect_stdout(StringIO()):
        run(["due", "--short"])
    return {"files": len(opened)}
