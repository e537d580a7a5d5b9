"""In which deck an imported note is by now: its source or the learner may have moved it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz.library.contents import notes_of
from sco_quiz.library.files import is_shipped, read_text
from sco_quiz.transfer.merging import prompt_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sco_quiz.interchange.material import ForeignDeck, ForeignNote
    from sco_quiz.transfer.merging import ImportedNote
    from sco_quiz.workspace.workspace import Workspace


def group_by_present_deck(
    workspace: Workspace,
    sources: Mapping[str, Sequence[ForeignDeck]],
    known: dict[str, dict[str, ImportedNote]],
) -> dict[str, list[ForeignDeck]]:
    """The decks of a source, each note under the deck that has it now.

    A note is known by its source's name for it and by its question.

    Args:
        workspace: Knows the decks.
        sources: By the id of the deck that each goes to by its title.
        known: What earlier imports wrote; is told of notes that the learner moved.
    """
    finder = _Finder(workspace, known)
    homes: dict[str, list[ForeignDeck]] = {}
    for name, decks in sources.items():
        for deck in decks:
            moved: dict[str, list[ForeignNote]] = {}
            for note in deck.notes:
                home = finder.home_of(note, name) if note.key else name
                moved.setdefault(home, []).append(note)
            for home, notes in (moved or {name: []}).items():
                elsewhere = deck._replace(description="", language="", prompt_language="")
                about = deck if home == name else elsewhere
                homes.setdefault(home, []).append(about._replace(notes=notes))
    return homes


class _Finder:
    def __init__(self, workspace: Workspace, known: dict[str, dict[str, ImportedNote]]) -> None:
        self._workspace = workspace
        self._known = known
        self._prompts: dict[str, dict[str, tuple[str, str]]] = {}
        self._imported = {deck: {own.id for own in notes.values()} for deck, notes in known.items()}

    def home_of(self, note: ForeignNote, name: str) -> str:
        """The deck that has a note which its source has in the deck of a name."""
        key, prompt = f"={note.key}", prompt_of(note.fields)
        written = {deck: notes[key] for deck, notes in self._known.items() if key in notes}
        if not written or (name in written and self._has(name, written[name].id)):
            return name
        for deck, each in written.items():
            if self._has(deck, each.id, prompt):
                return deck
        for each in written.values():
            for deck in self._workspace.catalogue.titles:
                others = self._imported.setdefault(deck, set())
                if each.id not in others and self._has(deck, each.id, prompt):
                    others.add(each.id)
                    self._known.setdefault(deck, {})[key] = each
                    return deck
        return name

    def _has(self, deck: str, name: str, prompt: tuple[str, str] | None = None) -> bool:
        """Tell whether a deck has a note of an id, with this question."""
        if deck not in self._prompts:
            path = self._workspace.catalogue.owner_of(deck)
            own = path is not None and not is_shipped(path)
            notes = notes_of(read_text(path)) if path is not None and own else []
            self._prompts[deck] = {
                str(note.fields["id"]): prompt_of(note.fields)
                for note in notes
                if note.fields.get("id")
            }
        found = self._prompts[deck].get(name)
        return found is not None and prompt in (None, found)
