"""Deck files in folders: found and opened, whatever lies there."""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SUFFIXES = (".yaml", ".yml")


def find_decks(folder: Path, failed: Callable[[OSError], None]) -> Iterator[Path]:
    """Everything named like a deck file in a folder and its subfolders, in order of the paths.

    What is hidden is left out.

    Args:
        folder: Where to look; one that does not exist holds nothing.
        failed: Told of each folder that cannot be searched.
    """

    def failed_to_search(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            failed(error)

    # Links to folders are not followed: a link to a parent would never end.
    found = []
    for parent, folders, names in os.walk(folder, onerror=failed_to_search):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            Path(parent, name)
            for name in names
            if name.endswith(SUFFIXES) and not name.startswith(".")
        ]
    yield from sorted(found, key=str)


def look_at(path: Path) -> os.stat_result:
    """What a deck file looks like.

    Raises:
        DeckError: It is not there, is no file (but a pipe, say), or has an impossible name.
    """
    try:
        stat = path.stat()
    except OSError as error:
        raise DeckError(f"cannot be read ({error.strerror})", "check where it leads") from None
    if not S_ISREG(stat.st_mode):
        raise DeckError("is not a file", "move it elsewhere, or name it otherwise")
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise DeckError("cannot be used, its name is not UTF-8", "rename it") from None
    return stat
