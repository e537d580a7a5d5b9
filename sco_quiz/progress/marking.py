"""Marks the log at a moment, and tells later if what was counted of it still holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from sco_quiz.progress.backup_reach import Heads, heads_in, missing_from
from sco_quiz.progress.database import VIEWS
from sco_quiz.progress.log import EventKind

if TYPE_CHECKING:
    import sqlite3

_HARMLESS = (
    EventKind.REVIEW, EventKind.ANSWER, EventKind.SESSION_START, EventKind.SESSION_END,
    EventKind.SUSPEND, EventKind.UNSUSPEND, EventKind.BURY, EventKind.TODAY, EventKind.FLAG,
    EventKind.RESET, EventKind.ACCEPT, EventKind.EDIT, EventKind.RETAG,
)  # fmt: skip
"""Events that change nothing of what stands before them in the order of the log."""

_NEW = "event.device = :device AND event.seq > :known"

_HARM = f"""
SELECT 1 FROM event WHERE {_NEW} AND (
  stamp <= :last
  OR kind = 'undo' AND json_extract(data, '$.seq') <= coalesce((
    SELECT json_extract(value, '$[0]') FROM json_each(:heads)
    WHERE key = json_extract(data, '$.device')), 0)
  OR kind <> 'undo' AND kind NOT IN (SELECT value FROM json_each(:harmless)))
LIMIT 1"""  # noqa: S608

_OF_A_DAY_BEFORE = """
SELECT 1 FROM review WHERE device = :device AND seq > :known AND day < :day LIMIT 1"""

_IN_ANOTHER_DECK = f"""
SELECT 1 FROM event JOIN event AS before ON before.card = event.card AND before.stamp <= :last
WHERE {_NEW} AND instr(event.data, '"face":') AND instr(before.data, '"face":')
  AND json_extract(before.data, '$.face.deck') <> json_extract(event.data, '$.face.deck')
LIMIT 1"""  # noqa: S608

_SESSIONS = f"SELECT DISTINCT session FROM event WHERE {_NEW} AND session IS NOT NULL"  # noqa: S608


class LogMark(NamedTuple):
    """The log as it was at a moment.

    Attributes:
        views: The version of its views.
        last: Its greatest stamp.
        heads: The last event of each device.
    """

    views: int
    last: int
    heads: Heads

    @classmethod
    def of(cls, db: sqlite3.Connection) -> LogMark:
        """Mark a log."""
        ((last,),) = db.execute("SELECT coalesce(max(stamp), 0) FROM event")
        return cls(VIEWS, last, heads_in(db))

    def holds_before(self, db: sqlite3.Connection, day: int) -> bool:
        """Return True if the same reviews of the days before one count, and count the same.

        Args:
            db: The log as it is now, with its views.
            day: The study day.
        """
        news = self._news(db)
        return news is not None and not any(
            db.execute(_OF_A_DAY_BEFORE, {**values, "day": day}).fetchone() for values in news
        )

    def sessions_since(self, db: sqlite3.Connection) -> set[str] | None:
        """Return the sessions that something came to; all others are as they were.

        Args:
            db: The log as it is now, with its views.

        Returns:
            None if others too may have other answers, or cards that are now in another deck.
        """
        news = self._news(db)
        if news is None or any(db.execute(_IN_ANOTHER_DECK, each).fetchone() for each in news):
            return None
        return {session for values in news for (session,) in db.execute(_SESSIONS, values)}

    def _news(self, db: sqlite3.Connection) -> list[dict[str, Any]] | None:
        """Return the values that name the events of each device that came since.

        Returns:
            None if they may change what was there: unless all of it still is there, and all that
            came stands behind it in the order of the log and takes back or moves nothing of it. A
            review counts by what stands before it.
        """
        if self.views != VIEWS or missing_from(db, self.heads):
            return None
        ours = {
            "last": self.last, "heads": json.dumps(self.heads), "harmless": json.dumps(_HARMLESS)
        }  # fmt: skip
        news = [
            {**ours, "device": device, "known": known}
            for device, (seq, _) in heads_in(db).items()
            if seq > (known := self.heads.get(device, (0, ""))[0])
        ]
        return None if any(db.execute(_HARM, values).fetchone() for values in news) else news
