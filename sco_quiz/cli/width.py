"""How wide the terminal is."""

from __future__ import annotations

import shutil
import sys

USUAL = 80
"""Columns where nobody says."""
MOST = 160


def terminal_width() -> int:
    """Columns to write in: those of the terminal, `USUAL` into a file or a pipe."""
    if not sys.stdout.isatty():
        return USUAL
    return min(shutil.get_terminal_size((USUAL, 24)).columns, MOST)
