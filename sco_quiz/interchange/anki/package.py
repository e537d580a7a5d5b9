"""Packages as Anki exports them: a zip of a collection and of media files, in three generations.

The first two have the collection as it is (`collection.anki2`, `collection.anki21`) and name their
media in JSON. The third (`collection.anki21b`) packs both with Zstandard and names the media in a
protocol buffer. Whatever a package says of sizes is held to while reading.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
import zlib
from contextlib import contextmanager
from functools import partial
from typing import IO, TYPE_CHECKING

from sco_quiz.errors import DeckError, UsageError
from sco_quiz.interchange.anki import protobuf
from sco_quiz.interchange.material import Media

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

_MIB = 1 << 20
MAX_COLLECTION = 256 * _MIB
"""Bytes of an unpacked collection, twice what notes, cards and reviews at their most take."""
_MAX_MAP = 8 * _MIB
_MAX_DIRECTORY = 8 * _MIB
"""Bytes of the zip's list of members; 180,000 of them take 130 MiB of memory."""
_MAX_RATIO = 100
"""How much a media file may shrink; images and sounds hardly do."""
_CHUNK = _MIB
_GENERATIONS = {1: "collection.anki2", 2: "collection.anki21", 3: "collection.anki21b"}
"""What `meta` calls a form of the collection."""
_PACKED = "collection.anki21b"
_EXPORT_AGAIN = "export it from Anki again"


class Package:
    """A package that lies open until nobody needs it any more.

    Attributes:
        name: The name of its file.
    """

    def __init__(self, path: Path) -> None:
        """Open a package.

        Raises:
            DeckError: It is none, or damaged, or from a newer version of Anki, or a trap.
            UsageError: It cannot be read.
        """
        self.name = path.name
        if path.exists() and not path.is_file():
            raise UsageError(f"{path} is not a file", "name a file")
        try:
            self._file = _File(path)
        except OSError as error:
            raise UsageError(
                f"{path} cannot be read ({error.strerror})", "check that it is there and readable"
            ) from None
        with self._telling():
            self._zip = zipfile.ZipFile(self._file)
            self._check(path.stat().st_size)
            self._collection = self._form()
            self._is_packed = self._collection == _PACKED

    def unpack(self, to: Path) -> None:
        """Write the collection to a file.

        Raises:
            DeckError: It is damaged or too large.
        """
        with self._telling(), to.open("wb") as out:
            left = MAX_COLLECTION
            with self._unpacked(self._collection) as stream:
                while block := stream.read(_CHUNK):
                    left -= len(block)
                    if left < 0:
                        raise DeckError(
                            f"the collection in {self.name} has more than"
                            f" {MAX_COLLECTION // _MIB} MiB", "export it deck by deck"
                        )  # fmt: skip
                    out.write(block)

    def media(self) -> list[Media]:
        """The media files that are there, by the names that the package gives them, good or bad.

        Raises:
            DeckError: The list of them is damaged or too large.
        """
        there = self._zip.NameToInfo
        listed: list[tuple[str, str, int]] = []
        with self._telling():
            if "media" in there:
                data = self._whole("media", _MAX_MAP, packed=self._is_packed)
                listed = _in_protobuf(data) if self._is_packed else _in_json(data)
        return [
            Media(name, size or there[member].file_size, partial(self._open, member, size))
            for member, name, size in listed
            if member in there
        ]

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Errors of what unpacks, in words."""
        try:
            with _as_os_error():
                yield
        except OSError as error:
            if error.errno is not None:
                raise DeckError(
                    f"{self.name} cannot be unpacked ({error.strerror})",
                    "see whether there is room on the disk",
                ) from None
            raise DeckError(
                f"{self.name} is damaged, or no package of Anki's ({error})",
                _EXPORT_AGAIN,
            ) from None

    def _check(self, size: int) -> None:
        """Refuse what no program that means well writes."""
        members = self._zip.infolist()
        names = {member.filename for member in members}
        if len(names) < len(members):
            raise DeckError(f"{self.name} has two members of one name", _EXPORT_AGAIN)
        if any(member.flag_bits & 1 for member in members):
            raise DeckError(f"{self.name} is locked by a password", _EXPORT_AGAIN)
        if sum(member.compress_size for member in members) > size:
            raise DeckError(f"the members of {self.name} lie within each other", _EXPORT_AGAIN)

    def _form(self) -> str:
        """The member that has the collection; older ones may be there to say that they are old."""
        there = self._zip.NameToInfo
        if "meta" not in there:
            forms = [name for _, name in sorted(_GENERATIONS.items(), reverse=True)]
        else:
            generation = protobuf.number(self._whole("meta", 1024), 1)
            if generation == 0:
                raise ValueError("its `meta` says nothing")
            if generation > max(_GENERATIONS):
                raise DeckError(
                    f"{self.name} is from a newer version of Anki",
                    "export it with `Support older Anki versions` ticked",
                )
            forms = [_GENERATIONS[generation]]
        form = next((name for name in forms if name in there), None)
        if form is None:
            raise DeckError(f"{self.name} has no collection of Anki's", _EXPORT_AGAIN)
        if there[form].file_size > MAX_COLLECTION:
            raise DeckError(
                f"the collection in {self.name} has more than {MAX_COLLECTION // _MIB} MiB",
                "export it deck by deck",
            )
        return form

    def _open(self, member: str, size: int) -> IO[bytes]:
        """A media file; what cannot be read of it is an OSError."""
        with _as_os_error():
            info = self._zip.NameToInfo[member]
            size = size or info.file_size
            if size > _MAX_RATIO * info.compress_size + _CHUNK:
                raise OSError(f"it says that it unpacks to {size:,} bytes")
            return io.BufferedReader(_Held(self._unpacked(member), size))

    def _whole(self, member: str, most: int, *, packed: bool = False) -> bytes:
        with self._unpacked(member, packed=packed) as stream:
            data = stream.read(most + 1)
        if len(data) > most:
            raise ValueError(f"its `{member}` is too large")
        return data

    def _unpacked(self, member: str, *, packed: bool | None = None) -> IO[bytes]:
        stream = self._zip.open(member)
        packed = self._is_packed if packed is None else packed
        return _zstd().ZstdFile(stream) if packed else stream


class _File(io.FileIO):
    """A file that closes itself, and from which no list of members of any size is read."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MAX_DIRECTORY:
            raise ValueError("it has too many members")
        found = []
        left = -1 if size is None else size
        while left and (block := super().read(left)):
            found.append(block)
            left -= len(block) if left > 0 else 0
        return b"".join(found)

    def __del__(self) -> None:
        self.close()


