"""Writes the man page, and the tables of settings and of columns: `python docs/man/make.py`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sco_quiz import __version__
from sco_quiz.cli.main import COMMANDS, cli
from sco_quiz.config import SETTINGS, default, expected, written
from sco_quiz.insight.card_columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).with_name("sco-quiz.1")
README = PAGE.parents[2] / "README.md"
SEARCHING = PAGE.parents[1] / "searching.md"

EXITS = {
    "0": "All went well.",
    "1": "Problems were found, as by check and doctor.",
    "2": "The command was called with something it cannot use.",
    "3": "The progress file cannot be used.",
    "4": "sco-quiz made a mistake and ended; it says where a report lies.",
}
VARIABLES = {
    "SCO_QUIZ_HOME": "One folder for settings, decks, progress and cache.",
    "VISUAL, EDITOR": "The editor that edit, new --edit and the app open.",
    "NO_COLOR": "If set, the app shows no colours.",
    "TERM": "If it is dumb, study and quiz go line by line.",
}


def page() -> str:
    """The man page, as `man` takes it."""
    return "\n".join(_lines()) + "\n"


def readme() -> str:
    """The README, its table of settings as they are now."""
    text = README.read_text(encoding="utf-8")
    rows = [
        f"| `{name}` | {setting.doc} | {written(default(name)) or 'none'} |\n"
        for name, setting in SETTINGS.items()
    ]
    return re.sub(r"(?<=\|---\|---\|---\|\n)(\| `\w+` \|.*\n)+", lambda _: "".join(rows), text)


def searching() -> str:
    """The page about finding cards, its table of columns as they are now."""
    text = SEARCHING.read_text(encoding="utf-8")
    rows = [f"| `{name}` | {each.meaning} | {each.in_json} |\n" for name, each in COLUMNS.items()]
    between = r"(?<=\| `tags` \| its note's tags \| a list \|\n)(\|.*\n)+?(?=\| `suspended` \|)"
    return re.sub(between, lambda _: "".join(rows), text)


def _lines() -> Iterator[str]:
    yield r".\" Made by docs/man/make.py from the commands themselves."
    yield f'.TH SCO-QUIZ 1 "" "sco-quiz {__version__}" "User Commands"'
    yield ".SH NAME"
    yield r"sco-quiz \- flashcards and quizzes in the terminal"
    yield ".SH SYNOPSIS"
    yield ".B sco-quiz"
    yield r"[\fB\-\-debug\fR] [\fICOMMAND\fR [\fIARGUMENT\fR]...]"
    yield ".br"
    yield ".B sco-quiz"
    yield r"\fB\-\-info\fR"
    yield ".SH DESCRIPTION"
    yield "Decks are YAML files, spaced repetition decides when each card comes back, and every"
    yield "answer is kept in one local file."
    yield from _text("Without a command the app opens; there ? shows what every key does.")
    yield from _text(
        "A DECK is an id, the beginning of one that no other has, or the path of a YAML file."
    )
    with click.Context(cli, info_name="sco-quiz", **cli.context_settings) as context:
        yield ".SH OPTIONS"
        yield from _options(cli, context)
        yield ".SH COMMANDS"
        for name in COMMANDS:
            command = cli.get_command(context, name)
            if command is not None:
                with click.Context(
                    command, info_name=name, parent=context, **command.context_settings
                ) as inner:
                    yield from _command(command, inner)
    yield ".SH SETTINGS"
    yield from _text("They stand in a TOML file, which `sco-quiz paths` names.")
    for name, setting in SETTINGS.items():
        yield from _item(name)
        yield _escaped(setting.doc)
        yield _escaped(f"It is {expected(name)}; by default {written(default(name)) or 'none'}.")
    yield ".SH EXIT STATUS"
    for status, meaning in EXITS.items():
        yield from _item(status)
        yield _escaped(meaning)
    yield ".SH ENVIRONMENT"
    for variable, meaning in VARIABLES.items():
        yield from _item(variable)
        yield _escaped(meaning)
    yield ".SH SEE ALSO"
    yield from _text("The deck format and the whole of the documentation come with the source.")


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f'.SS "{_escaped(" ".join([*context.command_path.split(), *_usage(command, context)]))}"'
    paragraphs = (command.help or "").split("\n\n")
    for number, paragraph in enumerate(paragraphs):
        lines = paragraph.splitlines()
        if lines and lines[0].strip() == "\b":
            yield ".PP"
            yield ".nf"
            yield from (_escaped(line.strip()) for line in lines[1:])
            yield ".fi"
        else:
            yield from _text(" ".join(paragraph.split()), first=number == 0)
    yield from _options(command, context)


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for option in command.params:
        record = option.get_help_record(context) if isinstance(option, click.Option) else None
        if isinstance(option, click.Option) and record is not None:
            usual = f" By default {option.default}." if option.show_default else ""
            yield from _item(record[0])
            yield _escaped(f"{option.help}{usual}")


def _usage(command: click.Command, context: click.Context) -> list[str]:
    return [piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]"]


def _text(text: str, *, first: bool = False) -> Iterator[str]:
    if not first:
        yield ".PP"
    yield _escaped(text)


def _item(name: str) -> Iterator[str]:
    yield ".TP"
    yield f".B {_escaped(name)}"


def _escaped(text: str) -> str:
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq")
    text = re.sub(r"`([^`]*)`", r"\\fB\1\\fR", text)
    return rf"\&{text}" if text.startswith((".", r"\(aq")) else text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    README.write_text(readme(), encoding="utf-8")
    SEARCHING.write_text(searching(), encoding="utf-8")
