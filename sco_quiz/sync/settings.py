"""Settings that decide what is due, the same on all devices.

What changed in the settings file since the last sync becomes an event. Of each setting the newest
one holds, and is written into the file; the rest of the file stays as it is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sco_quiz import config as settings
from sco_quiz import files
from sco_quiz.config import DECK, OF_DECKS, SETTINGS, checked
from sco_quiz.config.file import change
from sco_quiz.errors import ConfigError
from sco_quiz.progress import log
from sco_quiz.text import clean

if TYPE_CHECKING:
    from pathlib import Path

    from sco_quiz.learning.study_day import Moment
    from sco_quiz.paths import Paths
    from sco_quiz.progress.store import Progress

_SELECT_CHANGES = """
SELECT data FROM event INDEXED BY event_session
WHERE card IS NULL AND session IS NULL AND kind = 'settings'
ORDER BY stamp, device, seq"""
_LONGEST_ID = 100


def exchange_settings(
    progress: Progress, paths: Paths, now: Moment, *, dry_run: bool = False
) -> list[str]:
    """Write into the log what was set here, and into the settings file what was set elsewhere.

    On the first sync of a home what others have set holds, and what they have not is sent.

    Args:
        progress: Open to be written, with the events of others in it.
        paths: Where the settings are, and a note of how they were.
        now: When.
        dry_run: Leave the file as it is.

    Returns:
        What was set elsewhere, or could not be, a line each.

    Raises:
        ProgressError: The log could not be written.
    """
    try:
        here = _set_here(paths)
    except ConfigError as error:
        return [f"settings were not synced: {error.message}"]
    before, changed, wanted = _compare(progress, paths, here)
    if changed:
        progress.append(log.settings(now, changed))
    if dry_run:
        return [f"{name} would be {_in_words(value)}" for name, value in wanted.items()]
    told = []
    for name, value in wanted.items():
        try:
            change(paths.config_file, name, value)
        except ConfigError as error:
            told.append(f"{clean(name, multiline=False)} was not set: {error.message}")
        else:
            told.append(f"{clean(name, multiline=False)} is {_in_words(value)} now, set elsewhere")
    now_here = _set_here(paths)
    if now_here != before:
        files.keep_note(_note(paths), json.dumps(now_here))
    return told


def settings_differ(progress: Progress, paths: Paths) -> bool:
    """Return True where there is something to exchange, or to tell."""
    try:
        here = _set_here(paths)
    except ConfigError:
        return True
    before, changed, wanted = _compare(progress, paths, here)
    return before is None or bool(changed or wanted)


def _compare(
    progress: Progress, paths: Paths, here: dict[str, Any]
) -> tuple[dict[str, Any] | None, dict[str, Any], dict[str, Any]]:
    """Return what was set after the last sync, what was changed here since, and what is to be."""
    agreed = _agreed(progress)
    before = _before(paths)
    if before is None:
        changed = {name: value for name, value in here.items() if name not in agreed}
    else:
        differing = {name for name in {*here, *before} if here.get(name) != before.get(name)}
        changed = {
            name: here.get(name) for name in sorted(differing) if here.get(name) != agreed.get(name)
        }
    wanted = {name: value for name, value in (agreed | changed).items() if here.get(name) != value}
    return before, changed, wanted


def _set_here(paths: Paths) -> dict[str, Any]:
    """Return what the file sets of what travels, by the names of `config.file.change`."""
    config, _ = settings.load(paths.config_file)
    found = {name: value for name, value in config.chosen.items() if SETTINGS[name].decides_due}
    for deck, chosen in config.deck.items():
        found |= {
            f"{DECK}.{deck}.{name}": value
            for name, value in chosen.items()
            if SETTINGS[name].decides_due
        }
    return {name: value for name, value in found.items() if _setting_of(name)}


def _agreed(progress: Progress) -> dict[str, Any]:
    """Return what the log says of settings, as far as it can be used: None for what is not set."""
    agreed: dict[str, Any] = {}
    for (data,) in progress.query(_SELECT_CHANGES):
        changed = json.loads(data).get("changed")
        if isinstance(changed, dict):
            agreed |= _usable(changed)
    return agreed


def _before(paths: Paths) -> dict[str, Any] | None:
    """Return what the file set after the last sync; None before the first."""
    try:
        found = json.loads(files.read_note(_note(paths)))
    except (ValueError, RecursionError):
        return None
    return _usable(found) if isinstance(found, dict) else None


def _usable(values: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        setting = _setting_of(name)
        if setting and value is None:
            found[name] = None
        elif setting:
            try:
                found[name] = checked(setting, value)
            except ValueError:  # of a newer version, say
                continue
    return found


def _setting_of(name: str) -> str:
    """Return the setting that a name is of, for all decks or for one; empty if it cannot travel."""
    table, _, below = name.partition(".")
    setting = name
    if table == DECK:
        deck, _, setting = below.rpartition(".")
        if not 0 < len(deck) <= _LONGEST_ID or not deck.isprintable() or setting not in OF_DECKS:
            return ""
    return setting if setting in SETTINGS and SETTINGS[setting].decides_due else ""


def _note(paths: Paths) -> Path:
    return paths.data / "synced-settings.json"


def _in_words(value: object) -> str:
    return "by default" if value is None else settings.written(value)
