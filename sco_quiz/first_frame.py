"""Paints, while the app is loaded, the screen that the app is going to paint first.

An app that is left keeps the first screen of its next start, as the bytes that paint it, in a file
of the cache folder, with all that it depends on and the time until which it holds. The next start
paints it if all of that is still so, and else nothing. See `tui.next_start`, which makes frames.

The terminal gives each key from then on, so that the app gets those typed meanwhile. It is as it
was before, whatever ends the program. Little is imported here: it is what a start waits for.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
import zlib
from contextlib import contextmanager, suppress
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, NamedTuple

if sys.platform != "win32":
    import termios

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

ENTER_SCREEN = "\x1b[?1049h"
"""Switches to the terminal's second screen, as Textual does."""
_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"
_HIDE_CURSOR = "\x1b[?25l"
_LEAVE = "\x1b[?1049l\x1b[?25h"
_LEAVE_APP = "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2004l\x1b[?7h\x1b[?1004l\x1b[<u"
"""Takes back what Textual asks of a terminal, where it has no time to do so itself."""
_PAINTING = r"(?:[^\x00-\x1f\x7f-\x9f\ud800-\udfff]|\n|\x1b\[[0-9;]*[mH])*+"
"""Colours, places and texts: all that is ever painted; a start without a frame compiles nothing."""
_MOST_BYTES = 4_000_000
_VERSION = b"sco-quiz frame 1"
_RACY_NS, _RACY_COARSE_NS = 50_000_000, 2_100_000_000
"""Nanoseconds after a change in which another may have the same time, by how fine the times are."""
_VARIABLES = frozenset(
    {"TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM_PROGRAM",
     "TERM_PROGRAM_VERSION", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS", "LINES", "TZ", "LANG",
     "LANGUAGE", "HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"}
)  # fmt: skip
_PREFIXES = ("LC_", "PYTHON", "SCO_QUIZ_", "TEXTUAL_")
_ENDINGS = (".yaml", ".yml", ".db", ".moving")
"""Of decks, and of backups, there or on their way."""


class Start(NamedTuple):
    """The start of this process.

    Attributes:
        words: The command line behind the program's name.
        environment: The variables of which a screen depends, and the Python that runs.
        size: Columns and rows of the terminal.
    """

    words: tuple[str, ...]
    environment: str
    size: tuple[int, int]


class Taken(NamedTuple):
    """A terminal that was taken before the app is there.

    Attributes:
        modes: Its attributes before, as `termios` gives them.
        painted: The size for which a frame was painted; None without.
    """

    modes: list[Any]
    painted: tuple[int, int] | None


class Frame(NamedTuple):
    """A first screen as it is kept.

    Attributes:
        start: The start for which it holds, but for the process.
        since: The time from which it holds, in UTC milliseconds.
        until: The time before which it holds, likewise.
        files: Paths on whose state it depends.
        folders: Folders on whose decks or backups it depends.
        state: What `state_of` said of both.
        painting: What paints it, from the upper left corner.
    """

    start: Start
    since: int
    until: int
    files: Sequence[str]
    folders: Sequence[str]
    state: str
    painting: str


start: Start | None = None
"""The start of this process; None where it was none that may have a frame."""
_taken: Taken | None = None
_handed: Taken | None = None


@contextmanager
def early_terminal(words: Sequence[str]) -> Iterator[None]:
    """Take the terminal, paint the first screen if it is known, and give the terminal back.

    Args:
        words: The command line behind the program's name.
    """
    try:
        if sys.platform != "win32" and _is_ours():
            _take(tuple(words))
        yield
    finally:
        give_back()


def give_back() -> None:
    """Put the terminal in order, where it was taken and not handed over to the app."""
    global _taken  # noqa: PLW0603 -- there is one terminal
    if _taken is not None and sys.platform != "win32":
        _restore(_taken, _LEAVE if _taken.painted else "")
        _taken = None
        for number, usual in _usual_handlers():
            if signal.getsignal(number) is _end:
                signal.signal(number, usual)


def hand_over() -> Taken | None:
    """Leave the terminal to the app, which gives it back; None where it was not taken."""
    global _taken, _handed
    _handed, _taken = _taken, None
    return _handed


