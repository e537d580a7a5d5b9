"""The app, or line mode: opened for a command, or at once when no command has to be looked up."""

from __future__ import annotations

import gc
import os
import signal
import sys
import warnings
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from sco_quiz import first_frame
from sco_quiz.cli.terminal import is_terminal
from sco_quiz.errors import DeckError, ProgressError, SCOQuizError, UsageError
from sco_quiz.files import what_is_at
from sco_quiz.learning.card_queue import Pick
from sco_quiz.paths import find_paths
from sco_quiz.progress import pages
from sco_quiz.text import clean
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.learning.session import StudySession
    from sco_quiz.studying.overview import Overview


LONGEST_SYNC = 1.0
"""Seconds for which a sync may keep the first question waiting."""


def open_at_once(words: Sequence[str]) -> bool:
    """Open the app for a command line without options; return False if it cannot be shown here.

    Args:
        words: What follows the program's name: nothing, or `study` and the names of decks.
    """
    if not is_terminal():
        return False
    paths = find_paths()
    pages.look_ahead(paths.progress_file, paths.cache)
    if words:
        study(tuple(words[1:]))
    else:
        open_app()
    pages.leave_whole(paths.progress_file, paths.cache)
    return True


def open_app() -> None:
    """Open the app on Home.

    Raises:
        UsageError: There is no terminal to open it in.
    """
    if not is_terminal():
        raise UsageError(
            "the app needs a terminal, and this is not one",
            "`sco-quiz study --plain` studies line by line",
        )
    prepare_app("home")
    from sco_quiz.studying.overview import overview

    with Workspace(mend=True) as workspace:
        tell_if_mended(workspace)
        run_app(workspace, known=overview(workspace))


def study(
    names: tuple[str, ...],
    *,
    tag: str | None = None,
    most: int | None = None,
    most_new: int | None = None,
    pick: Pick = Pick.DUE,
    minutes: float | None = None,
    plain: bool = False,
) -> None:
    """Study decks in the app, or in line mode.

    Args:
        names: Ids, beginnings of ids, or paths of decks; none means all.
        tag: Only notes with this tag.
        most: The most cards in all.
        most_new: The most new cards.
        pick: Which cards.
        minutes: How long at most.
        plain: In line mode, also where the app could be shown.

    Raises:
        SCOQuizError: A name fits no deck, or the progress file cannot be used.
    """
    from sco_quiz.studying.sessions import begin_study  # Home needs no session

    def begin() -> StudySession:
        return begin_study(
            workspace, decks, tag=tag, most=most, most_new=most_new, pick=pick, minutes=minutes
        )

    plain = plain or not is_terminal()
    if not plain:
        prepare_app("study")
    with open_with_files(names) as workspace:
        tell_if_mended(workspace)
        if plain:
            sync_at_start(workspace)
        workspace.refresh()
        decks = workspace.catalogue.find_decks(names)
        if not plain and _study_in_app(begin(), workspace):
            return
        first_frame.give_back()
        from sco_quiz.plain import studying, times  # the app needs no line mode

        times.offer_right_times(workspace)
        if plain:
            follow_shipped(workspace)
            studying.study(begin(), workspace, decks, pick)
            back_up(workspace)
            sync(workspace)
        elif not _study_in_app(begin(), workspace):
            print("\n".join(studying.nothing_due(workspace, decks, pick)))


def _study_in_app(session: StudySession, workspace: Workspace) -> bool:
    """Study in the app; return False where nothing is due."""
    if session.question is None:
        return False
    run_app(workspace, study=session)
    return True


def prepare_app(screen: str) -> None:
    """Import the app; to be called before the progress file is opened.

    Its pages may be looked at meanwhile, see `progress.pages`.

    Args:
        screen: The first one: home, study or quiz.
    """
    gc.disable()  # until the app is painted, as in `main`
    os.environ.setdefault("TEXTUAL_FPS", "240")  # or what a key changed waits up to 17 ms
    sys.setswitchinterval(0.0001)  # or each query waits up to 5 ms for a thread that computes

    _import_textual()
    from sco_quiz.tui import app

    {"home": app.home_screen, "study": app.study_screen, "quiz": app.quiz_screen}[screen]()


def _import_textual() -> None:
    """Import Textual but for what no screen of ours needs, which takes a tenth of the time.

    asyncio is made to run on a Python that has no `ssl`, and nothing here connects by asyncio. All
    that `textual.command` wants of `textual.types` is in `textual._types`, which brings no widgets
    along; a Textual for which that is no longer so is imported as it is.
    """
    with _standing_in("ssl", None):
        import asyncio  # noqa: F401
    from textual import _types

    with suppress(ImportError), _standing_in("textual.types", _types):
        import textual.command  # noqa: F401


