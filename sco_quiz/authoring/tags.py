"""Tags of many notes at once: one write for each file, one step in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz.authoring.notes import Authoring, changed_since
from sco_quiz.authoring.steps import carry_out, change_of, changes_back, go_back, notes_by_file
from sco_quiz.errors import DeckError
from sco_quiz.library.editing import set_in_many, values_in_many
from sco_quiz.library.files import read_text
from sco_quiz.progress import log

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from sco_quiz.learning.cards import Card
    from sco_quiz.progress.log import Event, EventDraft
    from sco_quiz.workspace.filing import Change
    from sco_quiz.workspace.workspace import Workspace


def retag(
    workspace: Workspace, cards: Sequence[Card], add: Sequence[str], remove: Sequence[str]
) -> int:
    """Add tags to the notes of cards, and take others away.

    Returns:
        How many notes were changed.

    Raises:
        DeckError: A deck came with the app, or sets such a tag for all its notes; or a file
            cannot be written. Nothing was changed.
        ProgressError: The log cannot be written. Nothing was changed.
    """
    drafts: list[EventDraft] = []
    changes: list[Change] = []
    now = workspace.now()
    for path, notes in notes_by_file(workspace, cards).items():
        own = values_in_many(read_text(path), "tags", notes)
        after = {}
        for line, tags in own.items():
            shared = set(notes[line].tags) - set(tags)
            if stuck := shared.intersection(remove):
                raise DeckError(
                    f"{path}: the tag {stuck.pop()!r} is set for all notes of the deck",
                    "take it out of the deck's `defaults`",
                )
            new = [tag for tag in add if tag not in shared]
            kept = [tag for tag in tags if tag not in remove]
            after[line] = list(dict.fromkeys([*kept, *new]))
        changed = {line: tags for line, tags in after.items() if tags != own[line]}
        if changed:
            changes.append(_tagging(path, own, changed))
        drafts += [log.retag(now, notes[line], own[line], tags) for line, tags in changed.items()]
    if drafts:
        carry_out(workspace, changes, *log.as_one_step(drafts))
    return len(drafts)


def take_back(workspace: Workspace, step: Sequence[Event]) -> bool:
    """Undo new tags, in decks' files as in the log.

    Args:
        workspace: Whose decks.
        step: The events of one step, in order.

    Returns:
        False, and nothing was done, where another program has taken it back meanwhile.

    Raises:
        DeckError: A note has other tags by now, is gone, or a file cannot be written.
    """
    workspace.refresh()
    cards = [(event, Authoring(workspace).card_of(event)) for event in step]
    details = {card.note: event.details for event, card in cards}
    files = notes_by_file(workspace, [card for _, card in cards])

    def merge(exact: Mapping[Path, Change]) -> list[Change]:
        return [
            exact[path] if path in exact else _untagging(path, notes, details)
            for path, notes in files.items()
        ]

    changes = changes_back(workspace, step[-1], files, merge)
    undos = (log.undo(workspace.now(), event) for event in step)
    return go_back(workspace, step[-1], changes, *undos)


def _untagging(
    path: Path, notes: Mapping[int, Card], details: Mapping[str, Mapping[str, Any]]
) -> Change:
    own = values_in_many(read_text(path), "tags", notes)
    for line, card in notes.items():
        if own[line] != details[card.note]["after"]:
            raise changed_since(path, line)
    before = {line: details[card.note]["before"] for line, card in notes.items()}
    return _tagging(path, own, before)


def _tagging(path: Path, own: Mapping[int, list[str]], new: Mapping[int, list[str]]) -> Change:
    def change(text: str) -> str:
        if values_in_many(text, "tags", own) != own:
            raise changed_since(path, min(own))
        return set_in_many(text, "tags", new)

    return change_of(path, change)
