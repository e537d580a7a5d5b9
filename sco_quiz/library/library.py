"""The library: finds the deck files, and keeps an index of their cards up to date."""

from __future__ import annotations

import os
import zlib
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DeckError
from sco_quiz.library.folders import Stamp, find_and_look, identify, is_deck_name, look_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from importlib.resources.abc import Traversable

    from sco_quiz.library.filling import IndexEntry
    from sco_quiz.library.index import Index

CARDS_AT_ONCE = 10_000
"""The number of read cards, some 20 MB, that are collected before they go to the index."""


class DeckPath(NamedTuple):
    """An existing deck file.

    Attributes:
        path: Its path, by which the index knows it.
        shipped: True if it came with the app.
        stamp: Its present stamp.
        resource: The package resource to read it from, if it is no file at the path.
        folders: The folders between a decks folder and the file, the outermost first.
    """

    path: str
    shipped: bool
    stamp: Stamp
    resource: Traversable | None = None
    folders: tuple[str, ...] = ()

    @property
    def file(self) -> Traversable:
        """The file to read it from."""
        return self.resource or Path(self.path)


class Library:
    """The shipped decks, the learner's own, and other files that were named.

    Attributes:
        files: The deck files found by the last `look`, shipped ones first, then by path.
        problems: Folders and files that could not be accessed, one line each.
        stale: True if files had changed since they were indexed when the library was opened.
    """

    def __init__(
        self, index: Index, *, shipped: Traversable, folders: Iterable[Path], extra: Iterable[Path]
    ) -> None:
        """Find the deck files.

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
        self.files: list[DeckPath] = []
        self.problems: list[str] = []
        self.stale = self.look()

    def look(self) -> bool:
        """Find the deck files; return True if any changed, came or went since they were indexed."""
        changed, gone = self._compare()
        return bool(changed or gone)

    def _compare(self) -> tuple[list[DeckPath], list[str]]:
        files_by_path: dict[str, DeckPath] = {}
        problems: list[str] = []
        for file in self._find(problems):
            files_by_path.setdefault(file.path, file)
        self.files, self.problems = list(files_by_path.values()), problems
        stamps = self._index.stamps()
        changed = [file for file in self.files if stamps.get(file.path) != file.stamp]
        gone_paths = [path for path in stamps if path not in files_by_path and _is_gone(path)]
        return changed, gone_paths

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
        size = sum(file.stamp.size for file in changed)
        read: list[tuple[str, Stamp, IndexEntry]] = []
        cards = 0
        files = [(file.path, file.file) for file in changed]
        with closing(parallel_reading.read_files(files, size)) as entries:
            for number, (file, entry) in enumerate(zip(changed, entries, strict=True), 1):
                read.append((file.path, file.stamp, entry))
                cards += len(entry.cards)
                if cards >= CARDS_AT_ONCE or number == len(changed):
                    filling.put(self._index, read)
                    read.clear()
                    cards = 0
                if progress is not None:
                    progress(number, len(changed))
        if self._index.identity != index:  # made anew meanwhile: what it held before is missing
            return self.refresh(progress)
        return [file.path for file in changed] + gone

    def _find(self, problems: list[str]) -> Iterator[DeckPath]:
        yield from sorted(self._find_shipped(problems))
        own = _find_files(self._folders, problems)
        roots = [f"{folder}{os.sep}" for folder in self._folders]
        yield from _with_stamps(own, problems, roots)
        if self._extra:
            known = {identify(path) for path, _ in own}
            others = [extra for extra in self._extra if identify(extra) not in known]
            yield from _with_stamps([(str(extra.absolute()), None) for extra in others], problems)

    def _find_shipped(self, problems: list[str]) -> Iterator[DeckPath]:
        if isinstance(self._shipped, Path):
            found = _find_files([self._shipped], problems)
            yield from _with_stamps(found, problems, shipped=True)
            return
        for file in self._shipped.iterdir():
            if is_deck_name(file.name):
                data = file.read_bytes()
                stamp = Stamp(len(data), zlib.crc32(data))
                yield DeckPath(str(file), shipped=True, stamp=stamp, resource=file)


def _is_gone(path: str) -> bool:
    """Return True if a file is known not to exist."""
    try:
        Path(path).stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return True
    except OSError:  # its folder cannot be searched, or is on a disk that is not connected
        return False
    return False


def _find_files(
    folders: Iterable[Path], problems: list[str]
) -> list[tuple[str, os.stat_result | None]]:
    def failed(error: OSError) -> None:
        problems.append(f"{error.filename}: cannot be searched ({error.strerror})")

    return find_and_look(folders, failed)


def _folders_above(folder: str, roots: Iterable[str]) -> tuple[str, ...]:
    """Return the folders from a decks folder down to one below it, the outermost first."""
    for root in roots:
        if folder.startswith(root):
            return tuple(folder[len(root) :].split(os.sep)[:-1])  # noqa: PTH206 -- `Path` is slow
    return ()


def _with_stamps(
    files: Iterable[tuple[str, os.stat_result | None]],
    problems: list[str],
    roots: Sequence[str] = (),
    *,
    shipped: bool = False,
) -> Iterator[DeckPath]:
    """Yield the files that can be read; the others become problems.

    Args:
        files: Paths with their status, if known.
        problems: Takes a line for each file that cannot be read.
        roots: The decks folders, each with a separator at its end.
        shipped: True if they came with the app.
    """
    folders: dict[str, tuple[str, ...]] = {}
    for path, known_stat in files:
        try:
            stamp = Stamp.of(look_at(path, known_stat))
        except DeckError as error:
            problems.append(f"{path}: {error.message}")
            continue
        folder = path[: path.rfind(os.sep) + 1]
        if folder not in folders:
            folders[folder] = _folders_above(folder, roots)
        yield DeckPath(path, shipped, stamp, None, folders[folder])
