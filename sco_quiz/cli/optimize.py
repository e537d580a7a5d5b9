"""`sco-quiz optimize`: fit the parameters of FSRS to the learner."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import TYPE_CHECKING, Self

import click

from sco_quiz.cli.opening import tell_if_mended
from sco_quiz.cli.options import refuse_together
from sco_quiz.insight.optimizer import apply_parameters, fit_parameters, undo_parameters
from sco_quiz.numbers_and_times import percent, undoable
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sco_quiz.learning.fit_checks import FitVerdict


@click.command("optimize")
@click.option("--apply", is_flag=True, help="Put the new parameters in force if they are better.")
@click.option("--undo", is_flag=True, help="Take back the parameters in force.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for scripts.")
def command(apply: bool, undo: bool, as_json: bool) -> None:
    """Fit the parameters of FSRS to your own reviews.

    They are fitted to the first four fifths of your reviews, and judged by how well they would
    have predicted the last fifth. Needs 400 reviews and the extra `optimize`.

    \b
    Examples:
      sco-quiz optimize           only say what they would bring
      sco-quiz optimize --apply   put them in force
    """  # noqa: D301 -- click's sign for lines that stay lines
    refuse_together({"--undo": undo, "--apply": apply})
    refuse_together({"--undo": undo, "--json": as_json})
    with Workspace(read_only=not (apply or undo)) as workspace:
        tell_if_mended(workspace)
        if undo:
            known = undo_parameters(workspace)
            click.echo(
                "The earlier parameters are in force again."
                if known
                else "There is nothing to take back: the parameters are the defaults."
            )
            return
        with _Percentage() as percentage:
            verdict = fit_parameters(workspace, percentage.show)
        applied = apply and verdict.better
        if applied:
            apply_parameters(workspace, verdict)
        if as_json:
            click.echo(json.dumps(_as_dict(verdict, applied=applied)))
            return
        click.echo(verdict.in_words())
        if applied:
            click.echo(undoable("They are in force now", "`sco-quiz optimize --undo`"))
        elif verdict.better:
            click.echo("`sco-quiz optimize --apply` puts them in force.")


def _as_dict(verdict: FitVerdict, *, applied: bool) -> dict[str, object]:
    return {
        "reviews": verdict.reviews,
        "judged": verdict.judged,
        "since": date.fromordinal(verdict.since).isoformat(),
        "current": {"parameters": verdict.current, "log_loss": verdict.current_loss},
        "new": {"parameters": verdict.new, "log_loss": verdict.new_loss},
        "gain": verdict.gain,
        "better": verdict.better,
        "applied": applied,
    }


class _Percentage:
    """The progress of the fit, on stderr: a percentage on a terminal, else one line at first."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()

    def __enter__(self) -> Self:
        if self._terminal:
            self.show(0)
        else:
            click.echo("Fitting parameters to your reviews.", err=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._terminal:
            click.echo(f"\r{' ' * 30}\r", nl=False, err=True)

    def show(self, done: float) -> None:
        """Say what share is done."""
        if self._terminal:
            click.echo(f"\rFitting parameters: {percent(done)}", nl=False, err=True)
