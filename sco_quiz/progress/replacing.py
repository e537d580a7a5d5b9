"""Writing whole files: a file appears under its name at once or not at all, and on disk."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from stat import S_IMODE
from typing import TYPE_CHECKING

from sco_quiz.progress.database import PRIVATE_FOLDER, connect
from sco_quiz.progress.reach import folder_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

UNFINISHED = ".part"
"""How the names of files end that are not whole yet."""

_FORGET_IDLE_DEVICES = """
DELETE FROM device WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.device = device.id)"""


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """An empty file in a folder, to be written and renamed; gone at the end if it was not."""
    folder.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(UNFINISHED, "progress-", folder)
    os.close(handle)
    path = Path(name)
    try:
        yield path
    finally:
        for left in (path, _journal_of(path)):
            left.unlink(missing_ok=True)


@contextmanager
def copied(db: sqlite3.Connection, target: Path) -> Iterator[sqlite3.Connection]:
    """A copy of an open progress file; it has its name once the block has ended well.

    Args:
        db: The progress file; not in a transaction.
        target: The copy; one that is there is replaced.

    Yields:
        The copy, open.

    Raises:
        OSError, sqlite3.Error: It cannot be written; what was at `target` still is.
    """
    with unfinished(target.parent) as new:
        db.execute("VACUUM INTO ?", (new.absolute().as_uri(),))
        with closing(connect(new)) as copy:
            copy.execute("UPDATE device SET place = 'elsewhere, as ' || id")
            copy.execute(_FORGET_IDLE_DEVICES)
            yield copy
        _sync(new)
        new.replace(target)
        _sync_folder(target.parent)


def put_in_place(new: Path, path: Path, why: str) -> Path | None:
    """Give a new file the place of another, which is kept. At no moment is there none.

    Programs that have the old file open may go on writing to it: it is the one that is kept. The
    new one has its owner and its permissions.

    Args:
        new: A whole file on disk, in the folder of `path`.
        path: What it replaces; may not be there.
        why: What the name of the old file then begins with.

    Returns:
        Where the old file is.

    Raises:
        OSError: It could not be done; both files are as they were.
    """
    aside = None
    with ExitStack() as back:
        if path.exists():
            _adopt(new, path.stat())
            aside = free_name(path, why)
            try:
                aside.hardlink_to(path)
                back.callback(aside.unlink)
            except OSError:  # a file system without links
                path.replace(aside)
                back.callback(aside.replace, path)
            with suppress(FileNotFoundError):  # else it would be played back into the new file
                _journal_of(path).replace(_journal_of(aside))
                back.callback(_journal_of(aside).replace, _journal_of(path))
            _sync_folder(aside.parent)
        new.replace(path)
        back.pop_all()
    _sync_folder(path.parent)
    return aside


def set_aside(backup: Path) -> None:
    """Move a backup to where none is ever let go."""
    folder = backup.parent / "set-aside"
    folder.mkdir(PRIVATE_FOLDER, exist_ok=True)
    taken = 1
    while (free := folder / f"{backup.stem}{f'-{taken}' * (taken > 1)}.db").exists():
        taken += 1
    backup.replace(free)
    _sync_folder(folder)
    _sync_folder(backup.parent)


def free_name(path: Path, why: str) -> Path:
    """A name in the folder of backups that is not taken, with the time in it."""
    folder = folder_of(path)
    folder.mkdir(PRIVATE_FOLDER, exist_ok=True)
    name = f"{why}-{time.strftime('%Y-%m-%d-%H%M%S')}"
    taken = 1
    while (found := folder / f"{name}{f'-{taken}' * (taken > 1)}.db").exists():
        taken += 1
    return found


def _journal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def _adopt(path: Path, like: os.stat_result) -> None:
    """Give a file the owner and the permissions of another."""
    if sys.platform == "win32":
        return  # they are the folder's there
    with suppress(PermissionError):
        os.chown(path, like.st_uid, like.st_gid)
    path.chmod(S_IMODE(like.st_mode))


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # folders cannot be opened there
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
