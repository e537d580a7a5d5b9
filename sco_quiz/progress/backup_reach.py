"""The reach of each backup: the last event of each device in it, noted beside the backups.

So a start notices a progress file that lacks events of its backups, without opening any of them.
"""

from __future__ import annotations

import json
import re
from contextlib import closing, suppress
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from sco_quiz.errors import BehindError
from sco_quiz.files import keep_note, read_note
from sco_quiz.numbers_and_times import many
from sco_quiz.progress import database

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Heads: TypeAlias = dict[str, tuple[int, str]]
"""The last event of each device: its number, and the first half of its sum in hexadecimal."""

_NAME = re.compile(r"progress-(\d{4}-\d\d-\d\d)\.db")
_NOTE = ".reach.json"

_SELECT_HEADS = """
WITH RECURSIVE own (id) AS (
  SELECT min(device) FROM event
  UNION ALL
  SELECT (SELECT min(device) FROM event WHERE device > id) FROM own WHERE id IS NOT NULL
)
SELECT device, seq, hex(substr(sum, 1, 8)) FROM own JOIN event
ON device = id AND seq = (SELECT max(seq) FROM event WHERE device = id)"""
_SELECT_MISSING = """
SELECT wanted.value FROM json_each(?) AS wanted WHERE NOT EXISTS (
  SELECT 1 FROM main.event WHERE device = json_extract(wanted.value, '$[0]')
    AND seq = json_extract(wanted.value, '$[1]')
    AND hex(substr(sum, 1, 8)) = json_extract(wanted.value, '$[2]')
)"""
_SELECT_GIVEN_UP = """
SELECT data FROM event WHERE card IS NULL AND session IS NULL AND kind = 'left-behind'"""
_SELECT_CONTENTS = """
SELECT count(*), count(*) FILTER (WHERE kind IN ('review', 'answer')) FROM event"""


def folder_of(path: Path) -> Path:
    """Return the folder for the backups of a progress file and for replaced files."""
    return path.with_name(database.BACKUPS)


def backups_of(path: Path) -> dict[date, Path]:
    """Return the rotating backups of a progress file, the newest first."""
    backups = {}
    for entry in folder_of(path).glob("progress-*.db"):
        if match := _NAME.fullmatch(entry.name):
            with suppress(ValueError):
                backups[date.fromisoformat(match[1])] = entry
    return dict(sorted(backups.items(), reverse=True))


def heads_in(db: sqlite3.Connection) -> Heads:
    """Return the last event of each device in a log."""
    return {device: (seq, proof) for device, seq, proof in db.execute(_SELECT_HEADS)}


def missing_from(db: sqlite3.Connection, heads: Heads) -> Heads:
    """Return the heads of another state of the log that are not in this one."""
    missing = _missing(db, [(device, *head) for device, head in heads.items()])
    return {device: head for device, head in heads.items() if (device, *head) in missing}


def reach_of(path: Path) -> dict[Path, Heads]:
    """Return the reach of each backup, the newest first; empty for one that cannot be read."""
    noted, reach = _noted(path), {}
    for backup in backups_of(path).values():
        known = noted.get(backup.name)
        if known is None or known[0] != _state_of(backup):
            reach[backup] = _heads_of(backup)
        else:
            reach[backup] = {device: (seq, proof) for device, seq, proof in known[1]}
    return reach


def note_reach(path: Path) -> None:
    """Note the reach of each backup, if it is not noted yet; it only saves time later."""
    with suppress(OSError):
        noted = _noted(path)
        states = {backup.name: _state_of(backup) for backup in backups_of(path).values()}
        if {name: state for name, (state, _) in noted.items()} == states:
            return
        new_note = {
            backup.name: (states[backup.name], [(name, *head) for name, head in heads.items()])
            for backup, heads in reach_of(path).items()
        }
        keep_note(folder_of(path) / _NOTE, json.dumps(new_note))


def find_backups_ahead(db: sqlite3.Connection | None, path: Path) -> dict[Path, Heads]:
    """Return the backups with events that a log lacks and did not give up, newest first.

    Args:
        db: The log; None for an empty one.
        path: The progress file that the backups belong to.
    """
    reach = reach_of(path)
    wanted = {(device, *head) for heads in reach.values() for device, head in heads.items()}
    if not wanted:
        return {}
    missing = wanted if db is None else _missing(db, wanted)
    if db is not None and missing:
        missing -= _given_up(db, missing)
    heads_by_backup = {
        backup: {device: head for device, head in heads.items() if (device, *head) in missing}
        for backup, heads in reach.items()
    }
    return {backup: heads for backup, heads in heads_by_backup.items() if heads}


def shortfall(db: sqlite3.Connection | None, path: Path) -> BehindError | None:
    """Return the error for a log that lacks events of its backups; None if it lacks none.

    Args:
        db: The log; None for an empty one.
        path: The progress file that the backups belong to.
    """
    backups = find_backups_ahead(db, path)
    if not backups:
        return None
    backup = next(iter(backups))
    with closing(database.connect(backup)) as other:
        there = _contents(other)
    here = "nothing" if db is None else _contents(db)
    return BehindError(f"{path} knows less than a backup of it: {here} in it, {there} in {backup}")


def united(reach: Iterable[Mapping[str, tuple[int, str]]]) -> Heads:
    """Return the last event of each device in several reaches."""
    farthest: Heads = {}
    for heads in reach:
        for device, head in heads.items():
            farthest[device] = max(head, farthest.get(device, head))
    return farthest


def _missing(
    db: sqlite3.Connection, wanted: Iterable[tuple[str, int, str]]
) -> set[tuple[str, int, str]]:
    rows = db.execute(_SELECT_MISSING, (json.dumps(sorted(wanted)),))
    return {tuple(json.loads(row)) for (row,) in rows}


def _given_up(
    db: sqlite3.Connection, heads: Iterable[tuple[str, int, str]]
) -> set[tuple[str, int, str]]:
    given_up = united(json.loads(data)["heads"] for (data,) in db.execute(_SELECT_GIVEN_UP))
    return {head for head in heads if head[1] <= given_up.get(head[0], (0, ""))[0]}


def _heads_of(backup: Path) -> Heads:
    with suppress(*database.BAD_DATA), closing(database.connect(backup)) as db:
        return heads_in(db)
    return {}


def _contents(db: sqlite3.Connection) -> str:
    events, answers = db.execute(_SELECT_CONTENTS).fetchone()
    if not events:
        return "nothing"
    return f"{many(answers, 'answer')} ({many(events, 'event')})"


def _noted(path: Path) -> dict[str, tuple[list[int], list[tuple[str, int, str]]]]:
    try:
        note = json.loads(read_note(folder_of(path) / _NOTE))
        return {
            str(name): (
                [int(number) for number in state],
                [(str(device), int(seq), str(proof)) for device, seq, proof in heads],
            )
            for name, (state, heads) in note.items()
        }
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _state_of(backup: Path) -> list[int]:
    try:
        file_stat = backup.stat()
    except OSError:
        return []
    return [file_stat.st_ino, file_stat.st_size, file_stat.st_mtime_ns]
