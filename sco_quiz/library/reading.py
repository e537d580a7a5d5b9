"""Deck files into what the index holds of them: little here, much in several processes.

Beside being faster, that keeps an app quick that waits for it in a thread: Python runs one thread
at a time.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack, redirect_stderr
from itertools import islice
from typing import TYPE_CHECKING

from sco_quiz.library.folders import contents

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from importlib.resources.abc import Traversable

    from sco_quiz.library.index import Entry

MUCH = 3_000_000
"""Bytes that one process reads in half a second; others take a third of that to start."""

MOST_PROCESSES = 4
"""One process writes the index as fast as four read."""


def read_files(files: Sequence[tuple[str, Traversable]], size: int) -> Generator[Entry, None, None]:
    """Read deck files, in order.

    Args:
        files: Each file's name, and what to read it from.
        size: How many bytes they have, about.
    """
    done = 0
    processes = min(os.cpu_count() or 1, MOST_PROCESSES, len(files))
    if size >= MUCH and processes > 1:
        for entry in _read_in(processes, files):
            yield entry
            done += 1
    for path, file in islice(files, done, None):
        yield _read(path, file)


def _read_in(processes: int, files: Sequence[tuple[str, Traversable]]) -> Iterator[Entry]:
    """As many of the files as other processes can be had for."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    with ExitStack() as stack:
        try:
            _start_tracker()
            # Never by a fork: the app has threads.
            pool = ProcessPoolExecutor(processes, get_context("spawn"), _let_the_parent_decide)
            stack.callback(pool.shutdown, cancel_futures=True)
            yield from pool.map(_read, *zip(*files, strict=True))
        except (BrokenProcessPool, OSError, ImportError):
            return  # a system without semaphores, or with no room for more processes


def _start_tracker() -> None:
    """Start what cleans up after processes: under an app that holds stderr it could not start."""
    if os.name != "posix":
        return
    from multiprocessing import resource_tracker

    with redirect_stderr(sys.__stderr__):
        resource_tracker.ensure_running()


def _let_the_parent_decide() -> None:
    """Leave an interrupt at the keyboard, which reaches every process, to the one that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _read(path: str, file: Traversable) -> Entry:
    from sco_quiz.library.decks import DeckFile, read_deck
    from sco_quiz.library.index import Entry

    data = contents(file)
    return Entry.of(read_deck(path, data) if isinstance(data, bytes) else DeckFile(None, (data,)))
