"""The outcome of a study session for its cards, as lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sco_quiz.learning.cards import State
from sco_quiz.numbers_and_times import many, span_in_words

if TYPE_CHECKING:
    from sco_quiz.learning.cards import CardState
    from sco_quiz.learning.session import StudySession

MOST_DAYS = 4
"""The most days that are named one by one; later ones are named together."""
_SOON = 0


def learned_lines(session: StudySession) -> list[str]:
    """Return lines on the number of new cards, and on the days when cards come back.

    Args:
        session: The session, finished or left.
    """
    outcomes = session.outcomes
    known = sum(state.state is State.REVIEW for state in outcomes.values())
    lines = []
    if outcomes:
        learned = session.tally.learned
        first = f"{many(learned, 'card')} seen for the first time; " if learned else ""
        lines.append(f"{first}{known} of {many(len(outcomes), 'card')} known for a day or longer.")
    waits = Counter(_days_until(state, session.moment.day) for state in outcomes.values())
    days = sorted(waits)
    parts = [f"{waits[day]} {_in_words(day)}" for day in days[:MOST_DAYS]]
    if later := sum(waits[day] for day in days[MOST_DAYS:]):
        parts.append(f"{later} later")
    return [*lines, f"They come back: {', '.join(parts)}."] if parts else lines


def _days_until(state: CardState, today: int) -> int:
    return max(1, state.due_day - today) if state.state is State.REVIEW else _SOON


def _in_words(days: int) -> str:
    if days == _SOON:
        return "today"
    return "tomorrow" if days == 1 else f"in {span_in_words(days)}"
