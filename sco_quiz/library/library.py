"""The library: finds the deck files, and keeps an index of their cards up to date."""

from __future__ import annotations

import os
import zlib
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DeckError
from sco_quiz.library.folders import Stamp, find_files, identify, is_deck_name, look_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from importlib.resources.abc import Traversable

    from sco_quiz.library.decks import DeckFile
    from sco_quiz.library.filling import IndexEntry
    from sco_quiz.library.index import Index

CARDS_AT_ONCE = 10_000
"""The number of read cards, some 20 MB, that are collected before they go to the index."""


class DeckPath(NamedTuple):
    """An existing deck file.

    Attributes:
        path: Its path, by which the index knows it.
        shipped: True if it came with the app.
        resource: The package resource to read it from, if it is no file at the path.
        folders: The folders between a decks folder and the file, the outermost first.
    """

    path: str
    shipped: bool
    resource: Traversable | None = None
    folders: tuple[str, ...] = ()

    @property
    def file(self) -> Traversable:
        """The file to read it from."""
        return self.resource or Path(self.path)

    def stamp(self) -> Stamp:
        """Return the present stamp of the file.

        Raises:
            DeckError: It cannot be read; see `look_at`.
        """
        if self.resource is None:
            return Stamp.of(look_at(self.path))
        data = self.resource.read_bytes()
        return Stamp(len(data), zlib.crc32(data))


class Library:
    """The shipped decks, the learner's own, and other files that were named.

    Attributes:
        files: The deck files that were last found, shipped ones first, then by path.
        problems: Folders and files that could not be accessed, one line each.
    """

    def __init__(
        self, index: Index, *, shipped: Traversable, folders: Iterable[Path], extra: Iterable[Path]
    ) -> None:
        """Take the places of deck files; none is looked for yet.

        Args:
            index: The index of what was read before.
            shipped: The folder of the decks that came with the app.
            folders: The learner's decks folders, searched with their subfolders.
            extra: Single files.
        """
        self._index = index
        self._shipped = shipped
        self._folders = tuple(folders)
        self._extra = tuple(extra)
        self._written: dict[tuple[str, bytes], bytes] = {}
        self.files: list[DeckPath] = []
        self.problems: list[str] = []

    def find(self) -> None:
        """Find the deck files, as their folders list them; see `look` for the files themselves."""
        problems: list[str] = []
        found: dict[str, DeckPath] = {}
        for file in self._find(problems):
            found.setdefault(file.path, file)
        self.files, self.problems = list(found.values()), problems

    def look(self) -> bool:
        """Find the deck files; return True if any changed, came or went since they were indexed."""
        changed, gone = self._compare()
        return bool(changed or gone)

    def _compare(self) -> tuple[list[tuple[DeckPath, Stamp]], list[str]]:
        """Find the deck files; return those that changed, with their stamps, and paths gone."""
        self.find()
        stamps = self._index.stamps()
        files: list[DeckPath] = []
        changed: list[tuple[DeckPath, Stamp]] = []
        for file in self.files:
            try:
                stamp = file.stamp()
            except DeckError as error:
                self.problems.append(f"{file.path}: {error.message}")
                continue
            files.append(file)
            if stamps.pop(file.path, None) != stamp:
                changed.append((file, stamp))
        self.files = files
        return changed, [path for path in stamps if _is_gone(path)]

    def expect(self, name: str, data: bytes, read: DeckFile) -> None:
        """Take what reading a new file comes to, until the next `refresh`.

        Args:
            name: The name of the file.
            data: Its bytes. A file that holds others by then is read.
            read: The result of reading them.
        """
        from sco_quiz.library.filling import encode

        self._written[name, data] = encode(read)

    def refresh(self, progress: Callable[[int, int], None] | None = None) -> list[str]:
        """Read the files that changed, and only those.

        Args:
            progress: Called after each file with the number of files read and the number of all.

        Returns:
            The paths of files that were read or are gone.
        """
        changed, gone = self._compare()
        if not changed and not gone:
            return []
        from sco_quiz.library import filling, parallel_reading  # most starts have nothing to read

        index = self._index.identity
        if gone:
            filling.drop(self._index, gone)
        size = sum(stamp.size for _, stamp in changed)
        read: list[tuple[str, Stamp, IndexEntry]] = []
        cards = 0
        files = [(file.path, file.file) for file, _ in changed]
        with closing(parallel_reading.read_files(files, size, self._written)) as entries:
            numbered = enumerate(zip(changed, entries, strict=True), 1)
            for number, ((file, stamp), entry) in numbered:
                read.append((file.path, stamp, entry))
                cards += len(entry.cards)
                if cards >= CARDS_AT_ONCE or number == len(changed):
                    filling.put(self._index, read)
                    read.clear()
                    cards = 0
                if progress is not None:
                    progress(number, len(changed))
        if self._index.identity != index:  # made anew meanwhile: what it held before is missing
            return self.refresh(progress)
        self._written.clear()
        return [file.path for file, _ in changed] + gone

    def _find(self, problems: list[str]) -> Iterator[DeckPath]:
        yield from sorted(self._find_shipped(problems))
        own = _find_files(self._folders, problems)
        roots = [f"{folder}{os.sep}" for folder in self._folders]
        yield from _usable(own, problems, roots)
        if self._extra:
            known = {identify(path) for path, _ in own}
            others = [extra for extra in self._extra if identify(extra) not in known]
            yield from _usable([(str(extra.absolute()), False) for extra in others], problems)

    def _find_shipped(self, problems: list[str]) -> Iterable[DeckPath]:
        if isinstance(self._shipped, Path):
            found = _find_files([self._shipped], problems)
            return _usable(found, problems, shipped=True)
        files = (file for file in self._shipped.iterdir() if is_deck_name(file.name))
        return (DeckPath(str(file), shipped=True, resource=file) for file in files)


def _is_gone(path: str) -> bool:
    """Return True if a file is known not to exist."""
    try:
        Path(path).stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return True
    except OSError:  # its folder cannot be searched, or is on a disk that is not connected
        return False
    return False


def _find_files(folders: Iterable[Path], problems: list[str]) -> list[tuple[str, bool]]:
    def failed(error: OSError) -> None:
        problems.append(f"{error.filename}: cannot be searched ({error.strerror})")

    return find_files(folders, failed)


def _folders_above(folder: str, roots: Iterable[str]) -> tuple[str, ...]:
    """Return the folders from a decks folder down to one below it, the outermost first."""
    for root in roots:
        if folder.startswith(root):
            return tuple(folder[len(root) :].split(os.sep)[:-1])  # noqa: PTH206 -- `Path` is slow
    return ()


def _usable(
    files: Iterable[tuple[str, bool]],
    problems: list[str],
    roots: Sequence[str] = (),
    *,
    shipped: bool = False,
) -> Iterator[DeckPath]:
    """Yield the files that can be read, as far as is known; the others become problems.

    Args:
        files: Paths, each with True for one that is known to be a plain file.
        problems: Takes a line for each file that cannot be read.
        roots: The decks folders, each with a separator at its end.
        shipped: True if they came with the app.
    """
    folders: dict[str, tuple[str, ...]] = {}
    for path, is_plain in files:
        if not is_plain or not path.isascii():
            try:
                look_at(path)
            except DeckError as error:
                problems.append(f"{path}: {error.message}")
                continue
        folder = path[: path.rfind(os.sep) + 1]
        if folder not in folders:
            folders[folder] = _folders_above(folder, roots)
        yield DeckPath(path, shipped, None, folders[folder])
