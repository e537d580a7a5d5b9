"""The library: which deck files there are, and an index that is true to them."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.library.index import Index, Stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from importlib.resources.abc import Traversable

SUFFIXES = (".yaml", ".yml")


class DeckPath(NamedTuple):
    """A deck file that is there.

    Attributes:
        path: Where it is; identifies it in the index.
        shipped: Whether it came with the app.
        stamp: What it looks like now.
        file: What to read it from.
    """

    path: str
    shipped: bool
    stamp: Stamp
    file: Traversable


class Library:
    """The shipped decks, the learner's own, and any file named besides.

    Attributes:
        files: The deck files found by the last look, shipped ones first, then by path.
        problems: Folders and files that could not be looked at, one line each.
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
        self.look()

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
        gone = [path for path in stamps if path not in found and not Path(path).exists()]
        return changed, gone

    def refresh(self, progress: Callable[[int, int], None] | None = None) -> list[str]:
        """Read the files that changed, and only those.

        Args:
            progress: Told after each file how many of how many are read.

        Returns:
            The paths that were read or are gone.
        """
        changed, gone = self._compare()
        if gone:
            self._index.drop(gone)
        for number, each in enumerate(changed, 1):
            self._read(each)
            if progress is not None:
                progress(number, len(changed))
        return [each.path for each in changed] + gone

    def _read(self, each: DeckPath) -> None:
        from sco_quiz.library.decks import read_deck, unreadable
        from sco_quiz.library.reader import MAX_BYTES

        if each.stamp.size > MAX_BYTES:
            read = unreadable(
                f"the file has {each.stamp.size:,} bytes; a deck may have {MAX_BYTES:,}",
                "split the deck into several files",
            )
        else:
            try:
                read = read_deck(each.path, each.file.read_bytes())
            except OSError as error:
                read = unreadable(
                    f"the file cannot be read ({error.strerror})", "check its permissions"
                )
        self._index.put(each.path, each.stamp, read)

    def _find(self, problems: list[str]) -> Iterator[DeckPath]:
        yield from sorted(self._find_shipped(problems))
        for folder in self._folders:
            yield from sorted(_walk(folder, problems))
        for path in self._extra:
            yield from _stat(path.absolute(), problems)

    def _find_shipped(self, problems: list[str]) -> Iterator[DeckPath]:
        if isinstance(self._shipped, Path):
            yield from _walk(self._shipped, problems, shipped=True)
            return
        for each in self._shipped.iterdir():
            if each.name.endswith(SUFFIXES):
                data = each.read_bytes()
                stamp = Stamp(len(data), zlib.crc32(data))
                yield DeckPath(str(each), shipped=True, stamp=stamp, file=each)


def _walk(folder: Path, problems: list[str], *, shipped: bool = False) -> Iterator[DeckPath]:
    def unreadable(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            problems.append(f"{error.filename}: cannot be searched ({error.strerror})")

    # Links to folders are not followed: a link to a parent would never end.
    for parent, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.endswith(SUFFIXES) and not name.startswith("."):
                yield from _stat(Path(parent, name), problems, shipped=shipped)


def _stat(path: Path, problems: list[str], *, shipped: bool = False) -> Iterator[DeckPath]:
    try:
        stat = path.stat()
    except OSError as error:
        problems.append(f"{path}: cannot be read ({error.strerror})")
        return
    if not S_ISREG(stat.st_mode):
        problems.append(f"{path}: is not a file")
        return
    try:
        str(path).encode()
    except UnicodeEncodeError:
        problems.append(f"{path}: cannot be used, its name is not UTF-8; rename it")
        return
    # A file that becomes readable has changed too, though its content was not.
    changed_ns = max(stat.st_mtime_ns, stat.st_ctime_ns)
    yield DeckPath(str(path), shipped, Stamp(stat.st_size, changed_ns), path)
