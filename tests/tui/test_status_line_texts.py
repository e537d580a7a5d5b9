"""What is told in a line: with the keys that hold, and always as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import ProgressError
from sco_quiz.learning.journal import UndoneStep
from sco_quiz.learning.results import QuizOptions
from sco_quiz.learning.session import StudySession
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.tui.messages import StartQuiz, StartStudy
from sco_quiz.tui.screens.result import QuizResult
from sco_quiz.tui.screens.study import StudyScreen
from sco_quiz.tui.screens.summary import Summary

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Open

NAME = "deck [old].csv [bold]"
KEYS = """\
home.ahead = "W"
home.hardest = "Y"
home.quiz = "Z"
home.catch_up = "X"
result.bring = "B"
form.save = ["w", "f9"]
export.write = ["enter", "f2"]
"""


@pytest.fixture
def other_keys(home: Path) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "config.toml").write_text(f"[keys]\n{KEYS}", encoding="utf-8")


@pytest.fixture
def rivers(home: Path) -> None:
    folder = home / "data" / "decks"
    folder.mkdir(parents=True)
    deck = "deck: Rivers\ncards:\n  - {question: Where is Baghdad?, answer: Tigris}\n"
    (folder / "rivers.yaml").write_text(deck, encoding="utf-8")


@pytest.mark.usefixtures("other_keys", "rivers")
async def test_with_nothing_due_the_message_names_the_keys_in_force(opened: Open) -> None:
    async with opened((160, 45), deck="rivers") as app:
        await app.type("Tigris\n")
        await app.press("4", "escape")
        app.app.post_message(StartStudy(("rivers",)))
        await app.settle()
        shown = " ".join(app.frame.split())
        assert "Nothing is due." in shown
        assert "Z takes a quiz" in shown
        assert "q takes a quiz" not in shown


@pytest.mark.usefixtures("other_keys", "rivers")
async def test_the_result_names_the_undo_key_in_force(opened: Open) -> None:
    async with opened((160, 45)) as app:
        quiz = begin_quiz(app.workspace, ["rivers"], QuizOptions(number=1), seed=1)
        app.app.post_message(StartQuiz(quiz))
        await app.settle()
        await app.press("enter", "enter")
        assert isinstance(app.app.screen, QuizResult)
        await app.press("B")
        assert "1 card to study today; B takes it back." in app.frame


@pytest.mark.usefixtures("other_keys", "rivers")
async def test_a_form_names_a_save_key_that_works_while_typing(opened: Open) -> None:
    async with opened((160, 45)) as app:
        await app.press("a")
        await app.type("Some text")
        assert app.frame.splitlines()[-1].startswith("  f9 Save")


@pytest.mark.usefixtures("rivers")
async def test_the_name_of_an_undone_step_is_plain_text(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened((160, 45), deck="rivers") as app:
        await app.type("Tigris\n")
        monkeypatch.setattr(StudySession, "undo", lambda _: UndoneStep("", f"the import of {NAME}"))
        assert isinstance(app.app.screen, StudyScreen)
        await app.press("u")
        assert f"Taken back: the import of {NAME}." in app.frame


@pytest.mark.usefixtures("rivers")
async def test_the_name_of_a_step_undone_after_a_session_is_plain_text(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened((160, 45), deck="rivers") as app:
        await app.type("Tigris\n")
        await app.press("enter", "escape")
        assert isinstance(app.app.screen, Summary)
        monkeypatch.setattr(StudySession, "undo", lambda _: UndoneStep("", f"the import of {NAME}"))
        await app.press("u")
        assert f"Taken back: the import of {NAME}." in app.frame


@pytest.mark.parametrize("said", [NAME, ProgressError(NAME, f"see {NAME}")], ids=["text", "error"])
async def test_every_message_is_plain_text(opened: Open, said: str | ProgressError) -> None:
    async with opened((160, 45)) as app:
        app.app.tell(said)
        await app.settle()
        assert NAME in app.frame
        assert isinstance(said, str) or f"see {NAME}" in app.frame
