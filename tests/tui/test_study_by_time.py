"""In the app: studying for some minutes, and what can be done when nothing is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.insight.activity import Activity
from sco_quiz.learning.cards import Rating
from sco_quiz.studying.sessions import begin_study
from sco_quiz.tui.screens.home import Home
from sco_quiz.tui.screens.setup_forms import Minutes, QuizSetup
from sco_quiz.tui.screens.study import StudyScreen
from sco_quiz.tui.screens.summary import Summary

if TYPE_CHECKING:
    from pathlib import Path

    from sco_quiz.workspace.workspace import Workspace
    from tests.tui.conftest import AssertFrames, FixedClock, Open


def learn(workspace: Workspace, deck: str = "kinds") -> None:
    """Answer all cards of a deck for the first time."""
    session = begin_study(workspace, [deck], most_new=99)
    while session.question is not None:
        session.answer()
        session.rate(Rating.EASY)
    session.end()


async def test_study_by_time_looks_as_kept(
    opened: Open, assert_frames: AssertFrames, clock: FixedClock
) -> None:
    frames = {}
    async with opened() as app:
        await app.press("home", "m")
        frames["how long"] = await app.shots()
        await app.press("left", "left", "enter")
        frames["begun"] = await app.shots()
        clock.move(minutes=1.5)
        await app.press("enter")
        frames["revealed in the last minute"] = await app.shots()
        await app.press("3")
        clock.move(minutes=1)
        study = app.app.screen
        assert isinstance(study, StudyScreen)
        study._show_bars()
        await app.settle()
        frames["late"] = await app.shots()
        await app.press("enter", "1")
        frames["over"] = await app.shots()
    assert_frames("by-time", frames)


async def test_a_question_on_the_screen_may_be_answered_when_the_time_is_up(
    opened: Open, clock: FixedClock
) -> None:
    async with opened() as app:
        await app.press("m", "enter")
        clock.move(minutes=11)
        await app.press("enter", "3")
        assert isinstance(app.app.screen, Summary)
        assert app.frame.startswith("  Time is up: 10 minutes")
        assert sum(Activity(app.workspace).answers_by_day(1).values()) == 1


async def test_the_last_number_of_minutes_and_the_selected_deck_are_proposed(
    opened: Open, clock: FixedClock, kinds: Path
) -> None:
    async with opened() as app:
        await app.press("m")
        assert "SCO essentials" in app.frame
        assert "10 minutes" in app.frame
        await app.press("right", "right", "enter")
        await app.press("enter", "3", "escape")
        await app.press("escape")
        assert isinstance(app.app.screen, Home)
        await app.press("m")
        assert isinstance(app.app.screen, Minutes)
        assert "20 minutes" in app.frame


async def test_leaving_the_choice_of_minutes_starts_no_session(opened: Open) -> None:
    async with opened() as app:
        await app.press("m", "escape")
        assert isinstance(app.app.screen, Home)


async def test_the_screen_with_nothing_due_looks_as_kept(
    opened: Open,
    assert_frames: AssertFrames,
    clock: FixedClock,
    home: Path,
    kinds: Path,
) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("new_per_day = 0\n", encoding="utf-8")
    frames = {}
    async with opened() as app:
        learn(app.workspace)
        clock.move(days=1)
        app.app.home.show_workspace()
        await app.settle()
        frames["home"] = await app.shots()
        await app.press("enter")
        assert "Nothing is due." in app.frame
        await app.press("x")
        frames["hardest"] = await app.shots()
        await app.press("enter", "3", "escape")
        frames["summary"] = await app.shots()
    assert_frames("nothing-due", frames)


@pytest.mark.parametrize(
    ("key", "screen"), [("A", StudyScreen), ("x", StudyScreen), ("z", QuizSetup), ("enter", Home)]
)
async def test_after_a_session_with_nothing_due_there_is_always_something_to_do(
    opened: Open, clock: FixedClock, home: Path, kinds: Path, key: str, screen: type
) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("new_per_day = 0\n", encoding="utf-8")
    async with opened() as app:
        learn(app.workspace)
        clock.move(days=1)
        app.app.home.show_workspace()
        await app.press("home", "A")
        await app.press("enter", "3", "escape")
        assert isinstance(app.app.screen, Summary)
        await app.press(key)
        assert isinstance(app.app.screen, screen)
