"""What is written in a form is kept, by whichever way the form is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.events import Paste

from sco_quiz.tui.screens.note_form import NewDeck, NoteForm
from sco_quiz.tui.widgets.fields import FormField

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Open, Opened

DECK = "deck: Mine\nid: mine\ncards:\n  - {question: Old?, answer: old}\n"


@pytest.fixture(autouse=True)
def mine(decks_folder: Path) -> Path:
    path = decks_folder / "mine.yaml"
    path.write_text(DECK, encoding="utf-8")
    return path


async def write_question(app: Opened) -> None:
    await app.press("end", "a")
    await app.type("Five minutes of work")


def question(app: Opened) -> str:
    assert isinstance(app.app.screen, NoteForm)
    fields = app.app.screen.query("#fields FormField").results(FormField)
    return next(field.value for field in fields if field.key == "question")


async def test_a_refused_save_is_no_leave_to_drop_the_text(opened: Open) -> None:
    async with opened() as app:
        await write_question(app)
        await app.press("ctrl+s", "escape")
        assert question(app) == "Five minutes of work"
        assert "Not saved." in app.frame


async def test_ctrl_c_leaves_a_form_as_escape_does(opened: Open) -> None:
    async with opened() as app:
        await write_question(app)
        await app.press("ctrl+c")
        assert question(app) == "Five minutes of work"
        await app.press("ctrl+c")
        assert app.app.screen is app.app.home
        assert app.app.is_running


@pytest.mark.parametrize("ways", [("escape",), ("ctrl+s", "escape"), ("ctrl+q",), ("ctrl+c",)])
async def test_a_form_that_was_left_has_its_text_when_it_is_opened_again(
    opened: Open, ways: tuple[str, ...]
) -> None:
    async with opened() as app:
        await write_question(app)
        await app.press(*ways, ways[-1])
        assert app.app.screen is app.app.home
        await app.press("a")
        assert question(app) == "Five minutes of work"
        assert "This is what you did not save before." in app.frame


async def test_a_kind_and_its_fields_are_kept_too(opened: Open) -> None:
    async with opened() as app:
        await write_question(app)
        await app.press("shift+tab", "right", "right")
        kind = app.app.screen._kind  # type: ignore[attr-defined]
        await app.press("escape", "escape", "a")
        assert app.app.screen._kind is kind  # type: ignore[attr-defined]


async def test_what_is_discarded_or_saved_does_not_come_back(opened: Open, mine: Path) -> None:
    async with opened() as app:
        await write_question(app)
        await app.press("f8", "a")
        assert question(app) == ""
        await app.type("Another?")
        await app.press("tab", "1", "ctrl+s", "escape", "a")
        assert question(app) == ""
    assert "Another?" in mine.read_text(encoding="utf-8")


async def test_changes_to_a_card_are_kept_for_that_card_alone(opened: Open) -> None:
    async with opened(deck="mine") as app:
        await app.press("f4")
        await app.type(" Newer?")
        await app.press("escape", "escape", "f4")
        assert question(app) == "Old? Newer?"
        await app.press("f8")
        await app.press("f4")
        assert question(app) == "Old?"


async def test_the_form_of_a_deck_keeps_its_text(opened: Open) -> None:
    async with opened() as app:
        await app.press("n")
        await app.type("Rivers")
        await app.press("escape", "escape", "n")
        assert isinstance(app.app.screen, NewDeck)
        assert app.app.screen.query(FormField).first(FormField).value == "Rivers"


async def test_a_form_under_another_screen_keeps_the_app_open(opened: Open) -> None:
    async with opened() as app:
        await write_question(app)
        await app.press("f1", "ctrl+c")
        assert app.app.is_running
        assert "A form is open below" in app.frame


async def test_quitting_tells_once_of_text_that_is_not_saved(opened: Open) -> None:
    async with opened() as app:
        await write_question(app)
        await app.press("escape", "escape", "Q")
        assert app.app.is_running
        assert "holds text that is not saved" in app.frame
        await app.press("Q")
        assert app.app._exit


async def test_several_pasted_lines_stay_lines_in_a_field(opened: Open) -> None:
    async with opened() as app:
        await app.press("end", "a")
        app.app.post_message(Paste("one\ntwo"))
        await app.settle()
        assert question(app) == "one\ntwo"
