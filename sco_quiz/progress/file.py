"""Opens the progress file safely, notices another in its place, and explains errors in words."""

from __future__ import annotations

import os
import sqlite3
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.errors import DamagedError, ForeignFileError, ProgressError
from sco_quiz.files import PRIVATE_FILE, make_folder
from sco_quiz.progress import database
from sco_quiz.progress.database import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

_SMALLEST = 512  # bytes: SQLite's smallest page
_LAST_EVENT = (
    "SELECT device, seq, sum FROM event ORDER BY stamp DESC, device DESC, seq DESC LIMIT 1"
)


def open_to_write(path: Path) -> database.Connection:
    """Open the file to write; create it, or bring it up to date, if need be.

    Raises:
        ProgressError: It cannot be used or written.
        sqlite3.Error: Likewise; see `errors_in_words`.
    """
    try:
        make_folder(path.parent, private=True)
    except OSError as error:
        raise ProgressError(
            f"{path.parent}: the folder for your progress cannot be made ({error.strerror})",
            "make it by hand, or set SCO_QUIZ_HOME to a folder that can be written",
        ) from error
    settle(path)
    _check_size(path)
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise _unusable(path, "written")
    if not path.exists():
        with suppress(FileExistsError):  # SQLite would make a file, and a journal, for all to read
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))
    db = database.connect(path, mode="rwc")
    try:
        if database.is_empty(db):
            with transaction(db):
                if database.is_empty(db):  # no other process was faster
                    database.create(db)
        _check_identity(db, path)
        db.execute("PRAGMA journal_mode = DELETE")
        check_pages(db, path)
        if not database.is_current(db):
            _bring_up_to_date(db, path)
    except BaseException:
        db.close()
        raise
    return db


def settle(path: Path) -> None:
    """Finish or take back an interrupted replacement of the file; see `replacing.settle`.

    Raises:
        OSError: A file cannot be moved.
    """
    if any(path.with_name(database.BACKUPS).glob(f"*{database.MOVING}")):
        from sco_quiz.progress import replacing  # hardly ever needed

        replacing.settle(path)


def open_to_read(path: Path, patience: float = database.BUSY_SECONDS) -> database.Connection:
    """Open the file to read; nothing on disk changes but the rollback of what a crash left undone.

    A missing file reads as an empty one, in memory. A file of an older version is copied into
    memory, and the copy is brought up to date.

    Args:
        path: The file.
        patience: Seconds that each statement waits for another program which is writing.

    Raises:
        ProgressError: It cannot be used.
        sqlite3.Error: Likewise; see `errors_in_words`.
    """
    if not path.exists():
        return database.empty_in_memory()
    _check_size(path)
    db = database.connect(path, patience=patience)  # SQLite falls back to reading
    try:
        if not database.is_empty(db):
            _check_identity(db, path)
            if database.is_current(db):
                return db
            with ExitStack() as stack:
                copy = stack.enter_context(closing(database.snapshot_of(db)))
                _bring_up_to_date(copy)
                stack.pop_all()
        else:
            copy = database.empty_in_memory()
    except BaseException:
        db.close()
        raise
    db.close()
    return copy


class FileInUse:
    """The file that is open for writing, as this process last knew it.

    Attributes:
        inode: The inode of the file.
        last: Device, number and sum of the last event known to be in it; None for an empty log.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Note the inode and the last event of a file.

        Args:
            path: The file.
            connection: An open connection to it.
        """
        self._path = path
        self._connection = connection
        file_stat = path.stat()
        self._device_and_inode = file_stat.st_dev, file_stat.st_ino
        self.inode = file_stat.st_ino
        self.last: tuple[str, int, bytes] | None = connection.execute(_LAST_EVENT).fetchone()

    def is_lost(self) -> bool:
        """Return True if the events this process knows in the log will be in no file on disk."""
        return self.is_exchanged() or (self.is_replaced() and not self._has_a_name())

    def is_exchanged(self) -> bool:
        """Return True if the log lacks the last event that this process knew in it."""
        if self.last is None:
            return False
        *name, proof = self.last
        try:
            row = self._connection.execute(
                "SELECT sum FROM event WHERE device = ? AND seq = ?", name
            ).fetchone()
        except sqlite3.Error as error:
            return database.code_of(error) == sqlite3.SQLITE_NOTADB or (
                database.may_come_of_damage(error)
            )
        return row is None or row[0] != proof

    def is_replaced(self) -> bool:
        """Return True if there is another file under the name of the open one, or none."""
        try:
            file_stat = self._path.stat()
        except FileNotFoundError:
            return True
        return (file_stat.st_dev, file_stat.st_ino) != self._device_and_inode

    def _has_a_name(self) -> bool:
        """Return True if the open file has a name in some folder, so closing does not delete it."""
        try:
            handles = [*Path("/dev/fd").iterdir()]  # to open the file would cost SQLite its locks
        except OSError:
            return False
        for handle in handles:
            with suppress(OSError, ValueError):
                file_stat = os.fstat(int(handle.name))
                if (file_stat.st_dev, file_stat.st_ino) == self._device_and_inode:
                    return file_stat.st_nlink > 0
        return False


