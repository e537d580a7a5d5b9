"""Syncing in the app: quietly, with a word on Home, and what came shows at once."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.cards import Rating
from sco_quiz.paths import Paths
from sco_quiz.studying.sessions import begin_study
from sco_quiz.sync.carrier import SyncError
from sco_quiz.sync.syncing import synchronise
from sco_quiz.tui import app as app_module
from sco_quiz.workspace.workspace import Workspace
from tests.tui.conftest import EVERY_SIZE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import FixedClock, Open, Opened

PATIENCE = 30.0


@pytest.fixture
def folder(home: Path) -> Path:
    """A folder that the settings name, and in which another device syncs."""
    (home / "config").mkdir()
    (home / "shared" / "log").mkdir(parents=True)
    (home / "config" / "config.toml").write_text(f'sync = "{home / "shared"}"\n')
    return home / "shared"


async def synced(app: Opened) -> None:
    end = monotonic() + PATIENCE
    while app.app.sync_word() in ("", "syncing…"):
        assert monotonic() < end
        await asyncio.sleep(0.02)
    await app.settle()


def answer_elsewhere(home: Path, folder: Path, clock: FixedClock, answers: int = 1) -> None:
    other = home / "other"
    paths = Paths(other / "config", other / "data", other / "cache")
    with Workspace(paths=paths, clock=clock) as workspace:
        workspace.refresh()
        session = begin_study(workspace, ["sco-timeline"])
        for _ in range(answers):
            session.answer()
            session.rate(Rating.EASY)
        session.end()
    synchronise(paths, clock, str(folder))


@EVERY_SIZE
async def test_answers_from_another_device_show_on_home_at_once(
    opened: Open, home: Path, folder: Path, clock: FixedClock, size: tuple[int, int]
) -> None:
    answer_elsewhere(home, folder, clock, 3)
    async with opened(size) as app:
        await synced(app)
        assert "3 done" in app.frame
        assert "synced 09:30" in app.frame.splitlines()[0]
        assert "answers from" not in app.frame


async def test_the_sync_key_syncs_at_once_and_counts_the_received_answers(
    opened: Open, home: Path, folder: Path, clock: FixedClock
) -> None:
    async with opened() as app:
        await synced(app)
        answer_elsewhere(home, folder, clock, 2)
        await app.press("Y")
        await synced(app)
        assert "2 answers from" in app.frame
        assert "2 done" in app.frame


async def test_answers_are_sent_when_the_session_ends(
    opened: Open, home: Path, folder: Path, clock: FixedClock
) -> None:
    async with opened(deck="sco-timeline") as app:
        await synced(app)
        await app.press("enter", "enter", "escape")
        await synced(app)
    other = home / "other"
    paths = Paths(other / "config", other / "data", other / "cache")
    came = synchronise(paths, clock, str(folder)).came
    assert [each.much.answers for each in came] == [1]


async def test_the_top_line_does_not_call_synced_what_waits_to_be_sent(
    opened: Open, folder: Path
) -> None:
    async with opened(deck="sco-timeline") as app:
        await synced(app)
        await app.press("enter", "enter", "escape", "escape")
        await synced(app)
        assert " synced 09:30" in app.frame.splitlines()[0]
        for keys in (["u"], ["b", "1", "escape"]):  # by the app's own connection, and by another
            await app.press(*keys)
            assert "not all synced" in app.frame.splitlines()[0]
            assert app.app.is_to_sync
            await app.press("Y")
            await synced(app)
            assert " synced 09:30" in app.frame.splitlines()[0]
            assert not app.app.is_to_sync


async def test_an_unreachable_folder_is_reported_once_and_tried_again(
    opened: Open, home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.rename(home / "unplugged")
    told: list[object] = []
    monkeypatch.setattr(app_module.SCOQuizApp, "tell", lambda _, what, *_more: told.append(what))
    async with opened() as app:
        await synced(app)
        assert "not synced" in app.frame.splitlines()[0]
        assert [type(each) for each in told] == [SyncError]
        app.app.sync()
        await synced(app)
        assert len(told) == 1
        (home / "unplugged").rename(folder)
        app.app.sync()
        await synced(app)
        assert "synced 09:30" in app.frame.splitlines()[0]


async def test_without_a_shared_folder_nothing_is_synced_and_no_key_is_shown(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(app_module.SCOQuizApp, "_syncing")
    async with opened() as app:
        assert "sync" not in app.frame.casefold()
        await app.press("Y")
        assert "`sco-quiz sync FOLDER` in a shell begins syncing." in app.frame
