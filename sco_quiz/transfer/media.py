"""Images and recordings that come with foreign notes, and those that go along with an export.

Those that come go into the folder `media` beside the deck, by their own names. A file that lies
there already, by whatever name, is not written again; another file of the same name gets a new one,
and the fields of the notes follow.
"""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from filecmp import cmp
from io import BytesIO
from typing import TYPE_CHECKING
from unicodedata import normalize

from sco_quiz.errors import DeckError, UsageError
from sco_quiz.files import make_folder, put, put_over, remove, sweep
from sco_quiz.interchange.material import Remark
from sco_quiz.library.contents import notes_of
from sco_quiz.library.kinds import as_value, texts_of
from sco_quiz.library.media import LOOKED_AT, MEDIA_KEYS, ending_of, find
from sco_quiz.workspace.filing import Copy, digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from sco_quiz.interchange.material import Field, ForeignDeck, ForeignNote, MediaFile
    from sco_quiz.library.media import MediaSort

FOLDER = "media"
_LONGEST_NAME = 100
ON_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?")
"""Names that mean devices there: https://learn.microsoft.com/windows/win32/fileio/naming-a-file."""
_UNFIT = re.compile(r'[<>:"|?*]')


class MediaFolder:
    """The folder for media beside a deck.

    Attributes:
        copies: What is to be written into it.
    """

    def __init__(self, beside: Path) -> None:
        """The one in the folder of a deck; it need not be there."""
        self._path = beside / FOLDER
        self.copies: list[Copy] = []
        self._taken: set[str] | None = None  # names in the folder, in small letters
        self._sizes: dict[int, dict[str, Path]] = {}  # by size, then by name in notes
        self._digests: dict[Path, str] = {}
        self._settled: dict[tuple[MediaFile, MediaSort], str | DeckError] = {}

    def know(self, deck: Path, text: str) -> None:
        """Look at the files that the notes of a deck name, which may lie outside of the folder.

        Args:
            deck: The file of the deck.
            text: What it holds.
        """
        self._look()
        for note in notes_of(text):
            for key, sort in MEDIA_KEYS.items():
                for name in texts_of(note.fields.get(key, [])):
                    with suppress(DeckError):
                        path = find(deck, name, sort)
                        self._sizes.setdefault(path.stat().st_size, {})[name] = path

    def bring(self, deck: ForeignDeck) -> tuple[ForeignDeck, list[Remark]]:
        """A deck whose notes name files as they will lie here, and what is left behind.

        Args:
            deck: Its notes name files as their source does.
        """
        remarks: list[Remark] = []
        notes = []
        for note in deck.notes:
            fields: dict[str, Field] = {}
            for key, value in note.fields.items():
                fields[key] = value
                if key not in MEDIA_KEYS:
                    continue
                names = []
                for name in texts_of(value):
                    try:
                        names.append(self._place(name, deck.files, MEDIA_KEYS[key]))
                    except DeckError as error:
                        remarks.append(Remark(note.where, error.message))
                fields[key] = as_value(key, list(dict.fromkeys(names)))
                if not names:
                    del fields[key]
            notes.append(note._replace(fields=fields))
        return deck._replace(notes=notes), remarks

    def _place(self, name: str, files: Mapping[str, MediaFile], sort: MediaSort) -> str:
        """Return the new name, for a note, of a file that it names.

        Raises:
            DeckError: It cannot be an image or a recording of a note.
        """
        file = files.get(name)
        if file is None:
            return name  # it may lie beside the deck already
        known = self._settled.get((file, sort))
        if known is None:
            try:
                known = self._name_for(file, sort)
            except DeckError as error:
                known = error
            self._settled[file, sort] = known
        if isinstance(known, DeckError):
            raise known
        return known

    def _name_for(self, file: MediaFile, sort: MediaSort) -> str:
        word = f"the {sort.value} {file.name[:80]!a}"
        name = fitting_name(file.name)
        if not name:
            raise DeckError(f"{word} is left out: no file should have that name")
        size, digest, beginning = _read(file, sort.most_bytes, word)
        ending = ending_of(name, beginning, sort)
        if not ending:
            raise DeckError(f"{word} is left out: it is none of {', '.join(sort.endings)}")
        stem = name.rpartition(".")[0] or name
        if name.rpartition(".")[2].lower() != ending:
            name = f"{stem}.{ending}"
        taken = self._look()
        alike = self._sizes.setdefault(size, {})
        same = [each for each, path in alike.items() if self._digest_of(path) == digest]
        same = [each for each in same if each.rpartition(".")[2].lower() == ending]
        if same:
            return min(same, key=lambda each: (each != file.name, each.rpartition("/")[2] != name))
        number = 2
        base = name
        while name.casefold() in taken:
            name = f"{base.rpartition('.')[0]}-{number}.{base.rpartition('.')[2]}"
            number += 1
        taken.add(name.casefold())
        path = self._path / name
        self.copies.append(Copy(path, digest, file.open))
        self._digests[path] = digest
        alike[f"{FOLDER}/{name}"] = path
        return f"{FOLDER}/{name}"

    def _digest_of(self, path: Path) -> str:
        """A digest of a file that lies here; each is read once."""
        if path not in self._digests:
            with path.open("rb") as file:
                self._digests[path] = digest_of(file)
        return self._digests[path]

    def _look(self) -> set[str]:
        """Return the names in the folder by now, in small letters."""
        if self._taken is None:
            self._taken = set()
            for path in sorted(self._path.iterdir() if self._path.is_dir() else ()):
                self._taken.add(path.name.casefold())
                if path.is_file() and not path.is_symlink():
                    alike = self._sizes.setdefault(path.stat().st_size, {})
                    alike[f"{FOLDER}/{path.name}"] = path
        return self._taken


