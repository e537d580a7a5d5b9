"""A terminal that notes when something stands on its screen.

A thread does nothing but read and note the time, so that the cost of taking the bytes apart is in
no figure: it is paid beside the program, or after it. Updates count as a whole (mode 2026), as
modern terminals show them. Linux only: memory is read from `/proc`.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple, Self

import pyte

from benchmarks.measuring import NeverShownError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

COLUMNS, ROWS = 100, 30
SIZE = ROWS, COLUMNS, 1000, 600
"""With the pixels: Clanki would ask for them, and Textual's own reader may take the answer."""
PATIENCE = 60.0
"""Seconds after which what was waited for is taken not to come."""
KEYS = {"enter": "\r", "space": " "}

_ANSWERS = (
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),  # are updates taken as a whole
    (re.compile(rb"\x1b\[c"), b"\x1b[?62;c"),  # what are you
    (re.compile(rb"\x1b\[16t"), b"\x1b[6;20;10t"),  # how many pixels has a cell
    (
        re.compile(rb"\x1b_G\S*?(i=\d+)\S*?a=q\S*?\x1b\\"),
        b"\x1b_G\\1;OK\x1b\\\\",
    ),  # can you show images
)
"""What programs ask of a terminal, and what one that can do it all says. Clanki waits for it."""
_LONGEST_QUESTION = 200
"""Bytes."""
_UPDATE = re.compile(rb"\x1b\[\?2026([hl])")


class _Chunk(NamedTuple):
    at: float
    data: bytes


class Terminal:
    """A program on a pseudo-terminal.

    Attributes:
        text: What stands on the screen, at the time last waited for.
        written: How many bytes the program wrote so far, and how many updates.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a program.

        Args:
            command: Its path and arguments.
            environment: All of its variables, but for those that tell of the terminal.
        """
        self.text = ""
        self.written = 0
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._lines = [""] * ROWS
        self._updating = False
        self._chunks: Queue[_Chunk | None] = Queue()
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE))
        hidden = {"COLUMNS", "LINES", "NO_COLOR", "TMUX"}
        variables = {name: value for name, value in environment.items() if name not in hidden}
        variables |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self._began = time.monotonic()
        self._process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=variables, start_new_session=True,
            preexec_fn=_control,  # noqa: PLW1509 -- one call of the system, which takes no lock
        )  # fmt: skip
        os.close(slave)
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(5)
        os.close(self._master)

    def shown(self, wanted: str | Callable[[str], bool]) -> float:
        """Wait until the screen is as wanted.

        Args:
            wanted: A text that stands in one line, or a judge of the screen's text.

        Returns:
            Seconds from the start of the program.

        Raises:
            NeverShownError: It did not come.
        """
        return self._until(wanted) - self._began

    def press(self, key: str, wanted: str | Callable[[str], bool]) -> float:
        """Press a key, and wait until the screen is as wanted.

        Returns:
            Seconds from the key to then.

        Raises:
            NeverShownError: It did not come.
        """
        start = time.monotonic()
        os.write(self._master, KEYS.get(key, key).encode())
        return self._until(wanted) - start

    def end_by(self, key: str) -> None:
        """Press a key that ends the program, and wait until it has ended."""
        os.write(self._master, KEYS.get(key, key).encode())
        self._process.wait(PATIENCE)

    def settle(self, quiet: float = 0.3) -> None:
        """Wait until the program has written nothing for so many seconds."""
        with contextlib.suppress(Empty):
            while (chunk := self._chunks.get(timeout=quiet)) is not None:
                self._take(chunk)

    def resident(self) -> int:
        """The resident memory of the program and all it started, in bytes."""
        return sum(_resident(each) for each in _tree(self._process.pid))

    def _until(self, wanted: str | Callable[[str], bool]) -> float:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                chunk = self._chunks.get(timeout=1)
            except Empty:
                continue
            if chunk is None:
                break
            if self._take(chunk) and (
                wanted in self.text if isinstance(wanted, str) else wanted(self.text)
            ):
                return chunk.at
        raise NeverShownError(f"{wanted} did not come:\n{self.text}")

    def _take(self, chunk: _Chunk) -> bool:
        """Take what was read to the screen; whether it can be looked at."""
        self.written += len(chunk.data)
        self._stream.feed(chunk.data)
        marks = _UPDATE.findall(chunk.data)
        if marks:
            self._updating = marks[-1] == b"h"
        if self._updating:
            return False
        cells, columns = self._screen.buffer, range(COLUMNS)
        for y in self._screen.dirty:
            if y < ROWS:
                self._lines[y] = "".join(cells[y][x].data for x in columns).rstrip()
        self._screen.dirty.clear()
        self.text = "\n".join(self._lines)
        return True

    def _read(self) -> None:
        """Note what comes and when, until the program is gone."""
        before = b""
        while True:
            try:
                data = os.read(self._master, 1 << 16)
            except OSError:  # what Linux says of a terminal that nobody has open any more
                data = b""
            if not data:
                self._chunks.put(None)
                return
            self._chunks.put(_Chunk(time.monotonic(), data))
            # A question may come in two parts. An update, which is long, asks for nothing.
            heard = before + data[-_LONGEST_QUESTION:]
            for question, answer in _ANSWERS:
                for asked in question.finditer(heard):
                    if asked.end() > len(before):
                        os.write(self._master, asked.expand(answer))
            before = heard[-_LONGEST_QUESTION:]


def _tree(process: int) -> list[int]:
    """A process and all below it."""
    found = [process]
    for each in found:
        for thread in Path(f"/proc/{each}/task").iterdir():
            found += map(int, (thread / "children").read_text().split())
    return found


def _control() -> None:
    """Make the terminal the one of this session, as a shell does."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _resident(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


sys.setswitchinterval(0.0002)  # the reader gets its turn while a screen is taken apart
