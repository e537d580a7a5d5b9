"""Packages as Anki exports them: a zip of a collection and of media files, in three generations.

The first two have the collection as it is (`collection.anki2`, `collection.anki21`) and name their
media in JSON. The third (`collection.anki21b`) packs both with Zstandard and names the media in a
protocol buffer.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.interchange.anki import protobuf
from sco_quiz.interchange.archive import Archive

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from sco_quiz.interchange.material import MediaFile

MAX_COLLECTION = 256 << 20
"""Bytes of an unpacked collection, twice what notes, cards and reviews at their most take."""
_MAX_LIST = 8 << 20  # bytes
_MAX_META = 1 << 10  # bytes
_GENERATIONS = {1: "collection.anki2", 2: "collection.anki21", 3: "collection.anki21b"}
"""What `meta` calls a form of the collection."""
_PACKED = "collection.anki21b"


class Package:
    """A package that lies open until nobody needs it any more."""

    def __init__(self, path: Path) -> None:
        """Open a package.

        Raises:
            DeckError: It is none, or damaged, or from a newer version of Anki, or a trap.
            UsageError: It cannot be read.
        """
        zstd = _zstd()
        self._name = path.name
        self._archive = Archive(path, zstd.ZstdError)
        self._collection = self._form()
        self._through = zstd.ZstdFile if self._collection == _PACKED else None

    def unpack(self, to: Path) -> None:
        """Write the collection to a file.

        Raises:
            DeckError: It is damaged or too large, or there is no room for it.
        """
        try:
            with to.open("wb") as out:
                chunks = self._archive.chunks(self._collection, MAX_COLLECTION, self._through)
                out.writelines(chunks)
        except OSError as error:
            raise DeckError(
                f"{self._name} cannot be unpacked ({error.strerror})",
                "see whether there is room on the disk",
            ) from None

    def media(self) -> list[MediaFile]:
        """The media files that are there, by the names that the package gives them, good or bad.

        Raises:
            DeckError: The list of them is damaged or too large, or says what cannot be.
        """
        if "media" not in self._archive:
            return []
        listed = b"".join(self._archive.chunks("media", _MAX_LIST, self._through))
        with self._archive.telling():
            named = _in_protobuf(listed) if self._through else _in_json(listed)
        return self._archive.files(named, self._through)

    def _form(self) -> str:
        """The member that has the collection; older ones may be there to say that they are old."""
        forms = [name for _, name in sorted(_GENERATIONS.items(), reverse=True)]
        if "meta" in self._archive:
            meta = b"".join(self._archive.chunks("meta", _MAX_META))
            with self._archive.telling():
                generation = protobuf.number(meta, 1)
                if generation == 0:
                    raise ValueError("its `meta` says nothing")
            if generation > max(_GENERATIONS):
                raise DeckError(
                    f"{self._name} is from a newer version of Anki",
                    "export it with `Support older Anki versions` ticked",
                )
            forms = [_GENERATIONS[generation]]
        form = next((name for name in forms if name in self._archive), None)
        if form is None:
            raise DeckError(f"{self._name} has no collection of Anki's", "export it again")
        return form


def _in_json(listed: bytes) -> list[tuple[str, str, int]]:
    """Members with the names of the files that they are; no sizes."""
    if listed.count(b"{") + listed.count(b"[") > 1:
        raise ValueError("its list of media is nested")
    names = json.loads(listed) if listed.strip() else {}
    if not isinstance(names, dict):
        raise TypeError("its list of media cannot be read")
    return [(member, str(name), 0) for member, name in names.items()]


def _in_protobuf(listed: bytes) -> list[tuple[str, str, int]]:
    """Members, in their order, with the names and sizes of the files that they are."""
    entries = [value for field, value in protobuf.fields(listed) if field == 1]
    found = []
    for number, entry in enumerate(entries):
        if not isinstance(entry, bytes):
            raise TypeError("its list of media cannot be read")
        found.append((str(number), protobuf.text(entry, 1), protobuf.number(entry, 2)))
    return found


def _zstd() -> ModuleType:
    """The standard library's module, or the same for the Pythons that have none yet."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd
