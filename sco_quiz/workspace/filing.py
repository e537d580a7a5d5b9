"""Changes of several files that stand or fall with an event of the log.

The event is what makes them count. Before the first file is touched, what all of them held is noted
in `imports/pending.json` of the data folder; when the event is written, the note gets the event's
name. A note that is still pending without its event is that of a change that was broken off: what
it says is put back. So is, by undo, what the note of an event says.

Images and recordings are only added, and removed again by undo: before the event is written, and
after the undo is.

A note names each file by a decks folder and a path below it, so that a home can be moved or copied.
Notes come with the home, whoever made it: none leads out of the decks folders, by `..`, by a link,
or as an absolute path, which is how they named files once.
"""

from __future__ import annotations

import errno
import json
import os
import re
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, NamedTuple

from sco_quiz.config import load
from sco_quiz.errors import DeckError, ProgressError
from sco_quiz.files import remove, sweep, sync_folder
from sco_quiz.library.files import cannot_write, edit_file, put_back, write_new
from sco_quiz.paths import find_paths
from sco_quiz.progress.log import EventKind
from sco_quiz.progress.store import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import IO

    from sco_quiz.config import Config
    from sco_quiz.paths import Paths
    from sco_quiz.progress.appending import Brought
    from sco_quiz.progress.log import Draft, Event

