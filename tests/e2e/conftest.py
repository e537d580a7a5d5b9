"""A real pseudo-terminal with the program in it."""

from __future__ import annotations

import os
import re
import select
import struct
import subprocess
import sys
import time
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

import sco_quiz

if sys.platform != "win32":
    import fcntl
    import termios

    import pyte

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Iterator, Mapping, Sequence

PATIENCE = 30.0
"""Seconds after which what was waited for is taken not to come; a loaded machine is slow."""

STILL = 0.3
"""Seconds without a change after which a screen counts as still."""

START_OF_UPDATE, END_OF_UPDATE = b"\x1b[?2026h", b"\x1b[?2026l"
COLOURS = re.compile(rb"\x1b\[[0-9;:]*m")
"""Colours and styles: no text depends on them, and to read them takes longer than the text."""

# Makes the pseudo-terminal the controlling one, for signals and SIGWINCH, then becomes the program.
# It ends by all signals, though the tests may be run in the background, where some are ignored.
_LAUNCHER = """\
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""

CLOCK = """\
import os, time
_time_ns = time.time_ns
def time_ns():
    with open(os.environ["AHEAD"]) as file:
        return _time_ns() + int(float(file.read()) * 1e9)
time.time_ns = time_ns
"""
"""Lets the program's clock be ahead of the real one by the seconds that a file holds."""

_KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "end": "\x1b[F",
    "ctrl+c": "\x03",
    "ctrl+d": "\x04",
    "ctrl+o": "\x0f",
    "ctrl+s": "\x13",
    "ctrl+t": "\x14",
    "ctrl+u": "\x15",
    "ctrl+underscore": "\x1f",
    "f9": "\x1b[20~",
}


