"""The program that fits parameters, run as a process of its own.

The fit blocks the interpreter, and may end it if it fails. `python -m sco_quiz.insight.fitting FILE
STEPS` reads the log in a progress file. Each line that it prints is a JSON object: `{"done": 0.4}`,
and at last `{"verdict": …}` or `{"error": …}`.
"""

from __future__ import annotations

import gc
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.errors import SCOQuizError
from sco_quiz.learning.fit_checks import (
    FitVerdict,
    LoggedReview,
    Recall,
    ReviewHistories,
    log_loss,
    sort_into_histories,
)
from sco_quiz.learning.memory import within_bounds
from sco_quiz.progress.log import SELECT_EVENTS, Event
from sco_quiz.progress.store import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

LONGEST = 256
"""The most answers to a card that the fit uses, as FSRS does."""

_ROWS = 1000
"""The rows of one query. Reading blocks writers, so each query is kept short."""

# A typed card asked as a choice was recognised, not recalled, which shows little of the memory.
_REVIEWS = """
SELECT e.device, e.seq, e.stamp, coalesce(r.card, e.card), coalesce(r.day, e.day), r.rating
FROM event e LEFT JOIN review r ON r.device = e.device AND r.seq = e.seq
  LEFT JOIN face f ON f.key = r.card AND f.kind = 'typed' AND r.asked = 'choice'
WHERE f.key IS NULL AND (e.device, e.seq) > (?, ?)
  AND (r.seq IS NOT NULL OR e.kind = 'reset' AND (e.device, e.seq) NOT IN undone)
ORDER BY e.device, e.seq LIMIT ?"""


def reviews(progress: Progress) -> list[LoggedReview]:
    """Return the reviews that count, and the resets between them, in the log's order."""
    rows, last = [], ("", 0)
    while part := progress.query(_REVIEWS, (*last, _ROWS)):
        for device, seq, stamp, named, day, rating in part:
            card = _card_now(progress, device, seq) if rating is None else named
            rows.append(((stamp, device, seq), LoggedReview(card, day, rating)))
        last = part[-1][:2]
    rows.sort()
    return [review for _, review in rows]


def _card_now(progress: Progress, device: str, seq: int) -> str:
    """Return the card that a reset is about now, after re-links."""
    (row,) = progress.query(SELECT_EVENTS + "WHERE device = ? AND seq = ?", (device, seq))
    return progress.card_of(Event._make(row)) or ""


def fit(
    past: ReviewHistories, recalls: Iterable[Recall], relearning_steps: int
) -> tuple[float, ...]:
    """Return the parameters that fit these recalls best.

    Raises:
        SCOQuizError: No parameters fit.
    """
    from fsrs_rs_python import FSRS, FSRSItem, FSRSReview

    shared = {answer: FSRSReview(answer.rating, answer.elapsed)
              for history in past.histories for answer in history}  # fmt: skip
    items = [
        FSRSItem([shared[answer] for answer in past.histories[index][: place + 1]])
        for index, place, _ in recalls
        if place < LONGEST
    ]
    try:
        parameters = FSRS([]).compute_parameters(items, num_relearning_steps=relearning_steps)
    except ValueError as error:
        raise SCOQuizError(
            f"no parameters fit these reviews ({error})", "those in force stay as they are"
        ) from error
    return within_bounds(round(value, 6) for value in parameters)


def judge(
    past: ReviewHistories,
    current: tuple[float, ...],
    relearning_steps: int,
    told: Callable[[float], None],
) -> FitVerdict:
    """Fit parameters to a learner, and compare them with those in force.

    Args:
        past: The learner's reviews.
        current: The parameters in force; empty for the defaults.
        relearning_steps: The number of relearning steps.
        told: Called with the share of the work that is done.

    Raises:
        SCOQuizError: There are too few reviews, or nothing fits them.
    """
    past.check()
    told(0.2)
    earlier = fit(past, past.recalls[: past.split], relearning_steps)
    told(0.35)
    current_loss = log_loss(past, current)
    told(0.6)
    new_loss = log_loss(past, earlier)
    told(0.85)
    return FitVerdict(
        reviews=past.reviews,
        judged=len(past.recalls) - past.split,
        since=past.recalls[past.split].day,
        current=current,
        new=fit(past, past.recalls, relearning_steps),
        current_loss=current_loss,
        new_loss=new_loss,
    )


def main(arguments: Sequence[str]) -> None:
    """Run the fit, and print its progress and result on stdout."""
    path, relearning_steps = arguments
    gc.disable()  # many objects stay, and none are in cycles
    try:
        with Progress.open(Path(path), read_only=True) as progress:
            past, current = sort_into_histories(reviews(progress)), progress.parameters
        verdict = judge(past, current, int(relearning_steps), lambda done: _say(done=done))
    except SCOQuizError as error:
        _say(error=[error.message, error.help, error.exit_code])
    else:
        _say(verdict=asdict(verdict))


def _say(**message: object) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
