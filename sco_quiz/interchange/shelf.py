"""Images and recordings of foreign notes: those that come along, or lie beside, and are named."""

from __future__ import annotations

import os
from stat import S_ISREG
from typing import TYPE_CHECKING
from unicodedata import normalize
from urllib.parse import unquote

from sco_quiz.interchange.material import MEDIA, MediaFile, Remark
from sco_quiz.learning.cards import MOST_IMAGES
from sco_quiz.library.kinds import as_value, texts_of
from sco_quiz.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sco_quiz.interchange.hypertext import Converted
    from sco_quiz.interchange.material import Field, ForeignDeck


class Shelf:
    """Files by the names that notes give them.

    Attributes:
        taken: Those that some note has, in the order in which they were asked for.
    """

    def __init__(self, files: Iterable[MediaFile]) -> None:
        """Hold the files of a source."""
        self._files = {normalize("NFC", file.name): file for file in files}
        self.taken: dict[str, MediaFile] = {}

    def fields(
        self, question: Converted, answer: Converted
    ) -> tuple[dict[str, Field], list[Remark]]:
        """Return the fields `image`, `audio`, `answer_image` and `answer_audio` of a note.

        Args:
            question: The side that is asked; converted with `media`.
            answer: The side that is revealed, without the question.

        Returns:
            The fields, and the files that could not be kept, by their names.
        """
        found: dict[str, list[str]] = {}
        left: list[Remark] = []
        for key, what, names in (
            ("image", "an image", question.images),
            ("audio", "a recording", question.sounds),
            ("answer_image", "an image", answer.images),
            ("answer_audio", "a recording", answer.sounds),
        ):
            most = MOST_IMAGES if key.endswith("image") else 1
            for name in dict.fromkeys(names):
                file = self._file(name)
                if file is None:
                    left.append(Remark(_called(name), f"the file of {what} is missing"))
                elif len(found.get(key, ())) == most:
                    reason = (
                        f"{what} is left out: each side has room for {'one' if most == 1 else most}"
                    )
                    left.append(Remark(_called(name), reason))
                else:
                    found.setdefault(key, []).append(file.name)
                    self.taken[file.name] = file
        return {key: as_value(key, names) for key, names in found.items()}, left

    def _file(self, name: str) -> MediaFile | None:
        """The file of a name, also where an address in a page is written with percent signs."""
        name = normalize("NFC", name)
        return self._files.get(name) or self._files.get(normalize("NFC", unquote(name)))


def _called(name: str) -> str:
    """The name of a file as a report has it."""
    shown_name = clean(name)
    return f"…{shown_name[-59:]}" if len(shown_name) > 60 else shown_name


class FolderShelf(Shelf):
    """The files that lie in a folder, or in a vault of notes around it, by the names in notes."""

    def __init__(self, folder: Path, vault: Path | None = None) -> None:
        """Hold the files of a folder; of a vault those that have a name of their own, too."""
        super().__init__([])
        self._folder = folder
        self._vault = vault
        self._looked_up: dict[str, MediaFile | None] = {}
        self._lying: dict[str, str] | None = None

    def _file(self, name: str) -> MediaFile | None:
        if name not in self._looked_up:
            bare = name.split("#", maxsplit=1)[0].removeprefix("@/").removeprefix("./")
            names = (name, unquote(name), bare)
            found = (file_in(self._folder, each) for each in dict.fromkeys(names) if each)
            self._looked_up[name] = next((file for file in found if file), None) or self._in_vault(
                bare
            )
        return self._looked_up[name]

    def _in_vault(self, name: str) -> MediaFile | None:
        if self._vault is None:
            return None
        if self._lying is None:
            self._lying = _lying_in(self._vault)
        wanted = normalize("NFC", unquote(name))
        path = (
            wanted if file_in(self._vault, wanted) else self._lying.get(wanted.rpartition("/")[2])
        )
        return file_in(self._vault, path) if path else None


_MAX_LYING = 50_000
"""Files of a vault that are looked through."""


def _lying_in(vault: Path) -> dict[str, str]:
    """The paths of the files below a folder by their names, the first of each; hidden ones not."""
    found: dict[str, str] = {}
    seen = 0
    for folder, folders, files in os.walk(vault):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        seen += len(files)
        if seen > _MAX_LYING:
            break
        below = os.path.relpath(folder, vault)
        for name in files:
            path = name if below == "." else f"{below}/{name}".replace(os.sep, "/")
            found.setdefault(normalize("NFC", name), path)
    return found


def side_text(side: Converted) -> str:
    """Return the text of a side; without text, a word for its files, since it needs some."""
    return side.text or ("(image)" if side.images else "(recording)" if side.sounds else "")


def named_by(decks: Iterable[ForeignDeck], folder: Path) -> list[MediaFile]:
    """The files in a folder, or below it, that notes name."""
    names = dict.fromkeys(
        each
        for deck in decks
        for note in deck.notes
        for name, value in note.fields.items()
        if name in MEDIA
        for each in texts_of(value)
    )
    return [file for name in names if (file := file_in(folder, name)) is not None]


def file_in(folder: Path, name: str) -> MediaFile | None:
    """A file by its name within a folder; None if it is not there, or a link leads elsewhere."""
    try:
        inside = folder.resolve()
        path = (inside / name).resolve()
        stat = path.stat()
    except (OSError, ValueError, RuntimeError):
        return None
    if not path.is_relative_to(inside) or not S_ISREG(stat.st_mode):
        return None
    return MediaFile(name, stat.st_size, lambda: path.open("rb"))
