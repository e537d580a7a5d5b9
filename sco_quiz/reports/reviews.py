"""How answers went: calendar, time, forecast, retention, hours."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING

from sco_quiz import charts
from sco_quiz.learning import meanings
from sco_quiz.reports.lines import (
    HEAT,
    NARROWEST,
    SCALE,
    Line,
    Role,
    Span,
    arranged,
    bars,
    ends,
    heading,
    padded,
    ruled,
    said,
    scaled,
)
from sco_quiz.vocabulary import iso_date, many, percent, plural, spent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sco_quiz.insight.figures import Figures
    from sco_quiz.learning.statistics import Retention, Share

CALENDARS = ((150, 53), (84, 26), (50, 13), (0, 4))
"""From how many cells on a calendar has how many weeks."""
SUMMARY = 30
"""Cells that the summary beside the calendar needs."""
LINES = 6
"""Of the chart of retention."""
MONTHS = 5
"""Of retention that are told in numbers."""
ENOUGH = 20
"""Answers an hour needs for its share to be worth telling."""
LOW = 0.7
"""What the lower edge of the chart of retention stands for, if no week lies below it."""
LOWEST = 0.5
"""What it stands for at least: below lie weeks with hardly a review."""


def reviews(figures: Figures, width: int) -> list[Line]:
    """All of them, laid out for a width."""
    width = max(width, NARROWEST)
    parts = [partial(part, figures) for part in (_answers, _minutes, _forecast, _retention, _hours)]
    return [*_calendar(figures, width), (), *arranged(parts, width)]


def _calendar(figures: Figures, width: int) -> Iterator[Line]:
    yield from heading(meanings.CALENDAR, width)
    weeks = next(weeks for least, weeks in CALENDARS if width >= least)
    picture = charts.calendar({d.day: d.answers for d in figures.days}, figures.today, weeks)
    left: list[Line] = [(Span(f"    {_months(picture.months)}", Role.MARK),)]
    for weekday, levels in zip(charts.WEEKDAYS, picture.levels, strict=True):
        heat = (
            Span("  ", Role.MARK)
            if level is None
            else Span(f"{charts.SHADES[level]} ", HEAT[level])
            for level in levels
        )
        left.append((Span(f"{weekday:<4}", Role.MARK), *heat))
    beside = 4 + 2 * weeks + 4
    summary = list(_summary(figures))
    right = [(), *summary] if width - beside >= SUMMARY else []
    for line, words in zip_longest(left, right, fillvalue=()):
        yield (*padded(line, beside), *words) if words else line
    key = [Span("    ", Role.MARK)]
    for level, (least, above) in enumerate(pairwise((*charts.LEVELS, 0))):
        upto = "" if above == least + 1 else f"–{above - 1}" if above else "+"
        key += [Span(charts.SHADES[level], HEAT[level]), Span(f" {least}{upto}   ", Role.MARK)]
    yield tuple(key)
    if not right:
        yield ()
        yield from summary


def _months(months: str) -> str:
    """The names of months above weeks that are two cells wide."""
    row = [" "] * (2 * len(months) + 4)
    for week, letter in enumerate(months):
        if letter != " " and (week == 0 or months[week - 1] == " "):
            row[2 * week : 2 * week + 3] = months[week : week + 3]
    return "".join(row).rstrip()


def _summary(figures: Figures) -> Iterator[Line]:
    totals = figures.totals
    row = (
        (totals.streak.current, f"{plural(totals.streak.current, 'day')} in a row"),
        (totals.streak.longest, "at best"),
    )
    rows = (
        *(row if figures.shows_streak else ()),
        (totals.days, f"{plural(totals.days, 'day')} with answers"),
        (totals.answers, plural(totals.answers, "answer")),
        (totals.new, f"{plural(totals.new, 'card')} begun"),
    )
    for number, what in rows:
        yield Span(f"{number:>9,} ", Role.TEXT), Span(what, Role.SAYS)
    yield Span(f"{'':10}", Role.TEXT), Span(f"{spent(totals.milliseconds)} in all", Role.SAYS)


def _answers(figures: Figures, width: int) -> Iterator[Line]:
    last = _last_weeks(figures, width)
    values = [answers for answers, _ in last]
    yield from heading(meanings.ANSWERS, width, some=any(values))
    if any(values):
        yield from bars(values, width, f"{many(len(values) // 7, 'week')} ago", "today")


def _minutes(figures: Figures, width: int) -> Iterator[Line]:
    values = [minutes for _, minutes in _last_weeks(figures, width)]
    yield from heading(meanings.MINUTES, width, some=any(values))
    if any(values):
        yield from bars(values, width, f"{many(len(values) // 7, 'week')} ago", "today")


def _last_weeks(figures: Figures, width: int) -> list[tuple[int, float]]:
    """Answers and minutes on each day of as many weeks as there is room for, today the last."""
    days = {day.day: day for day in figures.days}
    first = figures.today + 1 - max(7, (width - SCALE) // 7 * 7)
    last = [days.get(day) for day in range(first, figures.today + 1)]
    return [(day.answers, day.milliseconds / 60_000) if day else (0, 0.0) for day in last]


def _forecast(figures: Figures, width: int) -> Iterator[Line]:
    cards = [due.cards for due in figures.forecast]
    yield from heading(meanings.FORECAST, width, some=any(cards))
    if any(cards):
        yield from bars(cards, width, "today", f"{sum(cards):,} in all")


def _retention(figures: Figures, width: int) -> Iterator[Line]:
    weeks, months = figures.retention_by_week, figures.retention_by_month
    yield from heading(meanings.RETENTION, width, some=bool(weeks))
    if not weeks:
        return
    column = min(18, (width - 10) // 3)
    head = (f"{name:<{column}}" for name in ("young", "mature", "all"))
    yield (Span(f"  {'':<10}{''.join(head)}", Role.MARK),)
    for month in months[-MONTHS:]:
        yield _shares(f"{date.fromordinal(month.start):%b %Y}", month, column)
    yield _shares("ever", figures.retention_ever, column)
    yield ()
    first, last = weeks[0].start, weeks[-1].start
    if first < last:
        yield from _by_week(weeks, figures.target, width)
        yield ends(f"week of {iso_date(first)}", iso_date(last), width - SCALE)
    yield from said(f"The target is {percent(figures.target)}; the rule marks it.", width)


def _by_week(weeks: list[Retention], target: float, width: int) -> list[Line]:
    """True retention in each week, with a rule where the target is."""
    shares = {week.start: week.all.share for week in weeks}
    low = max(LOWEST, min([LOW, *(share for share in shares.values() if share is not None)]))
    by_week = [shares.get(start) for start in range(weeks[0].start, weeks[-1].start + 1, 7)]
    drawn = charts.line(by_week, width - SCALE, LINES, low, 1)
    at = min(int((1 - max(target, low)) / (1 - low) * LINES), LINES - 1)
    rows = [ruled(row, "┄" if number == at else " ") for number, row in enumerate(drawn)]
    return scaled(rows, "100 %", percent(low))


def _shares(name: str, period: Retention, column: int) -> Line:
    shares = (f"{_share(each):<{column}}" for each in (period.young, period.mature, period.all))
    return Span(f"  {name:<10}", Role.MARK), Span("".join(shares), Role.TEXT)


def _share(share: Share) -> str:
    return f"{percent(share.part / share.whole)} of {share.whole:,}" if share.whole else "·"


def _hours(figures: Figures, width: int) -> Iterator[Line]:
    hours = figures.hours
    some = figures.totals.answers > 0
    yield from heading(meanings.HOURS, width, some=some)
    if not some:
        return
    stretch = max(1, (width - SCALE) // 24)
    *rows, _ = bars([hour.answers for hour in hours], width, "", "")
    yield from rows
    marks = "".join(f"{hour:<{3 * stretch}}" for hour in range(0, 24, 3))
    yield (Span(f"{'':{SCALE}}{marks}".rstrip(), Role.MARK),)
    shares = sorted((h.correct / h.answers, h.hour) for h in hours if h.answers >= ENOUGH)
    if len(shares) > 1:
        (least, bad), *_, (most, good) = shares
        told = f"You are right most often from {good} to {good + 1} o'clock ({percent(most)})"
        told += f", least from {bad} to {bad + 1} ({percent(least)})."
        yield from said(told, width)
