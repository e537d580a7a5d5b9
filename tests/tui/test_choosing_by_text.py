"""At a choice its text is typed, and numbers by their value; commands have other keys there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.events import Paste

from sco_quiz.learning.question import are_numbers, options_of
from sco_quiz.learning.results import QuizOptions
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.tui.messages import StartQuiz
from sco_quiz.tui.screens.study import StudyScreen

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from sco_quiz.learning.session import StudySession
    from tests.tui.conftest import Open, Opened, Size

    Ask = Callable[..., AbstractAsyncContextManager[Opened]]

CITIES = """\
deck: Cities
id: cities
cards:
  - {question: Capital of Finland?, answer: Helsinki, choices: [Espoo, Hämeenlinna, Turku]}
"""
LETTERS = """\
deck: Letters
id: letters
cards:
  - {question: Vowels?, answers: [a, e], choices: [b, c]}
"""
CHAMBERS = """\
deck: Hearts
id: hearts
cards:
  - {question: How many chambers has a human heart?, answer: 4, choices: [1, 2, 3, 40]}
"""
ORDER = """\
deck: Order
id: order
cards:
  - {question: "Put them in order, smallest first.", order: [1, 2, 3, 4]}
"""
WRONG = ", ".join(f"wrong {letter}" for letter in "abcdefghijklmnopqrs")
MANY = f"""\
deck: Many
id: many
cards:
  - {{question: Which?, answer: the right one, choices: [{WRONG}]}}
"""
CAPITALS = """\
deck: Capitals
id: commas
cards:
  - {question: Name them., list: ["Washington, D.C.", Paris, Rome]}
"""
UNITS = """\
deck: Units
id: units
cards:
  - {question: How long?, answer: 2 km, choices: [1 km, 2.5 km, 25 km]}
