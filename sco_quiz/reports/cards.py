"""How well the cards are known, and which give trouble."""

from __future__ import annotations

import shlex
from functools import partial
from typing import TYPE_CHECKING

from sco_quiz import charts
from sco_quiz.learning import meanings
from sco_quiz.reports.lines import (
    NARROWEST,
    Figure,
    Line,
    Point,
    Role,
    Span,
    arranged,
    heading,
    said,
)
from sco_quiz.reports.words import cells, fitted, short
from sco_quiz.vocabulary import many, percent, span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sco_quiz.insight.figures import CardFigures, Figures
    from sco_quiz.learning.distributions import Distribution
    from sco_quiz.learning.meanings import Meaning
    from sco_quiz.learning.simulating import Workload

NAMES = 16
"""Cells before a bar, for what it counts."""
COUNTS = 8
"""Cells behind it, for the count."""


def cards(
    figures: Figures, width: int, listed: int, *more: Figure, command: bool = False
) -> list[Line]:
    """All of it.

    Args:
        figures: To show.
        width: Of all, in cells.
        listed: The most that is shown of a list.
        more: Other figures, to stand at the end.
        command: Whether to name the command that asks a pair: for where no key does.
    """
    width = max(width, NARROWEST)
    parts = [
        partial(_confusions, figures, listed, command),
        *(partial(part, figures, listed) for part in (_leeches, _hardest)),
        *(partial(part, figures) for part in (_memory, _calibration)),
    ]
    return arranged([*parts, *more], width)


def _confusions(figures: Figures, listed: int, command: bool, width: int) -> Iterator[Line]:
    found = figures.confusions
    yield from heading(meanings.CONFUSIONS, width, some=bool(found))
    if not found:
        return
    room = (width - 21) // 2
    head = f"  {fitted('you said', room)} {fitted('for', room)} times  reversed"
    yield (Span(head, Role.MARK),)
    for each in found[:listed]:
        given, wanted = (fitted(answer, room) for answer in each.answers)
        back = f"{each.times[1]:>10,}" if each.times[1] else f"{'·':>10}"
        yield (Span(f"  {given} {wanted} {each.times[0]:>5,}{back}", Role.TEXT, each),)
    yield from _more(len(found), listed)
    if command:
        pair = " ".join(shlex.quote(short(each)) for each in found[0].answers)
        yield from said(f"`sco-quiz quiz --pair {pair}` asks the first two side by side.", width)


def _leeches(figures: Figures, listed: int, width: int) -> Iterator[Line]:
    yield from _list(meanings.LEECHES, figures.leeches, listed, width)


def _hardest(figures: Figures, listed: int, width: int) -> Iterator[Line]:
    yield from _list(meanings.HARDEST, figures.hardest, listed, width)


def _list(
    meaning: Meaning, found: Sequence[CardFigures], listed: int, width: int
) -> Iterator[Line]:
    yield from heading(meaning, width, some=bool(found))
    if not found:
        return
    room = width - 22
    yield (Span(f"  {'':{room}} lapses  difficulty", Role.MARK),)
    for card in found[:listed]:
        name = f"(suspended) {card.prompt}" if card.suspended else card.prompt
        figures = f"{card.lapses:>6,}{card.difficulty:>12.1f}"
        yield (Span(f"  {fitted(name, room)} {figures}", Role.TEXT, card),)
    yield from _more(len(found), listed)


def _more(count: int, listed: int) -> Iterator[Line]:
    if count > listed:
        yield (Span(f"  and {count - listed:,} more", Role.MARK),)


