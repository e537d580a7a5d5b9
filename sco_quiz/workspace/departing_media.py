"""Images and recordings that go along with an export: copied beside it, by their names there."""

from __future__ import annotations

from contextlib import contextmanager
from filecmp import cmp
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError, UsageError
from sco_quiz.files import put
from sco_quiz.interchange.material import Remark
from sco_quiz.library.media import MEDIA_KEYS, find

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from sco_quiz.interchange.material import Note


class Departing:
    """What the notes of some decks name.

    Attributes:
        files: Where they lie, by their names in the notes.
        missing: What stays behind, and why.
    """

    def __init__(self) -> None:
        """Nothing as yet."""
        self.files: dict[str, Path] = {}
        self.missing: list[Remark] = []

    def add(self, deck: Path, notes: Iterable[Note]) -> None:
        """Take what the notes of a deck file name.

        Raises:
            UsageError: Another deck has another file of that name.
        """
        for note in notes:
            for key in MEDIA_KEYS.keys() & note.fields.keys():
                name = str(note.fields[key])
                try:
                    path = find(deck, name, MEDIA_KEYS[key])
                except DeckError as error:
                    self.missing.append(Remark(note.where, error.message))
                    continue
                other = self.files.setdefault(name, path)
                if other != path and not cmp(other, path, shallow=False):
                    raise UsageError(
                        f"two decks have different files called {name}", "export them one by one"
                    )


@contextmanager
def copied(files: Mapping[str, Path], folder: Path, *, replace: bool) -> Iterator[None]:
    """Copy files into a folder, or below it; if what follows fails, the new ones are removed.

    Args:
        files: Where they lie, by their names there.
        folder: Where to.
        replace: Whether another file of such a name is to be replaced.

    Raises:
        UsageError: Another file of such a name is there.
        OSError: One cannot be read or written.
    """
    differing = [
        (source, folder / name)
        for name, source in files.items()
        if not (folder / name).exists() or not cmp(source, folder / name, shallow=False)
    ]
    taken = [path for _, path in differing if path.exists()]
    if taken and not replace:
        raise UsageError(f"{taken[0]} is there already, and is another file", "export elsewhere")
    new: list[Path] = []
    try:
        for source, path in differing:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                new.append(path)
            put(path, source.read_bytes(), source.stat())
        yield
    except BaseException:
        for path in new:
            path.unlink(missing_ok=True)
        raise
