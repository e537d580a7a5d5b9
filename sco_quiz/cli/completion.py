"""`sco-quiz completion`: commands, options, deck ids and settings that the shell completes.

Nothing heavy: it is asked at every Tab.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click
from click.shell_completion import BashComplete, CompletionItem, FishComplete, ZshComplete

from sco_quiz.config import DECK, KEYS
from sco_quiz.errors import SCOQuizError
from sco_quiz.text import clean
from sco_quiz.workspace.quick_counts import headers, titles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sco_quiz.commands.choices import SettingChoice
    from sco_quiz.workspace.catalogue import HeaderSettings

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
    cli = click.get_current_context().find_root().command
    click.echo(SHELLS[shell](cli, {}, "sco-quiz", VARIABLE).source())


def complete_decks(
    ctx: click.Context,
    param: click.Parameter,
    incomplete: str,
) -> Sequence[CompletionItem]:
    """Ids of decks that were not named yet, with their titles; else the names of files."""
    try:
        decks = titles()
    except SCOQuizError:  # whichever command follows tells it
        decks = {}
    named = ctx.params.get(param.name or "") or ()
    found = _items((deck, title) for deck, title in decks.items() if deck not in named)
    fitting = [item for item in found if item.value.startswith(incomplete)]
    return fitting or [CompletionItem(incomplete, type="file")]


def complete_settings(
    ctx: click.Context,  # noqa: ARG001 -- click's signature
    param: click.Parameter,  # noqa: ARG001
    incomplete: str,
) -> Sequence[CompletionItem]:
    """Names of settings, and once `keys` or `deck` was typed, of those in that table."""
    decks: Sequence[HeaderSettings] = ()
    if incomplete.startswith(DECK):
        with suppress(SCOQuizError):  # whichever command follows tells it
            decks = headers()
    found = _items(
        (choice.name, choice.doc)
        for choice in _choices(decks)
        if incomplete.startswith(KEYS) or not choice.name.startswith(KEYS)
    )
    return [item for item in found if item.value.startswith(incomplete)]


def complete_values(
    ctx: click.Context,
    param: click.Parameter,  # noqa: ARG001 -- click's signature
    incomplete: str,
) -> Sequence[CompletionItem]:
    """The values a setting may have, where they are few."""
    key = ctx.params.get("key") or ""
    name = key.rpartition(".")[2] if key.startswith(f"{DECK}.") else key
    options = next((choice.options for choice in _choices() if choice.name == name), ())
    return [CompletionItem(each) for each in options if each.startswith(incomplete)]


def _choices(decks: Sequence[HeaderSettings] = ()) -> Sequence[SettingChoice]:
    from sco_quiz.commands.choices import choices  # no other Tab needs them

    return choices(decks)


def _items(found: Iterable[tuple[str, str]]) -> Iterable[CompletionItem]:
    """Those values that stand on a line as they are, with help that every shell takes as text."""
    for value, help_text in found:
        if value.isprintable() and not set(value) & set(" \"'`$\\&|;<>()*?[]{}!#~,:\t\n"):
            yield CompletionItem(value, help=clean(help_text, multiline=False).replace("\n", " "))
