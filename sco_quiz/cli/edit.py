"""`sco-quiz edit`: a deck in the learner's editor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sco_quiz.authoring import deck_files
from sco_quiz.authoring.checking import check
from sco_quiz.cli.completion import complete_decks
from sco_quiz.cli.opening import open_with_files
from sco_quiz.cli.terminal import is_terminal
from sco_quiz.editor import open_in_editor
from sco_quiz.text import clean, plain
from sco_quiz.transfer.shipped import copy_to_own
from sco_quiz.workspace.opening import today

if TYPE_CHECKING:
    from sco_quiz.workspace.workspace import Workspace


@click.command("edit")
@click.argument("name", metavar="DECK[:NOTE]", shell_complete=complete_decks)
@click.option("--copy", is_flag=True, help="Copy a deck that came with the app, and edit that.")
def command(name: str, copy: bool) -> int:
    """Open a deck in your editor, at a note, and check it afterwards.

    DECK is an id, the beginning of one, or the path of a YAML file; NOTE is an id, a number, or
    part of a prompt. The editor is $VISUAL, or else $EDITOR.

    A deck that came with the app is changed in a copy of your own, which replaces it from then on.
    Your history stays, and changes in newer versions of the app still come into the copy, except
    where you changed it yourself. `sco-quiz cards --undo` removes the copy.

    \b
    Examples:
      sco-quiz edit rivers          open the deck
      sco-quiz edit rivers:Danube   at the note that says so
    """  # noqa: D301 -- click's sign for lines that stay lines
    deck, note = _split(name)
    with open_with_files((deck,)) as workspace:
        workspace.refresh()
        _copy_if_shipped(workspace, deck, copy=copy)
        return edit_and_check(workspace, *deck_files.place_of(workspace, deck, note))


def _copy_if_shipped(workspace: Workspace, deck: str, *, copy: bool) -> None:
    """Copy a deck that came with the app, if the learner says so."""
    path = deck_files.file_called(workspace, deck)
    name = workspace.catalogue.deck_of(path)
    if name is None or not workspace.catalogue.is_shipped(name):
        return
    title = plain(workspace.catalogue.title(name))
    question = f"{title} came with the app. Make a copy of your own to change?"
    if copy or (is_terminal() and click.confirm(question, default=True, err=True)):
        click.echo(f"Your copy: {clean(str(copy_to_own(workspace, name)))}", err=True)


def edit_and_check(workspace: Workspace, path: Path, line: int) -> int:
    """Let the learner edit a deck file; then say on stderr what is wrong with it.

    Returns:
        The exit code: 1 if it has an error.
    """
    open_in_editor(path, line)
    errors = 0
    for file in check([str(path)], today=today()):
        errors += file.errors
        for shown in file.shown():
            click.echo(f"{shown}\n", err=True)
    if words := workspace.refresh().in_words():
        click.echo(words, err=True)
    return 1 if errors else 0


def _split(name: str) -> tuple[str, str]:
    """Deck and note; the colon after a drive's letter belongs to the path."""
    if Path(name).is_file():
        return name, ""
    drive = name[:2] if name[1:3] in {":\\", ":/"} else ""
    deck, _, note = name[len(drive) :].partition(":")
    return drive + deck, note.strip()
