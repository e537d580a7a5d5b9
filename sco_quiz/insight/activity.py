"""What the learner did of late, for a glance: today, day by day, the last quizzes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz.learning.daily import Daily, Goal, streak
from sco_quiz.learning.statistics import LONGEST_ANSWER_MS

if TYPE_CHECKING:
    from sco_quiz.learning.study_day import Moment
    from sco_quiz.workspace.workspace import Workspace

USUAL_MS = 12_000
"""What an answer is taken to need before there are any to judge by."""
ENOUGH = 100
"""Answers after which those alone tell what one needs."""
ASSUMED = 20
"""Answers of the usual length that are counted beside the first ones; fewer, the more there are."""


# From one day to the next: the index has 100,000 answers of a few hundred days.
_STUDY_DAYS = (
    "WITH RECURSIVE studied (day) AS (SELECT min(day) FROM review UNION ALL"
    " SELECT (SELECT min(day) FROM review r WHERE r.day > studied.day) FROM studied"
    " WHERE day IS NOT NULL)"
)


class Activity:
    """Looks into the log of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        """Look into the log of a workspace."""
        self._workspace = workspace
        self._db = workspace.progress.connection

    def daily(self) -> Daily:
        """How today stands: what was studied, the goal, the days in a row."""
        now, config = self._workspace.now(), self._workspace.config
        row = streak(self._study_days(), now.day, config.rest_days, self.absent_days(now))
        goal = Goal(config.goal_answers, config.goal_minutes)
        return Daily(*self._studied_on(now.day), goal, row)

    def answers_by_day(self, days: int) -> dict[int, int]:
        """Answers by study day, for so many days back."""
        since = self._workspace.now().day - days
        counted = "SELECT day, count(*) FROM review WHERE day >= ? GROUP BY day"
        return dict(self._db.execute(counted, (since,)))

    def quiz_scores(self, most: int) -> list[float]:
        """The scores (0 to 1) of the last finished quizzes, the latest last."""
        rows = self._db.execute(
            "SELECT score FROM session WHERE kind = 'quiz' AND finished AND whole"
            " ORDER BY started DESC LIMIT ?",
            (most,),
        )
        return [score for (score,) in rows][::-1]

    def usual_milliseconds(self) -> float:
        """Return the mean time of the last hundred answers (ms), none counted above a minute.

        A few answers do not turn it over: until there are a hundred, usual ones are counted too.
        Of imported ones it may not be known, so those of no time do not count.
        """
        total, count = self._db.execute(
            "SELECT coalesce(sum(min(json_extract(data, '$.ms'), 60000)), 0), count(*) FROM"
            " (SELECT data FROM event WHERE kind = 'review' AND json_extract(data, '$.ms') > 0"
            " ORDER BY stamp DESC LIMIT ?)",
            (ENOUGH,),
        ).fetchone()
        assumed = ASSUMED * (1 - count / ENOUGH)
        return float((total + assumed * USUAL_MS) / (count + assumed))

    def minutes_before(self) -> float | None:
        """How long the learner meant to study when last studying by time."""
        row = self._db.execute(
            "SELECT json_extract(data, '$.minutes') AS minutes FROM event"
            " WHERE card IS NULL AND session IS NOT NULL AND kind = 'session-start'"
            " AND minutes IS NOT NULL ORDER BY stamp DESC LIMIT 1"
        ).fetchone()
        return row[0] if row else None

    def absent_days(self, now: Moment) -> set[int]:
        """Days without an answer that were not there for the learner: travel skipped them.

        On any other day without one, more than 24 hours pass from the last answer before it to the
        first after it, or to now.
        """
        rows = self._db.execute(
            f"{_STUDY_DAYS}, lived (day) AS (SELECT day FROM studied WHERE day IS NOT NULL"  # noqa: S608
            " UNION SELECT :day),"
            " pair (day, before) AS (SELECT day, lag(day) OVER (ORDER BY day) FROM lived)"
            " SELECT day - 1 FROM pair WHERE before = day - 2 AND"
            " coalesce((SELECT min(at) FROM review r WHERE r.day = pair.day), :at)"
            " - (SELECT max(at) FROM review r WHERE r.day = pair.before) < 86400000",
            {"day": now.day, "at": now.at},
        )
        return {day for (day,) in rows}

    def _study_days(self) -> list[int]:
        """Study days with an answer, in order."""
        studied = f"{_STUDY_DAYS} SELECT day FROM studied WHERE day IS NOT NULL"  # noqa: S608
        rows = self._db.execute(studied)
        return [day for (day,) in rows]

    def _studied_on(self, day: int) -> tuple[int, int]:
        """Answers on a study day, and milliseconds."""
        row: tuple[int, int] = self._db.execute(
            "SELECT count(*), coalesce(sum(min(milliseconds, ?)), 0) FROM review WHERE day = ?",
            (LONGEST_ANSWER_MS, day),
        ).fetchone()
        return row
