"""The command `sco-quiz`: finds the module of a command only when it is called for."""

from __future__ import annotations

import sys
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING

import click

from sco_quiz import __version__
from sco_quiz.cli.terminal import drop_output, tell
from sco_quiz.text import clean

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "study": ("study", "Study what is due today."),
    "quiz": ("quiz", "Take a scored test; it moves no due date."),
    "decks": ("decks", "List every deck with what waits in it."),
    "due": ("due", "Say how many cards are due."),
    "new": ("new", "Write a template for a deck of your own."),
    "add": ("add", "Copy or link decks into your decks folder."),
    "edit": ("edit", "Open a deck in your editor, at a note."),
    "import": ("import_", "Bring cards from other apps and files."),
    "export": ("export", "Take decks to other apps and files."),
    "check": ("check", "Find every problem in deck files."),
    "fmt": ("fmt", "Tidy deck files, or give their notes ids."),
    "schema": ("schema", "Print the deck format as JSON Schema, for editors."),
    "cards": ("cards", "Find cards, look at them, set them aside."),
    "history": ("history", "List sessions and quizzes with their scores."),
    "stats": ("stats", "Say how you are doing."),
    "optimize": ("optimize", "Fit the scheduler to your own reviews."),
    "backup": ("backup", "Copy the progress file."),
    "restore": ("restore", "Put a backup in the place of the progress file."),
    "doctor": ("doctor", "Say whether the progress file is whole, and mend it."),
    "config": ("config", "List settings, tell what they mean, and change them."),
    "paths": ("paths", "Say where decks, progress and settings are."),
    "completion": ("completion", "Print what completes commands and decks in your shell."),
}
"""Name → module in `sco_quiz.cli`, and what the help says."""


class Commands(click.Group):
    """A group whose commands are imported one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """All commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"sco_quiz.cli.{COMMANDS[cmd_name][0]}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant, or a message that names the nearest."""
        if args[0] not in COMMANDS:
            from difflib import get_close_matches  # 5 ms, only for a mistake

            close = get_close_matches(args[0], COMMANDS, n=1)
            hint = f", did you mean {close[0]!r}?" if close else ""
            ctx.fail(f"there is no command {clean(args[0])!r}{hint}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What a shell may put for the beginning of a command: the table, without any import."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        from click.shell_completion import CompletionItem

        found = ((name, text) for name, (_, text) in COMMANDS.items())
        return [CompletionItem(n, help=text) for n, text in found if n.startswith(incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The table, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="sco-quiz")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Flashcards and quizzes in the terminal.

    Without a command the app opens.
    """
    if ctx.invoked_subcommand is None:
        from sco_quiz.cli.opening import open_app

        open_app()


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; a user's mistake becomes a message, never a traceback.

    Args:
        arguments: Without the program's name; None for those of the process.

    Returns:
        The exit code: 0 fine, 1 problems found, 2 wrong usage, 3 the progress file can't be used.
    """
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # what cannot be read or written shows as such
    try:
        result = cli.main(arguments, prog_name="sco-quiz", standalone_mode=False)
        sys.stdout.flush()
    except click.UsageError as error:
        message = error.format_message().rstrip(".")
        click.echo(f"error: {clean(message[:1].lower() + message[1:])}", err=True)
        command = error.ctx.command_path if error.ctx else "sco-quiz"
        click.echo(f"  `{command} --help` says what there is", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except (BrokenPipeError, SystemExit):  # click makes the latter of the former
        drop_output()  # whoever read it has seen enough
        return 0
    except Exception as error:
        code = tell(error)
        if code is None:
            raise
        return code
    return result if isinstance(result, int) else 0