_CHUNK = 1 << 18  # bytes
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What comes of a note that none of our programs wrote, or wrote whole."""
_IMPOSSIBLE = {errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL}
_NAME_TAKEN = b""
"""A new file holds this for a moment, in file systems without links."""
_DEVICE = re.compile(r"[0-9a-z]{1,40}")
_ASIDE = "set-aside-"
"""What the names of notes begin with that nothing reads any more."""


class Change(NamedTuple):
    """A change of a deck file.

    Attributes:
        path: The file.
        before: What it holds, without a byte order mark; None for a new one.
        after: What it is to hold; None to remove it.
    """

    path: Path
    before: str | None
    after: str | None


class Copy(NamedTuple):
    """A file to be made of bytes from elsewhere.

    Attributes:
        path: The file; it is not there yet.
        digest: What `digest_of` says of the bytes.
        open: Opens them to be read.
    """

    path: Path
    digest: str
    open: Callable[[], IO[bytes]]


class _Place(NamedTuple):
    """A file, as a note names it.

    Attributes:
        folder: A decks folder: empty for the one in the data folder, else as the setting `decks`
            has it. None for a file that lies in none, or is named as notes did once.
        path: Where it is below the folder, with slashes; absolute without one.
    """

    folder: str | None
    path: str


class _Noted(NamedTuple):
    """A deck file that is changed, with digests of what it is to hold."""

    place: _Place
    before: bytes | None
    after: str | None


class _Note(NamedTuple):
    """What is known of the files of an event, by digests of what they hold."""

    device: str
    seq: int
    proof: str
    files: list[_Noted]
    copied: dict[_Place, str]
    removed: dict[_Place, str]


class _ForeignError(Exception):
    """A file is not what a note takes it for; it is left alone."""

    help = "undo that change first, or change the deck in your editor"


class _OutsideError(_ForeignError):
    """A file is not where notes may lead."""

    help = "name its folder in the setting `decks`, or change the deck in your editor"


class Filing:
    """Carries out changes of deck files, and takes them back."""

    def __init__(self, paths: Paths, config: Config, progress: Progress) -> None:
        """Keep notes in the data folder.

        Args:
            paths: Where that is.
            config: Names the other decks folders.
            progress: The log.
        """
        self._pending = paths.pending_import
        self._progress = progress
        self._folders = {"": paths.decks_folder.absolute()}
        for name, folder in zip(config.decks, config.folders, strict=True):
            self._folders[name] = folder.absolute()
        self._named: set[str] = set()
        """Files of the change that is being carried out: the learner knows where they are."""

    def carry_out(
        self,
        changes: Sequence[Change],
        draft: Draft,
        copies: Sequence[Copy] = (),
        brought: Brought | None = None,
    ) -> Event:
        """Make all changes and copies and write the event, or none of it.

        Args:
            changes: Of deck files.
            draft: The event.
            copies: Files that come along.
            brought: Events of another device that do.

        Raises:
            DeckError: A file cannot be written, or was changed meanwhile.
            ProgressError: The log cannot be written.
        """
        return self._carry_out(changes, draft, copies, {}, brought)

    def _carry_out(
        self,
        changes: Sequence[Change],
        draft: Draft,
        copies: Sequence[Copy],
        removed: dict[_Place, str],
        brought: Brought | None = None,
    ) -> Event:
        self._settle_or_refuse()
        paths = [change.path for change in changes] + [copy.path for copy in copies]
        self._named = {str(path.absolute()) for path in paths}
        files = [
            _Noted(
                self._place_of(each.path),
                _bytes_of(each.path),
                _digest(_encoded(each.after, each.path)),
            )
            for each in changes
        ]
        copied = {self._place_of(each.path): each.digest for each in copies}

        def write(events: Sequence[Event]) -> None:
            (event,) = events
            proof = event.sum.hex().upper()
            self._write(_Note(event.device, event.seq, proof, files, copied, removed))
            for change in changes:
                _make(change)
            for copy in copies:
                write_new(copy.path, _chunks_of(copy))

        try:
            event = self._progress.append_with(write, draft, brought=brought)[0]
        except BaseException:
            self._settle_or_refuse()
            raise
        self.settle()
        return event

    def _settle_or_refuse(self) -> None:
        if told := self.settle():
            raise DeckError("; ".join(told), "look at those decks, then try again")

    def take_back(self, event: Event, draft: Draft) -> None:
        """Put back what the files of an event held before it, and write another event.

        Raises:
            DeckError: One of them was changed since, cannot be written, or what it held is not
                known any more.
            ProgressError: The log cannot be written.
        """
        self._settle_or_refuse()
        path = self._note_of(event.device, event.seq)
        try:
            note = _read(path)
        except (OSError, _ForeignError, *_UNREADABLE):
            raise DeckError(
                f"{path} cannot be read, so the import cannot be taken back",
                "change the decks in your editor: `sco-quiz edit`",
            ) from None
        try:
            changes = [self._back(each) for each in note.files]
        except _ForeignError as error:
            raise DeckError(f"{error}, so the import is not taken back", error.help) from None
        self._carry_out(changes, draft, (), note.copied)

    def _back(self, noted: _Noted) -> Change:
        """Return the change that takes one back; raises as `_standing`."""
        path, now = self._standing(noted)
        if now == noted.before:
            raise _ForeignError(f"{path} was changed after the import")
        before = None if noted.before is None else noted.before.decode("utf-8-sig")
        return Change(path, "" if now is None else now.decode("utf-8-sig"), before)

    def _standing(self, noted: _Noted) -> tuple[Path, bytes | None]:
        """Return the path of a file and what it holds: as it was before the change, or after.

        Raises:
            _ForeignError: It was changed since, or is not ours to change.
        """
        path = self._find(noted.place)
        now = _bytes_of(path)
        is_made = _digest(now) == noted.after
        if noted.before is None:
            is_made = not path.is_symlink() and (is_made or now == _NAME_TAKEN)
        if now != noted.before and not is_made:
            raise _ForeignError(f"{path} was changed after the import")
        return path, now

    def settle(self) -> list[str]:
        """Put right what a change that was broken off left behind.

        Returns:
            What could not be, in sentences: files that were changed since, or are not ours to
            change. They are as they were found, and nothing is left to do.

        Raises:
            DeckError: A file cannot be written. The rest can be put right later.
            ProgressError: The log cannot be used.
        """
        told: list[str] = []
        if os.path.lexists(self._pending):
            self._progress.append_with(lambda _: told.extend(self._settle()))
        return told

    def _settle(self) -> Iterator[str]:
        if not os.path.lexists(self._pending):
            return  # another program has put it right
        try:
            note = _read(self._pending)
        except (FileNotFoundError, _ForeignError, *_UNREADABLE):
            if self._pending.is_file() and not self._pending.stat().st_size:
                remove(self._pending)  # nothing else was written before it
                return
            yield f"{self._set_aside()}, a note of an import that was broken off, cannot be read"
            return
        except OSError as error:
            raise _cannot_read(self._pending, error) from None
        try:
            rows = self._progress.query(
                "SELECT hex(sum), kind FROM event WHERE device = ? AND seq = ?",
                (note.device, note.seq),
            )
            proof, kind = rows[0] if rows else ("", "")
            if proof != note.proof:
                yield from self._put_back(note)
            elif kind == EventKind.UNDO:
                self._finish_undo(note)
            else:
                self._pending.replace(self._note_of(note.device, note.seq))
                sync_folder(self._pending.parent)
        except OSError as error:
            raise cannot_write(Path(error.filename or self._pending), error) from None

    def _put_back(self, note: _Note) -> Iterator[str]:
        """Undo what was done of a change whose event was never written."""
        foreign = []
        for each in reversed(note.files):
            try:
                path, now = self._standing(each)
            except _ForeignError as error:
                foreign.append(str(error))
                continue
            if now != each.before:
                put_back(path, each.before)
        foreign += self._remove(note.copied)
        if not foreign:
            remove(self._pending)
            return
        aside = self._set_aside()
        yield (
            "an import was broken off and could not be taken back whole:"
            f" {'; '.join(foreign)}. What the decks held before it is in {aside}"
        )

    def _finish_undo(self, note: _Note) -> None:
        """Do what is left once an import is undone in the log; what is foreign is left alone."""
        self._remove(note.removed)
        ((data,),) = self._progress.query(
            "SELECT data FROM event WHERE device = ? AND seq = ?", (note.device, note.seq)
        )
        undone = json.loads(data)
        remove(self._note_of(undone["device"], undone["seq"]))
        remove(self._pending)

    def _remove(self, files: dict[_Place, str]) -> list[str]:
        """Remove those files that hold what was written; return why others cannot be."""
        foreign = []
        for place, digest in files.items():
            made = digest, _digest(_NAME_TAKEN)
            try:
                path = self._find(place)
                is_ours = _digest_at(path) in made and not path.is_symlink()
            except _ForeignError as error:
                foreign.append(str(error))
                continue
            if is_ours:
                put_back(path, None)
            if path.parent not in self._folders.values():
                with suppress(OSError):  # others are in it, or it is gone
                    path.parent.rmdir()
        return foreign

    def _set_aside(self) -> Path:
        """Give the pending note a name under which nothing reads it; return that."""
        number = 1
        while os.path.lexists(aside := self._pending.with_name(f"{_ASIDE}{number}.json")):
            number += 1
        self._pending.replace(aside)
        sync_folder(aside.parent)
        return aside

    def _write(self, note: _Note) -> None:
        files = [
            {
                **each.place._asdict(),
                "before": None if each.before is None else each.before.decode(),
                "after": each.after,
            }
            for each in note.files
        ]
        copied, removed = (
            [{**place._asdict(), "digest": digest} for place, digest in named.items()]
            for named in (note.copied, note.removed)
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
        write_new(self._pending, text.encode())

    def _note_of(self, device: str, seq: int) -> Path:
        return self._pending.with_name(_name_of(device, seq))

    def _place_of(self, path: Path) -> _Place:
        """Name a file as notes do."""
        path = path.absolute()
        for name, folder in self._folders.items():
            for root in (folder, folder.resolve()):
                if path.is_relative_to(root):
                    return _Place(name, path.relative_to(root).as_posix())
        return _Place(None, str(path))

    def _find(self, place: _Place) -> Path:
        """Return the file that a note names.

        Raises:
            _OutsideError: It is not in any decks folder, or a link leads out of them.
        """
        name, below = place
        if name is None:
            if below in self._named:
                return Path(below)
            name, below = self._place_of(Path(below))
            if name is None:
                raise _OutsideError(f"{below} lies in none of your decks folders")
        folder = self._folders.get(name)
        if folder is None:
            raise _OutsideError(f"{name} is not among your decks folders any more")
        path = folder / below
        if ".." in path.parts or PurePosixPath(below).is_absolute() or path == folder:
            raise _OutsideError(f"{below!r} is no path of a deck")
        if str(path) in self._named:
            return path
        try:
            real = path.resolve()
            roots = [root.resolve() for root in self._folders.values()]
        except (OSError, RuntimeError):  # links that lead to each other
            raise _OutsideError(f"{path} is a link that leads nowhere") from None
        if not any(real.is_relative_to(root) for root in roots):
            raise _OutsideError(f"{path} leads out of your decks folders, to {real}")
        return path


def clear_away() -> list[str]:
    """Put right what steps left behind that were broken off.

    Returns:
        What was done and what is left, a sentence each; nothing where all is as it should be.

    Raises:
        ConfigError: The settings, which name the decks folders, cannot be read.
    """
    paths = find_paths()
    config, _ = load(paths.config_file)
    folders = {paths.config, paths.data, *config.folders}
    removed = sum(sweep(folder, below=True) for folder in folders)
    told = []
    if removed:
        files = "1 file" if removed == 1 else f"{removed:,} files"
        told.append(f"Removed {files}, left behind by a write that was broken off.")
    pending = paths.pending_import
    if os.path.lexists(pending) and paths.progress_file.exists():
        try:
            with Progress.open(paths.progress_file) as progress:
                left = Filing(paths, config, progress).settle()
            told += left or ["An import that was broken off is put right."]
        except (DeckError, ProgressError) as error:
            told.append(f"An import that was broken off is not put right yet: {error.message}.")
    told += [
        f"{path} is left of an import that was broken off. Delete it if you need it no more."
        for path in sorted(pending.parent.glob(f"{_ASIDE}*"))
    ]
    return told


def digest_of(file: IO[bytes]) -> str:
    """A digest of all that can be read from a file."""
    digest = blake2b(digest_size=16)
    while data := file.read(_CHUNK):
        digest.update(data)
    return digest.hexdigest()


def _chunks_of(copy: Copy) -> Iterator[bytes]:
    digest = blake2b(digest_size=16)
    with copy.open() as source:
        while data := source.read(_CHUNK):
            digest.update(data)
            yield data
    if digest.hexdigest() != copy.digest:
        raise DeckError(f"what {copy.path} was to hold was changed meanwhile", "import once more")


def _make(change: Change) -> None:
    path, before, after = change
    if before is None and after is not None:
        write_new(path, after.encode())
    elif after is None:
        put_back(path, None)
    else:

        def swap(text: str) -> str:
            if text != before:
                raise DeckError("it was changed meanwhile", "import once more")
            return after

        edit_file(path, swap)


def _encoded(text: str | None, path: Path) -> bytes | None:
    """What a file holds that has a text; it keeps its byte order mark."""
    if text is None:
        return None
    old = _bytes_of(path) or b""
    return (b"\xef\xbb\xbf" if old.startswith(b"\xef\xbb\xbf") else b"") + text.encode()


def _bytes_of(path: Path) -> bytes | None:
    """Return what a file holds; None if nothing is there.

    Raises:
        _ForeignError: It is not a file.
        DeckError: It cannot be read.
    """
    try:
        _check_file(path)
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _cannot_read(path, error) from None


def _digest_at(path: Path) -> str | None:
    """Return a digest of what a file holds; None if nothing is there. Raises as `_bytes_of`."""
    try:
        _check_file(path)
        with path.open("rb") as file:
            return digest_of(file)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _cannot_read(path, error) from None


def _check_file(path: Path) -> None:
    """Refuse what cannot be a file of ours, or would have to be waited for.

    Raises:
        _ForeignError: Never will it be one as long as nobody touches it.
        OSError: It is not there, or cannot be looked at.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if error.errno in _IMPOSSIBLE:
            raise _ForeignError(f"{path} is not a file") from None
        raise
    if not S_ISREG(mode):
        raise _ForeignError(f"{path} is not a file")


