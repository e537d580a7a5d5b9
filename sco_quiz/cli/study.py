"""`sco-quiz study`, and `sco-quiz` alone: the app, or line mode."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sco_quiz.errors import ProgressError, UsageError
from sco_quiz.learning.queue import Pick
from sco_quiz.text import clean
from sco_quiz.workspace import Workspace, safekeeping
from sco_quiz.workspace.agenda import HARDEST

if TYPE_CHECKING:
    from sco_quiz.learning.session import StudySession


@click.command("study")
@click.argument("decks", nargs=-1, metavar="[DECK]...")
@click.option("--tag", metavar="TAG", help="Only notes with this tag.")
@click.option("--new", type=click.IntRange(min=0), metavar="N", help="At most N new cards.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N cards in all.")
@click.option(
    "--minutes",
    type=click.FloatRange(min=0.1, max=1440),
    metavar="M",
    help="End after M minutes; what you are most likely to forget comes first.",
)
@click.option("--ahead", is_flag=True, help="Cards that are not due yet, soonest first.")
@click.option(
    "--hardest",
    type=click.IntRange(min=1),
    is_flag=False,
    flag_value=HARDEST,
    metavar="[N]",
    help=f"The N hardest cards that you did not answer today ({HARDEST}), due or not.",
)
@click.option("--plain", is_flag=True, help="Line by line: for screen readers, pipes and scripts.")
def command(
    decks: tuple[str, ...],
    tag: str | None,
    new: int | None,
    limit: int | None,
    minutes: float | None,
    ahead: bool,
    hardest: int | None,
    plain: bool,
) -> None:
    """Study what is due in DECKs, or in all of them.

    DECK is an id, the beginning of one, or the path of a YAML file.
    """
    if ahead and hardest:
        raise UsageError("--ahead and --hardest are two studies", "choose one of them")
    pick = Pick.AHEAD if ahead else Pick.HARDEST if hardest else Pick.DUE
    with open_with_files(decks) as workspace:
        tell_if_mended(workspace)
        workspace.refresh()
        ids = workspace.find_decks(decks)
        session = workspace.study(
            ids, tag=tag, most=hardest or limit, most_new=new, pick=pick, minutes=minutes
        )
        if plain or not is_terminal():
            from sco_quiz.plain.studying import study

            study(session, workspace, ids)
            back_up(workspace)
        elif session.question is None:
            from sco_quiz.plain.studying import nothing_due

            click.echo("\n".join(nothing_due(workspace, ids)))
        else:
            _run_app(workspace, session)


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
    with Workspace(mend=True) as workspace:
        tell_if_mended(workspace)
        _run_app(workspace, None)


def open_with_files(names: tuple[str, ...], *, read_only: bool = False) -> Workspace:
    """A workspace that also has the deck files among these names.

    Raises:
        UsageError: A name looks like a path and there is no such file.
    """
    paths = [Path(name) for name in names if _looks_like_a_path(name)]
    for path in paths:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "is not there"
            raise UsageError(f"{path} {what}", "name a deck by its id, or the path of a YAML file")
    return Workspace(extra=paths, read_only=read_only, mend=not read_only)


def _looks_like_a_path(name: str) -> bool:
    return name.endswith((".yaml", ".yml")) or os.sep in name or "/" in name


def is_terminal() -> bool:
    """Whether the app can be shown here."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def tell_if_mended(workspace: Workspace) -> None:
    """Say what became of a damaged progress file."""
    if workspace.mended:
        click.echo(clean(workspace.mended), err=True)


def back_up(workspace: Workspace) -> None:
    """Make the day's backup, if it is due; a warning if that cannot be."""
    try:
        safekeeping.back_up_if_due(workspace)
    except ProgressError as error:
        click.echo(f"warning: no backup was made: {clean(error.message)}", err=True)
        click.echo(f"  {clean(error.help)}", err=True)


def _run_app(workspace: Workspace, session: StudySession | None) -> None:
    # Until the app is painted: everything it is made of stays, and to look through it for what does
    # not would take a fifth of the time until then.
    gc.disable()
    from sco_quiz.tui.app import SCOQuizApp

    app = SCOQuizApp(workspace, session)
    app.run()
    if app.damage is not None:
        raise app.damage
