"""`sco-quiz decks`: every deck, where from, its counts."""

from __future__ import annotations

import click

from sco_quiz.text import clean
from sco_quiz.workspace import DeckSummary, Workspace


@click.command("decks")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for scripts.")
def command(as_json: bool) -> None:
    """List every deck with its file and what waits in it today.

    Deck files that cannot be used are named on stderr.
    """
    with Workspace(read_only=True) as workspace:
        workspace.refresh()
        decks = workspace.decks()
        if as_json:
            import json

            click.echo(json.dumps([_as_dict(deck) for deck in decks], ensure_ascii=False, indent=2))
        else:
            _print_table(decks)
        warn(workspace)


def warn(workspace: Workspace) -> None:
    """Name on stderr what could not be used; the rest works all the same."""
    for warning in workspace.warnings:
        click.echo(f"warning: {clean(warning)}", err=True)
    for each in workspace.problems():
        if each.severity == "error":
            where = f"{clean(each.path)}:{each.line}:{each.column}"
            click.echo(f"{where}: error[{each.code}] {each.message}", err=True)
            if each.help:
                click.echo(f"  {each.help}", err=True)


def _as_dict(deck: DeckSummary) -> dict[str, object]:
    return {
        "id": deck.id,
        "title": deck.title,
        "description": deck.description,
        "path": deck.path,
        "shipped": deck.shipped,
        "notes": deck.notes,
        "cards": deck.cards,
        "new": deck.counts.new,
        "learning": deck.counts.learning,
        "review": deck.counts.review,
    }


def _print_table(decks: list[DeckSummary]) -> None:
    ids = max((len(deck.id) for deck in decks), default=4)
    titles = max((len(deck.title) for deck in decks), default=5)
    click.echo(f"{'id':<{ids}}  {'title':<{titles}}  cards  new  learn  due")
    for deck in decks:
        new, learn, due = (count or "" for count in deck.counts)
        line = f"{deck.id:<{ids}}  {deck.title:<{titles}}  {deck.cards:>5}"
        click.echo(f"{line}  {new:>3}  {learn:>5}  {due:>3}".rstrip())
