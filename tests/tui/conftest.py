"""The app without a terminal, at a fixed time; what stands on its screen as text."""

from __future__ import annotations

import asyncio
import difflib
import string
import threading
from collections import defaultdict
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len
from rich.color import ANSI_COLOR_NAMES
from rich.color import Color as RichColor
from rich.style import Style
from textual._compositor import Compositor
from textual.css.stylesheet import Stylesheet
from textual.events import Key
from textual.keys import _character_to_key
from textual.worker import WorkerCancelled

from sco_quiz.learning.study_day import MINUTE_MS, Moment, study_day
from sco_quiz.paths import Paths
from sco_quiz.studying.sessions import begin_study
from sco_quiz.tui import bars
from sco_quiz.tui.app import SCOQuizApp
from sco_quiz.tui.base import Screen
from sco_quiz.tui.screens.browse import Browse
from sco_quiz.tui.workspace_thread import NAME as ELSEWHERE
from sco_quiz.tui.workspace_thread import WorkspaceThread
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from contextlib import AbstractAsyncContextManager

    from rich.color import ColorSystem
    from textual.css.model import RuleSet
    from textual.pilot import Pilot

    Size = tuple[int, int]
    """Columns and rows."""
    Open = Callable[..., AbstractAsyncContextManager["Opened"]]
    """The fixture `opened`."""
    Shots = dict[Size, str]
    """What one screen shows, by the size of the terminal."""
    AssertFrames = Callable[[str, dict[str, Shots]], None]
    """The fixture `assert_frames`."""
    AssertKept = Callable[[str, str], None]
    """The fixture `assert_kept`."""

SIZES: tuple[Size, ...] = ((60, 18), (80, 24), (160, 45), (100, 30))
"""Of terminals; the last is the one that apps are opened in."""
EVERY_SIZE = pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
FRAMES = Path(__file__).parent / "frames"
TASHKENT = 5 * 60
"""Minutes east of UTC."""
QUIET_ROUNDS = 2
"""Times in a row that nothing must be going on, for a screen to count as settled."""
BUSY_SECONDS = 0.002
"""Seconds that a busy screen is left to itself: to ask all the time takes more than it does."""
PATIENCE = 60.0
"""Seconds in which it must be."""


