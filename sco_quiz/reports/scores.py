"""The development of scores as lines: a chart for each deck."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from sco_quiz import charts
from sco_quiz.learning.review_statistics import TREND_OVER, WEIGHTY, trend
from sco_quiz.learning.study_day import local_time
from sco_quiz.numbers_and_times import many, on_chart, percent, spent
from sco_quiz.reports.lines import (
    NARROWEST,
    SCALE,
    Line,
    LineSpan,
    Point,
    Role,
    padded,
    scaled,
    titled,
    wrapped_sentence,
)
from sco_quiz.reports.words import cells, fitted, in_words, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sco_quiz.insight.history import DeckScore

WHAT = {"quiz": "Quiz scores", "study": "Study scores"}
"""The titles of charts of scores, by the kind of session."""
SAYS = {
    "quiz": f"Share right in each quiz; wider: more questions, faint: fewer than {WEIGHTY}.",
    "study": f"Share recalled in each session; wider: more answers, faint: fewer than {WEIGHTY}.",
}
NEEDS = {
    "quiz": "Finish a quiz, and its score stands here.",
    "study": "Study, and the share you recall in each session stands here.",
}
SESSIONS = {"quiz": ("quiz", "quizzes"), "study": ("session", "sessions")}
ANSWERS = {"quiz": "question", "study": "answer"}
SEEN = 0.05
"""The least height of a bar, so that a score of 0 is visible too."""
ROWS = 3
"""The rows of a deck's chart among others; its title and the dates take one more line each."""
LARGE = 5
"""The rows of the chart of one deck alone."""
ASIDE = 32
"""The cells at the right of a chart, for its best score and totals."""
WITH_ASIDE = 70
"""The least width at which these stand at the right, and not below."""
WIDENED = (WEIGHTY, 10)
"""The least questions for a bar that is two and three times as wide."""
WIDEST_UNIT = 2
"""The most cells of the narrowest bar."""
FARTHEST = 10
"""The most cells from the start of a bar to the start of the next."""
LEVEL = 3
"""The least points of a trend up or down: half a question of twenty is less."""
IN_WORDS = {3: "three", 4: "four", 5: "five"}
NAME = 30
"""The most cells of a deck's name before a sparkline."""
FIGURES = 15
"""The cells for the best score and the number of scores, after a sparkline and the last score."""


