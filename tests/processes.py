"""Processes of ours that cannot be started, or that end too early."""

from __future__ import annotations

import subprocess
import sys
from typing import Any


def no_room(*_: object, **__: object) -> None:
    """Fail as a system does that has no room for another process."""
    raise OSError("the system has no room for another process")


class Dying(subprocess.Popen[bytes]):
    """A process that ends in the middle of what it says."""

    def __init__(self, _command: object, **options: Any) -> None:
        half = "import os; os.write(1, b'\\x80\\x05half')"
        super().__init__([sys.executable, "-c", half], **options)
