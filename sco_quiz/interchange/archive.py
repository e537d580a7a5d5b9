"""Zip files from anywhere: their members, held to what the archive says of them."""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError, UsageError
from sco_quiz.interchange.material import Media

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

_MIB = 1 << 20
_MAX_DIRECTORY = 8 * _MIB
"""Bytes of the list of members; 180,000 of them take 130 MiB of memory."""
_MAX_RATIO = 20
"""How much all media together may shrink; images and sounds hardly do."""
_EXPORT_AGAIN = "export it again"


class Archive:
    """A zip file that lies open until nobody needs it any more."""

    def __init__(self, path: Path) -> None:
        """Open one.

        Raises:
            DeckError: It is none, or damaged, or a trap.
            UsageError: It cannot be read.
        """
        self._name = path.name
        if path.exists() and not path.is_file():
            raise UsageError(f"{path} is not a file", "name a file")
        try:
            self._size = path.stat().st_size
            file = _Listed(path)
        except OSError as error:
            raise UsageError(
                f"{path} cannot be read ({error.strerror})", "check that it is there and readable"
            ) from None
        with self._telling():
            self._zip = zipfile.ZipFile(file)
        members = self._zip.infolist()
        if len({member.filename for member in members}) < len(members):
            raise DeckError(f"{self._name} has two members of one name", _EXPORT_AGAIN)
        if any(member.flag_bits & 1 for member in members):
            raise DeckError(f"{self._name} is locked by a password", _EXPORT_AGAIN)
        if sum(member.compress_size for member in members) > self._size:
            raise DeckError(f"the members of {self._name} lie within each other", _EXPORT_AGAIN)

    def __contains__(self, member: str) -> bool:
        """Whether there is a member of that name."""
        return member in self._zip.NameToInfo

    def chunks(self, member: str, most: int) -> Iterator[bytes]:
        """What a member holds, piece by piece.

        Raises:
            DeckError: It is damaged, or has more bytes than it may.
        """
        with self._telling(), self._zip.open(member) as stream:
            while data := stream.read(_MIB):
                most -= len(data)
                if most < 0:
                    raise DeckError(f"{member} in {self._name} is too large", "split it into parts")
                yield data

    def media(self, *leave_out: str) -> list[Media]:
        """The members as files for notes.

        Raises:
            DeckError: Together they are larger than images and recordings can be.
        """
        found = [
            member
            for member in self._zip.infolist()
            if not member.is_dir() and member.filename not in leave_out
        ]
        if sum(member.file_size for member in found) > _MAX_RATIO * self._size + 64 * _MIB:
            raise DeckError(f"the files in {self._name} are packed too well", _EXPORT_AGAIN)
        return [
            Media(member.filename, member.file_size, partial(self._open, member))
            for member in found
        ]

    def _open(self, member: zipfile.ZipInfo) -> IO[bytes]:
        with self._telling():
            return io.BufferedReader(_Told(self, self._zip.open(member)))

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What zipfile and zlib raise for whatever is damaged, in words."""
        try:
            yield
        except (
            zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
            OSError, KeyError, IndexError,
        ) as error:  # fmt: skip
            reason = str(error.strerror if isinstance(error, OSError) else error).strip(".")
            raise DeckError(
                f"{self._name} is damaged ({reason or 'it is cut short'})", _EXPORT_AGAIN
            ) from None


class _Listed(io.FileIO):
    """A file that closes itself, and from which no list of members of any size is read."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MAX_DIRECTORY:
            raise ValueError("it has too many members")
        return super().read(size) or b""

    def __del__(self) -> None:
        self.close()


class _Told(io.RawIOBase):
    """A member whose damage is told in words."""

    def __init__(self, archive: Archive, stream: IO[bytes]) -> None:
        self._archive = archive
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        with self._archive._telling():  # noqa: SLF001 -- one of its own
            data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()