"""


def write_deck(folder: Path, text: str) -> None:
    (folder / "mine.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def asked(opened: Open, decks_folder: Path) -> Ask:
    """Open the app on a session over a deck with this text."""

    def ask(text: str, size: Size = (100, 30)) -> AbstractAsyncContextManager[Opened]:
        write_deck(decks_folder, text)
        return opened(size, deck=text.partition("id: ")[2].split()[0])

    return ask


def session_of(app: Opened) -> StudySession:
    screen = app.app.screen
    assert isinstance(screen, StudyScreen)
    return screen.session


@pytest.mark.parametrize("typed", ["hel", "HELS", "Helsinki", "hä←elsi"])
async def test_enter_picks_the_option_that_begins_as_is_typed(asked: Ask, typed: str) -> None:
    async with asked(CITIES) as app:
        await app.press(*("backspace" if key == "←" else key for key in typed))
        assert "enter Choose" in app.frame
        await app.press("enter")
        assert "✓ correct" in app.frame


async def test_letters_are_not_commands_while_a_choice_is_open(asked: Ask) -> None:
    async with asked(CITIES) as app:
        await app.press(*"euh!-*?")
        session = session_of(app)
        assert session.question is not None
        assert session.question.before.flag == 0
        assert not session.flagged
        assert "is no choice" in app.frame
        bar = app.frame.splitlines()[-1]
        assert "f4 Edit" in bar
        assert "f1 Help" in bar
        await app.press("enter")
        assert session.judgement is None


async def test_a_digit_picks_behind_letters_that_begin_no_choice(asked: Ask) -> None:
    async with asked(CITIES) as app:
        await app.type("wx")
        assert "wx is no choice" in app.frame
        await app.type("1")
        assert session_of(app).judgement is not None


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (160, 45)])
@pytest.mark.parametrize("deck", [CITIES, CHAMBERS, MANY], ids=["words", "numbers", "many"])
async def test_what_is_no_choice_stands_below_all_choices_and_enter_says_so_again(
    asked: Ask, deck: str, size: Size
) -> None:
    async with asked(deck, size) as app:
        await app.type("qq")
        below = [line for line in app.frame.splitlines() if "qq is no choice" in line]
        assert [line.strip(" ▁▂▃▄▅▆▇█") for line in below] == ["› qq is no choice"]
        assert "enter Choose" not in app.frame
        await app.press("enter")
        assert "qq is no choice; backspace deletes it." in app.frame


async def test_moving_the_cursor_drops_the_typed_letters(asked: Ask) -> None:
    async with asked(CITIES) as app:
        await app.press("t", "down", "up")
        await app.press("enter")
        assert session_of(app).given == "Turku"


async def test_several_options_are_marked_by_text_or_space_and_enter_answers(asked: Ask) -> None:
    async with asked(LETTERS) as app:
        await app.press("a", "enter", "b", "backspace", "e", "enter", "enter")
        assert "✓ correct   2 of 2" in app.frame


async def test_space_marks_the_option_under_the_cursor(asked: Ask) -> None:
    async with asked(LETTERS) as app:
        await app.press("space", "down", "space", "down", "space", "down", "space", "enter")
        assert len(session_of(app).given) == 4


async def test_choices_that_are_numbers_have_no_numbering_and_are_typed(asked: Ask) -> None:
    async with asked(CHAMBERS) as app:
        assert "type or ↑↓ Choose" in app.frame.splitlines()[-1]
        await app.press("1")
        assert session_of(app).judgement is None
        await app.press("backspace", "4", "enter")
        assert session_of(app).given == "4"
        assert "✓ correct" in app.frame


async def test_a_typed_number_does_not_pick_a_longer_one(asked: Ask) -> None:
    async with asked(CHAMBERS.replace("answer: 4", "answer: 41")) as app:
        await app.press("4", "enter")
        assert session_of(app).judgement is None
        assert "4 is no choice" in app.frame


async def test_numbers_with_units_are_typed_too(asked: Ask) -> None:
    async with asked(UNITS) as app:
        await app.press("2", "space", "enter")
        assert session_of(app).given == "2 km"


async def test_numbers_are_put_in_order_by_their_value(asked: Ask) -> None:
    async with asked(ORDER) as app:
        await app.press("1", "enter", "2", "enter", "3", "enter", "4", "enter", "enter")
        assert "✓ correct   4 of 4" in app.frame


async def test_items_to_order_are_never_shown_in_order(asked: Ask) -> None:
    async with asked(ORDER) as app:
        question = session_of(app).question
        assert question is not None
        for reps in range(200):
            shown = [int(option) for option in options_of(question.card, reps)]
            assert shown not in ([1, 2, 3, 4], [4, 3, 2, 1])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["4", "1", "2"], True),
        (["−5", "3.5", "1,000"], True),
        (["€5", "10 %", "½"], True),
        (["1945", "15 June 2001"], True),
        (["4", "none"], False),
        (["H2O", "CO2"], False),
        ([], False),
    ],
)
def test_numbers_are_known_with_sign_and_unit(options: list[str], told: bool) -> None:
    assert are_numbers(options) is told


@pytest.mark.parametrize("keys", ["the", "up"])
async def test_options_without_a_number_are_reached_by_text_and_arrows(
    asked: Ask, keys: str
) -> None:
    async with asked(MANY, (80, 24)) as app:
        assert "type, ↑↓ or 1–9 Choose" in app.frame.splitlines()[-1]
        question = session_of(app).question
        assert question is not None
        at = question.options.index("the right one")
        await app.press(*("the" if keys == "the" else ["down"] * at))
        assert "the right one" in app.frame
        await app.press("enter")
        assert "✓ correct" in app.frame


async def test_after_a_wrong_choice_the_right_one_is_named_in_view(asked: Ask) -> None:
    async with asked(MANY, (80, 24)) as app:
        await app.press(*"wrong s", "enter")
        assert "✗ wrong   the right one" in app.frame


async def test_text_pasted_at_a_choice_counts_as_typed(asked: Ask) -> None:
    async with asked(CITIES) as app:
        app.app.post_message(Paste("Helsinki\n"))
        await app.press("enter")
        assert "✓ correct" in app.frame


async def test_letters_typed_at_a_choice_in_a_quiz_pick_an_option(
    opened: Open, decks_folder: Path
) -> None:
    write_deck(decks_folder, CITIES)
    async with opened() as app:
        quiz = begin_quiz(app.workspace, ["cities"], QuizOptions(number=1), seed=1)
        app.app.post_message(StartQuiz(quiz))
        await app.settle()
        await app.press(*"hel", "enter")
        assert quiz.score.correct == 1


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        ("Washington, D.C.\nParis, Rome\n", 3),
        ("Washington, D.C., Paris, Rome\n", 3),
        ("rome, washington, DC\n", 2),
        ("Washington, Paris\n", 2),
        ("Washington; D.C.\n", 2),
    ],
)
async def test_an_item_with_a_comma_is_one_item_of_a_list(
    asked: Ask, answer: str, count: int
) -> None:
    async with asked(CAPITALS) as app:
        await app.type(answer)
        await app.press("enter")
        assert len(session_of(app).given) == count


async def test_each_line_that_is_pasted_into_a_list_is_an_entry(asked: Ask) -> None:
    async with asked(
        CAPITALS.replace("Washington, D.C.", "Rome, Italy").replace("Rome]", "Oslo]")
    ) as app:
        app.app.post_message(Paste("Paris\nRome, Italy\r\n\nOslo"))
        await app.settle()
        assert "three to name, 3 so far" in app.frame
        await app.press("enter")
        assert "✓ correct   3 of 3" in app.frame


async def test_lines_pasted_as_one_answer_are_joined(opened: Open, kinds: Path) -> None:
    async with opened(deck="kinds", tag="typed") as app:
        app.app.post_message(Paste("Tash\nkent"))
        await app.settle()
        assert "› Tash kent" in app.frame


async def test_the_help_at_a_choice_names_the_keys_that_hold(asked: Ask) -> None:
    async with asked(CITIES, (100, 45)) as app:
        await app.press("f1")
        study = app.frame.split("Decks\n")[0]
        assert "f4                Edit the card" in study
        assert "e, f4" not in study
        await app.press("escape", "1", "f1")
        assert "e, f4" in app.frame


async def test_a_click_on_the_digits_in_the_key_bar_picks_nothing(asked: Ask) -> None:
    async with asked(CITIES, (80, 24)) as app:
        await app.pilot.click("KeyBar", offset=(4, 0))
        await app.settle()
        assert session_of(app).judgement is None
