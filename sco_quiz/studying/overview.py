"""The figures of Home: decks with their due cards, recent activity and scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz import debug
from sco_quiz.files import make_folder, put_over
from sco_quiz.insight.activity import Activity
from sco_quiz.learning.study_day import DAY_MS, day_end

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
    """The state of all decks, as Home shows it.

    Attributes:
        decks: Each before what is below it; the shipped ones, then the learner's own.
        opened: The parents whose decks are shown.
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
    opened: frozenset[str]
    answers: Mapping[int, int]
    scores: Sequence[float]
    doubtful: int
    offers: Offers
    daily: Daily
    backlog: Backlog
    usual_ms: float
    wrong_times: WrongTimes | None


def overview(workspace: Workspace) -> Overview:
    """Compute the overview of all decks as of now."""
    activity = Activity(workspace)
    return Overview(
        decks=workspace.agenda.tree(),
        opened=_opened(workspace),
        answers=activity.answers_by_day(DAYS),
        scores=activity.quiz_scores(QUIZZES),
        doubtful=_doubtful(workspace),
        offers=workspace.agenda.offers(),
        daily=activity.daily(),
        backlog=workspace.agenda.backlog(),
        usual_ms=activity.usual_milliseconds(),
        wrong_times=_wrong_times(workspace),
    )


def holds_until(workspace: Workspace, known: Overview) -> int:
    """Return the time until which Home shows this, if nobody does anything (UTC ms); 0 for unknown.

    Args:
        workspace: The workspace.
        known: How things stand in it now.
    """
    now = workspace.now()
    waits = {step.deck for step in workspace.agenda.steps()}
    if known.wrong_times or any(
        not deck.counts.total and waits & {*deck.decks} for deck in known.decks
    ):
        return 0  # it tells minutes, or what a clock did
    until = day_end(now, workspace.config.rollover)
    last = Activity(workspace).last_at()
    return min(until, last + DAY_MS) if last + DAY_MS > now.at else until


def keep_opened(workspace: Workspace, opened: Iterable[str]) -> None:
    """Remember which parents are open, until the app ends if that cannot be written."""
    file = workspace.paths.opened_file
    try:
        make_folder(file.parent)
        put_over(file, "".join(f"{name}\n" for name in sorted(opened)).encode())
    except OSError as error:
        debug.note("open parents are not kept: %s", error)


def _opened(workspace: Workspace) -> frozenset[str]:
    if not workspace.catalogue.tree.parents:
        return frozenset()
    try:
        return frozenset(workspace.paths.opened_file.read_text("utf-8").splitlines())
    except (OSError, ValueError):  # not there yet, or not ours: all are closed
        return frozenset()


def _doubtful(workspace: Workspace) -> int:
    return len(workspace.relinker.doubtful()) if workspace.index.relinking()[1] else 0


def _wrong_times(workspace: Workspace) -> WrongTimes | None:
    if not workspace.progress.may_be_out_of_time(workspace.now().at):
        return None
    from sco_quiz.studying.wrong_clock import find_wrong_times  # 3 modules, once in a great while

    return find_wrong_times(workspace)
