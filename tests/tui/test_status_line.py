"""The app tells things on one line, for as long as reading takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import ProgressError
from sco_quiz.tui import bars
from sco_quiz.tui.base import Screen

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Open, Opened

FULL = ProgressError("the disk is full", "make room, then try again")
TOLD = "✗ the disk is full: make room, then try again"


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader who takes a moment for anything."""
    monkeypatch.setattr(bars, "SHORTEST_SECONDS", 0.05)
    monkeypatch.setattr(bars, "CHARACTERS_A_SECOND", 10_000)


async def tell(app: Opened, *said: str | ProgressError) -> None:
    for each in said:
        app.app.tell(each)
    await app.settle()


async def wait(app: Opened) -> None:
    await app.pilot.pause(0.2)
    await app.settle()


async def test_a_new_message_replaces_the_old_one(opened: Open) -> None:
    async with opened() as app:
        await tell(app, "One.")
        assert app.told == "One."
        await tell(app, "Two.")
        assert app.told == "Two."


@pytest.mark.usefixtures("hasty")
async def test_a_message_disappears_after_its_time(opened: Open) -> None:
    async with opened() as app:
        before = app.frame
        await tell(app, "One.")
        await wait(app)
        assert app.told == ""
        assert app.frame == before


@pytest.mark.usefixtures("hasty")
async def test_with_reduced_motion_a_message_stays_until_the_next_key(
    opened: Open, home: Path
) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("reduced_motion = true\n", encoding="utf-8")
    async with opened() as app:
        await tell(app, "One.")
        await wait(app)
        assert app.told == "One."
        await app.press("down")
        assert app.told == ""


@pytest.mark.usefixtures("hasty")
async def test_an_error_stays_until_a_key_is_pressed_after_the_time_to_read_it(
    opened: Open,
) -> None:
    async with opened() as app:
        await tell(app, FULL)
        await wait(app)
        assert app.told == TOLD
        await app.press("down")
        assert app.told == ""


async def test_a_key_pressed_too_soon_does_not_take_an_error_away(opened: Open) -> None:
    async with opened() as app:
        await tell(app, FULL)
        await app.press("down", "up", "down")
        assert app.told == TOLD


async def test_an_unrequested_message_waits_until_an_error_was_read(opened: Open) -> None:
    async with opened() as app:
        await tell(app, FULL, "One.", "Two.")
        assert app.told == TOLD
        app.app.home.telling._since -= 60
        await app.press("down")
        assert app.told == "Two."
        await tell(app, "Three.")
        assert app.told == "Three."


async def test_two_errors_are_shown_one_after_the_other(opened: Open) -> None:
    async with opened() as app:
        await tell(app, ProgressError("first", "do this"), FULL, FULL)
        assert app.told == "✗ first: do this"
        await app.press("down")
        await tell(app, "One.")
        assert app.told == TOLD
        await app.press("down")
        await tell(app, "Two.")
        assert app.told == "Two."


async def test_the_answer_to_a_key_replaces_an_error(opened: Open) -> None:
    async with opened() as app:
        await tell(app, FULL)
        await app.press("p")
        assert app.told == "No deck file has a mistake."


async def test_a_message_disappears_with_its_screen(opened: Open) -> None:
    async with opened() as app:
        await tell(app, "One.")
        await app.press("h")
        assert app.told == ""
        await tell(app, "Two.")
        await app.press("escape")
        assert app.told == ""


async def test_an_unread_error_shows_again_with_its_screen(opened: Open) -> None:
    async with opened() as app:
        await tell(app, FULL)
        await app.press("h")
        assert app.told == ""
        await app.press("escape")
        assert app.told == TOLD


async def test_a_message_of_a_closing_screen_shows_on_the_next_screen(opened: Open) -> None:
    async with opened() as app:
        await app.press("h")
        screen = app.app.screen
        assert isinstance(screen, Screen)
        screen.tell("One.")
        screen.dismiss()
        await app.settle()
        assert app.app.screen is app.app.home
        assert app.told == "One."


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (100, 30), (160, 45)])
async def test_a_message_covers_no_text(opened: Open, kinds: Path, size: tuple[int, int]) -> None:
    async with opened(size, deck="kinds", tag="basic") as app:
        await app.press("enter")
        before = [line.strip() for line in app.frame.splitlines() if line.strip()]
        await tell(app, "One.")
        after = [line.strip() for line in app.frame.splitlines() if line.strip()]
        assert after == [*before[:-1], "One.", before[-1]]


async def test_a_long_message_takes_several_lines_above_the_key_bar(opened: Open) -> None:
    async with opened((60, 18)) as app:
        await tell(app, "word " * 400)
        lines = app.frame.splitlines()
        assert lines[-1].lstrip().startswith("enter")
        assert lines[-2].endswith(" …")
        assert len([line for line in lines if "word word" in line]) == 4
