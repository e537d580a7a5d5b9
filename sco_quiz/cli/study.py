"""`sco-quiz study`: what is due, in the app or in line mode."""

from __future__ import annotations

import click

from sco_quiz.cli.completion import complete_decks
from sco_quiz.cli.opening import study
from sco_quiz.cli.options import Number, WholeNumber, refuse_together
from sco_quiz.learning.card_queue import Pick
from sco_quiz.workspace.agenda import HARDEST


@click.command("study")
@click.argument("decks", nargs=-1, metavar="[DECK]...", shell_complete=complete_decks)
@click.option("--tag", metavar="TAG", help="Only notes with this tag.")
@click.option("--new", type=WholeNumber(min=0), metavar="N", help="At most N new cards.")
@click.option("--limit", type=WholeNumber(min=1), metavar="N", help="At most N cards in all.")
@click.option(
    "--minutes",
    type=Number(min=0.1, max=1440),
    metavar="M",
    help="End after M minutes; what you are most likely to forget comes first.",
)
@click.option("--ahead", is_flag=True, help="Cards that are not due yet, soonest first.")
@click.option(
    "--hardest",
    type=WholeNumber(min=1),
    is_flag=False,
    flag_value=HARDEST,
    metavar="[N]",
    help=f"The N hardest cards that you did not answer today ({HARDEST}), due or not.",
)
@click.option("--plain", is_flag=True, help="Line by line: for screen readers, pipes and scripts.")
def command(
    decks: tuple[str, ...],
    tag: str | None,
    new: int | None,
    limit: int | None,
    minutes: float | None,
    ahead: bool,
    hardest: int | None,
    plain: bool,
) -> None:
    """Study what is due in DECKs, or in all of them.

    DECK is an id, the beginning of one, or the path of a YAML file.

    \b
    Examples:
      sco-quiz study                  all that is due
      sco-quiz study sco-essentials   one deck
      sco-quiz study --minutes 10     what is most at risk first; ends on time
      sco-quiz study --plain          line by line
    """  # noqa: D301 -- click's sign for lines that stay lines
    refuse_together({"--ahead": ahead, "--hardest": hardest})
    pick = Pick.AHEAD if ahead else Pick.HARDEST if hardest else Pick.DUE
    study(
        decks,
        tag=tag,
        most=hardest or limit,
        most_new=new,
        pick=pick,
        minutes=minutes,
        plain=plain,
    )
