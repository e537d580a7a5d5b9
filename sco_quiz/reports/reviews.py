"""Figures on answers as lines: calendar, time, forecast, retention, hours."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import groupby, pairwise, zip_longest
from typing import TYPE_CHECKING

from sco_quiz import charts
from sco_quiz.learning import meanings
from sco_quiz.learning.review_statistics import Retention, Share
from sco_quiz.numbers_and_times import many, on_chart, percent, plural, spent
from sco_quiz.reports.lines import (
    HEAT,
    NARROWEST,
    SCALE,
    WIDEST,
    Line,
    LineSpan,
    Point,
    Role,
    arranged,
    bars,
    ends,
    heading,
    padded,
    scaled,
    wrapped_sentence,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sco_quiz.insight.figures import Figures
    from sco_quiz.learning.meanings import Meaning
    from sco_quiz.learning.review_statistics import Day, Hour

CALENDARS = ((150, 53), (84, 26), (50, 13), (0, 4))
"""The least width of a calendar, in cells, and its number of weeks."""
SUMMARY = 30
"""The cells that the summary beside the calendar needs."""
LINES = 8
"""The lines of the chart of retention: a dot is one point of the share if its edge is `LOW`."""
MONTHS = 5
"""The number of months whose retention is shown in numbers."""
ENOUGH = 20
"""The least answers of an hour or a week for its share to mean something; others are faint."""
LOW = 0.7
"""The lower edge of the chart of retention, if no week lies below it."""
LOWEST = 0.5
"""The least lower edge."""


def reviews(figures: Figures, width: int) -> list[Line]:
    """Return all figures of answers, laid out for a width."""
    width = max(width, NARROWEST)
    parts = [partial(part, figures) for part in (_answers, _minutes, _forecast, _retention, _hours)]
    return [*_calendar(figures, width), (), *arranged(parts, width)]


def _calendar(figures: Figures, width: int) -> Iterator[Line]:
    weeks = next(weeks for least, weeks in CALENDARS if width >= least)
    days = {day.day: day for day in figures.days}
    monday = figures.today - (figures.today - 1) % 7
    first = monday - 7 * (weeks - 1)
    shown = sum(day.answers for day in figures.days if day.day >= first)
    of = f"{many(shown, 'answer')} in {many(weeks, 'week')}"
    yield from heading(meanings.CALENDAR, width, of=of)
    picture = charts.calendar_of({d.day: d.answers for d in figures.days}, figures.today, weeks)
    left: list[Line] = [(LineSpan(f"    {_months(picture.months)}", Role.MARK),)]
    for weekday, levels in enumerate(picture.levels):
        row = [LineSpan(f"{charts.WEEKDAYS[weekday]:<4}", Role.MARK)]
        for week, level in enumerate(levels):
            if level is None:
                row.append(LineSpan("  ", Role.MARK))
            else:
                day = first + 7 * week + weekday
                point = _day_point(meanings.CALENDAR, day, days.get(day), figures.today)
                row += [
                    LineSpan(charts.SHADES[level], HEAT[level], point),
                    LineSpan(" ", Role.MARK),
                ]
        left.append(tuple(row))
    beside = 4 + 2 * weeks + 4
    summary = list(_summary(figures))
    right = [(), *summary] if width - beside >= SUMMARY else []
    for line, words in zip_longest(left, right, fillvalue=()):
        yield (*padded(line, beside), *words) if words else line
    key = [LineSpan("    ", Role.MARK)]
    for level, (least, above) in enumerate(pairwise((*charts.LEVELS, 0))):
        upto = "" if above == least + 1 else f"–{above - 1}" if above else "+"
        key += [
            LineSpan(charts.SHADES[level], HEAT[level]),
            LineSpan(f" {least}{upto}   ", Role.MARK),
        ]
    yield tuple(key)
    if not right:
        yield ()
        yield from summary


def _day_point(meaning: Meaning, number: int, day: Day | None, today: int) -> Point:
    """Return a study day as a point of a chart."""
    name = _date(number, today, weekday=True)
    if day is None:
        return Point(meaning.title, f"{name}: no answers")
    words = f"{many(day.answers, 'answer')}, {day.correct:,} right, {day.new:,} new"
    return Point(meaning.title, f"{name}: {words}, {spent(day.milliseconds)}")


def _date(day: int, today: int, *, weekday: bool = False) -> str:
    return on_chart(date.fromordinal(day), date.fromordinal(today), weekday=weekday)


def _months(months: str) -> str:
    """Return the names of months above weeks that are two cells wide."""
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
        yield LineSpan(f"{number:>9,} ", Role.TEXT), LineSpan(what, Role.SAYS)
    yield (
        LineSpan(f"{'':10}", Role.TEXT),
        LineSpan(f"{spent(totals.milliseconds)} in all", Role.SAYS),
    )


def _answers(figures: Figures, width: int) -> Iterator[Line]:
    days = _last_weeks(figures, width)
    answers = sum(day.answers for _, day in days if day)
    of = f"{many(answers, 'answer')} in {many(len(days) // 7, 'week')}"
    yield from heading(meanings.ANSWERS, width, some=answers > 0, of=of)
    if answers:
        yield from _by_day(meanings.ANSWERS, lambda day: day.answers, days, figures.today, width)


def _minutes(figures: Figures, width: int) -> Iterator[Line]:
    days = _last_weeks(figures, width)
    milliseconds = sum(day.milliseconds for _, day in days if day)
    of = f"minutes; {spent(milliseconds)} in {many(len(days) // 7, 'week')}"
    yield from heading(meanings.MINUTES, width, some=milliseconds > 0, of=of)
    if milliseconds:
        yield from _by_day(
            meanings.MINUTES, lambda day: day.milliseconds / 60_000, days, figures.today, width
        )


def _by_day(
    meaning: Meaning,
    height: Callable[[Day], float],
    days: list[tuple[int, Day | None]],
    today: int,
    width: int,
) -> Iterator[Line]:
    """Yield a bar for each day."""
    values = [
        (height(day) if day else 0, _day_point(meaning, number, day, today)) for number, day in days
    ]
    yield from bars(values, width, f"{many(len(days) // 7, 'week')} ago", "today")


def _last_weeks(figures: Figures, width: int) -> list[tuple[int, Day | None]]:
    """Return each study day of as many weeks as fit, today the last."""
    days = {day.day: day for day in figures.days}
    first = figures.today + 1 - max(7, (width - SCALE) // 7 * 7)
    return [(day, days.get(day)) for day in range(first, figures.today + 1)]


def _forecast(figures: Figures, width: int) -> Iterator[Line]:
    due = figures.forecast
    cards = sum(due_day.cards for due_day in due)
    yield from heading(meanings.FORECAST, width, some=cards > 0, of=many(cards, "card"))
    if cards:
        title, today = meanings.FORECAST.title, figures.today
        values = [
            (
                due_day.cards,
                Point(
                    title,
                    f"{_date(due_day.day, today, weekday=True)}: {many(due_day.cards, 'card')} due",
                ),
            )
            for due_day in due
        ]
        yield from bars(values, width, "today", _date(due[-1].day, today))


def _retention(figures: Figures, width: int) -> Iterator[Line]:
    weeks, months = figures.retention_by_week, figures.retention_by_month
    ever = figures.retention_ever
    of = f"% of {many(ever.all.whole, 'review')}"
    yield from heading(meanings.RETENTION, width, some=bool(weeks), of=of)
    if not weeks:
        return
    column = min(18, (width - 10) // 3)
    head = (f"{name:<{column}}" for name in ("young", "mature", "all"))
    yield (LineSpan(f"  {'':<10}{''.join(head)}", Role.MARK),)
    for month in months[-MONTHS:]:
        yield _shares(f"{date.fromordinal(month.start):%b %Y}", month, column)
    yield _shares("ever", ever, column)
    yield ()
    yield from _by_week(weeks, figures, width)
    target = percent(figures.target)
    yield from wrapped_sentence(
        f"The dotted rule is the target, {target}; n is how many reviews a week had. Weeks of fewer"
        f" than {ENOUGH} are faint.",
        width,
    )


def _by_week(weeks_with_reviews: list[Retention], figures: Figures, width: int) -> Iterator[Line]:
    """Yield a chart of true retention in the last weeks, with a rule at the target."""
    by_start = {week.start: week for week in weeks_with_reviews}
    room = width - SCALE
    starts = range(weeks_with_reviews[0].start, weeks_with_reviews[-1].start + 1, 7)[-room:]
    weeks = [by_start.get(start, Retention(start, Share(), Share())) for start in starts]
    stretch = room // len(weeks)
    low = _lower_edge(weeks)
    steps = [week.all.share for week in weeks for _ in range(2 * stretch)]
    drawn = charts.line(steps, stretch * len(weeks), LINES, low, 1)
    level, dotted = charts.rule(figures.target, LINES, low, 1)
    points = [_week_point(week, figures) for week in weeks]
    rows = [
        list(_stepped(row, stretch, weeks, points, dotted if number == level else " "))
        for number, row in enumerate(drawn)
    ]
    most = max(week.all.whole for week in weeks)
    counts = charts.sparkline([week.all.whole for week in weeks])
    rows.append(
        [
            LineSpan(sign * stretch, Role.MARK, point)
            for sign, point in zip(counts, points, strict=True)
        ]
    )
    marks = {0: "100 %", LINES - 1: percent(low), LINES: f"n {most:,}"}
    if level not in marks:
        marks[level] = percent(figures.target)
    yield from scaled(rows, marks)
    last = _date(weeks[-1].start, figures.today) if len(weeks) > 1 else ""
    first = f"week of {_date(weeks[0].start, figures.today)}"
    yield ends(first, last, stretch * len(weeks))


def _lower_edge(weeks: list[Retention]) -> float:
    """Return the share at the lower edge: a round share below all weeks with enough reviews."""
    shares = [week.all.part / week.all.whole for week in weeks if week.all.whole >= ENOUGH]
    return max(LOWEST, int(20 * min([LOW, *shares])) / 20)


def _stepped(
    row: str, stretch: int, weeks: list[Retention], points: list[Point], rule: str
) -> Iterator[LineSpan]:
    """Yield the spans of a row of the chart; the rule shows where it is blank."""
    for number, (week, point) in enumerate(zip(weeks, points, strict=True)):
        role = Role.CHART if week.all.whole >= ENOUGH else Role.FAINT
        step = row[number * stretch : (number + 1) * stretch]
        for blank, signs in groupby(step, lambda sign: sign == " "):
            text = "".join(signs)
            yield (
                LineSpan(rule * len(text), Role.MARK, point)
                if blank
                else LineSpan(text, role, point)
            )


def _week_point(week: Retention, figures: Figures) -> Point:
    name = f"week of {_date(week.start, figures.today)}"
    if not week.all.whole:
        return Point(meanings.RETENTION.title, f"{name}: no reviews")
    parts = [("young", week.young), ("mature", week.mature)]
    split = ", ".join(f"{what} {_share(share)}" for what, share in parts if share.whole)
    return Point(meanings.RETENTION.title, f"{name}: {_share(week.all)} ({split})")


def _shares(name: str, period: Retention, column: int) -> Line:
    shares = (f"{_share(share):<{column}}" for share in (period.young, period.mature, period.all))
    return LineSpan(f"  {name:<10}", Role.MARK), LineSpan("".join(shares), Role.TEXT)


def _share(share: Share) -> str:
    return f"{percent(share.part / share.whole)} of {share.whole:,}" if share.whole else "·"


def _hours(figures: Figures, width: int) -> Iterator[Line]:
    hours = figures.hours
    some = figures.totals.answers > 0
    of = many(figures.totals.answers, "answer")
    yield from heading(meanings.HOURS, width, some=some, of=of)
    if not some:
        return
    stretch = max(1, (width - SCALE) // 24)
    values = [(hour.answers, _hour_point(hour)) for hour in hours]
    *rows, _ = bars(values, width, "", "")
    yield from rows
    marks = "".join(f"{hour:<{3 * min(stretch, WIDEST)}}" for hour in range(0, 24, 3))
    yield (LineSpan(f"{'':{SCALE}}{marks}".rstrip(), Role.MARK),)
    shares = sorted((h.correct / h.answers, h.hour) for h in hours if h.answers >= ENOUGH)
    if len(shares) > 1:
        (least, bad), *_, (most, good) = shares
        sentence = f"You are right most often from {good} to {good + 1} o'clock ({percent(most)})"
        sentence += f", least from {bad} to {bad + 1} ({percent(least)})."
        yield from wrapped_sentence(sentence, width)


def _hour_point(hour: Hour) -> Point:
    name = f"from {hour.hour} to {hour.hour + 1} o'clock"
    if not hour.answers:
        return Point(meanings.HOURS.title, f"{name}: no answers")
    right = f"{hour.correct:,} right, {percent(hour.correct / hour.answers)}"
    return Point(meanings.HOURS.title, f"{name}: {many(hour.answers, 'answer')}, {right}")
