"""What tests of foreign formats share: Anki, as a judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.interchange.oracle import Oracle, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def anki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oracle]:
    """Anki, in an environment of its own."""
    try:
        oracle = Oracle(tmp_path_factory.mktemp("anki"))
    except UnavailableError as reason:
        pytest.skip(f"Anki cannot be installed here: {reason}")
    yield oracle
    oracle.close()
