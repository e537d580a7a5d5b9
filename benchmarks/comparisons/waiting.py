"""What waits today: counts and queue over 100,000 cards, asked of an open app."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measuring import Series, in_child, seconds
from benchmarks.report import Figure
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace.agenda import Agenda

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.material import Material
    from sco_quiz.workspace.workspace import Workspace

RUNS = 15
NO_TALLY = "counts while no tally is kept"


def compare(material: Material) -> Iterator[Figure]:
    """For learners with little and with much to do."""
    homes = {
        "100,000 answers, studied yesterday": material.steady,
        "100,000 answers, 20,000 due": material.returning,
        "every card begun": material.finished,
    }
    found = {what: in_child(ask, home) for what, home in homes.items()}
    for name, goal in (("counts", 10), ("queue", 50)):
        for what, each in found.items():
            yield Figure(f"{name}: {what}", Series(tuple(each[name])).times(1000), "ms", goal=goal)
    for what, each in found.items():
        yield Figure(f"{NO_TALLY}: {what}", Series(tuple(each[NO_TALLY])).times(1000), "ms")


def ask(home: str) -> dict[str, list[float]]:
    """Counts of every deck, and a session over all of them, before and after a thread looked."""
    from benchmarks.homes import paths_in
    from sco_quiz.workspace import tally
    from sco_quiz.workspace.workspace import Workspace

    paths = paths_in(Path(home))
    (paths.cache / tally.NAME).unlink(missing_ok=True)  # another comparison may have left one
    with Workspace(paths=paths) as workspace:
        workspace.refresh()
        begin_study(workspace)
        without = [counted_anew(workspace) for _ in range(RUNS)]
        workspace.refresh(in_thread=True)  # as the app does once its first screen is there
        begin_study(workspace)
        return {
            NO_TALLY: without,
            "counts": [counted_anew(workspace) for _ in range(RUNS)],
            "queue": [seconds(lambda: begin_study(workspace)) for _ in range(RUNS)],
        }


def counted_anew(workspace: Workspace) -> float:
    """Seconds to count what waits, with nothing kept in memory from before."""
    fresh = Agenda(
        workspace.progress.connection, workspace.catalogue, workspace.config, workspace.now
    )
    return seconds(fresh.decks)
