"""`sco-quiz stats`: how it has been going."""

from __future__ import annotations

import json
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from sco_quiz.cli.decks import warn
from sco_quiz.cli.terminal import terminal_width
from sco_quiz.insight.figures import Figures
from sco_quiz.insight.history import SessionHistory
from sco_quiz.insight.workload import workloads
from sco_quiz.reports.cards import cards
from sco_quiz.reports.cards import workload as workload_lines
from sco_quiz.reports.lines import Line, LineSpan, Role, text_of
from sco_quiz.reports.reviews import reviews
from sco_quiz.reports.words import in_words
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sco_quiz.insight.figures import CardFigures
    from sco_quiz.learning.distributions import Distribution
    from sco_quiz.learning.review_statistics import Retention, Share


LISTED = 5
"""How much of each list the text shows; the JSON has everything."""


@click.command("stats")
@click.option("--deck", "decks", multiple=True, metavar="DECK", help="Only these decks.")
@click.option(
    "--workload",
    is_flag=True,
    help="Show answers, minutes and known cards at each desired retention instead.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, for scripts.")
def command(decks: tuple[str, ...], workload: bool, as_json: bool) -> None:
    """Say how you are doing: retention, forecast, calendar, and what is hard for you.

    With --workload instead: how many answers and minutes a day a year of study on your cards
    would take at each desired retention, and how many cards you would remember at its end.

    `sco-quiz help statistics` defines each figure of the JSON.

    \b
    Examples:
      sco-quiz stats              all figures
      sco-quiz stats --workload   what each retention would cost
    """  # noqa: D301 -- click's sign for lines that stay lines
    with Workspace(read_only=True) as workspace:
        workspace.refresh()
        ids = SessionHistory(workspace).find_decks(decks)
        if workload:
            _tell_workload(workspace, ids, as_json=as_json)
        else:
            _tell_figures(workspace, ids, as_json=as_json)
        warn(workspace)


def _tell_figures(workspace: Workspace, decks: list[str], *, as_json: bool) -> None:
    figures = Figures(workspace, decks)
    if as_json:
        _print_json(as_dict(figures))
    else:
        _print_lines(stats(figures, SessionHistory(workspace).titles, terminal_width()))


def stats(figures: Figures, titles: Mapping[str, str], width: int) -> Iterator[Line]:
    """The text of `sco-quiz stats`."""
    today = date.fromordinal(figures.today)
    decks = in_words(figures.decks, titles) if figures.decks else "all decks"
    title = f"How it goes in {decks}, {today:%A} {today.day} {today:%B %Y}"
    yield (LineSpan(title, Role.TITLE),)
    if not figures.totals.answers:
        words = "No answers yet. `sco-quiz study` begins; come back when you have some."
        yield (LineSpan(words, Role.SAYS),)
    yield ()
    yield from reviews(figures, width)
    yield from cards(figures, width, LISTED, command=True)


def _tell_workload(workspace: Workspace, decks: list[str], *, as_json: bool) -> None:
    found = workloads(workspace, decks)
    if as_json:
        _print_json([each._asdict() for each in found])
    else:
        desired = workspace.agenda.desired_retention(decks)
        _print_lines(workload_lines(found, desired, terminal_width()))


def _print_lines(lines: Iterable[Line]) -> None:
    for line in lines:
        click.echo(text_of(line))


def _print_json(figures: object) -> None:
    click.echo(json.dumps(figures))


def as_dict(figures: Figures) -> dict[str, Any]:
    """All figures for scripts; `docs/statistics.md` has their definitions."""
    totals, memory, calibration = figures.totals, figures.memory, figures.calibration
    return {
        "day": _iso(figures.today),
        "decks": list(figures.decks),
        "totals": {
            "answers": totals.answers,
            "correct": totals.correct,
            "new": totals.new,
            "days": totals.days,
            "minutes": _minutes(totals.milliseconds),
            "first_day": _iso(totals.first_day) if totals.days else None,
            "streak": totals.streak.current,
            "longest_streak": totals.streak.longest,
        },
        "days": [
            {
                "day": _iso(day.day),
                "answers": day.answers,
                "new": day.new,
                "correct": day.correct,
                "minutes": _minutes(day.milliseconds),
            }
            for day in figures.days
        ],
        "forecast": [{"day": _iso(due.day), "cards": due.cards} for due in figures.forecast],
        "retention": {
            "target": figures.target,
            "ever": _retention(figures.retention_ever),
            "weeks": [
                {"start": _iso(each.start), **_retention(each)}
                for each in figures.retention_by_week
            ],
            "months": [
                {"start": _iso(each.start), **_retention(each)}
                for each in figures.retention_by_month
            ],
        },
        "hours": [hour._asdict() for hour in figures.hours],
        "intervals": _distribution(memory.intervals),
        "stability": _distribution(memory.stabilities),
        "difficulty": _distribution(memory.difficulties),
        "retrievability": {
            **_distribution(memory.retrievabilities),
            "remembered": _rounded(memory.remembered),
        },
        "calibration": {
            "error": _rounded(calibration.error),
            "bins": [
                {
                    "low": each.low,
                    "high": each.high,
                    "recalls": each.recalls,
                    "predicted": _rounded(each.predicted),
                    "recalled": _rounded(each.recalled),
                }
                for each in calibration.bins
            ],
        },
        "leeches": [_card(card) for card in figures.leeches],
        "hardest": [_card(card) for card in figures.hardest],
        "confusions": [
            {
                "answers": list(each.answers),
                "times": list(each.times),
                "total": each.total,
                "cards": sorted(chain(*each.cards)),
            }
            for each in figures.confusions
        ],
    }


def _retention(period: Retention) -> dict[str, Any]:
    return {
        "young": _share(period.young),
        "mature": _share(period.mature),
        "all": _share(period.all),
    }


def _share(share: Share) -> dict[str, Any]:
    return {"recalled": share.part, "recalls": share.whole, "share": _rounded(share.share)}


def _distribution(found: Distribution) -> dict[str, Any]:
    return {
        "cards": found.values,
        "mean": _rounded(found.mean),
        "median": _rounded(found.median),
        "bins": [{"low": each.low, "high": each.high, "cards": each.values} for each in found.bins],
    }


def _card(card: CardFigures) -> dict[str, Any]:
    return {
        "card": card.key,
        "deck": card.deck,
        "question": card.prompt,
        "right": card.answer.split("\n"),
        "answers": card.answers,
        "lapses": card.lapses,
        "difficulty": _rounded(card.difficulty),
        "stability": _rounded(card.stability),
        "suspended": card.suspended,
    }


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _minutes(milliseconds: int) -> float:
    return round(milliseconds / 60_000, 2)


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)
