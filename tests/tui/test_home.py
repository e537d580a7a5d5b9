"""Home: decks, notices, and what leads elsewhere."""

from __future__ import annotations

import re
from threading import Event
from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import ProgressError
from sco_quiz.learning.results import Feedback, QuizOptions
from sco_quiz.studying.overview import Overview, overview
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.tui.app import SCOQuizApp
from sco_quiz.tui.messages import OpenQuizSetup
from sco_quiz.tui.screens.home import Home
from sco_quiz.tui.screens.study import StudyScreen
from sco_quiz.tui.screens.text_pages import ProblemsPage
from sco_quiz.tui.widgets.deck_list import DeckList
from sco_quiz.workspace.workspace import Refreshed, Workspace
from tests.tui.conftest import Opened

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import FixedClock, Open


async def click(app: Opened, text: str) -> None:
    """Click on a text on the screen."""
    lines = app.frame.splitlines()
    y = next(y for y, line in enumerate(lines) if text in line)
    await app.pilot.click(offset=(lines[y].index(text), y))
    await app.settle()


def title_under_cursor(app: Opened) -> str:
    selected = app.app.screen.query_one(DeckList).selected
    return selected.title if selected else "All decks"


async def test_the_first_deck_with_something_to_do_is_selected(opened: Open) -> None:
    async with opened() as app:
        assert title_under_cursor(app) == "SCO essentials"
        await app.press("enter")
        assert isinstance(app.app.screen, StudyScreen)
        assert app.frame.startswith("  SCO essentials")


