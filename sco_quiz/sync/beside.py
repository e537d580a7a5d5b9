"""Syncing beside somebody who studies: in a process of its own, but for what takes a moment.

Python runs one thread at a time, so a key would wait for a thread that takes rows. The process ends
with this one: what it took until then is in the log, and the rest comes with the next sync.
"""

from __future__ import annotations

import os
import pickle
import sys
from subprocess import DEVNULL, PIPE, Popen
from threading import Thread
from typing import IO, TYPE_CHECKING, cast

from sco_quiz.errors import SCOQuizError
from sco_quiz.own_process import command_of
from sco_quiz.sync.syncing import SyncOutcome, look, synchronise

if TYPE_CHECKING:
    from sco_quiz.learning.study_day import Moment
    from sco_quiz.paths import Paths

_POLITENESS = 5
"""By so much the process gives way to others, as `nice` counts it."""


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
    outcome = look(paths, where) or _in_process(paths, now, where)
    if outcome is None:  # there is no room for a process, or it was ended
        return synchronise(paths, lambda: now, where, quietly=True)
    if isinstance(outcome, SCOQuizError):
        raise outcome
    return outcome


def _in_process(paths: Paths, now: Moment, where: str) -> SyncOutcome | SCOQuizError | None:
    command, environment = command_of(__name__)
    try:
        with Popen(  # noqa: S603 -- ourselves
            command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=environment,
            start_new_session=True,  # ctrl+z must not stop it while it has the log locked
        ) as process:
            # Left open: its end is what tells the process that this one is gone.
            pipe = cast("IO[bytes]", process.stdin)
            pickle.dump((paths, now, where), pipe)
            pipe.flush()
            found: SyncOutcome | SCOQuizError = pickle.load(cast("IO[bytes]", process.stdout))  # noqa: S301 -- from ourselves
            return found
    except (OSError, EOFError, pickle.UnpicklingError):
        return None


def _serve() -> None:
    """Do the sync that standard input names, and write what came of it to standard output."""
    if hasattr(os, "nice"):
        os.nice(_POLITENESS)
    paths, now, where = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from ourselves
    Thread(target=_end_with_parent, daemon=True).start()
    found: SyncOutcome | SCOQuizError
    try:
        found = synchronise(paths, lambda: now, where, quietly=True)
    except SCOQuizError as error:
        found = error
    pickle.dump(found, sys.stdout.buffer)


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # by the buffer of `sys.stdin` Python could not end
    os._exit(1)


if __name__ == "__main__":
    _serve()
