"""How scores developed: a chart for each deck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz import charts
from sco_quiz.learning.study_day import local_time
from sco_quiz.reports.lines import NARROWEST, SCALE, Line, Role, Span, bars, said
from sco_quiz.reports.words import fitted
from sco_quiz.vocabulary import in_full, many, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from sco_quiz.insight.history import Score

WHAT = {"quiz": "Quiz scores", "study": "Recalled in study"}
"""What a chart of scores is called, by the kind of session."""
SAYS = {
    "quiz": "The share right in each quiz, the newest at the end.",
    "study": "The share recalled in each session, the newest at the end.",
}
NEEDS = {
    "quiz": "Finish a quiz, and its score stands here.",
    "study": "Study, and the share you recall in each session stands here.",
}
SEEN = 0.05
"""The least height of a bar: a score of nothing shows, too."""
WIDEST = 3
"""Cells of the widest bar."""
FIGURES = 26
"""Cells of the figures behind each deck's line."""


def of_decks(
    kind: str, scores: Mapping[str, Sequence[Score]], titles: Mapping[str, str], width: int
) -> Iterator[Line]:
    """A line for each deck, the one with the latest session first.

    Args:
        kind: study or quiz.
        scores: Of each deck, the oldest first.
        titles: What decks are called.
        width: Of all, in cells.
    """
    width = max(width, NARROWEST)
    if not any(scores.values()):
        yield (Span(WHAT[kind], Role.TITLE),)
        yield from said(NEEDS[kind], width)
        return
    room = max(12, min(36, width // 3))
    chart = width - room - FIGURES - 4
    head = f"{WHAT[kind]} by deck"
    figures = f"{'last':>7}{'best':>7}{'times':>8}"
    yield (
        Span(f"{head:<{width - FIGURES}}", Role.TITLE),
        Span(f"{figures:>{FIGURES}}", Role.MARK),
    )
    yield from said(SAYS[kind], width)
    most = min(chart, max(map(len, scores.values())))
    stretch = min(WIDEST, chart // most)
    latest = sorted(scores, key=lambda deck: scores[deck][-1].started, reverse=True)
    for deck in latest:
        shares = [score.share for score in scores[deck]]
        bar, gap = max(1, stretch - 1), [0.0] * (stretch > 1)
        heights = [each for share in shares[-most:] for each in [max(share, SEEN)] * bar + gap]
        drawn = charts.sparkline(heights, 1)
        words = f"{percent(shares[-1]):>7}{percent(max(shares)):>7}{len(shares):>8,}"
        yield (
            Span(f"  {fitted(titles.get(deck, deck), room)}", Role.TEXT),
            Span(f"  {drawn:<{chart}}", Role.CHART),
            Span(f"{words:>{FIGURES}}", Role.TEXT),
        )


def of_deck(kind: str, scores: Sequence[Score], title: str, width: int) -> Iterator[Line]:
    """A bar for each session, as many as there is room for, and what the best one was.

    Args:
        kind: study or quiz.
        scores: The oldest first.
        title: What they are the scores of.
        width: Of all, in cells.
    """
    width = max(width, NARROWEST)
    yield (Span(fitted(f"{WHAT[kind]}, {title}", width), Role.TITLE),)
    if not scores:
        yield from said(NEEDS[kind], width)
        return
    best = max(scores, key=lambda score: (score.share, score.right.whole))
    yield from said(
        f"Last {percent(scores[-1].share)}, best {percent(best.share)} ({best.right.part} of"
        f" {best.right.whole:,}, {in_full(_day(best))}); {many(len(scores), 'session')}.",
        width,
    )
    shown = scores[-(width - SCALE) :]
    shares = [100 * max(score.share, SEEN) for score in shown]
    yield from bars(
        shares, width, str(_day(shown[0])), str(_day(shown[-1])) * (len(shown) > 1), most=100
    )


def _day(score: Score) -> date:
    return local_time(score.started, score.tz).date()
