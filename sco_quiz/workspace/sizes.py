"""Counts decks and events, without changing, making or mending any file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sco_quiz.paths import Paths

SQLITE = sqlite3.sqlite_version

_IN_INDEX = """SELECT count(*) AS decks, total(notes) AS notes, total(cards) AS cards
FROM file WHERE deck IS NOT NULL"""
_IN_LOG = """SELECT count(*) AS events, count(DISTINCT device) AS devices,
  count(DISTINCT session) AS sessions FROM event"""


def count_decks(paths: Paths) -> Mapping[str, int]:
    """Count decks, notes and cards in the index.

    Raises:
        sqlite3.Error: The index cannot be read.
    """
    return _counts(paths.index_file, _IN_INDEX)


def count_events(paths: Paths) -> Mapping[str, int]:
    """Count the events of the log, the devices they come from, and their sessions.

    Raises:
        sqlite3.Error: The progress file cannot be read without mending it.
    """
    return _counts(paths.progress_file, _IN_LOG)


def _counts(path: Path, query: str) -> Mapping[str, int]:
    if not path.is_file():  # a pipe would block
        return {}
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        row = db.execute(query).fetchone()
        return {name: int(row[name]) for name in row.keys()}  # noqa: SIM118 -- a row has values
