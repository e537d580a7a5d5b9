"""Distributions of the figures of cards, and the calibration of predictions."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from statistics import fmean, median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CALIBRATION_BINS = 20
"""The number of bins, of equal width, for predictions."""

DAYS_EDGES = (0, 1, 2, 4, 7, 14, 21, 30, 60, 90, 180, 365, 730, 1825, 36_501)
"""Edges of the bins of intervals and stabilities, in days."""
DIFFICULTY_EDGES = tuple(range(1, 11))
RETRIEVABILITY_EDGES = tuple(step / 20 for step in range(21))


class Bin(NamedTuple):
    """A range of a distribution.

    Attributes:
        low: Its lower edge, which is in it.
        high: Its upper edge, which is not in it, except in the last bin.
        values: The number of values in it.
    """

    low: float
    high: float
    values: int


class Distribution(NamedTuple):
    """The distribution of values over bins.

    Attributes:
        bins: The bins, from low to high, without gaps; empty ones at both ends are left out.
        values: The number of values.
        mean: Their mean; None without any.
        median: The value in the middle; None without any.
    """

    bins: list[Bin]
    values: int
    mean: float | None
    median: float | None


class PredictedRecalls(NamedTuple):
    """Recalls for which FSRS gave about the same chance.

    Attributes:
        low: The lower edge of the bin, a chance (0 to 1) that is in it.
        high: The upper edge, which is not in it, except in the last bin.
        recalls: The number of recalls.
        predicted: The mean of the predicted chances.
        recalled: The share that was recalled.
    """

    low: float
    high: float
    recalls: int
    predicted: float
    recalled: float


class Calibration(NamedTuple):
    """A comparison of FSRS's predictions with the recalls.

    Attributes:
        bins: The bins with a recall, from low to high.
        error: The root mean square of the bins' errors, weighted by their recalls; None without
            any.
    """

    bins: list[PredictedRecalls]
    error: float | None


def distribution(values: Iterable[float], edges: Sequence[float]) -> Distribution:
    """Return the distribution of values over bins.

    Args:
        values: The values, in any order. One beyond the edges counts in the nearest bin.
        edges: The lower edge of each bin and the upper edge of the last, in rising order.
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
    """Compare predicted chances of recall with the recalls.

    Args:
        bins: For each bin, in order: its number (from 0, below `CALIBRATION_BINS`), the number of
            recalls in it, the number of those that were recalled, the sum of predicted chances.
    """
    filled_bins = [
        PredictedRecalls(
            number / CALIBRATION_BINS, (number + 1) / CALIBRATION_BINS,
            recalls, predicted / recalls, recalled / recalls,
        )
        for number, recalls, recalled, predicted in bins
    ]  # fmt: skip
    if not filled_bins:
        return Calibration([], None)
    squares = sum(
        filled_bin.recalls * (filled_bin.predicted - filled_bin.recalled) ** 2
        for filled_bin in filled_bins
    )
    return Calibration(
        filled_bins, (squares / sum(filled_bin.recalls for filled_bin in filled_bins)) ** 0.5
    )
