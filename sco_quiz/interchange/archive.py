"""Zip files from anywhere: their members, held to what the archive says of them."""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError, UsageError
from sco_quiz.interchange.material import MediaFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import IO, TypeAlias

    Through: TypeAlias = Callable[[IO[bytes]], IO[bytes]]

_MIB = 1 << 20
_MAX_DIRECTORY = 8 * _MIB
"""Bytes of the list of members; 180,000 of them take 130 MiB of memory."""
_MAX_RATIO = 20
"""How much all media together may shrink; images and sounds hardly do."""
_EXPORT_AGAIN = "export it again"
_FAILURES: tuple[type[Exception], ...] = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
    TypeError, OSError, LookupError,
)  # fmt: skip
"""What zipfile and zlib raise for whatever is damaged."""


class Archive:
    """A zip file that lies open until nobody needs it any more."""

    def __init__(self, path: Path, *failures: type[Exception]) -> None:
        """Open one.

        Args:
            path: Its file.
            failures: What is raised for damage by whatever else unpacks its members.

        Raises:
            DeckError: It is none, or damaged, or a trap.
            UsageError: It cannot be read.
        """
        self._name = path.name
        self._failures = (*_FAILURES, *failures)
        if path.exists() and not path.is_file():
            raise UsageError(f"{path} is not a file", "name a file")
        try:
            self._size = path.stat().st_size
            file = _Listed(path)
        except OSError as error:
            raise UsageError(
                f"{path} cannot be read ({error.strerror})", "check that it is there and readable"
            ) from None
        with self.telling():
            self._zip = zipfile.ZipFile(file)
        members = self._zip.infolist()
        if len({member.filename for member in members}) < len(members):
            raise DeckError(f"{self._name} has two members of one name", _EXPORT_AGAIN)
        if any(member.flag_bits & 1 for member in members):
            raise DeckError(f"{self._name} is locked by a password", _EXPORT_AGAIN)
        if sum(member.compress_size for member in members) > self._size:
            raise DeckError(f"the members of {self._name} overlap", _EXPORT_AGAIN)

    def __contains__(self, member: str) -> bool:
        """Tell whether there is a member of that name."""
        return member in self._zip.NameToInfo

    def chunks(self, member: str, most: int, through: Through | None = None) -> Iterator[bytes]:
        """Yield the bytes of a member, piece by piece.

        Args:
            member: Its name.
            most: How many bytes that may be.
            through: What unpacks it, if it is packed in yet another way.

        Raises:
            DeckError: It is damaged, or has more bytes than it may.
        """
        if through is None and self._zip.getinfo(member).file_size > most:
            raise self._too_large(member, most)
        with self.telling(), self._opened(member, through) as stream:
            left = most
            while data := stream.read(_MIB):
                left -= len(data)
                if left < 0:
                    raise self._too_large(member, most)
                yield data

    def media(self, *leave_out: str) -> list[MediaFile]:
        """The members as files for notes.

        Raises:
            DeckError: Together they are larger than images and recordings can be.
        """
        members = [member.filename for member in self._zip.infolist() if not member.is_dir()]
        return self.files((name, name, 0) for name in members if name not in leave_out)

    def files(
        self, named: Iterable[tuple[str, str, int]], through: Through | None = None
    ) -> list[MediaFile]:
        """Members as files for notes; those that are not there are left out.

        Args:
            named: Names of members, what notes call them, and their sizes in bytes; 0 for those
                that the archive gives.
            through: What unpacks them, if they are packed in yet another way.

        Raises:
            DeckError: Together they are larger than images and recordings can be.
        """
        found = [
            MediaFile(name, held, partial(self._open, member, held, through))
            for member, name, size in named
            if member in self
            for held in (size or self._zip.getinfo(member).file_size,)
        ]
        if sum(file.size for file in found) > _MAX_RATIO * self._size + 64 * _MIB:
            raise DeckError(
                f"the files in {self._name} would be too large when unpacked", _EXPORT_AGAIN
            )
        return found

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Turn errors of the library for archives into a DeckError that says what is damaged."""
        try:
            yield
        except self._failures as error:
            reason = str(error.strerror if isinstance(error, OSError) else error).strip(".")
            raise DeckError(
                f"{self._name} is damaged ({reason or 'it is cut short'})", _EXPORT_AGAIN
            ) from None

    def _open(self, member: str, size: int, through: Through | None) -> IO[bytes]:
        with self.telling():
            return io.BufferedReader(_Told(self, self._opened(member, through), size))

    def _opened(self, member: str, through: Through | None) -> IO[bytes]:
        stream = self._zip.open(member)
        return stream if through is None else through(stream)

    def _too_large(self, member: str, most: int) -> DeckError:
        return DeckError(
            f"{member} in {self._name} is too large: it has more than {most:,} bytes",
            "export it in parts, deck by deck",
        )


class _Listed(io.FileIO):
    """A file that closes itself, and from which no list of members of any size is read."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MAX_DIRECTORY:
            raise ValueError("it has too many members")
        return super().read(size) or b""

    def __del__(self) -> None:
        self.close()


class _Told(io.RawIOBase):
    """A member whose damage is told in words, and which has the size that it should have."""

    def __init__(self, archive: Archive, stream: IO[bytes], size: int) -> None:
        self._archive = archive
        self._stream = stream
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        with self._archive.telling():
            data = self._stream.read(min(len(buffer), self._left + 1))
            self._left -= len(data)
            if self._left < 0 or (not data and self._left):
                raise ValueError("a file is not as large as the archive says")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()
