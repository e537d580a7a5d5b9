"""The first day of somebody who knows nothing: what to press, how to answer, what comes then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from sco_quiz.insight.activity import USUAL_MS, Activity
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.question import are_numbers
from sco_quiz.learning.study_day import MINUTE_MS
from sco_quiz.library import files
from sco_quiz.studying.sessions import begin_study
from sco_quiz.text import plain
from sco_quiz.transfer.shipped import copy_to_own
from sco_quiz.tui.screens.study import StudyScreen
from sco_quiz.tui.screens.summary import Summary
from sco_quiz.workspace import opening
from sco_quiz.workspace.workspace import Workspace
from tests.tui.test_studying_in_the_app import session_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import AssertFrames, FixedClock, Open, Opened


async def answer(app: Opened, *, rightly: bool = True) -> None:
    """Answer the card at hand by the keys that its kind wants."""
    question = session_of(app).question
    assert question is not None
    card = question.card
    options = [plain(each) for each in question.options]
    rights = [plain(each) for each in card.answers]
    if card.kind in (Kind.CHOICE, Kind.TRUE_FALSE) and not rightly:
        rights = [next(each for each in options if each not in rights)]
    match card.kind:
        case Kind.BASIC:
            await app.press("space")
        case Kind.CHOICE | Kind.TRUE_FALSE if are_numbers(question.options):
            await app.type(f"{rights[0]}\n")
        case Kind.CHOICE | Kind.TRUE_FALSE:
            await app.press(str(options.index(rights[0]) + 1))
        case Kind.MULTI | Kind.ORDER:
            await app.press(*(str(options.index(each) + 1) for each in rights), "enter")
        case Kind.LIST:
            await app.type(", ".join(rights) + "\n\n")
        case _:
            await app.type(", ".join(rights) + "\n" if rightly else "\n")


async def test_home_of_a_newcomer_names_help_palette_and_the_data_folder(opened: Open) -> None:
    async with opened((100, 30)) as app:
        assert "? shows keys, ^p finds anything." in app.frame
        assert "Your decks and progress: data" in app.frame


async def test_a_first_session_says_at_each_step_how_to_go_on(
    opened: Open, assert_frames: AssertFrames, clock: FixedClock
) -> None:
    frames = {}
    async with opened() as app:
        frames["home"] = await app.shots()
        await app.press("enter")
        frames["first question"] = await app.shots()
        assert app.workspace.catalogue.title("sco-essentials") in app.frame
        clock.move(minutes=0.1)
        await answer(app)
        frames["first verdict"] = await app.shots()
        await app.press("space")
        clock.move(minutes=0.1)
        await answer(app, rightly=False)
        frames["second verdict"] = await app.shots()
        await app.press("space")
        number = 2
        while isinstance(app.app.screen, StudyScreen):
            session = session_of(app)
            if session.place == session.total and session.to_repeat and "repeats" not in frames:
                frames["repeats"] = await app.shots()
            clock.move(minutes=0.1)
            await answer(app)
            await app.press("space")
            number += 1
            assert number < 60
        assert isinstance(app.app.screen, Summary)
        frames["summary"] = await app.shots()
        await app.press("enter")
        frames["home again"] = await app.shots()
    assert_frames("first-day", frames)


async def test_enter_on_all_decks_asks_essentials_first(opened: Open) -> None:
    async with opened() as app:
        await app.press("up", "enter")
        question = session_of(app).question
        assert question is not None
        assert question.original.deck == "sco-essentials"


async def test_advice_how_to_answer_ends_after_five_answers(
    opened: Open, kinds: Path, clock: FixedClock
) -> None:
    async with opened(deck="kinds") as app:
        for _ in range(5):
            assert any(word in app.frame for word in ("press enter", "press space", "Press the"))
            await answer(app)
            assert "enter goes on" in app.frame
            await app.press("space")
        assert "press" not in app.frame.casefold()
        await answer(app)
        assert "goes on" not in app.frame


async def test_space_goes_on_after_a_verdict_and_is_typed_before_it(
    opened: Open, kinds: Path
) -> None:
    async with opened(deck="kinds", tag="typed") as app:
        session = session_of(app)
        await app.press("space", "T", "space", "enter")
        assert session.given == "T"
        assert session.judgement is not None
        await app.press("space")
        assert session.tally.ratings == {Rating.AGAIN: 1}


async def test_cards_that_come_again_are_counted_instead_of_a_full_bar(
    opened: Open, kinds: Path
) -> None:
    async with opened(deck="kinds") as app:
        total = session_of(app).total
        for number in range(1, total + 1):
            assert f" {number} of {total}" in app.frame
            assert ("to repeat" in app.frame) == (number == total)
            await answer(app)
            await app.press("4" if number <= total - 3 else "1")
        assert f"{total} of {total}, 3 to repeat" in app.frame


def test_an_estimate_of_time_stays_stable_after_three_answers(
    home: Path, clock: FixedClock
) -> None:
    def usual(milliseconds: int, answers: int) -> float:
        with Workspace(clock=clock) as workspace:
            workspace.refresh()
            session = begin_study(workspace, most_new=1000)
            for _ in range(answers):
                clock.move(minutes=milliseconds / MINUTE_MS)
                session.answer("")
                session.rate(Rating.EASY)
            return Activity(workspace).usual_milliseconds()

    assert usual(0, 0) == USUAL_MS
    assert 0.8 * USUAL_MS < usual(3_000, 3) < USUAL_MS
    assert usual(3_000, 97) == pytest.approx(3_000, rel=0.01)


async def test_a_finished_deck_says_when_the_next_cards_come_and_offers_other_steps(
    opened: Open, kinds: Path, clock: FixedClock
) -> None:
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        session = begin_study(workspace, ["kinds"], most_new=100)
        while session.question:
            session.answer("")
            session.rate(Rating.EASY)
        session.end()
    clock.move(days=1)
    async with opened() as app:
        await app.press("end")
        assert "All kinds" in app.frame
        row = next(line for line in app.frame.splitlines() if "▌ All kinds" in line)
        assert re.search(r"next in [5-9] days", row)
        assert "Nothing is due in it. The next" in app.frame
        keys = app.frame.splitlines()[-1]
        assert "A Ahead   x Hardest" in keys
        assert "enter" not in keys
        await app.press("A")
        assert isinstance(app.app.screen, StudyScreen)
        await app.press("escape", "home")
        assert "A Ahead" not in app.frame.splitlines()[-1]
        assert "enter Study" in app.frame.splitlines()[-1]


async def test_a_newer_version_of_a_shipped_deck_is_reported_once_the_copy_has_it(
    opened: Open,
    home: Path,
    clock: FixedClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shipped = tmp_path / "shipped" / "stans.yaml"
    shipped.parent.mkdir()
    shipped.write_text("deck: Stans\nid: stans\ncards:\n- {id: a, front: q, back: b}\n")
    for module in (opening, files):
        monkeypatch.setattr(module, "shipped_decks", lambda: shipped.parent)
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        copy = copy_to_own(workspace, "stans")
    text = shipped.read_text().replace("back: b", "back: c")
    shipped.write_text(text)
    async with opened() as app:
        await app.settle()
        assert "A newer version of Stans is here: 1 note changed." in app.frame
        assert copy.read_text() == text
        assert app.frame.count("Stans  ") == 1
