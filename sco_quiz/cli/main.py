"""The command `sco-quiz`: finds the module of a command only when it is called for."""

from __future__ import annotations

import sys
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING

import click

from sco_quiz import __version__, debug
from sco_quiz.cli.terminal import drop_output, is_terminal, tell
from sco_quiz.errors import BehindError, closest
from sco_quiz.paths import find_paths
from sco_quiz.text import clean

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "study": ("study", "Study what is due today."),
    "quiz": ("quiz", "Take a scored test; it moves no due date."),
    "decks": ("decks", "List every deck with its waiting cards."),
    "due": ("due", "Say how many cards are due."),
    "new": ("new", "Write a template for a deck of your own."),
    "add": ("add", "Copy or link decks into your decks folder."),
    "edit": ("edit", "Open a deck in your editor, at a note."),
    "import": ("import_", "Import cards from other apps and files."),
    "export": ("export", "Export decks for other apps and to files."),
    "check": ("check", "Find every problem in deck files."),
    "fmt": ("fmt", "Tidy deck files, or give their notes ids."),
    "schema": ("schema", "Print the deck format as JSON Schema, for editors."),
    "cards": ("cards", "Find cards, look at them, set them aside."),
    "history": ("history", "List sessions and quizzes with their scores."),
    "stats": ("stats", "Say how you are doing."),
    "optimize": ("optimize", "Fit the scheduler to your own reviews."),
    "sync": ("sync", "Share your history between your devices."),
    "backup": ("backup", "Copy the progress file."),
    "restore": ("restore", "Bring back what backups hold."),
    "doctor": ("doctor", "Check the progress file, and repair it."),
    "config": ("config", "List settings with their meaning, and change them."),
    "paths": ("paths", "Say where decks, progress and settings are."),
    "completion": ("completion", "Print a script that completes commands and decks in your shell."),
    "help": ("help", "Show a page of the documentation, or what a command does."),
}
"""Name → module in `sco_quiz.cli`, and what the help says."""


def _begin_log(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001 -- click's signature
    if value and not ctx.resilient_parsing and not debug.is_on():
        debug.begin(find_paths().debug_log)
        debug.note("sco-quiz %s, --debug for %s", __version__, ctx.info_name)


def _print_info(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001 -- click's signature
    if value and not ctx.resilient_parsing:
        from sco_quiz.cli.info import info  # no command needs it

        click.echo(info(), nl=False)
        ctx.exit()


def _debug_option(*, hidden: bool) -> click.Option:
    return click.Option(
        ["--debug"],
        is_flag=True,
        expose_value=False,
        callback=_begin_log,
        hidden=hidden,
        help="Write a log of what is done; `sco-quiz paths` says where.",
    )


class CommandGroup(click.Group):
    """A group whose commands are imported one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """All commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"sco_quiz.cli.{COMMANDS[cmd_name][0]}").command
        if not any(each.name == "debug" for each in command.params):
            command.params.append(_debug_option(hidden=True))  # also behind the command's name
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant, or a message that names the nearest."""
        if args[0] not in COMMANDS:
            close = closest(args[0], COMMANDS)
            hint = f", did you mean {close!r}?" if close else ""
            ctx.fail(f"there is no command {clean(args[0])!r}{hint}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the name of a command from the table alone, without importing any command."""
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
    cls=CommandGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, "-V", "--version", prog_name="sco-quiz")
@click.option(
    "--info",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_info,
    help="Print facts that help to find a mistake, nothing personal, and exit.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Flashcards and quizzes in the terminal.

    Without a command the app opens.

    \b
    Examples:
      sco-quiz                    the app
      sco-quiz study              what is due, at once
      sco-quiz quiz -n 10         a scored test
      sco-quiz help               the pages of the documentation
      sco-quiz help deck-format   one of them
    """  # noqa: D301 -- click's sign for lines that stay lines
    debug.note("command: %s", ctx.invoked_subcommand or "the app")
    if ctx.invoked_subcommand is None:
        from sco_quiz.cli.opening import open_app

        open_app()


cli.params.append(_debug_option(hidden=False))


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; a user's mistake becomes a message, never a traceback.

    Args:
        arguments: Without the program's name; None for those of the process.

    Returns:
        The exit code: 0 fine, 1 problems found, 2 wrong usage, 3 the progress file can't be used.

    Raises:
        Exception: A mistake of ours.
    """
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # what cannot be read or written shows as such
    code = _run(arguments)
    debug.note("ended with %s", code)
    debug.end()
    return code


def _run(arguments: list[str] | None) -> int:
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
    except BehindError as error:
        tell(error)
        return run(arguments) if is_terminal() and _settle() else error.exit_code
    except Exception as error:
        code = tell(error)
        if code is None:
            raise
        return code
    return result if isinstance(result, int) else 0


def _settle() -> bool:
    """Ask by a key what is to become of what only backups hold; False if that stays open."""
    from sco_quiz.workspace import safekeeping  # once in a great while

    click.echo("  b brings it back, l leaves it behind, any other key changes nothing", err=True)
    match click.getchar():
        case "b":
            safekeeping.bring_back()
        case "l":
            safekeeping.leave_behind()
        case _:
            return False
    return True
