"""`sco-quiz check`: every problem of every deck file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from sco_quiz.authoring.checking import check
from sco_quiz.cli.options import WholeNumber
from sco_quiz.numbers_and_times import many
from sco_quiz.text import clean
from sco_quiz.workspace.opening import today

if TYPE_CHECKING:
    from sco_quiz.library.check import CheckedFile
    from sco_quiz.library.diagnostics import Diagnostic


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github"]), default="text",
    help="Text for people, JSON for scripts, or annotations for GitHub's CI.",
)  # fmt: skip
@click.option(
    "--max-age", type=WholeNumber(min=0), metavar="DAYS",
    help="Warn of facts whose `as_of` is more days ago than this.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Let warnings fail the check too.")
def command(paths: tuple[str, ...], form: str, max_age: int | None, strict: bool) -> int:
    """Find every problem in deck files.

    PATH is a deck file or a folder with deck files. Without one, the decks that came with the app
    and your own are checked. The exit code is 1 if there is an error, else 0.

    \b
    Examples:
      sco-quiz check               all decks that are in use
      sco-quiz check rivers.yaml   one file
    """  # noqa: D301 -- click's sign for lines that stay lines
    counted = _Counts()
    rows: list[dict[str, object]] = []
    for file in check(paths, today=today(), max_age=max_age):
        counted.add(file)
        if form == "json":
            rows += [_row(file.name, each) for each in file.diagnostics]
        elif form == "github":
            for each in file.diagnostics:
                click.echo(_annotation(file.name, each))
        else:
            for shown in file.shown():
                click.echo(f"{shown}\n")
    if form == "json":
        click.echo(json.dumps(rows, indent=2))
    click.echo(counted.summary(), err=True)
    return 1 if counted.errors or (strict and counted.warnings) else 0


class _Counts:
    """The counts of files, notes and problems that a run checked."""

    def __init__(self) -> None:
        self.files = self.with_problems = self.notes = self.errors = self.warnings = 0

    def add(self, file: CheckedFile) -> None:
        self.files += 1
        self.notes += file.notes
        self.errors += file.errors
        self.warnings += file.warnings
        self.with_problems += bool(file.diagnostics)

    def summary(self) -> str:
        if not self.files:
            return "no deck files found"
        if not self.with_problems:
            return f"{many(self.files, 'file')}, {many(self.notes, 'note')}, no problems"
        kinds = [(self.errors, "error"), (self.warnings, "warning")]
        found = ", ".join(many(count, kind) for count, kind in kinds if count)
        return f"{found} in {self.with_problems} of {many(self.files, 'file')}"


def _row(name: str, problem: Diagnostic) -> dict[str, object]:
    return {
        "file": name,
        "line": problem.line,
        "column": problem.column,
        "end_line": problem.end_line,
        "end_column": problem.end_column,
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "help": problem.help,
    }


def _annotation(name: str, problem: Diagnostic) -> str:
    """A problem as a workflow command; there, ends are inclusive and columns hold for one line."""
    place: dict[str, object] = {"file": clean(name), "line": problem.line}
    if problem.line == problem.end_line:
        place |= {"col": problem.column, "endColumn": max(problem.column, problem.end_column - 1)}
    place |= {"endLine": problem.end_line, "title": problem.code}
    properties = ",".join(f"{key}={_escaped(str(value))}" for key, value in place.items())
    message = f"{problem.message}\n{problem.help}".strip()
    escaped = _escaped(message, properties=False)
    return f"::{problem.severity} {properties}::{escaped}"


def _escaped(text: str, *, properties: bool = True) -> str:
    special = "%\r\n:," if properties else "%\r\n"
    return "".join(f"%{ord(char):02X}" if char in special else char for char in text)
