"""SQLite files of Anki's and Mnemosyne's, as they lie in a learner's own folder."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError, UsageError
from sco_quiz.interchange import mnemosyne
from sco_quiz.interchange.anki.collection import AnkiCollection
from sco_quiz.interchange.anki.database import Database
from sco_quiz.interchange.anki.package_archive import MAX_COLLECTION
from sco_quiz.interchange.anki.reading import material_of
from sco_quiz.interchange.material import Remark
from sco_quiz.interchange.shelf import FolderShelf

if TYPE_CHECKING:
    from sco_quiz.interchange.material import Material


def read(path: Path) -> Material:
    """Return the notes in a collection of Anki's or a database of Mnemosyne's.

    Raises:
        DeckError: It is neither, or damaged, or too large.
        UsageError: It cannot be read.
    """
    with TemporaryDirectory(prefix="sco-quiz-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "collection.db"
        _copy(path, copy)
        with closing(Database(copy, path.name)) as database:
            tables = database.tables
        if {"facts", "cards", "data_for_fact"} <= tables:
            shelf = FolderShelf(path.with_name(f"{path.name}_media"))
            material = mnemosyne.read_database(copy, path.name, shelf)
        elif {"col", "notes", "cards"} <= tables:
            shelf = FolderShelf(path.with_name(f"{path.stem}.media"))
            with closing(AnkiCollection(copy, path.name)) as collection:
                material = material_of(collection, shelf)
        else:
            raise DeckError(
                f"{path.name} is a database, but neither Anki's nor Mnemosyne 2's",
                "export its cards, as a package or as text",
            )
    log = path.with_name(f"{path.name}-wal")
    if log.is_file() and log.stat().st_size:
        told = "a program has it open: its last changes are not in the file yet"
        material.lossy.append(Remark("", told))
    return material


def _copy(path: Path, to: Path) -> None:
    if path.stat().st_size > MAX_COLLECTION:
        raise DeckError(
            f"{path.name} has more than {MAX_COLLECTION:,} bytes", "export it deck by deck"
        )
    try:
        shutil.copyfile(path, to)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read ({error.strerror})", "check that it is there and readable"
        ) from None
