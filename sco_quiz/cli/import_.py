"""`sco-quiz import`: cards from other apps and files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

import click

from sco_quiz.cli.opening import tell_if_mended
from sco_quiz.errors import UsageError
from sco_quiz.text import clean
from sco_quiz.transfer import importing
from sco_quiz.vocabulary import percent, taken_back
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sco_quiz.interchange.material import Remark
    from sco_quiz.transfer.importing import Report, Step

_BAR = 30  # cells


@click.command("import")
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option("--into", metavar="DECK", default="", help="One deck for everything, by id or title.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option(
    "--columns", metavar="NAMES", default="",
    help="What the columns of a table hold, by commas: front,back,-,tags.",
)  # fmt: skip
@click.option(
    "--separator",
    metavar="MARK",
    default="",
    help="What stands between its cells: tab, comma, or the sign itself.",
)
@click.option("--undo", is_flag=True, help="Take back the last import, if nothing was done since.")
def command(
    files: tuple[str, ...], into: str, dry_run: bool, columns: str, separator: str, undo: bool
) -> None:
    """Bring cards from other apps and from files into decks of your own.

    From Anki (.apkg, .colpkg, CrowdAnki's folders), Mnemosyne (.cards), tables (.csv, .tsv, .txt),
    Markdown, GIFT and JSON.

    Each FILE becomes a deck, or several, in your decks folder. Importing it again updates what
    changed and doubles nothing; what you changed yourself stays. `docs/moving.md` shows every
    format by example.
    """
    if undo == bool(files):
        raise UsageError("name the files to import, or give --undo", "`sco-quiz import --help`")
    names = tuple(name.strip() for name in columns.split(",")) if columns else ()
    with Workspace() as workspace:
        tell_if_mended(workspace)
        workspace.refresh()
        if undo:
            click.echo(clean(_undo(workspace)), err=True)
            return
        with _Bar() as bar:
            report = importing.import_files(
                workspace,
                [Path(file) for file in files],
                into=into,
                options=importing.Options(names, separator),
                dry_run=dry_run,
                told=bar.show,
            )
            workspace.refresh()
    _tell(report, dry_run=dry_run)


def _undo(workspace: Workspace) -> str:
    source = importing.undo_last(workspace)
    return taken_back(f"the import of {source}") if source else "There is no import to take back."


def _tell(report: Report, *, dry_run: bool) -> None:
    for deck in report.decks:
        click.echo(clean(str(deck.path)))
        click.echo(f"  {deck.in_words()}", err=True)
        _list("skipped", deck.skipped)
        _list("kept yours", deck.kept)
        _list("lossy", deck.lossy)
    _list("skipped", report.skipped)
    _list("lossy", report.lossy)
    if not report.decks:
        click.echo("There are no notes in there.", err=True)
    elif dry_run:
        click.echo("Nothing was written.", err=True)
    elif report.changes:
        click.echo("`sco-quiz import --undo` takes it back.", err=True)


class _Bar:
    """How far an import is, on stderr if that is a terminal."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._terminal:
            click.echo(f"\r{' ' * (_BAR + 30)}\r", nl=False, err=True)

    def show(self, step: Step) -> None:
        """Say what it is at, and what share is done."""
        if self._terminal:
            done = round(step.share * _BAR)
            bar = "#" * done + "-" * (_BAR - done)
            click.echo(f"\r{bar} {percent(step.share):>5}  {step.phase:<18}", nl=False, err=True)


def _list(what: str, remarks: list[Remark]) -> None:
    for line in importing.grouped(remarks):
        click.echo(f"  {what}: {clean(line, multiline=False)}", err=True)
