"""Numbers, times and dates as people read them, the same way at every place.

Short forms stand in tables, in bars, on buttons and in charts; long ones in sentences.

| what | short | long |
|---|---|---|
| a wait or an interval | `30 s`, `10 min`, `2.5 h`, `45 d`, `1.4 y` | `10 days`, `3 weeks` |
| time spent | `12 s`, `3 min 20 s`, `1 h 5 min` | the same |
| a date | `2026-06-13`, with the time `2026-06-13 10:12` | `13 June 2026` |
| a date at a chart | `13 Jun 2026`, `Sat 13 Jun 2026`; `13 Jun` in the present year | the same |
| a share | `87 %` | the same |

An interval stays in days up to a year, as `200 d`: it is a promise of so many days, which months
would round, and a column in one unit is compared at a glance. What scripts read has numbers
and ISO dates of its own, and none of these.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_DAY_MS, _HOUR_MS, _MINUTE_MS, _SECOND_MS = 86_400_000, 3_600_000, 60_000, 1_000
_YEAR = 365

# Numbers


def plural(count: float, one: str, several: str = "") -> str:
    """Return the form of a word that goes with a number: `card` or `cards`, `is` or `are`.

    Args:
        count: The number.
        one: The form for one.
        several: The form for none and several; by default that for one with an s.
    """
    return one if count == 1 else several or f"{one}s"


def many(count: float, one: str, several: str = "") -> str:
    """Return a number with its word, as "1 card" or "1,200 cards"; see `plural`."""
    return f"{count:,}".removesuffix(".0") + f" {plural(count, one, several)}"


def times(count: int) -> str:
    """Return how often something happened, as "never", "once" or "5 times"."""
    return {0: "never", 1: "once", 2: "twice"}.get(count) or many(count, "time")


def percent(share: float, digits: int = 0) -> str:
    """Return a share, from 0 to 1, as "87 %"."""
    return f"{100 * share:.{digits}f} %"


# Times


def span(days: float) -> str:
    """Return a stretch of days, short: "3.5 d", "45 d", "200 d", "1.4 y"."""
    if days < _YEAR:
        return f"{_brief(days) if days < 10 else f'{days:.0f}'} d"
    return f"{_brief(days / _YEAR)} y"


def wait(milliseconds: float) -> str:
    """Return a time until something comes, short: "30 s", "10 min", "2.5 h", "9 d"."""
    if (seconds := _rounded(milliseconds / _SECOND_MS)) < 60:
        return f"{seconds} s"
    if (minutes := _rounded(milliseconds / _MINUTE_MS)) < 60:
        return f"{minutes} min"
    hours = milliseconds / _HOUR_MS
    return f"{_brief(hours)} h" if hours < 23.95 else span(milliseconds / _DAY_MS)


def spent(milliseconds: float) -> str:
    """Return a time that something took, in one or two units: "12 s", "3 min 20 s"."""
    seconds = round(milliseconds / _SECOND_MS)
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s"
    return f"{minutes // 60:,} h {minutes % 60} min"


def wait_in_words(milliseconds: float) -> str:
    """Return a time of less than a day for a sentence, never less than it: "5 minutes"."""
    minutes = max(1, -int(-milliseconds // _MINUTE_MS))
    return many(minutes, "minute") if minutes < 100 else many(round(minutes / 60), "hour")


def span_in_words(days: int) -> str:
    """Return a stretch of days for a sentence, rounded: "10 days", "3 weeks", "5 months"."""
    if days < 11:
        return many(days, "day")
    return f"{round(days / 7)} weeks" if days < 75 else f"{round(days / 30.4)} months"


def _brief(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _rounded(number: float) -> int:
    return int(number + 0.5)


# Dates


def iso_date(day: int) -> str:
    """Return the date of a day, which is its proleptic Gregorian ordinal, as "2026-06-13"."""
    return str(date.fromordinal(day))


def iso_minute(moment: datetime) -> str:
    """Return a local time, as "2026-06-13 10:12"."""
    return f"{moment:%Y-%m-%d %H:%M}"


def in_full(day: date, *, weekday: bool = False, year: bool = True) -> str:
    """Return a date for a sentence, as "13 June 2026" or "Saturday, 13 June"."""
    return f"{f'{day:%A}, ' * weekday}{day.day} {day:%B}{f' {day:%Y}' * year}"


def on_chart(day: date, today: date | None = None, *, weekday: bool = False) -> str:
    """Return a date for a chart: "13 Jun 2026", "Sat 13 Jun 2026", "13 Jun" where today says 2026.

    Args:
        day: The date.
        today: The present date; its year is not said.
        weekday: Whether to name the weekday.
    """
    named = f"{f'{day:%a} ' * weekday}{day.day} {day:%b}"
    return named if today and day.year == today.year else f"{named} {day.year}"


# Steps and their undoing


def undoable(told: str, undo: str) -> str:
    """Return what was done and what undoes it, as a sentence.

    Args:
        told: What was done, without a full stop.
        undo: The key or the command; empty where there is none.
    """
    return f"{told}{f'; {undo} takes it back' * bool(undo)}."


def taken_back(step: str | None, prompt: str = "") -> str:
    """Return what was taken back, as a sentence.

    Args:
        step: The step in words; empty for one on a card, None where there was none.
        prompt: Of its card, where that is not in sight.
    """
    if step is None:
        return "There is nothing to undo."
    if prompt and not step:
        return f"Taken back, of this card: {prompt}"
    return f"Taken back{f': {step}' * bool(step)}."
