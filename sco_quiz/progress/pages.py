"""Whether all pages of the progress file are as SQLite writes them: looked at once a day.

A look at each page takes 50 ms for 100,000 answers. So what state of the file was found whole, or
was left by this program after that, is noted in the cache; a file in that state is not looked at
again on the same day. Nothing but the start of the app is so quick: what else opens the file to
write has each page looked at.
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
"""Has SQLite look at each page, up to the first that cannot be right."""
_NOTE = "whole-pages"
_ahead: dict[Path, _Look] = {}


def look_ahead(path: Path, cache: Path) -> None:
    """Begin to look at the pages of a file that is about to be opened, in a thread, if need be.

    Args:
        path: The file.
        cache: The folder in which it is noted what was found whole.
    """
    _ahead[path] = _Look(path, cache)


def found_whole(path: Path) -> bool:
    """Whether a look ahead found the file as it is now whole; waits for it. Holds once."""
    look = _ahead.pop(path, None)
    return look is not None and look.has_passed()


def leave_whole(path: Path, cache: Path) -> None:
    """Note the state in which a file is left that was found whole."""
    with suppress(OSError):
        make_folder(cache, private=True)
        keep_note(cache / _NOTE, _state_of(path))


def _state_of(path: Path) -> str:
    found = path.stat()
    return f"{time.time() // 86_400:.0f} {found.st_ino} {found.st_size} {found.st_mtime_ns}"


class _Look:
    """What does not pass, or cannot be opened, is looked at anew by who opens the file."""

    def __init__(self, path: Path, cache: Path) -> None:
        self._path = path
        self._whole = ""
        self._thread = Thread(target=self._run, daemon=True)
        try:
            self._whole = read_note(cache / _NOTE)
            is_known = self._whole == _state_of(path)
        except OSError:
            is_known = False
        if not is_known:
            self._thread.start()

    def _run(self) -> None:
        with suppress(sqlite3.Error, OSError):
            before = _state_of(self._path)
            if not self._path.is_file():  # a pipe would be waited for
                return
            uri = f"{self._path.absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(uri, uri=True)) as db:
                db.execute("PRAGMA cell_size_check = ON")
                ((found,),) = db.execute(CHECK)
            if found == "ok":
                self._whole = before

    def has_passed(self) -> bool:
        if self._thread.ident is not None:
            self._thread.join()
        try:
            return self._whole == _state_of(self._path)
        except OSError:
            return False
