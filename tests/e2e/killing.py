"""Steps in a process of their own that is killed at a call that changes a file.

Counted are the calls of `os` and `io` in Python, and those of SQLite, which is made to ask for its
system calls here (`xSetSystemCall`, https://www.sqlite.org/c3ref/vfs.html). What is being written
when the process is killed is there by half.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import errno
import io
import os
import signal
import sys
import traceback
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

CHANGES = ("link", "rename", "replace", "unlink", "mkdir", "rmdir", "fsync", "utime", "chmod",
           "chown", "symlink", "truncate", "ftruncate")  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR
NEVER = 1 << 60
"""More calls than any step makes."""

_INT, _TEXT, _DATA, _SIZE = ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_size_t
_PLACE = ctypes.c_int64
_OF_SQLITE: dict[bytes, tuple[Any, ...]] = {
    b"open": (_INT, _TEXT, _INT, _INT),
    b"write": (ctypes.c_ssize_t, _INT, _DATA, _SIZE),
    b"pwrite": (ctypes.c_ssize_t, _INT, _DATA, _SIZE, _PLACE),
    b"pwrite64": (ctypes.c_ssize_t, _INT, _DATA, _SIZE, _PLACE),
    b"ftruncate": (_INT, _INT, _PLACE),
    b"unlink": (_INT, _TEXT),
}
"""SQLite's calls that change a file: what each returns, and takes."""


class _Vfs(ctypes.Structure):
    """The beginning of `sqlite3_vfs`, up to what sets a system call."""

    _fields_ = (
        ("version", _INT),
        ("file_size", _INT),
        ("longest_path", _INT),
        ("next", ctypes.c_void_p),
        ("name", _TEXT),
        ("data", ctypes.c_void_p),
        *((f"method_{number}", ctypes.c_void_p) for number in range(13)),
        ("set_call", ctypes.c_void_p),
        ("get_call", ctypes.c_void_p),
    )


_SET = ctypes.CFUNCTYPE(_INT, ctypes.c_void_p, _TEXT, ctypes.c_void_p)
_GET = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, _TEXT)


def find_vfs() -> _Vfs | None:
    """Return how SQLite reaches the system; None where it does not let others between."""
    try:
        find = ctypes.CDLL(_sqlite3.__file__).sqlite3_vfs_find
    except (AttributeError, OSError):  # built into Python, its names hidden
        return None
    find.restype = ctypes.POINTER(_Vfs)
    vfs: _Vfs = find(None).contents
    return vfs if vfs.version >= 3 and vfs.set_call else None


class Calls:
    """The calls that change a file, up to the one at which this process is killed."""

    def __init__(self, last: int) -> None:
        self.count, self._last = 0, last
        self._kept: list[object] = []

    def is_last(self) -> bool:
        """Count a call; return whether it is the one at which to end."""
        self.count += 1
        return self.count > self._last

    def pass_one(self) -> None:
        if self.is_last():
            end()

    def watch_python(self, *, links: bool) -> None:
        calls = self

        class TornFile(io.BufferedWriter):
            def write(self, data: Any, /) -> int:
                if calls.is_last():
                    super().write(data[: len(data) // 2])
                    super().flush()
                    end()
                return super().write(data)

        def counted(real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*arguments: Any, **options: Any) -> Any:
                calls.pass_one()
                return real(*arguments, **options)

            return call

        real_open, real_file = os.open, io.open

        def open_handle(path: Any, flags: int, *rest: Any, **options: Any) -> int:
            if flags & WRITING:
                calls.pass_one()
            return real_open(path, flags, *rest, **options)

        def open_file(path: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:
            if set(mode) & set("wax+"):
                calls.pass_one()
            return real_file(path, mode, *rest, **options)

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

        patched: Any = os
        if not links:
            patched.link = refuse
        for name in filter(partial(hasattr, os), CHANGES):
            setattr(os, name, counted(getattr(os, name)))
        patched.open = open_handle
        patched.fdopen = lambda handle, _: TornFile(io.FileIO(handle, "wb"))
        patched = io
        patched.open = open_file

    def watch_sqlite(self) -> None:
        vfs = find_vfs()
        if vfs is None:
            return
        at = ctypes.addressof(vfs)
        set_call, get_call = _SET(vfs.set_call), _GET(vfs.get_call)
        for name, (returned, *taken) in _OF_SQLITE.items():
            address = get_call(at, name)
            if address:
                kind = ctypes.CFUNCTYPE(returned, *taken, use_errno=True)
                ours = kind(partial(self._call_of_sqlite, name, kind(address)))
                self._kept.append(ours)
                set_call(at, name, ctypes.cast(ours, ctypes.c_void_p))

    def _call_of_sqlite(self, name: bytes, real: Callable[..., int], *values: Any) -> int:
        opens = name == b"open"
        changes = not opens or (values[1] & os.O_CREAT and not os.path.lexists(values[0]))
        if changes and self.is_last():
            if b"write" in name:
                handle, data, size, *place = values
                real(handle, data, size // 2, *place)
            end()
        return real(*values)


def end() -> None:
    """Kill this process."""
    os.kill(os.getpid(), signal.SIGKILL)


def run_apart(step: Callable[[], object], *, last: int = NEVER, links: bool = True) -> int | None:
    """Carry out a step in a copy of this process, which is killed after so many calls.

    Args:
        step: The step; fails by any exception.
        last: How many calls that change a file are let pass.
        links: Whether the file system has hard links.

    Returns:
        How many calls there were; None if it was killed.

    Raises:
        AssertionError: The step failed.
    """
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that another thread may hold a lock
        child = os.fork()
    if not child:
        _be_child(step, last, writer, links=links)
    os.close(writer)
    with open(reader, "rb") as pipe:  # noqa: PTH123 -- a handle
        told = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        assert not told
        return None
    assert os.WEXITSTATUS(status) == 0, told
    return int(told)


def _be_child(step: Callable[[], object], last: int, writer: int, *, links: bool) -> None:
    code, told = 1, ""
    write, leave = os.write, os._exit
    try:
        calls = Calls(last)
        calls.watch_sqlite()
        calls.watch_python(links=links)
        step()
        code, told = 0, str(calls.count)
    except BaseException:  # noqa: BLE001 -- whatever it is, the other process tells it
        told = traceback.format_exc()
    finally:
        write(writer, told.encode())
        sys.stdout.flush()
        leave(code)
