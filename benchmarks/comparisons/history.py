"""History of some 500,000 answers, from a key to the screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.comparisons.starting import SCRIPT
from benchmarks.measuring import Series, in_child, seconds, variables_of
from benchmarks.report import Figure
from benchmarks.terminal import Terminal
from sco_quiz.insight.figures import Figures
from sco_quiz.insight.history import SessionHistory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.material import Material

RUNS = 5
GOAL = 500
SCREENS = {
    "sessions": ("h", "Quiz scores by deck"),
    "figures of answers": ("h\t", "Calendar"),
    "figures of cards": ("h\t\t", "Confusions"),
}
"""What is opened from Home: its keys, and what then stands on the screen."""
OF_A_DECK = "d\x1b[B\r"


def compare(material: Material) -> Iterator[Figure | str]:
    """In the app, by tab; and each figure by itself."""
    home = material.veteran
    opened = [open_screens(home) for _ in range(RUNS + 1)][1:]
    for name in opened[0]:
        series = Series(tuple(each[name] for each in opened)).times(1000)
        yield Figure(f"key to screen: {name}", series, "ms", goal=GOAL)
    counted = [in_child(count, home) for _ in range(RUNS)]
    for name in counted[0]:
        if name not in ("answers", "peak"):
            series = Series(tuple(each[name] for each in counted)).times(1000)
            yield Figure(f"counted alone: {name}", series, "ms")
    yield f"{counted[0]['answers']:,} answers in the log."


def open_screens(home: Path) -> dict[str, float]:
    """Open each screen straight from Home, and then the sessions of one deck."""
    taken = {}
    for name, (keys, wanted) in SCREENS.items():
        with Terminal((SCRIPT,), variables_of(home)) as terminal:
            terminal.shown("Today")
            terminal.settle(1)
            taken[name] = terminal.press(keys, wanted)
            if name == "sessions":
                terminal.settle(1)
                taken["sessions of a deck"] = terminal.press(OF_A_DECK, "Quiz scores, ")
    return taken


def count(home: str) -> dict[str, Any]:
    """Count each figure."""
    from benchmarks.homes import paths_in
    from sco_quiz.insight.figures import OF_ANSWERS, OF_CARDS
    from sco_quiz.workspace.workspace import Workspace

    with Workspace(paths=paths_in(Path(home)), read_only=True) as workspace:
        workspace.refresh()
        for name in ("review-sums", "study-scores"):
            workspace.index.path.with_name(name).unlink(missing_ok=True)
        history = SessionHistory(workspace)
        anew = {
            "answers' figures, nothing kept": seconds(lambda: Figures(workspace).count(OF_ANSWERS)),
            "study scores by deck, nothing kept": seconds(lambda: history.scores("study")),
        }
        figures = Figures(workspace)
        deck = max(workspace.agenda.decks(), key=lambda each: each.cards).id
        of_deck = Figures(workspace, [deck])
        taken = {
            "answers' figures": seconds(lambda: figures.count(OF_ANSWERS)),
            "cards' figures": seconds(lambda: figures.count(OF_CARDS)),
            "days of a deck": seconds(lambda: of_deck.days),
            "sessions of a deck": seconds(lambda: history.sessions(deck)),
            "quiz scores by deck": seconds(lambda: history.scores("quiz")),
            "study scores by deck": seconds(lambda: history.scores("study")),
        }
        return {**anew, **taken, "answers": figures.totals.answers}
