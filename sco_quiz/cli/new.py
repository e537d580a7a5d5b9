"""`sco-quiz new`: a template for a deck of one's own."""

from __future__ import annotations

import click

from sco_quiz.authoring import deck_files
from sco_quiz.cli.edit import edit_and_check
from sco_quiz.cli.opening import tell_if_mended
from sco_quiz.errors import UsageError
from sco_quiz.text import clean
from sco_quiz.workspace.workspace import Workspace


@click.command("new")
@click.argument("title")
@click.option("--edit", is_flag=True, help="Open it in your editor.")
def command(title: str, edit: bool) -> int:
    """Write a template for a deck called TITLE into your decks folder, and print its path.

    It shows every kind of note. A deck that is there is never overwritten. `sco-quiz cards --undo`
    takes it back while it is as it was written.

    \b
    Examples:
      sco-quiz new "Rivers of Asia"   begin a deck
      sco-quiz new Rivers --edit      and write it in your editor
    """  # noqa: D301 -- click's sign for lines that stay lines
    if not title.strip():
        raise UsageError("a deck needs a title", "write what it is about: `sco-quiz new Rivers`")
    with Workspace() as workspace:
        tell_if_mended(workspace)
        workspace.refresh()
        path = deck_files.create(workspace, title)
        click.echo(clean(str(path)))
        return edit_and_check(workspace, path, 1) if edit else 0
