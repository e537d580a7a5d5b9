"""Plans for a backlog: the paces that would clear it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz.learning import backlog
from sco_quiz.learning.memory import Memory
from sco_quiz.learning.scheduling import Scheduler, SchedulingOptions
from sco_quiz.learning.simulating import KnownCard

if TYPE_CHECKING:
    from collections.abc import Callable

    from sco_quiz.learning.backlog import Pace
    from sco_quiz.workspace.workspace import Workspace

_IN_REVIEW = """
SELECT s.stability, s.difficulty, max(:day - s.last_day, 0),
  max(s.due_day, s.buried_until) - :day
FROM card_state s JOIN library.card c ON c.key = s.key JOIN temp.deck d ON d.file = c.file
WHERE s.state = 2 AND s.suspended = 0 ORDER BY s.key"""


def paces(workspace: Workspace) -> Callable[[], list[Pace]]:
    """Return a function that works out how many reviews a day clear the backlog, and when.

    The function may be called in a thread.
    """
    rows = workspace.progress.query(_IN_REVIEW, {"day": workspace.now().day})
    cards = [KnownCard(Memory(*row[:2]), *row[2:]) for row in rows]
    config = workspace.config
    options = SchedulingOptions(
        retention=config.retention,
        maximum_interval=config.maximum_interval,
        parameters=workspace.progress.parameters,
    )
    return lambda: backlog.paces(cards, Scheduler(options))
