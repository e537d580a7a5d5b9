"""`sco-quiz due`: how much waits, fast enough for a shell prompt."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import click

from sco_quiz.cli.completion import complete_decks
from sco_quiz.cli.decks import warn
from sco_quiz.cli.opening import open_with_files
from sco_quiz.cli.options import refuse_together
from sco_quiz.insight.activity import Activity
from sco_quiz.learning.card_queue import sum_of
from sco_quiz.learning.study_day import MINUTE_MS
from sco_quiz.reports.backlog import backlog_lines
from sco_quiz.workspace import quick_counts

if TYPE_CHECKING:
    from sco_quiz.learning.backlog import Backlog
    from sco_quiz.learning.daily import Daily


@click.command("due")
@click.argument("decks", nargs=-1, metavar="[DECK]...", shell_complete=complete_decks)
@click.option("--json", "as_json", is_flag=True, help="As JSON, for scripts.")
@click.option("--short", is_flag=True, help="One number, for a prompt or a status line.")
def command(decks: tuple[str, ...], as_json: bool, short: bool) -> None:
    """Say how many cards are due in DECKs, or in all of them.

    \b
    Examples:
      sco-quiz due           what waits, deck by deck
      sco-quiz due --short   one number, for a prompt
    """  # noqa: D301 -- click's sign for lines that stay lines
    refuse_together({"--json": as_json, "--short": short})
    if short and (count := quick_counts.waiting(decks)) is not None:
        click.echo(count)
        return
    with open_with_files(decks, read_only=True) as workspace:
        workspace.refresh()
        found = workspace.agenda.decks(workspace.catalogue.find_decks(decks))
        total = sum_of(deck.counts for deck in found)
        if short:
            click.echo(total.total)
            quick_counts.note_waiting(decks, total.total)
            return
        if as_json:
            answer = {
                "day": date.fromordinal(workspace.now().day).isoformat(),
                **total._asdict(),
                "total": total.total,
                "decks": [
                    {
                        "id": deck.id,
                        "title": deck.title,
                        **deck.counts._asdict(),
                        "cards": deck.cards,
                    }
                    for deck in found
                ],
                "today": _today(Activity(workspace).daily(), workspace.agenda.backlog()),
            }
            click.echo(json.dumps(answer))
        else:
            for deck in found:
                if deck.counts.total:
                    click.echo(f"{deck.counts.total:>5}  {deck.title}")
            click.echo(
                f"{total.total:>5}  in all: {total.new} new, {total.learning} learning,"
                f" {total.review} to review"
            )
            held = workspace.agenda.held_in_words(total)
            for line in filter(None, [held, *backlog_lines(workspace)]):
                click.echo(line)
        warn(workspace)


def _today(daily: Daily, backlog: Backlog) -> dict[str, object]:
    goal = None
    if any(daily.goal):
        goal = {**daily.goal._asdict(), "met": daily.met}
    return {
        "answers": daily.answers,
        "minutes": round(daily.milliseconds / MINUTE_MS, 2),
        "goal": goal,
        "streak": daily.streak.current,
        "plan": {"per_day": backlog.per_day, "later": backlog.later} if backlog.per_day else None,
    }
