"""The library: which deck files there are, and an index that is true to them."""

from __future__ import annotations

import os
import zlib
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DeckError
from sco_quiz.library.folders import Stamp, find_decks, identify, is_deck_name, look_at

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
        file: What to read it from.
        folders: Those between a decks folder and the file, the outermost first.
    """

    path: str
    shipped: bool
    stamp: Stamp
    file: Traversable
    folders: tuple[str, ...] = ()


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
        for path in own:
            yield from _stat(path, problems, folders=_folders_above(path, roots))
        if self._extra:
            known = {identify(path) for path in own}
            for path in self._extra:
                if identify(path) not in known:
                    yield from _stat(path.absolute(), problems)

    def _find_shipped(self, problems: list[str]) -> Iterator[DeckPath]:
        if isinstance(self._shipped, Path):
            for path in _find_files([self._shipped], problems):
                yield from _stat(path, problems, shipped=True)
            return
        for each in self._shipped.iterdir():
            if is_deck_name(each.name):
                data = each.read_bytes()
                stamp = Stamp(len(data), zlib.crc32(data))
                yield DeckPath(str(each), shipped=True, stamp=stamp, file=each)


def _is_gone(path: str) -> bool:
    """Return whether there is no such file, as far as that can be known."""
    try:
        Path(path).stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return True
    except OSError:  # its folder cannot be searched, or is on a disk that is not connected
        return False
    return False


def _find_files(folders: Iterable[Path], problems: list[str]) -> list[Path]:
    def failed(error: OSError) -> None:
        problems.append(f"{error.filename}: cannot be searched ({error.strerror})")

    return find_decks(folders, failed)


def _folders_above(path: Path, roots: Iterable[str]) -> tuple[str, ...]:
    """The folders between a decks folder and a file in it, the outermost first."""
    name = str(path)
    root = next((root for root in roots if name.startswith(root)), "")
    return Path(name[len(root) :]).parts[:-1] if root else ()


def _stat(
    path: Path, problems: list[str], *, shipped: bool = False, folders: tuple[str, ...] = ()
) -> Iterator[DeckPath]:
    try:
        stat = look_at(path)
    except DeckError as error:
        problems.append(f"{path}: {error.message}")
        return
    yield DeckPath(str(path), shipped, Stamp.of(stat), path, folders)
