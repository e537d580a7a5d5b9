"""Decks below decks on Home, before a quiz, in an export, an import, and the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.cards import Rating
from sco_quiz.learning.results import QuizOptions
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.studying.sessions import begin_study
from sco_quiz.tui.messages import OpenImport
from sco_quiz.tui.widgets.deck_list import DeckList
from sco_quiz.tui.widgets.path_line import PathLine
from sco_quiz.tui.widgets.row_list import RowList
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import AssertFrames, FixedClock, Open, Opened

SERVICES = ["Compute", "Storage", "Databases", "Networks"]
CLOUDS = ["Amazon Web Services", "Azure", "Google Cloud", "Yandex Cloud"]
LEVELS = ["Basics", "Limits", "Prices", "Security", "Traps"]


def decks_of_clouds() -> list[str]:
    """The titles of 80 decks."""
    return [
        f"{cloud}::{service}::{level}"
        for cloud in CLOUDS
        for service in SERVICES
        for level in LEVELS
    ]


@pytest.fixture
def clouds(decks_folder: Path) -> Path:
    """A tree of 80 decks, each of three cards."""
    for number, title in enumerate(decks_of_clouds()):
        notes = "".join(
            f"- {{question: What is {number} × {n}?, answer: '{number * n}'}}\n"
            for n in range(1, 4)
        )
        (decks_folder / f"cloud-{number:02}.yaml").write_text(
            f"deck: {title}\ncards:\n{notes}", encoding="utf-8"
        )
    return decks_folder


async def go_to(app: Opened, title: str) -> None:
    """Put the cursor on a row of Home by the keys."""
    await app.press("home")
    for _ in range(200):
        if any(line.lstrip().startswith("▌") and title in line for line in app.frame.splitlines()):
            return
        await app.press("down")
    pytest.fail(f"there is no row {title}\n{app.frame}")


@pytest.mark.usefixtures("clouds")
async def test_home_opens_and_closes_a_tree_of_eighty_decks(
    opened: Open, assert_frames: AssertFrames
) -> None:
    frames = {}
    async with opened() as app:
        await go_to(app, "Azure")
        frames["closed"] = await app.shots()
        await app.press("right", "right")
        frames["open"] = await app.shots()
        await app.press("right", "right", "down")
        frames["open twice"] = await app.shots()
        await app.press("left", "left")
        frames["closed again"] = await app.shots()
    assert_frames("tree-home", frames)


@pytest.mark.usefixtures("clouds")
async def test_an_arrow_that_opens_or_closes_nothing_on_home_says_so(opened: Open) -> None:
    async with opened() as app:
        for title in ("SCO essentials", "All decks"):
            await go_to(app, title)
            await app.press("left")
            assert app.told == "No deck is above this one, and none is shown below it."
            await app.press("right")
            assert app.told == "No decks are below this one."


async def test_the_history_of_a_deck_tree_looks_as_kept(
    opened: Open, assert_frames: AssertFrames, clouds: Path, clock: FixedClock
) -> None:
    frames = {}
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        for name in ("azure", "google-cloud.storage", "cloud-00"):
            decks = workspace.catalogue.find_decks([name])
            session = begin_study(workspace, decks, most_new=5)
            while session.question:
                session.answer("6")
                session.rate(Rating.GOOD)
            clock.move(minutes=1)
            quiz = begin_quiz(workspace, decks, QuizOptions(number=100))
            while quiz.question:
                quiz.answer("6")
                if quiz.judgement is not None:
                    quiz.go_on()
            clock.move(minutes=1)
    async with opened() as app:
        frames["home"] = await app.shots()
        await app.press("h")
        await app.settle()
        frames["history"] = await app.shots()
        await app.press("d")
        frames["which deck"] = await app.shots()
        await app.press("down", "down", "enter")
        await app.settle()
        frames["a parent"] = await app.shots()
    assert_frames("tree-history", frames)


async def test_the_import_of_eighty_decks_looks_as_kept(
    opened: Open, assert_frames: AssertFrames, home: Path
) -> None:
    (home / "clouds.txt").write_text(
        "#separator:tab\n#deck column:3\n"
        + "".join(f"What is {n}?\t{n}\t{title}\n" for n, title in enumerate(decks_of_clouds())),
        encoding="utf-8",
    )
    frames = {}
    async with opened() as app:
        app.app.open(OpenImport([home / "clouds.txt"]), app.app.home._imported)
        await app.settle()
        frames["asked"] = await app.shots()
        await app.press("enter")
        await app.settle()
        frames["imported"] = await app.shots()
        await app.press("enter")
        await app.settle()
        frames["home"] = await app.shots()
    assert_frames("tree-import", frames)


@pytest.mark.usefixtures("clouds")
async def test_opened_decks_are_remembered(opened: Open) -> None:
    async with opened() as app:
        await go_to(app, "Azure")
        await app.press("right", "down", "right")
        assert app.app.home.query_one(DeckList).opened == {"azure", "azure.compute"}
    async with opened() as app:
        assert app.app.home.query_one(DeckList).opened == {"azure", "azure.compute"}
        assert "▾ Azure" in app.frame
        assert "▸ Google Cloud" in app.frame
        await go_to(app, "Compute")
        await app.press("left", "left", "left")
        assert "▸ Azure" in app.frame
    async with opened() as app:
        assert app.app.home.query_one(DeckList).opened == set()


@pytest.mark.usefixtures("clouds")
async def test_an_unreadable_list_of_opened_decks_is_ignored(opened: Open, home: Path) -> None:
    (home / "cache" / "opened").write_bytes(b"\xff\xfe azure\n")
    async with opened() as app:
        assert "▸ Azure" in app.frame


@pytest.mark.usefixtures("clouds")
async def test_a_parent_is_studied_with_all_decks_below_it(opened: Open) -> None:
    async with opened() as app:
        await go_to(app, "Azure")
        assert "60 notes, 60 cards" in app.frame
        assert "Studied by itself it gets 15 new cards" in " ".join(app.frame.split())
        assert "enter Begin" in app.frame
        await app.press("enter")
        assert "1 of 15" in app.frame
        assert "Azure" in app.frame


@pytest.mark.usefixtures("clouds")
async def test_a_parent_is_marked_for_a_quiz_an_export_and_study_by_time(opened: Open) -> None:
    async with opened((100, 45)) as app:
        await go_to(app, "Azure")
        await app.press("X")
        assert "20 decks, 60 notes" in app.frame
        assert app.app.screen.query_one(PathLine).value.endswith("/azure.csv")
        await app.press("escape", "m")
        assert "Azure" in app.frame
        await app.press("escape", "z")
        assert "■ Azure" in app.frame
        await app.press("enter")
        assert "Azure" in app.frame


async def test_without_a_tree_the_arrow_keys_open_nothing(opened: Open) -> None:
    async with opened() as app:
        before = app.frame
        await app.press("right", "left")
        assert app.told == "No deck has decks below it."
        assert app.frame.splitlines()[:20] == before.splitlines()[:20]
        assert "▸" not in app.frame


@pytest.mark.usefixtures("clouds")
async def test_going_to_a_deck_opens_its_parents(opened: Open) -> None:
    async with opened() as app:
        decks = app.app.home.query_one(DeckList)
        decks.select("cloud-21")
        await app.settle()
        assert decks.selected is not None
        assert decks.selected.id == "cloud-21"
        assert isinstance(decks, RowList)
        assert decks.opened == {"azure", "azure.compute"}
