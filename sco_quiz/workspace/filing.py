"""Changes of several files that stand or fall with an event of the log.

The event is what makes them count. Before the first file is touched, what all of them held is noted
in `imports/pending.json` of the data folder; when the event is written, the note gets the event's
name. A note that is still pending without its event is that of a change that was broken off: what
it says is put back. So is, by undo, what the note of an event says, where files are as the event
left them; what becomes of one that was changed since is for whoever takes the event back to say.

Images and recordings are only added, and removed again by undo: before the event is written, and
after the undo is.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from stat import S_IMODE
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.config import load
from sco_quiz.errors import DeckError, ProgressError
from sco_quiz.files import remove, sweep, sync_folder
from sco_quiz.library.files import cannot_write, edit_file, put_back, read_text, write_new
from sco_quiz.library.reader import MAX_BYTES
from sco_quiz.paths import find_paths
from sco_quiz.progress.log import EventKind
from sco_quiz.progress.store import Progress
from sco_quiz.vocabulary import many
from sco_quiz.workspace.filing_notes import (
    UNREADABLE,
    Before,
    ForeignError,
    Note,
    Noted,
    Place,
    Places,
    digest_of_bytes,
    name_of,
    read_note,
    read_own,
    write_note,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import IO

    from sco_quiz.config import Config
    from sco_quiz.paths import Paths
    from sco_quiz.progress.appending import Brought
    from sco_quiz.progress.log import Draft, Event

_CHUNK = 1 << 18  # bytes
_NAME_TAKEN = b""
"""A new file holds this for a moment, in file systems without links."""
_PERMISSIONS = 0o777
_ASIDE = "set-aside-"
"""What the names of notes begin with that nothing reads any more."""


class Change(NamedTuple):
    """A change of a deck file.

    Attributes:
        path: The file.
        before: What it holds, without a byte order mark; None for a new one.
        after: What it is to hold, with a byte order mark if it is a new one that is to have one;
            None to remove it.
        mode: The permissions of a new one; None for the usual ones.
    """

    path: Path
    before: str | None
    after: str | None
    mode: int | None = None


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


class ChangedError(ForeignError):
    """A file was changed since."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} was changed since")