def _cannot_read(path: Path, error: OSError) -> DeckError:
    return DeckError(f"{path} cannot be read ({error.strerror})", "check its permissions")


def _digest(data: bytes | None) -> str | None:
    return None if data is None else blake2b(data, digest_size=16).hexdigest()


def _read(path: Path) -> _Note:
    """Read a note.

    Raises:
        OSError: It cannot be read.
        _ForeignError: It is not a file.
        ValueError, LookupError, TypeError, AttributeError, RecursionError: It is no note of ours.
    """
    _check_file(path)
    note = json.loads(path.read_text("utf-8"))
    device, seq, proof = note["event"]
    _name_of(device, seq)
    files = [
        _Noted(_place(row), None if row["before"] is None else row["before"].encode(), row["after"])
        for row in note["files"]
    ]
    copied, removed = (
        {_place(row): row["digest"] for row in _rows(note.get(name, []))}
        for name in ("copied", "removed")
    )
    return _Note(device, seq, proof, files, copied, removed)


def _name_of(device: str, seq: object) -> str:
    """Return the name of the note of an event; fails for what no event is called."""
    if not _DEVICE.fullmatch(device) or not isinstance(seq, int) or not 0 <= seq < 1 << 63:
        raise ValueError("no event is called that")
    return f"{device}-{seq}.json"


def _rows(files: Any) -> Iterable[dict[str, Any]]:  # noqa: ANN401 -- what JSON may hold
    """Return the rows of a list of files; notes had digests by absolute paths once."""
    if isinstance(files, dict):
        return [{"path": path, "digest": digest} for path, digest in files.items()]
    return files  # type: ignore[no-any-return]


def _place(row: dict[str, Any]) -> _Place:
    folder, path = row.get("folder"), row["path"]
    if not isinstance(path, str) or not isinstance(folder, str | None) or "\0" in path:
        raise TypeError("no place is called that")
    path.encode()  # fails for what no name can have
    return _Place(folder, path)
