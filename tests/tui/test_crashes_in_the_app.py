"""A mistake of ours in any screen ends the app, is told in one line, and reported."""

from __future__ import annotations

import asyncio
import pkgutil
import shutil
import sqlite3
import sys
from functools import partialmethod
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from textual.app import App
from textual.screen import Screen

from sco_quiz import tui
from sco_quiz.__main__ import main
from sco_quiz.cli import opening, terminal
from sco_quiz.errors import ProgressError, UsageError
from sco_quiz.insight.browsing import Browser
from sco_quiz.insight.history import SessionHistory
from sco_quiz.interchange.delimited import Table
from sco_quiz.learning.confusions import Confusion
from sco_quiz.paths import Paths
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.studying.sessions import begin_study
from sco_quiz.tui import messages
from sco_quiz.tui.app import SCOQuizApp, _screen_for
from sco_quiz.tui.screens.quiz import QuizScreen
from sco_quiz.tui.screens.result import QuizResult
from sco_quiz.tui.screens.study import StudyScreen
from sco_quiz.tui.screens.summary import Summary
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.pilot import Pilot


KINDS = Path(__file__).parents[1] / "decks" / "kinds.yaml"
SIZE = (100, 30)
PATIENCE = 30.0
"""Seconds in which a mistake has to end the app."""
WHERE = ("on mount", "in an action", "in a thread", "painted")
"""Places of a mistake: a screen has one of them in each run, and the others as proofs."""


class MistakeError(Exception):
    """Has in its message what a report must not have."""


def fail(*_: object) -> None:
    raise MistakeError("Which city is the capital of Uzbekistan?")


def full_disk() -> sqlite3.Error:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


def screens() -> dict[str, type[Screen[Any]]]:
    """Every screen of the app, by its name."""
    modules = [import_module(f"{tui.__name__}.palette")]
    folder = Path(tui.__path__[0]) / "screens"
    names = (f"{tui.__name__}.screens.{each.name}" for each in pkgutil.iter_modules([str(folder)]))
    modules.extend(map(import_module, names))
    return {
        name: found
        for module in modules
        for name, found in vars(module).items()
        if isinstance(found, type)
        and issubclass(found, Screen)
        and found.__module__ == module.__name__
        and not found.__subclasses__()  # else it is what screens have in common
    }


def made(name: str, workspace: Workspace) -> Screen[Any]:
    """Make a screen, with something to show."""
    browser, sessions = Browser(workspace), SessionHistory(workspace).sessions()
    rows = browser.rows([key for (key,) in workspace.progress.query("SELECT card FROM review")])
    details = browser.details(rows[0].card.key)
    assert details is not None
    keys = (rows[0].card.key,)
    session, quiz = begin_study(workspace, ["kinds"]), begin_quiz(workspace, ["kinds"], tag="typed")
    session.answer("")
    session.rate()
    requests: dict[str, messages.Request[Any]] = {
        "Help": messages.OpenHelp(()),
        "Palette": messages.OpenPalette(),
        "Themes": messages.OpenThemes(),
        "History": messages.OpenHistory(),
        "RelinkPage": messages.OpenRelink(),
        "NewDeck": messages.OpenNewDeck(),
        "RenameDeck": messages.OpenRenameDeck("kinds"),
        "ChooseFile": messages.OpenChooseFile(),
        "CatchUp": messages.OpenCatchUp(),
        "Settings": messages.OpenSettings(),
        "Browse": messages.OpenBrowse(),
        "Minutes": messages.OpenMinutes(),
        "QuizSetup": messages.OpenQuizSetup(),
        "Export": messages.OpenExport(),
        "Import": messages.OpenImport([workspace.paths.decks_folder / "kinds.yaml"]),
        "ColumnsScreen": messages.OpenColumns(Table(",", ["question", "answer"], [["a", "b"]])),
        "NoteForm": messages.OpenNoteForm(workspace.agenda.decks()),
        "Retag": messages.OpenRetag(1, rows),
        "Choosing": messages.OpenChoosing("Which?", ["this", "that"]),
        "CardPage": messages.OpenCardPage(details),
        "ProblemsPage": messages.OpenProblems([], ["a warning"]),
        "SessionPage": messages.OpenSessionPage(sessions[0]),
        "PairPage": messages.OpenPair(Confusion(("a", "b"), (1, 0), (keys, keys))),
    }
    if name in requests:
        return _screen_for(requests[name])
    kinds: dict[str, Callable[[], Screen[Any]]] = {
        "StudyScreen": lambda: StudyScreen(session),
        "Summary": lambda: Summary(session),
        "QuizScreen": lambda: QuizScreen(quiz),
        "QuizResult": lambda: QuizResult(quiz),
    }
    return kinds[name]()


async def wait_for(is_so: Callable[[], bool]) -> None:
    end = monotonic() + PATIENCE
    while not is_so():
        assert monotonic() < end, "nothing comes of it"
        await asyncio.sleep(0.005)