class WayBack(NamedTuple):
    """The way back to what the files of an event held before it.

    Attributes:
        changes: Of the files that are as the event left them.
        refused: Why others cannot be put back.
    """

    changes: list[Change]
    refused: list[ForeignError]


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

    def leads_outside(self, path: Path) -> bool:
        """Tell whether a deck's file is none of the decks folders' own, but is linked there."""
        try:
            found = self._places.find(self._places.name(path))
        except ForeignError:
            return True
        return found.is_symlink()

    def carry_out(
        self,
        changes: Sequence[Change],
        *drafts: Draft,
        copies: Sequence[Copy] = (),
        brought: Brought | None = None,
    ) -> Event:
        """Make all changes and copies and write the events, or none of it.

        Args:
            changes: Of deck files.
            drafts: The events; by the last of them the change is known.
            copies: Files that come along.
            brought: Events of another device that do.

        Returns:
            The last of the events.

        Raises:
            DeckError: A file cannot be written, or was changed meanwhile.
            ProgressError: The log cannot be written.
        """
        return self._carry_out(changes, drafts, copies, {}, brought)[-1]

    def _carry_out(
        self,
        changes: Sequence[Change],
        drafts: Sequence[Draft],
        copies: Sequence[Copy],
        removed: dict[Place, str],
        brought: Brought | None = None,
        undone: Event | None = None,
    ) -> list[Event]:
        self._settle_or_refuse()
        paths = [change.path for change in changes] + [copy.path for copy in copies]
        self._places.named = {str(path.absolute()) for path in paths}
        try:
            files = [self._noted(each) for each in changes]
        except ForeignError as error:
            raise DeckError(str(error), "move it elsewhere, or choose another name") from None
        copied = {self._places.name(each.path): each.digest for each in copies}

        def write(events: Sequence[Event]) -> None:
            event = events[-1]
            proof = event.sum.hex().upper()
            write_note(self._pending, Note(event.device, event.seq, proof, files, copied, removed))
            for change in changes:
                _make(change)
            for copy in copies:
                write_new(copy.path, _chunks_of(copy))

        try:
            events = self._progress.append_with(write, *drafts, brought=brought, undone=undone)
        except BaseException:
            self._settle_or_refuse()
            raise
        self.settle()
        return events

    def _settle_or_refuse(self) -> None:
        if told := self.settle():
            raise DeckError("; ".join(told), "look at those decks, then try again")

    def _noted(self, change: Change) -> Noted:
        now, after = _bytes_of(change.path), _encoded(change.after, change.path)
        before = None if now is None else Before.of(now, after)
        if before is not None and after is None:
            before = before._replace(mode=mode_of(change.path))
        return Noted(self._places.name(change.path), before, _digest(after))

    def take_back(self, event: Event, draft: Draft) -> bool:
        """Put back what the files of an event held before it, and write another event.

        Returns:
            False, and nothing was done, where another program has taken it back meanwhile.

        Raises:
            DeckError: One of them was changed since, cannot be written, or what it held is not
                known any more.
            ProgressError: The log cannot be written.
        """
        back = self.find_way_back(event)
        if back is None:
            raise DeckError(
                f"{self._note_of(*event.id)} cannot be read, so this cannot be taken back",
                "change the decks in your editor: `sco-quiz edit`",
            )
        for error in back.refused:
            raise DeckError(f"{error}, so this is not taken back", error.help)
        return self.go_back(event, back.changes, draft)

    def find_way_back(self, event: Event, named: Iterable[Path] = ()) -> WayBack | None:
        """Find out which changes put back what the files of an event held before it.

        Args:
            event: The event.
            named: Files that are known to be the learner's, wherever links lead from there.

        Returns:
            The changes, and why others cannot be made; None where what the files held is not known
            any more.

        Raises:
            DeckError: What another step left behind cannot be put right, or a file not be read.
            ProgressError: The log cannot be used.
        """
        self._settle_or_refuse()
        try:
            note = read_note(self._note_of(*event.id))
        except (OSError, ForeignError, *UNREADABLE):
            return None
        self._places.named = {str(path.absolute()) for path in named}
        back = WayBack([], [])
        for noted in note.files:
            try:
                back.changes.append(self._back(noted))
            except ForeignError as error:
                back.refused.append(error)
        return back

    def go_back(self, event: Event, changes: Sequence[Change], *drafts: Draft) -> bool:
        """Make the changes that take an event back, and write other events; all or none.

        Args:
            event: The event.
            changes: Of deck files.
            drafts: The events; the last one undoes it.

        Returns:
            False, and nothing was done, where another program has taken it back meanwhile.

        Raises:
            DeckError: A file cannot be written, or was changed meanwhile.
            ProgressError: The log cannot be written.
        """
        try:
            removed = read_note(self._note_of(*event.id)).copied
        except (OSError, ForeignError, *UNREADABLE):
            removed = {}
        return bool(self._carry_out(changes, drafts, (), removed, undone=event))

    def _back(self, noted: Noted) -> Change:
        """Return the change that takes one back; raises as `_standing`."""
        path, now = self._standing(noted)
        if self._is_as_before(noted, now) and _digest(now) != noted.after:
            raise ChangedError(path)
        before = None if noted.before is None else noted.before.restored(now)
        if noted.before is not None and before is None:  # no note of ours says that
            raise ChangedError(path)
        if now is None:
            mode = noted.before.mode if noted.before else None
            return Change(path, None, before.decode() if before is not None else None, mode)
        text = None if before is None else before.decode("utf-8-sig")
        return Change(path, now.decode("utf-8-sig"), text)

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
        if not is_made and not self._is_as_before(noted, now):
            raise ChangedError(path)
        return path, now

    @staticmethod
    def _is_as_before(noted: Noted, now: bytes | None) -> bool:
        return _digest(now) == (noted.before.digest if noted.before else None)

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
            yield f"{self._set_aside()}, a note of a step that was broken off, cannot be read"
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
        foreign: list[str] = []
        for each in reversed(note.files):
            try:
                path, now = self._standing(each)
            except ForeignError as error:
                foreign.append(str(error))
                continue
            if not self._is_as_before(each, now):
                put_back(path, each.before.restored(now) if each.before else None)
                _give_mode(path, each.before and each.before.mode)
            if each.before is None:
                self._remove_empty_above(path)
        foreign += self._remove(note.copied)
        if not foreign:
            remove(self._pending)
            return
        aside = self._set_aside()
        yield (
            "a step was broken off and could not be taken back whole:"
            f" {'; '.join(foreign)}. What the decks held before it is in {aside}"
        )

    def _finish_undo(self, note: Note) -> None:
        """Do what is left once a step is undone in the log; what is foreign is left alone."""
        self._remove(note.removed)
        for each in note.files:
            with suppress(ForeignError):
                if not os.path.lexists(path := self._places.find(each.place)):
                    self._remove_empty_above(path)
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
            self._remove_empty_above(path)
        return foreign

    def _remove_empty_above(self, path: Path) -> None:
        """Remove the folders that a file of a decks folder lay in, as far as nothing is in them."""
        stops = {root for folder in self._places.folders.values() for root in _roots(folder)}
        above = path.absolute().parents
        is_ours = not stops.isdisjoint(above)
        for folder in above if is_ours else above[:1]:
            if folder in stops:
                return
            try:
                folder.rmdir()
            except OSError:  # others are in it, or it is gone
                return

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
            told += left or ["A step that was broken off is put right."]
        except (DeckError, ProgressError) as error:
            told.append(f"A step that was broken off is not put right yet: {error.message}.")
    told += [
        f"{path} is left of a step that was broken off. Delete it if you need it no more."
        for path in sorted(pending.parent.glob(f"{_ASIDE}*"))
    ]
    return told


