"""Files as a whole: written wholly or not at all, read if they are plain and not too large."""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_AT_ONCE = 1 << 20


def put(path: Path, data: bytes | Iterable[bytes], like: os.stat_result) -> None:
    """Replace a file at once, by one that has the owner and mode of another; synced to disk.

    Args:
        path: The file, not a link to it.
        data: What it holds from now on, as a whole or in parts.
        like: Whose owner and mode it takes.

    Raises:
        OSError: The file is as it was.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.stem[:40]}-", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())
        _adopt(temporary, like)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _adopt(path: Path, like: os.stat_result) -> None:
    """Give a file the owner and the mode of another."""
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(path, like.st_uid, like.st_gid)
    path.chmod(like.st_mode & 0o7777)


def _sync_folder(folder: Path) -> None:
    """Make a rename last; not every system lets folders be opened."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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
