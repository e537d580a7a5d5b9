"""Puts whole files in place: a file appears under its name complete and synced, or not at all."""

from __future__ import annotations

import os
import sys
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from stat import S_IMODE
from typing import TYPE_CHECKING

from sco_quiz.files import is_at_work, make_folder, unfinished
from sco_quiz.progress.backup_reach import folder_of
from sco_quiz.progress.database import MOVING, connect

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

_FORGET_IDLE_DEVICES = """
DELETE FROM device WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.device = device.id)"""


@contextmanager
def copied(db: sqlite3.Connection, target: Path) -> Iterator[sqlite3.Connection]:
    """Yield a copy of an open progress file; it gets its name when the block ends without error.

    Args:
        db: The progress file; not in a transaction.
        target: The copy; one that is there is replaced.

    Yields:
        The copy, open.

    Raises:
        OSError, sqlite3.Error: It cannot be written; a file at `target` is as it was.
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
    """Put a new file in the place of another, which is kept. At no moment is the place empty.

    Programs that have the old file open may go on writing to it, since it is kept. The new file
    gets its owner and its permissions.

    Args:
        new: A complete, synced file in the folder of `path`.
        path: The file that it replaces; there may be none.
        why: The beginning of the name under which the old file is kept.

    Returns:
        The path of the old file; None if there was none.

    Raises:
        OSError: A file could not be moved; both are as they were.
    """
    moving = None
    with ExitStack() as undo_steps:
        if path.exists():
            _adopt(new, path.stat())
            kept_as = free_name(path, why)
            moving = kept_as.with_name(f"{kept_as.name}{MOVING}")
            try:
                moving.hardlink_to(path)
                undo_steps.callback(moving.unlink)
            except FileExistsError:
                raise
            except OSError:  # a file system without links
                path.replace(moving)
                undo_steps.callback(moving.replace, path)
            with suppress(FileNotFoundError):  # else SQLite would roll it back into the new file
                _journal_of(path).replace(_journal_of(moving))
                undo_steps.callback(_journal_of(moving).replace, _journal_of(path))
            _sync_folder(moving.parent)
        new.replace(path)
        undo_steps.pop_all()
    _sync_folder(path.parent)
    return _finish_moving(moving) if moving else None


def settle(path: Path) -> None:
    """Finish or take back what `put_in_place` began in a process that was killed.

    Raises:
        OSError: A file cannot be moved.
    """
    for moving in folder_of(path).glob(f"*{MOVING}"):
        if is_at_work(
            path.parent
        ):  # asked only now: a process at work has begun before its file was there
            return
        if path.exists() and not moving.samefile(path):
            _finish_moving(moving)
            continue
        if not _journal_of(path).exists():
            with suppress(FileNotFoundError):
                _journal_of(moving).replace(_journal_of(path))
        moving.unlink() if path.exists() else moving.replace(path)


def _finish_moving(moving: Path) -> Path:
    """Give a replaced file and its journal the name under which they are kept; return the file."""
    kept_as = moving.with_name(moving.name.removesuffix(MOVING))
    with suppress(FileNotFoundError):
        _journal_of(moving).replace(_journal_of(kept_as))
    moving.replace(kept_as)
    _sync_folder(kept_as.parent)
    return kept_as


def set_aside(backup: Path) -> None:
    """Move a backup into a folder from which none is ever removed."""
    folder = backup.parent / "set-aside"
    make_folder(folder, private=True)
    number = 1
    while (free := folder / f"{backup.stem}{f'-{number}' * (number > 1)}.db").exists():
        number += 1
    backup.replace(free)
    _sync_folder(folder)
    _sync_folder(backup.parent)


def free_name(path: Path, why: str) -> Path:
    """Return a name in the folder of backups that is not taken, with the time in it."""
    folder = folder_of(path)
    make_folder(folder, private=True)
    name = f"{why}-{time.strftime('%Y-%m-%d-%H%M%S')}"
    number = 1
    while (free := folder / f"{name}{f'-{number}' * (number > 1)}.db").exists() or (
        free.with_name(f"{free.name}{MOVING}").exists()
    ):
        number += 1
    return free


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
