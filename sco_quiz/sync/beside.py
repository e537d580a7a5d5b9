"""Syncing beside somebody who studies: in a process of its own, but for what takes a moment.

Python runs one thread at a time, so a key would wait for a thread that takes rows. The process ends
with this one: what it took until then is in the log, and the rest comes with the next sync.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz.own_process import call_beside
from sco_quiz.sync.syncing import SyncOutcome, look, synchronise

if TYPE_CHECKING:
    from sco_quiz.learning.study_day import Moment
    from sco_quiz.paths import Paths


def synchronise_beside(paths: Paths, now: Moment, where: str) -> SyncOutcome:
    """Take what other devices did, and give them what this one did, in nobody's way.

    For a thread. What needs another progress file is left to a sync by itself.

    Args:
        paths: Where things are.
        now: The present.
        where: See `open_carrier`; nobody is asked for a password.

    Raises:
        SyncError: The carrier cannot be used.
        ProgressError: The log cannot be used or written.
    """
    return look(paths, where) or call_beside(_synchronise, paths, now, where)


def _synchronise(paths: Paths, now: Moment, where: str) -> SyncOutcome:
    return synchronise(paths, lambda: now, where, quietly=True)
