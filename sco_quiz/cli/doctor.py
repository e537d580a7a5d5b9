"""`sco-quiz doctor`: whether the progress file is whole."""

from __future__ import annotations

import click

from sco_quiz.learning.wrong_clock import Way
from sco_quiz.numbers_and_times import undoable
from sco_quiz.studying.wrong_clock import find_wrong_times
from sco_quiz.text import clean
from sco_quiz.workspace import filing, safekeeping
from sco_quiz.workspace.workspace import Workspace


@click.command("doctor")
@click.option(
    "--rebuild",
    is_flag=True,
    help="Rebuild the views from the log; from a damaged file, save all that can be read.",
)
@click.option(
    "--clock",
    type=click.Choice([str(way) for way in Way]),
    help="Correct dates that a wrong clock gave: to now, or to fit the answers before and after.",
)
def command(rebuild: bool, clock: str | None) -> int:
    """Examine the progress file: its pages, every event of its log, and what follows from them.

    What an interrupted step left behind is put right, if the file is whole.

    The exit code is 1 if something is wrong, and 3 if the file cannot be used.

    \b
    Examples:
      sco-quiz doctor               look only
      sco-quiz doctor --clock now   answers that a wrong clock dated
    """  # noqa: D301 -- click's sign for lines that stay lines
    if rebuild:
        click.echo(clean(safekeeping.rebuild()))
    found = safekeeping.examine()
    if not found.damage and not found.behind:
        for line in filing.clear_away():
            click.echo(clean(line))
    for fault in found.damage:
        click.echo(clean(fault))
    for fault in found.stale:
        click.echo(clean(fault))
    if found.damage:
        click.echo("The file is damaged. `sco-quiz doctor --rebuild` saves all that can be read.")
    elif found.behind:
        click.echo(clean(f"{found.behind.message}."))
        click.echo(f"{found.behind.help}.")
    elif found.stale:
        click.echo("The log is whole. `sco-quiz doctor --rebuild` rebuilds the views from it.")
    elif found.events and (wrong := _see_to_the_clock(clock)):
        click.echo(clean(wrong))
        return 1
    elif not found.events:
        click.echo("Nothing is wrong, and nothing was done yet.")
    else:
        click.echo(
            f"Nothing is wrong: every page, {found.events:,} events and all views are sound."
        )
    return 1 if found.damage or found.stale or found.behind else 0


def _see_to_the_clock(way: str | None) -> str:
    """Look for answers that a wrong clock dated, and put them right if a way is given.

    Returns:
        What is wrong and what to do; empty where nothing is, or is left.
    """
    with Workspace(read_only=way is None) as workspace:
        wrong = find_wrong_times(workspace, everywhere=True)
        if wrong is None:
            return ""
        if way is not None and wrong.offers:
            wrong.put_right(workspace, Way(way))
            click.echo(undoable(f"Put right: {clean(wrong.summary)}", "`u` on Home"))
            return ""
        ways = [f"`sco-quiz doctor --clock {offer.way}`: {offer.words}." for offer in wrong.offers]
        return "\n".join([wrong.words, *ways])
