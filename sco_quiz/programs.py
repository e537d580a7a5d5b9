"""Files opened by the programs of the system: images in its viewer, recordings in a player.

A program is started by a list of words, never through a shell, and only when the learner says so.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from sco_quiz.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_VIEWERS = (("xdg-open",), ("wslview",), ("gio", "open"))
_PLAYERS = (
    ("mpv", "--no-video", "--really-quiet", "--"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet", "-i"),
    ("cvlc", "--play-and-exit", "--quiet"),
    ("pw-play",),
    ("paplay",),
    ("play", "-q"),
)
_WAVE_PLAYERS = (*_PLAYERS, ("aplay", "-q"))

_playing: list[subprocess.Popen[bytes]] = []
_viewing: list[subprocess.Popen[bytes]] = []


def view(path: Path) -> None:
    """Show an image in the system's viewer; returns at once.

    Raises:
        UsageError: There is none, or no display.
    """
    if sys.platform == "win32":
        _give_to_windows(path)
        return
    _viewing[:] = [each for each in _viewing if each.poll() is None]
    if sys.platform == "darwin":
        commands: Sequence[Sequence[str]] = (("open",),)
    elif os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        commands = _VIEWERS
    else:
        raise UsageError("there is no display to show an image on", f"it lies at {path}")
    _viewing.append(_start(commands, path, "viewer"))


def play(path: Path) -> None:
    """Play a recording; returns at once. One that is still playing is stopped.

    Raises:
        UsageError: There is no player.
    """
    if sys.platform == "win32":
        _give_to_windows(path)
        return
    stop()
    if sys.platform == "darwin":
        commands: Sequence[Sequence[str]] = (("afplay",),)
    else:
        commands = _WAVE_PLAYERS if path.suffix.lower() == ".wav" else _PLAYERS
    _playing.append(_start(commands, path, "player"))


@atexit.register
def stop() -> None:
    """Stop what is playing."""
    while _playing:
        player = _playing.pop()
        player.terminate()
        try:
            player.wait(timeout=1)
        except subprocess.TimeoutExpired:
            player.kill()
            player.wait()


def _give_to_windows(path: Path) -> None:
    if sys.platform == "win32":
        try:
            os.startfile(path)  # noqa: S606 -- it was checked what the file is
        except OSError as error:
            raise UsageError(
                f"{path.name} cannot be opened ({error.strerror})",
                "choose a program for such files in the settings of Windows",
            ) from None


def _start(commands: Sequence[Sequence[str]], path: Path, what: str) -> subprocess.Popen[bytes]:
    """Start the first of some programs that there is."""
    for program, *options in commands:
        found = shutil.which(program)
        if found is None:
            continue
        try:
            return subprocess.Popen(  # noqa: S603 -- a program of ours, and a file that was checked
                [found, *options, str(path.absolute())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            continue
    names = ", ".join(program for program, *_ in commands)
    raise UsageError(f"there is no {what} here", f"install one of these: {names}")
