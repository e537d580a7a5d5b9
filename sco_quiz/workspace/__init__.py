"""The workspace joins deck library and progress: all that a front end talks to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sco_quiz.workspace.catalogue import DeckSummary, Header, Problem
    from sco_quiz.workspace.workspace import Refreshed, Workspace

__all__ = ["DeckSummary", "Header", "Problem", "Refreshed", "Workspace"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- whatever is exported
    # Imported when asked for: `glance` needs a part of it only.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from sco_quiz.workspace import catalogue, workspace

    return getattr(workspace if name in ("Refreshed", "Workspace") else catalogue, name)
