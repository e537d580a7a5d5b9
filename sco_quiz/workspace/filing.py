"""Changes several files together with an event of the log: all of it is done, or nothing.

Before the first file is changed, the old contents of all of them are noted in
`imports/pending.json` of the data folder; once the event is written, the note gets the event's
name. A pending note without its event is left from an interrupted change: the old contents are put
back. Undo puts back the contents in the note of an event in the same way, for files that are as the
event left them; the caller of undo decides about files that were changed since.

Images and recordings are only added, before the event is written; undo removes them, after its own
event is written.
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
from sco_quiz.library.yaml_reading import MAX_BYTES
from sco_quiz.numbers_and_times import many
from sco_quiz.paths import find_paths
from sco_quiz.progress.log import EventKind
from sco_quiz.progress.store import Progress
from sco_quiz.workspace.filing_notes import (
    UNREADABLE,
    EarlierContents,
    FilingNote,
    ForeignError,
    NotedFile,
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
    from sco_quiz.progress.appending import ForeignEvents
    from sco_quiz.progress.log import Event, EventDraft

_CHUNK = 1 << 18  # bytes
_NAME_TAKEN = b""
"""The contents of a new file for a moment, in file systems without links."""
_PERMISSIONS = 0o777
_ASIDE = "set-aside-"
"""The beginning of the names of notes that nothing reads any more."""


class Change(NamedTuple):
    """A change of a deck file.

    Attributes:
        path: The file.
        before: Its present text, without a byte order mark; None for a new file.
        after: Its new text, with a byte order mark if a new file is to have one; None to remove it.
        mode: The permissions of a new file; None for the usual ones.
    """

    path: Path
    before: str | None
    after: str | None
    mode: int | None = None


class Copy(NamedTuple):
    """A file to be made of bytes from elsewhere.

    Attributes:
        path: The file, which does not exist yet.
        digest: The `digest_of` the bytes.
        open: Opens the bytes for reading.
    """

    path: Path
    digest: str
    open: Callable[[], IO[bytes]]


class ChangedError(ForeignError):
    """A file was changed since."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} was changed since")


class WayBack(NamedTuple):
    """The changes that take back an event.

    Attributes:
        changes: The changes of files that are as the event left them.
        refused: The reasons why other files cannot be put back.
    """

    changes: list[Change]
    refused: list[ForeignError]