def fitting_name(name: str) -> str:
    """A name that every system can have for a file, without folders; empty if there is none.

    A path that leads elsewhere gives none, nor does one with control characters or hidden parts.
    """
    parts = normalize("NFC", name).split("/")
    if not name.isprintable() or "\\" in name or any(part[:1] in {"", "."} for part in parts):
        return ""
    name = parts[-1].strip()
    stem, dot, ending = _UNFIT.sub("-", name).rstrip(". ").rpartition(".")
    if len(ending) > _LONGEST_NAME:
        return ""
    stem = stem.encode()[:_LONGEST_NAME].decode(errors="ignore").strip()
    name = stem + dot + ending
    return "" if ON_WINDOWS.fullmatch(name.casefold()) else name


def _read(file: MediaFile, most: int, word: str) -> tuple[int, str, bytes]:
    """The size of a file, a digest of it, and how it begins."""
    too_large = DeckError(f"{word} is left out: it has more than {most >> 20} MiB")
    if file.size > most:
        raise too_large
    try:
        with file.open() as opened:
            data = opened.read(most + 1)
    except OSError as error:
        reason = error.strerror or error
        raise DeckError(f"{word} is left out: it cannot be read ({reason})") from None
    except DeckError as error:
        raise DeckError(f"{word} is left out: {error.message}") from None
    if len(data) > most:
        raise too_large
    return len(data), digest_of(BytesIO(data)), data[:LOOKED_AT]


class ExportedMedia:
    """The names used by the notes of some decks.

    Attributes:
        files: Where they lie, by their names in the notes.
        missing: What stays behind, and why.
    """

    def __init__(self) -> None:
        """Nothing as yet."""
        self.files: dict[str, Path] = {}
        self.missing: list[Remark] = []

    def add(self, deck: Path, notes: Iterable[ForeignNote]) -> None:
        """Take what the notes of a deck file name.

        Raises:
            UsageError: Another deck has another file of that name.
        """
        for note in notes:
            for key in MEDIA_KEYS.keys() & note.fields.keys():
                for name in texts_of(note.fields[key]):
                    try:
                        path = find(deck, name, MEDIA_KEYS[key])
                    except DeckError as error:
                        self.missing.append(Remark(note.where, error.message))
                        continue
                    other = self.files.setdefault(name, path)
                    if other != path and not cmp(other, path, shallow=False):
                        raise UsageError(
                            f"two decks have different files called {name}",
                            "export them one by one",
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
    for below in {(folder / name).parent for name in files}:
        sweep(below)
    new: list[Path] = []
    try:
        for source, path in differing:
            if path.exists():
                put_over(path, source.read_bytes())
                continue
            make_folder(path.parent)
            put(path, source.read_bytes())
            new.append(path)
        yield
    except BaseException:
        for path in new:
            remove(path)
        raise
