"""Put files in place, whole or not at all; read them if they are plain and not too large.

A file is made under another name in its folder, synced, and only then given its own. A kill leaves
nothing but that other name behind. Whoever makes such a file has it locked as long as it is at
work, so `sweep` can tell what was left behind; the lock of a program that ends is gone with it.
What SQLite makes has its own locks, and is guarded by such a file beside it.
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
"""Permissions of what nobody but its owner reads."""
BEGINNING, _END = ".sco-quiz-", ".tmp"
"""How the name of a file begins that is being made, and ends."""
_LONGEST = 3600  # seconds that a file may take to be made, where there are no locks
_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_swept: set[Path] = set()
"""Folders in which this program found all that others had left behind when it began."""
_AT_ONCE = 1 << 20
_LONGEST_NOTE = 1 << 20
"""Bytes."""


def put(
    path: Path,
    data: bytes | Iterable[bytes],
    like: os.stat_result | None = None,
    *,
    private: bool = False,
) -> None:
    """Put a file in place, as a whole and synced to disk.

    Args:
        path: The file, not a link to it; its folder is there.
        data: What it is to hold, as a whole or in parts.
        like: The file that it replaces, as it was found: the new one has its owner and mode, and
            another time. None for a new file.
        private: Whether its owner alone may read a new file.

    Raises:
        FileExistsError: There is something under the name of a new file.
        OSError: It cannot be written, or what it replaces is not as it was found. Nothing changed.
    """
    if like is not None and not S_ISREG(like.st_mode):
        raise OSError(errno.EINVAL, "it is not a file", str(path))
    mode = PRIVATE_FILE if private or like is not None else 0o666
    handle, made = _begin(path.parent, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
            file.flush()
            if like is not None:
                _adopt(made, like)
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
    """Name a private, empty file that SQLite is to fill, and that is then to be renamed.

    At the end it is gone if it was not renamed, with what lies beside it; see `sweep`.

    Args:
        folder: Where; made for its owner alone if it is not there.

    Raises:
        OSError: It cannot be made.
    """
    make_folder(folder, private=True)
    handle, guard = _begin(folder, PRIVATE_FILE)
    path = guard.with_name(f"{guard.name}-made")
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, PRIVATE_FILE))
        yield path
    finally:
        _remove_beside(guard)
        os.close(handle)
        guard.unlink(missing_ok=True)


def put_over(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Put a file in place of the one that is there, if there is one; see `put`.

    Args:
        path: The file; where it is a link, what it links to is replaced.
        data: What it is to hold, as a whole or in parts.

    Raises:
        OSError: It cannot be written. Nothing changed.
    """
    target = Path(os.path.realpath(path))  # `Path.resolve` fails for a link that leads to itself
    put(target, data, target.stat() if target.exists() else None)


def keep_note(path: Path, text: str) -> None:
    """Keep a short text as a file that its owner alone can read, in place of what is there.

    It is for what can be found out again: the file is not synced, and where it cannot be written
    there is none.

    Args:
        path: The file; its folder is there.
        text: ASCII.
    """
    with suppress(OSError):
        handle, made = _begin(path.parent, PRIVATE_FILE)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("ascii"))
            made.replace(path)
        except BaseException:
            made.unlink(missing_ok=True)
            raise


def read_note(path: Path) -> str:
    """Return what `keep_note` kept; empty where there is no such file."""
    with suppress(OSError, ValueError):
        return read_plain(path, _LONGEST_NOTE).decode("ascii")
    return ""


def remove(path: Path) -> None:
    """Remove a file, or a link, if it is there; on disk too.

    Raises:
        OSError: It cannot be removed.
    """
    with suppress(FileNotFoundError):
        path.unlink()
        sync_folder(path.parent)


def make_folder(folder: Path, *, private: bool = False) -> None:
    """Make a folder and those it lies in, as far as they are not there; on disk too.

    Args:
        folder: The folder.
        private: Whether those that are made are their owner's alone.

    Raises:
        OSError: It cannot be made.
    """
    if not folder.is_dir():
        make_folder(folder.parent, private=private)
        folder.mkdir(PRIVATE_FOLDER if private else 0o777, exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last; not every system lets folders be opened."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sweep(folder: Path, *, below: bool = False) -> int:
    """Remove what was left behind in a folder by programs that ended while they made a file.

    What cannot be looked at or removed stays, and is in nobody's way.

    Args:
        folder: The folder; it need not be there.
        below: Whether to look into the folders in it too, but for hidden ones.

    Returns:
        The number of files that were removed.
    """
    removed = 0
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if below and not name.startswith(".")]
        for name in names:
            if name.startswith(BEGINNING) and name.endswith(_END):
                removed += _remove_if_left(Path(parent, name))
    return removed


def is_at_work(folder: Path) -> bool:
    """Return True while a program makes a file in a folder; what others left there is removed."""
    sweep(folder)
    return any(folder.glob(f"{BEGINNING}*{_END}"))


def _begin(folder: Path, mode: int) -> tuple[int, Path]:
    """Open a new file under a name of its own, locked."""
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
        found = os.fstat(handle)
        is_left = S_ISREG(found.st_mode) and _lock(handle)
        if is_left is None:
            is_left = time.time() - found.st_mtime > _LONGEST
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
    """Remove what a file guards, and the journals of that."""
    for path in guard.parent.glob(f"{guard.name}-*"):
        path.unlink(missing_ok=True)


def _lock(handle: int) -> bool | None:
    """Lock an open file if no other program has; None where files cannot be locked."""
    if sys.platform == "win32":
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in {errno.EWOULDBLOCK, errno.EAGAIN} else None
    return True


def _give_name(made: Path, path: Path) -> None:
    """Give a file its name, if that is free."""
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
    """Return whether a file is there as it was found before.

    Raises:
        OSError: It cannot be looked at, as when it is gone.
    """
    now = path.stat()
    return (now.st_ino, now.st_size, now.st_mtime_ns) == (
        found.st_ino,
        found.st_size,
        found.st_mtime_ns,
    )


def _adopt(path: Path, like: os.stat_result) -> None:
    """Give a file the owner and the mode of another, and a time that tells it from that."""
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(path, like.st_uid, like.st_gid)
    path.chmod(like.st_mode & 0o7777)
    now, before = path.stat(), max(like.st_mtime_ns, like.st_ctime_ns)
    if now.st_mtime_ns <= before:
        os.utime(path, ns=(now.st_atime_ns, before + 1))


def read_plain(path: Path, most: int) -> bytes:
    """Read a plain file, or what a link leads to; a pipe or a device is not waited for.

    Args:
        path: The file.
        most: The most bytes that it may have.

    Raises:
        OSError: It cannot be read, is no plain file (`EINVAL`), or has more bytes (`EFBIG`); its
            `strerror` says so in words.
    """
    _check_plain(path, path.stat(), most)  # ahead, since to open a device may set it going
    flags = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = os.open(path, os.O_RDONLY | flags)
    try:
        _check_plain(path, os.fstat(handle), most)
        parts: list[bytes] = []
        left = most + 1  # it may grow meanwhile
        while left and (part := os.read(handle, min(left, _AT_ONCE))):
            parts.append(part)
            left -= len(part)
    finally:
        os.close(handle)
    if not left:
        raise _too_large(path, most)
    return b"".join(parts)


def _check_plain(path: Path, found: os.stat_result, most: int) -> None:
    if not S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is not a file", str(path))
    if found.st_size > most:
        raise _too_large(path, most)


def _too_large(path: Path, most: int) -> OSError:
    return OSError(errno.EFBIG, f"it has more than {most:,} bytes", str(path))
