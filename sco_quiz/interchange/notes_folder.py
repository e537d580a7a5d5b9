"""Folders of notes, as vaults of Obsidian's, graphs of Logseq's and collections of hashcards' are.

Each file becomes a deck, folders become its parents.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError, SCOQuizError, UsageError
from sco_quiz.interchange.material import ForeignDeck, Material, Remark, check_number, files_renamed
from sco_quiz.numbers_and_times import many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sco_quiz.interchange.material import ForeignNote

_ENDINGS = (".md", ".markdown", ".org", ".csv", ".tsv", ".gift", ".txt")
_MOST_FILES = 5_000
_DEEPEST = 16
_NOT_NOTES = frozenset({"logseq", "node_modules", "templates", "assets"})
"""Folders that hold no notes of the learner's."""


def read(folder: Path, read_text: Callable[[Path], Material]) -> Material:
    """The decks of a folder.

    Args:
        folder: Where its files lie.
        read_text: Reads one of them.

    Raises:
        DeckError: It has too many files, or notes.
        UsageError: It has no files that can be read.
    """
    made = Material()
    top = folder.resolve().name
    count = without = 0
    found = False
    for number, file in enumerate(_files(folder)):
        found = True
        if number == _MOST_FILES:
            raise DeckError(
                f"{folder} has more than {_MOST_FILES:,} files", "import its folders one by one"
            )
        below = file.relative_to(folder)
        try:
            material = read_text(file)
        except SCOQuizError as error:
            made.skipped.append(Remark(str(below), error.message))
            continue
        decks = [deck for deck in material.decks if deck.notes]
        without += not decks
        path = "::".join([top, *below.parent.parts, file.stem])
        for deck in decks:
            title = f"{path}::{deck.title}" if len(decks) > 1 and deck.title else path
            notes = [_renamed(note, number, f"{below}, {note.where}") for note in deck.notes]
            made.decks.append(ForeignDeck(title, notes, deck.description, deck.language))
            count += len(notes)
        check_number(count)
        made.media += [each._replace(name=f"{number}/{each.name}") for each in material.media]
        if decks:
            made.skipped += [_within(below, remark) for remark in material.skipped]
        made.lossy += [_within(below, remark) for remark in material.lossy]
    if not found:
        raise UsageError(
            f"{folder} has no deck.json of CrowdAnki's, and no notes",
            f"the names of notes end in {', '.join(_ENDINGS)}",
        )
    if without:
        made.lossy.append(Remark("", f"{many(without, 'file')} without cards left out"))
    return made


def _within(file: Path, remark: Remark) -> Remark:
    return Remark(f"{file}, {remark.where}".rstrip(", "), remark.reason)


def _renamed(note: ForeignNote, number: int, where: str) -> ForeignNote:
    """A note whose files are called as no other file of the folder is."""
    named = files_renamed(note.fields, f"{number}/")
    return note._replace(fields=note.fields | named, where=where)


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder and of those in it, in the order of their names; none by links."""
    for above, folders, files in os.walk(folder):
        path = Path(above)
        depth = len(path.relative_to(folder).parts)
        folders[:] = sorted(
            each
            for each in folders
            if depth < _DEEPEST and each[:1] not in {".", "_"} and each.casefold() not in _NOT_NOTES
        )
        for name in sorted(files):
            file = path / name
            if (
                name.casefold().endswith(_ENDINGS)
                and not name.startswith((".", "_"))
                and not file.is_symlink()
            ):
                yield file
