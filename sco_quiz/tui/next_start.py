"""Keeps, as the app is left, the screens that its next start would show first; see `first_frame`.

Each is made anew as a start would make it, and caught as it would be painted: it shows neither
where the cursor stood nor what was told. What a start might show otherwise is not kept.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import textual

from sco_quiz import debug, first_frame
from sco_quiz.errors import SCOQuizError, UsageError
from sco_quiz.files import keep_note
from sco_quiz.first_frame import Frame, Start
from sco_quiz.studying.overview import holds_until, overview
from sco_quiz.studying.sessions import begin_study, question_holds_until
from sco_quiz.tui.screens.home import Home
from sco_quiz.tui.screens.study import StudyScreen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.screen import Screen

    from sco_quiz.tui.base import App
    from sco_quiz.workspace.workspace import Workspace

LONGEST = 2.0
"""Seconds for which this may keep the app from ending."""
_STEP = 0.06
"""Seconds after which a change has another time than one before it."""


async def keep_first_screens(app: App, start: Start, *, studied: bool) -> None:
    """Keep the frames of the next start, as far as they can be told.

    Args:
        app: The app, which ends after this: nothing it shows reaches the terminal any more.
        start: The start of this process.
        studied: Whether the learner studied, so that the next start may be one for it.
    """
    with suppress(TimeoutError):
        try:
            async with asyncio.timeout(LONGEST):
                await _keep(app, start, studied=studied)
        except (SCOQuizError, OSError) as error:
            debug.note("no first screen is kept: %s", type(error).__name__)


async def _keep(app: App, start: Start, *, studied: bool) -> None:
    workspace = app.workspace
    files, folders = _behind(workspace)
    state = first_frame.state_of(files, folders)
    if not first_frame.is_settled(state):
        await asyncio.sleep(_STEP)
        state = first_frame.state_of(files, folders)
    if not (first_frame.is_settled(state) and _can_be_told(workspace)):
        return
    caught = _Catcher(app)
    frames = []
    for words, screen, until in _screens(workspace, start.words, studied=studied):
        since = workspace.now().at
        if since < until:
            painting = await caught.painting_of(screen)
            now = Start(words, start.environment, app.size)
            frames.append(Frame(now, since, until, files, folders, state, painting))
    if first_frame.state_of(files, folders) == state and _can_be_told(workspace):
        for frame in frames:
            data = first_frame.encoded(frame)
            if data is not None:
                keep_note(Path(first_frame.file_of(frame.start.words)), data)


def _can_be_told(workspace: Workspace) -> bool:
    """Return True if the screen of a start now follows from what is in memory and on disk."""
    folders = workspace.config.folders
    is_ours = workspace.index.path == workspace.paths.index_file
    asks_terminal = workspace.catalogue.has_images  # its answers come among the keys
    is_looked_for = Path(first_frame.likely_cache()).absolute() == workspace.paths.cache
    return (
        is_ours
        and is_looked_for
        and not asks_terminal
        and all(each.is_absolute() for each in folders)
        and workspace.is_as_read()
    )


def _behind(workspace: Workspace) -> tuple[Sequence[str], Sequence[str]]:
    """Return the files, and the folders of decks and backups, on which the screens depend."""
    files, folders = workspace.files_behind()
    packages = Path(textual.__file__).parents[1], Path(first_frame.__file__).parent
    return tuple(map(str, (*files, *packages))), tuple(map(str, folders))


def _screens(
    workspace: Workspace, words: Sequence[str], *, studied: bool
) -> Iterator[tuple[tuple[str, ...], Screen[None], int]]:
    """Yield command lines with what they show first, and until when."""
    known = overview(workspace)
    yield (), Home(known), holds_until(workspace, known)
    if words or studied:
        with suppress(UsageError):  # a deck that is gone
            names = words[1:]
            session = begin_study(workspace, workspace.catalogue.find_decks(names))
            if session.question is not None:
                yield (
                    ("study", *names),
                    StudyScreen(session),
                    question_holds_until(workspace, session),
                )


class _Catcher:
    """Has an app paint nothing any more, and gives what would have been painted."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._wanted: Screen[None] | None = None
        self._painting: asyncio.Future[str]
        app.sync_word = lambda: ""  # type: ignore[method-assign]
        app.app_focus = True
        app.tell_or_keep = lambda *_: None  # type: ignore[method-assign]
        app._display = self._catch  # type: ignore[method-assign] # noqa: SLF001

    async def painting_of(self, screen: Screen[None]) -> str:
        self._wanted = screen
        self._painting = asyncio.get_running_loop().create_future()
        await self._app.push_screen(screen)
        return await self._painting

    def _catch(self, screen: Screen[None], renderable: object) -> None:
        is_shown = renderable is not None and not self._app._batch_count  # noqa: SLF001
        if screen is self._wanted and is_shown and not self._painting.done():
            update = screen._compositor.render_full_update()  # noqa: SLF001
            self._painting.set_result(update.render_segments(self._app.console))
