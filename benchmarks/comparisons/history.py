"""History and figures of some 500,000 answers, from a key to the screen."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import Series, in_child, seconds
from benchmarks.report import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.material import Material

RUNS = 5
GOAL = 1_000
SCREENS = ("sessions", "figures of answers", "figures of cards")


def compare(material: Material) -> Iterator[Figure]:
    """In the app, by tab; and each figure by itself."""
    home = material.veteran
    opened = [in_child(open_screens, home) for _ in range(RUNS)]
    for name in SCREENS:
        series = Series(tuple(each[name] for each in opened)).times(1000)
        yield Figure(f"key to screen: {name}", series, "ms", goal=GOAL)
    counted = [in_child(count, home) for _ in range(RUNS)]
    for name in counted[0]:
        if name not in ("answers", "peak"):
            series = Series(tuple(each[name] for each in counted)).times(1000)
            yield Figure(name, series, "ms")
    yield Figure("answers in the log", Series((counted[0]["answers"],)), "")


def open_screens(home: str) -> dict[str, float]:
    """Open the history from Home, and go through its tabs."""
    from time import perf_counter

    from benchmarks.homes import paths_in
    from sco_quiz.tui.app import SCOQuizApp
    from sco_quiz.workspace import Workspace

    async def run(workspace: Workspace) -> dict[str, float]:
        taken = {}
        async with SCOQuizApp(workspace).run_test(size=(100, 30)) as pilot:
            await pilot.pause(1)
            for name, key in zip(SCREENS, ("h", "tab", "tab"), strict=True):
                start = perf_counter()
                await pilot.press(key)
                await pilot.pause()
                taken[name] = perf_counter() - start
        return taken

    with Workspace(paths=paths_in(Path(home))) as workspace:
        workspace.refresh()
        return asyncio.run(run(workspace))


def count(home: str) -> dict[str, Any]:
    """Count each figure."""
    from benchmarks.homes import paths_in
    from sco_quiz.workspace import Workspace

    with Workspace(paths=paths_in(Path(home)), read_only=True) as workspace:
        workspace.refresh()
        figures, history = workspace.figures(), workspace.history
        deck = max(workspace.decks(), key=lambda each: each.cards).id
        of_deck = workspace.figures([deck])
        names = ("days", "forecast", "hours", "calibration", "memory", "leeches", "hardest")
        taken = {
            name: seconds(lambda name=name: getattr(figures, name))  # type: ignore[misc]
            for name in (*names, "confusions")
        }
        taken["days of a deck"] = seconds(lambda: of_deck.days)
        taken["sessions of a deck"] = seconds(lambda: history.sessions(deck))
        taken["scores of a deck"] = seconds(lambda: history.scores("study", deck))
        return {**taken, "answers": figures.totals.answers}
