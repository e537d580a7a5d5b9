"""`sco-quiz export`: decks for other apps and files."""

from __future__ import annotations

from pathlib import Path

import click

from sco_quiz.cli.completion import complete_decks
from sco_quiz.errors import UsageError
from sco_quiz.numbers_and_times import many
from sco_quiz.text import clean
from sco_quiz.transfer import exporting, importing
from sco_quiz.workspace.workspace import Workspace


@click.command("export")
@click.argument("decks", nargs=-1, metavar="DECK...", shell_complete=complete_decks)
@click.option(
    "--to", "target", type=click.Choice([str(each) for each in exporting.Target]),
    help="The format; without it all are listed.",
)  # fmt: skip
@click.option(
    "-o", "--output", metavar="FILE", help="The file to write; without it, to the terminal."
)
def command(decks: tuple[str, ...], target: str | None, output: str | None) -> None:
    """Write decks as CSV, Markdown, JSON or a package for Anki.

    DECK is the id of a deck, the unique beginning of one, or its path. The result can be
    imported again, which changes nothing.

    \b
    Examples:
      sco-quiz export                                   list the formats
      sco-quiz export rivers --to csv                   to the terminal
      sco-quiz export rivers --to anki -o rivers.apkg   to a file
    """  # noqa: D301 -- click's sign for lines that stay lines
    if target is None:
        _list_formats(is_asked=not decks)
        return
    if not decks:
        raise UsageError("no deck is named", "say which: `sco-quiz decks` lists them")
    to = exporting.Target(target)
    if output is None and to is exporting.Target.ANKI:
        raise UsageError("a package for Anki is a file", "name it: `-o FILE.apkg`")
    with Workspace(read_only=True) as workspace:
        workspace.refresh()
        found = workspace.catalogue.find_decks(decks)
        exported = exporting.export(workspace, found, to)
    if output is None:
        click.echo(exported.data.decode(), nl=False)
    else:
        exporting.save(exported, Path(output))
        click.echo(clean(output))
    told = many(exported.notes, "note")
    click.echo(f"{told}; {to.left_behind}", err=True)
    if exported.files:
        named = f"images and recordings: {len(exported.files):,}"
        where = "copied beside it" if output is not None else "`-o FILE` copies them beside it"
        click.echo(f"{named}, {where}", err=True)
    for line in importing.grouped(exported.lossy):
        click.echo(f"lossy: {clean(line, multiline=False)}", err=True)


def _list_formats(*, is_asked: bool) -> None:
    """List the formats: on stdout if they are asked for, else beside the mistake."""
    for to in exporting.Target:
        told = f"{to:<9} {to.ending:<6} {to.about}; {to.left_behind}"
        click.echo(told, err=not is_asked)
    if not is_asked:
        raise UsageError("no format is chosen", "choose one from above: `--to csv`, say")
