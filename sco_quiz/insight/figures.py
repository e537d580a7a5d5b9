"""The figures of one learner, for all decks or some.

SQL counts, and `learning.review_statistics` makes figures of the counts and defines the terms.
Answers count even if their deck is gone; figures of cards are of the decks in use.
"""

from __future__ import annotations

import json
from functools import cached_property
from heapq import nsmallest
from typing import TYPE_CHECKING, Any, NamedTuple

from sco_quiz.errors import UsageError
from sco_quiz.insight.activity import Activity
from sco_quiz.insight.review_sums import BILLION, OF_DECKS, ReviewSums
from sco_quiz.learning import distributions, review_statistics
from sco_quiz.learning.confusions import WrongAnswer, confusions, find_pair
from sco_quiz.learning.daily import streak
from sco_quiz.learning.distributions import distribution
from sco_quiz.learning.memory import MemoryModel
from sco_quiz.learning.review_statistics import Day, Hour, Share
from sco_quiz.learning.study_day import study_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sco_quiz.learning.confusions import Confusion
    from sco_quiz.learning.distributions import Calibration, Distribution
    from sco_quiz.learning.review_statistics import Due, Retention, Totals
    from sco_quiz.workspace.workspace import Workspace

HARDEST = 20
"""The most cards in the list of the hardest."""

OF_ANSWERS = ("days", "totals", "forecast", "hours", "target")
"""The figures on answers."""
OF_CARDS = ("confusions", "leeches", "hardest", "memory", "calibration")
"""The figures on how well cards are known."""

# From the states on, since most of a large library may be new.
_IN_USE = """
card_state s CROSS JOIN library.card c ON c.key = s.key JOIN temp.deck d ON d.file = c.file
  AND (:decks IS NULL OR d.id IN (SELECT value FROM json_each(:decks)))"""

_MISTAKES = """
SELECT card, mistake, asked = 'choice' AS chosen, count(*) FROM (
  SELECT card, mistake, asked FROM review WHERE mistake IS NOT NULL AND {which}
  UNION ALL SELECT card, mistake, asked FROM answer WHERE mistake IS NOT NULL AND {which}
) GROUP BY card, mistake, chosen"""

_RIGHT = """
SELECT key, answer FROM face
WHERE kind IN ('basic', 'typed', 'cloze', 'choice') AND instr(answer, char(10)) = 0
ORDER BY key"""

_DUE = """
SELECT max(iif(s.brought = :day, :day, s.due_day), s.buried_until) AS due, count(*) FROM {in_use}
WHERE s.state = 2 AND s.suspended = 0 GROUP BY due"""

_STEPS = """
SELECT s.due_at, s.buried_until FROM {in_use} WHERE s.state IN (1, 3) AND s.suspended = 0"""

_KNOWN = """
SELECT s.key, s.lapses, s.difficulty, s.stability, s.last_day,
  iif(s.state = 2, s.due_day - s.last_day, NULL)
FROM {in_use} WHERE s.reps > 0"""

_CARDS = """
SELECT s.key, d.id, f.prompt, f.answer, s.reps, s.lapses, s.difficulty, s.stability, s.suspended
FROM json_each(:keys) AS wanted CROSS JOIN {in_use} JOIN face f ON f.key = s.key
WHERE s.key = wanted.value ORDER BY wanted.key"""


class CardFigures(NamedTuple):
    """A card that is worth a look.

    Attributes:
        key: The card's key.
        deck: The id of its deck.
        prompt: The question, with inline markup.
        answer: The right answers, one a line.
        answers: The number of times it was answered.
        lapses: The number of times it was forgotten while in review.
        difficulty: The difficulty, from 1 (easy) to 10 (hard).
        stability: The days until recall falls to 90 %.
        suspended: True if it is suspended.
    """

    key: str
    deck: str
    prompt: str
    answer: str
    answers: int
    lapses: int
    difficulty: float
    stability: float
    suspended: bool


class MemoryDistributions(NamedTuple):
    """The distributions of memory over the cards that were answered before.

    Attributes:
        intervals: The intervals of cards in review, in days.
        stabilities: The days until recall falls to 90 %.
        difficulties: The difficulties, from 1 (easy) to 10 (hard).
        retrievabilities: The chances (0 to 1) of recall today.
        remembered: The number of cards known: the sum of the chances.
    """

    intervals: Distribution
    stabilities: Distribution
    difficulties: Distribution
    retrievabilities: Distribution
    remembered: float


