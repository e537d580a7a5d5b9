"""A card in words, for commands and app alike: its facts, its history, its forgetting curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz import charts
from sco_quiz.insight.card_columns import COLUMNS
from sco_quiz.learning.cards import State
from sco_quiz.learning.study_day import local_time
from sco_quiz.numbers_and_times import iso_date, iso_minute, percent, span, times
from sco_quiz.reports.words import short

if TYPE_CHECKING:
    from sco_quiz.insight.browsing import Details, PastEvent
    from sco_quiz.insight.card_columns import ListedCard
    from sco_quiz.learning.study_day import Moment

LOWEST = 0.7
"""The lower edge of a curve, unless it falls below."""


class PastLine(NamedTuple):
    """A line of a card's history.

    Attributes:
        when: The date and time.
        what: The rating, or another event.
        then: The interval that it got.
        answer: The answer; empty for none.
        good: True if it was recalled, or answered right; None if there was no answer.
    """

    when: str
    what: str
    then: str
    answer: str
    good: bool | None


def facts(row: ListedCard, now: Moment) -> list[tuple[str, str]]:
    """Return the facts about a card, as names and values."""
    card, state = row.card, row.state
    when = COLUMNS["due"].text(row, now)
    if state.state is State.REVIEW:
        when = f"{when}, {iso_date(state.due_day)}" if when != "today" else when
    all_facts = [
        ("deck", row.title),
        ("kind", COLUMNS["kind"].text(row, now)),
        ("tags", ", ".join(card.tags)),
        ("state", COLUMNS["state"].text(row, now)),
        ("flag", str(state.flag) if state.flag else ""),
        ("due", when),
        ("interval", COLUMNS["interval"].text(row, now)),
    ]
    if row.recall is not None:
        all_facts += [
            ("stability", f"{COLUMNS['stability'].text(row, now)} until recall falls to 90 %"),
            ("difficulty", f"{COLUMNS['difficulty'].text(row, now)} of 10"),
            ("recall", f"{COLUMNS['recall'].text(row, now)} today"),
            ("reviews", f"{state.reps}, forgotten {times(state.lapses)}"),
        ]
    all_facts += [
        ("added", f"{iso_date(row.added)} or before"),
        ("card", card.key),
        ("file", f"{row.path}:{row.line}"),
    ]
    return [(name, value) for name, value in all_facts if value]


def past_lines(details: Details) -> list[PastLine]:
    """Return the history of a card, the newest first."""
    return [_past_line(past) for past in reversed(details.past)]


def curve(details: Details, width: int, height: int) -> list[str]:
    """Return the forgetting curve as lines: from the last reset to the due day or to today.

    Args:
        details: The card.
        width: The width of all, in cells.
        height: The height of the curve, in cells; two more lines show the dates.

    Returns:
        The lines; none for a card without a review.
    """
    reviews = _since_reset(details.past)
    if not reviews or width < 24:
        return []
    today = details.now.day
    due = details.row.state.due_day
    first = reviews[0][0]
    last = max(today, due, first + 2)
    room = width - 6
    values = details.memory.forgetting_curve(reviews, first, last, 2 * room)
    low = min([LOWEST, *(value for value in values if value is not None)])
    low = int(low * 10) / 10
    drawn = charts.line(values, room, height, low, 1.0)
    scale = ["100 %", *[""] * (height - 2), percent(low)]
    lines = [f"{mark:>5} {line}".rstrip() for mark, line in zip(scale, drawn, strict=True)]

    def column(day: int) -> int:
        return round((day - first) / (last - first) * (room - 1))

    marks = [" "] * room
    for day, _ in reviews:
        marks[column(day)] = "•"
    marks[column(today)] = "▲"
    lines.append(f"{'':6}{''.join(marks)}".rstrip())
    left, right = iso_date(first), iso_date(last)
    middle = "• review  ▲ today" if room >= 42 else ""
    lines.append(f"{'':6}{left}{middle:^{max(room - 20, 0)}}{right}")
    return lines


def _since_reset(past: tuple[PastEvent, ...]) -> list[tuple[int, float]]:
    reviews: list[tuple[int, float]] = []
    for event in past:
        if event.what == "reset":
            reviews.clear()
        elif event.rating is not None:
            reviews.append((event.day, event.stability))
    return reviews


def _past_line(past: PastEvent) -> PastLine:
    when = iso_minute(local_time(past.at, past.tz))
    if past.what == "reset":
        return PastLine(when, "reset", "", "", good=None)
    answer = short(", ".join(past.given))
    if past.rating is None:
        return PastLine(when, "quiz", "", answer, past.correct)
    then = span(past.interval) if past.interval else "minutes"
    what = past.rating.name.capitalize()
    return PastLine(when, what, then, answer, past.correct)