def _roots(folder: Path) -> tuple[Path, Path]:
    """A folder, and where it is if a link leads to it."""
    return folder, Path(os.path.realpath(folder))


def digest_of(file: IO[bytes]) -> str:
    """A digest of all that can be read from a file."""
    digest = blake2b(digest_size=16)
    while data := file.read(_CHUNK):
        digest.update(data)
    return digest.hexdigest()


def copy_of(source: Path, path: Path) -> Copy:
    """Return that a file is to be copied.

    Raises:
        DeckError: It cannot be read.
    """
    try:
        with source.open("rb") as file:
            return Copy(path, digest_of(file), lambda: source.open("rb"))
    except OSError as error:
        raise _cannot_read(source, error) from None


def _chunks_of(copy: Copy) -> Iterator[bytes]:
    digest = blake2b(digest_size=16)
    with copy.open() as source:
        while data := source.read(_CHUNK):
            digest.update(data)
            yield data
    if digest.hexdigest() != copy.digest:
        raise DeckError(f"what {copy.path} was to hold was changed meanwhile", "do it once more")


def mode_of(path: Path) -> int:
    """Return the permissions of a file.

    Raises:
        DeckError: It cannot be looked at.
    """
    try:
        return S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise _cannot_read(path, error) from None


def _give_mode(path: Path, mode: int | None) -> None:
    if mode is not None:
        with suppress(OSError):  # it is its owner's alone then
            path.chmod(mode & _PERMISSIONS)


def _make(change: Change) -> None:
    path, before, after, mode = change
    if before is None and after is not None:
        write_new(path, after.encode(), private=mode is not None)
        _give_mode(path, mode)
    elif after is None:
        if read_text(path) != before:
            raise DeckError(f"{path} was changed meanwhile", "do it once more")
        put_back(path, None)
    else:

        def swap(text: str) -> str:
            if text != before:
                raise DeckError("it was changed meanwhile", "do it once more")
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
    return None if data is None else digest_of_bytes(data)
