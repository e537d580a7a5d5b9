"""What all tests share: a home of their own, and as many examples as the run asks for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from sco_quiz.paths import HOME_VARIABLE

DECKS = Path(__file__).parent / "decks"

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


@pytest.fixture
def kinds(home: Path) -> Path:
    """A deck of the learner's own with every kind of note, in the decks folder of the home."""
    folder = home / "data" / "decks"
    folder.mkdir(parents=True)
    return Path(shutil.copy(DECKS / "kinds.yaml", folder))
