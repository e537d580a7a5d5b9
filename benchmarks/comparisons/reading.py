"""Reading deck files: 100,000 notes in 100 files, 15 MB."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from shutil import copytree
from typing import TYPE_CHECKING

from benchmarks.measuring import Series, in_child, seconds
from benchmarks.report import Figure
from sco_quiz.library.parallel_reading import MOST_PROCESSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.material import Material

RUNS = 3


def compare(material: Material) -> Iterator[Figure]:
    """From files to a new index, against PyYAML's own loader; and one file that changed."""
    ours, together, kept, dropped = [], [], [], []
    for run in range(RUNS):
        ours.append(in_child(read, material.decks, material.folder / f"read-{run}"))
        together.append(in_child(load_together, material.decks))
        kept.append(in_child(load, material.decks))
        dropped.append(in_child(load_and_drop, material.decks))
    time = _series(ours, "seconds")
    yield Figure(
        "read all, files to index", time, "s",
        "`yaml.load(…, CSafeLoader)`, all notes as one document", _series(together, "seconds"),
        ratio_goal=1 / 3, goal=3,
    )  # fmt: skip
    yield Figure(
        "the same", time, "s", "the same loader file by file, all data kept",
        _series(kept, "seconds"), ratio_goal=1 / 3,
    )  # fmt: skip
    yield Figure(
        "the same", time, "s", "the same loader file by file, each file's data dropped",
        _series(dropped, "seconds"),
    )  # fmt: skip
    memory = Series(tuple(each["peak"] + each["others"] for each in ours)).times(1e-6)
    yield Figure("peak memory meanwhile, of all processes at most", memory, "MB", goal=250)
    again = [in_child(read_changed, material.folder / "read-0") for _ in range(RUNS)]
    yield Figure("one changed: files read", _series(again, "files"), "", goal=1)
    yield Figure("one changed: time", _series(again, "seconds").times(1000), "ms")


def _series(found: list[dict[str, float]], name: str) -> Series:
    return Series(tuple(each[name] for each in found))


def read(decks: str, home: str) -> dict[str, float]:
    """Read every deck file into a new index."""
    from benchmarks.homes import paths_in
    from sco_quiz.workspace.workspace import Workspace

    paths = paths_in(Path(home))
    copytree(decks, paths.decks_folder)
    with Workspace(paths=paths) as workspace:
        took = seconds(workspace.refresh)
    # Of other processes only the greatest peak is known, so each is taken to have reached it.
    others = min(os.cpu_count() or 1, MOST_PROCESSES) * getrusage(RUSAGE_CHILDREN).ru_maxrss
    return {"seconds": took, "others": others * (1 if sys.platform == "darwin" else 1024)}


def load_together(decks: str) -> dict[str, float]:
    """Load the notes of every deck file as one document."""
    import yaml

    first, *others = [path.read_text("utf-8") for path in sorted(Path(decks).iterdir())]
    notes = [text.partition("\ncards:\n")[2] for text in others]
    text = "".join([first, *notes]).encode()
    return {"seconds": seconds(lambda: yaml.load(text, yaml.CSafeLoader))}


def load(decks: str) -> dict[str, float]:
    """Load every deck file the way programs do."""
    import yaml

    texts = [path.read_bytes() for path in sorted(Path(decks).iterdir())]
    return {"seconds": seconds(lambda: [yaml.load(text, yaml.CSafeLoader) for text in texts])}


def load_and_drop(decks: str) -> dict[str, float]:
    """The same, but nothing is kept: the garbage collector then has less to go through."""
    import yaml

    def load_all() -> None:
        for text in texts:
            yaml.load(text, yaml.CSafeLoader)

    texts = [path.read_bytes() for path in sorted(Path(decks).iterdir())]
    return {"seconds": seconds(load_all)}


def read_changed(home: str) -> dict[str, float]:
    """Change one file and look again."""
    from benchmarks.homes import paths_in
    from sco_quiz.workspace.workspace import Workspace

    paths = paths_in(Path(home))
    deck = paths.decks_folder / "deck-007.yaml"
    with Workspace(paths=paths) as workspace:
        deck.write_text(deck.read_text("utf-8") + "  - {front: a, back: b}\n", "utf-8")
        opened = deck_files_opened()
        took = seconds(workspace.refresh)
        return {"seconds": took, "files": len(opened)}


def deck_files_opened() -> list[str]:
    """A list that grows with each deck file that this process opens from now on."""
    opened: list[str] = []

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and str(arguments[0]).endswith((".yaml", ".yml")):
            opened.append(str(arguments[0]))

    sys.addaudithook(hook)
    return opened
