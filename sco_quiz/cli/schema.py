"""`sco-quiz schema`: the deck format for editors."""

from __future__ import annotations

import click

from sco_quiz.library.json_schema import deck_schema


@click.command("schema")
def command() -> None:
    """Print the deck format as JSON Schema (draft-07).

    Editors use it to complete keys and to underline mistakes.

    \b
    Examples:
      sco-quiz schema > deck.schema.json   for your editor
    """  # noqa: D301 -- click's sign for lines that stay lines
    click.echo(deck_schema(), nl=False)
