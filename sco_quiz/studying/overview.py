"""What Home shows: the decks with what waits in them, and how it has been going."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.insight.activity import Activity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sco_quiz.learning.backlog import Backlog
    from sco_quiz.learning.daily import Daily
    from sco_quiz.studying.wrong_clock import WrongTimes
    from sco_quiz.workspace.agenda import Offers
    from sco_quiz.workspace.catalogue import DeckSummary
    from sco_quiz.workspace.workspace import Workspace

DAYS = 371
"""How far back answers are counted: the 53 weeks of a year."""
QUIZZES = 24
"""Of how many the scores are shown."""


class Overview(NamedTuple):
    """How things stand, of all decks.

    Attributes:
        decks: The shipped ones, then the learner's own.
        answers: By study day.
        scores: Of the last finished quizzes (0 to 1), the latest last.
        doubtful: Edited cards that may be known ones.
        offers: What can be done when nothing is due.
        daily: How today stands.
        backlog: The reviews that wait, and the plan for them.
        usual_ms: What an answer takes this learner.
        wrong_times: What a wrong clock dated.
    """

    decks: Sequence[DeckSummary]
    answers: Mapping[int, int]
    scores: Sequence[float]
    doubtful: int
    offers: Offers
    daily: Daily
    backlog: Backlog
    usual_ms: float
    wrong_times: WrongTimes | None


def overview(workspace: Workspace) -> Overview:
    """How things stand now."""
    activity = Activity(workspace)
    return Overview(
        decks=workspace.agenda.decks(),
        answers=activity.answers_by_day(DAYS),
        scores=activity.quiz_scores(QUIZZES),
        doubtful=len(workspace.relinker.doubtful()),
        offers=workspace.agenda.offers(),
        daily=activity.daily(),
        backlog=workspace.agenda.backlog(),
        usual_ms=activity.usual_milliseconds(),
        wrong_times=_wrong_times(workspace),
    )


def _wrong_times(workspace: Workspace) -> WrongTimes | None:
    if not workspace.progress.may_be_out_of_time(workspace.now().at):
        return None
    from sco_quiz.studying.wrong_clock import find_wrong_times  # 3 modules, once in a great while

    return find_wrong_times(workspace)