class _Held(io.RawIOBase):
    """A media file that keeps its word about its size."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream = stream
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        with _as_os_error():
            data = self._stream.read(min(len(buffer), self._left + 1))
            self._left -= len(data)
            if self._left < 0 or (not data and self._left):
                raise OSError("it is not of the size that it should have")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


@contextmanager
def _as_os_error() -> Iterator[None]:
    """All errors of what unpacks as one."""
    try:
        yield
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
        TypeError, LookupError, _zstd().ZstdError,
    ) as error:  # fmt: skip
        raise OSError(str(error).strip(".") or "it is cut short") from None


def _in_json(listed: bytes) -> list[tuple[str, str, int]]:
    """Members with the names of the files that they are; no sizes."""
    if listed.count(b"{") + listed.count(b"[") > 1:
        raise ValueError("its list of media is nested")
    names = json.loads(listed) if listed.strip() else {}
    if not isinstance(names, dict):
        raise TypeError("its list of media is none")
    return [(member, str(name), 0) for member, name in names.items()]


def _in_protobuf(listed: bytes) -> list[tuple[str, str, int]]:
    """Members, in their order, with the names and sizes of the files that they are."""
    entries = [value for field, value in protobuf.fields(listed) if field == 1]
    found = []
    for number, entry in enumerate(entries):
        if not isinstance(entry, bytes):
            raise TypeError("its list of media is none")
        found.append((str(number), protobuf.text(entry, 1), protobuf.number(entry, 2)))
    return found


def _zstd() -> ModuleType:
    """The standard library's module, or the same for the Pythons that have none yet."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd
