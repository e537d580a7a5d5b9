"""Figures and sessions as text with small charts, for commands and app alike.

No colour is needed to read them.
"""

from __future__ import annotations

import shlex
from datetime import date
from typing import TYPE_CHECKING

from sco_quiz import charts
from sco_quiz.learning import meanings
from sco_quiz.text import clean, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sco_quiz.learning.distributions import Distribution
    from sco_quiz.learning.meanings import Meaning
    from sco_quiz.learning.simulating import Workload
    from sco_quiz.learning.statistics import Share
    from sco_quiz.workspace.figures import CardFigures, Figures

WEEKS = 53
DAYS = 60
WIDTH = 60
HEIGHT = 4
LONGEST_TEXT = 60
"""Characters of a question or an answer that a line shows."""
LISTED = 5
"""How much the text shows; the JSON has everything."""


def text_of(figures: Figures, titles: Mapping[str, str]) -> Iterator[str]:
    """All figures, line by line."""
    today = date.fromordinal(figures.today)
    decks = in_words(figures.decks, titles) if figures.decks else "all decks"
    yield f"How it goes in {decks}, {today:%A} {today.day} {today:%B %Y}"
    totals = figures.totals
    if not totals.answers:
        yield ""
        yield "No answers yet. `sco-quiz study` begins; come back when you have some."
    else:
        yield (
            f"{_many(totals.answers, 'answer')} on {_many(totals.days, 'day')},"
            f" {duration(totals.milliseconds)}; {_many(totals.new, 'card')} begun"
        )
        yield (
            f"{_many(totals.streak.current, 'day')} in a row,"
            f" {_many(totals.streak.longest, 'day')} at best"
        )
    yield from answers_of(figures)
    yield from cards_of(figures)


def answers_of(figures: Figures, weeks: int = WEEKS) -> Iterator[str]:
    """How answers went, day by day: calendar, time, forecast, retention, hours.

    Each figure is a blank line, its title, what it means (indented), and a picture or a table.
    """
    yield from _calendar(figures, weeks)
    for part in (_days, _forecast, _retention, _hours):
        yield from part(figures)


def cards_of(figures: Figures) -> Iterator[str]:
    """How well the cards are known, and which give trouble; laid out as `answers_of`."""
    for part in (_trouble, _memory, _calibration):
        yield from part(figures)


def workload_of(found: Sequence[Workload], desired: float, width: int = 24) -> Iterator[str]:
    """What each desired retention would cost and bring; laid out as `answers_of`.

    Args:
        found: By retention, as `workspace.workload` has them.
        desired: The retention that is set; its line is marked.
        width: Of the longest bar, in cells; the bars show minutes.
    """
    some = any(each.seen for each in found)
    yield from _heading(meanings.WORKLOAD, some=some)
    if some:
        most = max(each.minutes for each in found)
        digits = len(f"{found[0].seen:,}")
        yield f"  desired    answers  minutes    {'remembered':>{digits * 2 + 4}}"
        yield f"retention    a day    a day      {'after it':>{digits * 2 + 4}}"
        for each in found:
            mark = "›" if each.retention == desired else " "
            yield (
                f"{mark} {each.retention * 100:>5.4g} % {each.answers:>9,.1f} {each.minutes:>8.1f}"
                f"    {each.remembered:>{digits},.0f} of {each.seen:,}"
                f"  {charts.bar(each.minutes, most, width)}"
            )


def _calendar(figures: Figures, weeks: int) -> Iterator[str]:
    yield from _heading(meanings.CALENDAR)
    picture = charts.calendar({d.day: d.answers for d in figures.days}, figures.today, weeks)
    yield "    " + picture.months
    for weekday, levels in zip(charts.WEEKDAYS, picture.levels, strict=True):
        row = "".join(" " if level is None else charts.SHADES[level] for level in levels)
        yield f"{weekday:<4}{row}".rstrip()


def _days(figures: Figures) -> Iterator[str]:
    days = {day.day: day for day in figures.days}
    last = [days.get(day) for day in range(figures.today - DAYS + 1, figures.today + 1)]
    answers = [day.answers if day else 0 for day in last]
    minutes = [day.milliseconds / 60_000 if day else 0.0 for day in last]
    for meaning, values in ((meanings.ANSWERS, answers), (meanings.MINUTES, minutes)):
        yield from _heading(meaning, some=any(values))
        if any(values):
            yield from _columns(values, f"the last {DAYS} days", "today")


def _forecast(figures: Figures) -> Iterator[str]:
    cards = [due.cards for due in figures.forecast]
    yield from _heading(meanings.FORECAST, some=any(cards))
    if any(cards):
        yield from _columns(cards, "today", f"{sum(cards)} in all")


def _retention(figures: Figures) -> Iterator[str]:
    weeks, months = figures.retention_by_week, figures.retention_by_month
    yield from _heading(meanings.RETENTION, some=bool(weeks))
    if not weeks:
        return
    yield f"{f'target {figures.target:.0%}':<14}{'young':<18}{'mature':<18}all"
    rows = [(f"{date.fromordinal(month.start):%b %Y}", month) for month in months[-LISTED:]] + [
        ("ever", figures.retention_ever)
    ]
    for name, period in rows:
        shares = (period.young, period.mature, period.all)
        yield f"{name:<14}{''.join(f'{_share(each):<18}' for each in shares)}".rstrip()
    first, last = weeks[0].start, weeks[-1].start
    by_start = {week.start: week.all.share for week in weeks}
    if first < last:
        low = min([0.7, *(share for share in by_start.values() if share is not None)])
        by_week = [by_start.get(start) for start in range(first, last + 1, 7)]
        drawn = charts.line(by_week, WIDTH, HEIGHT, low, 1)
        yield from _with_scale(drawn, "100 %", f"{low:.0%}")
        yield _ends(f"week of {date.fromordinal(first)}", f"{date.fromordinal(last)}")


