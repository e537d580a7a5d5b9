"""The number of cards that wait, and the decks there are, without the cost of a workspace.

A prompt asks again and again and waits for the answer, so nothing is imported or opened here that
the number does not need: no writing to the log, no reading of decks, no scheduling.
"""

from __future__ import annotations

from contextlib import closing
from functools import partial

from sco_quiz import config as settings
from sco_quiz.library.index import Index
from sco_quiz.paths import find_paths
from sco_quiz.progress.file import explained, open_to_read
from sco_quiz.workspace.agenda import Agenda
from sco_quiz.workspace.catalogue import Catalogue, Header, state_of_files
from sco_quiz.workspace.opening import attach, open_library, system_now


def waiting() -> int | None:
    """Count the cards that wait today in all decks.

    Returns:
        None when decks have to be read first, or edited cards to be paired with what they were.

    Raises:
        SCOQuizError: The settings or the progress file cannot be used.
    """
    paths = find_paths()
    config, _ = settings.load(paths.config_file)
    with closing(Index(paths.index_file)) as index:
        library = open_library(index, paths, config)
        if library.stale:
            return None
        looked_at = index.identity
        with explained(paths.progress_file), closing(open_to_read(paths.progress_file)) as db:
            attach(db, index)
            catalogue = Catalogue(db, library.files)
            if index.relinked_for() != state_of_files(db):
                return None
            clock = partial(system_now, config.rollover)
            agenda = Agenda(db, catalogue, config, clock)
            counts = agenda.counts()
            if index.identity != looked_at:  # damaged, as it turned out
                return None
            return sum(each.total for each in counts.values())


def titles() -> dict[str, str]:
    """What people call each deck, by id, as far as its file was read before.

    Raises:
        SCOQuizError: The settings or the progress file cannot be used.
    """
    return {header.deck: header.title for header in headers()}


def headers() -> list[Header]:
    """What the headers of decks say, as far as their files were read before.

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
