"""`sco-quiz doctor`: whether the progress file is whole."""

from __future__ import annotations

import click

from sco_quiz.text import clean
from sco_quiz.workspace import filing, safekeeping


@click.command("doctor")
@click.option(
    "--rebuild",
    is_flag=True,
    help="Replay the log into new views; of a damaged file, save all that can be read.",
)
def command(rebuild: bool) -> int:
    """Examine the progress file: its pages, every event of its log, and what follows from them.

    What a step left behind that was broken off is put right first.

    The exit code is 1 if something is wrong, and 3 if the file cannot be used.
    """
    if rebuild:
        click.echo(clean(safekeeping.rebuild()))
    for line in filing.clear_away():
        click.echo(clean(line))
    found = safekeeping.examine()
    for fault in found.damage:
        click.echo(clean(fault))
    for fault in found.stale:
        click.echo(clean(fault))
    if found.damage:
        click.echo("The file is damaged. `sco-quiz doctor --rebuild` saves all that can be read.")
    elif found.stale:
        click.echo("The log is whole. `sco-quiz doctor --rebuild` makes the views anew from it.")
    elif not found.events:
        click.echo("Nothing is wrong, and nothing was done yet.")
    else:
        click.echo(f"Nothing is wrong: every page, {found.events:,} events, and all that follows.")
    return 1 if found.damage or found.stale else 0
