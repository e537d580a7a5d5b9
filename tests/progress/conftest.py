from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.cards import Card, key_of
from sco_quiz.learning.kinds import Kind
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


@pytest.fixture(scope="session")
def cards() -> list[Card]:
    return [
        Card(
            key=key_of("deck", str(number)),
            note=key_of("note", str(number)),
            deck="asia",
            kind=Kind.TYPED,
            prompt=f"Question {number}?",
            answers=(f"Answer {number}",),
        )
        for number in range(5)
    ]
