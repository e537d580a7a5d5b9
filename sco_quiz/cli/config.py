"""`sco-quiz config`: what can be set, and setting it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from sco_quiz.cli.completion import complete_settings, complete_values
from sco_quiz.commands.actions import resolve
from sco_quiz.commands.choices import SettingChoice, choices
from sco_quiz.config import DECK, KEYS, load, nearest
from sco_quiz.errors import UsageError
from sco_quiz.paths import find_paths
from sco_quiz.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.config import Config
    from sco_quiz.workspace.catalogue import HeaderSettings


@click.command("config", context_settings={"ignore_unknown_options": True})
@click.argument("key", required=False, shell_complete=complete_settings)
@click.argument("value", required=False, shell_complete=complete_values)
@click.option("--unset", is_flag=True, help="Go back to the default of KEY.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for scripts.")
def command(key: str | None, value: str | None, unset: bool, as_json: bool) -> None:
    """List the settings; tell what KEY means; set it to VALUE.

    Lists are divided by commas: `sco-quiz config learning_steps 1,10`. The keys of the app are
    settings too: `sco-quiz config keys` lists them, and `sco-quiz config keys.home.quiz "Z f2"`
    gives one. So are some settings of single decks: `sco-quiz config deck` lists them, and
    `sco-quiz config deck.my-deck.retention 95%` sets one, whatever the deck's header says. What
    else stands in the settings file stays as it is.

    \b
    Examples:
      sco-quiz config                         every setting
      sco-quiz config retention 85%           set one
      sco-quiz config keys.preset anki        take Anki's keys
      sco-quiz config keys.home.quiz "Z f2"   give an action other keys
    """  # noqa: D301 -- click's sign for lines that stay lines
    path = find_paths().config_file
    known = choices(_headers() if (key or "").partition(".")[0] == DECK else ())
    config, problems = load(path)
    if key is not None and (unset or value is not None):
        if unset and value is not None:
            raise UsageError("--unset takes no value", f"`sco-quiz config {key} --unset`")
        from sco_quiz.config.file import change  # 36 ms, only when a setting is changed

        choice = _choice(key, known)
        change(path, choice.name, None if unset else _parsed(choice, value or "", config))
        config, problems = load(path)
        _tell([choice], config, as_json=as_json)
    elif unset:
        raise UsageError("--unset takes the name of a setting", "`sco-quiz config` lists them")
    elif key in (None, KEYS, DECK):
        listed = [each for each in known if each.table == (key or "")]
        _tell(listed, config, as_json=as_json)
    else:
        _describe(_choice(key or "", known), config, as_json=as_json)
    for problem in [*problems, *(f"{path}: {each}" for each in resolve(config.keys)[1])]:
        click.echo(f"warning: {clean(problem, multiline=False)}", err=True)


def _headers() -> Sequence[HeaderSettings]:
    """Return the headers of all decks; those of changed files are read again first."""
    from sco_quiz.workspace.workspace import Workspace  # only settings of decks ask for it

    with Workspace(read_only=True) as workspace:
        workspace.refresh()
        return workspace.catalogue.headers()


def _choice(key: str, found: Sequence[SettingChoice]) -> SettingChoice:
    known = {choice.name: choice for choice in found}
    if key not in known:
        if f"{KEYS}.{key}" in known:
            raise UsageError(f"there is no setting {key!r}", f"its keys are `{KEYS}.{key}`")
        raise UsageError(
            f"there is no setting {key!r}{nearest(key, known)}",
            "`sco-quiz config` lists the settings, `sco-quiz config keys` the keys,"
            " `sco-quiz config deck` those of single decks",
        )
    return known[key]


def _parsed(choice: SettingChoice, value: str, config: Config) -> object:
    try:
        return choice.parse(value, config.keys)
    except ValueError as error:
        raise UsageError(f"{choice.name}: {error}", f"it is {choice.expected}") from None


def _tell(listed: Sequence[SettingChoice], config: Config, *, as_json: bool) -> None:
    if as_json:
        rows = [_row(choice, config) for choice in listed]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    names = max(len(choice.name) for choice in listed)
    group = ""
    for choice in listed:
        if choice.group != group and len(listed) > 1:
            click.echo(f"\n{choice.group}" if group else choice.group)
            group = choice.group
        note = (
            f"  (by default {choice.default(config) or 'none'})"
            if choice.is_changed(config)
            else ""
        )
        indent = "  " * (len(listed) > 1)
        click.echo(f"{indent}{choice.name:<{names}}  {clean(choice.value(config))}{note}".rstrip())


def _describe(choice: SettingChoice, config: Config, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_row(choice, config), indent=2, ensure_ascii=False))
        return
    click.echo(f"{choice.name} = {clean(choice.value(config))}".rstrip())
    click.echo(f"  {choice.doc}")
    click.echo(f"  It is {choice.expected}; by default {choice.default(config) or 'none'}.")


def _row(choice: SettingChoice, config: Config) -> dict[str, object]:
    return {
        "name": choice.name,
        "group": choice.group,
        "value": choice.given(config),
        "default": choice.usual(config),
        "about": choice.doc,
        "expected": choice.expected,
    }
