from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.learning.study_day import DAY_MS, HOUR_MS, MINUTE_MS, Moment, study_day
from sco_quiz.learning.wrong_clock import EARLIEST, Misfit, Shift, Way, find_misfits, place

NOW = 20_500 * DAY_MS
YEAR = 365 * DAY_MS
TIMES = st.lists(st.integers(EARLIEST, NOW), max_size=40).map(sorted)
WAYS = st.sampled_from(list(Way))


def moment(at: int) -> Moment:
    return Moment(at, 0, study_day(at, 0, 4))


def test_the_earliest_possible_time_is_the_year_2020() -> None:
    assert datetime.fromtimestamp(EARLIEST / 1000, UTC) == datetime(2020, 1, 1, tzinfo=UTC)


@given(times=TIMES)
def test_times_that_rise_up_to_the_present_are_never_wrong_however_long_the_absences(
    times: list[int],
) -> None:
    assert find_misfits(times, NOW) == []


@given(times=TIMES, back=st.lists(st.integers(0, DAY_MS), max_size=40))
def test_a_clock_that_is_set_back_by_less_than_a_day_is_not_wrong(
    times: list[int], back: list[int]
) -> None:
    times = [max(at - less, EARLIEST) for at, less in zip(times, back, strict=False)]
    assert find_misfits(times, NOW) == []


@given(
    times=TIMES,
    wrong=st.lists(st.integers(NOW + DAY_MS + 1, NOW + 300 * YEAR), min_size=1, max_size=9),
    place=st.integers(0, 40),
)
def test_all_times_ahead_of_the_present_are_wrong_and_no_others(
    times: list[int], wrong: list[int], place: int
) -> None:
    place = min(place, len(times))
    before, behind = times[:place], times[place:]
    assert find_misfits([*before, *wrong, *behind], NOW) == [
        Misfit(
            place,
            place + len(wrong) - 1,
            before[-1] if before else None,
            behind[0] if behind else None,
        )
    ]


@pytest.mark.parametrize("reset", [0, 10 * YEAR, 30 * YEAR, NOW - YEAR])
def test_a_clock_that_fell_back_to_another_year_and_came_right_again_is_found(reset: int) -> None:
    right = [NOW - each * DAY_MS for each in (90, 60, 30, 20, 10, 5, 2)]
    wrong = [reset, reset + MINUTE_MS]
    times = [*right[:4], *wrong, *right[4:]]
    assert find_misfits(times, NOW) == [Misfit(4, 5, right[3], right[4])]
    assert find_misfits([*right, *wrong], NOW) == [Misfit(7, 8, right[6], None)]


def test_a_clock_that_was_ahead_long_ago_is_found_though_the_present_has_passed_it() -> None:
    right = [NOW - each * DAY_MS for each in (90, 89, 88, 87, 86, 85)]
    wrong = [NOW - 40 * DAY_MS]
    assert find_misfits([*right[:3], *wrong, *right[3:]], NOW) == [Misfit(3, 3, right[2], right[3])]


def test_times_hours_ahead_are_wrong_only_next_to_times_days_ahead() -> None:
    assert find_misfits([NOW - DAY_MS, NOW + 9 * HOUR_MS], NOW) == []
    found = find_misfits([NOW - DAY_MS, NOW + 9 * HOUR_MS, NOW + 33 * HOUR_MS], NOW)
    assert found == [Misfit(1, 2, NOW - DAY_MS, None)]


def test_right_times_between_two_wrong_clocks_separate_them() -> None:
    times = [NOW - 9 * DAY_MS, NOW + YEAR, NOW - 5 * DAY_MS, 0, NOW - DAY_MS]
    assert find_misfits(times, NOW) == [
        Misfit(1, 1, times[0], times[2]),
        Misfit(3, 3, times[2], times[4]),
    ]


@given(
    low=st.integers(0, 9 * NOW),
    length=st.integers(0, YEAR),
    before=st.none() | st.integers(EARLIEST, NOW),
    gap=st.none() | st.integers(0, YEAR),
    way=WAYS,
    times=st.lists(st.integers(0, YEAR)),
)
def test_corrected_times_lie_between_their_neighbours_in_the_same_order(
    low: int, length: int, before: int | None, gap: int | None, way: Way, times: list[int]
) -> None:
    behind = None if gap is None else min((before or EARLIEST) + gap, NOW)
    high = low + length
    shift = place(Misfit(1, 2, before, behind), low, high, way, moment(NOW), 4)
    counted = [shift.moment(low + min(time, length)).at for time in sorted([0, *times, length])]
    assert counted == sorted(counted)
    assert counted[-1] <= (NOW if behind is None else behind)
    assert before is None or counted[0] >= before
    end = NOW if behind is None else behind
    if before is None or length <= end - before:
        assert counted[-1] - counted[0] == length
    if way is Way.NOW:
        assert counted[-1] == end


def test_placed_by_their_neighbours_answers_fall_on_the_missing_day_between_them() -> None:
    misfit = Misfit(5, 9, NOW - 2 * DAY_MS, NOW)
    shift = place(misfit, NOW + YEAR, NOW + YEAR + 2 * HOUR_MS, Way.NEIGHBOURS, moment(NOW), 4)
    first, last = shift.moment(NOW + YEAR), shift.moment(NOW + YEAR + 2 * HOUR_MS)
    assert (first.at, last.at) == (NOW - DAY_MS - HOUR_MS, NOW - DAY_MS + HOUR_MS)


def test_a_corrected_time_has_the_study_day_of_the_learner() -> None:
    shift = Shift(0, 0, NOW + 3 * HOUR_MS, NOW + 3 * HOUR_MS, tz=300, rollover=9)
    assert shift.moment(0) == Moment(NOW + 3 * HOUR_MS, 300, study_day(NOW, 300, 6))
