"""`sco-quiz restore`: what backups hold is brought back, or left behind."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sco_quiz.errors import UsageError
from sco_quiz.numbers_and_times import iso_date, many
from sco_quiz.text import clean
from sco_quiz.workspace import safekeeping

if TYPE_CHECKING:
    from sco_quiz.progress.backup import Contents
    from sco_quiz.workspace.safekeeping import RestoreEffect


@click.command("restore")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option("--set-aside", is_flag=True, help="Leave behind what only the backups hold.")
def command(file: Path | None, yes: bool, set_aside: bool) -> int:
    """Bring back all that the backups hold and the progress file does not.

    With FILE, put that backup in the place of the progress file, which is kept aside. First it
    shows what both hold, and asks.

    With --set-aside the progress file stays as it is, and the backups that hold more are moved to a
    folder in which none is ever removed.

    \b
    Examples:
      sco-quiz restore           what only backups hold
      sco-quiz restore copy.db   all of a backup
    """  # noqa: D301 -- click's sign for lines that stay lines
    if file is None:
        _leave_behind() if set_aside else _bring_back()
        return 0
    if set_aside:
        raise UsageError("--set-aside takes no FILE", "give one of the two")
    return _restore(file, yes=yes)


def _bring_back() -> None:
    if added := safekeeping.bring_back():
        click.echo(f"Brought back: {many(added, 'event')}.")
    else:
        click.echo("The backups hold nothing that the progress file does not.")


def _leave_behind() -> None:
    left = safekeeping.leave_behind()
    for path in left:
        click.echo(clean(str(path)))
    if left:
        click.echo("They are in the folder `set-aside` there now.", err=True)
    else:
        click.echo("The backups hold nothing that the progress file does not.")


def _restore(file: Path, *, yes: bool) -> int:
    exchange = safekeeping.compare(file)
    _show(exchange)
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("nothing was changed: there is no terminal to ask on", "add --yes")
        if not click.confirm("Put the backup in its place?"):
            click.echo("Nothing was changed.", err=True)
            return 1
    aside = safekeeping.restore(file)
    click.echo(f"Restored: {clean(str(exchange.path))}")
    if aside:
        click.echo(f"What it replaced is kept as {clean(str(aside))}", err=True)
    return 0


def _show(exchange: RestoreEffect) -> None:
    if exchange.trouble:
        click.echo(f"The progress file cannot be used: {clean(exchange.trouble)}", err=True)
    rows = [("", "here", "backup")]
    here, there = _figures(exchange.here), _figures(exchange.there)
    rows += [(name, here[name], there[name]) for name in there]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        line = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        click.echo(line.rstrip(), err=True)
    if exchange.only_here:
        told = many(exchange.only_here, "event here is", "events here are")
        click.echo(f"{told} not in the backup.", err=True)


def _figures(contents: Contents | None) -> dict[str, str]:
    names = ("events", "reviews", "cards", "first day", "last day", "devices")
    if contents is None:
        return dict.fromkeys(names, "–")
    days = [iso_date(day) for day in contents.days or ()] or ["–", "–"]
    counts = (contents.events, contents.reviews, contents.cards, contents.devices)
    events, reviews, cards, devices = (f"{count:,}" for count in counts)
    return dict(zip(names, (events, reviews, cards, *days, devices), strict=True))
