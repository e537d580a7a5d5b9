"""Decks and all that was done with their cards, gathered for Anki."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.interchange.anki.export_records import (
    AnkiExport,
    ExportedCard,
    ExportedDeck,
    ExportedNote,
    ExportedReview,
)
from sco_quiz.interchange.material import Remark
from sco_quiz.learning.cards import CardState, Rating, State
from sco_quiz.learning.cloze import ClozeError, read_cloze
from sco_quiz.learning.memory import MemoryModel
from sco_quiz.library.contents import notes_with_defaults
from sco_quiz.library.decks import read_deck
from sco_quiz.library.files import read_text
from sco_quiz.library.kinds import as_value, texts_of
from sco_quiz.library.media import MEDIA_KEYS, find
from sco_quiz.numbers_and_times import many
from sco_quiz.progress.log import EventKind
from sco_quiz.transfer.importing import known_notes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from sco_quiz.interchange.material import Field
    from sco_quiz.learning.cards import Card
    from sco_quiz.progress.fold import Transition
    from sco_quiz.workspace.workspace import Workspace

_PACKAGES = (".apkg", ".colpkg", ".anki2", ".anki21")
_UNFIT = re.compile(r'[\\/:*?"<>|\[\]]')  # in a name, on some system or in Anki's fields


def gather_for_anki(workspace: Workspace, decks: Sequence[str]) -> tuple[AnkiExport, list[Remark]]:
    """Decks as they leave for Anki, and what of them does not go along as it was.

    Raises:
        DeckError: The file of one cannot be read.
    """
    gathering = _Gathering(workspace)
    found = [gathering.deck(deck) for deck in decks]
    parameters = MemoryModel(workspace.progress.parameters).parameters
    leaving = AnkiExport(found, gathering.media, parameters)
    return leaving, [*gathering.remarks, *_already_there(workspace, found)]


def _already_there(workspace: Workspace, decks: Sequence[ExportedDeck]) -> list[Remark]:
    """Remarks on notes that Anki has, if they go back into the collection that they came from."""
    known = known_notes(workspace, _PACKAGES)
    theirs = {key[1:] for own in known.values() for key in own if key[0] == "="}
    back = [note.guid for deck in decks for note in deck.notes if note.guid in theirs]
    parts = sum(guid.rpartition(":")[0] in theirs for guid in back)
    remarks = []
    if back:
        told = f"{many(len(back), 'note')} from Anki: a collection that has them keeps its own text"
        remarks.append(Remark("", told))
    if parts:
        told = f"{many(parts, 'note')} of single cards of Anki's: such a collection has them twice"
        remarks.append(Remark("", told))
    return remarks


class _Gathering:
    """Gathers deck by deck.

    Attributes:
        media: The files that notes name, by their names in the package.
        remarks: What does not go along as it was.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.media: dict[str, Path] = {}
        self.remarks: list[Remark] = []
        self._workspace = workspace
        self._known = known_notes(workspace)
        self._guids: set[str] = set()

    def deck(self, name: str) -> ExportedDeck:
        """A deck with its notes; those with an error stay behind."""
        path, _ = self._workspace.catalogue.file_of(name)
        text = read_text(path)
        deck = read_deck(path, text.encode()).deck
        if deck is None:
            raise DeckError(f"{path} is no usable deck", "`sco-quiz check` says why")
        made: dict[
            int, dict[str, list[Card]]
        ] = {}  # by line, then by note: a line may have several
        for card, line in zip(deck.cards, deck.lines, strict=True):
            made.setdefault(line, {}).setdefault(card.note, []).append(card)
        states = self._workspace.progress.states(card.key for card in deck.cards)
        reviews = self._reviews([card.key for card in deck.cards])
        retention = self._workspace.agenda.desired_retention([name])
        guids = {
            known.id: key[1:] for key, known in self._known.get(name, {}).items() if key[0] == "="
        }
        notes = []
        for number, (line, fields) in enumerate(notes_with_defaults(text), 1):
            there = made.get(line, {})
            cards = next((own for own in there.values() if _asks(fields, own[0])), [])
            if not cards:
                reason = "it is not asked here, and stays; `sco-quiz check` says why"
                self.remarks.append(Remark(f"{name}, note {number}", reason))
                continue
            del there[cards[0].note]
            if cards[0].source:
                fields["source"] = cards[0].source
            order = _order(cards[0], fields, len(cards))
            notes.append(
                ExportedNote(
                    cards[0].kind,
                    self._guid(guids.get(str(fields.get("id", "")), ""), cards[0].note),
                    self._with_media(path, fields, f"{name}, note {number}"),
                    tuple(
                        self._card(states.get(card.key), reviews.get(card.key, ()), retention, each)
                        for card, each in zip(cards, order, strict=True)
                    ),
                )
            )
        return ExportedDeck(name, deck.title, deck.description, notes)

    def _card(
        self,
        state: CardState | None,
        reviews: tuple[ExportedReview, ...],
        retention: float,
        asked_as: int,
    ) -> ExportedCard:
        state, config = state or CardState(), self._workspace.config
        steps = {State.LEARNING: config.learning_steps, State.RELEARNING: config.relearning_steps}
        left = max(len(steps[state.state]) - state.step, 1) if state.state in steps else 0
        return ExportedCard(state, reviews, left, retention, asked_as)

    def _reviews(self, keys: Collection[str]) -> Mapping[str, tuple[ExportedReview, ...]]:
        """Return the reviews that count for cards, by their keys."""
        replayed = self._workspace.progress.transitions(keys)
        return {
            key: tuple(_answered(each) for each in own if each.event.kind == EventKind.REVIEW)
            for key, own in replayed.items()
        }

    def _guid(self, known: str, note: str) -> str:
        """Return the guid of a note: the one from Anki, if it came from there."""
        guid = known if known and known not in self._guids else note
        self._guids.add(guid)
        return guid

    def _with_media(self, deck: Path, fields: Mapping[str, Field], where: str) -> dict[str, Field]:
        """The fields of a note, with the files that they name under names of the package."""
        said = dict(fields)
        for key, sort in MEDIA_KEYS.items():
            names = []
            for name in texts_of(said.pop(key, [])):
                try:
                    names.append(self._named(find(deck, name, sort)))
                except DeckError as error:
                    self.remarks.append(Remark(where, str(error)))
            if names:
                said[key] = as_value(key, names)
        return said

    def _named(self, path: Path) -> str:
        """The name in the package of a file; no other file has it."""
        name = wanted = _UNFIT.sub("-", path.name)
        number = 1
        while self.media.setdefault(wanted, path) != path:
            number += 1
            wanted = f"{number}-{name}"
        return wanted


def _answered(review: Transition) -> ExportedReview:
    event, data, before, after = review
    interval = after.due_day - event.day
    if after.state != State.REVIEW:
        interval = (event.at - after.due_at) // 1000
    rating, spent = Rating(data["rating"]), data["ms"]
    return ExportedReview(event.at, rating, spent, before.state, interval, after.difficulty)


def _asks(fields: Mapping[str, Field], card: Card) -> bool:
    """Tell whether a note with these fields makes the card as its first."""
    prompt = str(fields.get(card.kind.spec.prompt, ""))
    if not card.kind.spec.has_gaps:
        return prompt == card.prompt
    try:
        return read_cloze(prompt).blanks[0].prompt == card.prompt
    except ClozeError:
        return False


def _order(card: Card, fields: Mapping[str, Field], cards: int) -> list[int]:
    """Return, for each card of a note, its number as Anki counts the cards of that note."""
    spec = card.kind.spec
    if spec.has_gaps:
        return [int(blank.variant[1:]) - 1 for blank in read_cloze(str(fields[spec.prompt])).blanks]
    return list(range(cards))
