"""Writing deck files: wholly or not at all, and never over what somebody else wrote."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.files import make_folder, put, put_over, read_plain, remove
from sco_quiz.library.decks import read_deck
from sco_quiz.library.diagnostics import Severity
from sco_quiz.library.folders import Stamp
from sco_quiz.library.reader import MAX_BYTES
from sco_quiz.paths import shipped_decks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sco_quiz.library.decks import DeckFile
    from sco_quiz.library.diagnostics import Diagnostic

_BOM = "\ufeff"


def edit_file(path: Path, change: Callable[[str], str], *, write: bool = True) -> bool:
    """Change the text of a deck file.

    The file keeps its mode, its byte order mark and its line ends; where it is a link, what it
    links to is changed. Nothing is written if the result has an error that was not there before.

    Args:
        path: The file; not one of the shipped decks.
        change: Makes the new text of the present one, which has no byte order mark; or refuses it
            by a DeckError, if it is not the text that was expected.
        write: Whether to write the result, or only to try.

    Returns:
        Whether anything changed, or would.

    Raises:
        DeckError: The file cannot be read or written, came with the app, or is changed by somebody
            else meanwhile; or the change cannot be made. The file is as it was.
    """
    if is_shipped(path):
        raise DeckError(
            f"{path} came with the app and is not changed",
            f"make a copy of your own first: `sco-quiz add {path}`",
        )
    try:
        found = path.stat()
        data = read_plain(path, MAX_BYTES)
    except OSError as error:
        raise DeckError(
            f"{path} cannot be read ({error.strerror})", "check that it is there and readable"
        ) from None
    stamp = Stamp.of(found)
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
        now = target.stat()
        if not os.access(target, os.W_OK):
            raise _write_protected(path)
        if Stamp.of(now) != stamp:
            raise _changed_meanwhile(path)
        put(target, new, now)
    except OSError as error:
        raise cannot_write(path, error) from None
    return True


def write_new(path: Path, data: bytes | Iterable[bytes], *, private: bool = False) -> None:
    """Write a file that is not there yet, as a whole or in parts, and the folders it lies in.

    Args:
        path: The file.
        data: What it is to hold.
        private: Whether what is made is its owner's alone.

    Raises:
        DeckError: It is there, or cannot be written.
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
    """Return what a deck file holds, without a byte order mark.

    Raises:
        DeckError: It cannot be read, or is not UTF-8.
    """
    try:
        return read_data(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DeckError(f"{path} is not UTF-8", "save it as UTF-8 in your editor") from None


def read_data(path: Path) -> bytes:
    """Return what a deck file holds.

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
    """Give a file what it held before; None removes it.

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
    """Return whether a file came with the app."""
    folder = shipped_decks()
    if not isinstance(folder, Path):
        return False
    # Unlike `Path.resolve`, this takes a link that leads to itself for a file.
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _new_error(before: DeckFile, after: DeckFile) -> Diagnostic | None:
    """An error that a change brought in, if it did; an empty deck is none."""
    old, new = (
        [
            each
            for each in file.diagnostics
            if each.severity is Severity.ERROR and each.code != "E309"
        ]
        for file in (before, after)
    )
    if len(new) <= len(old):
        return None
    known = [(each.code, each.message) for each in old]
    for each in new:
        if (each.code, each.message) not in known:
            return each
        known.remove((each.code, each.message))
    return new[-1]


def _changed_meanwhile(path: Path) -> DeckError:
    return DeckError(
        f"{path} was changed by another program meanwhile; nothing was written",
        "look at the deck as it is now, then make the change again",
    )


def _write_protected(path: Path) -> DeckError:
    return DeckError(f"{path} is write-protected", "allow it to be written, then try again")


def cannot_write(path: Path, error: OSError) -> DeckError:
    """Return the error that tells of a file that cannot be written."""
    return DeckError(
        f"{path} cannot be written ({error.strerror})", "check its permissions and the free space"
    )
