"""Notes and decks deleted, renamed, duplicated and brought back; typing taken back where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.authoring.notes import Authoring
from sco_quiz.insight.browsing import Browser
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.search import parse
from sco_quiz.tui.screens.browse import Browse
from sco_quiz.tui.screens.choosing import Choosing
from sco_quiz.tui.screens.home import Home
from sco_quiz.tui.screens.note_form import NoteForm, RenameDeck
from sco_quiz.tui.widgets.answer_line import OneLine
from sco_quiz.tui.widgets.card_list import CardList
from sco_quiz.tui.widgets.deck_list import DeckList
from tests.tui.test_frames import browsed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import AssertFrames, Open, Opened

RIVERS = """\
deck: The rivers of Asia
cards:
  - question: Which river flows through Baghdad?
    answer: Tigris
  # the longest
  - {front: Longest river of Asia?, back: Yangtze}
"""


@pytest.fixture
def rivers(decks_folder: Path) -> Path:
    path = decks_folder / "the-rivers-of-asia.yaml"
    path.write_text(RIVERS, encoding="utf-8")
    return path


def select(app: Opened, deck: str) -> None:
    app.app.home.query_one(DeckList).select(deck)


def found(app: Opened, search: str) -> list[str]:
    return Browser(app.workspace).find(parse(search))


def told(app: Opened) -> str:
    return " ".join(app.frame.replace("▌", " ").split())


async def test_a_deck_is_deleted_renamed_and_restored(
    opened: Open, assert_frames: AssertFrames, rivers: Path
) -> None:
    frames = {}
    async with opened() as app:
        select(app, rivers.stem)
        await app.press("D")
        frames["asked"] = await app.shots()
        await app.press("down", "enter")
        assert not rivers.exists()
        frames["deleted"] = await app.shots()
        await app.press("u")
        assert rivers.read_text(encoding="utf-8") == RIVERS
        frames["brought back"] = await app.shots()
        select(app, rivers.stem)
        await app.press("f2")
        frames["renaming"] = await app.shots()
        await app.press("ctrl+u")
        await app.type("Rivers")
        await app.press("ctrl+s")
        frames["renamed"] = await app.shots()
        renamed = rivers.with_name("rivers.yaml")
        assert renamed.read_text(encoding="utf-8") == RIVERS.replace(
            "The rivers of Asia", "Rivers\nid: the-rivers-of-asia"
        )
        assert not rivers.exists()
        await app.press("u")
        frames["its old name"] = await app.shots()
        assert rivers.read_text(encoding="utf-8") == RIVERS
        assert not renamed.exists()
    assert_frames("deck-deleted", frames)


async def test_notes_are_deleted_in_browse_and_restored(
    opened: Open, assert_frames: AssertFrames, rivers: Path
) -> None:
    frames = {}
    async with opened() as app:
        await app.press("slash")
        await app.type("river\n")
        keys = found(app, f"deck:{rivers.stem}")
        assert len(keys) == 2
        app.app.screen.query_one(CardList).marks = set(keys)
        await app.press("D")
        frames["asked"] = await browsed(app)
        await app.press("enter")  # no is offered first
        assert rivers.read_text(encoding="utf-8") == RIVERS
        await app.press("D", "down", "enter")
        frames["deleted"] = await browsed(app)
        assert rivers.read_text(encoding="utf-8") == (
            "deck: The rivers of Asia\ncards: []\n  # the longest\n"
        )
        assert found(app, f"deck:{rivers.stem}") == []
        assert not app.app.screen.query_one(CardList).marks
        await app.press("u")
        frames["brought back"] = await browsed(app)
        assert rivers.read_text(encoding="utf-8") == RIVERS
        assert set(keys) <= set(app.app.screen.query_one(CardList).keys)
    assert_frames("notes-deleted", frames)


async def test_a_card_added_after_an_answer_is_undone_first(opened: Open, rivers: Path) -> None:
    async with opened(deck=rivers.stem) as app:
        await app.type("Tigris\n")
        await app.press("3", "escape", "enter")
        assert isinstance(app.app.screen, Home)
        select(app, rivers.stem)
        await app.press("a")
        assert isinstance(app.app.screen, NoteForm)
        for text in ("Where does the Lena end?", "Laptev Sea"):
            await app.type(text)
            await app.press("tab")
        await app.press("ctrl+s", "escape")
        assert "Lena" in rivers.read_text(encoding="utf-8")
        await app.press("u")
        assert "Taken back: the new card “Where does the Lena end?”." in told(app)
        assert rivers.read_text(encoding="utf-8") == RIVERS
        await app.press("u")
        assert "Taken back, of this card: Which river flows through Baghdad?" in told(app)


async def test_a_duplicate_opens_a_new_card_with_the_texts_of_the_old_one(
    opened: Open, rivers: Path
) -> None:
    async with opened() as app:
        await app.press("slash")
        await app.type("Baghdad\n")
        await app.press("c")
        form = app.app.screen
        assert isinstance(form, NoteForm)
        await app.press("escape")
        assert isinstance(app.app.screen, Browse)  # nothing was written, so nothing is asked
        await app.press("c", "ctrl+s")
        assert "this deck has a note with the same prompt and answer already" in told(app)
        assert rivers.read_text(encoding="utf-8") == RIVERS
        await app.press("ctrl+u")
        await app.type("Which river flows through Mosul?")
        await app.press("ctrl+s", "escape")
        assert rivers.read_text(encoding="utf-8") == RIVERS + (
            '  - {question: "Which river flows through Mosul?", answer: Tigris}\n'
        )
        await app.press("u")
        assert rivers.read_text(encoding="utf-8") == RIVERS


async def test_deleting_a_shipped_deck_or_a_group_is_refused_with_the_reason(
    opened: Open, rivers: Path
) -> None:
    rivers.write_text(RIVERS.replace("The rivers of Asia", "Asia::Rivers"), encoding="utf-8")
    async with opened() as app:
        await app.press("home", "D")
        assert "Put the cursor on the deck to delete." in told(app)
        await app.press("down", "D")
        assert "came with the app and stays" in told(app)
        select(app, "asia")
        await app.press("f2")
        assert "Asia has no file of its own: rename the decks below it." in told(app)
        await app.press("D")
        assert isinstance(app.app.screen, Home)
        await app.press("home", "down", "f2")
        assert isinstance(app.app.screen, Choosing)  # a copy is offered


async def test_deleting_a_linked_deck_is_refused(
    opened: Open, decks_folder: Path, home: Path
) -> None:
    (home / "rivers.yaml").write_text(RIVERS, encoding="utf-8")
    (decks_folder / "rivers.yaml").symlink_to(home / "rivers.yaml")
    async with opened((160, 45)) as app:
        select(app, "rivers")
        await app.press("D")
        assert "leads out of your decks folders" in told(app)
        assert isinstance(app.app.screen, Home)
        await app.press("f2", "ctrl+u")
        assert isinstance(app.app.screen, RenameDeck)
        await app.type("Streams")
        await app.press("ctrl+s")
        assert (decks_folder / "rivers.yaml").is_symlink()
        text = (home / "rivers.yaml").read_text(encoding="utf-8")
        assert text == RIVERS.replace("The rivers of Asia", "Streams")
        await app.press("u")
        assert (home / "rivers.yaml").read_text(encoding="utf-8") == RIVERS


async def test_ctrl_z_undoes_typing_word_by_word_and_otherwise_suspends_the_app(
    opened: Open, rivers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = []
    async with opened(deck=rivers.stem) as app:
        monkeypatch.setattr(app.app, "action_suspend_process", lambda: left.append(app.frame))
        line = app.app.screen.query_one("#input", OneLine)
        await app.type("The great Tigris")
        for kept in ("The great", "The", ""):
            await app.press("ctrl+z")
            assert line.value == kept
        assert left == []
        await app.press("ctrl+y", "ctrl+y")
        assert line.value == "The great"
        await app.press("ctrl+u", "ctrl+z")
        assert line.value == "The great"
        await app.type("er\n")  # wrong, and given
        await app.press("ctrl+z")
        assert len(left) == 1


async def test_ctrl_z_in_a_form_undoes_typing_and_never_suspends_the_app(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[str] = []
    async with opened() as app:
        monkeypatch.setattr(app.app, "action_suspend_process", lambda: left.append("form"))
        await app.press("N")
        await app.type("Rivers")
        await app.press("ctrl+z", "ctrl+z")
        assert "Rivers" not in app.frame
        assert left == []
        await app.press("escape", "ctrl+z")
        assert left == ["form"]


async def test_a_second_undo_passes_over_a_step_that_cannot_be_undone(
    opened: Open, rivers: Path
) -> None:
    async with opened((60, 40), deck=rivers.stem) as app:
        await app.type("Tigris\n")
        await app.press("3", "escape", "enter")
        Authoring(app.workspace).add(rivers.stem, Kind.BASIC, {"front": "Lena", "back": "Sea"})
        text = rivers.read_text(encoding="utf-8").replace("back: Sea", "back: Laptev Sea")
        rivers.write_text(text, encoding="utf-8")
        await app.press("u")
        shown = told(app)
        assert "the note was changed since, so it is not taken back" in shown
        assert "u again leaves it, and takes back the step before" in shown
        await app.press("u")
        assert "Taken back, of this card: Which river flows through Baghdad?" in told(app)
        assert rivers.read_text(encoding="utf-8") == text
        await app.press("u")
        assert "There is nothing to undo." in told(app)


async def test_ctrl_z_undoes_a_search_and_a_path_word_by_word_too(
    opened: Open, rivers: Path
) -> None:
    assert rivers.exists()
    async with opened() as app:
        await app.press("slash")
        await app.type("deck:the lowest")
        await app.press("ctrl+z")
        assert app.app.screen.query_one("#search", OneLine).value == "deck:the"
        await app.press("escape", "escape", "i")
        line = app.app.screen.query_one(OneLine)
        before = line.value
        await app.type("some where")
        await app.press("ctrl+z", "ctrl+z")
        assert line.value == before
