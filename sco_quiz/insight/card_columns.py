"""The columns of lists of cards, used wherever cards are listed, sorted or documented."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from sco_quiz.learning.cards import State
from sco_quiz.learning.study_day import MINUTE_MS, local_time
from sco_quiz.numbers_and_times import iso_date, percent, span, wait
from sco_quiz.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from sco_quiz.learning.cards import Card, CardState
    from sco_quiz.learning.study_day import Moment

LONGEST_PROMPT = 400
"""The most characters of a prompt that its column uses."""


class ListedCard(NamedTuple):
    """A card as a list of cards shows it.

    Attributes:
        card: The card.
        state: Its state.
        title: The title of its deck.
        path: The file of its deck.
        line: The line of the file on which its note starts, from 1.
        added: The latest study day on which it can have been added.
        recall: The chance (0 to 1) of recall today; None while it is new.
    """

    card: Card
    state: CardState
    title: str
    path: str
    line: int
    added: int
    recall: float | None

    @property
    def interval(self) -> int:
        """The days from its last review to the next; 0 unless it is in review."""
        state = self.state
        return state.due_day - state.last_day if state.state is State.REVIEW else 0


class CardColumn(NamedTuple):
    """A column of a list of cards.

    Attributes:
        rank: Its place on the screen; the columns with the lowest ranks get room first.
        meaning: A description of its values, by which it also sorts.
        in_json: The form of its value for scripts.
        sql: The SQL expression to sort by, NULL for a card without a value; see `finding.find`.
        text: Returns the text in a table.
        value: Returns the value for scripts.
        width: The width in cells; 0 for the room that the others leave.
        right: True to align it right, as numbers.
    """

    rank: int
    meaning: str
    in_json: str
    sql: str
    text: Callable[[ListedCard, Moment], str]
    value: Callable[[ListedCard, Moment], Any]
    width: int
    right: bool = True


def _state(row: ListedCard, now: Moment) -> str:
    if row.state.suspended:
        return "suspended"
    return "buried" if row.state.buried_until > now.day else row.state.state.name.lower()


def _due(row: ListedCard, now: Moment) -> str:
    state = row.state
    if state.state is State.NEW:
        return ""
    if state.state is not State.REVIEW:
        left = state.due_at - now.at
        return f"in {wait(left)}" if left >= MINUTE_MS / 2 else "now"
    days = state.due_day - now.day
    return "today" if not days else f"in {span(days)}" if days > 0 else f"{span(-days)} ago"


def _due_value(row: ListedCard, now: Moment) -> str | None:
    state = row.state
    if state.due_at:
        return local_time(state.due_at, now.tz).isoformat(timespec="seconds")
    return _date(state.due_day)


def _date(day: int) -> str | None:
    return date.fromordinal(day).isoformat() if day else None


ADDED = """min(coalesce((SELECT ns FROM library.arrival a WHERE a.key = c.key), f.since_ns),
  iif(coalesce(s.first_day, 0) > 0, (s.first_day - :epoch) * :day_ns + :begins_ns, :never))"""
"""The latest time (Unix ns) at which a card can have been added, by index or first review."""

COLUMNS = {
    "prompt": CardColumn(
        0, "the text of the prompt", "a text, without markup", "c.text",
        lambda row, _: " ".join(plain(row.card.prompt[:LONGEST_PROMPT]).split()),
        lambda row, _: plain(row.card.prompt), 0, right=False,
    ),
    "deck": CardColumn(
        3, "the decks' own order", "the deck's id", "d.place",
        lambda row, _: row.title, lambda row, _: row.card.deck, 18, right=False,
    ),
    "kind": CardColumn(
        10, "how the card is asked", "a kind of note", "c.kind",
        lambda row, _: row.card.kind.word,
        lambda row, _: str(row.card.kind), 10, right=False,
    ),
    "state": CardColumn(
        1, "new, learning, review, relearning", "one of these words", "coalesce(s.state, 0)",
        _state, lambda row, _: row.state.state.name.lower(), 10, right=False,
    ),
    "due": CardColumn(
        2, "when it comes next",
        "a date; a time for a card in a step of minutes; null for a new one",
        """CASE s.state WHEN 2 THEN (s.due_day - :epoch) * :day_ns + :begins_ns
          WHEN 0 THEN NULL ELSE s.due_at * 1000000 END""",
        _due, _due_value, 10,
    ),
    "interval": CardColumn(
        4, "days from its last review to the next", "a number; 0 unless it is in review",
        "CASE WHEN s.state = 2 THEN s.due_day - s.last_day END",
        lambda row, _: span(row.interval) if row.interval else "",
        lambda row, _: row.interval, 8,
    ),
    "stability": CardColumn(
        7, "days until recall falls to 90 %", "a number; 0 while new", "nullif(s.stability, 0)",
        lambda row, _: span(row.state.stability) if row.state.stability else "",
        lambda row, _: round(row.state.stability, 4), 9,
    ),
    "difficulty": CardColumn(
        8, "how hard it is for you, 1 to 10", "a number; 0 while new", "nullif(s.difficulty, 0)",
        lambda row, _: f"{row.state.difficulty:.1f}" if row.state.difficulty else "",
        lambda row, _: round(row.state.difficulty, 4), 10,
    ),
    "recall": CardColumn(
        6, "how likely you would recall it today", "a number from 0 to 1; null while new",
        # Retrievability falls with elapsed days over stability.
        "CASE WHEN s.stability > 0 THEN -max(:day - s.last_day, 0) / s.stability END",
        lambda row, _: "" if row.recall is None else percent(row.recall),
        lambda row, _: None if row.recall is None else round(row.recall, 4), 6,
    ),
    "reviews": CardColumn(
        9, "how often it was reviewed", "a number", "coalesce(s.reps, 0)",
        lambda row, _: str(row.state.reps or ""), lambda row, _: row.state.reps, 7,
    ),
    "lapses": CardColumn(
        5, "how often it was forgotten", "a number, while in review", "coalesce(s.lapses, 0)",
        lambda row, _: str(row.state.lapses or ""), lambda row, _: row.state.lapses, 6,
    ),
    "last": CardColumn(
        11, "when it was last reviewed", "a date; null while new", "nullif(s.last_day, 0)",
        lambda row, _: iso_date(row.state.last_day) if row.state.last_day else "",
        lambda row, _: _date(row.state.last_day), 10,
    ),
    "added": CardColumn(
        12, "when it was added", "a date, at the latest", ADDED,
        lambda row, _: iso_date(row.added), lambda row, _: _date(row.added), 10,
    ),
    "flag": CardColumn(
        13, "your flags", "a number from 0 to 7", "nullif(s.flag, 0)",
        lambda row, _: f"⚑{row.state.flag}" if row.state.flag else "",
        lambda row, _: row.state.flag, 4,
    ),
}  # fmt: skip
"""The columns by name, which is also the heading in tables."""
