"""Study days: local dates that begin at the rollover hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
EPOCH_DAY = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_MINUTES = 1440
_EARLIEST = (date.min.toordinal() + 1 - EPOCH_DAY) * DAY_MS
_LATEST = (date.max.toordinal() - 1 - EPOCH_DAY) * DAY_MS
"""The least and greatest UTC milliseconds, with a day of room for any time zone."""


class Moment(NamedTuple):
    """An instant, with the learner's time zone and study day.

    Attributes:
        at: UTC milliseconds since 1970.
        tz: The offset of local time from UTC at that time, in minutes east.
        day: The study day, as `date.toordinal`.
    """

    at: int
    tz: int
    day: int


Clock = Callable[[], Moment]


def study_day(at: int, tz: int, rollover: int) -> int:
    """Return the study day: the date, as an ordinal, of the local time less the rollover.

    Args:
        at: UTC milliseconds.
        tz: Minutes east of UTC.
        rollover: The hour (0-23) at which the learner's day begins.
    """
    return EPOCH_DAY + (at + tz * MINUTE_MS - rollover * HOUR_MS) // DAY_MS


def day_end(now: Moment, rollover: int) -> int:
    """Return the end of the study day of `now` in UTC milliseconds, at the present offset."""
    return (now.day + 1 - EPOCH_DAY) * DAY_MS + rollover * HOUR_MS - now.tz * MINUTE_MS


def local_time(at: int, tz: int) -> datetime:
    """Return the local time of an instant; beyond the first and last date, the nearest one.

    Args:
        at: UTC milliseconds.
        tz: Minutes east of UTC at that time.
    """
    zone = timezone(timedelta(minutes=within_a_day(tz)))
    at = max(_EARLIEST, min(at, _LATEST))
    return (_EPOCH + timedelta(milliseconds=at)).astimezone(zone)


def within_a_day(tz: int) -> int:
    """Return the nearest offset from UTC (minutes) that a time of day can have."""
    if -_DAY_MINUTES < tz < _DAY_MINUTES:
        return tz
    return _DAY_MINUTES - 1 if tz > 0 else 1 - _DAY_MINUTES
