"""The workspace joins deck library and progress: all that a front end talks to."""

from sco_quiz.workspace.catalogue import Problem
from sco_quiz.workspace.workspace import DeckSummary, Refreshed, Workspace

__all__ = ["DeckSummary", "Problem", "Refreshed", "Workspace"]