def _memory(figures: Figures, width: int) -> Iterator[Line]:
    memory = figures.memory
    parts: Sequence[tuple[Meaning, Distribution, Callable[[float], str]]] = (
        (meanings.INTERVALS, memory.intervals, span),
        (meanings.STABILITY, memory.stabilities, span),
        (meanings.DIFFICULTY, memory.difficulties, lambda value: f"{value:.3g}"),
        (meanings.RETRIEVABILITY, memory.retrievabilities, percent),
    )
    for number, (meaning, found, unit) in enumerate(parts):
        if number:
            yield ()
        of = many(found.values, "card")
        yield from heading(meaning, width, some=found.values > 0, of=of)
        most = max((each.values for each in found.bins), default=0)
        for each in found.bins:
            drawn = charts.bar(each.values, most, width - NAMES - COUNTS)
            name = f"{unit(each.low)} – {unit(each.high)}"
            share = percent(each.values / found.values)
            point = Point(meaning.title, f"{name}: {each.values:,} of {of}, {share}")
            yield (
                _name(name, point),
                Span(drawn, Role.CHART, point),
                Span(f" {each.values:,}", Role.TEXT, point),
            )
        if found.median is not None:
            yield _name("median"), Span(unit(found.median), Role.TEXT)
    if memory.remembered:
        words = f"{memory.remembered:,.0f} of {memory.stabilities.values:,} cards"
        yield _name("remembered"), Span(words, Role.TEXT)


def _calibration(figures: Figures, width: int) -> Iterator[Line]:
    found = figures.calibration
    of = f"% of {many(sum(each.recalls for each in found.bins), 'review')}"
    yield from heading(meanings.CALIBRATION, width, some=bool(found.bins), of=of)
    if found.error is None:
        return
    room = width - NAMES - 24
    yield _name("chance"), Span(f"{'recalled':<{room}} {'':>7} {'of reviews':>14}", Role.MARK)
    for each in found.bins:
        drawn = charts.bar(each.recalled, 1, room)
        name = f"{percent(each.low)} – {percent(each.high)}"
        point = Point(
            meanings.CALIBRATION.title,
            f"{name}: {percent(each.recalled)} of {many(each.recalls, 'review')} recalled,"
            f" {percent(each.predicted)} predicted",
        )
        yield (
            _name(name, point),
            Span(f"{drawn:<{room}}", Role.CHART, point),
            Span(f" {percent(each.recalled):>7} {each.recalls:>14,}", Role.TEXT, point),
        )
    yield _name("off by"), Span(f"{percent(found.error, 1)} on average", Role.TEXT)


def workload(found: Sequence[Workload], desired: float, width: int) -> Iterator[Line]:
    """What each desired retention would cost and bring.

    Args:
        found: By retention, as `workspace.workload` has them.
        desired: The retention that is set; its line is marked.
        width: Of all; the bars show minutes.
    """
    some = any(each.seen for each in found)
    of = f"minutes a day; {many(found[0].seen, 'card')}" if some else ""
    yield from heading(meanings.WORKLOAD, width, some=some, of=of)
    if not some:
        return
    most = max(each.minutes for each in found)
    digits = len(f"{found[0].seen:,}")
    column = digits * 2 + 4
    yield (Span(f"    desired  answers  minutes  {'remembered':>{column}}", Role.MARK),)
    yield (Span(f"  retention    a day    a day  {'after it':>{column}}", Role.MARK),)
    for each in found:
        mark = "›" if each.retention == desired else " "
        words = (
            f"{mark} {each.retention * 100:>7.4g} % {each.answers:>8,.1f} {each.minutes:>8.1f}"
            f"  {each.remembered:>{column - digits - 4},.0f} of {each.seen:,}"
        )
        drawn = charts.bar(each.minutes, most, max(4, width - cells(words) - 3))
        point = Point(
            meanings.WORKLOAD.title,
            f"{each.retention * 100:.4g} %: {each.answers:,.1f} answers and {each.minutes:.1f} min"
            f" a day; {each.remembered:,.0f} of {many(each.seen, 'card')} remembered",
        )
        yield Span(f"{words}  ", Role.TEXT, point), Span(drawn, Role.CHART, point)


def _name(text: str, point: Point | None = None) -> Span:
    return Span(f"{text:>{NAMES - 1}} ", Role.MARK, point)
