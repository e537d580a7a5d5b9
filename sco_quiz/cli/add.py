"""`sco-quiz add`: decks from elsewhere into one's own folder."""

from __future__ import annotations

import os
from pathlib import Path

import click

from sco_quiz.authoring import deck_files
from sco_quiz.authoring.checking import check
from sco_quiz.cli.opening import tell_if_mended
from sco_quiz.errors import DeckError, UsageError
from sco_quiz.text import clean
from sco_quiz.transfer.shipped import copy_to_own
from sco_quiz.workspace.opening import today
from sco_quiz.workspace.workspace import Workspace


@click.command("add")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--link", is_flag=True, help="Link to them instead; they stay where they are.")
def command(paths: tuple[str, ...], link: bool) -> None:
    """Check deck files, then copy them into your decks folder, and print where they are.

    PATH is a deck file or a folder with deck files; single cards are written by `edit`, or in the
    app. If one of them has an error, or its name or id is taken by another deck, none is added. A
    synchroniser's conflict copy is left where it is. `sco-quiz cards --undo` takes copies back
    while they are as they were added.

    \b
    Examples:
      sco-quiz add rivers.yaml      copy one deck
      sco-quiz add --link ~/decks   link to all decks of a folder
    """  # noqa: D301 -- click's sign for lines that stay lines
    for named in paths:
        if not os.path.lexists(named):
            way = "`add` takes deck files; cards are written by `sco-quiz edit` or in the app"
            raise UsageError(f"there is no file {clean(named, multiline=False)!r}", way)
    checked = list(check(paths, today=today()))
    if not checked:
        raise DeckError("there is no deck in there", "a deck file's name ends in .yaml or .yml")
    broken = [file for file in checked if file.errors]
    for file in checked:
        if file.errors or file.is_copy:
            for shown in file.shown():
                click.echo(f"{shown}\n", err=True)
    if broken:
        raise DeckError("nothing was added", "correct the errors above, then add again")
    files = [Path(file.name) for file in checked if not file.is_copy]
    with Workspace() as workspace:
        tell_if_mended(workspace)
        workspace.refresh()
        copied = [] if link else [deck for file in files if (deck := _shipped(workspace, file))]
        rest = [file for file in files if link or not _shipped(workspace, file)]
        added = deck_files.add(workspace, rest, link=link)
        added += [copy_to_own(workspace, deck) for deck in copied]
        refreshed = workspace.refresh()
    for path in added:
        click.echo(clean(str(path)))
    if len(added) < len(files):
        click.echo(f"{len(files) - len(added)} already there", err=True)
    if words := refreshed.in_words():
        click.echo(words, err=True)


def _shipped(workspace: Workspace, file: Path) -> str:
    """The id of the shipped deck in a file; empty where it is another, or has a copy already."""
    deck = workspace.catalogue.deck_of(Path(os.path.realpath(file)))
    return deck if deck is not None and workspace.catalogue.is_shipped(deck) else ""
