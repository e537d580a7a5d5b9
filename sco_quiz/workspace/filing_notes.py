"""Notes of changes of several files: the files and their old contents; see `filing`.

A note names each file by a decks folder and a path below it, so that a home can be moved or copied.
A home may come from somebody else, so no note may lead out of the decks folders: not by `..`, by a
link, or by an absolute path, which notes of an earlier version had.
"""

from __future__ import annotations

import errno
import json
import os
import re
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from sco_quiz.errors import DeckError
from sco_quiz.files import read_plain
from sco_quiz.library.files import write_new
from sco_quiz.library.yaml_reading import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sco_quiz.config import Config
    from sco_quiz.paths import Paths

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""Errors from a note that our programs did not write, or not completely."""
_IMPOSSIBLE = {errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL}
_MOST_BYTES = 4 * MAX_BYTES
"""The most bytes of a note, which has the texts of all decks that one step changes."""
_DEVICE = re.compile(r"[0-9a-z]{1,40}")


class Place(NamedTuple):
    """A file, as a note names it.

    Attributes:
        folder: The decks folder: empty for the one in the data folder, else as in the setting
            `decks`. None for a file outside of them, or in a note of an earlier version.
        path: The path below the folder, with slashes; absolute without a folder.
    """

    folder: str | None
    path: str


class EarlierContents(NamedTuple):
    """The contents of a file before a change, stored as the difference to those after it.

    Attributes:
        digest: A digest of the whole old contents.
        middle: The replaced part, in whole lines.
        head: The number of bytes before it that the change leaves as they are.
        tail: The number of bytes after it that the change leaves as they are.
        mode: The permissions of a file that the change removes; None for any other.
    """

    digest: str
    middle: bytes
    head: int = 0
    tail: int = 0
    mode: int | None = None

    @classmethod
    def of(cls, before: bytes, after: bytes | None) -> EarlierContents:
        """Make the difference of the old contents to the new ones."""
        if after is None:
            return cls(digest_of_bytes(before), before)
        head = _shared(before, after)
        head = before.rfind(b"\n", 0, head) + 1
        ends = before[head:][::-1], after[head:][::-1]
        tail = _shared(*ends)
        if not all(end[tail : tail + 1] in b"\n" for end in ends):  # in the middle of a line
            tail = max(ends[0].rfind(b"\n", 0, tail), 0)
        middle = before[head : len(before) - tail]
        return cls(digest_of_bytes(before), middle, head, tail)

    @property
    def row(self) -> dict[str, object]:
        """The same as it stands in a note."""
        told = {"before": self.middle.decode(), "was": self.digest}
        return {**told, "head": self.head, "tail": self.tail, "mode": self.mode}

    def restored(self, after: bytes | None) -> bytes | None:
        """Return the contents before the change; None where they do not come of those after it."""
        now = after or b""
        if self.head + self.tail > len(now):
            return None
        before = now[: self.head] + self.middle + now[len(now) - self.tail :]
        return before if digest_of_bytes(before) == self.digest else None


class NotedFile(NamedTuple):
    """A deck file that is changed: what it held, and a digest of what it is to hold."""

    place: Place
    before: EarlierContents | None
    after: str | None


class FilingNote(NamedTuple):
    """The files of an event, with digests of their contents."""

    device: str
    seq: int
    proof: str
    files: list[NotedFile]
    copied: dict[Place, str]
    removed: dict[Place, str]


class ForeignError(Exception):
    """A file is not the one that a note names; it is left alone."""

    help = "undo that change first, or change the deck in your editor"


class OutsideError(ForeignError):
    """A file is outside of the folders into which notes may lead."""

    help = "name its folder in the setting `decks`, or change the deck in your editor"


class Places:
    """The decks folders, to convert between paths and the places in notes.

    Attributes:
        folders: The folders, by their names in notes.
        named: The files of the present change, which the learner named and which are allowed.
    """

    def __init__(self, paths: Paths, config: Config) -> None:
        """Take the decks folder in the data folder, and those of the setting `decks`."""
        self.folders = {"": paths.decks_folder.absolute()}
        for name, folder in zip(config.decks, config.folders, strict=True):
            self.folders[name] = folder.absolute()
        self.named: set[str] = set()

    def name(self, path: Path) -> Place:
        """Return the place of a file, as notes name it."""
        path = path.absolute()
        for name, folder in self.folders.items():
            # Unlike `Path.resolve`, this does not fail for a link that leads to itself.
            for root in (folder, Path(os.path.realpath(folder))):
                if path.is_relative_to(root):
                    return Place(name, path.relative_to(root).as_posix())
        return Place(None, str(path))

    def find(self, place: Place) -> Path:
        """Return the path of a file that a note names.

        Raises:
            OutsideError: It is not in any decks folder, or a link leads out of them.
        """
        name, below = place
        if name is None:
            if below in self.named:
                return Path(below)
            name, below = self.name(Path(below))
            if name is None:
                raise OutsideError(f"{below} lies in none of your decks folders")
        folder = self.folders.get(name)
        if folder is None:
            raise OutsideError(f"{name} is not among your decks folders any more")
        path = folder / below
        if ".." in path.parts or PurePosixPath(below).is_absolute() or path == folder:
            raise OutsideError(f"{below!r} is no path of a deck")
        if str(path) in self.named:
            return path
        try:
            real = path.resolve()
            roots = [root.resolve() for root in self.folders.values()]
        except (OSError, RuntimeError):  # links that lead to each other
            raise OutsideError(f"{path} is a link that leads nowhere") from None
        if not any(real.is_relative_to(root) for root in roots):
            raise OutsideError(f"{path} leads out of your decks folders, to {real}")
        return path


def read_note(path: Path) -> FilingNote:
    """Read a note.

    Raises:
        OSError: It cannot be read.
        ForeignError: It is not a file.
        ValueError, LookupError, TypeError, AttributeError, RecursionError: It is no note of ours.
    """
    note = json.loads(read_own(path, _MOST_BYTES))
    device, seq, proof = note["event"]
    name_of(device, seq)
    files = [NotedFile(_place(row), _before(row), row["after"]) for row in note["files"]]
    copied, removed = (
        {_place(row): row["digest"] for row in _rows(note.get(name, []))}
        for name in ("copied", "removed")
    )
    return FilingNote(device, seq, proof, files, copied, removed)


def name_of(device: str, seq: object) -> str:
    """Return the file name of the note of an event, or raise ValueError for an impossible event."""
    if not _DEVICE.fullmatch(device) or not isinstance(seq, int) or not 0 <= seq < 1 << 63:
        raise ValueError("no event is called that")
    return f"{device}-{seq}.json"


def _before(row: dict[str, Any]) -> EarlierContents | None:
    """Return what a file held; notes had the whole of it once, and no more."""
    if row["before"] is None:
        return None
    middle = row["before"].encode()
    head, tail, mode = row.get("head", 0), row.get("tail", 0), row.get("mode")
    if not all(isinstance(each, int) and each >= 0 for each in (head, tail, mode or 0)):
        raise TypeError("no such part of a file")
    return EarlierContents(row.get("was") or digest_of_bytes(middle), middle, head, tail, mode)


def _rows(files: Any) -> Iterable[dict[str, Any]]:  # noqa: ANN401 -- what JSON may hold
    """Return the rows of a list of files; notes of an earlier version had a mapping."""
    if isinstance(files, dict):
        return [{"path": path, "digest": digest} for path, digest in files.items()]
    return files  # type: ignore[no-any-return]


def _place(row: dict[str, Any]) -> Place:
    folder, path = row.get("folder"), row["path"]
    if not isinstance(path, str) or not isinstance(folder, str | None) or "\0" in path:
        raise TypeError("no place is called that")
    path.encode()  # fails for an impossible name
    return Place(folder, path)


def write_note(path: Path, note: FilingNote) -> None:
    """Write a new note.

    Raises:
        DeckError: It cannot be written, or would be too large to be read again.
    """
    files = [
        {
            **noted.place._asdict(),
            **(noted.before.row if noted.before else {"before": None}),
            "after": noted.after,
        }
        for noted in note.files
    ]
    copied, removed = (
        [{**place._asdict(), "digest": digest} for place, digest in digests.items()]
        for digests in (note.copied, note.removed)
    )
    text = json.dumps(
        {
            "event": [note.device, note.seq, note.proof],
            "files": files,
            "copied": copied,
            "removed": removed,
        },
        ensure_ascii=False,
    )
    data = text.encode()
    if len(data) > _MOST_BYTES:  # it could not be taken back
        raise DeckError("this changes too much at once", "do it in parts")
    write_new(path, data, private=True)


def digest_of_bytes(data: bytes) -> str:
    """Return a digest of what a file holds."""
    return blake2b(data, digest_size=16).hexdigest()


def _shared(one: bytes, other: bytes) -> int:
    """Return how many bytes two contents begin with alike, comparing whole stretches."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def read_own(path: Path, most: int) -> bytes:
    """Read a file of at most so many bytes that may not be ours.

    Raises:
        ForeignError: It is too large or no file, and will stay so.
        OSError: It is missing, or cannot be read now.
    """
    try:
        return read_plain(path, most)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise ForeignError(f"{path} is too large ({error.strerror})") from None
        if error.errno in _IMPOSSIBLE:
            raise ForeignError(f"{path} is not a file") from None
        raise
