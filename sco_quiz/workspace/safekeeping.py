"""Keeps the progress file safe: backups, examination, restoring and mending."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz import config as settings
from sco_quiz.errors import DamagedError, ForeignFileError, ProgressError, SCOQuizError, UsageError
from sco_quiz.files import is_at_work, what_is_at
from sco_quiz.library import index
from sco_quiz.own_process import call_beside
from sco_quiz.paths import find_paths
from sco_quiz.progress import backup, backup_reach, database, doctor, file, renewing, restoring
from sco_quiz.progress.store import Progress
from sco_quiz.workspace.opening import system_now

if TYPE_CHECKING:
    from pathlib import Path

    from sco_quiz.learning.study_day import Moment
    from sco_quiz.paths import Paths
    from sco_quiz.progress.backup import Contents
    from sco_quiz.progress.doctor import Examination

MUCH = 2_000_000
"""The number of bytes from which another process makes a backup: to start one takes as long as to
copy and prove so many."""


def back_up(path: Path, today: int, target: Path | None = None) -> Path:
    """Copy the progress file.

    Args:
        path: The progress file.
        today: The study day.
        target: A new file, or a folder to put it in; None for today's backup.

    Returns:
        The copy.

    Raises:
        UsageError: There is nothing to copy yet, `target` is there already, or its folder is not.
        BehindError: The progress file knows less than its backups.
        ProgressError: The progress file is damaged, or the copy could not be written.
    """
    if target is None:
        new_backup = backup.back_up(path, today)
        if new_backup is None:
            raise UsageError("there is nothing to back up yet", "study something first")
        return new_backup
    if target.is_dir():
        target /= backup.name_of(today)
    if target.exists():
        raise UsageError(f"{target} is there already", "choose another name")
    if not target.parent.is_dir():  # to make it could put the copy where a disk is not plugged in
        raise UsageError(
            f"there is no folder {target.parent}", "make it first, or plug in the disk it is on"
        )
    backup.write_copy(path, target)
    return target


def back_up_if_due(path: Path, today: int, *, beside: bool = False) -> None:
    """Make today's backup unless there is one; it can be called in a thread.

    Args:
        path: The progress file.
        today: The study day.
        beside: True to have a large file proved by another process: it takes seconds of work.

    Raises:
        ProgressError: The progress file is damaged, or the backup could not be written.
    """
    if date.fromordinal(today) not in backup_reach.backups_of(path):
        if not (beside and path.exists() and path.stat().st_size >= MUCH):
            backup.back_up(path, today)
        elif not is_at_work(backup_reach.folder_of(path)):  # a process that outlived an app, say
            call_beside(backup.back_up, path, today, outlives=True)
    backup_reach.note_reach(path)


class RestoreEffect(NamedTuple):
    """The effect that a restore would have.

    Attributes:
        path: The progress file.
        here: Its contents; None if it is missing or cannot be used.
        trouble: The reason why it cannot be used; empty if it can.
        there: The contents of the backup.
        only_here: The number of events that the backup lacks.
    """

    path: Path
    here: Contents | None
    trouble: str
    there: Contents
    only_here: int


def compare(source: Path) -> RestoreEffect:
    """Compare the progress file with a backup.

    Raises:
        UsageError: The file is not there, or holds no progress.
        ProgressError: The backup cannot be used.
    """
    path = find_paths().progress_file
    if not source.is_file():
        raise UsageError(f"{source} {what_is_at(source)}", "name the file of a backup")
    try:
        backup.prove(source)
    except ForeignFileError as error:
        raise UsageError(error.message, "name the file of a backup; nothing was changed") from None
    there = backup.contents_of(source)
    if not path.exists():
        return RestoreEffect(path, None, "", there, 0)
    try:
        only_here = len(backup.ids_of(path) - backup.ids_of(source))
        return RestoreEffect(path, backup.contents_of(path), "", there, only_here)
    except ProgressError as error:
        return RestoreEffect(path, None, error.message, there, 0)


def restore(source: Path) -> Path | None:
    """Put a backup in the place of the progress file.

    Returns:
        The path of the replaced file; None if there was none.

    Raises:
        ProgressError: The backup is damaged or cannot be used; nothing was changed.
    """
    return restoring.restore(find_paths().progress_file, source, _now())


def bring_back() -> int:
    """Take in the events that the backups hold and the progress file lacks; mend it if need be.

    Returns:
        The number of events taken in.

    Raises:
        ProgressError: It cannot be used or written.
    """
    path = find_paths().progress_file
    try:
        progress = Progress.open(path)
    except DamagedError:
        mended = renewing.mend(path)
        return mended.added if mended else 0
    with progress:
        return restoring.bring_back(progress)


def leave_behind() -> list[Path]:
    """Note in the log that the events that only backups hold are given up; set those aside.

    Returns:
        The paths that these backups had.

    Raises:
        ProgressError: The progress file cannot be used or written.
    """
    with Progress.open(find_paths().progress_file) as progress:
        return restoring.leave_behind(progress, _now())


def _now() -> Moment:
    config, _ = settings.load(find_paths().config_file)
    return system_now(config.rollover)


def examine() -> Examination:
    """Examine the progress file.

    Raises:
        ProgressError: It cannot be used at all.
    """
    return doctor.examine(find_paths().progress_file)


def rebuild() -> str:
    """Replay the log into new views; a damaged file is mended first.

    Returns:
        A sentence on what was done.

    Raises:
        ProgressError: It cannot be used or written.
    """
    path = find_paths().progress_file
    if not path.exists():
        return f"There is no progress file yet: {path}"
    mended = doctor.rebuild(path)
    return mended.in_words() if mended else "All views were rebuilt from the log."


def trouble_behind(error: BaseException, paths: Paths | None = None) -> SCOQuizError | None:
    """Return the error to show for an error that nobody caught.

    Args:
        error: The error.
        paths: The learner's folders, if not the platform's.

    Returns:
        The error in words; None if neither the progress file, the index nor their disk caused it.
    """
    paths = paths or find_paths()
    if isinstance(error, database.BAD_DATA) and index.is_damaged(paths.index_file):
        return SCOQuizError(
            f"{paths.index_file} was damaged meanwhile, by the disk or by another program",
            "start again: it is rebuilt from your decks; every answer that you gave is saved",
        )
    return file.trouble_behind(error, paths.progress_file)
