"""`sco-quiz schema`: the deck format for editors."""

from __future__ import annotations

import click

from sco_quiz.library.json_schema import deck_schema


@click.command("schema")
def command() -> None:
    """Print the deck format as JSON Schema (draft-07).

    Editors use it to complete keys and to underline mistakes.
    """
    click.echo(deck_schema(), nl=False)
