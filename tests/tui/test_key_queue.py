"""Keys that come in one piece each go where the one before it led."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.keys import _character_to_key

from sco_quiz.learning.cards import Rating
from sco_quiz.tui.screens.browse import Browse
from sco_quiz.tui.screens.note_form import NoteForm
from sco_quiz.tui.screens.quiz import QuizScreen
from sco_quiz.tui.screens.settings import Settings
from sco_quiz.tui.screens.study import StudyScreen
from sco_quiz.tui.widgets.fields import FormField

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Open, Opened

CAPITALS = """\
deck: Capitals
id: capitals
cards:
  - {question: "Capital of Tajikistan?", answer: Dushanbe}
  - {question: "Capital of Kyrgyzstan?", answer: Bishkek}
  - {question: "Name the three.", list: [Paris, Rome, Oslo]}
"""


def write_deck(folder: Path, text: str) -> None:
    (folder / "mine.yaml").write_text(text, encoding="utf-8")


async def send(app: Opened, *keys: str) -> None:
    """Send keys in one piece: names of keys, and texts of more than one character to be typed."""
    for key in keys:
        if key in ("enter", "tab", "escape", "down", "backspace", "slash", "colon", "ctrl+s"):
            app.app.post_message(events.Key(key, {"slash": "/", "colon": ":"}.get(key)))
        else:
            for character in key:
                app.app.post_message(events.Key(_character_to_key(character), character))
    await app.settle()


def written(app: Opened) -> dict[str, str]:
    fields = app.app.screen.query("#fields FormField").results(FormField)
    return {field.key: field.value for field in fields if field.value}


async def test_a_rating_and_the_next_answer_can_be_typed_ahead(
    opened: Open, decks_folder: Path
) -> None:
    write_deck(decks_folder, CAPITALS)
    async with opened(deck="capitals") as app:
        await send(app, "Dushanbe", "enter", "4", "Bishkek")
        assert "Capital of Kyrgyzstan?" in app.frame
        assert "› Bishkek" in app.frame
        screen = app.app.screen
        assert isinstance(screen, StudyScreen)
        assert screen.session.tally.ratings == {Rating.EASY: 1}


async def test_a_whole_session_can_be_typed_ahead(opened: Open, decks_folder: Path) -> None:
    write_deck(decks_folder, CAPITALS)
    async with opened(deck="capitals") as app:
        session = app.app.screen.session  # type: ignore[attr-defined]
        await send(
            app,
            *("Dushanbe", "enter", "enter", "Bishkek", "enter", "enter"),
            *("Oslo", "enter", "Paris, Rome", "enter", "enter", "4"),
        )
        assert session.tally.recalled == 3
        assert session.tally.ratings == {Rating.GOOD: 2, Rating.EASY: 1}


async def test_the_keys_of_a_form_can_arrive_at_once(opened: Open, decks_folder: Path) -> None:
    write_deck(decks_folder, CAPITALS)
    async with opened() as app:
        await app.press("end")
        await send(app, "a", "Front text", "tab", "back text", "tab", "accepted")
        assert isinstance(app.app.screen, NoteForm)
        assert written(app) == {
            "question": "Front text",
            "answer": "back text",
            "accept": "accepted",
        }


async def test_two_cards_can_be_written_by_keys_that_arrive_at_once(
    opened: Open, decks_folder: Path
) -> None:
    write_deck(decks_folder, CAPITALS)
    async with opened() as app:
        await app.press("end")
        await send(app, "a", "One?", "tab", "1", "ctrl+s", "Two?", "tab", "2", "ctrl+s", "escape")
        assert app.app.screen is app.app.home
    text = (decks_folder / "mine.yaml").read_text(encoding="utf-8")
    assert text.index("One?") < text.index("Two?")


async def test_a_search_and_a_command_on_its_first_card_can_arrive_at_once(
    opened: Open, decks_folder: Path
) -> None:
    write_deck(decks_folder, CAPITALS)
    async with opened() as app:
        await send(app, "b", "slash", '"Capital of Kyrgyzstan"', "enter", "e")
        assert isinstance(app.app.screen, NoteForm)
        assert written(app)["question"] == "Capital of Kyrgyzstan?"


async def test_keys_that_open_and_use_the_palette_can_arrive_at_once(opened: Open) -> None:
    async with opened() as app:
        await send(app, "colon", "Change settings", "enter")
        assert isinstance(app.app.screen, Settings)
        await send(app, "escape", "b")
        assert isinstance(app.app.screen, Browse)


async def test_a_quiz_can_be_typed_ahead(opened: Open, decks_folder: Path) -> None:
    write_deck(decks_folder, "deck: One\nid: one\ncards:\n  - {question: Capital?, answer: Rome}\n")
    async with opened() as app:
        await app.press("end")
        await send(app, "z", "enter")
        assert isinstance(app.app.screen, QuizScreen)
        quiz = app.app.screen.quiz
        await send(app, *["x", "enter", "enter"] * (quiz.total - 1))
        assert len(quiz.results) == quiz.total - 1
