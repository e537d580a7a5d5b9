"""Quizzes, their results, the history and the forms, as text at three sizes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from sco_quiz.insight.history import SessionHistory
from sco_quiz.learning.quiz import QuizPhase
from sco_quiz.learning.results import QuizOptions
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.tui.messages import StartQuiz
from sco_quiz.tui.screens.quiz import QuizScreen

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import AssertFrames, FixedClock, Open, Opened, Shots

DECK = """\
deck: Rivers
cards:
  - {question: Which river flows through Baghdad?, answer: Tigris}
  - {question: Which river flows through Cairo?, answer: Nile}
  - {statement: The Danube flows into the Black Sea., answer: true}
"""


@pytest.fixture
def rivers(home: Path) -> None:
    folder = home / "data" / "decks"
    folder.mkdir(parents=True)
    (folder / "rivers.yaml").write_text(DECK, encoding="utf-8")


async def take(app: Opened) -> dict[str, Shots]:
    """Take a quiz of three with one right answer; what is shown meanwhile."""
    quiz = begin_quiz(app.workspace, ["rivers"], QuizOptions(number=3), seed=1)
    app.app.post_message(StartQuiz(quiz))
    await app.settle()
    frames = {"asked": await app.shots()}
    for _ in range(3):
        if "Danube" in app.frame:
            await app.press("t", "enter")
        elif "Cairo" in app.frame:
            await app.type("Nyle\n")
            frames["answered"] = await app.shots()
            await app.press("enter")
        else:
            await app.press("enter", "enter")
    return frames


@pytest.mark.usefixtures("rivers")
async def test_a_quiz_looks_as_kept_from_its_setup_to_the_history(
    opened: Open, assert_frames: AssertFrames, clock: FixedClock
) -> None:
    frames = {}
    async with opened() as app:
        due = app.workspace.agenda.today().counts()
        await app.press("z")
        frames["setup"] = await app.shots()
        await app.press("escape")
        frames |= await take(app)
        frames["result"] = await app.shots()
        await app.press("enter", "h")
        frames["scores"] = await app.shots()
        await app.press("enter")
        frames["session"] = await app.shots()
        await app.press("escape", "tab")
        frames["reviews"] = await app.shots()
        await app.press("tab")
        frames["cards"] = await app.shots()
        assert app.workspace.agenda.today().counts() == due
    assert_frames("quiz", frames)


def marked(app: Opened) -> list[str]:
    """The decks with a mark, by their titles."""
    return re.findall(r"■ (.+?)(?:  |$)", app.frame, re.MULTILINE)


async def decks_of_quiz(app: Opened) -> list[str]:
    """Begin the quiz that is set up, and say which decks the log has for it."""
    await app.press("enter")
    screen = app.app.screen
    assert isinstance(screen, QuizScreen)
    screen.quiz.answer("")
    if screen.quiz.phase is QuizPhase.REVEALED:
        screen.quiz.report(knew=True)
    return list(SessionHistory(app.workspace).sessions()[0].decks)


@pytest.mark.usefixtures("rivers")
async def test_a_quiz_takes_the_decks_that_are_marked(opened: Open) -> None:
    async with opened() as app:
        await app.press("end", "z")
        assert marked(app) == ["Rivers"]
        await app.press("up", "up", "space")
        assert marked(app) == ["Economy and culture", "Rivers"]
        await app.pilot.click("#decks", offset=(3, 2))
        assert marked(app) == ["The SCO today", "Economy and culture", "Rivers"]
        await app.press("space")
        assert await decks_of_quiz(app) == ["rivers", "sco-economy-culture"]


@pytest.mark.usefixtures("rivers")
async def test_a_quiz_takes_all_decks_while_none_is_marked(opened: Open) -> None:
    async with opened() as app:
        await app.press("end", "z", "space")
        assert marked(app) == ["All decks"]
        await app.press("up", "space", "up", "space", "home", "space")
        assert marked(app) == ["All decks"]
        assert await decks_of_quiz(app) == sorted(app.workspace.catalogue.titles)


@pytest.mark.usefixtures("rivers")
async def test_space_marks_decks_and_is_typed_in_a_tag(opened: Open) -> None:
    async with opened() as app:
        await app.press("end", "z")
        assert "space Mark" in app.frame
        await app.press("tab")
        await app.type("no tag")
        assert "space Mark" not in app.frame
        await app.press("tab", "space", "enter")
        assert marked(app) == ["Rivers"]
        assert "there is no card to ask with the tag 'no tag'" in app.frame


@pytest.mark.usefixtures("rivers")
async def test_missed_cards_are_retried_and_brought_into_todays_study(opened: Open) -> None:
    async with opened() as app:
        await take(app)
        assert "1 of" not in app.frame
        assert "Missed" in app.frame
        missed = app.frame.count("✗")
        assert missed in (1, 2)
        await app.press("S")
        assert "to study today" in app.frame
        await app.press("S", "r")
        assert f"1 of {missed}" in app.frame


@pytest.mark.usefixtures("rivers")
async def test_an_answer_counted_as_right_is_shown_counts_and_is_written_to_the_deck(
    opened: Open, home: Path
) -> None:
    async with opened() as app:
        quiz = begin_quiz(app.workspace, ["rivers"], QuizOptions(number=3), seed=1)
        app.app.post_message(StartQuiz(quiz))
        await app.settle()
        while "Baghdad" not in app.frame:
            assert "I was right" not in app.frame
            await app.press(*(["t", "enter"] if "Danube" in app.frame else ["enter", "enter"]))
        before = quiz.score.correct
        await app.type("Shatt")
        assert "I was right" not in app.frame
        await app.press("enter")
        assert "✗ wrong" in app.frame
        assert "I was right" in app.frame
        await app.press("+")
        assert "✓ correct" in app.frame
        assert "› Shatt" in app.frame
        assert f"{before + 1} right" in app.frame
        assert "I was right" not in app.frame
        await app.press("+")
        assert quiz.score.correct == before + 1
        assert "accept: [Shatt]" in (home / "data/decks/rivers.yaml").read_text(encoding="utf-8")
        place = quiz.place
        await app.press("enter")
        assert quiz.phase is QuizPhase.OVER or quiz.place == place + 1


async def test_an_answer_to_a_shipped_deck_counts_and_is_not_written_with_the_reason(
    opened: Open,
) -> None:
    async with opened() as app:
        quiz = begin_quiz(app.workspace, ["sco-timeline"], QuizOptions(number=20), seed=1)
        app.app.post_message(StartQuiz(quiz))
        await app.settle()
        while quiz.disputable is None:
            await app.type("nonsense")
            await app.press("enter")
            if quiz.disputable is None:
                if quiz.phase is QuizPhase.ASKED:
                    await app.press("1", "enter")
                await app.press("enter")
        await app.press("+")
        assert quiz.results[-1].correct
        assert "✓ correct" in app.frame
        assert "It counts, but the deck" in app.frame
