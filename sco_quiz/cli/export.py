"""`sco-quiz export`: decks for other apps and files."""

from __future__ import annotations

from pathlib import Path

import click

from sco_quiz.cli.completing import complete_decks
from sco_quiz.errors import UsageError
from sco_quiz.text import clean
from sco_quiz.workspace import Workspace, exporting


@click.command("export")
@click.argument("decks", nargs=-1, required=True, metavar="DECK...", shell_complete=complete_decks)
@click.option(
    "--to", "target", type=click.Choice([str(each) for each in exporting.Target]), required=True,
    help="The format.",
)  # fmt: skip
@click.option("-o", "--output", metavar="FILE", help="Where to; the terminal without it.")
def command(decks: tuple[str, ...], target: str, output: str | None) -> None:
    """Write decks as CSV, Markdown or JSON.

    DECK is the id of a deck, the unique beginning of one, or its path. What is written can be
    imported again and changes nothing then.
    """
    with Workspace(read_only=True) as workspace:
        workspace.refresh()
        found = workspace.find_decks(decks)
        exported = exporting.export(workspace, found, exporting.Target(target))
    if output is None:
        click.echo(exported.text, nl=False)
    else:
        _write(Path(output), exported.text)
        click.echo(clean(output))
    told = f"{exported.notes:,} note{'s' * (exported.notes != 1)}"
    click.echo(f"{told}; progress is not part of this format", err=True)


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} is there already", "choose another name") from None
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror})", "check its folder and the free space"
        ) from None
