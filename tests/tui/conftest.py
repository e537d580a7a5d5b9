"""The app without a terminal, at a fixed time; what stands on its screen as text."""

from __future__ import annotations

import asyncio
import difflib
import shutil
import threading
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from textual.events import Key
from textual.keys import _character_to_key
from textual.worker import WorkerCancelled

from sco_quiz.learning.study_day import MINUTE_MS, Moment, study_day
from sco_quiz.paths import Paths
from sco_quiz.studying.sessions import begin_study
from sco_quiz.tui.app import SCOQuizApp
from sco_quiz.tui.base import Screen
from sco_quiz.tui.elsewhere import NAME as ELSEWHERE
from sco_quiz.tui.elsewhere import Elsewhere
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    from textual.pilot import Pilot

    Size = tuple[int, int]
    """Columns and rows."""
    Open = Callable[..., AbstractAsyncContextManager["Opened"]]
    """The fixture `opened`."""
    AssertFrames = Callable[[str, dict[str, str]], None]
    """The fixture `assert_frames`."""

SIZES = pytest.mark.parametrize(
    "size", [(60, 18), (100, 30), (160, 45)], ids=["60x18", "100x30", "160x45"]
)
EVERY_SIZE = pytest.mark.parametrize(
    "size",
    [(60, 18), (80, 24), (100, 30), (160, 45)],
    ids=["60x18", "80x24", "100x30", "160x45"],
)
FRAMES = Path(__file__).parent / "frames"
TASHKENT = 5 * 60
"""Minutes east of UTC."""
QUIET_ROUNDS = 2
"""Times in a row that nothing must be going on, for a screen to count as settled."""
PATIENCE = 60.0
"""Seconds in which it must be."""


class FixedClock:
    """Tells a Monday morning in Tashkent until it is moved.

    Attributes:
        at: UTC ms.
    """

    def __init__(self) -> None:
        self.at = int(datetime(2026, 3, 2, 4, 30, tzinfo=UTC).timestamp() * 1000)

    def __call__(self) -> Moment:
        return Moment(self.at, TASHKENT, study_day(self.at, TASHKENT, 4))

    def move(self, *, days: int = 0, minutes: float = 0) -> None:
        """Let time pass."""
        self.at += round((days * 24 * 60 + minutes) * MINUTE_MS)


class Opened:
    """An app that runs without a terminal.

    Attributes:
        app: The app.
        pilot: Presses its keys.
        workspace: What it works on.
    """

    def __init__(self, app: SCOQuizApp, pilot: Pilot[object], workspace: Workspace) -> None:
        self.app = app
        self.pilot = pilot
        self.workspace = workspace

    async def press(self, *keys: str) -> None:
        """Press keys, one upon the other, and wait for what follows from them."""
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 else key
            character = key if len(key) == 1 else {"space": " "}.get(key)
            self.app.post_message(Key(name, character))
        await self.settle()

    async def type(self, text: str) -> None:
        """Type a text; its line ends are Enter."""
        await self.press(*("enter" if character == "\n" else character for character in text))

    async def settle(self) -> None:
        """Wait until workers are done and no widget has a message left."""
        quiet, end = 0, monotonic() + PATIENCE
        while quiet < QUIET_ROUNDS:
            assert monotonic() < end, "the app does not come to rest"
            with suppress(WorkerCancelled):  # by the next of its kind
                await self.app.workers.wait_for_complete()
            elsewhere = getattr(self.app.screen, "_elsewhere", None)
            if isinstance(elsewhere, Elsewhere):
                with suppress(RuntimeError):  # it is closed by now
                    await asyncio.wrap_future(elsewhere._thread.submit(int))  # behind all else
            self.app.screen._on_timer_update()
            await asyncio.sleep(0)
            quiet = 0 if self._is_busy else quiet + 1

    @property
    def _is_busy(self) -> bool:
        """Whether a worker is at work, or a widget handles a message, or has more to do."""
        return any(not worker.is_finished for worker in self.app.workers) or any(
            each.message_queue_size
            or each._next_callbacks
            or not vars(each._message_queue.ready_event)["_waiters"]  # it waits for none
            for each in (self.app, *self.app._registry)
            if each.is_running
        )

    @property
    def told(self) -> str:
        """The text of the line on which the app tells things."""
        screen = self.app.screen
        return screen.key_bar.told.plain if isinstance(screen, Screen) else ""

    @property
    def frame(self) -> str:
        """The text on the screen."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips) + "\n"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="session")
def shipped_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder with the shipped decks in its index, for homes that have none yet."""
    folder = tmp_path_factory.mktemp("read")
    with Workspace(paths=Paths(folder / "config", folder / "data", folder / "cache")) as workspace:
        workspace.refresh()
    return folder / "cache"


@pytest.fixture
def opened(
    home: Path, shipped_index: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> Open:
    """Open the app: on Home, or on a session over a deck, the cards with a tag, or all there are.

    It names its folders from the home on: every run shows the same.
    """

    @asynccontextmanager
    async def open_app(
        size: tuple[int, int] = (100, 30),
        *,
        tag: str | None = None,
        deck: str | None = None,
        everything: bool = False,
    ) -> AsyncIterator[Opened]:
        monkeypatch.chdir(home)
        paths = Paths(Path("config"), Path("data"), Path("cache"))
        if not paths.cache.exists():
            shutil.copytree(shipped_index, paths.cache)
        with Workspace(paths=paths, clock=clock) as workspace:
            workspace.refresh()
            decks = [deck] if deck else []
            session = None
            if tag or deck or everything:
                most_new = 10_000 if everything else None
                session = begin_study(workspace, decks, tag=tag, most_new=most_new)
            app = SCOQuizApp(workspace, session)
            async with app.run_test(size=size, notifications=True) as pilot:
                running = Opened(app, pilot, workspace)
                await running.settle()
                yield running
            for thread in threading.enumerate():
                if thread.name.startswith(ELSEWHERE):  # it names files from where the test is
                    thread.join(PATIENCE)

    return open_app


@pytest.fixture
def assert_frames(request: pytest.FixtureRequest) -> Callable[[str, dict[str, str]], None]:
    """Compare frames, by what they show, with those kept under a name (`--update-frames`)."""

    def check(name: str, frames: dict[str, str]) -> None:
        path = FRAMES / f"{name}.txt"
        shown = "\n".join(f"== {label}\n{frame}" for label, frame in frames.items())
        if request.config.getoption("--update-frames"):
            path.write_text(shown, encoding="utf-8")
            return
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        if shown != kept:
            diff = difflib.unified_diff(
                kept.splitlines(), shown.splitlines(), f"kept/{path.name}", "shown", lineterm=""
            )
            pytest.fail("\n".join(diff), pytrace=False)

    return check