class Terminal:
    """The program on a pseudo-terminal: keys and mouse go in, a screen and raw bytes come out.

    It takes updates as a whole (mode 2026), as modern terminals do: no half of one is ever seen.

    Attributes:
        raw: Every byte the program wrote.
        text: What stands on the screen.
        process: The program.
        sixel: Whether it says, when asked, that it shows images.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], columns: int, rows: int
    ) -> None:
        self.sixel = False
        self.raw = b""
        self.text = ""
        self._master, self._slave = os.openpty()
        self._ends = [self._master, self._slave]
        self._modes = termios.tcgetattr(self._slave)
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._set_size(columns, rows)
        environment = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "TEXTUAL_ANIMATIONS": "none",
            "SSH_TTY": "/dev/pts/0",  # it is not asked whether it shows images
            **environment,
        }
        for name in ("COLUMNS", "LINES", "NO_COLOR"):
            environment.pop(name, None)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCHER, *command],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            env=environment,
            start_new_session=True,
        )

    def press(self, *keys: str) -> None:
        """Press keys, named as Textual names them."""
        for key in keys:
            self._write(_KEYS.get(key, key))

    def type(self, text: str) -> None:
        """Type a text."""
        self._write(text)

    def click(self, text: str) -> None:
        """Click on a text once it stands still on the screen."""
        self.wait_for(text)
        self._wait_until_still()
        lines = self.wait_for(text).splitlines()
        y, line = next((y, line) for y, line in enumerate(lines, 1) if text in line)
        x = line.index(text) + 1
        self._write(f"\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m")

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the program is told as a terminal does."""
        self._screen.resize(rows, columns)
        self._set_size(columns, rows)

    def wait_for(self, *wanted: str | Callable[[str], bool], patience: float = PATIENCE) -> str:
        """Read until texts stand on the screen all at once, and its text is as wanted.

        Returns:
            The screen's text.
        """
        end = time.monotonic() + patience
        while not all(
            each in self.text if isinstance(each, str) else each(self.text) for each in wanted
        ):
            left = end - time.monotonic()
            if left < 0 or not self._read(left):
                state = "did not come" if left < 0 else "did not come before the end"
                raise AssertionError(f"{wanted!r} {state}:\n{self.text}")
        return self.text

    def wait_until_gone(self, patience: float = PATIENCE) -> int:
        """Read until the program ends.

        Returns:
            Its exit code; less than 0 names the signal that ended it.
        """
        end = time.monotonic() + patience
        while self.process.poll() is None:
            if time.monotonic() > end:
                raise AssertionError(f"the program goes on:\n{self.text}")
            self._read(0.02)
        while self._read(0):
            pass
        return self.process.returncode

    def send_signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    @property
    def is_restored(self) -> bool:
        """Whether the terminal's modes are those it had before the program ran."""
        return termios.tcgetattr(self._slave) == self._modes

    @property
    def gives_each_key(self) -> bool:
        """Whether the program gets each key as it is pressed; until then, enter is a line feed."""
        flags: int = termios.tcgetattr(self._slave)[3]
        return not flags & termios.ICANON

    def close(self) -> None:
        """End the program, whatever it does, and let go of the terminal."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.hang_up()

    def hang_up(self) -> None:
        """Close the terminal under the program, as closing its window does."""
        while self._ends:
            os.close(self._ends.pop())

    def _write(self, text: str) -> None:
        os.write(self._master, text.encode())

    def _wait_until_still(self) -> None:
        """Read until the screen has been the same for a while: what is on it may still move."""
        end = time.monotonic() + PATIENCE
        still_since = time.monotonic()
        while time.monotonic() < min(end, still_since + STILL):
            before = self.text
            self._read(STILL)
            if self.text != before:
                still_since = time.monotonic()

    def _read(self, patience: float) -> bool:
        """Take in what the program wrote; False if it wrote nothing and will not."""
        ready, _, _ = select.select([self._master], [], [], min(patience, 0.05))
        if not ready:
            return patience > 0 and self.process.poll() is None
        data = os.read(self._master, 65536)
        self.raw += data
        if b"\x1b[?2026$p" in data:
            self._write("\x1b[?2026;2$y")
        if self.sixel and b"\x1b[c" in data:
            self._write("\x1b[?62;4c")
        if self.sixel and b"\x1b[16t" in data:
            self._write("\x1b[6;20;10t")
        before, end, after = COLOURS.sub(b"", data).rpartition(END_OF_UPDATE)
        if end:
            self._stream.feed(before)
            self._look()
        self._stream.feed(end + after)
        if self.raw.rfind(START_OF_UPDATE) <= self.raw.rfind(END_OF_UPDATE):
            self._look()
        return True

    def _look(self) -> None:
        # Not pyte's `display`: it fails where half of a wide character was overwritten.
        cells, columns = self._screen.buffer, range(self._screen.columns)
        lines = ("".join(cells[y][x].data for x in columns) for y in range(self._screen.lines))
        self.text = "\n".join(line.rstrip() for line in lines)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


@pytest.fixture
def launch(home: Path) -> Iterator[Callable[..., Terminal]]:
    """Start the program with arguments on a terminal of its own, in the test's home.

    Or start another command there, with some of the environment of its own.
    """
    if sys.platform == "win32":
        pytest.skip("Windows has no pseudo-terminals")
    terminals: list[Terminal] = []

    def start(
        *arguments: str,
        command: Sequence[str] = (),
        environment: Mapping[str, str] = MappingProxyType({}),
        columns: int = 100,
        rows: int = 30,
    ) -> Terminal:
        command = command or [sys.executable, "-m", "sco_quiz", *arguments]
        terminals.append(Terminal(command, environment, columns, rows))
        return terminals[-1]

    yield start
    for terminal in terminals:
        terminal.close()


@pytest.fixture
def move_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the clock of programs that are started by so many seconds ahead."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(CLOCK)
    package = Path(sco_quiz.__file__).parent.parent
    path = [str(tmp_path / "site"), str(package), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, path)))
    ahead = tmp_path / "ahead"
    monkeypatch.setenv("AHEAD", str(ahead))

    def move(seconds: float) -> None:
        whole = tmp_path / "new"
        whole.write_text(str(seconds))
        whole.replace(ahead)

    move(0)
    return move
