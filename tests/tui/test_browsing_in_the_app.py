"""Browse, key by key: find, mark, change, take back."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from sco_quiz.insight.browsing import Browser
from sco_quiz.learning.search import parse
from sco_quiz.tui.card_steps import CardSteps
from sco_quiz.tui.screens.browse import Browse
from sco_quiz.tui.screens.home import Home
from sco_quiz.tui.widgets.card_list import CardList
from tests.conftest import CONTROLS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Open, Opened


def cards(app: Opened) -> CardList:
    return app.app.screen.query_one(CardList)


def found(app: Opened, search: str) -> list[str]:
    return Browser(app.workspace).find(parse(search))


async def test_a_typed_search_finds_cards_and_enter_goes_to_the_list(
    opened: Open, kinds: Path
) -> None:
    async with opened() as app:
        await app.press("slash")
        await app.type("deck:kinds capital\n")
        assert list(cards(app).keys) == found(app, "deck:kinds capital")
        assert cards(app).has_focus
        await app.press("j")
        assert cards(app).cursor == 1
        await app.press("q")
        assert isinstance(app.app.screen, Home)


@pytest.mark.parametrize("before", [[], ["b"]])
async def test_letters_typed_right_after_the_search_key_are_searched_and_not_commands(
    opened: Open, kinds: Path, before: list[str]
) -> None:
    async with opened() as app:
        for key in before:
            await app.press(key)
        await app.press("slash", *"kin-d5!")
        search = app.app.screen.query_one("#search")
        assert search.value == "kin-d5!"  # type: ignore[attr-defined]
        assert list(cards(app).keys) == found(app, "kin-d5!")
        await app.press("ctrl+u", *"deck:kinds")
        await app.press("enter", "5")
        assert found(app, "is:flagged") == [cards(app).key] == found(app, "deck:kinds")[:1]


async def test_marked_cards_are_suspended_together_and_undo_takes_it_back(
    opened: Open, kinds: Path
) -> None:
    async with opened() as app:
        await app.press("b", "slash")
        await app.type("deck:kinds\n")
        await app.press("space", "down", "space", "space")
        assert "3 marked" in app.frame
        await app.press("exclamation_mark")
        keys = found(app, "deck:kinds")
        assert found(app, "is:suspended") == [keys[0], *keys[2:4]]
        assert "3 cards suspended." in app.frame
        assert app.frame.count("suspended ") >= 3
        await app.press("exclamation_mark")
        assert found(app, "is:suspended") == []
        await app.press("u")
        assert found(app, "is:suspended") == [keys[0], *keys[2:4]]
        await app.press("u")
        assert found(app, "is:suspended") == []


async def test_a_search_that_finds_nothing_says_how_to_go_on(opened: Open) -> None:
    async with opened() as app:
        await app.press("b", "slash")
        await app.type("xyzzy")
        assert "No card fits: ^u empties the search." in app.frame
        await app.press("enter")
        assert "No card fits: / changes the search." in app.frame
        await app.press("slash", "ctrl+u")
        assert "No card fits" not in app.frame


async def test_all_found_cards_are_marked_at_once(opened: Open, kinds: Path) -> None:
    async with opened() as app:
        await app.press("b", "slash")
        await app.type("deck:kinds -kind:cloze\n")
        await app.press("ctrl+a", "3")
        assert found(app, "flag:3") == found(app, "deck:kinds -kind:cloze")
        await app.press("0")
        assert found(app, "is:flagged") == []
        await app.press("minus")
        assert found(app, "is:buried") == found(app, "deck:kinds -kind:cloze")
        await app.press("ctrl+a")
        assert cards(app).marks == set()


async def test_marks_outlive_another_search(opened: Open, kinds: Path) -> None:
    async with opened() as app:
        await app.press("slash")
        await app.type("deck:kinds kind:basic\n")
        await app.press("space", "slash", "ctrl+u")
        await app.type("deck:kinds kind:choice\n")
        await app.press("space", "1")
        assert set(found(app, "flag:1")) == cards(app).marks
        assert len(cards(app).marks) == 2


async def test_tags_are_written_for_all_marked_and_the_search_finds_them(
    opened: Open, kinds: Path
) -> None:
    before = kinds.read_text("utf-8")
    async with opened() as app:
        await app.press("slash")
        await app.type("deck:kinds kind:typed\n")
        await app.press("ctrl+a", "T")
        await app.type("fresh water, x")
        await app.press("ctrl+s")
        assert found(app, 'tag:"fresh water" tag:x') == found(app, "deck:kinds kind:typed")
        await app.press("u")
        assert found(app, "tag:x") == []
        assert kinds.read_text("utf-8") == before


async def test_a_shipped_card_is_edited_in_a_copy_that_undo_takes_back(
    opened: Open, decks_folder: Path
) -> None:
    async with opened() as app:
        await app.press("b", "slash")
        await app.type("deck:sco-essentials kind:typed\n")
        title = app.workspace.catalogue.title("sco-essentials")
        await app.press("e")
        assert f"{title} came with the app. Change it?" in app.frame
        await app.press("down", "enter")
        assert app.workspace.catalogue.is_shipped("sco-essentials")
        await app.press("e", "enter")
        (copy,) = decks_folder.glob("*sco-essentials.yaml")
        await app.type(" Truly?")
        await app.press("ctrl+s")
        assert "Truly?" in copy.read_text("utf-8")
        await app.press("u")
        assert "Truly?" not in copy.read_text("utf-8")
        await app.press("u")
        assert f"your copy of {title}" in app.frame
        assert not copy.exists()


async def test_the_editor_opens_the_copy_of_a_shipped_deck(
    opened: Open, decks_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited: list[Path] = []
    monkeypatch.setattr(CardSteps, "run_editor", lambda _, path, line: edited.append(path))
    async with opened() as app:
        await app.press("b", "slash")
        await app.type("deck:sco-essentials\n")
        await app.press("E", "enter")
        assert [path.name for path in edited] == [path.name for path in decks_folder.iterdir()]
        assert "data/decks" in str(edited[0])


async def test_tags_of_a_shipped_deck_are_refused(opened: Open) -> None:
    async with opened() as app:
        await app.press("b", "T")
        await app.type("x")
        await app.press("ctrl+s")
        assert "came with the app" in app.frame
        assert found(app, "tag:x") == []


async def test_an_edited_card_stays_under_the_cursor_in_its_new_words(
    opened: Open, kinds: Path
) -> None:
    async with opened() as app:
        await app.press("slash")
        await app.type("deck:kinds kind:basic\n")
        await app.press("e")
        await app.press("tab")
        await app.type(" Indeed")
        await app.press("ctrl+s")
        assert isinstance(app.app.screen, Browse)
        assert "Indeed" in kinds.read_text("utf-8")
        assert cards(app).key in found(app, "indeed")


async def test_the_list_is_sorted_by_a_chosen_column_and_reversed(
    opened: Open, kinds: Path
) -> None:
    async with opened() as app:
        await app.press("b", "o", "enter")
        assert list(cards(app).keys) == Browser(app.workspace).find(parse(""), "prompt")
        assert "prompt▲" in app.frame
        await app.press("o", "enter")
        descending = Browser(app.workspace).find(parse(""), "prompt", descending=True)
        assert list(cards(app).keys) == descending
        assert "prompt▼" in app.frame


async def test_every_row_of_a_long_list_is_fetched_when_it_comes_into_view(
    opened: Open, decks_folder: Path
) -> None:
    notes = "".join(f"  - {{front: row-{n:04}, back: b}}\n" for n in range(3000))
    (decks_folder / "many.yaml").write_text(f"deck: Many\ncards:\n{notes}", encoding="utf-8")
    async with opened() as app:
        await app.press("slash")
        await app.type("deck:many\n")
        assert "3,000 cards" in app.frame
        for key, row in (("end", "row-2999"), ("pageup", "row-2975"), ("home", "row-0000")):
            await app.press(key, key)
            assert row in app.frame
        assert len(cards(app)._rows) < 1000


@pytest.fixture
def long_list(decks_folder: Path) -> None:
    """More cards than are found at first."""
    notes = "".join(f"  - {{front: row-{n:04}, back: b}}\n" for n in range(300))
    (decks_folder / "many.yaml").write_text(f"deck: Many\ncards:\n{notes}", encoding="utf-8")


@pytest.mark.usefixtures("long_list")
async def test_the_last_card_is_reached_before_all_are_found(opened: Open) -> None:
    async with opened() as app:
        await app.press("b")
        cards(app).complete = False
        await app.press("end")
        assert cards(app).cursor == 0
        app.app.screen.on_outdated()  # type: ignore[attr-defined]
        await app.settle()
        assert cards(app).cursor == cards(app).count - 1 > 300


@pytest.mark.usefixtures("long_list")
async def test_a_step_typed_after_marking_all_waits_until_all_are_found(opened: Open) -> None:
    async with opened() as app:
        await app.press("slash")
        await app.type("deck:many row\n")
        screen = app.app.screen
        assert isinstance(screen, Browse)
        screen.on_outdated()
        screen.action_mark_all()
        screen.action_digit(4)
        assert cards(app).marks == set()
        await app.settle()
        assert found(app, "flag:4") == found(app, "deck:many")
        assert len(found(app, "flag:4")) == 300


async def test_a_search_of_ten_thousand_characters_is_refused_with_a_message(opened: Open) -> None:
    async with opened() as app:
        await app.press("slash")
        app.app.screen.query_one("#search").value = "word " * 2000  # type: ignore[attr-defined]
        await app.settle()
        assert "a search has up to 1,000 characters, and this one 10,000" in app.frame
        await app.press("ctrl+u")
        assert "1,000 characters" not in app.frame


async def test_browse_shows_a_card_added_by_an_editor(opened: Open, kinds: Path) -> None:
    async with opened() as app:
        await app.press("slash")
        await app.type("deck:kinds\n")
        count = cards(app).count
        text = kinds.read_text("utf-8")
        kinds.write_text(text + "  - {front: One more, back: here}\n", encoding="utf-8")
        await app.press("q", "r")
        await app.press("slash")
        await app.type("deck:kinds\n")
        assert cards(app).count == count + 1


async def test_an_outdated_search_causes_no_error(opened: Open, kinds: Path) -> None:
    async with opened() as app:
        await app.press("slash")
        for letters in ("deck:kinds capital", "x" * 30, "is:new -is:due "):
            await app.press(*letters)
            await app.press("ctrl+u")
        await app.type("deck:kinds\n")
        assert list(cards(app).keys) == found(app, "deck:kinds")
        assert app.workspace.progress.connection.execute("SELECT 1").fetchone() == (1,)
        assert isinstance(app.workspace.progress.connection, sqlite3.Connection)


async def test_hostile_texts_show_no_control_characters(opened: Open, hostile: Path) -> None:
    async with opened((160, 45)) as app:
        await app.press("b")
        await app.press("end")
        shown = app.frame
        for key in ("up",) * 10:
            await app.press(key)
            shown += app.frame
        await app.press("enter")
        shown += app.frame
        await app.press("escape", "T")
        shown += app.frame
        await app.press("escape", "slash")
        app.app.screen.query_one("#search").value = "\x1b]0;x\x07"  # type: ignore[attr-defined]
        await app.settle()
        shown += app.frame
    assert "CHOICE" in shown
    assert not set(CONTROLS) & set(shown)
    assert "\u202e" not in shown
