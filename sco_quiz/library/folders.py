"""Finds deck files in folders, tells them from conflict copies, and checks what they are."""

from __future__ import annotations

import errno
import os
import re
from collections import deque
from operator import attrgetter, itemgetter
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DeckError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_SUFFIXES = (".yaml", ".yml")

# Texts, not compiled patterns: most starts of the program do not need them.
_COPY = (
    r"(?P<original>.+?)(?:(?P<conflict>(?i:"
    # Dropbox and Nextcloud in any language, Seafile: `geo (Ann's conflicted copy 2026-11-28)`.
    r"\s*[(\[]"
    r"(?=[^)\]]*(?:\d{4}-\d\d-\d\d|c[oó]p[yi]|kopi|коп[иі]|副本|コピー|사본|case|sync|conflicted))"
    r"[^()\[\]]*(?:conflict|conflit|konfli[kc]t|конфл|競合|冲突|衝突|충돌)[^()\[\]]*[)\]]"
    r"|\.sync-conflict-\d{8}-\d{6}(?:-[a-z0-9]+)?"  # Syncthing
    r"|_conflict-\d{8}-\d{6}"  # ownCloud
    r"|\.conflict\d*"  # Resilio
    r"))"
    r"| ?\(\d{1,2}\)"  # Google Drive
    r"| \d{1,2}"  # iCloud
    r"|-[A-Z0-9][A-Z0-9-]{2,14}"  # OneDrive: the name of a computer
    r")"
)

_NOT_IN_IDS = re.compile(r"[\s!-,/:-@\[-^`{-~]+")

_BEFORE_COPY = re.compile(r"[\s(\[._-]")
"""The character that follows the name of the original in the name of a copy."""

_LATEST_NS = 2**63 - 1
"""The greatest number that SQLite holds: a time in 2262."""

COPY_HELP = "copy what is new in it to the original, then delete it"
"""The advice for a synchroniser's conflict copy."""


class Stamp(NamedTuple):
    """The state of a file, to notice changes: its size (bytes) and the time of its change (ns)."""

    size: int
    changed_ns: int

    @classmethod
    def of(cls, stat: os.stat_result) -> Stamp:
        """Return the stamp of a file. A change of permissions changes it too."""
        changed_ns = max(stat.st_mtime_ns, stat.st_ctime_ns)
        return cls(stat.st_size, max(-_LATEST_NS, min(changed_ns, _LATEST_NS)))


def one_line(name: str) -> str:
    """Return the name of a file, folder or deck for display: a clean text of one line."""
    if name.isprintable():
        return name.strip()
    from sco_quiz.text import clean  # a shell prompt seldom needs it

    return clean(name, multiline=False).strip()


def id_of(name: str) -> str:
    """Return an id made from a name: small letters, with hyphens for characters no id can have."""
    words = one_line(name)
    if not words.isascii():
        from unicodedata import normalize

        words = normalize("NFKC", words)
    return _NOT_IN_IDS.sub("-", words.casefold()).strip("-._")[:100] or "deck"


def is_deck_name(name: str) -> bool:
    """Return True for the name of a deck file, in letters of any case, if it is not hidden."""
    return name.casefold().endswith(_SUFFIXES) and not name.startswith(".")


def find_decks(folders: Iterable[Path], failed: Callable[[OSError], None]) -> list[Path]:
    """Find deck files as `find_files` does."""
    return [Path(path) for path, _ in find_files(folders, failed)]


def find_files(
    folders: Iterable[Path], failed: Callable[[OSError], None]
) -> list[tuple[str, bool]]:
    """Find all deck files, by name, in folders and their subfolders, sorted by folder and path.

    Hidden files and folders are left out. A file or folder with several paths is found once, by the
    path with the fewest links.

    Args:
        folders: The folders to search; one that does not exist counts as empty.
        failed: Called with an error for each folder that cannot be searched, and for each link that
            leads nowhere, or to a folder that contains the link and lies outside the search.

    Returns:
        The paths, each with True if its folder says that it is a plain file. The status of such a
        file is not asked for, which would take most of the time.
    """
    folders_to_search = deque((str(folder), number, 0) for number, folder in enumerate(folders))
    links_to_search: deque[tuple[str, int, int]] = deque()
    files: list[tuple[int, int, str, bool]] = []
    inodes: set[int] = set()
    searched: set[object] = set()
    while folders_to_search or links_to_search:
        folder, number, by_links = (
            folders_to_search.popleft() if folders_to_search else links_to_search.popleft()
        )
        try:
            identity = identify(folder)
            if identity in searched:
                continue
            if by_links and _holds_itself(Path(folder)):
                failed(OSError(errno.ELOOP, "a link to a folder that it lies in", folder))
                continue
            searched.add(identity)
            # Not a `Path` for each: with 1,000 files that takes longer than all else.
            beginning = "" if folder == "." else os.path.join(folder, "")  # noqa: PTH118
            with os.scandir(folder) as entries:
                for entry in sorted(entries, key=attrgetter("name")):
                    name = entry.name
                    if name.startswith("."):
                        continue
                    is_link = entry.is_symlink()
                    if _is_folder(entry):
                        into = links_to_search if is_link else folders_to_search
                        into.append((f"{beginning}{name}", number, by_links + is_link))
                    elif is_deck_name(name):
                        is_plain = entry.is_file(follow_symlinks=False)
                        files.append((by_links + is_link, number, f"{beginning}{name}", is_plain))
                        inodes.add(entry.inode())
                    elif is_link and not os.path.exists(entry.path):  # noqa: PTH110
                        failed(OSError(errno.ENOENT, "a link that leads nowhere", entry.path))
        except OSError as error:
            if not isinstance(error, FileNotFoundError):
                failed(error)
    files.sort()
    if len(inodes) < len(files) or (files and files[-1][0]):  # a file may have several paths
        unique: dict[object, tuple[int, int, str, bool]] = {}
        for file in files:
            unique.setdefault(identify(file[2]), file)
        files = sorted(unique.values(), key=itemgetter(1, 2))
    return [(path, is_plain) for _, _, path, is_plain in files]


