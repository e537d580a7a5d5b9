"""Finds the images and recordings that notes name, which may only lie in the deck's folder.

A deck may come from anybody, and its files are opened in a viewer or a player. So a name must lead
into the folder of the deck, and the contents of the file must fit its ending.
"""

from __future__ import annotations

from enum import Enum
from stat import S_ISREG
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.learning.cards import CardMedia, names_in

if TYPE_CHECKING:
    from pathlib import Path

    from sco_quiz.learning.cards import Card

_MIB = 1 << 20
LOOKED_AT = 16
"""The number of bytes at the beginning of a file that show its format."""


class MediaSort(Enum):
    """The sorts of files that a note may name."""

    IMAGE = "image"
    AUDIO = "audio"

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings of such files' names, in small letters."""
        return tuple(_BEGINNINGS[self])

    @property
    def most_bytes(self) -> int:
        """The greatest size of such a file in bytes."""
        return 20 * _MIB if self is MediaSort.IMAGE else 50 * _MIB


MEDIA_KEYS = {key: MediaSort(key.rpartition("_")[2]) for key in CardMedia._fields}
"""The keys of a note that name files, with the sort of file."""

_BEGINNINGS: dict[MediaSort, dict[str, tuple[bytes, ...]]] = {
    MediaSort.IMAGE: {
        "png": (b"\x89PNG\r\n\x1a\n",),
        "jpg": (b"\xff\xd8\xff",),
        "jpeg": (b"\xff\xd8\xff",),
        "gif": (b"GIF87a", b"GIF89a"),
        "webp": (b"RIFF....WEBP",),
    },
    MediaSort.AUDIO: {
        "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa"),
        "ogg": (b"OggS",),
        "oga": (b"OggS",),
        "opus": (b"OggS",),
        "flac": (b"fLaC",),
        "wav": (b"RIFF....WAVE",),
        "m4a": (b"....ftyp",),
    },
}
"""The first bytes of files of a format, by their ending; a dot stands for any byte."""


def name_pattern(sort: MediaSort) -> str:
    """Return the pattern for names in a note: a plain relative path with an ending of the sort.

    It means the same in Python and in ECMAScript.
    """
    endings = "|".join(
        "".join(f"[{letter.upper()}{letter}]" if letter.isalpha() else letter for letter in ending)
        for ending in sort.endings
    )
    unfit = r"\\:\u0000-\u001f\u007f"  # not allowed in paths, or with another meaning on Windows
    return rf"^(?!/)(?!(.*/)?\.\.(/|$))[^{unfit}]*[^{unfit}/]\.({endings})$"


def files_of(card: Card) -> list[tuple[MediaSort, str]]:
    """Return the names of files in the note of a card, each with the sort of file."""
    names = zip(card.media._fields, card.media, strict=True)
    return [(MEDIA_KEYS[key], name) for key, value in names for name in names_in(value)]


def find(deck: Path, name: str, sort: MediaSort) -> Path:
    """Return the path of the file that a note names, absolute and without links.

    Args:
        deck: The file of its deck; for a link, the folder of its target counts.
        name: The name in the note.
        sort: The sort of file.

    Raises:
        DeckError: It is missing, lies outside the folder, is too large, or is of another format.
    """
    try:
        folder = deck.resolve().parent
        path = (folder / name).resolve()
        if not path.is_relative_to(folder):
            raise DeckError(
                f"{name} lies outside the folder of its deck", f"put a copy of it into {folder}"
            )
        stat = path.stat()
        if not S_ISREG(stat.st_mode):
            raise DeckError(f"{name} is not a file", "name a file")
        if stat.st_size > sort.most_bytes:
            raise DeckError(
                f"{name} has {stat.st_size / _MIB:,.0f} MiB", f"make it smaller: up to"
                f" {sort.most_bytes // _MIB} MiB are shown or played",
            )  # fmt: skip
        with path.open("rb") as file:
            beginning = file.read(LOOKED_AT)
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "there is no such path"
        raise DeckError(
            f"{name} cannot be read ({reason})", f"see whether it lies in {deck.parent}"
        ) from None
    ending = path.suffix[1:].lower()
    if ending not in sort.endings or ending_of(name, beginning, sort) != ending:
        raise DeckError(
            f"{name} is not what its name says",
            f"save it as one of these: {', '.join(sort.endings)}",
        )
    return path


def ending_of(name: str, beginning: bytes, sort: MediaSort) -> str:
    """Return the right ending for a file that begins with these bytes.

    That is the ending it has, if it fits; empty for a file of no known format.
    """
    present_ending = name.rpartition(".")[2].lower()
    fitting = [
        ending
        for ending, beginnings in _BEGINNINGS[sort].items()
        if any(_begins(beginning, start) for start in beginnings)
    ]
    return present_ending if present_ending in fitting else next(iter(fitting), "")


def _begins(data: bytes, beginning: bytes) -> bool:
    return len(data) >= len(beginning) and all(
        wanted in (ord("."), byte) for wanted, byte in zip(beginning, data, strict=False)
    )
