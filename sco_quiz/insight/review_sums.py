"""Sums of the reviews that count, by day, by hour, and by the chance that FSRS gave them.

Those of all decks on the days before today are kept in the cache folder, so that whoever has
answered for years waits only for what is new. `LogMark` tells if they still hold.
"""

from __future__ import annotations

import json
import zlib
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sco_quiz.files import keep_note, read_note
from sco_quiz.learning.distributions import CALIBRATION_BINS
from sco_quiz.learning.review_statistics import LONGEST_ANSWER_MS, MATURE
from sco_quiz.progress.file import errors_in_words
from sco_quiz.progress.marking import LogMark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

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
_COUNTED_BY = zlib.crc32(repr(_SELECT).encode())
_NOTE = "review-sums"
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
        progress, today = self._workspace.progress, self._workspace.now().day
        with errors_in_words(progress.path):
            mark, past = LogMark.of(progress.connection), self._kept()
        if past.before >= today:
            return past
        rows = {
            name: _added(past.rows.get(name, ()), self._count(name, past.before, today))
            for name in _SELECT
        }
        past = PastSums(today, rows)
        with errors_in_words(progress.path):
            is_unchanged = LogMark.of(progress.connection) == mark
        if is_unchanged and not progress.in_memory:
            text = json.dumps((_COUNTED_BY, mark, past))
            keep_note(self._note, f"{zlib.crc32(text.encode())} {text}")
        return past

    def _kept(self) -> PastSums:
        """Return the sums that were kept, if they still hold."""
        checksum, _, text = read_note(self._note).partition(" ")
        if checksum == str(zlib.crc32(text.encode())):
            counted_by, (views, last, heads), (before, rows) = json.loads(text)
            mark = LogMark(views, last, {name: tuple(head) for name, head in heads.items()})
            if counted_by == _COUNTED_BY and mark.holds_before(
                self._workspace.progress.connection, before
            ):
                return PastSums(before, rows)
        return PastSums(0, {})

    @property
    def _note(self) -> Path:
        return self._workspace.index.path.with_name(_NOTE)


def _added(some: Iterable[Sequence[int]], more: Iterable[Sequence[int]]) -> Rows:
    """Return the sums of two stretches of days as those of both."""
    sums: Rows = []
    for _, same in groupby(sorted([*some, *more], key=itemgetter(0)), itemgetter(0)):
        (by, *first), *others = same
        sums.append((by, *map(sum, zip(first, *(other[1:] for other in others), strict=True))))
    return sums
