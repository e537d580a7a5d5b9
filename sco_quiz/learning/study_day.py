"""Study days: the local date, counted from the rollover hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
EPOCH_DAY = date(1970, 1, 1).toordinal()


class Moment(NamedTuple):
    """An instant as the learner lived it.

    Attributes:
        at: UTC milliseconds since 1970.
        tz: Minutes east of UTC then in force.
        day: Study day, as `date.toordinal`.
    """

    at: int
    tz: int
    day: int


Clock = Callable[[], Moment]


def study_day(at: int, tz: int, rollover: int) -> int:
    """The date, as an ordinal, of the local wall time less the rollover.

    Args:
        at: UTC milliseconds.
        tz: Minutes east of UTC.
        rollover: The hour (0-23) at which the learner's day begins.
    """
    return EPOCH_DAY + (at + tz * MINUTE_MS - rollover * HOUR_MS) // DAY_MS


def day_end(now: Moment, rollover: int) -> int:
    """UTC milliseconds at which the study day of `now` ends, at the offset now in force."""
    return (now.day + 1 - EPOCH_DAY) * DAY_MS + rollover * HOUR_MS - now.tz * MINUTE_MS


def local_time(at: int, tz: int) -> datetime:
    """What the learner's clock showed.

    Args:
        at: UTC milliseconds.
        tz: Minutes east of UTC then in force.
    """
    return datetime.fromtimestamp(at / 1000, timezone(timedelta(minutes=tz)))
