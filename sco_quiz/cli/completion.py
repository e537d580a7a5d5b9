"""`sco-quiz completion`: what makes the shell complete commands, options and deck ids."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
VARIABLE = "_SCO_QUIZ_COMPLETE"


@click.command("completion")
@click.argument("shell", type=click.Choice(list(SHELLS)))
def command(shell: str) -> None:
    """Print the script that completes commands, options and decks in SHELL.

    Let the shell read it when it starts:

    \b
    ~/.bashrc                    source <(sco-quiz completion bash)
    ~/.zshrc, after compinit     source <(sco-quiz completion zsh)
    ~/.config/fish/config.fish   sco-quiz completion fish | source

    It asks `sco-quiz` itself, so it always knows the decks you have.
    """  # noqa: D301 -- click's sign for lines that stay lines
    from sco_quiz.cli.main import cli

    click.echo(SHELLS[shell](cli, {}, "sco-quiz", VARIABLE).source())
