"""Paths as people type them, drop them on a terminal, and walk them."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from sco_quiz.numbers_and_times import many
from sco_quiz.paths import shown_path

if TYPE_CHECKING:
    from collections.abc import Collection

_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))
LONGEST = 100_000
"""Characters that are read of a pasted text."""
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


class FolderEntry(NamedTuple):
    """A file or folder in a folder.

    Attributes:
        path: Where it is.
        is_folder: Whether it can be gone into.
        size: Of a file, in bytes.
    """

    path: Path
    is_folder: bool
    size: int


def entries(folder: Path, endings: Collection[str]) -> list[FolderEntry]:
    """The folders in a folder and its files that end in one of these, each by the alphabet.

    Raises:
        OSError: It cannot be looked into.
    """
    found = []
    with os.scandir(folder) as there:
        for each in there:
            path = folder / each.name
            try:
                if each.is_dir():
                    found.append(FolderEntry(path, is_folder=True, size=0))
                elif path.suffix.casefold() in endings and each.is_file():
                    found.append(FolderEntry(path, is_folder=False, size=each.stat().st_size))
            except OSError:
                continue  # a link into nothing, or gone by now
    found.sort(key=lambda each: (not each.is_folder, each.path.name.casefold(), each.path.name))
    return found


def split_at_last_folder(text: str) -> tuple[Path, str]:
    """The folder that a text names, up to its last separator, and what stands behind that."""
    at = max(text.rfind(mark) for mark in _SEPARATORS) + 1
    return _path(text[:at]), text[at:]


def paths_named_in(text: str) -> list[Path]:
    """The paths that a text names, as terminals write what is dropped on them.

    That is one or several, in quotes, with backslashes before spaces, or as `file:` URLs.
    """
    text = text.strip().replace("\0", "")
    if not text or os.path.exists(_path(text)):  # noqa: PTH110 -- it takes names of any length
        return [_path(text)] if text else []
    if "\n" in text:
        return [path for line in text.splitlines() for path in paths_named_in(line)]
    try:
        words = shlex.split(text, posix=True) if os.sep == "/" else [text.strip('"')]
    except ValueError:  # a quote that is not closed
        words = [text]
    if len(words) > 1 and not all(re.match(r"[~/]|file:", word) for word in words):
        words = [text]  # a name with spaces, typed
    return [_path(_of_url(word)) for word in words]


def dropped_paths(text: str) -> list[Path]:
    """The paths of files or folders that are there, if a pasted text names nothing else."""
    paths = paths_named_in(text[:LONGEST])
    return paths if all(map(os.path.exists, paths)) else []


def as_folder(path: Path) -> str:
    """A folder as it is written for people, so that a name can be typed behind it."""
    text = shown_path(path)
    return text if text.endswith(os.sep) else text + os.sep


def start_folder() -> str:
    """The folder in which the app was started; if that is gone, the home folder."""
    try:
        return as_folder(Path.cwd())
    except FileNotFoundError:
        return as_folder(Path.home())


def size_in_words(size: int) -> str:
    """A number of bytes, in units of 1000."""
    value, unit = float(size), 0
    while value >= 999.5 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    if not unit:
        return many(size, "byte")
    return f"{value:.1f} {_UNITS[unit]}" if value < 9.95 else f"{value:.0f} {_UNITS[unit]}"


def _path(text: str) -> Path:
    return Path(os.path.expanduser(text))  # noqa: PTH111 -- which fails where nobody is called that


def _of_url(word: str) -> str:
    if not word.startswith("file:"):
        return word
    path = unquote(urlsplit(word).path)
    return path[1:] if re.match(r"/[A-Za-z]:", path) else path
