"""Fitting parameters to 100,000 answers, and what each desired retention would cost."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from benchmarks.measuring import Series, command, in_child, interleaved, seconds
from benchmarks.report import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.material import Material

RUNS = 3


def compare(material: Material) -> Iterator[Figure]:
    """On the log of a year."""
    optimize = (sys.executable, "-m", "sco_quiz", "optimize")
    (taken,) = interleaved(RUNS, command(*optimize, home=material.steady))
    yield Figure("sco-quiz optimize, 100,000 answers", taken, "s", goal=6)
    alone = [in_child(fit, material.steady) for _ in range(RUNS)]
    peaks = Series(tuple(each["peak"] for each in alone)).times(1e-6)
    yield Figure("peak memory of the process that fits", peaks, "MB", goal=250)
    beside = [in_child(watch, material.steady) for _ in range(RUNS)]
    stalls = Series(tuple(each["stall"] for each in beside)).times(1000)
    yield Figure("longest stall of the app beside it", stalls, "ms", goal=16.7)
    simulated = [in_child(simulate, material.steady) for _ in range(RUNS)]
    series = Series(tuple(each["seconds"] for each in simulated))
    yield Figure("workload at 8 retentions, 12,000 cards begun", series, "s", goal=1)


def fit(home: str) -> dict[str, object]:
    """What the process does that fits."""
    from benchmarks.homes import paths_in
    from sco_quiz.insight.fitting import judge, reviews
    from sco_quiz.learning.fit_checks import sort_into_histories
    from sco_quiz.progress.store import Progress

    with Progress.open(paths_in(Path(home)).progress_file, read_only=True) as progress:
        verdict = judge(
            sort_into_histories(reviews(progress)), progress.parameters, 1, lambda _: None
        )
    return {"gain": verdict.gain}


def watch(home: str) -> dict[str, float]:
    """Fit beside a loop that ought to turn every millisecond."""
    from benchmarks.homes import paths_in
    from sco_quiz.insight.optimizer import fit_parameters
    from sco_quiz.workspace.workspace import Workspace

    with Workspace(paths=paths_in(Path(home))) as workspace:
        work = Thread(target=fit_parameters, args=(workspace, lambda _: None))
        work.start()
        longest = 0.0
        while work.is_alive():
            start = time.perf_counter()
            time.sleep(0.001)
            longest = max(longest, time.perf_counter() - start)
        work.join()
    return {"stall": longest - 0.001}


def simulate(home: str) -> dict[str, float]:
    """A year at each desired retention."""
    from benchmarks.homes import paths_in
    from sco_quiz.insight.workload import workloads
    from sco_quiz.workspace.workspace import Workspace

    with Workspace(paths=paths_in(Path(home))) as workspace:
        workspace.refresh()
        return {"seconds": seconds(lambda: workloads(workspace))}
