"""What all tests share: a home of their own, and as many examples as the run asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from sco_quiz.paths import HOME_VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

# A loaded machine is slow, not wrong.
settings.register_profile("quick", max_examples=60, deadline=None)
settings.register_profile("full", max_examples=1000, deadline=None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run the proofs with their full counts")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("full" if config.getoption("--full") else "quick")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for config, decks, progress and cache."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return tmp_path
