"""The library: which deck files there are, and an index that is true to them."""

from __future__ import annotations

import os
import zlib
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DeckError
from sco_quiz.library.folders import Stamp, find_and_look, identify, is_deck_name, look_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from importlib.resources.abc import Traversable

    from sco_quiz.library.filling import Entry
    from sco_quiz.library.index import Index

CARDS_AT_ONCE = 10_000
"""How many read cards, some 20 MB, are kept before they are written to the index."""


class DeckPath(NamedTuple):
    """A deck file that is there.

    Attributes:
        path: Where it is; identifies it in the index.
        shipped: Whether it came with the app.
        stamp: What it looks like now.
        resource: What to read it from, if not the file at the path.
        folders: Those between a decks folder and the file, the outermost first.
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
    """The shipped decks, the learner's own, and any file named besides.

    Attributes:
        files: The deck files found by the last look, shipped ones first, then by path.
        problems: Folders and files that could not be looked at, one line each.
        stale: Whether the index was behind the files when the library was opened.
    """

    def __init__(
        self, index: Index, *, shipped: Traversable, folders: Iterable[Path], extra: Iterable[Path]
    ) -> None:
        """Look where the decks are.

        Args:
            index: What was read before.
            shipped: The folder of the decks that came with the app.
            folders: The learner's folders; searched with their subfolders.
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
        """Find the deck files; whether any changed, came or went since the index was made."""
        changed, gone = self._compare()
        return bool(changed or gone)

    def _compare(self) -> tuple[list[DeckPath], list[str]]:
        found: dict[str, DeckPath] = {}
        problems: list[str] = []
        for each in self._find(problems):
            found.setdefault(each.path, each)
        self.files, self.problems = list(found.values()), problems
        stamps = self._index.stamps()
        changed = [each for each in self.files if stamps.get(each.path) != each.stamp]
        gone = [path for path in stamps if path not in found and _is_gone(path)]
        return changed, gone

    def refresh(self, progress: Callable[[int, int], None] | None = None) -> list[str]:
        """Read the files that changed, and only those.

        Args:
            progress: Told after each file how many of how many are read.

        Returns:
            The paths that were read or are gone.
        """
        changed, gone = self._compare()
        if not changed and not gone:
            return []
        from sco_quiz.library import filling, reading  # most starts have nothing to read

        index = self._index.identity
        if gone:
            filling.drop(self._index, gone)
        size = sum(each.stamp.size for each in changed)
        read: list[tuple[str, Stamp, Entry]] = []
        cards = 0
        files = [(each.path, each.file) for each in changed]
        with closing(reading.read_files(files, size)) as entries:
            for number, (each, entry) in enumerate(zip(changed, entries, strict=True), 1):
                read.append((each.path, each.stamp, entry))
                cards += len(entry.cards)
                if cards >= CARDS_AT_ONCE or number == len(changed):
                    filling.put(self._index, read)
                    read.clear()
                    cards = 0
                if progress is not None:
                    progress(number, len(changed))
        if self._index.identity != index:  # made anew meanwhile: what it held before is missing
            return self.refresh(progress)
        return [each.path for each in changed] + gone

    def _find(self, problems: list[str]) -> Iterator[DeckPath]:
        yield from sorted(self._find_shipped(problems))
        own = _find_files(self._folders, problems)
        roots = [f"{folder}{os.sep}" for folder in self._folders]
        for path, stat in own:
            yield from _look_at(path, stat, problems, folders=_folders_above(path, roots))
        if self._extra:
            known = {identify(path) for path, _ in own}
            for extra in self._extra:
                if identify(extra) not in known:
                    yield from _look_at(str(extra.absolute()), None, problems)

    def _find_shipped(self, problems: list[str]) -> Iterator[DeckPath]:
        if isinstance(self._shipped, Path):
            for path, stat in _find_files([self._shipped], problems):
                yield from _look_at(path, stat, problems, shipped=True)
            return
        for each in self._shipped.iterdir():
            if is_deck_name(each.name):
                data = each.read_bytes()
                stamp = Stamp(len(data), zlib.crc32(data))
                yield DeckPath(str(each), shipped=True, stamp=stamp, resource=each)


def _is_gone(path: str) -> bool:
    """Return whether there is no such file, as far as that can be known."""
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


def _folders_above(path: str, roots: Iterable[str]) -> tuple[str, ...]:
    """The folders between a decks folder and a file in it, the outermost first."""
    for root in roots:
        if path.startswith(root):
            return tuple(path[len(root) :].split(os.sep)[:-1])  # noqa: PTH206 -- `Path` is slow
    return ()


def _look_at(
    path: str,
    found: os.stat_result | None,
    problems: list[str],
    *,
    shipped: bool = False,
    folders: tuple[str, ...] = (),
) -> Iterator[DeckPath]:
    try:
        stat = look_at(path, found)
    except DeckError as error:
        problems.append(f"{path}: {error.message}")
        return
    yield DeckPath(path, shipped, Stamp.of(stat), None, folders)