def run_with(act: Callable[[SCOQuizApp], Awaitable[None]], monkeypatch: pytest.MonkeyPatch) -> int:
    """Run the program as the command line does, the app without a terminal; its exit code."""

    async def pilot(pilot: Pilot[object]) -> None:
        app = pilot.app
        assert isinstance(app, SCOQuizApp)
        await act(app)

    run = App.run
    with monkeypatch.context() as patch:
        patch.setattr(App, "run", partialmethod(run, headless=True, size=SIZE, auto_pilot=pilot))
        patch.setattr(terminal, "is_terminal", lambda: True)
        patch.setattr(opening, "is_terminal", lambda: True)
        patch.setattr(opening, "prepare_app", lambda _: None)
        patch.setattr(sys, "argv", ["sco-quiz"])
        with pytest.raises(SystemExit) as ended:
            main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture(scope="module")
def studied_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a study session and a quiz behind it."""
    home = tmp_path_factory.mktemp("studied")
    decks = home / "data" / "decks"
    decks.mkdir(parents=True)
    shutil.copy(KINDS, decks)
    paths = Paths(home / "config", home / "data", home / "cache")
    with Workspace(paths=paths) as workspace:
        workspace.refresh()
        session = begin_study(workspace, ["kinds"])
        session.answer("")
        session.rate()
        session.end()
        quiz = begin_quiz(workspace, ["kinds"], tag="typed")
        quiz.answer("Samarkand")
    return home


@pytest.fixture
def studied(studied_once: Path, home: Path) -> Path:
    """Such a home for one test."""
    shutil.copytree(studied_once, home, dirs_exist_ok=True)
    with Workspace() as workspace:
        workspace.refresh()
    return home


@pytest.mark.parametrize(("name", "where"), [
    pytest.param(name, where, marks=() if (number + turn) % len(WHERE) == 0 else pytest.mark.proof)
    for number, name in enumerate(screens()) for turn, where in enumerate(WHERE)
])  # fmt: skip
def test_a_crash_in_any_screen_prints_one_line_and_leaves_a_report_without_cards(
    name: str,
    where: str,
    studied: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind = screens()[name]

    async def make_the_mistake(app: SCOQuizApp) -> None:
        if where == "on mount":
            monkeypatch.setattr(kind, "on_mount", fail, raising=False)
        if name == "Home":
            screen: Screen[Any] = app.home
            if where == "on mount":
                screen = kind()
                app.push_screen(screen)
        else:
            screen = made(name, app.workspace)
            app.push_screen(screen)
        await wait_for(lambda: app.screen is screen and (screen.is_mounted or where == "on mount"))
        if where == "in an action":
            monkeypatch.setattr(kind, "action_fail", fail, raising=False)
            screen.call_later(app.run_action, "screen.fail")
        elif where == "in a thread":
            screen.run_worker(fail, thread=True)
        elif where == "painted":
            monkeypatch.setattr(kind, "render_lines", fail)
            screen.refresh()
        await wait_for(lambda: app.trouble is not None)

    assert run_with(make_the_mistake, monkeypatch) == 4
    monkeypatch.undo()
    (report,) = (studied / "cache" / "log").glob("report-*.txt")
    text = report.read_text(encoding="utf-8")
    assert "in fail\n" in text
    assert "MistakeError\n" in text
    assert "Uzbekistan" not in text
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("error: sco-quiz made a mistake and had to end (MistakeError in ")
    assert line.endswith(f"; a report is in {report}")


def test_the_app_starts_normally_after_a_crash(
    studied: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def make_a_mistake(app: SCOQuizApp) -> None:
        app.home.run_worker(fail, thread=True)

    async def leave(app: SCOQuizApp) -> None:
        app.exit()

    assert run_with(make_a_mistake, monkeypatch) == 4
    capsys.readouterr()
    assert run_with(leave, monkeypatch) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ProgressError("it is gone", "look for it"), 3, "error: it is gone\n  look for it\n"),
        (UsageError("no such deck", "name another"), 2, "error: no such deck\n  name another\n"),
        (full_disk(), 3, "the disk is full, so this was not saved"),
    ],
    ids=["progress", "usage", "SQLite"],
)
def test_an_error_of_the_users_surroundings_leaves_no_crash_report(
    studied: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    code: int,
    said: str,
) -> None:
    def fail_otherwise() -> None:
        raise error

    async def fail_so(app: SCOQuizApp) -> None:
        app.home.call_later(fail_otherwise)

    assert run_with(fail_so, monkeypatch) == code
    assert said in capsys.readouterr().err
    assert not (studied / "cache" / "log").exists()


def test_the_first_of_two_crashes_is_reported(
    studied: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_second(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr(screens()["Home"], "on_unmount", fail_second, raising=False)

    async def make_both(app: SCOQuizApp) -> None:
        app.home.call_later(fail)

    assert run_with(make_both, monkeypatch) == 4
    (line,) = capsys.readouterr().err.splitlines()
    assert "(MistakeError in " in line
