"""A plan for a backlog: the paces that would clear it, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    """Works out how many reviews a day clear the backlog, and when; may be done in a thread."""
    from sco_quiz.learning.backlog import paces
    from sco_quiz.learning.memory import Memory
    from sco_quiz.learning.scheduling import Options, Scheduler
    from sco_quiz.learning.simulating import Known

    rows = workspace.progress.query(_IN_REVIEW, {"day": workspace.now().day})
    cards = [Known(Memory(*row[:2]), *row[2:]) for row in rows]
    config = workspace.config
    options = Options(
        retention=config.retention,
        maximum_interval=config.maximum_interval,
        parameters=workspace.progress.parameters,
    )
    return lambda: paces(cards, Scheduler(options))


def end_cleared_plan(workspace: Workspace) -> bool:
    """Take the plan for a backlog out of the settings once there is none; whether that was so.

    Raises:
        ConfigError: The settings cannot be written.
    """
    if not workspace.config.backlog_per_day or workspace.agenda.backlog().per_day:
        return False
    from sco_quiz.config.file import change

    change(workspace.paths.config_file, "backlog_per_day", None)
    workspace.reread_settings()
    return True
