"""`sco-quiz paths`: where things are."""

from __future__ import annotations

import click

from sco_quiz.paths import find_paths, shipped_decks
from sco_quiz.text import clean


@click.command("paths")
def command() -> None:
    """Say where decks, progress, settings, cache and reports are.

    Set SCO_QUIZ_HOME to keep them all under one folder.

    \b
    Examples:
      sco-quiz paths   every folder and file
    """  # noqa: D301 -- click's sign for lines that stay lines
    paths = find_paths()
    for name, path in (
        ("your decks", paths.decks_folder),
        ("progress", paths.progress_file),
        ("settings", paths.config_file),
        ("cache", paths.index_file),
        ("shipped decks", shipped_decks()),
        ("log, reports", paths.log_folder),
    ):
        click.echo(f"{name:<14} {clean(str(path))}")
