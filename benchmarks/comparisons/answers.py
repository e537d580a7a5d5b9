"""Answers in the log: writing one, and replaying all, against fsrs alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measuring import Series, in_child, quantile, seconds
from benchmarks.report import Figure
from sco_quiz.studying.sessions import begin_study

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.material import Material

RUNS = 5
ANSWERS = 180


def compare(material: Material) -> Iterator[Figure]:
    """In a log of 100,000 answers."""
    home = material.copy(material.steady)
    written = [in_child(answer, home) for _ in range(RUNS)]
    for name, goal in (("p50", None), ("p99", 10)):
        series = Series(tuple(each[name] for each in written)).times(1000)
        yield Figure(f"rate a card, on disk: {name}", series, "ms", goal=goal)
    replayed = [in_child(replay, home) for _ in range(RUNS)]
    series, bare = (Series(tuple(each[name] for each in replayed)) for name in ("seconds", "bare"))
    yield Figure(
        "replay 100,000 answers", series, "s", "a bare pass of `fsrs` over them", bare,
        goal=3, ratio_goal=2,
    )  # fmt: skip


def answer(home: str) -> dict[str, float]:
    """Rate cards of a session, each on disk before the next."""
    from benchmarks.homes import paths_in
    from sco_quiz.learning.cards import Rating
    from sco_quiz.workspace.workspace import Workspace

    with Workspace(paths=paths_in(Path(home))) as workspace:
        workspace.refresh()
        session = begin_study(workspace)
        taken = []
        for _ in range(ANSWERS):
            session.answer()
            taken.append(seconds(lambda: session.rate(Rating.GOOD)))
    return {"p50": quantile(taken, 0.5), "p99": quantile(taken, 0.99)}


def replay(home: str) -> dict[str, float]:
    """Make the views of the log anew; and have fsrs review the same cards, with its defaults."""
    import fsrs

    from benchmarks.homes import paths_in
    from sco_quiz.progress.store import Progress

    scheduler = fsrs.Scheduler()
    with Progress.open(paths_in(Path(home)).progress_file) as progress:
        took = seconds(progress.rebuild)
        rows = progress.query("SELECT card, at, rating FROM review ORDER BY card, at")
    reviews = [
        (key, fsrs.Rating(rating), datetime.fromtimestamp(at / 1000, UTC))
        for key, at, rating in rows
    ]

    def review_all() -> None:
        cards = {key: fsrs.Card(0) for key, _, _ in reviews}
        for key, rating, at in reviews:
            cards[key], _ = scheduler.review_card(cards[key], rating, at)

    return {"seconds": took, "bare": seconds(review_all)}
