"""Checks once a day that all pages of the progress file are as SQLite writes them.

The check of all pages takes 50 ms for 100,000 answers. So the state of a file that passed it, or
that this program changed after that, is noted in the cache; a file in that state is not checked
again on the same day. Only the start of the app saves the time: whatever else opens the file to
write checks each page.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, suppress
from threading import Thread
from typing import TYPE_CHECKING

from sco_quiz.files import keep_note, make_folder, read_note

if TYPE_CHECKING:
    from pathlib import Path

CHECK = "PRAGMA main.quick_check(1)"
"""The statement that has SQLite check each page, up to the first that cannot be right."""
_NOTE = "whole-pages"
_checks: dict[Path, _Check] = {}


def look_ahead(path: Path, cache: Path) -> None:
    """Begin to check the pages of a file that is about to be opened, in a thread, if need be.

    Args:
        path: The file.
        cache: The folder for the note of the state that passed.
    """
    note = ""
    with suppress(OSError):
        note = read_note(cache / _NOTE)
    _checks[path] = _Check(path, note)


def take_for_whole(path: Path) -> None:
    """Have a file not be checked that is about to be opened: a program that has it open did that.

    As long as a check reads the file, nobody can commit an answer to it.
    """
    with suppress(OSError):
        _checks[path] = _Check(path, _state_of(path))


def found_whole(path: Path) -> bool:
    """Wait for a check that was begun; return True, once, if the file passed as it is."""
    look = _checks.pop(path, None)
    return look is not None and look.has_passed()


def leave_whole(path: Path, cache: Path) -> None:
    """Note the state of a file that passed the check and that this program now leaves."""
    with suppress(OSError):
        make_folder(cache, private=True)
        keep_note(cache / _NOTE, _state_of(path))


def _state_of(path: Path) -> str:
    look = path.stat()
    return f"{time.time() // 86_400:.0f} {look.st_ino} {look.st_size} {look.st_mtime_ns}"


class _Check:
    """A check in a thread. If it fails, opening the file checks again, and tells the error."""

    def __init__(self, path: Path, state_that_passed: str) -> None:
        self._path = path
        self._state_that_passed = state_that_passed
        self._thread = Thread(target=self._run, daemon=True)
        if not self.has_passed():
            self._thread.start()

    def _run(self) -> None:
        with suppress(sqlite3.Error, OSError):
            before = _state_of(self._path)
            if not self._path.is_file():  # a pipe would block
                return
            uri = f"{self._path.absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(uri, uri=True)) as db:
                db.execute("PRAGMA cell_size_check = ON")
                ((result,),) = db.execute(CHECK)
            if result == "ok":
                self._state_that_passed = before

    def has_passed(self) -> bool:
        if self._thread.ident is not None:
            self._thread.join()
        try:
            return self._state_that_passed == _state_of(self._path)
        except OSError:
            return False
