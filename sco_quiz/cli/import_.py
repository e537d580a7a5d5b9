"""`sco-quiz import`: cards from other apps and files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

import click

from sco_quiz.cli.opening import tell_if_mended
from sco_quiz.cli.options import refuse_together
from sco_quiz.errors import SCOQuizError, UsageError
from sco_quiz.numbers_and_times import percent, taken_back
from sco_quiz.text import clean
from sco_quiz.transfer import importing
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sco_quiz.interchange.delimited import Table
    from sco_quiz.interchange.material import Remark
    from sco_quiz.transfer.importing import ImportReport, ImportStep

_BAR = 30  # cells


class NothingImportedError(SCOQuizError):
    """Nothing that was read can be a note; what became of each is told already."""

    def __init__(self) -> None:
        super().__init__(
            "nothing was imported: there are no notes in there that can be read",
            "docs/moving.md shows each format by example",
        )


@click.command("import")
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option("--into", metavar="DECK", default="", help="One deck for everything, by id or title.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option(
    "--columns", metavar="NAMES", default="",
    help="The contents of a table's columns, by commas: front,back,-,tags; or NAME=front.",
)  # fmt: skip
@click.option(
    "--separator",
    metavar="MARK",
    default="",
    help="What stands between its cells: tab, comma, or the sign itself.",
)
@click.option(
    "--header", type=click.Choice(["yes", "no"]), default=None,
    help="Say whether its first row names the columns.",
)  # fmt: skip
@click.option("--undo", is_flag=True, help="Take back the last import, if nothing was done since.")
def command(
    files: tuple[str, ...],
    into: str,
    dry_run: bool,
    columns: str,
    separator: str,
    header: str | None,
    undo: bool,
) -> None:
    """Bring cards from other apps and from files into decks of your own.

    From Anki (.apkg, .colpkg, collection.anki2, CrowdAnki's folders), Mnemosyne 2, tables (.csv,
    .tsv, .txt), Moodle (GIFT, Aiken, XML), JSON, org-mode, and Markdown as for Obsidian, Logseq,
    hashcards and others, whole folders of it too.

    Each FILE becomes a deck, or several, in your decks folder. Importing it again updates what
    changed and doubles nothing; what you changed yourself stays. `sco-quiz help moving` shows
    every format by example.

    \b
    Examples:
      sco-quiz import deck.apkg             cards, media and history from Anki
      sco-quiz import words.csv --dry-run   only show what would come
    """  # noqa: D301 -- click's sign for lines that stay lines
    if undo == bool(files):
        raise UsageError("name the files to import, or give --undo", "`sco-quiz import --help`")
    refuse_together({"--undo": undo, "--dry-run": dry_run})
    names = tuple(name.strip() for name in columns.split(",")) if columns else ()
    with Workspace() as workspace:
        tell_if_mended(workspace)
        workspace.refresh()
        if undo:
            click.echo(clean(_undo(workspace)), err=True)
            return
        options = importing.TableOptions(names, separator, header or "")
        paths = [Path(file) for file in files]
        with _Bar() as bar:
            report = importing.import_files(
                workspace,
                paths,
                into=into,
                options=options,
                dry_run=dry_run,
                told=bar.show,
            )
            workspace.refresh()
        table = importing.look(paths[0], options) if dry_run and len(paths) == 1 else None
    _tell(report, table, dry_run=dry_run)
    if report.is_empty:
        raise NothingImportedError


def _undo(workspace: Workspace) -> str:
    source = importing.undo_last(workspace)
    return taken_back(f"the import of {source}") if source else "There is no import to take back."


def _tell(report: ImportReport, table: Table | None, *, dry_run: bool) -> None:
    for deck in report.decks:
        if deck.has_notes:
            click.echo(clean(str(deck.path)))
        click.echo(f"  {deck.in_words()}", err=True)
        _list("merged", deck.merged)
        _list("skipped", deck.skipped)
        _list("kept yours", deck.kept)
        _list("lossy", deck.lossy)
    _list("skipped", report.skipped)
    _list("lossy", report.lossy)
    if len(report.decks) > 1 or (report.decks and report.skipped):
        click.echo(f"  {report.in_words()}", err=True)
    if table is not None and table.unsure_of_header:
        _show_first_cards(table)
    if report.is_empty:
        return
    if dry_run:
        click.echo("Nothing was written.", err=True)
    elif report.changes:
        click.echo("`sco-quiz import --undo` takes it back.", err=True)


def _show_first_cards(table: Table) -> None:
    """Show what the first rows become, where it is not sure that they are no names."""
    click.echo(
        "The first rows as cards; `--header yes` or `no` and `--columns` correct this:", err=True
    )
    for fields in table.cards:
        for name, value in fields.items():
            text = value if isinstance(value, str) else "; ".join(value)
            click.echo(f"  {name}: {clean(text, multiline=False)}", err=True)
        click.echo("", err=True)


class _Bar:
    """A progress bar of an import, on stderr if that is a terminal."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._terminal:
            click.echo(f"\r{' ' * (_BAR + 30)}\r", nl=False, err=True)

    def show(self, step: ImportStep) -> None:
        """Say what it is at, and what share is done."""
        if self._terminal:
            done = round(step.share * _BAR)
            bar = "#" * done + "-" * (_BAR - done)
            click.echo(f"\r{bar} {percent(step.share):>5}  {step.phase:<18}", nl=False, err=True)


def _list(what: str, remarks: list[Remark]) -> None:
    for line in importing.grouped(remarks):
        click.echo(f"  {what}: {clean(line, multiline=False)}", err=True)
