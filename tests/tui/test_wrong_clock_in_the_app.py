"""In the app: answers that a wrong clock dated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.insight.activity import Activity
from sco_quiz.learning.cards import Rating
from sco_quiz.studying.sessions import begin_study
from sco_quiz.tui.screens.home import Home
from sco_quiz.tui.screens.study import StudyScreen
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import AssertFrames, FixedClock, Open


@pytest.fixture
def wrong(home: Path, clock: FixedClock) -> None:
    """Answers of two days before, and others that a clock dated a year ahead."""
    clock.move(days=-2)
    for days, most in ((0, 3), (367, 4)):
        clock.move(days=days)
        with Workspace(clock=clock) as workspace:
            workspace.refresh()
            session = begin_study(workspace, most=most)
            while session.question is not None:
                session.answer()
                session.rate(Rating.EASY)
            session.end()
    clock.move(days=-365)


@pytest.mark.usefixtures("wrong")
async def test_home_offers_to_correct_wrong_dates(
    opened: Open, assert_frames: AssertFrames
) -> None:
    async with opened() as app:
        frames = {"told": await app.shots()}
        await app.press("d")
        frames["the ways"] = await app.shots()
        await app.press("up", "enter")
        frames["put right"] = await app.shots()
        assert_frames("wrong-clock", frames)


@pytest.mark.usefixtures("wrong")
async def test_wrong_dates_are_corrected_undone_and_left_for_later(opened: Open) -> None:
    async with opened() as app:

        def done() -> int:
            return Activity(app.workspace).daily().answers

        assert "4 answers are dated 2 March 2027: d puts that right" in app.frame
        await app.press("d", "enter")  # leave them
        assert isinstance(app.app.screen, Home)
        assert "d puts that right" in app.frame
        await app.press("d", "escape")
        assert "d puts that right" in app.frame
        await app.press("d", "home", "enter")
        assert "puts that right" not in app.frame
        assert done() == 4
        await app.press("d")  # there is nothing to put right
        assert isinstance(app.app.screen, Home)
        await app.press("u")
        assert "d Dates" in app.frame
        assert done() == 0


async def test_home_offers_no_correction_after_an_absence(opened: Open, clock: FixedClock) -> None:
    async with opened() as app:
        session = begin_study(app.workspace, most=3)
        session.answer()
        session.rate(Rating.EASY)
        clock.move(days=900)
        app.app.home.show_workspace()
        await app.settle()
        assert "dated" not in app.frame
        await app.press("d")
        assert isinstance(app.app.screen, Home)


@pytest.mark.usefixtures("wrong")
async def test_a_session_opened_before_home_reports_wrong_dates(opened: Open) -> None:
    async with opened((160, 45), everything=True) as app:
        assert isinstance(app.app.screen, StudyScreen)
        told = app.told
        assert "4 answers are dated 2 March 2027" in told
        assert "Home offers to put that right" in told
        await app.press("escape")
        assert "4 answers are dated 2 March 2027: d puts that right" in app.frame


@pytest.mark.usefixtures("wrong")
async def test_a_session_reports_a_clock_that_is_wrong_now(opened: Open, clock: FixedClock) -> None:
    clock.move(days=-20_000)
    async with opened(everything=True) as app:
        assert "Set it right before you study" in app.told


async def test_a_session_reports_no_dates_that_may_be_right(opened: Open) -> None:
    async with opened(everything=True) as app:
        assert app.told == ""