class Filing:
    """Carries out changes of deck files, and takes them back."""

    def __init__(self, paths: Paths, config: Config, progress: Progress) -> None:
        """Keep notes in the data folder.

        Args:
            paths: The learner's folders.
            config: The settings, which name other decks folders.
            progress: The log.
        """
        self._pending = paths.pending_import
        self._progress = progress
        self._places = Places(paths, config)

    def leads_outside(self, path: Path) -> bool:
        """Return True if a deck's file is outside of the decks folders, or only linked there."""
        try:
            target = self._places.find(self._places.name(path))
        except ForeignError:
            return True
        return target.is_symlink()

    def carry_out(
        self,
        changes: Sequence[Change],
        *drafts: EventDraft,
        copies: Sequence[Copy] = (),
        brought: ForeignEvents | None = None,
    ) -> Event:
        """Make all changes and copies and write the events, or do nothing.

        Args:
            changes: Changes of deck files.
            drafts: The events; the last one names the change.
            copies: Files to add.
            brought: Events of another device that are written with the last event.

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
        drafts: Sequence[EventDraft],
        copies: Sequence[Copy],
        removed: dict[Place, str],
        brought: ForeignEvents | None = None,
        undone: Event | None = None,
    ) -> list[Event]:
        self._settle_or_refuse()
        paths = [change.path for change in changes] + [copy.path for copy in copies]
        self._places.named = {str(path.absolute()) for path in paths}
        try:
            files = [self._noted(item) for item in changes]
        except ForeignError as error:
            raise DeckError(str(error), "move it elsewhere, or choose another name") from None
        copied = {self._places.name(item.path): item.digest for item in copies}

        def write(events: Sequence[Event]) -> None:
            event = events[-1]
            proof = event.sum.hex().upper()
            write_note(
                self._pending, FilingNote(event.device, event.seq, proof, files, copied, removed)
            )
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
        if problems := self.settle():
            raise DeckError("; ".join(problems), "look at those decks, then try again")

    def _noted(self, change: Change) -> NotedFile:
        now, after = _bytes_of(change.path), _encoded(change.after, change.path)
        before = None if now is None else EarlierContents.of(now, after)
        if before is not None and after is None:
            before = before._replace(mode=mode_of(change.path))
        return NotedFile(self._places.name(change.path), before, _digest(after))

    def take_back(self, event: Event, draft: EventDraft) -> bool:
        """Put back the contents that the files of an event had before it, and write another event.

        Returns:
            False, with nothing done, if another program has taken it back meanwhile.

        Raises:
            DeckError: A file was changed since or cannot be written, or its old contents are not
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
        """Find the changes that put back the contents which the files of an event had before it.

        Args:
            event: The event.
            named: Files that are known to be the learner's, even if links lead elsewhere.

        Returns:
            The changes, and the reasons why others cannot be made; None if the old contents are not
            known any more.

        Raises:
            DeckError: Another interrupted step cannot be settled, or a file cannot be read.
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
                back.changes.append(self._reversed_change(noted))
            except ForeignError as error:
                back.refused.append(error)
        return back

    def go_back(self, event: Event, changes: Sequence[Change], *drafts: EventDraft) -> bool:
        """Make the changes that take an event back and write other events, or do nothing.

        Args:
            event: The event.
            changes: Changes of deck files.
            drafts: The events; the last one undoes it.

        Returns:
            False, with nothing done, if another program has taken it back meanwhile.

        Raises:
            DeckError: A file cannot be written, or was changed meanwhile.
            ProgressError: The log cannot be written.
        """
        try:
            removed = read_note(self._note_of(*event.id)).copied
        except (OSError, ForeignError, *UNREADABLE):
            removed = {}
        return bool(self._carry_out(changes, drafts, (), removed, undone=event))

    def _reversed_change(self, noted: NotedFile) -> Change:
        """Return the change that takes one back; raises as `_path_and_contents`."""
        path, now = self._path_and_contents(noted)
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

    def _path_and_contents(self, noted: NotedFile) -> tuple[Path, bytes | None]:
        """Return the path of a file and its contents, which are those before or after the change.

        Raises:
            ForeignError: It was changed since, or lies where we must not write.
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
    def _is_as_before(noted: NotedFile, now: bytes | None) -> bool:
        return _digest(now) == (noted.before.digest if noted.before else None)

    def settle(self) -> list[str]:
        """Finish or take back an interrupted change.

        Returns:
            Sentences on files that were changed since, or lie where we must not write. They stay as
            they are, and are not tried again.

        Raises:
            DeckError: A file cannot be written; call it again later.
            ProgressError: The log cannot be used.
        """
        problems: list[str] = []
        if os.path.lexists(self._pending):
            self._progress.append_with(lambda _: problems.extend(self._settle()))
        return problems

    def _settle(self) -> Iterator[str]:
        if not os.path.lexists(self._pending):
            return  # another program was faster
        try:
            note = read_note(self._pending)
        except (FileNotFoundError, ForeignError, *UNREADABLE):
            if self._pending.is_file() and not self._pending.stat().st_size:
                remove(self._pending)  # nothing else was written before it
                return
            yield f"{self._set_aside()}, a note of an interrupted step, cannot be read"
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

    def _put_back(self, note: FilingNote) -> Iterator[str]:
        """Put back the files of a change whose event was never written."""
        problems: list[str] = []
        for noted in reversed(note.files):
            try:
                path, now = self._path_and_contents(noted)
            except ForeignError as error:
                problems.append(str(error))
                continue
            if not self._is_as_before(noted, now):
                put_back(path, noted.before.restored(now) if noted.before else None)
                _give_mode(path, noted.before and noted.before.mode)
            if noted.before is None:
                self._remove_empty_above(path)
        problems += self._remove(note.copied)
        if not problems:
            remove(self._pending)
            return
        note_path = self._set_aside()
        yield (
            "an interrupted step could not be taken back whole:"
            f" {'; '.join(problems)}. What the decks held before it is in {note_path}"
        )

    def _finish_undo(self, note: FilingNote) -> None:
        """Finish the undo of a step once it is in the log; changed files are left alone."""
        self._remove(note.removed)
        for noted in note.files:
            with suppress(ForeignError):
                if not os.path.lexists(path := self._places.find(noted.place)):
                    self._remove_empty_above(path)
        ((data,),) = self._progress.query(
            "SELECT data FROM event WHERE device = ? AND seq = ?", (note.device, note.seq)
        )
        undone = json.loads(data)
        remove(self._note_of(undone["device"], undone["seq"]))
        remove(self._pending)

    def _remove(self, files: dict[Place, str]) -> list[str]:
        """Remove the files that still have their original contents; say why others stay."""
        problems = []
        for place, digest in files.items():
            our_digests = digest, _digest(_NAME_TAKEN)
            try:
                path = self._places.find(place)
                is_ours = _digest_at(path) in our_digests and not path.is_symlink()
            except ForeignError as error:
                problems.append(str(error))
                continue
            if is_ours:
                put_back(path, None)
            self._remove_empty_above(path)
        return problems

    def _remove_empty_above(self, path: Path) -> None:
        """Remove the folders of a removed file within a decks folder, if they are empty now."""
        stops = {root for folder in self._places.folders.values() for root in _roots(folder)}
        above = path.absolute().parents
        is_ours = not stops.isdisjoint(above)
        for folder in above if is_ours else above[:1]:
            if folder in stops:
                return
            try:
                folder.rmdir()
            except OSError:  # it is not empty, or is gone
                return

    def _set_aside(self) -> Path:
        """Rename the pending note so that nothing reads it, and return its path."""
        number = 1
        while os.path.lexists(aside := self._pending.with_name(f"{_ASIDE}{number}.json")):
            number += 1
        self._pending.replace(aside)
        sync_folder(aside.parent)
        return aside

    def _note_of(self, device: str, seq: int) -> Path:
        return self._pending.with_name(name_of(device, seq))


