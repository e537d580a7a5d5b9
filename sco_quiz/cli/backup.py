"""`sco-quiz backup`: a copy of the progress file, now."""

from __future__ import annotations

from pathlib import Path

import click

from sco_quiz.text import clean
from sco_quiz.workspace import safekeeping
from sco_quiz.workspace.workspace import Workspace


@click.command("backup")
@click.argument("file", required=False, type=click.Path(path_type=Path))
def command(file: Path | None) -> None:
    """Copy the progress file to FILE, or make today's backup again.

    A backup of each day is made by itself when you study. Of those, seven days, five weeks and
    twelve months are kept.

    \b
    Examples:
      sco-quiz backup           today's backup again
      sco-quiz backup copy.db   to a file
    """  # noqa: D301 -- click's sign for lines that stay lines
    with Workspace(read_only=True) as workspace:
        click.echo(
            clean(
                str(safekeeping.back_up(workspace.paths.progress_file, workspace.now().day, file))
            )
        )
