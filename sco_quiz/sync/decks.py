"""Decks in the shared folder: the learner's decks folder becomes a link to `decks` in it.

So each deck keeps its path, and all that hangs on that: the index, images, imports that can be
taken back. Turned off, the folder is made again, with copies of what lies in the shared one.
"""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz import files
from sco_quiz.numbers_and_times import many, plural
from sco_quiz.sync.carrier import SyncError
from sco_quiz.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sco_quiz.paths import Paths

MOST_FILES = 100_000
"""Files of a decks folder that are moved."""
MOST_BYTES = 1 << 30
"""Of one of them."""
_BEFORE = "decks-before-sync"
_NEW = ".decks-new"


def share_decks(paths: Paths, where: str, day: str) -> str:
    """Move the learner's decks into the shared folder, and link the decks folder to there.

    A deck that is there with another content stays as it is; this device's is put beside it under
    the name of a conflict copy, which is told as a problem and never loaded.

    Args:
        paths: Where the decks are.
        where: The shared folder.
        day: Today, as it stands in the names of conflict copies.

    Returns:
        What was done, in words.

    Raises:
        SyncError: It could not be done; the decks are where they were.
    """
    own, shared = paths.decks_folder, Path(where) / "decks"
    try:
        _finish(paths)
        if own.is_symlink():
            if own.resolve() == shared.resolve():
                return "The decks are there already."
            raise SyncError(
                f"{own} is a link to somewhere else", "put a folder in its place, then try again"
            )
        if not shared.parent.is_dir():
            raise SyncError(f"{shared.parent} is not there", "connect its disk")
        files.make_folder(shared)
        files.make_folder(own)
        new = own.with_name(_NEW)
        files.remove(new)
        _link(new, shared)
        moved, beside = _copy(own, shared, day)
        own.rename(own.with_name(_BEFORE))
        new.rename(own)
        files.sync_folder(own.parent)
        _finish(paths)
    except OSError as error:
        raise _unusable(error) from error
    told = (
        f"{many(moved, 'file')} of decks {plural(moved, 'is', 'are')} in {clean(str(shared))} now."
    )
    if beside:
        told += f" {many(beside, 'differs', 'differ')} from what was there: see `sco-quiz check`."
    if (before := own.with_name(_BEFORE)).is_dir():
        told += f" Files that are not decks, and hidden folders, are left in {clean(str(before))}."
    return told


def _link(path: Path, folder: Path) -> None:
    try:
        path.symlink_to(folder, target_is_directory=True)
    except (OSError, NotImplementedError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SyncError(
            f"no link to {folder} can be made in {path.parent} ({reason})",
            "on Windows turn on Developer Mode, elsewhere use a disk that has links; or keep decks"
            f" in {folder} and read them from there: `sco-quiz config decks FOLDER`",
        ) from error


def keep_decks(paths: Paths) -> str:
    """Make the decks folder one of this device again, with copies of the shared decks.

    Returns:
        What was done, in words; empty where the decks are not shared.

    Raises:
        SyncError: It could not be done; the decks are where they were.
    """
    own = paths.decks_folder
    try:
        _finish(paths)
        if not own.is_symlink():
            return ""
        new = own.with_name(_NEW)
        if new.is_dir() and not new.is_symlink():
            shutil.rmtree(new)
        files.remove(new)
        new.mkdir()
        if not own.is_dir():
            raise SyncError(
                f"{own} leads to {own.readlink()}, which is not there",
                "connect its disk, so that the decks can be copied from there",
            )
        copied, _ = _copy(own, new, "")
        own.unlink()
        new.rename(own)
        files.sync_folder(own.parent)
    except OSError as error:
        raise _unusable(error) from error
    return f"{many(copied, 'file')} of decks copied back; the shared ones stay where they are."


def _finish(paths: Paths) -> None:
    """Finish a move that was broken off: link, if need be, and drop what was copied as it is."""
    own = paths.decks_folder
    before, new = own.with_name(_BEFORE), own.with_name(_NEW)
    if not os.path.lexists(own) and os.path.lexists(new):
        new.rename(own)
    if not before.is_dir() or not own.is_symlink() or not own.is_dir():
        return
    for path in list(_files_in(before)):
        other = own / path.relative_to(before)
        if other.is_file() and other.read_bytes() == path.read_bytes():
            path.unlink()
    for folder, _, _ in os.walk(before, topdown=False):
        if not os.listdir(folder):  # noqa: PTH208 -- a folder that holds anything stays
            Path(folder).rmdir()


def _copy(source: Path, target: Path, day: str) -> tuple[int, int]:
    """Copy the files of a folder; return how many were copied, and how many under another name."""
    copied = beside = 0
    for path in _files_in(source):
        data = files.read_plain(path, MOST_BYTES)
        other = target / path.relative_to(source)
        files.make_folder(other.parent)
        if other.exists():
            if other.read_bytes() == data:
                continue
            owner = clean(platform.node(), multiline=False).replace("/", "-") or "this device"
            other = other.with_name(f"{other.stem} ({owner}'s conflicted copy {day}){other.suffix}")
            beside += 1
            if other.exists():
                continue
        files.put(other, data)
        copied += 1
    return copied, beside


def _files_in(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder; hidden ones and what links lead to are left out.

    Raises:
        SyncError: There are too many.
    """
    left = MOST_FILES
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in sorted(names):
            path = Path(parent, name)
            left -= 1
            if left < 0:
                raise SyncError(
                    f"{folder} holds more than {MOST_FILES:,} files",
                    "move out everything that is not a deck or an image of one",
                )
            if not name.startswith(".") and path.is_file():
                yield path


def _unusable(error: OSError) -> SyncError:
    return SyncError(
        f"{error.filename}: cannot be used ({error.strerror})",
        "nothing is lost: see that there is room and that you may write there, then try again",
    )
