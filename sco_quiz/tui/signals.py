"""What to do when told to end from outside."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import termios

if TYPE_CHECKING:
    from collections.abc import Callable


def on_signal_to_end(leave: Callable[[], object]) -> None:
    """Leave in good order on SIGTERM and SIGHUP: Textual would leave the terminal as it is.

    Where the terminal itself is gone there is nothing to put in order, and trying to would never
    end; the signal then does what it does by default.

    Args:
        leave: Gives the terminal back and ends the app; called in the running loop.
    """
    if sys.platform == "win32":
        return
    loop = asyncio.get_running_loop()

    def told(number: int, _: object) -> None:
        if _has_terminal():
            loop.call_soon_threadsafe(leave)
        else:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, told)


def end_without_terminal() -> None:
    """End when the terminal is gone and no signal said so, as when it was not the controlling one.

    Textual would read its end again and again.
    """
    if sys.platform != "win32" and not _has_terminal():
        os.kill(os.getpid(), signal.SIGHUP)


def _has_terminal() -> bool:
    try:
        termios.tcgetattr(sys.stdin.fileno())
    except termios.error:
        return False
    return True
