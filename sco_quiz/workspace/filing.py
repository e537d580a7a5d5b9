"""Changes of several files that stand or fall with an event of the log.

The event is what makes them count. Before the first file is touched, what all of them held is noted
in `imports/pending.json` of the data folder; when the event is written, the note gets the event's
name. A note that is still pending without its event is that of a change that was broken off: what
it says is put back. So is, by undo, what the note of an event says.

Images and recordings are only added, and removed again by undo: before the event is written, and
after the undo is.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.config import load
from sco_quiz.errors import DeckError, ProgressError
from sco_quiz.files import remove, sweep, sync_folder
from sco_quiz.library.files import cannot_write, edit_file, put_back, write_new
from sco_quiz.library.reader import MAX_BYTES
from sco_quiz.paths import find_paths
from sco_quiz.progress.log import EventKind
from sco_quiz.progress.store import Progress
from sco_quiz.vocabulary import many
from sco_quiz.workspace.filing_notes import (
    UNREADABLE,
    ForeignError,
    Note,
    Noted,
    Place,
    Places,
    name_of,
    read_note,
    read_own,
    write_note,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

    from sco_quiz.config import Config
    from sco_quiz.paths import Paths
    from sco_quiz.progress.appending import Brought
    from sco_quiz.progress.log import Draft, Event

_CHUNK = 1 << 18  # bytes
_NAME_TAKEN = b""
"""A new file holds this for a moment, in file systems without links."""
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
        self._places = Places(paths, config)

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
        removed: dict[Place, str],
        brought: Brought | None = None,
    ) -> Event:
        self._settle_or_refuse()
        paths = [change.path for change in changes] + [copy.path for copy in copies]
        self._places.named = {str(path.absolute()) for path in paths}
        try:
            files = [
                Noted(
                    self._places.name(each.path),
                    _bytes_of(each.path),
                    _digest(_encoded(each.after, each.path)),
                )
                for each in changes
            ]
        except ForeignError as error:
            raise DeckError(str(error), "move it elsewhere, or choose another name") from None
        copied = {self._places.name(each.path): each.digest for each in copies}

        def write(events: Sequence[Event]) -> None:
            (event,) = events
            proof = event.sum.hex().upper()
            write_note(self._pending, Note(event.device, event.seq, proof, files, copied, removed))
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
            note = read_note(path)
        except (OSError, ForeignError, *UNREADABLE):
            raise DeckError(
                f"{path} cannot be read, so the import cannot be taken back",
                "change the decks in your editor: `sco-quiz edit`",
            ) from None
        try:
            changes = [self._back(each) for each in note.files]
        except ForeignError as error:
            raise DeckError(f"{error}, so the import is not taken back", error.help) from None
        self._carry_out(changes, draft, (), note.copied)

    def _back(self, noted: Noted) -> Change:
        """Return the change that takes one back; raises as `_standing`."""
        path, now = self._standing(noted)
        if now == noted.before:
            raise ForeignError(f"{path} was changed after the import")
        before = None if noted.before is None else noted.before.decode("utf-8-sig")
        return Change(path, "" if now is None else now.decode("utf-8-sig"), before)

    def _standing(self, noted: Noted) -> tuple[Path, bytes | None]:
        """Return the path of a file and what it holds: as it was before the change, or after.

        Raises:
            ForeignError: It was changed since, or is not ours to change.
        """
        path = self._places.find(noted.place)
        now = _bytes_of(path)
        is_made = _digest(now) == noted.after
        if noted.before is None:
            is_made = not path.is_symlink() and (is_made or now == _NAME_TAKEN)
        if now != noted.before and not is_made:
            raise ForeignError(f"{path} was changed after the import")
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
            note = read_note(self._pending)
        except (FileNotFoundError, ForeignError, *UNREADABLE):
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

    def _put_back(self, note: Note) -> Iterator[str]:
        """Undo what was done of a change whose event was never written."""
        foreign = []
        for each in reversed(note.files):
            try:
                path, now = self._standing(each)
            except ForeignError as error:
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

    def _finish_undo(self, note: Note) -> None:
        """Do what is left once an import is undone in the log; what is foreign is left alone."""
        self._remove(note.removed)
        ((data,),) = self._progress.query(
            "SELECT data FROM event WHERE device = ? AND seq = ?", (note.device, note.seq)
        )
        undone = json.loads(data)
        remove(self._note_of(undone["device"], undone["seq"]))
        remove(self._pending)

    def _remove(self, files: dict[Place, str]) -> list[str]:
        """Remove those files that hold what was written; return why others cannot be."""
        foreign = []
        for place, digest in files.items():
            made = digest, _digest(_NAME_TAKEN)
            try:
                path = self._places.find(place)
                is_ours = _digest_at(path) in made and not path.is_symlink()
            except ForeignError as error:
                foreign.append(str(error))
                continue
            if is_ours:
                put_back(path, None)
            if path.parent not in self._places.folders.values():
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

    def _note_of(self, device: str, seq: int) -> Path:
        return self._pending.with_name(name_of(device, seq))


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
        told.append(f"Removed {many(removed, 'file')}, left behind by a write that was broken off.")
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
        ForeignError: It is not a file.
        DeckError: It cannot be read.
    """
    try:
        return read_own(path, MAX_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _cannot_read(path, error) from None


def _digest_at(path: Path) -> str | None:
    """Return a digest of what a file holds; None if nothing is there. Raises as `_bytes_of`."""
    return _digest(_bytes_of(path))


def _cannot_read(path: Path, error: OSError) -> DeckError:
    return DeckError(f"{path} cannot be read ({error.strerror})", "check its permissions")


def _digest(data: bytes | None) -> str | None:
    return None if data is None else blake2b(data, digest_size=16).hexdigest()
