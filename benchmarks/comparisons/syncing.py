"""Syncing over a folder with ten devices, each with a year of 100,000 answers."""

from __future__ import annotations

import shutil
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.comparisons.keys import ANSWERS, STUDY, Pressed, study
from benchmarks.comparisons.starting import is_question
from benchmarks.homes import paths_in
from benchmarks.learner import begin_each
from benchmarks.measuring import Series, in_child, in_turn, quantile, seconds, variables_of
from benchmarks.report import Figure
from benchmarks.simulate import today
from sco_quiz.learning.cards import Card, key_of
from sco_quiz.learning.kinds import Kind
from sco_quiz.progress import pages
from sco_quiz.progress.store import Progress
from sco_quiz.progress.sums import sum_of
from sco_quiz.sync.folder import Folder
from sco_quiz.sync.syncing import synchronise
from sco_quiz.workspace.opening import system_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.material import Material
    from sco_quiz.progress.log import Event

RUNS, FRESH, KEY_RUNS = 5, 3, 4
DEVICES, SMALL = 10, 2
NEW = 1_000
PLAIN = 1_000
TOGETHER = 50_000


def compare(material: Material) -> Iterator[Figure | str]:
    """What a sync takes, and what it costs the keys of who studies meanwhile."""
    with Progress.open(paths_in(material.steady).progress_file, read_only=True) as progress:
        log = sorted(progress.events(), key=lambda event: event.id)
    few, many = material.folder / "few-devices", material.folder / "many-devices"
    for number in range(SMALL):
        put(few, rows_of(log, number))
    homes = [material.folder / f"fresh-{number}" for number in range(FRESH)]
    fresh = [in_child(take_and_replay, home, few) for home in homes]
    yield Figure(
        f"a fresh device takes {SMALL * len(log):,} rows",
        Series(tuple(each["taken"] for each in fresh)), "s",
        "a replay of them", Series(tuple(each["replayed"] for each in fresh)), ratio_goal=1.5,
    )  # fmt: skip
    shutil.copytree(few, many)
    held_back = list(rows_of(log, SMALL))
    put(many, iter(held_back[: -RUNS * NEW]))
    for number in range(SMALL + 1, DEVICES):
        put(many, rows_of(log, number))
    home = homes[0]
    in_child(sync, home, many, 1)
    rows = f"{DEVICES} devices, {DEVICES * len(log):,} rows"
    nothing = in_child(sync, home, many, RUNS)["seconds"]
    yield Figure(f"nothing new: {rows}", Series(tuple(nothing)).times(1000), "ms", goal=150)
    taken, sent = [], []
    for number in range(RUNS, 0, -1):
        end = None if number == 1 else -(number - 1) * NEW
        put(many, iter(held_back[-number * NEW : end]))
        taken += in_child(sync, home, many, 1)["seconds"]
        answer(home, number)
        sent += in_child(sync, home, many, 1)["seconds"]
    yield Figure(f"{NEW:,} rows taken, beside them", Series(tuple(taken)), "s", goal=1)
    yield Figure(f"{NEW:,} rows sent, beside them", Series(tuple(sent)), "s", goal=1)
    yield from keys(material, few)


def keys(material: Material, folder: Path) -> Iterator[Figure]:
    """Keys of the app while it takes the rows of two devices, and without."""
    plain = material.plain(PLAIN)

    def studying(settings: str) -> Callable[[], Pressed]:
        """A measurement, each time in a home that is new."""

        def run() -> Pressed:
            home = material.copy(plain)
            config = paths_in(home).config_file
            config.parent.mkdir(parents=True, exist_ok=True)
            config.write_text(settings)
            return study(STUDY, variables_of(home), is_question, ANSWERS)()

        return run

    ours, theirs = in_turn(KEY_RUNS, studying(f'sync = "{folder}"\n'), studying(""))
    for what, key in (("space to the answer", 0), ("3 to the next question", 1)):
        halves = [
            Series(tuple(quantile(run[key], 0.5) * 1000 for run in runs)) for runs in (ours, theirs)
        ]
        yield Figure(
            f"{what}, while syncing: p50", halves[0], "ms", "without", halves[1], ratio_goal=1.1
        )


def rows_of(log: Sequence[Event], number: int) -> Iterator[Event]:
    """Yield a log as that of another device, which has other cards."""
    before = b""
    for event in log:
        row = event._replace(
            device=f"{number:012x}",
            card=event.card and f"{number}-{event.card}",
            session=event.session and f"{number}-{event.session}",
        )
        before = sum_of(row, before)
        yield row._replace(sum=before)


def put(folder: Path, rows: Iterator[Event]) -> None:
    """Put rows into a shared folder, as their device does."""
    carrier = Folder(folder, folder.with_name("notes"), make=True)
    while some := list(islice(rows, TOGETHER)):
        carrier.put(some)


def take_and_replay(home: str, folder: str) -> dict[str, float]:
    """Have a fresh home take all rows, then replay them."""
    paths = paths_in(Path(home))
    paths.data.mkdir(parents=True)
    taken = seconds(lambda: synchronise(paths, lambda: system_now(4), folder))
    with Progress.open(paths.progress_file) as progress:
        return {"taken": taken, "replayed": seconds(progress.rebuild)}


def sync(home: str, folder: str, times: str) -> dict[str, list[float]]:
    """Sync a home, some times."""
    paths = paths_in(Path(home))
    return {
        "seconds": [
            seconds(lambda: synchronise(paths, lambda: system_now(4), folder))
            for _ in range(int(times))
        ]
    }


def answer(home: Path, run: int) -> None:
    """Answer some new cards, and leave the file as the app does: its pages were looked at."""
    paths = paths_in(home)
    cards = (
        Card(
            key=key_of("deck", f"{run} {number}"), note=key_of("note", f"{run} {number}"),
            deck="bench", kind=Kind.TYPED, prompt=f"Question {number}?", answers=("Answer",),
        )
        for number in range(NEW)
    )  # fmt: skip
    with Progress.open(paths.progress_file) as progress:
        begin_each(progress, cards, today())
    pages.leave_whole(paths.progress_file, paths.cache)
