"""Time a sync over a folder: `python -m benchmarks.syncing [ANSWERS]`.

Processor time of this process, since a sync runs beside other work; the least of some tries.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.homes import paths_in
from benchmarks.learner import study_for_a_year
from sco_quiz.learning.cards import Card, CardState, Rating, key_of
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.scheduling import Scheduler
from sco_quiz.learning.study_day import DAY_MS, EPOCH_DAY, Moment
from sco_quiz.progress import log
from sco_quiz.progress.store import Progress
from sco_quiz.sync.syncing import synchronise

if TYPE_CHECKING:
    from collections.abc import Callable

    from sco_quiz.paths import Paths

LAST_DAY = 739_000
NOW = Moment((LAST_DAY + 1 - EPOCH_DAY) * DAY_MS, 0, LAST_DAY + 1)
NEW = 1_000
TRIES = 3


def seconds(what: Callable[[], object], tries: int = 1) -> float:
    """Return the processor time that something takes; the least of some tries."""
    found = []
    for _ in range(tries):
        began = time.process_time()
        what()
        found.append(time.process_time() - began)
    return min(found)


def answer(paths: Paths, cards: list[Card], number: int) -> None:
    """Answer so many cards in one transaction."""
    scheduler, before = Scheduler(), CardState()
    with Progress.open(paths.progress_file) as progress:
        progress.append(
            *(
                log.review(
                    NOW, card, Rating.GOOD, before,
                    scheduler.next_states(card.key, before, NOW)[Rating.GOOD], session="bench",
                )
                for card in cards[:number]
            )
        )  # fmt: skip


def main(answers: int) -> None:
    """Print the table."""
    cards = [
        Card(
            key=key_of("deck", str(number)), note=key_of("note", str(number)), deck="bench",
            kind=Kind.TYPED, prompt=f"Question number {number}?", answers=(f"Answer {number}",),
        )
        for number in range(max(NEW, answers // 13))
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        first, fresh = (paths_in(Path(name, each)) for each in ("first", "fresh"))
        where = str(Path(name, "shared"))
        for paths in (first, fresh):
            paths.data.mkdir(parents=True)

        def sync(paths: Paths) -> Callable[[], object]:
            return lambda: synchronise(paths, lambda: NOW, where, make=True)

        with Progress.open(first.progress_file) as progress:
            study_for_a_year(progress, cards, LAST_DAY, answers=answers, seen=len(cards))
            ((rows,),) = progress.query("SELECT count(*) FROM event")
            replay = seconds(progress.rebuild)
        print(f"| rows | {rows:,} |")
        print(f"| a replay of them | {replay:.2f} s |")
        print(f"| sent for the first time | {seconds(sync(first)):.2f} s |")
        taken = seconds(sync(fresh))
        print(f"| taken by a fresh device | {taken:.2f} s, {taken / replay:.2f} replays |")
        sync(first)()
        print(f"| nothing new | {seconds(sync(fresh), TRIES) * 1000:.0f} ms |")
        answer(first, cards, NEW)
        print(f"| {NEW:,} rows sent | {seconds(sync(first)):.2f} s |")
        print(f"| {NEW:,} rows taken | {seconds(sync(fresh)):.2f} s |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
