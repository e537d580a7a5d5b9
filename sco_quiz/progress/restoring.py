"""Brings events back from backups: puts one in the place of the progress file, or takes in events.

Events that the learner does not want back are left behind, and the log says so.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from sco_quiz.errors import ProgressError
from sco_quiz.files import unfinished
from sco_quiz.progress.backup import write_copy
from sco_quiz.progress.backup_reach import find_backups_ahead, heads_in, united
from sco_quiz.progress.database import connect
from sco_quiz.progress.file import errors_in_words
from sco_quiz.progress.log import Event, left_behind
from sco_quiz.progress.renewing import log_in_backup
from sco_quiz.progress.replacing import put_in_place, set_aside
from sco_quiz.progress.store import Progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sco_quiz.learning.study_day import Moment
    from sco_quiz.progress.backup_reach import Heads


def restore(path: Path, source: Path, now: Moment) -> Path | None:
    """Put a backup in the place of the progress file, which is kept aside.

    Other backups with events that this one lacks are set aside, and the log notes that the learner
    left those events behind.

    Programs that have the file open refuse the next answer: they notice that it was replaced.

    Args:
        path: The progress file; it may be missing or unreadable.
        source: The backup; stays as it is.
        now: The moment of the event that says so.

    Returns:
        The path of the replaced file; None if there was none.

    Raises:
        DamagedError: The backup is damaged; nothing was changed.
        ProgressError: It cannot be used or put in place; nothing was changed.
    """
    if not source.is_file():
        raise ProgressError(f"there is no file {source}", "name the file of a backup")
    with errors_in_words(path), unfinished(path.parent) as new:
        write_copy(source, new)
        with closing(connect(new)) as db:
            lacking_here = find_backups_ahead(db, path)
        if lacking_here:
            with Progress.open(new) as progress:
                progress.append(left_behind(now, united(lacking_here.values())))
        aside = put_in_place(new, path, "before-restore")
        for backup in lacking_here:
            set_aside(backup)
    return aside


def bring_back(progress: Progress) -> int:
    """Take in the events that backups of a progress file hold and the file itself lacks.

    From a damaged backup, the events before the damage are taken in.

    Returns:
        The number of events taken in.

    Raises:
        ProgressError: The file cannot be written, two events with one id differ, or not all could
            be read.
    """
    added = 0
    for backup in reversed([*find_backups_ahead(progress.connection, progress.path)]):
        events, devices = log_in_backup(backup)
        added += progress.merge(_without_gaps(heads_in(progress.connection), events), own=devices)
    for backup in find_backups_ahead(progress.connection, progress.path):
        raise ProgressError(
            f"{backup} is damaged; {added:,} events were brought back, and the rest cannot be read",
            "`sco-quiz restore --set-aside` keeps that backup apart, and goes on without",
        )
    return added


def _without_gaps(heads: Heads, events: Iterable[Event]) -> Iterator[Event]:
    """Yield the events that continue a log without a gap, and those that it has already."""
    last = {device: seq for device, (seq, _) in heads.items()}
    for event in sorted(events):
        known = last.get(event.device, 0)
        if event.seq <= known + 1:
            last[event.device] = max(event.seq, known)
            yield event


def leave_behind(progress: Progress, now: Moment) -> list[Path]:
    """Note in the log that the events that only backups hold are given up; set those aside.

    Returns:
        The paths that these backups had.

    Raises:
        ProgressError: The log or the folder could not be written.
    """
    lacking_here = find_backups_ahead(progress.connection, progress.path)
    if lacking_here:
        progress.append(left_behind(now, united(lacking_here.values())))
        with errors_in_words(progress.path):
            for backup in lacking_here:
                set_aside(backup)
    return [*lacking_here]
