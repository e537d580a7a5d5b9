"""`sco-quiz edit`: a deck in the learner's editor."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sco_quiz.authoring import deck_files
from sco_quiz.authoring.checking import check
from sco_quiz.cli.completion import complete_decks
from sco_quiz.cli.opening import open_with_files
from sco_quiz.editor import open_in_editor
from sco_quiz.numbers_and_times import plural
from sco_quiz.reports.words import in_words
from sco_quiz.text import clean
from sco_quiz.transfer.shipped import copy_to_own
from sco_quiz.workspace.opening import today

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    where you changed it yourself. `sco-quiz cards --undo` removes a copy that your editor left as
    it was; any other is deleted in the app, by `D` on Home, and the deck is as it came again.

    \b
    Examples:
      sco-quiz edit rivers          open the deck
      sco-quiz edit rivers:Danube   at the note that says so
    """  # noqa: D301 -- click's sign for lines that stay lines
    deck, note = _split(name)
    with open_with_files((deck,)) as workspace:
        workspace.refresh()
        called = workspace.catalogue.deck_of(deck_files.file_called(workspace, deck))
        copy_if_shipped(workspace, [called] if called else [], copy=copy)
        return edit_and_check(workspace, *deck_files.place_of(workspace, deck, note))


def copy_if_shipped(workspace: Workspace, decks: Iterable[str], *, copy: bool = False) -> None:
    """Copy decks that came with the app to the learner's own, if the learner says so.

    Args:
        workspace: Is refreshed by a copy.
        decks: The ids of decks that are to be changed.
        copy: True if the learner has said so.
    """
    shipped = [deck for deck in decks if workspace.catalogue.is_shipped(deck)]
    names = in_words(shipped, workspace.catalogue.titles)
    copies = plural(len(shipped), "a copy", "copies")
    question = f"{names} came with the app. Make {copies} of your own to change?"
    if shipped and (
        copy or (sys.stdin.isatty() and click.confirm(question, default=True, err=True))
    ):
        for deck in shipped:
            click.echo(f"Your copy: {clean(str(copy_to_own(workspace, deck)))}", err=True)


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
