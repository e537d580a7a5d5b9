"""`sco-quiz history`: sessions with their scores, and the answers of one."""

from __future__ import annotations

import csv
import json
import sys
from typing import TYPE_CHECKING

import click

from sco_quiz.cli.completion import complete_decks
from sco_quiz.cli.options import refuse_together
from sco_quiz.cli.terminal import terminal_width
from sco_quiz.insight.history import ORDERS, SessionHistory
from sco_quiz.learning.study_day import local_time
from sco_quiz.numbers_and_times import in_full, iso_minute, percent, spent
from sco_quiz.reports.lines import text_of
from sco_quiz.reports.scores import of_deck, of_decks
from sco_quiz.reports.words import about, cells, fitted, note_on, short
from sco_quiz.text import clean
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.insight.history import Session, SessionAnswer

FIGURES = 65
"""Columns of a line that are not the decks'."""
SHORTEST_DECKS = 12


@click.command("history")
@click.argument("session", required=False)
@click.option(
    "--deck",
    metavar="DECK",
    shell_complete=complete_decks,
    help="Only sessions that asked a card of this deck, or of one below it.",
)
@click.option("--kind", type=click.Choice(["study", "quiz"]), help="Only sessions of this kind.")
@click.option(
    "--sort",
    type=click.Choice(list(ORDERS)),
    default="started",
    show_default=True,
    help="What comes first: the newest, the best, the longest.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, for scripts.")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, for spreadsheets.")
def command(
    session: str | None, deck: str | None, kind: str | None, sort: str, as_json: bool, as_csv: bool
) -> None:
    """List sessions and quizzes with their scores, the newest first.

    With SESSION, an id or its beginning, its answers instead.

    \b
    Examples:
      sco-quiz history          all sessions
      sco-quiz history --json   for scripts
    """  # noqa: D301 -- click's sign for lines that stay lines
    refuse_together({"--json": as_json, "--csv": as_csv})
    with Workspace(read_only=True) as workspace:
        workspace.refresh()
        history = SessionHistory(workspace)
        if session is not None:
            found = history.find_session(session)
            answers = history.answers(found.id)
            if as_json or as_csv:
                _print_data(list(map(answer_as_dict, answers)), as_csv=as_csv)
            else:
                _print_answers(found, answers, history)
            return
        decks = history.find_decks([deck]) if deck is not None else []
        sessions = sorted(history.sessions(decks, kind), key=ORDERS[sort], reverse=True)
        if as_json or as_csv:
            _print_data(list(map(as_dict, sessions)), as_csv=as_csv)
        else:
            _print_sessions(sessions, history)
            _print_scores(history, decks, kind)


def as_dict(session: Session) -> dict[str, object]:
    """A session for scripts."""
    ended = None
    if session.finished and session.ended is not None and session.ended_tz is not None:
        ended = _iso(session.ended, session.ended_tz)
    return {
        "session": session.id,
        "kind": session.kind,
        "decks": list(session.decks),
        "started": _iso(session.started, session.tz),
        "ended": ended,
        "asked": session.asked,
        "correct": session.correct,
        "score": round(session.score, 4),
        "seconds": session.milliseconds / 1000,
        "retry_of": session.retry_of,
        "pair": list(session.pair) if session.pair else None,
    }


def answer_as_dict(answer: SessionAnswer) -> dict[str, object]:
    """An answer for scripts."""
    return {
        "at": _iso(answer.at, answer.tz),
        "card": answer.card,
        "deck": answer.deck,
        "asked": answer.asked,
        "question": answer.question,
        "given": [answer.given] if isinstance(answer.given, str) else list(answer.given),
        "right": answer.right.split("\n"),
        "verdict": answer.verdict,
        "correct": answer.correct,
        "rating": answer.rating,
        "hinted": answer.hinted,
        "seconds": answer.milliseconds / 1000,
    }


def _iso(at: int, tz: int) -> str:
    return local_time(at, tz).isoformat(timespec="seconds")


def _print_data(rows: list[dict[str, object]], *, as_csv: bool) -> None:
    if not as_csv:
        click.echo(json.dumps(rows, indent=2))
        return
    table = csv.writer(sys.stdout, lineterminator="\n")
    for row in rows[:1]:
        table.writerow(row)
    for row in rows:
        table.writerow(map(_cell, row.values()))


def _cell(value: object) -> object:
    if isinstance(value, list):
        value = "; ".join(map(str, value))
    return clean(value) if isinstance(value, str) else value


def _print_sessions(sessions: list[Session], history: SessionHistory) -> None:
    if not sessions:
        click.echo("No session yet. `sco-quiz study` begins one.")
        return
    titles, bests = history.titles, {best.id for best in history.bests()}
    width = min(max(len(each.id) for each in sessions), 8)
    most = max(terminal_width() - FIGURES, SHORTEST_DECKS)
    in_use = history.decks_in_use
    names = [about(each, titles, in_use, most) for each in sessions]
    room = min(max(map(cells, names)), most)
    head = f"{'session':<{width}}  {'started':<16}  kind   {fitted('decks', room)}"
    click.echo(f"{head}    right  score           time")
    for each, name in zip(sessions, names, strict=True):
        started = local_time(each.started, each.tz)
        line = (
            f"{each.id[:width]:<{width}}  {iso_minute(started)}  {each.kind:<5}"
            f"  {fitted(name, room)}  {f'{each.correct}/{each.asked}':>7}"
            f"  {percent(each.score):>5}  {spent(each.milliseconds):>13}"
            f"  {note_on(each, bests)}"
        )
        click.echo(line.rstrip())


def _print_scores(history: SessionHistory, decks: Sequence[str], kind: str | None) -> None:
    """Print the scores over time: of quizzes, if there are any and nothing else was asked for."""
    scores = {what: history.scores(what) for what in (kind or "quiz", kind or "study")}
    what = next((what for what, found in scores.items() if found), None)
    if what is None:
        return
    width, titles = terminal_width(), history.titles
    click.echo()
    if len(decks) == 1:
        (deck,) = decks
        lines = of_deck(what, deck, scores[what].get(deck, []), titles, width)
    else:
        found = {deck: each for deck, each in scores[what].items() if deck in decks or not decks}
        lines = of_decks(what, found, titles, width)
    for line in lines:
        click.echo(text_of(line))


def _print_answers(session: Session, answers: list[SessionAnswer], history: SessionHistory) -> None:
    started = local_time(session.started, session.tz)
    click.echo(
        f"{session.kind} of {about(session, history.titles, history.decks_in_use)},"
        f" {in_full(started, weekday=True)}, {started:%H:%M}"
    )
    click.echo(
        f"{session.correct} of {session.asked} right, {percent(session.score)},"
        f" {spent(session.milliseconds)}\n"
    )
    for answer in answers:
        given = answer.given if isinstance(answer.given, str) else ", ".join(answer.given)
        right = answer.right.replace("\n", ", ")
        mark = "✓" if answer.correct else "✗"
        click.echo(f"{mark} {short(answer.question)}  {spent(answer.milliseconds)}")
        if not answer.correct or answer.verdict == "close":
            said = f"{short(given)} — " if given else ""
            click.echo(f"    {said}right: {short(right)}")
