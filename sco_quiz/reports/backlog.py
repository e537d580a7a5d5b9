"""The backlog after an absence, and the plans that would clear it, as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sco_quiz.workspace.workspace import Workspace


def backlog_lines(workspace: Workspace) -> list[str]:
    """Return lines on the reviews that a plan puts off or, after an absence, on possible plans."""
    backlog = workspace.agenda.backlog()
    if backlog.per_day:
        return [backlog.in_words()]
    if not (backlog.is_large and backlog.returned):
        return []
    from sco_quiz.studying.backlog import paces  # some 60 ms, after an absence only

    offered = paces(workspace)()
    lines = [f"{backlog.in_words()} {'; '.join(pace.in_words() for pace in offered)}."]
    if offered:
        middle = offered[len(offered) // 2].per_day
        lines.append(f"`sco-quiz config backlog_per_day {middle}` keeps to one of these.")
    return lines