def of_decks(
    kind: str, scores: Mapping[str, Sequence[DeckScore]], titles: Mapping[str, str], width: int
) -> Iterator[Line]:
    """Yield a line for each deck: a sparkline between the first and the last score.

    Args:
        kind: study or quiz.
        scores: The scores of each deck, the oldest first.
        titles: The titles of decks, by id.
        width: The width of all, in cells.
    """
    width = max(width, NARROWEST)
    if not any(scores.values()):
        yield (LineSpan(WHAT[kind], Role.TITLE),)
        yield from wrapped_sentence(NEEDS[kind], width)
        return
    room = max(12, min(NAME, width // 3))
    figures = FIGURES if width >= WITH_ASIDE else 0
    chart = width - room - figures - 18
    decks = by_latest(scores)
    head = fitted(f"{WHAT[kind]}, {many(len(decks), 'deck')}", room + 4)
    behind = f"{'best':>7}{'times':>8}"[:figures]
    yield (
        LineSpan(head, Role.TITLE),
        LineSpan(f"{'first':>5}  {'':{chart}}{'last':>7}{behind}", Role.MARK),
    )
    for deck in decks:
        of_deck, title = scores[deck], in_words([deck], titles)
        best = _best(of_deck)
        shown = of_deck[-chart:]
        drawn = charts.sparkline([max(score.share, SEEN) for score in shown], 1)
        told = partial(_told_briefly if width < WITH_ASIDE else _told, title=title)
        points = (
            LineSpan(sign, _role(score, best, of_deck[-1]), _point(WHAT[kind], deck, score, told))
            for sign, score in zip(drawn, shown, strict=True)
        )
        behind = f"{percent(best.share) if best else '·':>7}{len(of_deck):>8,}"[:figures]
        yield (
            LineSpan(f"  {fitted(within(title, room), room)}", Role.TEXT),
            LineSpan(f"{percent(of_deck[0].share):>7}  ", Role.MARK),
            *points,
            LineSpan(" " * (chart - len(shown)), Role.MARK),
            LineSpan(f"{percent(of_deck[-1].share):>7}{behind}", Role.TEXT),
        )


def by_latest(scores: Mapping[str, Sequence[DeckScore]]) -> list[str]:
    """Return the decks with scores, the one with the latest session first."""
    latest = {deck: deck_scores[-1].started for deck, deck_scores in scores.items() if deck_scores}
    return sorted(latest, key=latest.__getitem__, reverse=True)


def of_deck(
    kind: str,
    deck: str,
    scores: Sequence[DeckScore],
    titles: Mapping[str, str],
    width: int,
    *,
    rows: int = LARGE,
    alone: bool = True,
) -> Iterator[Line]:
    """Yield a chart of one deck: a bar for each session, as many as fit.

    Args:
        kind: study or quiz.
        deck: The id of the deck.
        scores: The scores, the oldest first.
        titles: The titles of decks, by id.
        width: The width of all, in cells.
        rows: The height of the bars in lines; an odd number, so that there is a middle one.
        alone: True for the only chart: its title then says what it shows, and if not all bars fit
            with gaps between them, the gaps are left out.
    """
    width = max(width, NARROWEST)
    what, name = f"{WHAT[kind]}, " * alone, in_words([deck], titles)
    if not scores:
        yield (LineSpan(fitted(what + name, width), Role.TITLE),)
        yield from wrapped_sentence(NEEDS[kind], width)
        return
    now = _now(kind, scores)
    beside = width >= WITH_ASIDE
    title_room = width - cells(now) - 2 if beside else width
    title = fitted(what + within(name, title_room - cells(what)), title_room)
    yield titled(title.rstrip(), now, width) if beside else (LineSpan(title, Role.TITLE),)
    best = _best(scores)
    room = width - SCALE - (ASIDE if beside else 0)
    shown = scores[-(room if alone else (room + 1) // 2) :]
    facts = [
        f"best {_of(best)}, {on_chart(date.fromordinal(best.day))}" if best else "",
        _in_all(kind, scores, len(shown)),
    ]
    starts, widths = _placed(shown, room)
    heights = [max(score.share, SEEN) for score in shown]
    told = partial(_told, title=name if beside else "")
    looks = [(_role(score, best, scores[-1]), _point(deck, deck, score, told)) for score in shown]
    chart: list[list[LineSpan]] = []
    for signs in charts.columns(heights, rows, 1):
        chart.append([])
        end = 0
        for sign, look, start, wide in zip(signs, looks, starts, widths, strict=True):
            chart[-1] += [LineSpan(" " * (start - end), Role.MARK), LineSpan(sign * wide, *look)]
            end = start + wide
    drawn = list(scaled(chart, {0: "100", rows // 2: "50", rows - 1: "0"}))
    if beside:
        left = width - ASIDE
        for row, fact in zip((rows // 2, rows - 1), facts, strict=True):
            drawn[row] = (*padded(drawn[row], left), LineSpan(f"{fact:>{ASIDE}}", Role.MARK))
    yield from drawn
    yield (LineSpan(" " * SCALE + _dates(shown, best, starts, widths, room), Role.MARK),)
    if not beside:
        yield from wrapped_sentence("; ".join(filter(None, [now, *facts])), width)


def _now(kind: str, scores: Sequence[DeckScore]) -> str:
    """Return the last score and the trend, in words."""
    last = f"last {_of(scores[-1])}"
    weighty = [score.right for score in scores if score.is_weighty]
    rise = trend(weighty)
    if rise is None:
        return last
    points = round(100 * abs(rise))
    way = f"{'up' if rise > 0 else 'down'} {many(points, 'point')}" if points >= LEVEL else "level"
    return f"{last}, {way} in {IN_WORDS[min(len(weighty), TREND_OVER)]} {SESSIONS[kind][1]}"


def _of(score: DeckScore) -> str:
    return f"{percent(score.share)} of {score.right.whole:,}"


def _in_all(kind: str, scores: Sequence[DeckScore], shown: int) -> str:
    answers = many(sum(score.right.whole for score in scores), ANSWERS[kind])
    if shown < len(scores):
        return f"last {shown} of {len(scores):,}, {answers}"
    return f"{many(len(scores), *SESSIONS[kind])}, {answers}"


def _best(scores: Sequence[DeckScore]) -> DeckScore | None:
    """Return the best score with enough questions; of equal ones, that with more questions."""
    weighty = [score for score in scores if score.is_weighty]
    return max(weighty, key=lambda score: (score.share, score.right.whole), default=None)


def _role(score: DeckScore, best: DeckScore | None, last: DeckScore) -> Role:
    if score is best:
        return Role.BEST
    if not score.is_weighty:
        return Role.FAINT
    return Role.LAST if score is last else Role.CHART


def _point(chart: str, deck: str, score: DeckScore, told: Callable[[DeckScore], str]) -> Point:
    return Point(chart, told(score), deck, score.session)


def _told(score: DeckScore, title: str) -> str:
    """Tell a score; the title of its deck is empty where there is no room for it."""
    started = local_time(score.started, score.tz)
    return (
        f"{on_chart(started.date(), weekday=True)}, {started:%H:%M}: {score.right.part:,} of"
        f" {score.right.whole:,} right, {percent(score.share)}, {spent(score.milliseconds)}"
        f"{f' · {title}' * bool(title)}"
    )


def _told_briefly(score: DeckScore, title: str) -> str:
    """Tell a score in half of a narrow line, so that the deck has the other half."""
    return f"{on_chart(date.fromordinal(score.day))}: {_of(score)} · {title}"


def _placed(shown: Sequence[DeckScore], room: int) -> tuple[list[int], list[int]]:
    """Return the start of each bar, and its width in cells: wider with more questions."""
    widest = max(1, (room + 1) // len(shown) - 1)
    unit = min(WIDEST_UNIT, max(1, widest // (len(WIDENED) + 1)))
    widths = [
        min(widest, unit * (1 + sum(score.right.whole >= least for least in WIDENED)))
        for score in shown
    ]
    step = (room - max(widths)) / max(1, len(shown) - 1)
    step = min(step, FARTHEST) if step >= 2 else 1  # gaps between only some would group the bars
    return [int(place * step) for place in range(len(shown))], widths


def _dates(
    shown: Sequence[DeckScore],
    best: DeckScore | None,
    starts: list[int],
    widths: list[int],
    room: int,
) -> str:
    """Return the dates of the first and the last bar, and a mark below the best."""
    line = " " * room

    def write(number: int, *texts: str) -> bool:
        """Write the first text that touches no other, at the start or the end of a bar."""
        nonlocal line
        begin, end = starts[number], starts[number] + widths[number]
        for text in texts:
            for start in (begin, end - len(text)):
                stop = start + len(text)
                around = line[max(start - 1, 0) : stop + 1]
                if start >= 0 and stop <= room and not around.strip():
                    line = line[:start] + text + line[stop:]
                    return True
        return False

    last = len(shown) - 1
    marked = next((number for number, score in enumerate(shown) if score is best), last)
    if 0 < marked < last:
        write(marked, "▲")
    for number in dict.fromkeys((last, 0)):
        day = date.fromordinal(shown[number].day)
        mark = "▲ " * (shown[number] is best)
        write(number, f"{mark}{on_chart(day)}", f"{mark}{on_chart(day, day)}", mark.strip())
    return line.rstrip()
