"""`sco-quiz help`: what commands do, and the pages of the documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from sco_quiz.cli.terminal import is_terminal
from sco_quiz.config import nearest
from sco_quiz.errors import UsageError
from sco_quiz.paths import shipped
from sco_quiz.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence


PAGES = {
    "deck-format": "How a deck file is written: every kind of note and every key.",
    "searching": "How cards are found: the language of `cards` and Browse.",
    "statistics": "What each figure means.",
    "moving": "Coming from other apps and going to them, format by format.",
    "syncing": "The same cards due on all your devices: folders, git, PostgreSQL.",
    "safety": "What keeps your answers safe, and what does not.",
    "accessibility": "Line mode, colours, keyboard, screen readers.",
}
"""The pages that are installed, each with what it is about."""


def _complete(
    ctx: click.Context,
    param: click.Parameter,  # noqa: ARG001 -- click's signature
    incomplete: str,
) -> Sequence[CompletionItem]:
    group = ctx.find_root().command
    commands = group.list_commands(ctx) if isinstance(group, click.Group) else []
    return [CompletionItem(each) for each in (*PAGES, *commands) if each.startswith(incomplete)]


@click.command("help")
@click.argument("topic", required=False, shell_complete=_complete)
@click.pass_context
def command(ctx: click.Context, topic: str | None) -> None:
    """Show TOPIC: a page of the documentation, or what a command does.

    Without TOPIC all of them are listed.

    \b
    Examples:
      sco-quiz help deck-format   how a deck is written
      sco-quiz help cards         as `sco-quiz cards --help`
    """  # noqa: D301 -- click's sign for lines that stay lines
    root = ctx.find_root()
    group = root.command
    assert isinstance(group, click.Group)  # noqa: S101 -- this is one of its commands
    if topic is None:
        click.echo(root.get_help())
        click.echo("\nPages:")
        for name, about in PAGES.items():
            click.echo(f"  {name:<14} {about}")
        return
    if topic in PAGES:
        text = shipped("docs").joinpath(f"{topic}.md").read_text(encoding="utf-8")
        if is_terminal():
            click.echo_via_pager(text)
        else:
            click.echo(text, nl=False)
        return
    named = group.get_command(root, topic)
    if named is None:
        close = nearest(topic, [*PAGES, *group.list_commands(root)])
        raise UsageError(
            f"there is no page and no command {clean(topic, multiline=False)!r}{close}",
            "`sco-quiz help` lists them",
        )
    context = click.Context(named, info_name=topic, parent=root, **named.context_settings)
    click.echo(named.get_help(context))
