"""Sums of the reviews that count, by day, by hour, and by the chance that FSRS gave them.

Those of all decks on the days before today are kept in the cache folder, so that whoever has
answered for years waits only for what is new. `LogMark` tells if they still hold.
"""

from __future__ import annotations

import json
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from sco_quiz.insight.kept_counts import KeptCount
from sco_quiz.learning.daily import LONGEST_ANSWER_MS
from sco_quiz.learning.distributions import CALIBRATION_BINS
from sco_quiz.learning.review_statistics import MATURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sco_quiz.progress.marking import LogMark
    from sco_quiz.workspace.workspace import Workspace

BILLION = 1_000_000_000
"""The unit of chances: sums of whole numbers are the same in whatever order they are added."""
OF_DECKS = "card IN (SELECT key FROM face WHERE deck IN (SELECT value FROM json_each(:decks)))"
"""The condition that an answer is about a card of some decks."""

_SELECT = {
    "days": f"""
SELECT day, count(*), sum(was = 0), sum(rating > 1), sum(min(milliseconds, {LONGEST_ANSWER_MS})),
  sum(rating > 1 AND predicted IS NOT NULL AND interval < {MATURE}),
  sum(predicted IS NOT NULL AND interval < {MATURE}),
  sum(rating > 1 AND predicted IS NOT NULL AND interval >= {MATURE}),
  sum(predicted IS NOT NULL AND interval >= {MATURE})
FROM review WHERE """,  # noqa: S608 -- numbers
    "hours": "SELECT (at / 60000 + tz) / 60 % 24, count(*), sum(rating > 1) FROM review WHERE ",
    "chances": f"""
SELECT min(CAST(predicted * {CALIBRATION_BINS} AS INTEGER), {CALIBRATION_BINS - 1}),
  count(*), sum(rating > 1), sum(CAST(predicted * {BILLION} AS INTEGER))
FROM review WHERE predicted IS NOT NULL AND """,  # noqa: S608 -- numbers
}
"""The sums by name: first what they are by, then how many reviews there are, and so on."""
_FOREVER = 1 << 40

Rows: TypeAlias = list[tuple[int, ...]]
"""Sums, each behind what they are by, which rises."""


class PastSums(NamedTuple):
    """The sums of all reviews on the days before one.

    Attributes:
        before: That study day.
        rows: The sums by name.
    """

    before: int
    rows: dict[str, Rows]


class ReviewSums:
    """The sums of the reviews of all decks, or of some."""

    def __init__(self, workspace: Workspace, decks: Sequence[str] = ()) -> None:
        """Count the reviews of a workspace.

        Args:
            workspace: The learner's workspace.
            decks: The ids of decks, which may be gone; none for all.
        """
        self._workspace = workspace
        self._decks = decks
        self._past: PastSums | None = None

    def rows(self, name: str) -> Rows:
        """Return the sums "days", "hours" or "chances" (in billionths), as they are now."""
        if self._past is None:
            self._past = PastSums(0, {}) if self._decks else self._past_of_all()
        past = self._past
        return _added(past.rows.get(name, ()), self._count(name, past.before, _FOREVER))

    def _count(self, name: str, first: int, end: int) -> Rows:
        # Without a first day, to go through the table is faster than through the index of days.
        days = "day >= :first AND day < :end" if first else "+day < :end"
        which = f" AND {OF_DECKS}" if self._decks else ""
        return self._workspace.progress.query(
            f"{_SELECT[name]}{days}{which} GROUP BY 1 ORDER BY 1",
            {"first": first, "end": end, "decks": json.dumps(self._decks)},
        )

    def _past_of_all(self) -> PastSums:
        """Return the sums until yesterday: those that were kept, and those of the days since."""
        today, db = self._workspace.now().day, self._workspace.progress.connection

        def count(mark: LogMark | None, kept: Any) -> Any:  # noqa: ANN401 -- JSON
            holds = mark is not None and mark.holds_before(db, kept[0])
            past = PastSums(*kept) if holds else PastSums(0, {})
            if past.before >= today:
                return kept
            rows = {
                name: _added(past.rows.get(name, ()), self._count(name, past.before, today))
                for name in _SELECT
            }
            return PastSums(today, rows)

        return PastSums(*KeptCount(self._workspace, "review-sums", repr(_SELECT)).update(count))


def _added(some: Iterable[Sequence[int]], more: Iterable[Sequence[int]]) -> Rows:
    """Return the sums of two stretches of days as those of both."""
    sums: Rows = []
    for _, same in groupby(sorted([*some, *more], key=itemgetter(0)), itemgetter(0)):
        (by, *first), *others = same
        sums.append((by, *map(sum, zip(first, *(other[1:] for other in others), strict=True))))
    return sums