@contextmanager
def _standing_in(name: str, module: ModuleType | None) -> Iterator[None]:
    """Let another module be imported by a name meanwhile, unless the true one is there already.

    Args:
        name: A module's.
        module: What is imported instead; None has the import fail.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = module  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


def run_app(
    workspace: Workspace,
    *,
    study: StudySession | None = None,
    quiz: Quiz | None = None,
    known: Overview | None = None,
) -> None:
    """Show the app until the learner leaves it.

    Args:
        workspace: What is shown.
        study: A session to begin with.
        quiz: A quiz to begin with.
        known: How things stand, if that has been found out.

    Raises:
        Exception: Something failed meanwhile; the terminal is as it was before the app.
    """
    from sco_quiz.tui.app import SCOQuizApp

    if workspace.catalogue.has_images:  # else nobody has to wait for the terminal's answer
        from sco_quiz.tui import pictures

        pictures.prepare()
    app = SCOQuizApp(workspace, study, quiz, known)
    try:
        app.run()
        signal.signal(signal.SIGINT, signal.default_int_handler)  # ctrl+c may end a sync
        if app.is_to_sync:
            sync(workspace)
    except Exception:
        if app.trouble is None:  # else it is a mistake in ending after one
            raise
    finally:
        # The end of the program may stop a thread amid an import: a warning would wait for it.
        warnings.simplefilter("ignore")
    if app.trouble is not None:
        raise app.trouble


def open_with_files(names: tuple[str, ...], *, read_only: bool = False) -> Workspace:
    """A workspace that also has the deck files among these names.

    Raises:
        UsageError: A name looks like a path and there is no such file.
    """
    paths = [Path(name) for name in names if _looks_like_a_path(name)]
    for path in paths:
        if not path.is_file():
            raise UsageError(
                f"{path} {what_is_at(path)}", "name a deck by its id, or the path of a YAML file"
            )
    return Workspace(extra=paths, read_only=read_only, mend=not read_only)


def _looks_like_a_path(name: str) -> bool:
    return name.casefold().endswith((".yaml", ".yml")) or os.sep in name or "/" in name


def tell_if_mended(workspace: Workspace) -> None:
    """Say what became of a damaged progress file, or could not be put right; see `mended`."""
    if workspace.mended:
        print(clean(workspace.mended), file=sys.stderr)


def follow_shipped(workspace: Workspace) -> None:
    """Bring what newer versions changed into copies of shipped decks, and say so on stderr."""
    if not workspace.catalogue.replaced:
        return
    from sco_quiz.transfer import shipped  # few have a copy

    try:
        if told := shipped.follow_shipped(workspace):
            print(clean(told), file=sys.stderr)
    except DeckError as error:
        print(f"warning: {clean(error.message)}\n  {clean(error.help)}", file=sys.stderr)


def sync_at_start(workspace: Workspace) -> None:
    """Sync in a thread, where the settings say with what; it is waited for a moment at most.

    What comes later is seen before the next question.
    """
    if workspace.config.sync:
        thread = Thread(target=sync, args=(workspace,), daemon=True)
        thread.start()
        thread.join(LONGEST_SYNC)


def sync(workspace: Workspace) -> None:
    """Sync where the settings say with what, and tell on stderr what came; or why nothing did."""
    if not workspace.config.sync:
        return
    from sco_quiz.sync.syncing import synchronise  # few have several devices

    try:
        done = synchronise(workspace.paths, workspace.now, workspace.config.sync, quietly=True)
    except SCOQuizError as error:
        print(f"warning: not synced: {clean(error.message)}", file=sys.stderr)
        print(f"  {clean(error.help)}", file=sys.stderr)
        return
    for line in [*done.told, *done.troubles]:
        print(f"sync: {clean(line, multiline=False)}", file=sys.stderr)
    if done.rows or done.went.rows:
        print(f"sync: {clean(done.in_words())}", file=sys.stderr)


def back_up(workspace: Workspace) -> None:
    """Make the day's backup, if it is due; a warning if that cannot be."""
    try:
        workspace.back_up_if_due(workspace.now().day)
    except ProgressError as error:
        print(f"warning: no backup was made: {clean(error.message)}", file=sys.stderr)
        print(f"  {clean(error.help)}", file=sys.stderr)
