from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.learning import distributions
from sco_quiz.learning.distributions import Bin, calibration, distribution


def test_a_value_on_an_edge_lies_in_the_bin_that_begins_there() -> None:
    assert distribution([1, 2, 2, 3.5], (0, 1, 2, 3, 4)).bins == [
        Bin(1, 2, 1),
        Bin(2, 3, 2),
        Bin(3, 4, 1),
    ]


def test_values_beyond_the_edges_count_in_the_nearest_bin() -> None:
    assert distribution([-5, 99], (0, 1, 2)).bins == [Bin(0, 1, 1), Bin(1, 2, 1)]


def test_the_last_bin_holds_its_upper_edge() -> None:
    assert distribution([1.0], distributions.RETRIEVABILITY_EDGES).bins == [Bin(0.95, 1.0, 1)]
    assert distribution([10.0], distributions.DIFFICULTY_EDGES).bins == [Bin(9, 10, 1)]


def test_without_values_there_is_no_median() -> None:
    assert distribution([], (0, 1)) == ([], 0, None, None)


@given(st.lists(st.floats(-10, 40_000), min_size=1))
def test_every_value_lies_in_one_bin(values: list[float]) -> None:
    found = distribution(values, distributions.DAYS_EDGES)
    assert sum(each.values for each in found.bins) == found.values == len(values)
    assert found.bins[0].values
    assert found.bins[-1].values
    assert all(one.high == other.low for one, other in pairwise(found.bins))


# Calibration


def test_perfect_predictions_have_no_error() -> None:
    found = calibration([(10, 2, 1, 1.0), (15, 4, 3, 3.0)])
    assert found.error == 0
    assert [(each.low, each.predicted, each.recalled) for each in found.bins] == [
        (0.5, 0.5, 0.5),
        (0.75, 0.75, 0.75),
    ]


def test_the_error_weighs_each_bin_by_its_recalls() -> None:
    found = calibration([(10, 30, 15, 15.0), (18, 10, 7, 9.0)])
    assert found.error == pytest.approx((10 * 0.2**2 / 40) ** 0.5)


def test_without_recalls_there_is_no_calibration_error() -> None:
    assert calibration([]) == ([], None)
