"""`sco-quiz fmt`: the little layout that is not the author's, and ids."""

from __future__ import annotations

import click

from sco_quiz.authoring import deck_files
from sco_quiz.errors import DeckError
from sco_quiz.text import clean


@click.command("fmt")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--ids", is_flag=True, help="Give every note an id, made from its prompt.")
@click.option(
    "--check", "only_check", is_flag=True, help="Change nothing; exit with 1 if it would."
)
def command(paths: tuple[str, ...], ids: bool, only_check: bool) -> int:
    """Tidy deck files, and print those that change.

    Spaces at the ends of lines go, and the last line ends like the others; everything else is as
    its author wrote it. With an id, a note keeps its history whatever becomes of its text. PATH is
    a deck file or a folder with deck files; without one, your own decks are tidied.

    \b
    Examples:
      sco-quiz fmt --check             only say what would change
      sco-quiz fmt --ids rivers.yaml   give its notes ids
    """  # noqa: D301 -- click's sign for lines that stay lines
    changed = failed = 0
    for path, result in deck_files.tidy(paths, ids=ids, write=not only_check):
        if isinstance(result, DeckError):
            failed += 1
            click.echo(f"error: {clean(result.message)}\n  {clean(result.help)}", err=True)
        elif result:
            changed += 1
            click.echo(clean(str(path)))
    return 1 if failed or (only_check and changed) else 0
