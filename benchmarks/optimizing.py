"""`sco-quiz optimize` on 100,000 reviews: seconds and MiB of the whole command.

Run as `python benchmarks/optimizing.py [REVIEWS]`.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sco_quiz.learning.cards import Card, CardState, Kind, Rating, State
from sco_quiz.learning.scheduling import MemoryModel, Promise
from sco_quiz.learning.study_day import DAY_MS, EPOCH_DAY, Moment
from sco_quiz.progress import log
from sco_quiz.progress.store import Progress

LEARNER = (0.5, 1.3, 5.0, 8.3, 6.4, 0.83, 3.0, 0.001, 1.5, 0.17, 0.8, 1.48, 0.06, 0.26, 1.65, 0.6,
           1.87, 0.54, 0.09, 0.07, 0.3)  # fmt: skip
"""Parameters of a memory that is not the average one."""
FIRST_DAY = 738_000
DAYS = 1500


def write_log(progress: Progress, reviews: int, seed: int = 1) -> None:
    """Fill a progress file with the reviews of a learner who studies by the default parameters."""
    chance = random.Random(seed)
    truth, model = MemoryModel(LEARNER), MemoryModel()
    drafts: list[log.Draft] = []
    number = 0
    while len(drafts) < reviews:
        number += 1
        key = f"{number:020x}"
        card = Card(key, key, "deck", Kind.TYPED, f"Question {number}?", (f"Answer {number}",))
        state, real, day = CardState(), None, FIRST_DAY + chance.randrange(DAYS)
        for n in range(chance.randint(2, 20)):
            if real is None:
                (rating,) = chance.choices(list(Rating), (0.25, 0.1, 0.55, 0.1))
            elif chance.random() > truth.retrievability(real.stability, day - state.last_day):
                rating = Rating.AGAIN
            else:
                (rating,) = chance.choices(list(Rating)[1:], (0.1, 0.8, 0.1))
            real = truth.next(real, day - state.last_day if n else 0, rating)
            now = Moment((day - EPOCH_DAY) * DAY_MS + 36_000_000 + n * 60_000, 0, day)
            due = day if rating is Rating.AGAIN else day + max(1, round(
                state.stability * 2 * chance.uniform(0.9, 1.1)))  # fmt: skip
            after = model.after(state, rating, day, Promise(State.REVIEW, 0, due, 0))
            drafts.append(log.review(now, card, rating, state, after, session="session",
                                     answer="Answer", milliseconds=5_000))  # fmt: skip
            state, day = after, due
    drafts.sort(key=lambda draft: draft.moment.at)
    progress.append(*drafts[:reviews])


def main(reviews: int) -> None:
    """Write a log, run the command, say what it took."""
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "data" / "progress.db"
        with Progress.open(path) as progress:
            progress.query("PRAGMA synchronous = OFF")
            write_log(progress, reviews)
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "sco_quiz", "optimize"], check=True,
                       env={**os.environ, "SCO_QUIZ_HOME": home})  # fmt: skip
        seconds = time.perf_counter() - started
    # Of the largest process below this one; on Linux in KiB, on macOS in bytes.
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit
    print(f"optimize, {reviews:,} reviews: {seconds:.1f} s, {peak:.0f} MiB (≤ 6 s, ≤ 250 MB)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
