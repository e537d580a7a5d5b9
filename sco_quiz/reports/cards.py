"""Figures on how well cards are known, and on difficult ones, as lines."""

from __future__ import annotations

import shlex
from functools import partial
from typing import TYPE_CHECKING

from sco_quiz import charts
from sco_quiz.learning import meanings
from sco_quiz.numbers_and_times import many, percent, span
from sco_quiz.reports.lines import (
    NARROWEST,
    Figure,
    Line,
    LineSpan,
    Point,
    Role,
    arranged,
    heading,
    wrapped_sentence,
)
from sco_quiz.reports.words import cells, fitted, short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sco_quiz.insight.figures import CardFigures, Figures
    from sco_quiz.learning.distributions import Distribution
    from sco_quiz.learning.meanings import Meaning
    from sco_quiz.learning.simulating import Workload

NAMES = 16
"""The cells before a bar, for its name."""
COUNTS = 8
"""The cells after a bar, for its count."""


def cards(
    figures: Figures, width: int, listed: int, *more: Figure, command: bool = False
) -> list[Line]:
    """Return all that is shown of cards, one below the other or, where it fits, in two columns.

    Args:
        figures: The numbers.
        width: The width of all, in cells.
        listed: The most entries of a list that are shown.
        more: Other parts, placed at the end.
        command: True to name the command that asks about a confused pair: the app has a key for it.
    """
    width = max(width, NARROWEST)
    parts = [
        partial(_confusions, figures, listed, command),
        *(partial(part, figures, listed) for part in (_leeches, _hardest)),
        *(partial(part, figures) for part in (_memory, _calibration)),
    ]
    return arranged([*parts, *more], width)


def _confusions(figures: Figures, listed: int, command: bool, width: int) -> Iterator[Line]:
    confusions = figures.confusions
    yield from heading(meanings.CONFUSIONS, width, some=bool(confusions))
    if not confusions:
        return
    room = (width - 21) // 2
    head = f"  {fitted('you said', room)} {fitted('for', room)} times  reversed"
    yield (LineSpan(head, Role.MARK),)
    for confusion in confusions[:listed]:
        given, wanted = (fitted(answer, room) for answer in confusion.answers)
        reversed_count = f"{confusion.times[1]:>10,}" if confusion.times[1] else f"{'·':>10}"
        yield (
            LineSpan(
                f"  {given} {wanted} {confusion.times[0]:>5,}{reversed_count}", Role.TEXT, confusion
            ),
        )
    yield from _more(len(confusions), listed)
    if command:
        pair = " ".join(shlex.quote(short(confusion)) for confusion in confusions[0].answers)
        yield from wrapped_sentence(
            f"`sco-quiz quiz --pair {pair}` asks the first two side by side.", width
        )


def _leeches(figures: Figures, listed: int, width: int) -> Iterator[Line]:
    yield from _list(meanings.LEECHES, figures.leeches, listed, width)


def _hardest(figures: Figures, listed: int, width: int) -> Iterator[Line]:
    yield from _list(meanings.HARDEST, figures.hardest, listed, width)


def _list(
    meaning: Meaning, card_list: Sequence[CardFigures], listed: int, width: int
) -> Iterator[Line]:
    yield from heading(meaning, width, some=bool(card_list))
    if not card_list:
        return
    room = width - 22
    yield (LineSpan(f"  {'':{room}} lapses  difficulty", Role.MARK),)
    for card in card_list[:listed]:
        name = f"(suspended) {card.prompt}" if card.suspended else card.prompt
        figures = f"{card.lapses:>6,}{card.difficulty:>12.1f}"
        yield (LineSpan(f"  {fitted(name, room)} {figures}", Role.TEXT, card),)
    yield from _more(len(card_list), listed)


def _more(count: int, listed: int) -> Iterator[Line]:
    if count > listed:
        yield (LineSpan(f"  and {count - listed:,} more", Role.MARK),)


