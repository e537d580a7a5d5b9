"""Homes: where the decks, progress and index of one learner are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz.paths import Paths

if TYPE_CHECKING:
    from pathlib import Path


def paths_in(home: Path) -> Paths:
    """Where things are in a home."""
    config, data, cache = (home / name / "sco-quiz" for name in ("config", "data", "cache"))
    return Paths(config, data, cache)


def environment(home: Path) -> dict[str, str]:
    """What makes a command use a home: the variables of the desktop, as most people have them."""
    return {f"XDG_{name.upper()}_HOME": str(home / name) for name in ("config", "data", "cache")}
