"""Marks the log at a moment, and tells later if what was counted of its past still holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

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

_HARM = """
SELECT EXISTS (
  SELECT 1 FROM event WHERE device = :device AND seq > :known AND (
    stamp <= :last
    OR kind = 'undo' AND json_extract(data, '$.seq') <= coalesce((
      SELECT json_extract(value, '$[0]') FROM json_each(:heads)
      WHERE key = json_extract(data, '$.device')), 0)
    OR kind <> 'undo' AND kind NOT IN (SELECT value FROM json_each(:harmless)))
) OR EXISTS (SELECT 1 FROM review WHERE device = :device AND seq > :known AND day < :day)"""


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
        """Return True if the reviews of all days before one count as when the log was marked.

        So it is if all that was there still is, and all that came since stands behind it in the
        order of the log, takes nothing of it back and moves nothing, and holds no review of such a
        day: a review counts by what stands before it.

        Args:
            db: The log as it is now, with its views.
            day: The study day.
        """
        if self.views != VIEWS or missing_from(db, self.heads):
            return False
        values = {
            "last": self.last, "day": day,
            "heads": json.dumps(self.heads), "harmless": json.dumps(_HARMLESS),
        }  # fmt: skip
        for device, (seq, _) in heads_in(db).items():
            known, _ = self.heads.get(device, (0, ""))
            values |= {"device": device, "known": known}
            if seq > known and db.execute(_HARM, values).fetchone()[0]:
                return False
        return True
