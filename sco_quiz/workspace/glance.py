"""Counts waiting cards and lists decks, without the cost of a workspace.

A shell prompt calls this again and again and waits for it. So nothing is imported or opened here
that the count does not need: no writing to the log, no reading of decks, no scheduling.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from sco_quiz import config as settings
from sco_quiz.errors import UsageError
from sco_quiz.files import keep_note, read_note
from sco_quiz.library.index import Index
from sco_quiz.paths import find_paths
from sco_quiz.progress.database import IS_HELD, code_of
from sco_quiz.progress.file import explained, held, open_to_read
from sco_quiz.workspace.agenda import Agenda
from sco_quiz.workspace.catalogue import Catalogue, Header, state_of_files
from sco_quiz.workspace.opening import attach, open_library, system_now

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sco_quiz.paths import Paths

PATIENCE = 0.05
"""The seconds that a prompt waits for a program that writes, for progress file and index each."""
_NOTE = "due-short"
_MOST_NOTED = 20
"""The number of choices of decks whose last count is noted, the latest ones."""


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
    try:
        count = _count(paths, decks)
    except UsageError:
        return None
    except _HeldError as error:
        count = _noted(paths).get(_key_of_choice(decks))
        if count is None:
            raise held(error.path) from None
    else:
        if count is not None:
            note_waiting(decks, count)
    return count


def note_waiting(decks: Sequence[str], count: int) -> None:
    """Note the number of waiting cards, for times when it cannot be counted."""
    paths = find_paths()
    noted, name = _noted(paths), _key_of_choice(decks)
    if noted.pop(name, None) != count:
        lines = [f"{each} {known}\n" for known, each in [*noted.items(), (name, count)]]
        keep_note(paths.cache / _NOTE, "".join(lines[-_MOST_NOTED:]))


def _count(paths: Paths, decks: Sequence[str]) -> int | None:
    config, _ = settings.load(paths.config_file)
    try:
        with (
            closing(open_to_read(paths.progress_file, PATIENCE)) as db,
            closing(Index(paths.index_file, PATIENCE)) as index,
        ):
            library = open_library(index, paths, config)
            if index.is_held:
                raise _HeldError(paths.index_file)
            if library.stale:
                return None
            attach(db, index)
            db.execute("BEGIN")  # all queries see one moment, and wait for other programs once
            catalogue = Catalogue(db, library.files)
            if index.relinked_for() != state_of_files(db):
                return None
            wanted = set(catalogue.find_decks(decks)) or catalogue.decks.keys()
            counts = Agenda(db, catalogue, config, partial(system_now, config.rollover)).counts()
            return sum(
                count_of_deck.total for deck, count_of_deck in counts.items() if deck in wanted
            )
    except sqlite3.Error as error:
        if code_of(error) in IS_HELD:
            raise _HeldError(paths.progress_file) from error
        return None


def _noted(paths: Paths) -> dict[str, int]:
    """Return the last counts, by the key of the choice of decks."""
    rows = (line.partition(" ") for line in read_note(paths.cache / _NOTE).splitlines())
    return {name: int(count) for count, _, name in rows if count.isdecimal() and len(count) < 10}


def _key_of_choice(decks: Sequence[str]) -> str:
    return ascii(sorted(decks))


def titles() -> dict[str, str]:
    """Return the titles of decks, by id, as far as their files were read before.

    Raises:
        SCOQuizError: The settings or the progress file cannot be used.
    """
    return {header.deck: header.title for header in headers()}


def headers() -> list[Header]:
    """Return the settings in the headers of decks, as far as their files were read before.

    Raises:
        SCOQuizError: The settings or the progress file cannot be used.
    """
    paths = find_paths()
    config, _ = settings.load(paths.config_file)
    with closing(Index(paths.index_file)) as index:
        files = open_library(index, paths, config).files
        with explained(paths.progress_file), closing(open_to_read(paths.progress_file)) as db:
            attach(db, index)
            return Catalogue(db, files).headers()
