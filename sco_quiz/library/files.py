"""Writes deck files: completely or not at all, and never over another program's changes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.files import make_folder, put, put_over, read_plain, remove
from sco_quiz.library.decks import read_deck
from sco_quiz.library.diagnostics import Severity
from sco_quiz.library.folders import Stamp
from sco_quiz.library.yaml_reading import MAX_BYTES
from sco_quiz.paths import shipped_decks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sco_quiz.library.decks import DeckFile
    from sco_quiz.library.diagnostics import Diagnostic

_BOM = "\ufeff"


def edit_file(path: Path, change: Callable[[str], str], *, write: bool = True) -> bool:
    """Change the text of a deck file.

    The file keeps its mode, its byte order mark and its line ends; for a link, the file that it
    leads to is changed. Nothing is written if the result has an error that the text had not.

    Args:
        path: The file; not one of the shipped decks.
        change: Returns the new text for the present one, which has no byte order mark; or raises
            DeckError if it is not the expected text.
        write: False to try the change without writing.

    Returns:
        True if the text changed, or would change.

    Raises:
        DeckError: The file cannot be read or written, came with the app, or another program changes
            it meanwhile; or the change cannot be made. The file is as it was.
    """
    if is_shipped(path):
        raise DeckError(
            f"{path} came with the app and is not changed",
            f"make a copy of your own first: `sco-quiz add {path}`",
        )
    try:
        stat_before = path.stat()
        data = read_plain(path, MAX_BYTES)
    except OSError as error:
        raise DeckError(
            f"{path} cannot be read ({error.strerror})", "check that it is there and readable"
        ) from None
    stamp = Stamp.of(stat_before)
    if len(data) != stamp.size:
        raise _changed_meanwhile(path)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise DeckError(f"{path} is not UTF-8", "save it as UTF-8 in your editor") from None
    bom = _BOM if text.startswith(_BOM) else ""
    text = text.removeprefix(_BOM)
    try:
        changed = change(text)
    except DeckError as error:
        raise DeckError(f"{path}: {error.message}", error.help) from None
    if changed == text:
        return False
    new = (bom + changed).encode()
    if (problem := _new_error(read_deck(path, data), read_deck(path, new))) is not None:
        raise DeckError(
            f"{path}: this cannot be written: {problem.message} (line {problem.line})", problem.help
        )
    if not write:
        return True
    target = path.resolve()
    try:
        stat_now = target.stat()
        if not os.access(target, os.W_OK):
            raise _write_protected(path)
        if Stamp.of(stat_now) != stamp:
            raise _changed_meanwhile(path)
        put(target, new, stat_now)
    except OSError as error:
        raise cannot_write(path, error) from None
    return True


def write_new(path: Path, data: bytes | Iterable[bytes], *, private: bool = False) -> None:
    """Write a new file, and make the folders it lies in.

    Args:
        path: The file.
        data: Its contents, whole or in parts.
        private: True to let only the owner read the file and the new folders.

    Raises:
        DeckError: The file exists, or cannot be written.
    """
    try:
        make_folder(path.parent, private=private)
        put(path, data, private=private)
    except OSError as error:
        if isinstance(error, FileExistsError) and os.path.lexists(path):
            raise DeckError(
                f"{path} is already there", "choose another name, or edit that"
            ) from None
        raise cannot_write(path, error) from None


def read_text(path: Path) -> str:
    """Return the text of a deck file, without a byte order mark.

    Raises:
        DeckError: It cannot be read, or is not UTF-8.
    """
    try:
        return read_data(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DeckError(f"{path} is not UTF-8", "save it as UTF-8 in your editor") from None


def read_data(path: Path) -> bytes:
    """Return the bytes of a deck file.

    Raises:
        DeckError: It cannot be read, is no plain file, or is too large for a deck.
    """
    try:
        return read_plain(path, MAX_BYTES)
    except OSError as error:
        raise DeckError(
            f"{path} cannot be read ({error.strerror})", "check that it is there and readable"
        ) from None


def put_back(path: Path, before: bytes | None) -> None:
    """Write the earlier contents of a file again; None removes the file.

    Raises:
        DeckError: It cannot be written.
    """
    try:
        if before is None:
            remove(path)
        else:
            make_folder(path.parent)
            put_over(path, before)
    except OSError as error:
        raise cannot_write(path, error) from None


def is_shipped(path: Path) -> bool:
    """Return True if a file came with the app."""
    folder = shipped_decks()
    if not isinstance(folder, Path):
        return False
    # Unlike `Path.resolve`, this does not fail for a link that leads to itself.
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _new_error(before: DeckFile, after: DeckFile) -> Diagnostic | None:
    """Return an error that only the changed file has; None for none. An empty deck is no error."""
    old_errors, new_errors = (
        [
            problem
            for problem in file.diagnostics
            if problem.severity is Severity.ERROR and problem.code != "E309"
        ]
        for file in (before, after)
    )
    if len(new_errors) <= len(old_errors):
        return None
    remaining = [(problem.code, problem.message) for problem in old_errors]
    for problem in new_errors:
        if (problem.code, problem.message) not in remaining:
            return problem
        remaining.remove((problem.code, problem.message))
    return new_errors[-1]


def _changed_meanwhile(path: Path) -> DeckError:
    return DeckError(
        f"{path} was changed by another program meanwhile; nothing was written",
        "look at the deck as it is now, then make the change again",
    )


def _write_protected(path: Path) -> DeckError:
    return DeckError(f"{path} is write-protected", "allow it to be written, then try again")


def cannot_write(path: Path, error: OSError) -> DeckError:
    """Return the error for a file that cannot be written."""
    return DeckError(
        f"{path} cannot be written ({error.strerror})", "check its permissions and the free space"
    )