def _memory(figures: Figures, width: int) -> Iterator[Line]:
    memory = figures.memory
    parts: Sequence[tuple[Meaning, Distribution, Callable[[float], str]]] = (
        (meanings.INTERVALS, memory.intervals, span),
        (meanings.STABILITY, memory.stabilities, span),
        (meanings.DIFFICULTY, memory.difficulties, lambda value: f"{value:.3g}"),
        (meanings.RETRIEVABILITY, memory.retrievabilities, percent),
    )
    for number, (meaning, distribution, unit) in enumerate(parts):
        if number:
            yield ()
        of = many(distribution.values, "card")
        yield from heading(meaning, width, some=distribution.values > 0, of=of)
        most = max((bucket.values for bucket in distribution.bins), default=0)
        for bucket in distribution.bins:
            drawn = charts.bar(bucket.values, most, width - NAMES - COUNTS)
            name = f"{unit(bucket.low)} – {unit(bucket.high)}"
            share = percent(bucket.values / distribution.values)
            point = Point(meaning.title, f"{name}: {bucket.values:,} of {of}, {share}")
            yield (
                _name(name, point),
                LineSpan(drawn, Role.CHART, point),
                LineSpan(f" {bucket.values:,}", Role.TEXT, point),
            )
        if distribution.median is not None:
            yield _name("median"), LineSpan(unit(distribution.median), Role.TEXT)
    if memory.remembered:
        words = f"{memory.remembered:,.0f} of {memory.stabilities.values:,} cards"
        yield _name("remembered"), LineSpan(words, Role.TEXT)


def _calibration(figures: Figures, width: int) -> Iterator[Line]:
    calibration = figures.calibration
    of = f"% of {many(sum(bucket.recalls for bucket in calibration.bins), 'review')}"
    yield from heading(meanings.CALIBRATION, width, some=bool(calibration.bins), of=of)
    if calibration.error is None:
        return
    room = width - NAMES - 24
    yield _name("chance"), LineSpan(f"{'recalled':<{room}} {'':>7} {'of reviews':>14}", Role.MARK)
    for bucket in calibration.bins:
        drawn = charts.bar(bucket.recalled, 1, room)
        name = f"{percent(bucket.low)} – {percent(bucket.high)}"
        point = Point(
            meanings.CALIBRATION.title,
            f"{name}: {percent(bucket.recalled)} of {many(bucket.recalls, 'review')} recalled,"
            f" {percent(bucket.predicted)} predicted",
        )
        yield (
            _name(name, point),
            LineSpan(f"{drawn:<{room}}", Role.CHART, point),
            LineSpan(
                f" {percent(bucket.recalled):>7} {bucket.recalls:>14,}",
                Role.TEXT,
                point,
            ),
        )
    yield _name("off by"), LineSpan(f"{percent(calibration.error, 1)} on average", Role.TEXT)


def workload(loads: Sequence[Workload], desired: float, width: int) -> Iterator[Line]:
    """Yield lines on what each desired retention would cost and bring.

    Args:
        loads: The workloads, by retention, as `workspace.workload` returns them.
        desired: The retention that is set; its line is marked.
        width: The width of all, in cells; the bars show minutes.
    """
    some = any(load.seen for load in loads)
    of = f"minutes a day; {many(loads[0].seen, 'card')}" if some else ""
    yield from heading(meanings.WORKLOAD, width, some=some, of=of)
    if not some:
        return
    most = max(load.minutes for load in loads)
    digits = len(f"{loads[0].seen:,}")
    column = digits * 2 + 4
    yield (LineSpan(f"    desired  answers  minutes  {'remembered':>{column}}", Role.MARK),)
    yield (LineSpan(f"  retention    a day    a day  {'after it':>{column}}", Role.MARK),)
    for load in loads:
        mark = "›" if load.retention == desired else " "
        words = (
            f"{mark} {load.retention * 100:>7.4g} % {load.answers:>8,.1f} {load.minutes:>8.1f}"
            f"  {load.remembered:>{column - digits - 4},.0f} of {load.seen:,}"
        )
        drawn = charts.bar(load.minutes, most, max(4, width - cells(words) - 3))
        point = Point(
            meanings.WORKLOAD.title,
            f"{load.retention * 100:.4g} %: {load.answers:,.1f} answers and {load.minutes:.1f} min"
            f" a day; {load.remembered:,.0f} of {many(load.seen, 'card')} remembered",
        )
        yield LineSpan(f"{words}  ", Role.TEXT, point), LineSpan(drawn, Role.CHART, point)


def _name(text: str, point: Point | None = None) -> LineSpan:
    return LineSpan(f"{text:>{NAMES - 1}} ", Role.MARK, point)
