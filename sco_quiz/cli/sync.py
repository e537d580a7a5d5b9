"""`sco-quiz sync`: the same history on all devices."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sco_quiz.cli.options import refuse_together
from sco_quiz.cli.terminal import is_terminal
from sco_quiz.config import checked, load
from sco_quiz.config.file import change
from sco_quiz.errors import UsageError
from sco_quiz.learning.study_day import local_time
from sco_quiz.paths import find_paths
from sco_quiz.sync import syncing
from sco_quiz.sync.decks import keep_decks, share_decks
from sco_quiz.sync.server import initialise
from sco_quiz.text import clean
from sco_quiz.workspace.opening import system_now

if TYPE_CHECKING:
    from sco_quiz.paths import Paths


@click.command("sync")
@click.argument("where", required=False)
@click.option(
    "--dry-run", is_flag=True, help="Say what would be received and sent; change nothing."
)
@click.option("--status", is_flag=True, help="List your devices, and how far each is synced.")
@click.option("--decks", is_flag=True, help="Move your decks into the folder too.")
@click.option("--off", is_flag=True, help="Stop syncing; what was synced stays where it is.")
@click.option("--init", is_flag=True, help="Prepare a PostgreSQL database, as its owner.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for scripts.")
def command(
    where: str | None,
    dry_run: bool,
    status: bool,
    decks: bool,
    off: bool,
    init: bool,
    as_json: bool,
) -> None:
    """Receive what other devices did, and send what this one did.

    WHERE is a folder that is on all of them (of a synchroniser, a git repository, a USB stick), or
    a PostgreSQL database, as in postgresql://anna@host/quiz. The first call remembers it; the app
    and line mode then sync by themselves. Nothing ever conflicts: `sco-quiz help syncing` says why,
    and how each is set up.

    \b
    Examples:
      sco-quiz sync ~/Sync/quiz                a folder that your devices share
      sco-quiz sync postgresql://anna@host/q   a server
      sco-quiz sync                            once more, now
      sco-quiz sync --status                   each device, and how far
    """  # noqa: D301 -- click's sign for lines that stay lines
    refuse_together({"--off": off, "--init": init, "--status": status, "--dry-run": dry_run})
    refuse_together({"--off": off, "--init": init, "--status": status, "--decks": decks})
    refuse_together({"--off": off, "--init": init, "--json": as_json})
    refuse_together({"--off": off, "WHERE": where})
    paths = find_paths()
    config, _ = load(paths.config_file)
    if off:
        _turn_off(paths)
        return
    chosen = _place(where) if where else config.sync
    if not chosen:
        raise UsageError(
            "there is no folder to sync with yet",
            "name one that your devices share: `sco-quiz sync ~/Sync/quiz`",
        )
    if decks and chosen.startswith(syncing.SERVERS):
        raise UsageError("decks travel in a folder, not in a database", "name a folder for them")
    if init:
        _initialise(chosen)
        return
    if status:
        _tell_status(paths, chosen, as_json=as_json)
        return
    done = syncing.synchronise(
        paths,
        lambda: system_now(config.rollover),
        chosen,
        make=bool(where),
        dry_run=dry_run,
        ask=_ask if is_terminal() else None,
    )
    if where and not dry_run and chosen != config.sync:
        change(paths.config_file, "sync", chosen)
    if decks and not dry_run:
        today = local_time(*system_now(config.rollover)[:2])
        done.told.append(share_decks(paths, chosen, f"{today:%Y-%m-%d}"))
    _tell(done, chosen, dry_run=dry_run, as_json=as_json)


def _place(where: str) -> str:
    """Return what the settings keep of a place.

    Raises:
        UsageError: They cannot.
    """
    if not where.startswith(syncing.SERVERS):
        if "://" in where:
            raise UsageError(
                f"nothing is synced with {where.partition('://')[0]}://",
                "name a folder, or a database as in postgresql://anna@host/quiz",
            )
        where = str(Path(os.path.expanduser(where)).absolute())  # noqa: PTH111 -- as `find_paths`
    try:
        return str(checked("sync", where))
    except ValueError as error:
        raise UsageError(f"sync: {error}", "choose another folder") from None


@cache
def _ask(where: str) -> str:
    return str(click.prompt(f"Password for {clean(where)}", hide_input=True, err=True))


def _initialise(where: str) -> None:
    if not where.startswith(syncing.SERVERS):
        raise UsageError(
            "only a database is prepared; a folder needs nothing",
            "`sco-quiz sync --init postgresql://owner@host/quiz`",
        )
    done = initialise(where, _ask if is_terminal() else None)
    click.echo("The database is ready." if done else "The database was ready already.")


def _turn_off(paths: Paths) -> None:
    if told := keep_decks(paths):
        click.echo(told)
    was_on = change(paths.config_file, "sync", None)
    click.echo("Nothing is synced any more." if was_on else "Nothing was synced.")


def _tell(done: syncing.SyncOutcome, where: str, *, dry_run: bool, as_json: bool) -> None:
    for line in [*done.told, *done.troubles]:
        click.echo(f"note: {clean(line, multiline=False)}", err=True)
    if not as_json:
        click.echo(("It would be: " if dry_run else "") + clean(done.in_words()))
        return
    found = {
        "where": where,
        "dry_run": dry_run,
        "came": [{"device": each.name, **each.much._asdict()} for each in done.came],
        "sent": done.went._asdict(),
        "told": done.told,
        "troubles": done.troubles,
    }
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


def _tell_status(paths: Paths, where: str, *, as_json: bool) -> None:
    found = syncing.status(paths, where, ask=_ask if is_terminal() else None)
    if as_json:
        rows = [
            {
                "device": each.device,
                "name": each.name,
                "own": each.is_own,
                "last_seen": local_time(*each.seen).isoformat() if each.here else None,
                "here": each.here,
                "there": each.there,
            }
            for each in found
        ]
        click.echo(json.dumps({"where": where, "devices": rows}, indent=2, ensure_ascii=False))
        return
    click.echo(f"Synced with {clean(where)}.")
    names = max((len(each.name) for each in found), default=0)
    for each in found:
        seen = f"{local_time(*each.seen):%Y-%m-%d %H:%M}" if each.here else "not seen yet"
        own = ", this device" if each.is_own else ""
        click.echo(f"  {each.name:<{names}}  {seen:<16}  {each.in_words}{own}")
