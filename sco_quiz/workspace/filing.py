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
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DeckError
from sco_quiz.library.files import edit_file, put_back, write_new

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

    from sco_quiz.progress.log import Draft, Event
    from sco_quiz.progress.store import Brought, Progress

_CHUNK = 1 << 18  # bytes


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


class _Noted(NamedTuple):
    path: Path
    before: bytes | None
    after: str | None
    """A digest of what was to be written."""


class _Note(NamedTuple):
    """What is known of the files of an event, by digests of what they hold."""

    files: list[_Noted]
    copied: dict[Path, str]
    removed: dict[Path, str]


class Filing:
    """Carries out changes of deck files, and takes them back."""

    def __init__(self, pending: Path, progress: Progress) -> None:
        """Keep notes in a folder; a change that was broken off is put right.

        Args:
            pending: The note of the change that is under way; notes of finished ones lie beside it.
            progress: The log.
        """
        self._pending, self._folder = pending, pending.parent
        self._progress = progress

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
        removed: dict[Path, str],
        brought: Brought | None = None,
    ) -> Event:
        self.settle()
        noted = [
            _Noted(each.path, _bytes_of(each.path), _digest(_encoded(each.after, each.path)))
            for each in changes
        ]
        note = _Note(noted, {each.path: each.digest for each in copies}, removed)
        try:
            event = self._progress.append_with(
                lambda events: self._write(changes, copies, note, events[0]), draft, brought=brought
            )[0]
        except BaseException:
            self.settle()
            raise
        if self._pending.exists():  # else another program has settled it
            self._finish(note, _name(event))
        return event

    def take_back(self, event: Event, draft: Draft) -> None:
        """Put back what the files of an event held before it, and write another event.

        Raises:
            DeckError: One of them was changed since, cannot be written, or what it held is not
                known any more.
            ProgressError: The log cannot be written.
        """
        note = self._folder / _name(event)
        try:
            noted = _read(note)
        except (OSError, ValueError, LookupError, TypeError):
            raise DeckError(
                f"{note} cannot be read, so the import cannot be taken back",
                "change the decks in your editor: `sco-quiz edit`",
            ) from None
        changes = []
        for path, before, after in noted.files:
            now = _bytes_of(path)
            if _digest(now) != after:
                raise DeckError(
                    f"{path} was changed after the import, so that is not taken back",
                    "undo that change first, or change the deck in your editor",
                )
            old = None if before is None else before.decode("utf-8-sig")
            changes.append(Change(path, "" if now is None else now.decode("utf-8-sig"), old))
        undone = self._carry_out(changes, draft, (), noted.copied)
        for each in (event, undone):
            (self._folder / _name(each)).unlink(missing_ok=True)

    def settle(self) -> None:
        """Put right what a change that was broken off left behind.

        Raises:
            DeckError: A file cannot be written.
        """
        if self._pending.exists():
            self._progress.append_with(lambda _: self._settle())

    def _settle(self) -> None:
        try:
            noted = _read(self._pending)
            device, seq, proof = json.loads(self._pending.read_text("utf-8"))["event"]
        except FileNotFoundError:
            return  # another program has put it right
        except (ValueError, LookupError, TypeError):
            self._pending.unlink()  # it was not written whole, so that nothing else was
            return
        rows = self._progress.query(
            "SELECT hex(sum) FROM event WHERE device = ? AND seq = ?", (device, seq)
        )
        if rows and rows[0][0] == proof:
            self._finish(noted, _name_of(device, seq))
            return
        for path, before, after in noted.files:
            if _digest(_bytes_of(path)) == after:
                put_back(path, before)
        _remove(noted.copied)
        self._pending.unlink()

    def _finish(self, note: _Note, name: str) -> None:
        """What is left to do once the event is written."""
        _remove(note.removed)
        self._pending.replace(self._folder / name)

    def _write(
        self, changes: Sequence[Change], copies: Sequence[Copy], noted: _Note, event: Event
    ) -> None:
        files = [
            {
                "path": str(each.path),
                "before": None if each.before is None else each.before.decode(),
                "after": each.after,
            }
            for each in noted.files
        ]
        note = {
            "event": [event.device, event.seq, event.sum.hex().upper()],
            "files": files,
            "copied": {str(path): digest for path, digest in noted.copied.items()},
            "removed": {str(path): digest for path, digest in noted.removed.items()},
        }
        self._pending.unlink(missing_ok=True)
        write_new(self._pending, json.dumps(note, ensure_ascii=False).encode())
        for change in changes:
            _make(change)
        for copy in copies:
            write_new(copy.path, _chunks_of(copy))


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


def _remove(files: dict[Path, str]) -> None:
    """Remove those files that hold what was written."""
    for path, digest in files.items():
        try:
            with path.open("rb") as file:
                found = digest_of(file)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise DeckError(
                f"{path} cannot be read ({error.strerror})", "check its permissions"
            ) from None
        if found == digest:
            put_back(path, None)
            with suppress(OSError):  # others are in it
                path.parent.rmdir()


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
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DeckError(
            f"{path} cannot be read ({error.strerror})", "check its permissions"
        ) from None


def _digest(data: bytes | None) -> str | None:
    return None if data is None else blake2b(data, digest_size=16).hexdigest()


def _read(note: Path) -> _Note:
    found = json.loads(note.read_text("utf-8"))
    files = [
        _Noted(
            Path(row["path"]),
            None if row["before"] is None else row["before"].encode(),
            row["after"],
        )
        for row in found["files"]
    ]
    copied, removed = (
        {Path(path): digest for path, digest in found.get(name, {}).items()}
        for name in ("copied", "removed")
    )
    return _Note(files, copied, removed)


def _name(event: Event) -> str:
    return _name_of(event.device, event.seq)


def _name_of(device: str, seq: int) -> str:
    return f"{device}-{seq}.json"
