"""Reads deck files into rows for the index: a few here, many in several processes.

That is faster, and the app stays quick while a thread waits for it, since Python runs one thread at
a time. The processes are started here and answer through a pipe: those of `multiprocessing` need
semaphores, which not every system has, and an stderr that is a file, which the app has not.
"""

from __future__ import annotations

import os
import pickle
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from sco_quiz.collector import collector_paused
from sco_quiz.library.decks import DeckFile, contents, read_deck
from sco_quiz.library.filling import IndexEntry, encode
from sco_quiz.own_process import GoneError, messages, reply, started

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable

Written: TypeAlias = "Mapping[tuple[str, bytes], bytes]"
"""The rows for decks that were just written, encoded, by the names and bytes of their files."""

MUCH = 3_000_000
"""The number of bytes from which several processes read: one needs half a second for them, and
to start others takes a third of that."""

MOST_PROCESSES = 4
"""The most processes: one writes the index as fast as four read."""


def read_files(
    files: Sequence[tuple[str, Traversable]],
    size: int,
    written: Written = MappingProxyType({}),
) -> Generator[IndexEntry, None, None]:
    """Read deck files, in order.

    Args:
        files: The name of each file, and the file to read.
        size: The number of their bytes, roughly.
        written: As `Written`; what is in it need not be read again.
    """
    done = 0
    processes = min(os.cpu_count() or 1, MOST_PROCESSES, len(files))
    if size >= MUCH and processes > 1 and all(isinstance(file, Path) for _, file in files):
        for entry in _read_in_processes(processes, files):
            yield entry
            done += 1
    for path, file in islice(files, done, None):
        yield IndexEntry.of(_read(path, file, written))


def _read_in_processes(
    processes: int, files: Sequence[tuple[str, Traversable]]
) -> Iterator[IndexEntry]:
    """Read files in other processes, each its share in turn; stop if no process can be started."""
    with ExitStack() as stack:
        try:
            readers = []
            for number in range(processes):
                reader = stack.enter_context(started(__name__))
                reader.send(pickle.dumps(files[number::processes]))
                readers.append(reader)
            for number in range(len(files)):
                yield IndexEntry.of(readers[number % processes].receive())
        except GoneError:
            return  # no room for more processes, or one was ended


def _read(path: str, file: Traversable, written: Written = MappingProxyType({})) -> bytes:
    data = contents(file)
    if not isinstance(data, bytes):
        return encode(DeckFile(None, (data,)))
    return written.get((file.name, data)) or encode(read_deck(path, data))


def _serve() -> None:
    """Read the files that another process names."""
    with collector_paused():
        for path, file in pickle.loads(next(messages())):  # noqa: S301 -- from ourselves
            reply(_read(path, file))


if __name__ == "__main__":
    _serve()