async def test_enter_during_the_first_reading_of_decks_studies_once_they_are_read(
    empty_home: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_read, read_decks = Event(), SCOQuizApp._read_decks

    def linger(app: SCOQuizApp) -> None:
        may_read.wait(60)
        read_decks(app)

    monkeypatch.setattr(SCOQuizApp, "_read_decks", linger)
    with Workspace(clock=clock) as workspace:
        app = SCOQuizApp(workspace)
        async with app.run_test(size=(100, 30)) as pilot:
            running = Opened(app, pilot, workspace)
            await pilot.press("enter")
            await pilot.pause()
            assert "Reading the decks…" in running.frame
            may_read.set()
            await running.settle()
            assert isinstance(app.screen, StudyScreen)
            assert "1 of 15" in running.frame


async def test_home_counts_again_only_when_it_is_shown_again(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = 0

    def counted(workspace: Workspace) -> Overview:
        nonlocal looked
        looked += 1
        return overview(workspace)

    monkeypatch.setattr("sco_quiz.tui.screens.home.overview", counted)
    async with opened() as app:
        looked = 0
        app.app.push_screen(Home(overview(app.workspace)))
        await app.settle()
        assert looked == 0
        assert "SCO essentials" in app.frame
        await app.press("?", "escape")
        assert looked == 1


async def test_all_decks_are_studied_in_one_session(opened: Open) -> None:
    async with opened() as app:
        await app.press("home", "enter")
        assert "1 of 15" in app.frame


async def test_a_click_selects_a_deck_and_a_second_studies_it(opened: Open) -> None:
    async with opened() as app:
        await click(app, "SCO timeline")
        assert title_under_cursor(app) == "SCO timeline"
        assert isinstance(app.app.screen, Home)
        await click(app, "SCO timeline")
        assert app.frame.startswith("  SCO timeline")


async def test_the_cursor_steps_over_headings(opened: Open, kinds: Path) -> None:
    async with opened() as app:
        await app.press("end")
        assert title_under_cursor(app) == "All kinds"
        await app.press("k")
        assert title_under_cursor(app) == "SCO beyond the article"
        await app.press("j")
        assert title_under_cursor(app) == "All kinds"
        await app.press("j")
        assert title_under_cursor(app) == "All kinds"


async def test_the_cursor_stays_on_its_deck_after_studying(opened: Open) -> None:
    async with opened() as app:
        await app.press("down", "enter")
        await app.press("escape")
        assert isinstance(app.app.screen, Home)
        assert title_under_cursor(app) == "The SCO today"


@pytest.mark.parametrize("size", [(60, 18), (80, 12), (100, 30)])
async def test_the_selected_deck_is_in_view(
    opened: Open, kinds: Path, size: tuple[int, int]
) -> None:
    async with opened(size) as app:
        await app.press("end")
        assert "▌ All kinds" in app.frame
        await app.press("enter")
        await app.press("escape")
        assert "▌ All kinds" in app.frame
        await app.pilot.resize_terminal(60, 18)
        await app.settle()
        assert "▌ All kinds" in app.frame


async def test_counts_fall_as_cards_are_answered(opened: Open, kinds: Path) -> None:
    async with opened() as app:
        await app.press("end", "enter")
        await app.press("enter", "4")
        await app.press("escape")
        await app.press("escape")
        assert "14 to go" in app.frame
        assert " 1 done" in app.frame


async def test_a_deck_written_while_the_app_runs_is_read(opened: Open, kinds: Path) -> None:
    async with opened() as app:
        deck = "deck: Brand new\ncards: [{front: a, back: b}]\n"
        kinds.with_name("new.yaml").write_text(deck, encoding="utf-8")
        await app.press("r")
        assert "Brand new" in app.frame
        kinds.with_name("new.yaml").unlink()
        await app.press("r")
        assert "Brand new" not in app.frame


async def test_a_broken_deck_is_named_and_its_mistake_shown(opened: Open, kinds: Path) -> None:
    broken = kinds.with_name("broken.yaml")
    broken.write_text("deck: B\ncards:\n  - frnt: a\n    back: b\n", encoding="utf-8")
    async with opened() as app:
        assert "broken.yaml:3:5: " in app.frame
        await app.press("p")
        assert isinstance(app.app.screen, ProblemsPage)
        assert "broken.yaml:3:5" in app.frame
        assert "did you mean `front`?" in app.frame
        await app.press("escape")
        assert isinstance(app.app.screen, Home)


async def test_without_mistakes_the_key_for_mistakes_opens_nothing(opened: Open) -> None:
    async with opened() as app:
        await app.press("p")
        assert isinstance(app.app.screen, Home)


async def test_with_nothing_due_home_says_when_the_next_card_comes(
    opened: Open, decks_folder: Path
) -> None:
    (decks_folder / "one.yaml").write_text("deck: One\ncards: [{front: a, back: b}]\n")
    async with opened() as app:
        await app.press("end", "enter")
        await app.press("enter", "4")
        await app.press("enter")
        assert isinstance(app.app.screen, Home)
        await app.press("enter")
        assert "Nothing is due. The next card comes on" in app.frame


async def test_home_never_says_that_nothing_is_due_before_decks_are_read(
    opened: Open, empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_home / "cache").mkdir()
    nothing = Refreshed(changed=False, kept=0, doubtful=0)
    monkeypatch.setattr(Workspace, "refresh", lambda *_, **__: nothing)
    async with opened() as app:
        assert "Reading the decks…" in app.frame
        assert "Nothing is due" not in app.frame
        assert "done for today" not in app.frame


async def test_a_held_progress_file_is_reported_once_on_home(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> Refreshed:
        raise ProgressError("progress.db is held by another program", "wait for it")

    async with opened() as app:
        monkeypatch.setattr(Workspace, "refresh", busy)
        await app.press("r")
        await app.press("r")
        assert app.frame.count("progress.db is held by another program") == 1
        assert "SCO essentials" in app.frame


async def test_the_day_changes_while_the_app_is_open(
    opened: Open, kinds: Path, clock: FixedClock
) -> None:
    async with opened(deck="kinds", tag="basic") as app:
        await app.press("enter", "1")
        clock.move(days=1)
        await app.press("escape")
        await app.press("escape")
        assert isinstance(app.app.screen, Home)
        assert "Tuesday, 3 March" in app.frame
        assert " 0 done" in app.frame


async def test_leaving_while_a_screen_opens_ends_the_app_without_error(opened: Open) -> None:
    async with opened() as app:
        app.app.exit()
        app.app.open(OpenQuizSetup())


async def test_home_shows_the_scores_of_finished_quizzes(
    opened: Open, clock: FixedClock, decks_folder: Path
) -> None:
    notes = "".join(f"- {{statement: {each}, answer: true}}\n" for each in "abcd")
    (decks_folder / "true.yaml").write_text(f"deck: All true\ncards:\n{notes}", "utf-8")
    options = QuizOptions(4, feedback=Feedback.END)
    async with opened(deck="true") as app:
        await app.press("t", "3", "escape", "enter")  # one answer, and back to Home
        for known in (0, 4, 3):
            clock.move(minutes=1)
            quiz = begin_quiz(app.workspace, ["true"], options)
            for number in range(4):
                quiz.answer("true" if number < known else "false")
        begin_quiz(app.workspace, ["true"], options).answer("true")
        app.app.home.show_workspace()
        await app.settle()
        (line,) = (line for line in app.frame.splitlines() if "Quiz scores" in line)
        assert line.endswith("Quiz scores   █▆  75 %")


@pytest.mark.parametrize("size", [(80, 24), (80, 43), (160, 45)])
async def test_a_long_description_is_cut_with_an_ellipsis_behind_the_facts_of_its_deck(
    opened: Open, kinds: Path, decks_folder: Path, size: tuple[int, int]
) -> None:
    notes = "".join(f"- {{front: f{number}, back: b}}\n" for number in range(30))
    text = f"deck: A long one\ndescription: {'about this and that ' * 200}\ncards:\n{notes}"
    (decks_folder / "long.yaml").write_text(text)
    async with opened(size) as app:
        begin_quiz(app.workspace, ["long"], QuizOptions(1, feedback=Feedback.END)).answer("b")
        await app.press("enter", "enter", "enter", "escape", "escape")
        for deck, told in (("sco-timeline", ", 10 new ones held back"), ("long", "30 notes, 30 ")):
            app.app.screen.query_one(DeckList).select(deck)
            await app.settle()
            panel = " ".join(line.partition("▏")[2].strip() for line in app.frame.splitlines())
            assert told in " ".join(panel.split())
            assert panel.rstrip().endswith("…") or deck != "long"


@pytest.mark.parametrize("width", [1, 8, 12, 16])
async def test_a_very_narrow_terminal_causes_no_error(opened: Open, width: int) -> None:
    async with opened((width, 8)) as app:
        await app.pilot.resize_terminal(100, 30)
        await app.settle()
        assert "SCO essentials" in app.frame


async def test_thousands_are_told_apart_on_home_and_in_study(
    opened: Open, home: Path, decks_folder: Path
) -> None:
    (home / "config").mkdir(exist_ok=True)
    settings = "new_in_all = 0\nnew_per_day = 2000\n"
    (home / "config" / "config.toml").write_text(settings, encoding="utf-8")
    cards = "".join(f"- {{front: f{number}, back: b{number}}}\n" for number in range(1200))
    (decks_folder / "many.yaml").write_text(f"deck: Many\nid: many\ncards:\n{cards}", "utf-8")
    async with opened() as app:
        assert re.search(r"\b1,[0-9]{3} to go, about", app.frame)
    async with opened(deck="many") as app:
        assert "1 of 1,200" in app.frame
