"""In the app: edited cards that are asked about, and histories that are given to a card by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.cards import Rating
from sco_quiz.studying.sessions import begin_study
from sco_quiz.tui.screens.browse import Browse
from sco_quiz.tui.screens.choosing import Choosing
from sco_quiz.tui.screens.home import Home
from sco_quiz.tui.screens.text_pages import RelinkPage
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import AssertFrames, FixedClock, Open, Opened

LAKE = "  - {question: Which lake is the lowest on earth?, answer: Dead Sea}\n"
METRO = "  - {question: When did the metro of Tashkent open?, answer: 1977}\n"
OTHER = "  - {question: When did the metro of Almaty open to the public?, answer: 2011}\n"


def write(folder: Path, *notes: str, deck: str = "asia") -> None:
    text = f"deck: {deck.capitalize()}\nid: {deck}\ncards:\n{''.join(notes)}"
    (folder / f"{deck}.yaml").write_text(text, encoding="utf-8")


async def find_cards(app: Opened) -> None:
    """Find the cards of the deck."""
    await app.press("slash")
    await app.type("deck:asia\n")


@pytest.fixture
def studied(decks_folder: Path, clock: FixedClock) -> Path:
    """A folder with a deck of two cards, both answered."""
    write(decks_folder, LAKE, METRO)
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        session = begin_study(workspace, ["asia"])
        while session.question is not None:
            session.answer("")
            session.rate(Rating.EASY)
        session.end()
    return decks_folder


async def test_a_card_gets_a_history_from_a_list_with_the_most_similar_first(
    opened: Open, studied: Path
) -> None:
    write(studied, OTHER)
    async with opened() as app:
        await find_cards(app)
        await app.press("l")
        assert isinstance(app.app.screen, Choosing)
        assert "Which history is this card's?" in app.frame
        assert "Its own counts too" not in app.frame
        assert "✓" not in app.frame
        lines = app.frame.splitlines()
        metro, lake = (
            next(number for number, line in enumerate(lines) if words in line)
            for words in ("metro of Tashkent open? → 1977 (asia)", "lowest on earth? → Dead Sea")
        )
        assert metro < lake
        await app.press("enter")
        assert "The card has that history now." in app.frame
        assert [face.answer for face in app.workspace.relinker.orphans()] == ["Dead Sea"]
        await app.press("u")
        assert "Taken back: the joining of a card with a history." in app.frame
        assert len(app.workspace.relinker.orphans()) == 2


@pytest.mark.parametrize("key", ["l", "enter"])
async def test_escape_typed_right_after_a_key_closes_what_that_key_opened(
    opened: Open, studied: Path, key: str
) -> None:
    write(studied, OTHER)
    async with opened() as app:
        await find_cards(app)
        await app.press(key, "escape")
        assert type(app.app.screen) in (Browse, Home)  # as far as the list had come by then


async def test_nothing_changes_when_the_list_of_histories_is_left(
    opened: Open, studied: Path
) -> None:
    write(studied, OTHER)
    async with opened() as app:
        await find_cards(app)
        await app.press("l")
        await app.press("escape")
        assert isinstance(app.app.screen, Browse)
        assert len(app.workspace.relinker.orphans()) == 2


async def test_joining_says_beforehand_that_both_histories_will_count(
    opened: Open, studied: Path
) -> None:
    write(studied, LAKE)
    async with opened() as app:
        await find_cards(app)
        await app.press("l")
        assert "Which history is this card's? Its own counts too." in app.frame
        await app.press("enter")
        assert app.workspace.relinker.orphans() == []


async def test_without_a_history_to_join_the_app_says_so(opened: Open, studied: Path) -> None:
    async with opened() as app:
        await find_cards(app)
        await app.press("l")
        assert isinstance(app.app.screen, Browse)
        assert "There is no history without a card." in app.frame


async def test_hostile_texts_of_vanished_cards_show_no_control_characters(
    opened: Open, studied: Path, hostile: Path, clock: FixedClock
) -> None:
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        session = begin_study(workspace, ["hostile"], most_new=99)
        while session.question is not None:
            session.answer("")
            session.rate(Rating.EASY)
    hostile.unlink()
    async with opened((160, 45)) as app:
        await find_cards(app)
        await app.press("l")
        assert isinstance(app.app.screen, Choosing)
        assert not {"\x1b", "\x07", "\u202e"} & set(app.frame)


async def test_a_note_moved_and_reworded_is_asked_about_and_the_answer_taken_back(
    opened: Open, assert_frames: AssertFrames, studied: Path
) -> None:
    write(studied, LAKE)
    write(studied, METRO.replace("When did", "In which year did"), deck="towns")
    async with opened() as app:
        await app.press("l")
        assert isinstance(app.app.screen, RelinkPage)
        assert_frames("relink", {"asked": await app.shots()})
        await app.press("y")
        assert app.workspace.relinker.orphans() == []
        await app.press("u")
        assert "Taken back: the joining of a card with a history." in app.frame
        await app.press("l")
        assert isinstance(app.app.screen, RelinkPage)
