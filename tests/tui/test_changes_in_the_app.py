"""In the app: Study, Quiz and Home show what changes meanwhile."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest
from textual.events import Key

from sco_quiz.insight.browsing import Browser
from sco_quiz.learning.cards import Rating
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.studying.sessions import begin_study
from sco_quiz.tui.messages import StartQuiz
from sco_quiz.tui.screens.home import Home
from sco_quiz.tui.screens.study import StudyScreen
from sco_quiz.tui.screens.summary import Summary
from sco_quiz.tui.widgets.answer_line import AnswerLine
from sco_quiz.tui.widgets.row_list import RowList
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.tui.conftest import AssertFrames, FixedClock, Open, Opened

DECK = """\
deck: Geo
id: geo
cards:
  - {question: "Capital of Tajikistan?", answer: Dushanbe}
  - {question: "Capital of Kyrgyzstan?", answer: Bishkek}
"""


@pytest.fixture
def geo(decks_folder: Path) -> Path:
    path = decks_folder / "geo.yaml"
    path.write_text(DECK, "utf-8")
    return path


async def look_around(app: Opened) -> None:
    """Let the app look at its surroundings, as it does every few seconds."""
    app.app._look_after()
    await app.settle()


def answer_elsewhere(app: Opened, count: int = 1) -> None:
    with app.workspace.elsewhere() as other:
        session = begin_study(other, ["geo"])
        for _ in range(count):
            session.answer("x")
            session.rate(Rating.EASY)


async def test_typed_text_stays_when_the_question_is_reworded(opened: Open, geo: Path) -> None:
    async with opened(deck="geo") as app:
        await app.type("Dush")
        geo.write_text(DECK.replace("Capital of Taj", "What is the capital of Taj"), "utf-8")
        await look_around(app)
        assert "What is the capital of Tajikistan?" in app.frame
        assert app.app.screen.query_one(AnswerLine).value == "Dush"
        await app.type("anbe\n")
        assert "correct" in app.frame


async def test_home_shows_a_step_of_browse_that_ends_behind_it(
    opened: Open, geo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_home = Event()
    suspend = Browser.suspend

    def suspend_late(browser: Browser, keys: Sequence[str]) -> int:
        assert is_home.wait(60)
        return suspend(browser, keys)

    monkeypatch.setattr(Browser, "suspend", suspend_late)
    async with opened() as app:
        before = [line.split()[1] for line in app.frame.splitlines() if "Geo" in line]
        await app.press("b")
        await app.type("/deck:geo\n")
        app.app.post_message(Key("exclamation_mark", "!"))
        app.app.post_message(Key("escape", None))
        await app.pilot.pause()
        assert isinstance(app.app.screen, Home)
        is_home.set()
        await app.settle()
        after = [line.split()[1] for line in app.frame.splitlines() if "Geo" in line]
        assert (before, after) == (["2"], ["1"])


async def test_marks_of_a_choice_stay_if_only_its_question_changed(
    opened: Open, decks_folder: Path
) -> None:
    path = decks_folder / "pick.yaml"
    text = "deck: P\nid: pick\ncards:\n- {id: a, question: Which?, answers: [x, y], choices: [z]}\n"
    path.write_text(text, "utf-8")
    async with opened(deck="pick") as app:
        await app.press("1")
        marked = app.frame.count("■")
        assert marked == 1
        path.write_text(text.replace("Which?", "Which two?"), "utf-8")
        await look_around(app)
        assert "Which two?" in app.frame
        assert app.frame.count("■") == marked


@pytest.mark.parametrize(
    ("note", "keys", "mark"),
    [
        ("answer: x, choices: [z]", ["z"], "z  you"),
        ("answers: [x, y], choices: [z]", ["z"], "z  you"),
        ("order: [x, y]", ["y", "x"], "y  you: 1"),
    ],
)
async def test_what_was_chosen_stays_marked_when_the_card_is_edited_or_its_edit_taken_back(
    opened: Open, decks_folder: Path, note: str, keys: list[str], mark: str
) -> None:
    text = f"deck: P\nid: pick\ncards:\n- {{id: a, question: Which?, {note}}}\n"
    (decks_folder / "pick.yaml").write_text(text, "utf-8")
    async with opened(deck="pick") as app:
        for key in keys:
            await app.press(key, "enter")
        if len(keys) > 1 or "answers" in note:
            await app.press("enter")
        answered = app.frame
        assert mark in answered
        await app.press("e", "ctrl+s")
        assert app.frame == answered
        await app.press("e", *"now ", "ctrl+s")
        assert mark in app.frame
        await app.press("ctrl+underscore")
        assert mark in app.frame


async def test_a_mistake_in_the_deck_is_named_and_the_card_asked_as_last_read(
    opened: Open, assert_frames: AssertFrames, geo: Path
) -> None:
    frames = {}
    async with opened(deck="geo") as app:
        geo.write_text(DECK + "\t- {", "utf-8")
        await look_around(app)
        frames["broken"] = await app.shots()
        await app.type("Dushanbe\n")
        frames["answered"] = await app.shots()
        await app.press("3")
        assert isinstance(app.app.screen, StudyScreen)
        frames["the next card"] = await app.shots()
        geo.write_text(DECK, "utf-8")
        await look_around(app)
        frames["mended"] = await app.shots()
    assert_frames("mistake-while-studied", frames)


async def test_the_editor_opens_at_the_mistake(
    opened: Open, geo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = []
    monkeypatch.setattr(
        StudyScreen, "run_editor", lambda _, path, line: places.append((path, line))
    )
    async with opened(deck="geo") as app:
        geo.write_text(DECK + "\t- {", "utf-8")
        await look_around(app)
        await app.press("f5")
    ((path, line),) = places
    assert (path.name, line) == ("geo.yaml", 6)


async def test_a_card_answered_in_another_terminal_is_not_asked_here(
    opened: Open, geo: Path
) -> None:
    assert geo.exists()
    async with opened(deck="geo") as app:
        answer_elsewhere(app)
        await look_around(app)
        assert "Capital of Kyrgyzstan?" in app.frame
        assert "1 card was answered or set aside elsewhere." in app.frame
        await app.type("Bishkek\n4")
        assert not isinstance(app.app.screen, StudyScreen)


async def test_a_typed_answer_never_counts_for_the_next_card(opened: Open, geo: Path) -> None:
    assert geo.exists()
    async with opened(deck="geo") as app:
        await app.type("Dush")
        answer_elsewhere(app)
        await look_around(app)
        await look_around(app)
        assert "Capital of Tajikistan?" in app.frame
        assert "1 card was answered or set aside elsewhere." in app.frame
        await app.type("anbe")
        assert app.app.screen.query_one(AnswerLine).value == "Dushanbe"
        await app.press("enter")
        assert "Capital of Kyrgyzstan?" in app.frame
        assert not app.app.screen.query_one(AnswerLine).value
        await app.type("Bishkek\n")
        assert "correct" in app.frame
        await app.press("4")
        assert app.workspace.progress.query("SELECT count(*) FROM review") == [(2,)]


async def test_a_typed_answer_in_a_quiz_never_counts_for_the_next_card(
    opened: Open, geo: Path
) -> None:
    async with opened() as app:
        quiz = begin_quiz(app.workspace, ["geo"])
        assert quiz is not None
        app.app.post_message(StartQuiz(quiz))
        await app.settle()
        asked = next(city for city in ("Tajikistan", "Kyrgyzstan") if city in app.frame)
        other = "Kyrgyzstan" if asked == "Tajikistan" else "Tajikistan"
        await app.type("Du")
        geo.write_text(
            "".join(line for line in DECK.splitlines(keepends=True) if asked not in line), "utf-8"
        )
        await look_around(app)
        assert f"Capital of {asked}?" in app.frame
        await app.type("sh\n")
        assert f"Capital of {other}?" in app.frame
        assert not app.app.screen.query_one(AnswerLine).value


async def test_a_session_finished_elsewhere_stays_open_until_a_key_is_pressed(
    opened: Open, geo: Path
) -> None:
    assert geo.exists()
    async with opened(deck="geo") as app:
        await app.type("D")
        answer_elsewhere(app, 2)
        await look_around(app)
        await app.type("u")  # Home would take back an answer
        assert isinstance(app.app.screen, StudyScreen)
        assert "2 cards were answered or set aside elsewhere." in app.frame
        await app.press("enter")
        assert isinstance(app.app.screen, Home)
        assert app.workspace.progress.query("SELECT count(*) FROM review") == [(2,)]


async def test_a_verdict_in_view_is_not_rated_once_the_card_is_answered_elsewhere(
    opened: Open, geo: Path
) -> None:
    assert geo.exists()
    async with opened(deck="geo") as app:
        await app.type("Dushanbe\n")
        answer_elsewhere(app)
        await app.press("1")
        assert "Capital of Kyrgyzstan?" in app.frame
        ratings = app.workspace.progress.query("SELECT rating FROM review")
        assert ratings == [(int(Rating.EASY),)]


@pytest.mark.parametrize("is_quiz", [False, True], ids=["study", "quiz"])
async def test_an_answer_is_not_taken_for_a_question_that_changed_meanwhile(
    opened: Open, geo: Path, is_quiz: bool
) -> None:
    geo.write_text(DECK[: DECK.rindex("  - ")], "utf-8")
    async with opened(deck=None if is_quiz else "geo") as app:
        if is_quiz:
            app.app.post_message(StartQuiz(begin_quiz(app.workspace, ["geo"])))
            await app.settle()
        await app.type("Dushanbe")
        geo.write_text(DECK[: DECK.rindex("  - ")].replace("Tajik", "Greater Tajik"), "utf-8")
        with app.workspace.elsewhere() as other:
            other.refresh()
        await app.press("enter")
        assert "The card was changed meanwhile: look again." in app.frame
        assert "Capital of Greater Tajikistan?" in app.frame
        assert app.app.screen.query_one(AnswerLine).value == ""
        await app.type("Dushanbe\n")
        assert "correct" in app.frame


@pytest.mark.parametrize("is_quiz", [False, True], ids=["study", "quiz"])
async def test_an_explanation_that_changed_meanwhile_is_shown_with_the_verdict(
    opened: Open, geo: Path, is_quiz: bool
) -> None:
    text = DECK[: DECK.rindex("  - ")]
    geo.write_text(text, "utf-8")
    async with opened(deck=None if is_quiz else "geo") as app:
        if is_quiz:
            app.app.post_message(StartQuiz(begin_quiz(app.workspace, ["geo"])))
            await app.settle()
        geo.write_text(text.replace("}", ", explain: It means Monday.}"), "utf-8")
        with app.workspace.elsewhere() as other:
            other.refresh()
        await app.type("Dushanbe\n")
        assert "correct" in app.frame
        assert "It means Monday." in app.frame


async def test_a_verdict_that_changed_is_shown_before_a_rating_counts(
    opened: Open, geo: Path
) -> None:
    async with opened(deck="geo") as app:
        await app.type("Dushanbe\n")
        assert "correct" in app.frame
        geo.write_text(DECK.replace("Dushanbe", "Stalinabad"), "utf-8")
        with app.workspace.elsewhere() as other:
            other.refresh()
        await app.press("enter")
        assert "The card was changed meanwhile: look again." in app.frame
        assert "Stalinabad" in app.frame
        assert app.workspace.progress.query("SELECT rating FROM review") == []
        await app.press("enter")
        ratings = app.workspace.progress.query("SELECT rating FROM review")
        assert ratings == [(int(Rating.AGAIN),)]


async def test_a_deck_removed_while_it_is_studied_ends_the_session_with_a_message(
    opened: Open, geo: Path
) -> None:
    async with opened(deck="geo") as app:
        await app.type("Dushanbe\n4")
        geo.unlink()
        await look_around(app)
        assert isinstance(app.app.screen, Summary)
        assert "1 card is in no deck any more." in app.frame


async def test_a_card_with_an_image_is_still_asked_when_its_deck_has_a_mistake(
    opened: Open, geo: Path
) -> None:
    text = DECK.replace("Dushanbe}", "Dushanbe, image: map.png}")
    geo.write_text(text, "utf-8")
    async with opened(deck="geo") as app:
        geo.write_text(f"{text}  - {{", "utf-8")
        await look_around(app)
        await app.type("Dushanbe\n")
        assert "correct" in app.frame
        await app.press("4")
        assert app.workspace.progress.query("SELECT count(*) FROM review") == [(1,)]


@pytest.mark.parametrize("data", [b"", b"conflict" * 9_000], ids=["emptied", "other bytes"])
async def test_answers_given_in_the_app_are_kept_when_the_progress_file_is_overwritten(
    opened: Open, geo: Path, data: bytes
) -> None:
    assert geo.exists()
    async with opened(deck="geo") as app:
        await app.type("Dushanbe\n4")
        path = app.workspace.progress.path
        path.write_bytes(data)
        await app.type("Bishkek\n4")
        assert "was overwritten or removed while in use" in app.frame
    with Workspace() as again:
        assert again.progress.query("SELECT count(*) FROM review") == [(1,)]


async def test_home_shows_answers_given_elsewhere_and_keeps_its_cursor(
    opened: Open, geo: Path
) -> None:
    assert geo.exists()
    async with opened() as app:
        await app.press("end")
        cursor = app.app.screen.query_one(RowList).cursor
        assert "0 done" in app.frame
        answer_elsewhere(app, 2)
        await look_around(app)
        assert "2 done" in app.frame
        assert app.app.screen.query_one(RowList).cursor == cursor


async def test_home_left_open_shows_the_new_day(opened: Open, clock: FixedClock) -> None:
    async with opened() as app:
        assert "Monday, 2 March" in app.frame
        clock.move(days=1)
        await look_around(app)
        assert "Tuesday, 3 March" in app.frame


async def test_a_deck_edited_elsewhere_is_shown_by_home_below_another_screen_too(
    opened: Open, geo: Path
) -> None:
    async with opened() as app:
        await app.press("question_mark")
        geo.write_text(DECK.replace("deck: Geo", "deck: Geography"), "utf-8")
        await look_around(app)
        await app.press("escape")
        assert isinstance(app.app.screen, Home)
        assert "Geography" in app.frame


async def test_a_quiz_shows_a_reworded_question_and_skips_a_removed_card(
    opened: Open, geo: Path
) -> None:
    async with opened() as app:
        from sco_quiz.studying.quizzes import begin_quiz

        quiz = begin_quiz(app.workspace, ["geo"], seed=3)
        app.app._take(quiz)
        await app.settle()
        assert quiz.question is not None
        prompt = quiz.question.original.prompt
        geo.write_text(DECK.replace(prompt, f"Now: {prompt}"), "utf-8")
        await look_around(app)
        assert f"Now: {prompt}" in app.frame
        lines = [line for line in DECK.splitlines() if prompt not in line]
        geo.write_text("\n".join(lines) + "\n", "utf-8")
        await look_around(app)
        assert "1 card is in no deck any more." in app.frame
        assert quiz.total == 1
