"""Puts files in place, complete or not at all; reads files that are plain and not too large.

A file is made under a temporary name in its folder, synced, and only then given its own name. After
a kill only the temporary file is left. The program that makes it has it locked meanwhile, and the
lock ends with the program, so `sweep` can tell which files were left behind. SQLite has its own
locks on a file that it makes, so a locked file beside that one guards it.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
"""The permissions of files and folders that only their owner may read."""
BEGINNING, _END = ".sco-quiz-", ".tmp"
"""The beginning and the end of temporary names."""
_LONGEST = 3600  # seconds that a file may take to be made, where there are no locks
_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_LONGEST_NOTE = 1 << 24  # bytes
_swept: set[Path] = set()
"""The folders that this process has swept since its start."""
_AT_ONCE = 1 << 20
"""The most bytes of one read."""


def put(
    path: Path,
    data: bytes | Iterable[bytes],
    like: os.stat_result | None = None,
    *,
    private: bool = False,
) -> None:
    """Put a file in place, complete and synced to disk.

    Args:
        path: The file, not a link to it; its folder must exist.
        data: Its contents, whole or in parts.
        like: The status of the file that it replaces: the new one gets its owner and mode, and a
            later time. None for a new file.
        private: True to let only its owner read a new file.

    Raises:
        FileExistsError: The name of a new file is taken.
        OSError: It cannot be written, or the file to replace was changed. Nothing has changed.
    """
    if like is not None and not S_ISREG(like.st_mode):
        raise OSError(errno.EINVAL, "it is not a file", str(path))
    mode = PRIVATE_FILE if private or like is not None else 0o666
    handle, made = _open_temporary(path.parent, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
            file.flush()
            if like is not None:
                _copy_owner_and_mode(made, like)
            os.fsync(file.fileno())
            if sys.platform == "win32":
                file.close()  # what is open cannot be renamed there
            if like is None:
                _give_name(made, path)
            else:
                _check_unchanged(path, like)
                made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """Yield the name of a private, empty file, for SQLite to fill and the caller to rename.

    At the end it is removed if it was not renamed, with the files beside it; see `sweep`.

    Args:
        folder: The folder; a missing one is made, for its owner alone.

    Raises:
        OSError: It cannot be made.
    """
    make_folder(folder, private=True)
    handle, guard = _open_temporary(folder, PRIVATE_FILE)
    path = guard.with_name(f"{guard.name}-made")
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, PRIVATE_FILE))
        yield path
    finally:
        _remove_beside(guard)
        os.close(handle)
        guard.unlink(missing_ok=True)


def put_over(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Put a file in place of an existing one, if there is one; see `put`.

    Args:
        path: The file; for a link, the file that it leads to is replaced.
        data: Its contents, whole or in parts.

    Raises:
        OSError: It cannot be written. Nothing changed.
    """
    target = Path(os.path.realpath(path))  # `Path.resolve` fails for a link that leads to itself
    put(target, data, target.stat() if target.exists() else None)


def keep_note(path: Path, note: str | bytes) -> None:
    """Write a short note into a file that only its owner can read, in place of an existing one.

    It is for what can be made again: the file is not synced, and an error in writing it is ignored.

    Args:
        path: The file; its folder must exist.
        note: The note; a text in ASCII.
    """
    with suppress(OSError):
        handle, made = _open_temporary(path.parent, PRIVATE_FILE)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(note if isinstance(note, bytes) else note.encode("ascii"))
            made.replace(path)
        except BaseException:
            made.unlink(missing_ok=True)
            raise


def read_note(path: Path) -> str:
    """Return the text that `keep_note` wrote; empty if there is no such file."""
    with suppress(OSError, ValueError):
        return read_plain(path, _LONGEST_NOTE).decode("ascii")
    return ""


def remove(path: Path) -> None:
    """Remove a file or a link if it exists, and sync the folder.

    Raises:
        OSError: It cannot be removed.
    """
    with suppress(FileNotFoundError):
        path.unlink()
        sync_folder(path.parent)


def what_is_at(path: Path) -> str:
    """Say why a path is not that of a file."""
    if path.is_dir():
        return "is a folder"
    return "is no ordinary file" if path.exists() else "is not there"


