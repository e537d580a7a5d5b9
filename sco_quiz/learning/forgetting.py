"""The forgetting curve of one card: how likely it was, is and will be to be recalled."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.learning.memory import MemoryModel


def forgetting_curve(
    reviews: Sequence[tuple[int, float]], memory: MemoryModel, first: int, last: int, points: int
) -> list[float | None]:
    """Retrievability at equal distances of time: FSRS-6's curve, begun anew at each review.

    Args:
        reviews: Study day of each review and the stability (days) after it, in order.
        memory: The parameters in force.
        first: The study day of the first point.
        last: That of the last point, later than the first.
        points: How many points, at least 2.

    Returns:
        From 0 to 1 each; None before the first review.
    """
    days = [day for day, _ in reviews]
    curve: list[float | None] = []
    for number in range(points):
        day = first + (last - first) * number / (points - 1)
        before = bisect_right(days, day)
        if not before:
            curve.append(None)
            continue
        reviewed, stability = reviews[before - 1]
        curve.append(memory.retrievability(stability, day - reviewed))
    return curve