class Figures:
    """All figures as of now; each is counted when it is first needed, and then kept."""

    def __init__(self, workspace: Workspace, decks: Sequence[str] = ()) -> None:
        """Choose the decks.

        Args:
            workspace: The learner's workspace.
            decks: The ids of decks, which may be gone; none for all.
        """
        self._workspace = workspace
        self._now = workspace.now()
        self._which = OF_DECKS if decks else "1"
        self._values: dict[str, object] = {"decks": json.dumps(list(decks)) if decks else None}
        self.decks = tuple(decks)
        self._sums = ReviewSums(workspace, decks)

    def count(self, names: Iterable[str]) -> None:
        """Count figures now, so that they can be shown after the workspace is closed.

        Args:
            names: `OF_ANSWERS`, `OF_CARDS`, or some of either.
        """
        for name in names:
            getattr(self, name)

    @property
    def today(self) -> int:
        """The present study day."""
        return self._now.day

    @cached_property
    def days(self) -> list[Day]:
        """Every study day with an answer, in order: for the calendar, answers and minutes a day."""
        rows = self._sums.rows("days")
        return [Day._make([*row[:5], Share(*row[5:7]), Share(*row[7:9])]) for row in rows]

    @property
    def shows_streak(self) -> bool:
        """True if the learner wants to see the streak."""
        return self._workspace.config.streak

    @cached_property
    def totals(self) -> Totals:
        """The totals of all days."""
        rest_days = self._workspace.config.rest_days
        absent = Activity(self._workspace).absent_days(self._now)
        row = streak((day.day for day in self.days), self.today, rest_days, absent)
        return review_statistics.totals(self.days, row)

    @cached_property
    def forecast(self) -> list[Due]:
        """The number of cards due today and on the next days, without new cards."""
        due = dict(self._query(_DUE, day=self.today))
        rollover, tz = self._workspace.config.rollover, self._now.tz
        for due_at, buried_until in self._query(_STEPS):
            day = max(study_day(due_at, tz, rollover), buried_until)
            due[day] = due.get(day, 0) + 1
        return review_statistics.forecast(due, self.today)

    @cached_property
    def target(self) -> float:
        """The desired retention that the decks share, else the one set for all."""
        return self._workspace.agenda.desired_retention(self.decks)

    @property
    def retention_ever(self) -> Retention:
        """True retention since the first day."""
        return review_statistics.retention_ever(self.days)

    @property
    def retention_by_week(self) -> list[Retention]:
        """True retention in each week that has a recall."""
        return review_statistics.retention_by_week(self.days)

    @property
    def retention_by_month(self) -> list[Retention]:
        """True retention in each month that has a recall."""
        return review_statistics.retention_by_month(self.days)

    @cached_property
    def hours(self) -> list[Hour]:
        """Answers in each of the 24 hours of the day."""
        hours_with_answers = {row[0]: Hour(*row) for row in self._sums.rows("hours")}
        return [hours_with_answers.get(hour, Hour(hour, 0, 0)) for hour in range(24)]

    @cached_property
    def calibration(self) -> Calibration:
        """Predicted against observed recall."""
        rows = self._sums.rows("chances")
        return distributions.calibration(
            (number, recalls, recalled, chances / BILLION)
            for number, recalls, recalled, chances in rows
        )

    @cached_property
    def memory(self) -> MemoryDistributions:
        """The distributions of memory over cards."""
        chance = MemoryModel(self._workspace.progress.parameters).retrievability
        rows = self._known
        recalls = [chance(stability, self.today - last) for *_, stability, last, _ in rows]
        days = distributions.DAYS_EDGES
        return MemoryDistributions(
            distribution((row[5] for row in rows if row[5] is not None), days),
            distribution((row[3] for row in rows), days),
            distribution((row[2] for row in rows), distributions.DIFFICULTY_EDGES),
            distribution(recalls, distributions.RETRIEVABILITY_EDGES),
            sum(recalls),
        )

    @cached_property
    def leeches(self) -> list[CardFigures]:
        """Leeches, the worst first."""
        least = self._workspace.config.leech_lapses
        leeches = [row for row in self._known if row[1] >= least]
        return self._cards(sorted(leeches, key=lambda row: (-row[1], -row[2], row[0])))

    @cached_property
    def hardest(self) -> list[CardFigures]:
        """The cards of the greatest difficulty, `HARDEST` of them at most."""
        return self._cards(
            nsmallest(HARDEST, self._known, key=lambda row: (-row[2], -row[1], row[3], row[0]))
        )

    @cached_property
    def confusions(self) -> list[Confusion]:
        """The confusions, the most frequent first."""
        mistakes = (WrongAnswer(card, given, bool(chosen), times)
                    for card, given, chosen, times in self._query(_MISTAKES))  # fmt: skip
        return confusions(mistakes, dict(self._query(_RIGHT)))

    def find_confusion(self, one: str, other: str) -> Confusion:
        """Return the confusion of two answers, named in any order and case.

        Raises:
            UsageError: Neither was ever given in place of the other.
        """
        confusion = find_pair(self.confusions, one, other)
        if confusion is None:
            raise UsageError(
                f"you never took {one!r} for {other!r}",
                "`sco-quiz stats` lists the answers that you confuse",
            )
        return confusion

    @cached_property
    def _known(self) -> list[Any]:
        """The rows of `_KNOWN`: the cards in use that were answered before."""
        return self._query(_KNOWN)

    def _cards(self, rows: Sequence[Any]) -> list[CardFigures]:
        keys = json.dumps(list(dict.fromkeys(row[0] for row in rows)))
        cards = self._query(_CARDS, keys=keys)
        return [CardFigures._make([*figures, bool(suspended)]) for *figures, suspended in cards]

    def _query(self, sql: str, **values: object) -> list[Any]:
        sql = sql.replace("{which}", self._which).replace("{in_use}", _IN_USE)
        return self._workspace.progress.query(sql, {**self._values, **values})
