"""Drafts: what is written in forms and not saved, each a private file of its own.

A file is only changed by the form that made it or took it up, and only while it is as that form
left it; else the draft goes to a new file. So two programs never write over each other's drafts.
"""

from __future__ import annotations

import os
from contextlib import suppress
from threading import RLock
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from sco_quiz import debug, files
from sco_quiz.authoring.note_fields import is_reworded
from sco_quiz.errors import DeckError
from sco_quiz.learning.kinds import KINDS, Kind
from sco_quiz.numbers_and_times import many
from sco_quiz.text import clean, plain
from sco_quiz.workspace.cards import find_card, find_last_read
from sco_quiz.workspace.relinking import relinked_to

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from sco_quiz.authoring.notes import NoteText
    from sco_quiz.workspace.workspace import Workspace

MOST = 50
"""Drafts that are kept; a new one takes the place of the oldest."""
MOST_BYTES = 1 << 20
"""Of one draft."""
_LONGEST_NAMED = 60
_ENDING = ".json"


class EditedNote(msgspec.Struct, frozen=True):
    """A note as it was when a form for it was opened.

    Attributes:
        deck: The id of its deck.
        kind: How it was asked.
        values: Its fields; several texts stand one a line.
        keys: Those of its cards.
    """

    deck: str
    kind: Kind
    values: dict[str, str]
    keys: tuple[str, ...]

    @classmethod
    def of(cls, note: NoteText) -> EditedNote:
        """Return what is kept of a note."""
        return cls(note.deck, note.kind, note.values, note.keys)


class Draft(msgspec.Struct, frozen=True):
    """The text that is written in a form.

    Attributes:
        form: Which form.
        texts: By field; several texts stand one a line.
        note: The note that is edited; None for anything new.
    """

    form: str
    texts: dict[str, str]
    note: EditedNote | None = None


class KeptDraft(NamedTuple):
    """A draft as it lies on disk."""

    path: Path
    stat: os.stat_result
    draft: Draft


class DraftFile:
    """The file of one form's draft. There is none before something is written.

    `hold` takes no time; `write` brings to disk what was held last, in whatever thread.

    Attributes:
        draft: What was written before, to be offered; None for nothing.
    """

    def __init__(self, folder: Path, kept: KeptDraft | None = None) -> None:
        """Make a new draft in a folder, or take up one that is there."""
        self.draft = kept.draft if kept else None
        self._folder = folder
        self._path = kept.path if kept else None
        self._stat = kept.stat if kept else None
        self._held = self._written = self.draft
        # A signal that ends the program may come in the midst of a `write`, in the same thread.
        self._lock = RLock()

    def hold(self, draft: Draft | None) -> None:
        """Have the file say something from the next `write` on; None removes it."""
        self._held = draft

    def write(self) -> None:
        """Bring what is held to disk.

        Raises:
            DeckError: It cannot be written, or is too long.
        """
        with self._lock:
            held = self._held
            if held == self._written:
                return
            try:
                if held is None:
                    self._remove()
                else:
                    self._put(msgspec.json.encode(held))
            except OSError as error:
                raise DeckError(
                    f"what you write cannot be kept in {self._folder} ({error.strerror})",
                    "save it before you leave, or make room there",
                ) from None
            self._written = held

    def _put(self, data: bytes) -> None:
        if len(data) > MOST_BYTES:
            raise DeckError(
                "what you write is too long to be kept as a draft", "save it before you leave"
            )
        files.make_folder(self._folder, private=True)
        if not self._is_ours():
            self._make_room()
            self._path, self._stat = self._folder / f"{os.urandom(8).hex()}{_ENDING}", None
        assert self._path is not None  # noqa: S101 -- it has one, or was given one just now
        files.put(self._path, data, self._stat, private=True)
        self._stat = self._path.stat()

    def _remove(self) -> None:
        if self._path is not None and self._is_ours():
            files.remove(self._path)
        self._path = self._stat = None

    def _is_ours(self) -> bool:
        """Tell whether the file is there as it was left."""
        with suppress(FileNotFoundError):
            return (
                self._path is not None
                and self._stat is not None
                and files.is_as_found(self._path, self._stat)
            )
        return False

    def _make_room(self) -> None:
        for path in _paths(self._folder)[MOST - 1 :]:
            files.remove(path)


def describe_drafts(workspace: Workspace) -> str:
    """Say what is kept that was not saved, the newest first; empty for nothing."""
    kept = [each.draft for each in _read(workspace.paths.drafts_folder)]
    if not kept:
        return ""
    newest, others = kept[0], len(kept) - 1
    texts = newest.note.values if newest.note else newest.texts
    prompts = [texts.get(spec.prompt, "") for spec in KINDS.values()]
    what = next((text for text in [*prompts, *texts.values()] if text.strip()), "")
    shown = clean(plain(what), multiline=False)
    shown = shown if len(shown) <= _LONGEST_NAMED else f"{shown[: _LONGEST_NAMED - 1].rstrip()}…"
    more = f", and {many(others, 'more text')}" if others else ""
    way = "edit the card to go on" if newest.note else "the form goes on with it"
    return f"Not saved, but kept: “{shown}”{more}; {way}."


def take_up_draft(workspace: Workspace, form: str, note: NoteText | None = None) -> DraftFile:
    """Return the newest draft that a form is to offer, or a new one.

    What was written for a note that is in no deck any more is offered by the form for a new one; if
    the note comes back it is offered there again.

    Args:
        workspace: Its folder for drafts is read, and its decks are asked for notes.
        form: Which form.
        note: The note that is to be edited, if it is one that is there.
    """
    db = workspace.progress.connection
    folder = workspace.paths.drafts_folder
    for kept in _read(folder):
        edited = kept.draft.note
        if kept.draft.form != form:
            continue
        if note is None:
            belongs = edited is None or not _is_there(db, edited)
        else:
            belongs = edited is not None and _is_of(db, edited, note)
        if belongs:
            return DraftFile(folder, kept)
    return DraftFile(folder)


def _is_of(db: sqlite3.Connection, edited: EditedNote, note: NoteText) -> bool:
    if not {*_now(db, edited)}.isdisjoint(note.keys):
        return True
    return (
        edited.deck == note.deck
        and not _is_there(db, edited)
        and is_reworded(edited.values, note.values)
    )


def _is_there(db: sqlite3.Connection, edited: EditedNote) -> bool:
    return any(find_card(db, key) or find_last_read(db, key) for key in _now(db, edited))


def _now(db: sqlite3.Connection, edited: EditedNote) -> Iterator[str]:
    """The keys of a note's cards, and those that they were re-linked to."""
    for key in edited.keys:
        yield key
        if new := relinked_to(db, key):
            yield new


def _read(folder: Path) -> Iterator[KeptDraft]:
    """The drafts in a folder that can be read, the newest first."""
    for path in _paths(folder):
        try:
            stat = path.stat()
            draft = msgspec.json.decode(files.read_plain(path, MOST_BYTES), type=Draft)
        except (OSError, msgspec.DecodeError) as error:  # another program's, or one of a newer time
            debug.note("a draft cannot be read: %s", type(error).__name__)
        else:
            yield KeptDraft(path, stat, draft)


def _paths(folder: Path) -> list[Path]:
    """The files of drafts, the newest first."""
    found: list[tuple[int, Path]] = []
    with suppress(OSError), os.scandir(folder) as entries:
        for each in entries:
            if each.name.endswith(_ENDING) and not each.name.startswith("."):
                with suppress(OSError):
                    found.append((each.stat().st_mtime_ns, folder / each.name))
    return [path for _, path in sorted(found, reverse=True)]