@contextmanager
def errors_in_words(path: Path) -> Iterator[None]:
    """Raise errors of SQLite and of the system as `ProgressError`.

    An error that damage may have caused is called damage only once the damage is found. Otherwise
    it is a bug of ours, and raised as it is.
    """
    try:
        yield
    except database.BAD_DATA as error:
        if trouble := trouble_behind(error, path):
            raise trouble from error
        raise
    except OSError as error:
        raise ProgressError(
            f"{error.filename or path}: cannot be used ({error.strerror})",
            "check the folder and its permissions",
        ) from error


def trouble_behind(error: BaseException, path: Path) -> ProgressError | None:
    """Return the error to show for an error: its own meaning in words, or the damage behind it.

    Returns:
        None where nothing is wrong with the file: the error is a bug of ours.
    """
    if not isinstance(error, database.BAD_DATA):
        return None
    if not database.may_come_of_damage(error):
        return _explanation_of(error, path)
    from sco_quiz.progress.damage import damage_behind  # replays the log: only when all else failed

    return damage_behind(error, path)


def _explanation_of(error: BaseException, path: Path) -> ProgressError:
    match database.code_of(error):
        case sqlite3.SQLITE_FULL:
            return ProgressError(
                f"{path}: the disk is full, so this was not saved",
                "free some space and try again; all that was saved before is safe",
            )
        case code if code in database.IS_HELD:
            return error_of_held_file(path)
        case sqlite3.SQLITE_READONLY:
            return _unusable(path, "written")
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return _unusable(path, "opened")
        case sqlite3.SQLITE_NOTADB:
            return _not_ours(path)
        case sqlite3.SQLITE_IOERR:
            return ProgressError(
                f"{path}: the disk reports an error, so this was not saved ({error})",
                "see that the disk has room and is connected, then try again",
            )
        case _:
            return ProgressError(f"{path} cannot be used ({error})", "nothing was changed")


def error_of_held_file(path: Path) -> ProgressError:
    """Return the error for a file that another program holds."""
    return ProgressError(
        f"{path} is held by another program, so this was not done",
        "wait for that program (a backup, a sync, a database browser) and try again",
    )


def check_pages(db: sqlite3.Connection, path: Path) -> None:
    """Have SQLite check every page, unless `pages` has done so already.

    Raises:
        DamagedError: A page cannot be right.
    """
    from sco_quiz.progress import pages  # reading does without it

    if pages.found_whole(path):
        return
    ((result,),) = db.execute(pages.CHECK)
    if result != "ok":
        raise DamagedError(f"{path} is damaged ({result.splitlines()[-1]})")


def _bring_up_to_date(db: sqlite3.Connection, path: Path | None = None) -> None:
    """Bring tables and views to this version.

    Args:
        db: The progress file, or a copy of it in memory.
        path: The path of the file, to keep a copy first if its log is of an older version.
    """
    from sco_quiz.progress import replacing, replay  # a file of this version needs neither

    if path is not None and database.version_of(db) < database.VERSION:
        copy_of_old = replacing.free_name(path, f"before-version-{database.VERSION}")
        with errors_in_words(copy_of_old), replacing.copied(db, copy_of_old):
            pass
    with transaction(db):
        replay.bring_up_to_date(db)


def _check_size(path: Path) -> None:
    # SQLite takes a few stray bytes for an empty database, and would write over them.
    if path.exists() and not path.is_file():  # a folder, a pipe or a device
        raise _foreign(path)
    if path.exists() and 0 < path.stat().st_size < _SMALLEST:
        raise _not_ours(path)


def _check_identity(db: sqlite3.Connection, path: Path) -> None:
    marked = db.execute("PRAGMA application_id").fetchone()[0] == database.APPLICATION_ID
    if not marked or database.version_of(db) < 1:
        raise _not_ours(path)
    if database.version_of(db) > database.VERSION:
        raise ProgressError(
            f"{path} was written by a newer version of sco-quiz",
            "update sco-quiz; nothing was changed",
        )


def _not_ours(path: Path) -> ProgressError:
    from sco_quiz.progress.salvage import holds_events  # 20 ms that a usable file does without

    if holds_events(path):
        return DamagedError(f"{path} is damaged (its first page is not as it was written)")
    return _foreign(path)


def _foreign(path: Path) -> ProgressError:
    return ForeignFileError(
        f"{path} is not a progress file of sco-quiz",
        "move it away and start again, or `sco-quiz restore` a backup; nothing was changed",
    )


def _unusable(path: Path, what: str) -> ProgressError:
    return ProgressError(
        f"{path} cannot be {what}",
        "check who owns it and its folder, or set SCO_QUIZ_HOME to a folder of your own",
    )
