"""Decks as they are written for other apps."""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import UsageError
from sco_quiz.files import put, put_over
from sco_quiz.interchange.anki.writing import package
from sco_quiz.interchange.formats import Target, write
from sco_quiz.interchange.material import ForeignDeck, ForeignNote, Remark
from sco_quiz.library.contents import header_of, notes_with_defaults
from sco_quiz.library.files import read_text
from sco_quiz.library.kinds import NOTE_KEYS
from sco_quiz.text import clean
from sco_quiz.transfer.anki_export import gather_for_anki
from sco_quiz.transfer.media import ExportedMedia, copied

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sco_quiz.workspace.workspace import Workspace

__all__ = ["ExportedDecks", "Target", "export", "save"]


class ExportedDecks(NamedTuple):
    """Decks in a format.

    Attributes:
        data: What is to be written.
        notes: How many notes it has.
        lossy: What goes along, but not as it was.
        files: Images and recordings that go beside it, by their names there.
    """

    data: bytes
    notes: int
    lossy: tuple[Remark, ...] = ()
    files: Mapping[str, Path] = MappingProxyType({})


def export(workspace: Workspace, decks: Sequence[str], target: Target) -> ExportedDecks:
    """Decks in a format, with all that their notes say; the defaults of a deck go to its notes.

    Raises:
        DeckError: The file of one cannot be read.
        UsageError: Two of them have different files of one name.
    """
    if target is Target.ANKI:
        leaving, lossy = gather_for_anki(workspace, decks)
        data = package(leaving, workspace.now(), workspace.config.rollover)
        return ExportedDecks(data, sum(len(deck.notes) for deck in leaving.decks), tuple(lossy))
    departing = ExportedMedia()
    found, lossy = [], list[Remark]()
    for name in decks:
        path = workspace.catalogue.file_of(name)[0]
        deck = _deck(name, path, lossy)
        departing.add(path, deck.notes)
        found.append(deck)
    notes = sum(len(deck.notes) for deck in found)
    data = write(target, found).encode()
    return ExportedDecks(data, notes, (*lossy, *departing.missing), departing.files)


def save(exported: ExportedDecks, path: Path, *, replace: bool = False) -> None:
    """Write what was exported to a file, with images and recordings beside it, or none of it.

    Args:
        exported: What to write.
        path: The file.
        replace: Whether files that are there already are to be replaced.

    Raises:
        UsageError: It is there already, or cannot be written.
    """
    if not replace and os.path.lexists(path):
        raise _is_taken(path)
    write = put_over if replace else put
    try:
        with copied(exported.files, path.parent, replace=replace):
            write(path, exported.data)
    except FileExistsError as error:
        raise _is_taken(error.filename) from None
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror})", "check its folder and the free space"
        ) from None


def _is_taken(path: Path | str) -> UsageError:
    return UsageError(f"{path} is there already", "choose another name")


def _deck(name: str, path: Path, lossy: list[Remark]) -> ForeignDeck:
    """Return a deck; what its notes say in fields that there are not stays, and is noted."""
    text = read_text(path)
    header, _ = header_of(text)
    notes = []
    for number, (_, fields) in enumerate(notes_with_defaults(text), 1):
        where = f"note {number}"
        unknown = fields.keys() - set(NOTE_KEYS)
        lossy += [Remark(where, f"there is no field `{key[:40]}`") for key in sorted(unknown)]
        notes.append(
            ForeignNote({key: fields[key] for key in fields if key in NOTE_KEYS}, where=where)
        )
    title, about = clean(header.get("deck", name), multiline=False), header.get("description", "")
    return ForeignDeck(
        title,
        notes,
        clean(about),
        header.get("language", ""),
        prompt_language=header.get("prompt_language", ""),
    )
