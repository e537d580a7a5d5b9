"""History: what is chosen, opened, sorted and practised in it."""

from __future__ import annotations

import asyncio
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from sco_quiz.insight.figures import OF_ANSWERS, OF_CARDS, Figures
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.results import Feedback, QuizOptions
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.studying.sessions import begin_study
from sco_quiz.tui.history_counting import HistoryCounted, HistorySelection, count
from sco_quiz.tui.screens.history import History
from sco_quiz.tui.widgets.report_view import ReportView
from sco_quiz.tui.widgets.row_list import RowList
from sco_quiz.tui.widgets.score_list import ScoreList
from tests.tui.conftest import EVERY_SIZE

if TYPE_CHECKING:
    from pathlib import Path

    from textual.message import Message

    from tests.tui.conftest import AssertFrames, FixedClock, Open, Opened, Size

CITIES = """\
deck: Cities
id: cities
cards:
  - {question: Capital of Uzbekistan?, answer: Tashkent, explain: Its name means stone city.}
  - {question: Where is the Registan?, answer: Samarkand}
  - {question: Where is the Ark?, answer: Bukhara}
"""
RIVERS = """\
deck: Rivers
id: rivers
cards:
  - {question: Which river flows through Cairo?, answer: Nile}
"""
AT_END = QuizOptions(20, feedback=Feedback.END)


@pytest.fixture
def own(home: Path) -> Path:
    folder = home / "data" / "decks"
    folder.mkdir(parents=True)
    (folder / "cities.yaml").write_text(CITIES, encoding="utf-8")
    (folder / "rivers.yaml").write_text(RIVERS, encoding="utf-8")
    return folder


def take(app: Opened, clock: FixedClock, deck: str, **said: str) -> None:
    """Take a quiz, rightly but where the right answer is a key of `said`."""
    clock.move(minutes=10)
    quiz = begin_quiz(app.workspace, [deck], AT_END, seed=1)
    while quiz.question is not None:
        clock.move(minutes=0.1)
        (right,) = quiz.question.card.answers
        quiz.answer(said.get(right, right))


def study(app: Opened, clock: FixedClock, deck: str) -> None:
    clock.move(minutes=10)
    session = begin_study(app.workspace, [deck])
    session.answer("")
    session.rate()
    session.end()


async def go_down_to_a_card(app: Opened) -> None:
    """Press down until Enter opens a card."""
    for _ in range(40):
        if "enter Card" in app.frame:
            return
        await app.press("down")


def listed(app: Opened) -> list[str]:
    """The scores in the list, as right of asked."""
    lines = app.frame.splitlines()
    return [word for line in lines for word in line.split() if "/" in word]


@pytest.mark.usefixtures("own")
async def test_every_tab_after_quizzes_and_study(
    opened: Open, assert_frames: AssertFrames, clock: FixedClock
) -> None:
    frames = {}
    async with opened() as app:
        for day in range(12):
            clock.move(days=1)
            study(app, clock, "cities")
            wrong = {"Tashkent": "Samarkand"} if day % 3 else {"Samarkand": "Tashkent"}
            take(app, clock, "cities", **wrong)
            take(app, clock, "rivers")
        await app.press("h")
        frames["scores"] = await app.shots()
        await app.press("enter")
        frames["a session"] = await app.shots()
        await app.press("escape", "d")
        frames["which deck"] = await app.shots()
        await app.press("down", "enter")
        frames["scores of a deck"] = await app.shots()
        await app.press("tab")
        frames["reviews"] = await app.shots()
        await app.press("pagedown")
        frames["more reviews"] = await app.shots()
        await app.press("tab")
        frames["cards"] = await app.shots()
        await app.press("enter")
        frames["a pair"] = await app.shots()
    assert_frames("history", frames)


@pytest.mark.usefixtures("own")
async def test_sessions_are_chosen_by_deck_and_kind_and_sorted(
    opened: Open, clock: FixedClock
) -> None:
    async with opened() as app:
        take(app, clock, "cities", Tashkent="?")
        study(app, clock, "rivers")
        take(app, clock, "rivers")
        await app.press("h")
        assert listed(app) == ["1/1", "0/1", "2/3"]
        await app.press("s")
        assert listed(app) == ["1/1", "2/3", "0/1"]
        await app.press("s", "s", "s", "v")
        assert listed(app) == ["1/1", "2/3"]
        await app.press("v")
        assert listed(app) == ["0/1"]
        await app.press("v", "d", "end", "enter")
        assert "Rivers" in app.frame.splitlines()[0]
        assert listed(app) == ["1/1", "0/1"]
        await app.press("d", "home", "enter")
        assert len(listed(app)) == 3


