"""`sco-quiz cards`: find cards, look at them, and change them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from sco_quiz.cli.decks import warn
from sco_quiz.cli.options import WholeNumber, refuse_together
from sco_quiz.errors import UsageError
from sco_quiz.insight.browsing import Browser
from sco_quiz.insight.card_columns import COLUMNS
from sco_quiz.learning.search import parse
from sco_quiz.learning.study_day import local_time
from sco_quiz.numbers_and_times import many, taken_back, undoable
from sco_quiz.reports import card as card_reports
from sco_quiz.reports.words import fitted, short
from sco_quiz.studying.undo import undo
from sco_quiz.text import clean, plain
from sco_quiz.workspace.cards import logged_prompt
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sco_quiz.insight.browsing import Details, PastEvent
    from sco_quiz.insight.card_columns import ListedCard
    from sco_quiz.learning.study_day import Moment

AT_ONCE = 1000
"""Rows fetched at a time."""
LONGEST_PROMPT = 60
"""Characters of a prompt that the list shows."""
LISTED = ("state", "due", "deck")
"""The columns of the list before the prompt; that which sorts comes behind them."""
CURVE_WIDTH, CURVE_HEIGHT = 72, 6

STEPS: dict[str, tuple[Callable[[Browser, Sequence[str]], int], str]] = {
    "--suspend": (lambda browser, keys: browser.suspend(keys), "suspended"),
    "--unsuspend": (lambda browser, keys: browser.unsuspend(keys), "asked again"),
    "--bury": (lambda browser, keys: browser.bury(keys), "put off until tomorrow"),
    "--reset": (lambda browser, keys: browser.reset(keys), "to be learned again"),
}
"""Changes to cards, by their options, each with the word for what the cards then are."""


class _Search(click.Command):
    """A command whose words may begin with a minus: of these `-h` alone asks for help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take `-h` for `--help`."""
        return super().parse_args(ctx, ["--help" if each == "-h" else each for each in args])


@click.command(
    "cards",
    cls=_Search,
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@click.argument("query", nargs=-1, type=click.UNPROCESSED)
@click.option("--show", is_flag=True, help="Show everything about each card, with its history.")
@click.option("--sort", type=click.Choice(list(COLUMNS)), help="What comes first.")
@click.option("--reverse", is_flag=True, help="Sort the other way round.")
@click.option("--limit", type=WholeNumber(min=1), help="List at most so many cards.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for scripts.")
@click.option("--suspend", is_flag=True, help="Don't ask them any more.")
@click.option("--unsuspend", is_flag=True, help="Ask them again.")
@click.option("--bury", is_flag=True, help="Put them off until tomorrow.")
@click.option("--reset", is_flag=True, help="Learn them again from the start.")
@click.option("--flag", type=click.IntRange(0, 7), help="Give them a flag, 1 to 7; 0 for none.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Add a tag to their notes.")
@click.option("--untag", "untags", multiple=True, metavar="TAG", help="Take a tag away.")
@click.option("--undo", is_flag=True, help="Take back the last step, whatever it was.")
def command(
    query: tuple[str, ...],
    show: bool,
    sort: str | None,
    reverse: bool,
    limit: int | None,
    as_json: bool,
    suspend: bool,
    unsuspend: bool,
    bury: bool,
    reset: bool,
    flag: int | None,
    tags: tuple[str, ...],
    untags: tuple[str, ...],
    undo: bool,
) -> None:
    """List the cards that fit QUERY, or all of them.

    QUERY is words, "phrases", is:due (new, learning, review, leech, suspended, buried, flagged),
    rated:7, added:30, tag:x, deck:y, kind:z, flag:1 and card:ID; a card has to fit all of it, and
    with a - before it, must not. An option that changes cards changes all that fit, in one step.

    \b
    Examples:
      sco-quiz cards is:leech                    cards you keep forgetting
      sco-quiz cards deck:rivers Danube --show   all about a card
      sco-quiz cards tag:year --suspend          set cards aside
      sco-quiz cards --undo                      take the last step back
    """  # noqa: D301 -- click's sign for lines that stay lines
    changes = {
        "--undo": undo, "--suspend": suspend, "--unsuspend": unsuspend, "--bury": bury,
        "--reset": reset, "--flag": flag is not None, "--tag": tags or untags,
    }  # fmt: skip
    refuse_together(changes)
    change = next((name for name, is_given in changes.items() if is_given), "")
    refuse_together({change: change, "--json": as_json, "--show": show and change})
    refuse_together({"--undo": undo, "QUERY": query})
    with Workspace(read_only=not change) as workspace:
        workspace.refresh()
        if undo:
            _undo(workspace)
            return
        if change and not any(part.strip() for part in query):
            raise UsageError("no card is named", "say which: is:leech, tag:x, card:ID…")
        browser = Browser(workspace)
        # One argument is a search as it stands; of several, each with a space in it is a phrase.
        search = parse(query[0] if len(query) == 1 else " ".join(map(_as_term, query)))
        if troubles := browser.troubles(search):
            raise UsageError(troubles[0].message, "`sco-quiz cards --help` shows how to search")
        keys = browser.find(search, sort or "", descending=reverse, most=limit)
        if change in STEPS:
            take_step, words = STEPS[change]
            _tell(take_step(browser, keys), len(keys), words)
        elif flag is not None:
            _tell(browser.flag(keys, flag), len(keys), f"flagged {flag}" if flag else "unflagged")
        elif change:
            _copy_if_shipped(workspace, browser, keys)
            _tell(browser.retag(keys, tags, untags), len(keys), "with changed tags", "note")
        elif show:
            _show(browser, keys, as_json=as_json)
        else:
            _list(browser, keys, workspace.now(), sort, as_json=as_json)
        warn(workspace)


def _copy_if_shipped(workspace: Workspace, browser: Browser, keys: Sequence[str]) -> None:
    from sco_quiz.cli.edit import copy_if_shipped  # it brings imports, and tags alone need them

    copy_if_shipped(workspace, {row.card.deck: None for row in browser.rows(keys)})


def _as_term(argument: str) -> str:
    if not any(each.isspace() for each in argument) or '"' in argument:
        return argument
    minus = "-" if argument.startswith("-") else ""
    return f'{minus}"{argument.removeprefix("-")}"'


def _undo(workspace: Workspace) -> None:
    undone = undo(workspace)
    asked = undone is not None and not undone.words
    prompt = short(logged_prompt(workspace.progress, undone.card)) if undone and asked else ""
    click.echo(taken_back(undone.words if undone else None, prompt))


def _tell(changed: int, found: int, words: str, what: str = "card") -> None:
    if changed:
        click.echo(undoable(f"{many(changed, what)} {words}", "`--undo`"))
    else:
        click.echo(f"Nothing to do: {many(found, 'card')} found, none to change.")


def _list(
    browser: Browser, keys: Sequence[str], now: Moment, sort: str | None, *, as_json: bool
) -> None:
    batches = (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))
    rows = (row for batch in batches for row in browser.rows(batch))
    if as_json:
        click.echo(json.dumps([as_dict(row, now) for row in rows], indent=2))
        return
    if not keys:
        click.echo("No card fits.")
        return
    shown = dict.fromkeys([*LISTED, *([sort] if sort and sort != "prompt" else [])])
    heads = (f"{name:<{COLUMNS[name].width}}" for name in shown)
    click.echo("  ".join([f"{'card':<8}", *heads, "prompt"]))
    for row in rows:
        cells = (fitted(COLUMNS[name].text(row, now), COLUMNS[name].width) for name in shown)
        prompt = short(COLUMNS["prompt"].text(row, now), LONGEST_PROMPT)
        click.echo("  ".join([row.card.key[:8], *cells, prompt]))
    click.echo(many(len(keys), "card"), err=True)


def _show(browser: Browser, keys: Sequence[str], *, as_json: bool) -> None:
    found = (details for key in keys if (details := browser.details(key)) is not None)
    if as_json:
        shown = [
            {**as_dict(details.row, details.now), "history": list(map(_past, details.past))}
            for details in found
        ]
        click.echo(json.dumps(shown, indent=2))
        return
    if not keys:
        click.echo("No card fits.")
    for number, details in enumerate(found):
        click.echo("\n" * bool(number) + "\n".join(lines_of(details)))


def lines_of(details: Details) -> list[str]:
    """All there is to say of a card, a line each."""
    card = details.row.card
    lines = [plain(card.prompt), *(f"→ {plain(answer)}" for answer in card.answers), ""]
    lines += [
        f"{name:<11} {clean(value, multiline=False)}"
        for name, value in card_reports.facts(details.row, details.now)
    ]
    curve = card_reports.curve(details, CURVE_WIDTH, CURVE_HEIGHT)
    if curve:
        lines += ["", "How likely it is recalled", *curve]
    past = card_reports.past_lines(details)
    if past:
        lines += ["", "History"]
    for each in past:
        mark = {True: "✓", False: "✗", None: " "}[each.good]
        told = f"{each.when}  {mark} {each.what:<6} {each.then:<8} {each.answer}"
        lines.append(told.rstrip())
    return lines


def as_dict(row: ListedCard, now: Moment) -> dict[str, object]:
    """A card for scripts."""
    return {
        "card": row.card.key,
        "answers": [plain(answer) for answer in row.card.answers],
        "tags": list(row.card.tags),
        **{name: column.value(row, now) for name, column in COLUMNS.items()},
        "suspended": row.state.suspended,
        "buried": row.state.buried_until > now.day,
        "file": row.path,
        "line": row.line,
    }


def _past(past: PastEvent) -> dict[str, object]:
    return {
        "at": _iso(past.at, past.tz),
        "what": past.what,
        "asked": past.asked or None,
        "given": list(past.given),
        "verdict": past.verdict,
        "correct": past.correct,
        "rating": past.rating,
        "interval": past.interval,
        "stability": round(past.stability, 4),
        "seconds": past.milliseconds / 1000,
    }


def _iso(at: int, tz: int) -> str:
    return local_time(at, tz).isoformat(timespec="seconds")
