from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.progress.store import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "progress.db"


@pytest.fixture
def progress(path: Path) -> Iterator[Progress]:
    with Progress.open(path) as progress:
        yield progress
