"""Fits FSRS's parameters to the learner, in a process of its own."""

from __future__ import annotations

import json
import subprocess
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from sco_quiz.errors import SCOQuizError, UsageError
from sco_quiz.learning.fit_checks import LEAST_REVIEWS, FitVerdict
from sco_quiz.own_process import command_of
from sco_quiz.progress import log
from sco_quiz.progress.log import SELECT_EVENTS, Event

if TYPE_CHECKING:
    from collections.abc import Callable

    from sco_quiz.workspace.workspace import Workspace

EXTRA = "fsrs_rs_python"
"""The module that the extra `optimize` installs."""
FITTING = "sco_quiz.insight.fitting"
"""The module that runs as the process."""

_IN_FORCE = """
WHERE card IS NULL AND kind = 'parameters' AND (device, seq) NOT IN undone
ORDER BY stamp DESC, device DESC, seq DESC LIMIT 1"""


def fit_parameters(workspace: Workspace, told: Callable[[float], None]) -> FitVerdict:
    """Fit parameters to the learner's reviews and judge them. Nothing is changed.

    It takes seconds, and can be called in a thread, beside a session on the same file.

    Args:
        workspace: The learner's workspace.
        told: Called now and then with the share of the work that is done.

    Raises:
        UsageError: The extra is not installed.
        SCOQuizError: There are too few reviews, or nothing fits them.
        ProgressError: The log cannot be read.
    """
    if find_spec(EXTRA) is None:
        raise UsageError(
            "fitting parameters needs the extra `optimize`, which is not installed",
            "install it with: pip install 'sco-quiz[optimize]'"
            f" (it is of use from {LEAST_REVIEWS} reviews on)",
        )
    steps = str(len(workspace.config.relearning_steps))
    command, environment = command_of(FITTING, str(workspace.progress.path), steps)
    last: dict[str, Any] = {}
    words = "no reason was given"
    with subprocess.Popen(  # noqa: S603 -- ourselves
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            for line in process.stdout or ():
                if not line.startswith("{"):
                    words = line.strip() or words
                    continue
                last = json.loads(line)
                if "done" in last:
                    told(last["done"])
        except BaseException:
            process.kill()
            raise
    if "error" in last:
        message, help_, code = last["error"]
        error = SCOQuizError(message, help_)
        error.exit_code = code
        raise error
    if "verdict" not in last:
        raise SCOQuizError(
            f"the fit failed ({words})", "your parameters and your reviews are as they were"
        )
    verdict = last["verdict"]
    for name in ("current", "new"):
        verdict[name] = tuple(verdict[name])
    return FitVerdict(**verdict)


def apply_parameters(workspace: Workspace, verdict: FitVerdict) -> None:
    """Put the new parameters in force: the memory of each card is computed anew.

    Due dates stay as promised; the next reviews use the new parameters.

    Raises:
        ProgressError: It could not be written.
    """
    workspace.progress.append(log.parameters(workspace.now(), verdict.new))


def undo_parameters(workspace: Workspace) -> bool:
    """Take back the parameters in force, so that those before them, or the defaults, count again.

    Returns:
        False if there were none but the defaults.

    Raises:
        ProgressError: It could not be written.
    """
    rows = workspace.progress.query(SELECT_EVENTS + _IN_FORCE)
    if not rows:
        return False
    workspace.progress.undo(Event._make(rows[0]), workspace.now())
    return True
