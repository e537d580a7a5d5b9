"""The log of what the program does, for finding out what goes wrong; kept only where asked for.

It never holds texts of decks, answers, or names of files.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.errors import UsageError
from sco_quiz.files import PRIVATE_FILE, make_folder

if TYPE_CHECKING:
    from logging import Logger

LARGEST = 1_000_000
"""Bytes of a log, after which it becomes an older one."""
OLDER = 2
"""Logs that are kept besides."""

_logger: Logger | None = None


def begin(path: Path) -> None:
    """Write a log from now on.

    Args:
        path: The log; older ones stand beside it.

    Raises:
        UsageError: It cannot be written.
    """
    import logging.handlers  # 7 ms, for those who look for a mistake

    global _logger  # noqa: PLW0603 -- one log for a process, as there is one command
    try:
        make_folder(path.parent, private=True)
        create_private(path)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=LARGEST, backupCount=OLDER, encoding="utf-8"
        )
    except OSError as error:
        raise UsageError(
            f"{path}: the log cannot be written ({error.strerror})",
            "see that the disk has room and the folder is yours, or leave out --debug",
        ) from None
    logging.raiseExceptions = False  # a disk that becomes full ends the log, not the session
    handler.rotator = _rotate
    handler.setFormatter(
        logging.Formatter("%(asctime)s.%(msecs)03d %(process)d %(message)s", "%Y-%m-%d %H:%M:%S")
    )
    _logger = logging.Logger("sco-quiz")
    _logger.addHandler(handler)


def end() -> None:
    """Close the log, if there is one."""
    global _logger  # noqa: PLW0603 -- as above
    for handler in _logger.handlers if _logger is not None else ():
        with suppress(OSError):  # the disk is full; what is missing was told to nobody anyway
            handler.close()
    _logger = None


def is_on() -> bool:
    """Return whether a log is written."""
    return _logger is not None


def note(text: str, *values: object) -> None:
    """Write a line into the log, if there is one.

    Args:
        text: May have places for values, as `%` fills them.
        values: Nothing personal, nothing of decks.
    """
    if _logger is not None:
        _logger.info(text, *values)


def create_private(path: Path, *, new: bool = False) -> None:
    """Make an empty file that its owner alone can read, unless it is there.

    Args:
        path: The file.
        new: Fail if it is there.

    Raises:
        OSError: It cannot be made.
    """
    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise OSError(errno.EINVAL, "it is not a file", str(path))
    flags = os.O_WRONLY | os.O_CREAT | (os.O_EXCL if new else 0)
    os.close(os.open(path, flags, PRIVATE_FILE))


def _rotate(source: str, target: str) -> None:
    os.replace(source, target)  # noqa: PTH105 -- names, as the handler has them
    create_private(Path(source))
