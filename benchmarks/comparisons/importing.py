"""Importing an Anki package of 20,000 notes with a history, against Anki importing it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.homes import paths_in
from benchmarks.learner import study_for_a_year
from benchmarks.measuring import Series, in_child, in_turn, seconds
from benchmarks.peers import Clanki
from benchmarks.report import Figure
from benchmarks.simulate import today

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.material import Material

RUNS = 4
NOTES, ANSWERS = 20_000, 240_000
"""The learner gives some of those answers only: fewer cards fall due than there is room for."""


def compare(material: Material) -> Iterator[Figure | str]:
    """From the command to a deck that is read and scheduled; theirs is the one call."""
    package, reviews = _package(material)
    peaks: list[float] = []
    works = [_ours(package, material.folder / "imported", peaks)]
    clanki = Clanki.find()
    if isinstance(clanki, str):
        yield clanki
    else:
        works.append(_theirs(clanki, package, material.folder / "imported-anki"))
    ours, *others = (Series(tuple(values)) for values in in_turn(RUNS, *works))
    anki = others[0] if others else None
    what = f"{NOTES:,} notes, {reviews:,} reviews"
    yield Figure(what, ours, "s", "Anki's import", anki, ratio_goal=8)
    yield Figure("memory at most", Series(tuple(peaks[1:])), "MB", goal=250)


def bring(package: str, home: str) -> dict[str, float]:
    """Import a package into a new home."""
    from sco_quiz.transfer.importing import TableOptions, import_files
    from sco_quiz.workspace.workspace import Workspace

    with Workspace(paths=paths_in(Path(home))) as workspace:

        def work() -> None:
            workspace.refresh()
            import_files(workspace, [Path(package)], options=TableOptions())
            workspace.refresh()

        return {"seconds": seconds(work)}


def _package(material: Material) -> tuple[Path, int]:
    """What a learner of a year has, and how many reviews are in it."""
    from sco_quiz.library.decks import read_deck
    from sco_quiz.progress.store import Progress
    from sco_quiz.transfer.exporting import Target, export, save
    from sco_quiz.workspace.workspace import Workspace

    home = material.copy(material.plain(NOTES))
    paths = paths_in(home)
    deck = read_deck("plain.yaml", (paths.decks_folder / "plain.yaml").read_bytes()).deck
    assert deck is not None
    with Progress.open(paths.progress_file) as progress:
        study_for_a_year(progress, deck.cards, today() - 1, answers=ANSWERS, seen=NOTES)
        ((reviews,),) = progress.query("SELECT count(*) FROM review")
    package = material.folder / "plain.apkg"
    with Workspace(paths=paths) as workspace:
        workspace.refresh()
        save(export(workspace, ["plain"], Target.ANKI), package)
    return package, reviews


def _ours(package: Path, homes: Path, peaks: list[float]) -> Callable[[], float]:
    """A measurement: import in a new home, in a process of its own."""

    def run() -> float:
        found = in_child(bring, package, homes / str(len(peaks)))
        peaks.append(found["peak"] / 1_000_000)
        taken: float = found["seconds"]
        return taken

    return run


def _theirs(clanki: Clanki, package: Path, bases: Path) -> Callable[[], float]:
    """A measurement: import into a new collection."""
    runs = 0

    def run() -> float:
        nonlocal runs
        runs += 1
        return clanki.take(package, bases / str(runs))

    return run
