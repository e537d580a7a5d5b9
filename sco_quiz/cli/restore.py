"""`sco-quiz restore`: a backup in the place of the progress file."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sco_quiz.errors import UsageError
from sco_quiz.text import clean
from sco_quiz.workspace import safekeeping

if TYPE_CHECKING:
    from sco_quiz.progress.backup import Contents
    from sco_quiz.workspace.safekeeping import Exchange


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Don't ask.")
def command(file: Path, yes: bool) -> int:
    """Put the backup FILE in the place of the progress file, which is kept aside.

    First it shows what both hold, and asks.
    """
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


def _show(exchange: Exchange) -> None:
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
        click.echo(f"{exchange.only_here:,} events here are not in the backup.", err=True)


def _figures(contents: Contents | None) -> dict[str, str]:
    names = ("events", "reviews", "cards", "first day", "last day", "devices")
    if contents is None:
        return dict.fromkeys(names, "–")
    days = [date.fromordinal(day).isoformat() for day in contents.days or ()] or ["–", "–"]
    counts = (contents.events, contents.reviews, contents.cards, contents.devices)
    events, reviews, cards, devices = (f"{count:,}" for count in counts)
    return dict(zip(names, (events, reviews, cards, *days, devices), strict=True))
