from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.learning.study_day import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    Moment,
    day_end,
    local_time,
    study_day,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ZONES = (
    "UTC",
    "Asia/Karachi",
    "Asia/Kathmandu",
    "Asia/Shanghai",
    "America/St_Johns",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
)
# In UTC: both nights of daylight saving in Berlin, Lord Howe and St John's (2024), a leap day,
# the days around it, a turn of the year, and instants before 1970.
NIGHTS = (
    datetime(2024, 3, 31, tzinfo=UTC),
    datetime(2024, 10, 27, tzinfo=UTC),
    datetime(2024, 4, 6, tzinfo=UTC),
    datetime(2024, 10, 5, tzinfo=UTC),
    datetime(2024, 3, 10, tzinfo=UTC),
    datetime(2024, 11, 3, tzinfo=UTC),
    datetime(2024, 2, 29, tzinfo=UTC),
    datetime(2023, 2, 28, tzinfo=UTC),
    datetime(2025, 12, 31, tzinfo=UTC),
    datetime(1969, 12, 31, tzinfo=UTC),
    datetime(1968, 2, 29, tzinfo=UTC),
)
# Around the hour, and at the very instants that end and begin it.
OFFSETS = tuple(
    timedelta(hours=hour) + rest
    for hour in range(0, 24, 3)
    for rest in (timedelta(milliseconds=-1), timedelta(), timedelta(minutes=61, milliseconds=1))
)
OFFSET_MINUTES = st.integers(-14 * 60, 14 * 60)


def lived(instant: datetime, zone: ZoneInfo) -> tuple[int, int, datetime]:
    """UTC milliseconds, minutes east of UTC, and what the clock on the wall shows."""
    local = instant.astimezone(zone)
    offset = local.utcoffset()
    assert offset is not None
    at = (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    return at, offset // timedelta(minutes=1), local.replace(tzinfo=None)


def test_the_study_day_is_the_date_on_the_wall_less_the_rollover(
    proved: Callable[[str], None],
) -> None:
    cases = 0
    for zone, night, offset in product(ZONES, NIGHTS, OFFSETS):
        at, tz, wall = lived(night + offset, ZoneInfo(zone))
        for rollover in range(24):
            expected = (wall - timedelta(hours=rollover)).date().toordinal()
            assert study_day(at, tz, rollover) == expected, (zone, night + offset, rollover)
            cases += 1
    proved(f"{cases:,} study days of zone, hour and rollover: each as the rule says")
    assert cases == len(ZONES) * len(NIGHTS) * len(OFFSETS) * 24


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2024-02-29T03:59:59.999", "2024-02-28"),
        ("2024-02-29T04:00", "2024-02-29"),
        ("2024-03-01T03:59", "2024-02-29"),
        ("2023-03-01T00:30", "2023-02-28"),
        ("2025-01-01T01:00", "2024-12-31"),
        ("1970-01-01T03:00", "1969-12-31"),
        ("1969-12-31T05:00", "1969-12-31"),
    ],
)
def test_until_the_rollover_the_study_day_is_still_yesterday(wall: str, expected: str) -> None:
    at, tz, _ = lived(datetime.fromisoformat(wall).replace(tzinfo=UTC), ZoneInfo("UTC"))
    assert study_day(at, tz, 4) == datetime.fromisoformat(expected).toordinal()


@pytest.mark.parametrize(
    ("zone", "before", "after", "hours"),
    [
        ("Europe/Berlin", "2024-03-30T12:00", "2024-03-31T12:00", 23),
        ("Europe/Berlin", "2024-10-26T12:00", "2024-10-27T12:00", 25),
        ("Australia/Lord_Howe", "2024-10-05T12:00", "2024-10-06T12:00", 23.5),
        ("Australia/Lord_Howe", "2024-04-06T12:00", "2024-04-07T12:00", 24.5),
    ],
)
def test_a_night_of_daylight_saving_is_one_study_day_long(
    zone: str, before: str, after: str, hours: float
) -> None:
    first, second = (
        lived(datetime.fromisoformat(noon).replace(tzinfo=ZoneInfo(zone)), ZoneInfo(zone))
        for noon in (before, after)
    )
    assert second[0] - first[0] == hours * HOUR_MS
    assert study_day(second[0], second[1], 4) == study_day(first[0], first[1], 4) + 1


def test_an_hour_that_is_lived_twice_belongs_to_one_study_day() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    once = datetime(2024, 10, 27, 2, 30, tzinfo=berlin)
    days = {
        study_day(*lived(moment, berlin)[:2], rollover=4) for moment in (once, once.replace(fold=1))
    }
    assert days == {datetime(2024, 10, 26).toordinal()}  # noqa: DTZ001 -- a date on the wall


def test_a_flight_over_the_date_line_takes_the_study_day_along() -> None:
    at = 1_700_000_000_000
    kiritimati, pago_pago = (study_day(at, hours * 60, 4) for hours in (14, -11))
    assert kiritimati == pago_pago + 1


@given(st.integers(-(10**14), 10**14), OFFSET_MINUTES, st.integers(0, 23))
def test_a_study_day_ends_at_the_first_instant_of_the_next(at: int, tz: int, rollover: int) -> None:
    day = study_day(at, tz, rollover)
    end = day_end(Moment(at, tz, day), rollover)
    assert at < end <= at + DAY_MS
    assert study_day(end, tz, rollover) == day + 1
    assert study_day(end - 1, tz, rollover) == day


@given(st.integers(-(10**14), 10**14), OFFSET_MINUTES, st.integers(0, 23))
def test_a_later_rollover_never_makes_the_day_later(at: int, tz: int, rollover: int) -> None:
    day = study_day(at, tz, rollover)
    assert study_day(at, tz, 0) - 1 <= day <= study_day(at, tz, 0)
    assert study_day(at + rollover * HOUR_MS, tz, rollover) == study_day(at, tz, 0)
    assert study_day(at - tz * MINUTE_MS, tz, rollover) == study_day(at, 0, rollover)


@pytest.mark.parametrize("at", [-(10**18), 0, 10**18])
@pytest.mark.parametrize("tz", [-(10**6), -1500, 1440, 10**6])
def test_any_moment_that_a_log_may_hold_has_a_local_time(at: int, tz: int) -> None:
    assert local_time(at, tz).utcoffset() is not None