def clear_away() -> list[str]:
    """Finish or take back interrupted steps, and remove their temporary files.

    Returns:
        Sentences on what was done and what is left; none if there was nothing to do.

    Raises:
        ConfigError: The settings, which name the decks folders, cannot be read.
    """
    paths = find_paths()
    config, _ = load(paths.config_file)
    folders = {paths.config, paths.data, *config.folders}
    removed = sum(sweep(folder, below=True) for folder in folders)
    sentences = []
    if removed:
        sentences.append(f"Removed {many(removed, 'file')}, left behind by an interrupted write.")
    pending = paths.pending_import
    if os.path.lexists(pending) and paths.progress_file.exists():
        try:
            with Progress.open(paths.progress_file) as progress:
                problems = Filing(paths, config, progress).settle()
            sentences += problems or ["An interrupted step was put right."]
        except (DeckError, ProgressError) as error:
            sentences.append(f"An interrupted step is not put right yet: {error.message}.")
    sentences += [
        f"{path} is left over from an interrupted step. Delete it if you do not need it any more."
        for path in sorted(pending.parent.glob(f"{_ASIDE}*"))
    ]
    return sentences


def _roots(folder: Path) -> tuple[Path, Path]:
    """Return a folder, and the folder that it leads to if it is a link."""
    return folder, Path(os.path.realpath(folder))


def digest_of(file: IO[bytes]) -> str:
    """Return a digest of the contents of an open file."""
    digest = blake2b(digest_size=16)
    while data := file.read(_CHUNK):
        digest.update(data)
    return digest.hexdigest()


def copy_of(source: Path, path: Path) -> Copy:
    """Return the copy of a file to make.

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
        DeckError: It cannot be accessed.
    """
    try:
        return S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise _cannot_read(path, error) from None


def _give_mode(path: Path, mode: int | None) -> None:
    if mode is not None:
        with suppress(OSError):  # then only its owner may read it
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
    """Return the bytes of a file with a new text; it keeps its byte order mark."""
    if text is None:
        return None
    old = _bytes_of(path) or b""
    return (b"\xef\xbb\xbf" if old.startswith(b"\xef\xbb\xbf") else b"") + text.encode()


def _bytes_of(path: Path) -> bytes | None:
    """Return the contents of a file; None if there is no file.

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
    """Return a digest of a file's contents; None if there is no file. Raises as `_bytes_of`."""
    return _digest(_bytes_of(path))


def _cannot_read(path: Path, error: OSError) -> DeckError:
    return DeckError(f"{path} cannot be read ({error.strerror})", "check its permissions")


def _digest(data: bytes | None) -> str | None:
    return None if data is None else digest_of_bytes(data)
