"""Computes what each desired retention would cost this learner, and bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz.learning.memory import Memory
from sco_quiz.learning.scheduling import SchedulingOptions
from sco_quiz.learning.simulating import (
    DAYS,
    RETENTIONS,
    DeckLoad,
    Habits,
    KnownCard,
    Workload,
    workload,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.workspace.workspace import Workspace

_DECKS = """
SELECT d.id,
  (SELECT count(*) FROM library.card c WHERE c.file = d.file AND NOT EXISTS (
     SELECT 1 FROM card_state s WHERE s.key = c.key AND (s.state <> 0 OR s.suspended)))
FROM temp.deck d ORDER BY d.place"""

_KNOWN = """
SELECT d.id, s.stability, s.difficulty, s.last_day, s.due_day
FROM card_state s JOIN library.card c ON c.key = s.key JOIN temp.deck d ON d.file = c.file
WHERE s.state <> 0 AND s.suspended = 0 ORDER BY s.key"""

_ANSWERS = """
SELECT was, rating, count(*), avg(min(milliseconds, 60000)) / 1000
FROM review WHERE was IN (0, 2) AND day > ? GROUP BY was, rating"""


def workloads(workspace: Workspace, decks: Sequence[str] = ()) -> list[Workload]:
    """Simulate a year of study at several desired retentions, the one in force included.

    The simulation is on the present cards of these decks (none for all), and takes less than a
    second for any number of them.

    Raises:
        ProgressError: The log cannot be read.
    """
    config, today = workspace.config, workspace.now().day
    query = workspace.progress.query
    known: dict[str, list[KnownCard]] = {}
    for deck, stability, difficulty, last_day, due_day in query(_KNOWN):
        memory = Memory(stability, difficulty)
        known.setdefault(deck, []).append(KnownCard(memory, today - last_day, due_day - today))
    loads = {
        deck: DeckLoad(known.get(deck, ()), new)
        for deck, new in query(_DECKS)
        if deck in decks or not decks
    }
    answers = query(_ANSWERS, (today - DAYS,))
    habits = Habits.of({(was, rating): (n, seconds) for was, rating, n, seconds in answers})
    options = SchedulingOptions(
        learning_steps=config.learning_steps,
        relearning_steps=config.relearning_steps,
        maximum_interval=config.maximum_interval,
        parameters=workspace.progress.parameters,
    )
    agenda = workspace.agenda
    desired = agenda.desired_retention(decks)
    return workload(
        loads,
        agenda.limits("new_per_day", decks),
        agenda.limits("reviews_per_day", decks),
        habits,
        options,
        sorted({*RETENTIONS, desired}),
    )


def workloads_in_thread(workspace: Workspace, decks: Sequence[str] = ()) -> list[Workload]:
    """Return the result of `workloads`, on connections of its own, for use in a thread.

    Raises:
        ProgressError: The log cannot be read.
    """
    with workspace.elsewhere(read_only=True) as other:
        return workloads(other, decks)
