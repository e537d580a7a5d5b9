"""Deck files as their authors see them; neither progress nor index is opened for it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz import config as settings
from sco_quiz.errors import UsageError
from sco_quiz.library.check import CheckedFile, Checker, not_searched
from sco_quiz.library.folders import find_decks, identify, is_deck_name, order_of_copies
from sco_quiz.paths import find_paths, shipped_decks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from importlib.resources.abc import Traversable


def check(
    paths: Sequence[str], *, today: date, max_age: int | None = None
) -> Iterator[CheckedFile]:
    """Check deck files, each once, and folders with what is in them.

    Args:
        paths: Files and folders; none stands for the shipped decks and the learner's folders.
        today: Facts are as old as their `as_of` is then.
        max_age: Days above which a fact is stale; None if none is.

    Raises:
        UsageError: A path does not exist; nothing was checked.
        ConfigError: The settings, which name the learner's folders, cannot be read.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"there is no file or folder {path}", "see whether it is misspelt")
    files: dict[object, tuple[Path | Traversable, tuple[str, ...]]] = {}
    failures: list[OSError] = []
    for found in map(Path, paths) if paths else _usual():
        inside: Sequence[Path | Traversable] = [found]
        if isinstance(found, Path) and (found.is_dir() or not paths):
            inside = find_decks([found], failures.append)
        for file in inside:
            folders: tuple[str, ...] = ()
            if isinstance(file, Path) and isinstance(found, Path) and file != found:
                folders = file.relative_to(found).parts[:-1]
            files.setdefault(identify(str(file)), (file, folders))
    yield from map(not_searched, failures)
    checker = Checker(today, max_age)
    in_order = sorted(files.values(), key=lambda found: order_of_copies(str(found[0])))
    checked = [checker.check(str(file), file, folders) for file, folders in in_order]
    yield from checker.look_at_parents(checked, all_known=not paths)


def _usual() -> Iterator[Path | Traversable]:
    shipped = shipped_decks()
    if isinstance(shipped, Path):
        yield shipped
    else:
        yield from (each for each in shipped.iterdir() if is_deck_name(each.name))
    places = find_paths()
    config, _ = settings.load(places.config_file)
    yield places.decks_folder
    yield from config.folders
