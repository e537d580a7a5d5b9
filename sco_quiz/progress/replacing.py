"""Writing whole files: a file appears under its name at once or not at all, and on disk."""

from __future__ import annotations

import os
import sys
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from stat import S_IMODE
from typing import TYPE_CHECKING

from sco_quiz.files import is_at_work, make_folder, unfinished
from sco_quiz.progress.database import MOVING, connect
from sco_quiz.progress.reach import folder_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

_FORGET_IDLE_DEVICES = """
DELETE FROM device WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.device = device.id)"""


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
    moving = None
    with ExitStack() as back:
        if path.exists():
            _adopt(new, path.stat())
            aside = free_name(path, why)
            moving = aside.with_name(f"{aside.name}{MOVING}")
            try:
                moving.hardlink_to(path)
                back.callback(moving.unlink)
            except FileExistsError:
                raise
            except OSError:  # a file system without links
                path.replace(moving)
                back.callback(moving.replace, path)
            with suppress(FileNotFoundError):  # else it would be played back into the new file
                _journal_of(path).replace(_journal_of(moving))
                back.callback(_journal_of(moving).replace, _journal_of(path))
            _sync_folder(moving.parent)
        new.replace(path)
        back.pop_all()
    _sync_folder(path.parent)
    return _finish_moving(moving) if moving else None


def settle(path: Path) -> None:
    """Finish what `put_in_place` began in a process that was killed, or take it back.

    Raises:
        OSError: It cannot be done.
    """
    for moving in folder_of(path).glob(f"*{MOVING}"):
        if is_at_work(path.parent):  # asked after it was found, since whoever made it began before
            return
        if path.exists() and not moving.samefile(path):
            _finish_moving(moving)
            continue
        if not _journal_of(path).exists():
            with suppress(FileNotFoundError):
                _journal_of(moving).replace(_journal_of(path))
        moving.unlink() if path.exists() else moving.replace(path)


def _finish_moving(moving: Path) -> Path:
    """Give a file that was replaced the name under which it is kept; return that."""
    aside = moving.with_name(moving.name.removesuffix(MOVING))
    with suppress(FileNotFoundError):
        _journal_of(moving).replace(_journal_of(aside))
    moving.replace(aside)
    _sync_folder(aside.parent)
    return aside


def set_aside(backup: Path) -> None:
    """Move a backup to where none is ever let go."""
    folder = backup.parent / "set-aside"
    make_folder(folder, private=True)
    taken = 1
    while (free := folder / f"{backup.stem}{f'-{taken}' * (taken > 1)}.db").exists():
        taken += 1
    backup.replace(free)
    _sync_folder(folder)
    _sync_folder(backup.parent)


def free_name(path: Path, why: str) -> Path:
    """A name in the folder of backups that is not taken, with the time in it."""
    folder = folder_of(path)
    make_folder(folder, private=True)
    name = f"{why}-{time.strftime('%Y-%m-%d-%H%M%S')}"
    taken = 1
    while (found := folder / f"{name}{f'-{taken}' * (taken > 1)}.db").exists() or (
        found.with_name(f"{found.name}{MOVING}").exists()
    ):
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