def make_folder(folder: Path, *, private: bool = False) -> None:
    """Make a folder and its missing parents, and sync the folders they lie in.

    Args:
        folder: The folder.
        private: True to make them for their owner alone.

    Raises:
        OSError: It cannot be made.
    """
    if not folder.is_dir():
        make_folder(folder.parent, private=private)
        folder.mkdir(PRIVATE_FOLDER if private else 0o777, exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Sync the names in a folder to disk; not every system can open folders."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sweep(folder: Path, *, below: bool = False) -> int:
    """Remove temporary files that programs left in a folder when they were killed.

    Files that cannot be opened or removed stay; they do no harm.

    Args:
        folder: The folder, which may be missing.
        below: True to look into its subfolders too, except hidden ones.

    Returns:
        The number of files that were removed.
    """
    removed = 0
    folders = [os.fspath(folder)]
    for each in folders:
        with suppress(OSError), os.scandir(each) as entries:
            for entry in list(entries):
                name = entry.name
                if name.startswith(BEGINNING) and name.endswith(_END):
                    removed += _remove_if_left(Path(entry.path))
                elif below and name[0] != "." and entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
    return removed


def is_at_work(folder: Path) -> bool:
    """Return True while a program makes a file in a folder; remove what others left there."""
    sweep(folder)
    return any(folder.glob(f"{BEGINNING}*{_END}"))


def _open_temporary(folder: Path, mode: int) -> tuple[int, Path]:
    """Open a new file under a temporary name, and lock it."""
    if folder not in _swept:
        sweep(folder)
        _swept.add(folder)
    while True:
        path = folder / f"{BEGINNING}{os.urandom(8).hex()}{_END}"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _FLAGS, mode)
        if _lock(handle) is not False and path.exists():
            return handle, path
        os.close(handle)  # a program that sweeps was faster


def _remove_if_left(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _FLAGS)
    except OSError:
        return False
    try:
        file_stat = os.fstat(handle)
        is_left = S_ISREG(file_stat.st_mode) and _lock(handle)
        if is_left is None:
            is_left = time.time() - file_stat.st_mtime > _LONGEST
        if is_left:
            _remove_beside(path)
        if is_left and sys.platform != "win32":
            path.unlink()
    except OSError:
        is_left = False
    finally:
        os.close(handle)
    if is_left and sys.platform == "win32":
        with suppress(OSError):
            path.unlink()
    return is_left


def _remove_beside(guard: Path) -> None:
    """Remove the file that a file guards, and its journals."""
    for path in guard.parent.glob(f"{guard.name}-*"):
        path.unlink(missing_ok=True)


def _lock(handle: int) -> bool | None:
    """Lock an open file; return False if another program has, None if locks are not possible."""
    if sys.platform == "win32":
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in {errno.EWOULDBLOCK, errno.EAGAIN} else None
    return True


def _give_name(made: Path, path: Path) -> None:
    """Give a temporary file its name, if that is free."""
    if sys.platform == "win32":
        made.rename(path)  # fails there if the name is taken
        return
    try:
        path.hardlink_to(made)
    except FileExistsError:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
    except OSError:  # a file system without links
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS))
        try:
            made.replace(path)
        except BaseException:
            path.unlink()
            raise
    else:
        made.unlink()


def _check_unchanged(path: Path, found: os.stat_result) -> None:
    if not is_as_found(path, found):
        raise OSError(errno.EBUSY, "another program changed it meanwhile", str(path))


def is_as_found(path: Path, found: os.stat_result) -> bool:
    """Return True if a file has the inode, size and time that it had before.

    Raises:
        OSError: It cannot be accessed, for example because it is gone.
    """
    now = path.stat()
    return (now.st_ino, now.st_size, now.st_mtime_ns) == (
        found.st_ino,
        found.st_size,
        found.st_mtime_ns,
    )


def _copy_owner_and_mode(path: Path, like: os.stat_result) -> None:
    """Give a file the owner and the mode of another, and a later time of change."""
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(path, like.st_uid, like.st_gid)
    path.chmod(like.st_mode & 0o7777)
    now, before = path.stat(), max(like.st_mtime_ns, like.st_ctime_ns)
    if now.st_mtime_ns <= before:
        os.utime(path, ns=(now.st_atime_ns, before + 1))


def read_plain(path: Path, most: int) -> bytes:
    """Read a plain file, or the one that a link leads to; never wait for a pipe or a device.

    Args:
        path: The file.
        most: The most bytes that it may have.

    Raises:
        OSError: It cannot be read, is no plain file (`EINVAL`), or has more bytes (`EFBIG`); its
            `strerror` says so in words.
    """
    _check_plain(path, path.stat(), most)  # first, since to open a device may start it
    flags = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = os.open(path, os.O_RDONLY | flags)
    try:
        _check_plain(path, os.fstat(handle), most)
        parts: list[bytes] = []
        bytes_left = most + 1  # it may grow meanwhile
        while bytes_left and (part := os.read(handle, min(bytes_left, _AT_ONCE))):
            parts.append(part)
            bytes_left -= len(part)
    finally:
        os.close(handle)
    if not bytes_left:
        raise _too_large(path, most)
    return b"".join(parts)


def _check_plain(path: Path, file_stat: os.stat_result, most: int) -> None:
    if not S_ISREG(file_stat.st_mode):
        raise OSError(errno.EINVAL, "it is not a file", str(path))
    if file_stat.st_size > most:
        raise _too_large(path, most)


def _too_large(path: Path, most: int) -> OSError:
    return OSError(errno.EFBIG, f"it has more than {most:,} bytes", str(path))
