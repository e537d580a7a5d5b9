"""Counting what the history shows, in a thread, part by part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message

from sco_quiz.collector import collector_paused
from sco_quiz.errors import SCOQuizError
from sco_quiz.insight.figures import OF_ANSWERS, OF_CARDS, Figures
from sco_quiz.insight.history import SessionHistory
from sco_quiz.insight.workload import workloads_in_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sco_quiz.insight.history import DeckScore, Session
    from sco_quiz.learning.simulating import Workload
    from sco_quiz.workspace.workspace import Workspace


class HistorySelection(NamedTuple):
    """The selection that the history shows: decks, and a kind of sessions.

    Attributes:
        decks: Their ids: of one deck, or of all below a parent; empty for all decks.
        parent: The id of the parent; empty for a deck by itself.
        kind: Of the sessions; None for both.
    """

    decks: tuple[str, ...] = ()
    parent: str = ""
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """The sessions and scores of a view.

    Attributes:
        sessions: The newest first.
        bests: Ids of those that are the best on their decks.
        kind: Of the sessions that the scores are of.
        by_deck: Their scores, the oldest first; None while they are counted.
        titles: What decks are called.
        decks: Ids of those that have a history.
        in_use: Ids of those that there are now.
        today: The present study day.
    """

    sessions: Sequence[Session]
    bests: frozenset[str]
    kind: str
    by_deck: Mapping[str, Sequence[DeckScore]] | None
    titles: Mapping[str, str]
    decks: Sequence[str]
    in_use: frozenset[str]
    today: int


class HistoryCounted(Message):
    """Some of it is known."""

    def __init__(
        self,
        view: HistorySelection,
        scores: Scores,
        figures: Figures,
        ready: frozenset[int],
    ) -> None:
        """Tell it.

        Args:
            view: What is looked at.
            scores: For the first tab.
            figures: For the others, as far as they are counted.
            ready: The tabs that are.
        """
        super().__init__()
        self.view = view
        self.scores = scores
        self.figures = figures
        self.ready = ready


class WorkloadSimulated(Message):
    """It is known what each desired retention would cost."""

    def __init__(self, view: HistorySelection, workload: Sequence[Workload]) -> None:
        """Tell it, of what is looked at."""
        super().__init__()
        self.view = view
        self.workload = workload


class CountingFailed(Message):
    """It could not be counted."""

    def __init__(self, error: SCOQuizError) -> None:
        """Tell why."""
        super().__init__()
        self.error = error


@collector_paused()
def count(
    workspace: Workspace,
    view: HistorySelection,
    tab: Callable[[], int],
    tell: Callable[[Message], object],
) -> None:
    """Count everything, on connections of its own.

    Args:
        workspace: Whose.
        view: What is looked at.
        tab: Says which tab is in view: what it shows is counted before the rest.
        tell: Posts a `HistoryCounted` for each tab that is ready, or `CountingFailed`.
    """
    try:
        with workspace.elsewhere(read_only=True) as other:
            figures = Figures(other, view.decks)
            scores = _scores(other, view)
            ready = frozenset({0})
            tell(HistoryCounted(view, scores, figures, ready))
            names = {1: [*OF_ANSWERS], 2: [*OF_CARDS]}
            while names:
                each = tab() if tab() in names else min(names)
                figures.count([names[each].pop(0)])
                if not names[each]:
                    del names[each]
                    ready |= {each}
                    tell(HistoryCounted(view, scores, figures, ready))
            if scores.by_deck is None:  # takes longer than all else
                scores = replace(scores, by_deck=SessionHistory(other).scores(scores.kind))
                tell(HistoryCounted(view, scores, figures, ready))
    except SCOQuizError as error:
        tell(CountingFailed(error))


def weigh(workspace: Workspace, view: HistorySelection, tell: Callable[[Message], object]) -> None:
    """Simulate the workload, and post `WorkloadSimulated` or `CountingFailed`."""
    try:
        tell(WorkloadSimulated(view, workloads_in_thread(workspace, view.decks)))
    except SCOQuizError as error:
        tell(CountingFailed(error))


def _scores(workspace: Workspace, view: HistorySelection) -> Scores:
    """Of quizzes, if there are any and study is not asked for: that takes longer to count."""
    history = SessionHistory(workspace)
    sessions = history.sessions(view.decks, view.kind)
    quizzes = history.scores("quiz") if view.kind != "study" else {}
    kind = view.kind or ("study" if sessions and not quizzes else "quiz")
    bests = frozenset(best.id for best in history.bests())
    return Scores(
        sessions,
        bests,
        kind,
        quizzes if kind == "quiz" else None,
        history.titles,
        history.decks(),
        history.decks_in_use,
        workspace.now().day,
    )
