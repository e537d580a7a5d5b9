"""Files that lie beside a foreign file and are named by its notes."""

from __future__ import annotations

from stat import S_ISREG
from typing import TYPE_CHECKING

from sco_quiz.interchange.material import MEDIA, Media

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sco_quiz.interchange.material import Deck


def named_by(decks: Iterable[Deck], folder: Path) -> list[Media]:
    """The files in a folder, or below it, that notes name."""
    names = dict.fromkeys(
        str(value)
        for deck in decks
        for note in deck.notes
        for name, value in note.fields.items()
        if name in MEDIA
    )
    return [file for name in names if (file := file_in(folder, name)) is not None]


def file_in(folder: Path, name: str) -> Media | None:
    """A file by its name within a folder; None if it is not there, or a link leads elsewhere."""
    try:
        inside = folder.resolve()
        path = (inside / name).resolve()
        stat = path.stat()
    except (OSError, ValueError, RuntimeError):
        return None
    if not path.is_relative_to(inside) or not S_ISREG(stat.st_mode):
        return None
    return Media(name, stat.st_size, lambda: path.open("rb"))
