"""Every job of the app has the command that the page on accessibility says, and it writes text."""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
from pathlib import Path

import pytest

from sco_quiz.cli.main import run
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace.workspace import Workspace

PAGE = (Path(__file__).parents[2] / "docs" / "accessibility.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\| .* \| `sco-quiz (.*)` \|$", PAGE, re.MULTILINE)


@pytest.fixture
def studied(home: Path, kinds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home with a study session and a quiz behind it, and an editor that changes nothing."""
    monkeypatch.setenv("VISUAL", "true" if os.name != "nt" else "rem")
    monkeypatch.delenv("NO_COLOR", raising=False)
    with Workspace() as workspace:
        workspace.refresh()
        session = begin_study(workspace, ["kinds"])
        for _ in range(3):
            session.answer("")
            session.rate()
        session.end()
        quiz = begin_quiz(workspace, ["kinds"], tag="typed")
        quiz.answer("Samarkand")


def test_the_page_names_a_command_for_every_job() -> None:
    assert len(COMMANDS) > 20


@pytest.mark.usefixtures("studied")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_does_its_job_without_control_sequences(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("1\n\n" * 40))
    assert run(shlex.split(command)) == 0
    written = capsys.readouterr()
    assert written.out + written.err or command.startswith("edit")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", written.out + written.err)


def test_the_page_names_every_command_of_line_mode() -> None:
    from sco_quiz.plain.studying import HELP

    section = PAGE.split("While studying, ")[1].split("## ")[0]
    assert set(re.findall(r":.(?= )", HELP)) == set(re.findall(r"`(:.)`", section))
