"""The learner's recent activity: today, day by day, the last quizzes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz.learning.daily import LONGEST_ANSWER_MS, Daily, Goal, streak

if TYPE_CHECKING:
    from sco_quiz.learning.study_day import Moment
    from sco_quiz.workspace.workspace import Workspace

USUAL_MS = 12_000
"""The assumed time of an answer (ms) before there are any to measure."""
ENOUGH = 100
"""The number of answers from which only these are measured."""
ASSUMED = 20
"""The number of assumed answers counted with the first ones; it falls as more are given."""


class Activity:
    """Queries on the log of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        """Query the log of a workspace."""
        self._workspace = workspace
        self._db = workspace.progress.connection

    def daily(self) -> Daily:
        """Return today's study, the goal and the streak."""
        now, config = self._workspace.now(), self._workspace.config
        row = streak(self._study_days(), now.day, config.rest_days, self.absent_days(now))
        goal = Goal(config.goal_answers, config.goal_minutes)
        return Daily(*self._studied_on(now.day), goal, row)

    def answers_by_day(self, days: int) -> dict[int, int]:
        """Return the number of answers by study day, for the last `days` days."""
        since = self._workspace.now().day - days
        counted = "SELECT day, reviews FROM study_day WHERE day >= ?"
        return dict(self._db.execute(counted, (since,)))

    def quiz_scores(self, most: int) -> list[float]:
        """Return the scores (0 to 1) of the last finished quizzes, the latest last."""
        rows = self._db.execute(
            "SELECT score FROM session WHERE kind = 'quiz' AND finished AND whole"
            " ORDER BY started DESC LIMIT ?",
            (most,),
        )
        return [score for (score,) in rows][::-1]

    def usual_milliseconds(self) -> float:
        """Return the mean time of the last hundred answers (ms), none counted above a minute.

        Until there are a hundred, assumed ones are counted too, so that a few answers do not change
        it much. Imported answers may have no time; they do not count.
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
        """Return the minutes that the learner chose when last studying by time; None if never."""
        row = self._db.execute(
            "SELECT json_extract(data, '$.minutes') AS minutes FROM event"
            " WHERE card IS NULL AND session IS NOT NULL AND kind = 'session-start'"
            " AND minutes IS NOT NULL ORDER BY stamp DESC LIMIT 1"
        ).fetchone()
        return row[0] if row else None

    def last_at(self) -> int:
        """Return the time of the last answer in a study session (UTC ms); 0 for none."""
        ((last,),) = self._db.execute("SELECT coalesce(max(at), 0) FROM review")
        return int(last)

    def absent_days(self, now: Moment) -> set[int]:
        """Return the days without an answer that travel skipped.

        Around any other day without an answer, more than 24 hours pass from the last answer before
        it to the first answer after it, or to now.
        """
        rows = self._db.execute(
            "WITH lived (day) AS (SELECT day FROM study_day UNION SELECT :day),"
            " pair (day, before) AS (SELECT day, lag(day) OVER (ORDER BY day) FROM lived)"
            " SELECT day - 1 FROM pair WHERE before = day - 2 AND"
            " coalesce((SELECT min(at) FROM review r WHERE r.day = pair.day), :at)"
            " - (SELECT max(at) FROM review r WHERE r.day = pair.before) < 86400000",
            {"day": now.day, "at": now.at},
        )
        return {day for (day,) in rows}

    def _study_days(self) -> list[int]:
        """Study days with an answer, in order."""
        return [day for (day,) in self._db.execute("SELECT day FROM study_day ORDER BY day")]

    def _studied_on(self, day: int) -> tuple[int, int]:
        """Return the number of answers on a study day, and their milliseconds."""
        row: tuple[int, int] = self._db.execute(
            "SELECT count(*), coalesce(sum(min(milliseconds, ?)), 0) FROM review WHERE day = ?",
            (LONGEST_ANSWER_MS, day),
        ).fetchone()
        return row
