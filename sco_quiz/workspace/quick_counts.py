"""Counts waiting cards and lists decks, without the cost of a workspace.

A shell prompt calls this again and again and waits for it. So nothing is imported or opened here
that the count does not need: no writing to the log, no reading of decks, no scheduling.
"""

from __future__ import annotations

import sqlite3
import time
import zlib
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz import config as settings
from sco_quiz.errors import UsageError
from sco_quiz.files import keep_note, read_note
from sco_quiz.learning.study_day import day_end
from sco_quiz.library.index import Index
from sco_quiz.paths import find_paths
from sco_quiz.progress.database import IS_HELD, code_of
from sco_quiz.progress.file import error_of_held_file, errors_in_words, open_to_read
from sco_quiz.workspace.agenda import Agenda
from sco_quiz.workspace.catalogue import Catalogue, HeaderSettings, state_of_files
from sco_quiz.workspace.opening import attach, open_library, system_now

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sco_quiz.learning.study_day import Moment
    from sco_quiz.paths import Paths

PATIENCE = 0.05
"""The seconds that a prompt waits for a program that writes, for progress file and index each."""
_NOTE = "due-short"
_MOST_NOTED = 20
"""The number of choices of decks whose last count is noted, the latest ones."""
_SETTLED_NS = 2_000_000_000
"""The age from which a file's times tell every later change; a clock may tick slowly."""


_UNKNOWN = "-"


class _Count(NamedTuple):
    """A number of waiting cards.

    Attributes:
        cards: The number.
        basis: A text that is another one when the number may be; `_UNKNOWN` if there is none.
    """

    cards: int
    basis: str


class _HeldError(Exception):
    """Another program is writing, and a prompt does not wait for it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path


def waiting(decks: Sequence[str] = ()) -> int | None:
    """Count the cards that wait today; while another program writes, return the last count.

    Args:
        decks: Names of decks; none for all.

    Returns:
        The count; None if decks have to be read or edited cards re-linked first, if a name fits no
        deck, or if something is wrong with the index.

    Raises:
        ConfigError: The settings cannot be used.
        ProgressError: The progress file cannot be used; or another program is writing, and no count
            is known from before.
    """
    paths = find_paths()
    noted, name = _noted(paths), _key_of_choice(decks)
    known = noted.get(name)
    try:
        count = _count(paths, decks, known)
    except UsageError:
        return None
    except _HeldError as error:
        if known is None:
            raise error_of_held_file(error.path) from None
        return known.cards
    if count is None:
        return None
    _note(paths, noted, name, count)
    return count.cards


def note_waiting(decks: Sequence[str], count: int) -> None:
    """Note the number of waiting cards, for times when it cannot be counted."""
    paths = find_paths()
    _note(paths, _noted(paths), _key_of_choice(decks), _Count(count, _UNKNOWN))


def _note(paths: Paths, noted: dict[str, _Count], name: str, count: _Count) -> None:
    if noted.pop(name, None) != count:
        noted[name] = count
        lines = [f"{each.cards} {each.basis} {known}\n" for known, each in noted.items()]
        keep_note(paths.cache / _NOTE, "".join(lines[-_MOST_NOTED:]))


def _count(paths: Paths, decks: Sequence[str], known: _Count | None) -> _Count | None:
    """Count the cards that wait, unless they are known and nothing has changed since."""
    config, _ = settings.load(paths.config_file)
    files = _times_of(paths.progress_file, paths.index_file)
    try:
        with (
            closing(open_to_read(paths.progress_file, PATIENCE)) as db,
            closing(Index(paths.index_file, PATIENCE)) as index,
        ):
            library = open_library(index, paths, config)
            if index.is_held:
                raise _HeldError(paths.index_file)
            if library.look():
                return None
            attach(db, index)
            db.execute("BEGIN")  # all queries see one moment, and wait for other programs once
            catalogue = Catalogue(db, library.files)
            if index.relinked_for() != state_of_files(db):
                return None
            wanted = set(catalogue.find_decks(decks)) or catalogue.decks.keys()
            now = system_now(config.rollover)
            basis = _basis(files, state_of_files(db), now, config) if files else _UNKNOWN
            if known is not None and files and known.basis == basis:
                return known
            counts = Agenda(db, catalogue, config, lambda: now).counts()
            return _Count(
                sum(
                    count_of_deck.total for deck, count_of_deck in counts.items() if deck in wanted
                ),
                basis,
            )
    except sqlite3.Error as error:
        if code_of(error) in IS_HELD:
            raise _HeldError(paths.progress_file) from error
        return None


def _times_of(*files: Path) -> str:
    """Return a text that is another one after any change of files; empty if one changed just now.

    The changes of one instant have one time, so only an older time tells a later change.
    """
    times = []
    for file in files:
        try:
            status = file.stat()
        except OSError:
            return ""
        if time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) < _SETTLED_NS:
            return ""
        times += [status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]
    return ":".join(map(str, times))


def _basis(files: str, decks: str, now: Moment, config: settings.Config) -> str:
    """Return a text, without spaces, that is another one when the cards that wait may be.

    Args:
        files: The times of log and index.
        decks: The state of the files in use.
        now: The present.
        config: The settings.
    """
    asked = (decks, now.day, day_end(now, config.rollover), config.chosen, config.deck)
    return f"{files}:{zlib.crc32(ascii(asked).encode()):08x}"


def _noted(paths: Paths) -> dict[str, _Count]:
    """Return the last counts, by the key of the choice of decks."""
    noted = {}
    for line in read_note(paths.cache / _NOTE).splitlines():
        count, _, rest = line.partition(" ")
        basis, _, name = rest.partition(" ")
        if count.isdecimal() and len(count) < 10:
            noted[name] = _Count(int(count), basis)
    return noted


def _key_of_choice(decks: Sequence[str]) -> str:
    return ascii(sorted(decks))


def titles() -> dict[str, str]:
    """Return the titles of decks, by id, as far as their files were read before.

    Raises:
        SCOQuizError: The settings or the progress file cannot be used.
    """
    return {header.deck: header.title for header in headers()}


def headers() -> list[HeaderSettings]:
    """Return the settings in the headers of decks, as far as their files were read before.

    Raises:
        SCOQuizError: The settings or the progress file cannot be used.
    """
    paths = find_paths()
    config, _ = settings.load(paths.config_file)
    with closing(Index(paths.index_file)) as index:
        library = open_library(index, paths, config)
        library.find()
        files = library.files
        with errors_in_words(paths.progress_file), closing(open_to_read(paths.progress_file)) as db:
            attach(db, index)
            return Catalogue(db, files).headers()
