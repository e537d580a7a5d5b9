"""What there is to show things on."""

from __future__ import annotations

import os
import sys


def is_terminal() -> bool:
    """Whether the app can be shown here."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