def _is_ours() -> bool:
    """Return True if all streams are the one terminal in which this program is in front."""
    if os.environ.get("TERM") in (None, "", "dumb"):
        return False
    try:
        ends = [os.fstat(stream.fileno()) for stream in (sys.stdin, sys.stdout, sys.stderr)]
        return (
            len({end.st_rdev for end in ends}) == 1
            and os.isatty(0)
            and sys.stdin.fileno() == 0
            and os.tcgetpgrp(0) == os.getpgrp()
        )
    except (OSError, ValueError):
        return False


def _take(words: tuple[str, ...]) -> None:
    global start, _taken  # noqa: PLW0603 -- there is one terminal
    if sys.platform == "win32":
        return
    size = os.get_terminal_size(0)
    start = Start(words, _environment(), (size.columns, size.lines))
    try:
        modes = termios.tcgetattr(0)
    except termios.error:
        return
    _taken = Taken(list(modes), None)
    for number, usual in _usual_handlers():
        if signal.getsignal(number) is usual:
            signal.signal(number, _end)  # asyncio or a callback may lose a KeyboardInterrupt
    termios.tcsetattr(0, termios.TCSANOW, _giving_each_key(0))
    if painting := _known_painting(start):
        _taken = _taken._replace(painted=start.size)
        with suppress(OSError):  # the app paints all of it anyway
            _write(f"{_BEGIN}{ENTER_SCREEN}{_HIDE_CURSOR}{painting}{_END}".encode())


def _usual_handlers() -> list[tuple[signal.Signals, Any]]:
    """Return the signals that end a start, each with what Python has it do."""
    ends = [(signal.Signals(number), signal.SIG_DFL) for number in (signal.SIGTERM, signal.SIGHUP)]
    return [*ends, (signal.SIGINT, signal.default_int_handler)]


def _giving_each_key(handle: int) -> list[Any]:
    """Return the attributes by which each key waits, unseen, for the app; ctrl+c ends the start."""
    modes = termios.tcgetattr(handle)
    modes[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.IXOFF)
    modes[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    modes[6] = list(modes[6])
    modes[6][termios.VMIN], modes[6][termios.VTIME] = 1, 0
    nothing = os.fpathconf(handle, "PC_VDISABLE").to_bytes(1, "big")
    modes[6][termios.VSUSP] = modes[6][termios.VQUIT] = nothing
    return modes


def _end(number: int, _: FrameType | None) -> None:
    """End by a signal, with the terminal in order."""
    if _taken is not None:
        give_back()
    elif _handed is not None:
        _restore(_handed, _LEAVE_APP + _LEAVE)
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _restore(taken: Taken, sequences: str) -> None:
    with suppress(OSError, termios.error):
        termios.tcsetattr(0, termios.TCSANOW, taken.modes)
        _write(sequences.encode())


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(2, data) :]


def _environment() -> str:
    known = sorted(
        (name, value)
        for name, value in os.environ.items()
        if name in _VARIABLES or name.startswith(_PREFIXES)
    )
    offset = time.localtime().tm_gmtoff
    return repr((known, offset, sys.hexversion, sys.prefix, sys.platform, __file__))


# Frames in files


def _known_painting(now: Start) -> str:
    """Return what paints the first screen; empty where that is not known for sure."""
    frame = _read(file_of(now.words))
    if frame is None or frame.start != now:
        return ""
    at = time.time_ns() // 1_000_000
    if not frame.since <= at < frame.until or frame.state != state_of(frame.files, frame.folders):
        return ""
    return frame.painting if re.fullmatch(_PAINTING, frame.painting) else ""


def file_of(words: Sequence[str]) -> str:
    """Return the path of the frame for a command line."""
    return os.path.join(likely_cache(), "first-study" if words else "first-home")  # noqa: PTH118


def likely_cache() -> str:
    """Return the cache folder as it mostly is; `pathlib` alone would take 3 ms.

    `paths.find_paths` knows better, where home, variables or platform are unusual.
    """
    if home := os.environ.get("SCO_QUIZ_HOME"):
        return os.path.join(os.path.expanduser(home), "cache")  # noqa: PTH111, PTH118
    usual = "~/Library/Caches" if sys.platform == "darwin" else "~/.cache"
    folder = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser(usual)  # noqa: PTH111
    return os.path.join(folder, "sco-quiz")  # noqa: PTH118


