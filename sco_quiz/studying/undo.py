"""Taking back the learner's last step, whatever it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.learning.cards import State
from sco_quiz.learning.journal import UndoneStep
from sco_quiz.progress.log import DeckStep, EventKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.progress.log import Event
    from sco_quiz.workspace.workspace import Workspace

STEPS: dict[str, str] = {
    EventKind.TODAY: "what you brought into today's study",
    EventKind.FLAG: "a flag",
    EventKind.UNSUSPEND: "the end of a suspension",
    EventKind.RESET: "a reset",
    EventKind.RETAG: "new tags",
    EventKind.RELINK: "the joining of a card with a history",
    EventKind.APART: "the decision that a card is not an earlier one in other words",
}
"""Steps whose card is not asked when they are taken back, in words."""
STEPS_OF_MANY: dict[str, str] = {EventKind.SUSPEND: "the suspension", EventKind.BURY: "the delay"}
"""Other steps, when they were about many cards, or about one that is not due."""


def takes_long(workspace: Workspace) -> bool:
    """Return True if taking back the last step may take seconds: much may have come with it."""
    event = workspace.progress.last_undoable()
    return event is not None and (
        event.kind in (EventKind.IMPORT, EventKind.CLOCK)
        or (event.kind == EventKind.DECKS and event.details["step"] == DeckStep.DELETED_DECK)
    )


def undo(workspace: Workspace) -> UndoneStep | None:
    """Take back the learner's last step, whatever it was: an answer, a deletion, an import.

    Returns:
        The step; None when there is nothing to take back.

    Raises:
        DeckError: What changed a deck's file cannot be taken back, since the note or the deck says
            something else by now.
        ProgressError: The log could not be written.
    """
    event = workspace.progress.last_undoable()
    if event is None:
        return None
    step = workspace.progress.step_of(event) or [event]
    try:
        is_done = _take_back(workspace, step)
    except DeckError:
        if not workspace.progress.is_undone(event):
            raise
        is_done = False
    return _told(workspace, step) if is_done else undo(workspace)


def _take_back(workspace: Workspace, step: Sequence[Event]) -> bool:
    """Take a step back; return False where another program has done so meanwhile."""
    event = step[-1]
    match event.kind:
        case EventKind.IMPORT:
            from sco_quiz.transfer import importing

            return importing.take_back(workspace, event)
        case EventKind.DECKS | EventKind.RETAG:
            from sco_quiz.authoring import steps, tags

            if event.kind == EventKind.RETAG:
                return tags.take_back(workspace, step)
            return steps.take_back(workspace, event)
        case EventKind.EDIT | EventKind.ACCEPT:
            from sco_quiz.authoring.notes import Authoring

            return Authoring(workspace).take_back(event)
        case _:
            return bool(workspace.progress.take_back(event, workspace.now()))


def _told(workspace: Workspace, step: Sequence[Event]) -> UndoneStep | None:
    """Tell of a step that was taken back."""
    event, progress = step[-1], workspace.progress
    match event.kind:
        case EventKind.IMPORT:
            source = str(event.details["source"])
            return UndoneStep(
                "", source if "shipped" in event.details else f"the import of {source}"
            )
        case EventKind.DECKS:
            from sco_quiz.authoring import steps

            return UndoneStep("", steps.in_words(event))
        case EventKind.CLOCK:
            return UndoneStep("", "the new dates of answers that a wrong clock dated")
        case EventKind.RELINK | EventKind.APART:
            workspace.relinker.look_again()
    card = progress.card_of(event)
    words, rests = STEPS.get(event.kind, ""), False
    if card is not None and len(step) == 1 and event.kind in STEPS_OF_MANY:
        state = progress.state(card)
        rests = state.state is State.REVIEW and state.due_day > workspace.now().day
        words = STEPS_OF_MANY[event.kind] if rests else ""
    if len(step) > 1 and event.kind != EventKind.TODAY:
        words = f"{words or STEPS_OF_MANY[event.kind]} of {len(step):,} cards"
    return UndoneStep(card, words, rests) if card is not None else None
