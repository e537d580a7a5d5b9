"""`sco-quiz decks`: every deck, where from, its counts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from sco_quiz.cli.options import refuse_together
from sco_quiz.errors import UsageError
from sco_quiz.numbers_and_times import many, undoable
from sco_quiz.text import clean, plain
from sco_quiz.workspace.cards import find_cards_by_beginning
from sco_quiz.workspace.relinking import face_of
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sized

    from sco_quiz.learning.cards import KeyedFace
    from sco_quiz.workspace.catalogue import DeckSummary


_CHOICE = click.Choice(["y", "n", "s"])
SHORT_KEY = 8
"""Characters of a card's key that are shown."""
LONGEST_TITLE = 60
"""Characters of a title that the table shows."""


@click.command("decks")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for scripts.")
@click.option("--relink", is_flag=True, help="Say which edited cards are the same as before.")
@click.option("--orphans", is_flag=True, help="List cards with a history that no deck has.")
@click.argument("cards", nargs=-1, metavar="[OLD NEW]")
def command(as_json: bool, relink: bool, orphans: bool, cards: tuple[str, ...]) -> None:
    """List every deck with its file and what waits in it today.

    With --relink OLD NEW the card NEW goes on with the history of OLD, which no deck has any more:
    the beginnings of both as --orphans and `sco-quiz cards` list them. A history that NEW has
    already counts too. `sco-quiz cards --undo` takes it back.

    Deck files that cannot be used are named on stderr.

    \b
    Examples:
      sco-quiz decks             all decks
      sco-quiz decks --orphans   histories without a card
    """  # noqa: D301 -- click's sign for lines that stay lines
    if len(cards) != (2 if relink and cards else 0):
        raise click.UsageError(
            "two cards go with --relink: an old and a new one"
            if relink
            else "cards are named only with --relink"
        )
    refuse_together({"--relink": relink, "--orphans": orphans})
    refuse_together({"--relink": relink, "--json": as_json})
    with Workspace(read_only=not relink) as workspace:
        refreshed = workspace.refresh()
        if cards:
            _join(workspace, *cards)
        elif relink:
            _relink(workspace, refreshed.kept)
        elif orphans:
            _list_orphans(workspace, as_json=as_json)
        elif as_json:
            nodes = workspace.catalogue.tree.nodes
            decks = [
                {**_as_dict(deck), "parent": nodes[deck.id].parent or None}
                for deck in workspace.agenda.decks()
            ]
            click.echo(json.dumps(decks, indent=2))
        else:
            _print_table(workspace.agenda.tree())
            if doubtful := refreshed.doubtful:
                told = f"{many(doubtful, 'new card')} may be known in other words"
                click.echo(f"{told}: `sco-quiz decks --relink` asks", err=True)
        warn(workspace)


def _relink(workspace: Workspace, kept: int) -> None:
    if kept:
        click.echo(f"{many(kept, 'edited card')} kept the history.")
    pairs = workspace.relinker.doubtful()
    for pair in pairs:
        click.echo("\nThis card has a history, but is in no deck any more:")
        _print_face(pair.old)
        click.echo("This one is new in its deck:")
        _print_face(pair.new)
        same = click.prompt("Is it the same card? (y, n, or s to skip)", type=_CHOICE)
        if same != "s":
            workspace.relinker.decide(pair, same=same == "y")
    if not pairs:
        click.echo("There is nothing to decide.")


def _join(workspace: Workspace, old: str, new: str) -> None:
    """Have a card go on with the history of one that no deck has."""
    orphans = [face for face in workspace.relinker.orphans() if face.key.startswith(old)]
    if len(orphans) != 1:
        raise _not_one(old, orphans, "that no deck has", "decks --orphans")
    cards = find_cards_by_beginning(workspace.progress.connection, new)
    if len(cards) != 1:
        raise _not_one(new, cards, "in a deck", "cards")
    (orphan,), card = orphans, cards[0].card
    click.echo("This card has a history, but is in no deck any more:")
    _print_face(orphan)
    click.echo("This one goes on with it:")
    _print_face(face_of(card))
    own = workspace.progress.state(card.key).reps
    if own and not click.confirm("It has a history of its own. Shall both count?"):
        click.echo("Nothing was changed.")
        return
    if workspace.relinker.join(orphan.key, card.key):
        click.echo(undoable("They are one card now", "`sco-quiz cards --undo`"))


def _not_one(name: str, found: Sized, place: str, lists: str) -> UsageError:
    """Make the error for a name that fits none of some cards, or several."""
    told = "several cards" if len(found) else "no card"
    return UsageError(f"{clean(name)!r} fits {told} {place}", f"`sco-quiz {lists}` lists them")


def _list_orphans(workspace: Workspace, *, as_json: bool) -> None:
    orphans = workspace.relinker.orphans()
    if as_json:
        rows = [
            {
                "card": face.key,
                "deck": face.deck,
                "kind": face.kind,
                "prompt": plain(face.prompt),
                "answer": plain(face.answer),
            }
            for face in orphans
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    for face in orphans:
        _print_face(face, f"{face.key[:SHORT_KEY]}  {clean(face.deck)}: ")
    told = many(len(orphans), "card has", "cards have")
    click.echo(f"{told} a history but no deck; it is kept.", err=True)


def _print_face(face: KeyedFace, before: str = "  ") -> None:
    answer = face.answer.replace("\n", ", ")
    click.echo(f"{before}{plain(face.prompt)} → {plain(answer)}".replace("\n", " "))


def warn(workspace: Workspace) -> None:
    """Name on stderr what could not be used; the rest works all the same."""
    for warning in workspace.warnings:
        click.echo(f"warning: {clean(warning, multiline=False)}", err=True)
    for each in workspace.catalogue.problems():
        if each.severity == "error":
            where = f"{clean(each.path, multiline=False)}:{each.line}:{each.column}"
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
    titles = min(max((len(deck.moved_in) for deck in decks), default=5), LONGEST_TITLE)
    click.echo(f"{'id':<{ids}}  {'title':<{titles}}  cards  new  learn  due")
    for deck in decks:
        new, learn, due = (count or "" for count in deck.counts.waiting)
        title = deck.moved_in
        if len(title) > titles:
            title = title[: titles - 1] + "…"
        line = f"{deck.id:<{ids}}  {title:<{titles}}  {deck.cards:>5}"
        click.echo(f"{line}  {new:>3}  {learn:>5}  {due:>3}".rstrip())
