"""Another process of this program: Python runs one thread at a time, and keys would wait for it."""

from __future__ import annotations

import os
import sys


def command_of(module: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return the command that runs a module of ours, and its environment.

    It sees the modules of this process and no others: not those that lie in the current folder.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return [sys.executable, "-P", "-m", module, *arguments], environment
