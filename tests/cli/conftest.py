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
def type_lines(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """Run a command with lines that are typed on a terminal; what was said."""

    def command(*arguments: str, lines: str) -> str:
        source = io.StringIO(lines)
        monkeypatch.setattr(source, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdin", source)
        monkeypatch.setattr("builtins.input", lambda prompt="": _line(source, prompt))
        assert run(list(arguments)) == 0
        return capsys.readouterr().out

    return command


def _line(source: io.StringIO, prompt: str) -> str:
    print(prompt, end="")
    line = source.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")