def encoded(frame: Frame) -> bytes | None:
    """Return a frame as it stands in its file; None for one that no start would paint."""
    data = _encoded(frame)
    is_sound = len(data) <= _MOST_BYTES and _decoded(data) == frame
    return data if is_sound and re.fullmatch(_PAINTING, frame.painting) else None


def _read(path: str) -> Frame | None:
    """Return the frame in a file that this user alone can have written; None without."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        look = os.fstat(handle)
        if not S_ISREG(look.st_mode) or look.st_mode & 0o077 or look.st_uid != os.geteuid():
            return None
        return _decoded(file.read(_MOST_BYTES + 1))


def _encoded(frame: Frame) -> bytes:
    """Return a frame as it stands in a file: a line with its sum, then its parts."""
    words, environment, (columns, rows) = frame.start
    numbers = map(str, (columns, rows, frame.since, frame.until))
    lists = (words, frame.files, frame.folders)
    parts = [*numbers, *map(str, map(len, lists)), *(each for part in lists for each in part)]
    text = "\0".join([*parts, environment, frame.state, frame.painting])
    data = text.encode("utf-8", "surrogateescape")
    return b"%s %08x\n%s" % (_VERSION, zlib.crc32(data), data)


def _decoded(data: bytes) -> Frame | None:
    """Return the frame of a file's bytes; None where they are not as they were written."""
    head, _, rest = data.partition(b"\n")
    if head != b"%s %08x" % (_VERSION, zlib.crc32(rest)):
        return None
    try:
        parts = iter(rest.decode("utf-8", "surrogateescape").split("\0"))
        columns, rows, since, until, *lengths = (int(next(parts)) for _ in range(7))
        words, files, folders = (tuple(next(parts) for _ in range(each)) for each in lengths)
        environment, state, painting = parts
    except (ValueError, StopIteration, RuntimeError):
        return None
    start = Start(words, environment, (columns, rows))
    return Frame(start, since, until, files, folders, state, painting)


def state_of(files: Sequence[str], folders: Sequence[str]) -> str:
    """Return a text that changes with each change of files, and of decks and backups in folders."""
    lines = [_look(path) for path in files]
    seen: set[tuple[int, int]] = set()
    for folder in folders:
        _look_below(folder, lines, seen)
    return "\n".join(lines)


def _look(path: str) -> str:
    try:
        look = os.stat(path)  # noqa: PTH116 -- fast, for many files
    except (OSError, ValueError) as error:
        return f"{path!r} {getattr(error, 'errno', '')}"
    times = f"{look.st_mtime_ns} {look.st_ctime_ns}"
    return f"{path!r} {look.st_mode:o} {look.st_uid} {look.st_ino} {look.st_size} {times}"


def _look_below(folder: str, lines: list[str], seen: set[tuple[int, int]]) -> None:
    lines.append(f"{folder!r}:")
    try:
        look = os.stat(folder)  # noqa: PTH116
        if (look.st_dev, look.st_ino) in seen:
            return
        seen.add((look.st_dev, look.st_ino))
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.startswith("."):
                    continue
                if _is_folder(entry):
                    _look_below(entry.path, lines, seen)
                elif entry.name.casefold().endswith(_ENDINGS) or entry.is_symlink():
                    lines.append(_look(entry.path))
    except OSError as error:
        lines.append(str(error.errno))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False


def is_settled(state: str) -> bool:
    """Return False where what a state tells of was changed just now, and may be once more unseen.

    The clock of a file system has steps: what is written twice in one may look the same.
    """
    now = time.time_ns()
    for line in state.splitlines():
        changed = line.rpartition(" ")[2]
        if changed.isdecimal() and len(changed) > 12:  # it ends with a time
            step = _RACY_NS if int(changed) % 1_000_000_000 else _RACY_COARSE_NS
            if 0 <= now - int(changed) < step:
                return False
    return True