@pytest.mark.usefixtures("own")
async def test_missed_cards_of_an_earlier_quiz_are_retried_and_studied(
    opened: Open, clock: FixedClock
) -> None:
    async with opened() as app:
        take(app, clock, "cities", Tashkent="?", Bukhara="?")
        await app.press("h")
        await app.press("enter", "S")
        assert "2 cards to study today" in app.frame
        assert len(app.workspace.agenda.today().brought) == 2
        await app.press("r")
        assert "1 of 2" in app.frame
        await app.type("\n\n\n\n")
        await app.press("enter")
        assert listed(app) == ["0/2", "1/3"]


@pytest.mark.usefixtures("own")
async def test_a_confused_pair_is_shown_side_by_side_and_asked(
    opened: Open, clock: FixedClock
) -> None:
    async with opened() as app:
        take(app, clock, "cities", Tashkent="Samarkand")
        due = app.workspace.agenda.today().counts()
        await app.press("h", "tab", "tab")
        await app.press("enter")
        assert "You said Samarkand for Tashkent 1 time." in app.frame
        assert "Where is the Registan?" in app.frame
        assert "Its name means stone city." in app.frame
        await app.press("enter")
        assert "1 of 4" in app.frame
        await app.press("1", "enter", "1", "enter", "1", "enter", "1", "enter")
        assert "of 4" in app.frame
        await app.press("enter", "shift+tab", "shift+tab")
        assert listed(app) == ["2/4", "2/3"]
        assert "Samarkand or Tashkent" in app.frame
        assert app.workspace.agenda.today().counts() == due


@pytest.mark.usefixtures("own")
async def test_a_mouse_opens_tabs_sessions_and_pairs(opened: Open, clock: FixedClock) -> None:
    async with opened() as app:
        take(app, clock, "cities", Tashkent="Samarkand")
        await app.press("h")
        for x, title in ((12, "Calendar"), (22, "Confusions"), (4, "Quiz scores")):
            await app.pilot.click(offset=(x, 0))
            await app.settle()
            assert title in app.frame
        await app.pilot.click("#sessions", offset=(5, 1))
        await app.settle()
        assert "right  Tashkent" in app.frame
        await app.press("escape", "tab", "tab")
        row = next(y for y, line in enumerate(app.frame.splitlines()) if "Samarkand" in line)
        await app.pilot.click(offset=(8, row))
        await app.settle()
        assert "Samarkand or Tashkent?" in app.frame


