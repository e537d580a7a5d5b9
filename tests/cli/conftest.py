from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from sco_quiz.cli.main import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def call(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """Run a command with lines on stdin; its exit code, stdout and stderr."""

    def command(*arguments: str, lines: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
        code = run(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err

    return command
