"""How the figures of cards are spread, and whether predictions come true."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from statistics import fmean, median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CALIBRATION_BINS = 20
"""Bins of equal width that predictions are put into."""

DAYS_EDGES = (0, 1, 2, 4, 7, 14, 21, 30, 60, 90, 180, 365, 730, 1825, 36_501)
"""Edges of the bins of intervals and stabilities, in days."""
DIFFICULTY_EDGES = tuple(range(1, 11))
RETRIEVABILITY_EDGES = tuple(step / 20 for step in range(21))


class Bin(NamedTuple):
    """A stretch of a distribution.

    Attributes:
        low: Where it begins; in it.
        high: Where it ends; no longer in it, but for the last bin.
        values: How many values lie in it.
    """

    low: float
    high: float
    values: int


class Distribution(NamedTuple):
    """How values are spread.

    Attributes:
        bins: From low to high, without gaps; empty ones at both ends are left out.
        values: How many there are.
        mean: Their mean; None without any.
        median: The value in the middle; None without any.
    """

    bins: list[Bin]
    values: int
    mean: float | None
    median: float | None


class Predicted(NamedTuple):
    """Recalls for which FSRS gave about the same chance.

    Attributes:
        low: The chance (0 to 1) at which the bin begins; in it.
        high: Where it ends; no longer in it, but for the last bin.
        recalls: How many.
        predicted: The mean of the chances given.
        recalled: The share that was recalled.
    """

    low: float
    high: float
    recalls: int
    predicted: float
    recalled: float


class Calibration(NamedTuple):
    """Whether cards are recalled as often as FSRS says.

    Attributes:
        bins: Those with a recall, from low to high.
        error: The root of the mean square of what the bins are off by, weighted by their recalls;
            None without any.
    """

    bins: list[Predicted]
    error: float | None


def distribution(values: Iterable[float], edges: Sequence[float]) -> Distribution:
    """How values are spread over bins.

    Args:
        values: In any order. One beyond the edges counts in the bin nearest to it.
        edges: Where each bin begins, and where the last ends; rising.
    """
    values = sorted(values)
    if not values:
        return Distribution([], 0, None, None)
    ends = [bisect_left(values, edge) for edge in edges[1:-1]]
    counts = [high - low for low, high in pairwise([0, *ends, len(values)])]
    bins = [Bin(low, high, n) for (low, high), n in zip(pairwise(edges), counts, strict=True)]
    while not bins[0].values:
        bins.pop(0)
    while not bins[-1].values:
        bins.pop()
    return Distribution(bins, len(values), fmean(values), median(values))


def calibration(bins: Iterable[tuple[int, int, int, float]]) -> Calibration:
    """Compare what was predicted with what happened.

    Args:
        bins: Number of the bin (0 to `CALIBRATION_BINS` and no more), recalls in it, how many of
            these were recalled, sum of the chances given; in order.
    """
    found = [
        Predicted(
            number / CALIBRATION_BINS, (number + 1) / CALIBRATION_BINS,
            recalls, predicted / recalls, recalled / recalls,
        )
        for number, recalls, recalled, predicted in bins
    ]  # fmt: skip
    if not found:
        return Calibration([], None)
    squares = sum(each.recalls * (each.predicted - each.recalled) ** 2 for each in found)
    return Calibration(found, (squares / sum(each.recalls for each in found)) ** 0.5)
