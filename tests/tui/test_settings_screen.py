"""Settings and palette in the app: what is found, checked, saved and followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from sco_quiz.commands.choices import choices
from sco_quiz.config import SETTINGS, load
from sco_quiz.learning.cards import Rating
from sco_quiz.studying.sessions import begin_study

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Open, Opened


@pytest.fixture
def file(home: Path) -> Path:
    (home / "config").mkdir()
    return home / "config" / "config.toml"


async def at(app: Opened, words: str) -> None:
    """Go to the first setting with these words."""
    await app.press("s")
    await app.press("slash")
    await app.type(words)
    await app.press("enter")


async def retype(app: Opened, text: str) -> None:
    await app.press("enter")
    app.app.screen.query_one("#field", Input).clear()
    await app.type(text)


def test_every_setting_and_every_key_is_found_and_explained() -> None:
    names = [choice.name for choice in choices()]
    assert len(names) == len(set(names))
    assert set(SETTINGS) <= set(names)
    assert {"keys.home.study", "keys.study.digit", "keys.app.command_palette"} <= set(names)
    assert all(choice.doc and choice.expected and choice.group for choice in choices())


async def test_a_deck_is_given_its_own_retention_and_the_next_interval_differs(
    opened: Open, file: Path
) -> None:
    async with opened((160, 45)) as app:

        def easy() -> int:
            session = begin_study(app.workspace, ["sco-essentials"])
            session.answer()
            return session.choices[Rating.EASY].due_day

        before = easy()
        await at(app, "sco essentials retention")
        assert "deck.sco-essentials.retention" in app.frame
        assert "By default 0.9." in app.frame
        await retype(app, "75%")
        await app.press("enter")
        assert file.read_text().endswith("[deck]\nsco-essentials.retention = 0.75\n")
        await app.press("escape", "escape")
        assert easy() != before
        await at(app, "sco essentials retention")
        await app.press("R")
        await app.press("escape", "escape")
        assert easy() == before


async def test_a_value_is_checked_as_it_is_typed_and_saved_by_enter(
    opened: Open, file: Path
) -> None:
    file.write_text("# mine\nnew_per_day = 20 # enough\n")
    async with opened((160, 45)) as app:
        await at(app, "new per day")
        await retype(app, "20000")
        assert "✗ 20000 is not between 0 and 9999, did you mean 9999?" in app.frame
        await app.press("enter")
        assert file.read_text() == "# mine\nnew_per_day = 20 # enough\n"
        await app.press("backspace", "backspace", "backspace", "enter")
        assert file.read_text() == "# mine\nnew_per_day = 20 # enough\n"
        await retype(app, "5")
        assert "✗" not in app.frame
        await app.press("enter")
        assert file.read_text() == "# mine\nnew_per_day = 5 # enough\n"
        assert app.workspace.config.new_per_day == 5
        await app.press("escape", "escape")
        given = [deck.counts.new for deck in app.workspace.agenda.decks()]
        assert given == [5, 5, 5, *[0] * 5]
        assert "15 to go" in app.frame


async def test_leaving_a_field_without_enter_keeps_the_old_value(opened: Open, file: Path) -> None:
    async with opened() as app:
        await at(app, "rollover")
        await retype(app, "7")
        await app.press("escape")
        assert not file.exists()
        assert app.workspace.config.rollover == 4


async def test_enter_switches_yes_and_no_and_reset_restores_the_default(
    opened: Open, file: Path
) -> None:
    async with opened() as app:
        await at(app, "reduced motion")
        assert "R Reset" not in app.frame
        await app.press("enter")
        assert load(file)[0].reduced_motion
        assert app.app.animation_level == "none"
        assert "R Reset" in app.frame.splitlines()[-1]
        await app.press("R")
        assert not load(file)[0].reduced_motion
        assert "reduced_motion" not in file.read_text()


async def test_a_changed_key_acts_at_once_and_stands_in_help(opened: Open, file: Path) -> None:
    async with opened() as app:
        await at(app, "scored test")
        await app.press("enter", "h")
        assert "✗ home.quiz and home.history are both on h" in app.frame
        await app.press("Z")
        assert load(file)[0].keys == {"home.quiz": ("Z",)}
        await app.press("enter", "escape", "plus", "ctrl+t")
        assert load(file)[0].keys == {"home.quiz": ("Z", "ctrl+t")}
        await app.press("escape", "escape")
        assert "Z Quiz" in app.frame.splitlines()[-1]
        await app.press("question_mark")
        assert "Z, ^t             Take a quiz" in app.frame
        await app.press("escape")
        await app.press("ctrl+t")
        assert type(app.app.screen).__name__ == "QuizSetup"


async def test_the_setting_of_retention_shows_its_cost(
    opened: Open, file: Path, kinds: Path
) -> None:
    file.write_text("retention = 0.85\n")
    async with opened((160, 45), deck="kinds", tag="basic") as app:
        await app.press("enter", "3", "escape", "escape")
        await at(app, "share of reviews")
        assert "answers  minutes  remembered" in app.frame
        assert "›      85 %" in app.frame
        await retype(app, "92%")
        await app.press("enter")
        assert "›      92 %" in app.frame
        assert load(file)[0].retention == 0.92


async def test_a_search_without_a_matching_setting_says_so(opened: Open) -> None:
    async with opened() as app:
        await app.press("s")
        await app.press("slash")
        await app.type("qqq" * 50)
        assert "Nothing has these words." in app.frame
        await app.press("enter", "enter", "r", "escape", "escape")
        assert app.app.screen is app.app.home


async def test_a_settings_file_changed_by_hand_takes_effect_and_a_mistake_in_it_is_reported(
    opened: Open, file: Path
) -> None:
    async with opened((160, 45)) as app:
        file.write_text('theme = "nord"\n[keys]\nhome.quiz = "Z"\n')
        app.app.look_at_settings()
        await app.settle()
        assert app.app.theme == "nord"
        assert "Z Quiz" in app.frame
        file.write_text("theme = \n")
        app.app.look_at_settings()
        await app.settle()
        assert "config.toml: Invalid value (at line 1, column 9)" in app.frame
        assert app.app.theme == "nord"
        file.write_text("new_per_day = -1\n")
        app.app.look_at_settings()
        await app.settle()
        assert "new_per_day: -1 is not between 0 and 9999, did you mean 0?" in app.frame
        assert app.app.theme == "samarkand"


async def test_an_unwritable_settings_file_is_reported(opened: Open, file: Path) -> None:
    async with opened() as app:
        file.parent.rmdir()
        file.parent.write_text("a file where a folder should be")
        await at(app, "reduced motion")
        await app.press("enter")
        assert "cannot be written" in app.frame
        assert not app.workspace.config.reduced_motion


async def test_the_palette_finds_decks_actions_settings_and_themes(opened: Open) -> None:
    async with opened() as app:
        await app.press("ctrl+p")
        await app.type("timel")
        assert "Study SCO timeline" in app.frame
        await app.press("enter")
        assert type(app.app.screen).__name__ == "StudyScreen"
        await app.press("escape")
        await app.press("colon")
        await app.type("set leech")
        await app.press("enter")
        assert "leech_lapses" in app.frame
        await app.press("escape", "escape", "colon")
        await app.type("colours: dracula")
        await app.press("enter")
        assert app.app.theme == "dracula"


async def test_a_hostile_deck_is_text_in_the_palette(opened: Open, hostile: Path) -> None:
    async with opened((160, 45)) as app:
        await app.press("colon")
        await app.type("HOSTILE")
        assert "Study HOSTILE" in app.frame
        assert "␛[31337m" in app.frame
        assert "\x1b" not in app.frame


async def test_a_search_of_ten_thousand_letters_finds_nothing(opened: Open) -> None:
    async with opened() as app:
        await app.press("colon")
        app.app.screen.query_one(Input).value = "e " * 5_000
        await app.settle()
        app.app.screen.query_one(Input).value = "q" * 10_000
        await app.settle()
        await app.press("escape")
        assert app.app.screen is app.app.home
