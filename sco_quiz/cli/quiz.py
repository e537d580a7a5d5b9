"""`sco-quiz quiz`: a scored test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sco_quiz.cli.completion import complete_decks
from sco_quiz.cli.opening import (
    back_up,
    follow_shipped,
    open_with_files,
    prepare_app,
    run_app,
    sync,
    tell_if_mended,
)
from sco_quiz.cli.options import WholeNumber, refuse_together
from sco_quiz.cli.terminal import is_terminal
from sco_quiz.insight.figures import Figures
from sco_quiz.learning.results import Feedback, QuizOptions
from sco_quiz.numbers_and_times import many, undoable
from sco_quiz.plain import quizzing, times
from sco_quiz.studying.quizzes import Practice, begin_quiz

if TYPE_CHECKING:
    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.workspace.workspace import Workspace


@click.command("quiz")
@click.argument("decks", nargs=-1, metavar="[DECK]...", shell_complete=complete_decks)
@click.option(
    "-n", "--number", type=WholeNumber(min=1), default=20, show_default=True, metavar="N",
    help="So many questions.",
)  # fmt: skip
@click.option("--tag", metavar="TAG", help="Only notes with this tag.")
@click.option(
    "--seconds", type=WholeNumber(min=1), metavar="S", help="At most S seconds a question."
)
@click.option(
    "--total-seconds", type=WholeNumber(min=1), metavar="S", help="At most S seconds in all."
)
@click.option(
    "--feedback", type=click.Choice(["once", "end"]), default="once", show_default=True,
    help="Say what was right at once, or at the end.",
)  # fmt: skip
@click.option("--retry", is_flag=True, help="Ask again what was missed in the last quiz.")
@click.option(
    "--bring", is_flag=True, help="Bring what was missed in the last quiz into today's study."
)
@click.option(
    "--pair", nargs=2, metavar="A B", help="Ask two answers that you confuse, one beside the other."
)
@click.option("--plain", is_flag=True, help="Line by line: for screen readers, pipes and scripts.")
def command(
    decks: tuple[str, ...],
    number: int,
    tag: str | None,
    seconds: int | None,
    total_seconds: int | None,
    feedback: str,
    retry: bool,
    bring: bool,
    pair: tuple[str, str] | None,
    plain: bool,
) -> None:
    """Take a quiz on all cards of DECKs, or of all decks, due or not.

    It has a score and moves no due date. DECK is an id, the beginning of one, or the path of a
    YAML file.

    \b
    Examples:
      sco-quiz quiz -n 10          ten questions of all decks
      sco-quiz quiz sco-timeline   on one deck
      sco-quiz quiz --retry        what was missed in the last one
    """  # noqa: D301 -- click's sign for lines that stay lines
    refuse_together({"--retry": retry, "--bring": bring, "--pair": pair})
    options = QuizOptions(number, seconds, total_seconds, Feedback(feedback))
    plain = plain or not is_terminal()
    if not plain:
        prepare_app("quiz")
    with open_with_files(decks) as workspace:
        tell_if_mended(workspace)
        workspace.refresh()
        ids = workspace.catalogue.find_decks(decks)
        if bring:
            _bring(workspace)
            return
        if retry:
            quiz = Practice(workspace).retry(Practice(workspace).last_quiz(), options)
        elif pair is not None:
            quiz = Practice(workspace).pair(Figures(workspace, ids).find_confusion(*pair), options)
        else:
            quiz = begin_quiz(workspace, ids, options, tag=tag)
        _run(quiz, workspace, plain=plain)


def _bring(workspace: Workspace) -> None:
    count = Practice(workspace).bring(Practice(workspace).last_quiz())
    cards = many(count, "card is", "cards are")
    click.echo(undoable(f"{cards} in today's study", "in `sco-quiz study --plain`, :u"))


def _run(quiz: Quiz, workspace: Workspace, *, plain: bool) -> None:
    """Take the quiz in the app, or in line mode."""
    if not plain:
        run_app(workspace, quiz=quiz)
        return
    times.offer_right_times(workspace)
    follow_shipped(workspace)
    quizzing.take_quiz(quiz, workspace)
    back_up(workspace)
    sync(workspace)
