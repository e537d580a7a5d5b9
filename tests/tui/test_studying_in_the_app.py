"""Studying in the app, key by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import ProgressError
from sco_quiz.insight.activity import Activity
from sco_quiz.learning.cards import Rating, State
from sco_quiz.studying.sessions import StudyLogJournal
from sco_quiz.tui.screens.home import Home
from sco_quiz.tui.screens.study import StudyScreen
from sco_quiz.tui.screens.summary import Summary
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from sco_quiz.learning.session import StudySession
    from tests.tui.conftest import FixedClock, Open, Opened

COUNTRIES = ["Kazakhstan", "Turkmenistan", "Uzbekistan"]


def session_of(app: Opened) -> StudySession:
    screen = app.app.screen
    assert isinstance(screen, StudyScreen)
    return screen.session


def digit(app: Opened, option: str) -> str:
    """The key of an option."""
    question = session_of(app).question
    assert question is not None
    return str(question.options.index(option) + 1)


def answers(app: Opened) -> int:
    return sum(Activity(app.workspace).answers_by_day(10).values())


@pytest.mark.parametrize(
    ("keys", "rating"),
    [(["enter"], Rating.GOOD), (["1"], Rating.AGAIN), (["2"], Rating.HARD), (["4"], Rating.EASY)],
)
async def test_enter_takes_the_proposed_rating_and_digits_overrule_it(
    opened: Open, kinds: Path, keys: list[str], rating: Rating
) -> None:
    async with opened(deck="kinds") as app:
        session = session_of(app)
        await app.press("space", *keys)
        assert session.tally.ratings == {rating: 1}
        assert "Which city is the capital" in app.frame


async def test_letters_are_typed_into_an_answer_and_are_not_commands(
    opened: Open, kinds: Path
) -> None:
    async with opened(deck="kinds", tag="typed") as app:
        await app.type("u?h!-12 tf")
        assert "› u?h!-12 tf" in app.frame
        assert session_of(app).judgement is None


async def test_keys_that_arrive_at_once_act_one_after_another(opened: Open, kinds: Path) -> None:
    async with opened(deck="kinds") as app:
        session = session_of(app)
        await app.press("!")
        await app.press(*"Tashkx", "backspace", *"ent", "enter", "4")
        assert session.tally.ratings == {Rating.EASY: 1}
        assert session.tally.recalled == 1
        assert "[…] is the capital of […]." in app.frame


async def test_a_hint_is_shown_and_lowers_the_proposal(opened: Open, kinds: Path) -> None:
    async with opened(deck="kinds", tag="typed") as app:
        assert "first metro" not in app.frame
        await app.press("tab")
        assert "hint: It has the first metro" in app.frame
        await app.type("Tashkent\n")
        judgement = session_of(app).judgement
        assert judgement is not None
        assert judgement.proposal is Rating.HARD


async def test_an_option_is_chosen_by_arrow_and_enter(opened: Open, kinds: Path) -> None:
    async with opened(deck="kinds", tag="choice") as app:
        down = int(digit(app, "Uzbekistan")) - 1
        await app.press(*["down"] * down, "enter")
        assert "✓ correct" in app.frame


async def test_a_digit_beyond_the_options_does_nothing(opened: Open, kinds: Path) -> None:
    async with opened(deck="kinds", tag="choice") as app:
        await app.press("9")
        assert session_of(app).judgement is None


async def test_true_and_false_have_keys_of_their_own(opened: Open, kinds: Path) -> None:
    async with opened(deck="kinds", tag="true-false") as app:
        await app.press("t")
        assert "✗ wrong" in app.frame


async def test_a_marked_option_can_be_unmarked(opened: Open, kinds: Path) -> None:
    async with opened(deck="kinds", tag="multi") as app:
        right, wrong = digit(app, "Kazakhstan"), digit(app, "Tajikistan")
        await app.press(right, wrong, wrong, digit(app, "Turkmenistan"), "enter")
        assert "✓ correct   2 of 2" in app.frame


async def test_an_order_is_taken_back_item_by_item(opened: Open, kinds: Path) -> None:
    async with opened(deck="kinds", tag="order") as app:
        keys = [digit(app, country) for country in COUNTRIES]
        await app.press(keys[1], keys[0], "backspace", "backspace", *keys, "enter")
        assert "✓ correct   3 of 3" in app.frame


async def test_entries_of_a_list_are_taken_back_one_by_one(opened: Open, kinds: Path) -> None:
    async with opened(deck="kinds", tag="list") as app:
        await app.type("India\nBelarus\n")
        assert "three to name, 2 so far" in app.frame
        await app.press("backspace")
        assert "three to name, 1 so far" in app.frame
        assert "Belarus" not in app.frame
        await app.type("Iran, Pakistan\n\n")
        assert "✓ correct   3 of 3" in app.frame


async def test_an_unfinished_entry_counts_when_enter_is_pressed_twice(
    opened: Open, kinds: Path
) -> None:
    async with opened(deck="kinds", tag="list") as app:
        await app.type("India\nIran\nPakistan\n")
        assert session_of(app).judgement is None
        await app.press("enter")
        assert "✓ correct" in app.frame


async def test_undo_asks_the_card_again_and_takes_its_answer_out_of_the_log(
    opened: Open, kinds: Path
) -> None:
    async with opened(deck="kinds") as app:
        await app.press("enter", "4")
        assert answers(app) == 1
        await app.press("ctrl+underscore")
        assert "What is Astana known for?" in app.frame
        assert answers(app) == 0


async def test_undo_reaches_back_into_the_session_before(opened: Open, kinds: Path) -> None:
    async with opened(deck="kinds") as app:
        await app.press("enter", "4")
    async with opened(deck="kinds") as app:
        assert "Which city" in app.frame
        await app.press("ctrl+underscore")
        assert "What is Astana known for?" in app.frame


async def test_undo_without_a_step_says_there_is_nothing_to_undo(opened: Open, kinds: Path) -> None:
    async with opened(deck="kinds") as app:
        await app.press("u")
        assert "There is nothing to undo." in app.frame
        assert "What is Astana known for?" in app.frame


async def test_an_undo_that_asks_no_other_card_leaves_what_was_typed_marked_and_placed(
    opened: Open, kinds: Path
) -> None:
    async with opened(deck="kinds", tag="typed") as app:
        await app.type("Lim")
        await app.press("ctrl+underscore")
        assert "There is nothing to undo." in app.frame
        assert "› Lim" in app.frame
    for tag in ("multi", "order"):
        async with opened(deck="kinds", tag=tag) as app:
            await app.press(digit(app, "Kazakhstan"))
            before = app.frame
            await app.press("ctrl+t")  # a flag
            await app.press("ctrl+underscore")
            assert "Taken back" in app.frame
            lines = [line for line in before.splitlines() if "Kazakhstan" in line]
            assert lines
            assert all(line in app.frame for line in lines)


async def test_leaving_before_an_answer_is_rated_says_that_it_does_not_count(
    opened: Open, kinds: Path
) -> None:
    async with opened(deck="kinds") as app:
        await app.press("enter", "q")
        assert "The last answer was not rated, so it does not count." in app.frame
        assert answers(app) == 0


async def test_enter_on_an_option_that_has_its_place_says_where_to_go(
    opened: Open, kinds: Path
) -> None:
    async with opened(deck="kinds", tag="order") as app:
        await app.press("enter", "enter")
        assert "This one has its place; ↑↓ go to another." in app.frame
        await app.press("down", "enter", "down", "enter", "enter")
        assert session_of(app).judgement is not None


@pytest.mark.parametrize(("key", "notice"), [("!", "Suspended."), ("-", "Put off until tomorrow.")])
async def test_a_card_set_aside_is_not_asked_until_undone(
    opened: Open, kinds: Path, key: str, notice: str
) -> None:
    async with opened(deck="kinds") as app:
        await app.press(key)
        assert notice in app.frame
        assert "Which city is the capital" in app.frame
        assert app.workspace.agenda.today(["kinds"]).counts()["kinds"].new == 9
        await app.press("ctrl+underscore")
        assert "What is Astana known for?" in app.frame
        assert notice not in app.frame
        assert "Taken back." in app.frame
        assert app.workspace.agenda.today(["kinds"]).counts()["kinds"].new == 10


async def test_leaving_without_an_answer_goes_home(opened: Open, kinds: Path) -> None:
    async with opened(deck="kinds") as app:
        await app.press("escape")
        assert isinstance(app.app.screen, Home)


@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_after_a_session_comes_its_summary_and_then_home(
    opened: Open, kinds: Path, key: str
) -> None:
    async with opened(deck="kinds", tag="basic") as app:
        await app.press("enter", "4")
        assert isinstance(app.app.screen, Summary)
        assert "Session done" in app.frame
        await app.press(key)
        assert isinstance(app.app.screen, Home)


async def test_undo_in_the_summary_asks_the_last_card_again(opened: Open, kinds: Path) -> None:
    async with opened(deck="kinds", tag="basic") as app:
        await app.press("enter", "4", "u")
        assert "What is Astana known for?" in app.frame
        assert answers(app) == 0


async def test_the_interval_on_the_button_is_the_one_that_is_given(
    opened: Open, kinds: Path, clock: FixedClock
) -> None:
    async with opened(deck="kinds", tag="basic") as app:
        session = session_of(app)
        assert session.question is not None
        key = session.question.card.key
        await app.press("enter")
        days = session.choices[Rating.EASY].due_day - clock().day
        assert f" {days} d\n" in app.frame
        await app.press("4")
        state = app.workspace.progress.state(key)
        assert state.state is State.REVIEW
        assert state.due_day - clock().day == days


DISK_FULL = ProgressError("the disk is full, so this was not saved", "free some space")


def full(*_: object) -> None:
    raise DISK_FULL


@pytest.mark.parametrize(
    ("step", "keys"), [("record", ["enter", "4"]), ("suspend", ["!"]), ("bury", ["-"])]
)
async def test_a_failed_write_is_reported_and_the_card_stays(
    opened: Open, kinds: Path, monkeypatch: pytest.MonkeyPatch, step: str, keys: list[str]
) -> None:
    async with opened(deck="kinds") as app:
        with monkeypatch.context() as patch:
            patch.setattr(StudyLogJournal, step, full)
            await app.press(*keys)
            assert DISK_FULL.message in app.frame
            assert "What is Astana known for?" in app.frame
            assert answers(app) == 0
        await app.press("enter", "4")
        assert "Which city is the capital" in app.frame


async def test_a_progress_file_overwritten_during_study_is_reported_and_loses_no_answer(
    opened: Open, kinds: Path
) -> None:
    async with opened(deck="kinds") as app:
        path = app.workspace.progress.path
        older = path.read_bytes()
        await app.press("enter", "4")
        path.write_bytes(older)
        await app.press("enter", "4")
        assert "was overwritten or removed while in use" in app.frame
    with Workspace() as again:
        assert len(again.progress.query("SELECT * FROM review")) == 1


async def test_an_undo_that_cannot_be_written_is_reported(
    opened: Open, kinds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(deck="kinds") as app:
        await app.press("enter", "4")
        monkeypatch.setattr(app.workspace.progress, "take_back", full)
        await app.press("ctrl+underscore")
        assert DISK_FULL.message in app.frame
        assert "Which city is the capital" in app.frame
        assert answers(app) == 1


async def test_a_session_end_that_cannot_be_written_is_reported_and_loses_nothing(
    opened: Open, kinds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(deck="kinds") as app:
        await app.press("enter", "4")
        monkeypatch.setattr(StudyLogJournal, "end", full)
        await app.press("escape")
        assert isinstance(app.app.screen, Summary)
        assert DISK_FULL.message in app.frame
        assert answers(app) == 1


async def test_a_shipped_card_is_corrected_while_it_is_studied_and_stays_the_one_asked(
    opened: Open, decks_folder: Path
) -> None:
    async with opened(deck="sco-essentials") as app:
        question = session_of(app).question
        assert question is not None
        await app.press("f4")
        assert "came with the app. Change it?" in app.frame
        await app.press("escape")
        assert list(decks_folder.iterdir()) == []
        await app.press("f4", "enter")
        (copy,) = decks_folder.glob("*sco-essentials.yaml")
        await app.type(" (again)")
        await app.press("ctrl+s")
        now = session_of(app).question
        assert now is not None
        assert now.original.prompt == f"{question.original.prompt} (again)"
        assert "(again)" in copy.read_text("utf-8")