def identify(path: str | Path) -> object:
    """Return a value that is equal for all paths to one file or folder."""
    try:
        stat = os.stat(path)  # noqa: PTH116 -- fast, for many folders
    except (OSError, ValueError):
        return os.path.abspath(path)  # noqa: PTH100 -- resolve() would follow links
    # Some file systems have no inode numbers.
    return (stat.st_dev, stat.st_ino) if stat.st_ino else os.path.realpath(path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False


def _holds_itself(link: Path) -> bool:
    """Return True if a link leads to a folder that contains it, by its own path or another."""
    parent = link.parent.resolve()
    containing_folders = {*link.absolute().parents, parent, *parent.parents}
    return any(link.samefile(folder) for folder in containing_folders)


def order_of_copies(path: str) -> tuple[bool, int]:
    """Return a sort key for deck files that puts each after the files it may be a copy of."""
    copy = re.fullmatch(_COPY, os.path.splitext(os.path.basename(path))[0])  # noqa: PTH119, PTH122
    return copy is not None, len(path) if copy else 0


def find_original(path: str, deck: str | None, others: Mapping[str, str | None]) -> str | None:
    """Return the original of a deck file if the file is a synchroniser's conflict copy; else None.

    A name that only synchronisers give is proof if the original lies beside the copy, or if another
    file has the deck's id. An author may end a name with a number or the name of a computer: such a
    file is a copy only if its original lies beside it and has the same id; while the original
    cannot be read, the id that is made from its name counts.

    Args:
        path: The file.
        deck: The id of its deck; None if it holds no usable one.
        others: The ids of the decks in other files, by path.
    """
    by_synchroniser = False
    for original, by_synchroniser in originals_of(path):
        if original in others:
            stem = os.path.splitext(os.path.basename(original))[0]  # noqa: PTH119, PTH122
            original_id = others[original] or stem.casefold().replace(" ", "-")
            if by_synchroniser or deck == original_id:
                return original
    if by_synchroniser and deck is not None:
        return next((other for other, other_id in others.items() if other_id == deck), None)
    return None


def originals_of(path: str) -> Iterator[tuple[str, bool]]:
    """Yield each file that a deck file may be a copy of, judged by its name.

    Yields:
        The path of the file beside it, and True if only a synchroniser gives such a name.
    """
    folder, name = os.path.split(path)
    stem, ending = os.path.splitext(name)  # noqa: PTH122
    by_synchroniser = False
    while copy := re.fullmatch(_COPY, stem):
        stem = copy["original"]
        by_synchroniser |= copy["conflict"] is not None
        yield os.path.join(folder, stem + ending), by_synchroniser  # noqa: PTH118


def find_conflict_copies(decks: Mapping[str, str | None]) -> dict[str, str]:
    """Find the conflict copies among deck files, each with the file that it is a copy of.

    Args:
        decks: The ids of the decks by path; None where a file holds no usable one.
    """
    ids = [deck for deck in decks.values() if deck is not None]
    if len(set(ids)) == len(ids) and not _may_have_copies(decks):
        return {}
    others: dict[str, str | None] = {}
    copies: dict[str, str] = {}
    for path in sorted(decks, key=order_of_copies):
        original = find_original(path, decks[path], others)
        if original is None:
            others[path] = decks[path]
        else:
            copies[path] = original
    return copies


def _may_have_copies(paths: Iterable[str]) -> bool:
    """Return True if a file's name is that of another and more, as in `_COPY`."""
    stems = {path.rpartition(".")[0] for path in paths}
    return any(
        stem[: mark.start()] in stems
        for stem in stems
        for mark in _BEFORE_COPY.finditer(stem, stem.rfind(os.sep) + 1)
    )


def look_at(path: str | Path) -> os.stat_result:
    """Return the status of a deck file.

    Raises:
        DeckError: It is missing, is no plain file (a pipe, say), or its name is not UTF-8.
    """
    try:
        stat = os.stat(path)  # noqa: PTH116 -- fast, for many files
    except OSError as error:
        raise DeckError(f"cannot be read ({error.strerror})", "check where it leads") from None
    if not S_ISREG(stat.st_mode):
        raise DeckError("is not a file", "move it elsewhere, or give it another name")
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise DeckError("cannot be used, its name is not UTF-8", "rename it") from None
    return stat