@pytest.mark.usefixtures("own")
async def test_the_history_shows_that_figures_are_being_counted(
    opened: Open, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sco_quiz.tui.screens.history.count", lambda *_: None)
    async with opened() as app:
        take(app, clock, "rivers")
        await app.press("h")
        await app.pilot.pause(0.3)
        await app.settle()
        assert "Counting…" in app.frame
        await app.press("tab", "d", "s", "enter")
        assert "Counting…" in app.frame


@pytest.mark.usefixtures("own")
async def test_what_the_tab_in_view_shows_is_counted_before_the_rest(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(Figures, "count", lambda _, names: counted.extend(names))
    ready: list[frozenset[int]] = []

    def tell(message: Message) -> None:
        assert isinstance(message, HistoryCounted)
        ready.append(message.ready)

    # The learner goes from the second tab to the third while the first figure is counted.
    async with opened() as app:
        count(app.workspace, HistorySelection(), lambda: 2 if counted else 1, tell)
    assert counted == [OF_ANSWERS[0], *OF_CARDS, *OF_ANSWERS[1:]]
    assert ready == [{0}, {0, 2}, {0, 1, 2}]


async def shown(app: Opened, text: str) -> None:
    """Wait for a text while a widget is held, so that the app does not come to rest."""
    for _ in range(1000):
        if text in app.frame:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{text} did not come: {app.frame}")


@pytest.mark.usefixtures("own")
async def test_sessions_keep_the_keys_while_their_scores_take_long_to_count(
    opened: Open, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_count = Event()

    def count_late(*asked: Any) -> None:
        assert may_count.wait(60)
        count(*asked)

    async with opened() as app:
        take(app, clock, "cities")
        await app.press("h")
        monkeypatch.setattr("sco_quiz.tui.screens.history.count", count_late)
        may_go_on = asyncio.Event()
        history = app.app.screen
        assert isinstance(history, History)
        sessions = history.query_one(RowList)
        sessions.call_next(may_go_on.wait)  # it hears late that it was hidden
        history.action_kind()
        await shown(app, "Counting…")
        may_count.set()
        await shown(app, "started")
        may_go_on.set()
        await app.settle()
        assert app.app.focused is sessions


@pytest.mark.usefixtures("own")
async def test_the_history_can_be_resized_at_any_time(opened: Open, clock: FixedClock) -> None:
    sizes = [(30, 8), (200, 60), (61, 17), (10, 4), (116, 30)]
    async with opened() as app:
        for _ in range(40):
            take(app, clock, "cities", Tashkent="Samarkand")
        for keys in ((), ("h",), ("enter",), ("escape", "tab"), ("tab",), ("enter",), ("enter",)):
            await app.press(*keys)
            for size in sizes:
                await app.pilot.resize_terminal(*size)
                await app.settle()
                assert len(app.frame.splitlines()) == size[1]
        assert app.app.is_running


@pytest.mark.usefixtures("own")
async def test_a_removed_deck_is_shown_by_its_title(
    opened: Open, clock: FixedClock, own: Path
) -> None:
    async with opened() as app:
        take(app, clock, "rivers")
        (own / "rivers.yaml").unlink()
        app.workspace.refresh()
        await app.press("h")
        await app.press("d", "end", "enter")
        assert "Quiz scores, Rivers" in app.frame
        await app.press("enter")
        assert "Which river flows through Cairo?" in app.frame


@pytest.mark.usefixtures("own")
async def test_arrow_keys_move_to_the_next_point_or_scroll(opened: Open, clock: FixedClock) -> None:
    async with opened((60, 18)) as app:
        take(app, clock, "cities", Tashkent="Samarkand", Bukhara="Tashkent")
        await app.press("h", "tab", "tab")
        view = app.app.screen.query_one("#lines", ReportView)
        first = view.in_view
        assert first is not None
        await app.press("down")
        second = view.in_view
        assert second is not None
        assert (second.top, view.scroll_offset.y) == (first.top + 1, 0)
        await app.press("down")  # the next is too far away to be gone to
        assert (view.in_view, view.scroll_offset.y) == (second, 1)
        await app.press(*["down"] * 40)
        assert view.scroll_offset.y == view.max_scroll_y
        assert view.in_view is not None
        assert "\n  97 %: " in app.frame
        await app.press(*["up"] * 50)
        assert (view.in_view, view.scroll_offset.y) == (first, 0)
        await app.press("end")
        assert view.scroll_offset.y == view.max_scroll_y
        await app.press("home")
        assert (view.in_view, view.scroll_offset.y) == (first, 0)


@pytest.mark.usefixtures("own")
async def test_new_figures_keep_the_scroll_position(opened: Open, clock: FixedClock) -> None:
    async with opened((60, 18)) as app:
        take(app, clock, "cities", Tashkent="Samarkand")
        await app.press("h", "tab")
        view = app.app.screen.query_one("#lines", ReportView)
        while view.in_view is not None:
            await app.press("pagedown")
        scrolled = view.scroll_offset.y
        assert scrolled > 0
        history = app.app.screen
        assert isinstance(history, History)
        history._count()
        await app.settle()
        assert view.scroll_offset.y == scrolled


@EVERY_SIZE
@pytest.mark.usefixtures("own")
async def test_a_leech_and_a_hard_card_open_with_their_details(
    opened: Open, clock: FixedClock, home: Path, size: Size
) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("leech_lapses = 2\n", encoding="utf-8")
    async with opened(size) as app:
        for day in range(6):
            clock.move(days=200)
            session = begin_study(app.workspace, ["rivers"])
            session.answer("Amazon")
            session.rate(Rating.AGAIN if day % 2 else Rating.EASY)
            session.end()
        take(app, clock, "cities", Tashkent="Samarkand")
        await app.press("h", "tab", "tab")
        assert "enter Side by side" in app.frame
        await app.press("right")  # of two columns the leeches are in the second
        await go_down_to_a_card(app)
        one = app.app.screen.query_one("#lines", ReportView).in_view
        await app.press("enter")
        assert "forgotten 3 times" in app.frame
        assert app.frame.startswith("  Rivers")
        await app.press("escape")
        assert isinstance(app.app.screen, History)
        assert app.app.screen.query_one("#lines", ReportView).in_view == one
        await app.press("left", "down")
        await go_down_to_a_card(app)
        assert app.app.screen.query_one("#lines", ReportView).in_view not in (one, None)
        await app.press("enter")
        assert app.frame.startswith("  Rivers")


async def test_without_any_session_the_history_says_what_is_needed(opened: Open) -> None:
    async with opened() as app:
        await app.press("h", "enter", "s", "v", "v", "v")
        assert isinstance(app.app.screen, History)
        assert "Finish a quiz, and its score stands here." in app.frame
        assert app.app.screen.query_one(ScoreList).chosen is None
