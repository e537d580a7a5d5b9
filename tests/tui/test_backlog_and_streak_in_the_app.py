"""In the app: a goal, a row of days, and a plan for a backlog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.cards import Rating
from sco_quiz.studying.sessions import begin_study
from sco_quiz.tui.screens.home import Home

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import AssertFrames, FixedClock, Open, Opened


def set_up(home: Path, settings: str) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text(settings, encoding="utf-8")


async def be_away(app: Opened, clock: FixedClock) -> None:
    """Study six days, most of what there is, and come back after two months."""
    for _ in range(6):
        session = begin_study(app.workspace, most_new=20, most=20)
        while session.question is not None:
            session.answer()
            session.rate(Rating.EASY)
        session.end()
        clock.move(days=1)
    clock.move(days=60)
    app.app.home.show_workspace()
    await app.settle()


async def test_a_backlog_is_planned_in_the_app(
    opened: Open, assert_frames: AssertFrames, clock: FixedClock, home: Path
) -> None:
    set_up(home, "new_per_day = 0\ngoal_answers = 20\n")
    frames = {}
    async with opened() as app:
        await be_away(app, clock)
        frames["back"] = await app.shots()
        await app.press("c")
        frames["the plan"] = await app.shots()
        await app.press("enter")
        frames["with it"] = await app.shots()
    assert_frames("backlog", frames)


async def test_a_plan_is_kept_in_the_settings_and_can_be_given_up(
    opened: Open, clock: FixedClock, home: Path
) -> None:
    set_up(home, "new_per_day = 0\n")
    async with opened() as app:
        await be_away(app, clock)
        waiting = app.workspace.agenda.backlog().waiting
        await app.press("c")
        await app.press("enter")
        assert isinstance(app.app.screen, Home)
        per_day = app.workspace.config.backlog_per_day
        assert 0 < per_day < waiting
        assert f"{waiting - per_day} more wait for later days" in app.frame
        await app.press("c")
        await app.press("escape")
        assert app.workspace.config.backlog_per_day == per_day
        await app.press("c")
        for _ in range(5):
            if "no plan" in app.frame:
                break
            await app.press("right")
        await app.press("enter")
        assert app.workspace.config.backlog_per_day == 0
        assert "more wait for later days" not in app.frame


async def test_without_a_backlog_there_is_nothing_to_plan(opened: Open) -> None:
    async with opened() as app:
        await app.press("c")
        assert isinstance(app.app.screen, Home)


@pytest.mark.parametrize(("setting", "is_shown"), [("", True), ("streak = false\n", False)])
async def test_the_streak_is_shown_unless_turned_off(
    opened: Open, clock: FixedClock, home: Path, setting: str, is_shown: bool
) -> None:
    set_up(home, setting)
    async with opened() as app:
        for _ in range(3):
            clock.move(days=1)
            session = begin_study(app.workspace, most=1)
            session.answer()
            session.rate(Rating.EASY)
        app.app.home.show_workspace()
        await app.settle()
        assert ("3 days in a row" in app.frame) is is_shown