PAINT = Compositor.render_update
COLOUR_NAMES = {number: name for name, number in reversed(ANSI_COLOR_NAMES.items())}
"""Of the 256 colours of a terminal, by number."""


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
        quiet, rest, end = 0, 0.0, monotonic() + PATIENCE
        while quiet < QUIET_ROUNDS:
            assert monotonic() < end, "the app does not come to rest"
            with suppress(WorkerCancelled):  # by the next of its kind
                await self.app.workers.wait_for_complete()
            elsewhere = getattr(self.app.screen, "_elsewhere", None)
            if isinstance(elsewhere, WorkspaceThread):
                with suppress(RuntimeError):  # it is closed by now
                    await asyncio.wrap_future(elsewhere._thread.submit(int))  # behind all else
            self.app.screen._on_timer_update()
            await asyncio.sleep(rest)
            quiet, rest = (0, BUSY_SECONDS) if self._is_busy else (quiet + 1, 0)
        PAINT(self.app.screen._compositor, screen_stack=self.app._background_screens)

    @property
    def _is_busy(self) -> bool:
        """Whether a worker is at work, or a widget handles a message, or has more to do."""
        screen = self.app.screen
        is_to_look = isinstance(screen, Browse) and screen._timer is not None
        if self.app._resize_timer is not None or is_to_look or self._is_ending_steps:
            return True
        return any(not worker.is_finished for worker in self.app.workers) or any(
            each.message_queue_size
            or each._next_callbacks
            or not vars(each._message_queue.ready_event)["_waiters"]  # it waits for none
            for each in (self.app, *self.app._registry)
            if each.is_running
        )

    async def resize(self, size: Size) -> None:
        """Change the size of the terminal."""
        await self.pilot.resize_terminal(*size)
        await self.settle()
        assert self.app.screen.size == size

    async def shots(self) -> Shots:
        """What is shown at each size; thereafter the terminal has the size that it had."""
        shots, before = {}, self.app.size
        for size in SIZES:
            await self.resize(size)
            shots[size] = self.frame
        if self.app.size != before:
            await self.resize(before)
        return shots

    @property
    def told(self) -> str:
        """The text of the line on which the app tells things."""
        screen = self.app.screen
        return screen.key_bar.told.plain if isinstance(screen, Screen) else ""

    @property
    def _is_ending_steps(self) -> bool:
        """Tell whether a screen that is gone has steps under way still."""
        of_open_screens = {
            thread
            for screen in self.app.screen_stack
            if isinstance(elsewhere := getattr(screen, "_elsewhere", None), WorkspaceThread)
            for thread in elsewhere._thread._threads
        }
        return any(
            thread.name.startswith(ELSEWHERE) and thread not in of_open_screens
            for thread in threading.enumerate()
        )

    @property
    def frame(self) -> str:
        """The text on the screen."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips) + "\n"

    def painted(self, system: ColorSystem) -> str:
        """The text on the screen, and below each line a letter for the look of each cell.

        The letters are told at the end; the look of the first cell has none.
        """
        letters: dict[str, str] = defaultdict(
            iter(f" {string.ascii_letters}{string.digits}").__next__
        )
        lines = []
        for strip in self.app.screen._compositor.render_strips():
            looks = "".join(
                letters[look_of(text, style or Style(), system)] * cell_len(text)
                for text, style, _ in strip
            )
            lines += [f"│{strip.text}".rstrip(), *([f" {looks}".rstrip()] if looks.strip() else [])]
        return "\n".join([*lines, *(f"{letter or ' '} {look}" for look, letter in letters.items())])


def look_of(text: str, style: Style, system: ColorSystem) -> str:
    """The colours and attributes of a text, by their names; of blanks the ground alone."""

    def name(colour: RichColor | None) -> str:
        shown = colour.downgrade(system) if colour else RichColor.default()
        return COLOUR_NAMES.get(shown.number or 0, f"colour {shown.number}")

    ink, ground = name(style.color), name(style.bgcolor)
    if style.reverse:
        ink, ground = ground, ink
    if not text.strip() and not style.underline:
        return f"on {ground}"
    attributes = [each for each in ("bold", "dim", "italic", "underline") if getattr(style, each)]
    return " ".join([*attributes, ink, "on", ground])


@pytest.fixture(scope="session", autouse=True)
def rules_of_style_are_parsed_once() -> Iterator[None]:
    """All apps in the same colours share the rules of style: nothing changes them once parsed."""
    parse = Stylesheet._parse_rules
    parsed: dict[tuple[object, ...], list[RuleSet]] = {}

    def parse_once(sheet: Stylesheet, css: str, **options: Any) -> list[RuleSet]:
        key = (frozenset(sheet._variables.items()), css, *options.values())
        if key not in parsed:
            parsed[key] = parse(sheet, css, **options)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield


@pytest.fixture
def painting_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paint what changes once the app has come to rest: nobody looks before."""

    def wait(compositor: Compositor, **_: Any) -> str | None:
        return "later" if compositor._dirty_regions else None

    monkeypatch.setattr(Compositor, "render_update", wait)


@pytest.fixture(autouse=True)
def slow_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told stands there however slow the machine is."""
    monkeypatch.setattr(bars, "SHORTEST_SECONDS", PATIENCE)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def opened(
    home: Path,
    clock: FixedClock,
    painting_waits: None,
    monkeypatch: pytest.MonkeyPatch,
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
def assert_kept(request: pytest.FixtureRequest) -> AssertKept:
    """Compare what is shown with what is kept in a file of frames (`--update-frames`)."""

    def check(name: str, shown: str) -> None:
        path = FRAMES / name
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


@pytest.fixture
def assert_frames(assert_kept: AssertKept) -> AssertFrames:
    """Compare frames, by what they show, with those kept under a name, at every size."""

    def check(name: str, frames: dict[str, Shots]) -> None:
        for size in SIZES:
            shown = "\n".join(f"== {label}\n{shots[size]}" for label, shots in frames.items())
            assert_kept(f"{name}-{size[0]}x{size[1]}.txt", shown)

    return check
