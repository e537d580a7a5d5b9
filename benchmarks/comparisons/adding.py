"""Reading 100,000 plain notes from deck files, against Anki adding them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.comparisons.reading import read
from benchmarks.homes import paths_in
from benchmarks.measuring import Series, in_child, in_turn
from benchmarks.notes import pairs, plain_deck
from benchmarks.peers import Clanki
from benchmarks.report import Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.material import Material

RUNS = 4
NOTES, FILES = 100_000, 100


def compare(material: Material) -> Iterator[Figure | str]:
    """The same notes: ours from files to a new index, theirs by one call to a new collection."""
    notes = pairs(NOTES)
    decks = material.folder / "plain-decks"
    decks.mkdir()
    for number in range(FILES):
        text = plain_deck(f"plain-{number:03}", notes[number::FILES])
        (decks / f"plain-{number:03}.yaml").write_text(text, "utf-8")
    one = paths_in(material.plain(NOTES)).decks_folder
    works = [reading(decks, material.folder / "added"), reading(one, material.folder / "added-one")]
    clanki = Clanki.find()
    if isinstance(clanki, str):
        yield clanki
    else:
        works.append(adding(clanki, material.folder / "added-anki"))
    many, single, *others = (Series(tuple(values)) for values in in_turn(RUNS, *works))
    anki = others[0] if others else None
    against = "Anki's `add_notes`"
    yield Figure(f"{FILES} decks", many, "s", against, anki, ratio_goal=0.6)
    yield Figure("one deck", single, "s", against, anki, ratio_goal=1)


def reading(decks: Path, homes: Path) -> Callable[[], float]:
    """A measurement: read decks in a new home, in a process of its own."""
    runs = 0

    def run() -> float:
        nonlocal runs
        runs += 1
        found: float = in_child(read, decks, homes / str(runs))["seconds"]
        return found

    return run


def adding(clanki: Clanki, bases: Path) -> Callable[[], float]:
    """A measurement: add the notes to a new collection."""
    runs = 0
    notes = pairs(NOTES)

    def run() -> float:
        nonlocal runs
        runs += 1
        return clanki.add(notes, bases / str(runs))

    return run