def _hours(figures: Figures) -> Iterator[str]:
    hours = figures.hours
    yield from _heading(meanings.HOURS, some=figures.totals.answers > 0)
    if figures.totals.answers:
        wide = [hour.answers for hour in hours for _ in range(2)]
        yield from _with_scale(charts.columns(wide, HEIGHT), f"{max(wide)}", "")
        yield " " * 7 + "".join(f"{hour:<6}" for hour in range(0, 24, 3)).rstrip()
        best = [hour for hour in hours if hour.answers]
        right = " ".join(f"{h.hour}h {h.correct / h.answers:.0%}" for h in best)
        yield from _wrapped(f"right: {right}")


def _memory(figures: Figures) -> Iterator[str]:
    memory = figures.memory
    parts: Sequence[tuple[Meaning, Distribution, Callable[[float], str]]] = (
        (meanings.INTERVALS, memory.intervals, _in_days),
        (meanings.STABILITY, memory.stabilities, _in_days),
        (meanings.DIFFICULTY, memory.difficulties, lambda value: f"{value:g}"),
        (meanings.RETRIEVABILITY, memory.retrievabilities, lambda value: f"{value:.0%}"),
    )
    for meaning, found, unit in parts:
        yield from _heading(meaning, some=found.values > 0)
        most = max((each.values for each in found.bins), default=0)
        for each in found.bins:
            name = f"{unit(each.low)} – {unit(each.high)}"
            yield f"{name:>15} {charts.bar(each.values, most, 40)} {each.values}"
        if found.median is not None:
            middle = round(found.median, 2)
            yield f"{'median':>15} {unit(middle)}"
    if memory.remembered:
        yield f"{'remembered':>15} {memory.remembered:.0f} of {memory.stabilities.values} cards"


def _calibration(figures: Figures) -> Iterator[str]:
    found = figures.calibration
    yield from _heading(meanings.CALIBRATION, some=bool(found.bins))
    if found.bins:
        yield f"{'chance':>15} {'recalled':<42} reviews"
        for each in found.bins:
            name = f"{each.low:.0%} – {each.high:.0%}"
            drawn = charts.bar(each.recalled, 1, 35)
            yield f"{name:>15} {drawn:<35} {each.recalled:>5.0%}  {each.recalls}"
        yield f"{'off by':>15} {found.error:.1%} on average"


def _trouble(figures: Figures) -> Iterator[str]:
    for meaning, cards in (
        (meanings.LEECHES, figures.leeches),
        (meanings.HARDEST, figures.hardest),
    ):
        yield from _heading(meaning, some=bool(cards))
        yield from map(_card, cards[:LISTED])
        yield from _more(len(cards))
    found = figures.confusions
    yield from _heading(meanings.CONFUSIONS, some=bool(found))
    for each in found[:LISTED]:
        given, wanted = (short(answer, 30) for answer in each.answers)
        back = f", {each.times[1]} the other way" if each.times[1] else ""
        yield f"  {given} for {wanted}: {each.times[0]} times{back}"
    yield from _more(len(found))
    if found:
        pair = " ".join(shlex.quote(short(answer)) for answer in found[0].answers)
        yield from _wrapped(f"`sco-quiz quiz --pair {pair}` asks these two side by side.")


def _card(card: CardFigures) -> str:
    lapses = _many(card.lapses, "lapse")
    suspended = ", suspended" if card.suspended else ""
    return f"  {short(card.prompt, 36)}  {lapses}, difficulty {card.difficulty:.1f}{suspended}"


def _more(count: int) -> Iterator[str]:
    if count > LISTED:
        yield f"  and {count - LISTED} more"


def _heading(meaning: Meaning, *, some: bool = True) -> Iterator[str]:
    yield ""
    yield meaning.title
    yield from _wrapped(meaning.says if some else meaning.needs)


def _wrapped(text: str) -> Iterator[str]:
    from textwrap import wrap

    yield from wrap(text, 76, initial_indent="  ", subsequent_indent="  ")


def _columns(values: Sequence[float], left: str, right: str) -> Iterator[str]:
    stretch = WIDTH // len(values)
    wide = [value for value in values for _ in range(stretch)]
    yield from _with_scale(charts.columns(wide, HEIGHT), f"{max(values):.0f}", "0")
    yield _ends(left, right)


def _with_scale(lines: Sequence[str], high: str, low: str) -> Iterator[str]:
    scale = [high, *[""] * (len(lines) - 2), low]
    for mark, line in zip(scale, lines, strict=True):
        yield f"{mark:>6} {line}".rstrip()


def _ends(left: str, right: str) -> str:
    return f"{'':7}{left}{right:>{WIDTH - len(left)}}"


def _share(share: Share) -> str:
    return f"{share.part / share.whole:.0%} of {share.whole}" if share.whole else "·"


def _in_days(days: float) -> str:
    return f"{days:g} d" if days < 365 else f"{days / 365:.3g} y"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"


def in_words(decks: Iterable[str], titles: Mapping[str, str]) -> str:
    """Decks by their titles; those that never had one by their ids."""
    names = [clean(titles.get(deck, deck), multiline=False) for deck in decks]
    return ", ".join(names) if len(names) <= 2 else f"{len(names)} decks"


def duration(milliseconds: int) -> str:
    """A time as people say it."""
    seconds = round(milliseconds / 1000)
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s"
    return f"{minutes // 60} h {minutes % 60} min"


def short(text: str, most: int = LONGEST_TEXT) -> str:
    """A text on one line, cut off where it gets too long."""
    text = clean(" ".join(plain(text).split()), multiline=False)
    return text if len(text) <= most else text[: most - 1] + "…"
