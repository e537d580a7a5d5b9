"""A program that studies: obeys lines on its standard input, one answer for each.

`python -m tests.studying.program`. A line is a JSON list: the time (UTC ms), the name of a method
of `Program`, and what that takes. The answer is JSON too: what the method returned.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.learning.card_queue import Pick
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.study_day import Moment, study_day
from sco_quiz.paths import Paths
from sco_quiz.studying.sessions import begin_study
from sco_quiz.studying.undo import undo
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sco_quiz.learning.session import StudySession


class Program:
    """One of the programs that a learner has open."""

    def __init__(self) -> None:
        self.at = 0
        self.session: StudySession | None = None

    def open(self, root: str) -> None:
        """Open a home, without a session."""
        home = Path(root)
        paths = Paths(home / "config", home / "data", home / "cache")
        self.workspace = Workspace(paths=paths, clock=self.now)
        self.session = None

    def now(self) -> Moment:
        """Return the time that was last told."""
        return Moment(self.at, 0, study_day(self.at, 0, 4))

    def close(self) -> None:
        """Let go of the home."""
        self.workspace.close()

    def look_at_decks(self) -> None:
        """Read the decks that changed."""
        self.workspace.refresh()

    def begin(self, pick: str) -> None:
        """Begin a session, whatever becomes of the one before."""
        self.workspace.refresh()
        self.session = begin_study(self.workspace, pick=Pick(pick))
        self._check_totals()

    def leave(self) -> None:
        """End the session."""
        if self.session is not None:
            self.session.end()
        self.session = None

    def follow(self) -> None:
        """Take up what changed around the session."""
        if self.session is not None:
            self.session.follow()
            self._check_totals()

    def answer(self, right: bool) -> None:
        """Answer what is asked."""
        session = self.session
        if session and session.question and session.judgement is None:
            session.answer(session.question.card.answers[0] if right else "x")
            self._check_totals()

    def rate(self, rating: int) -> tuple[str, int, int] | None:
        """Rate the answer that was given.

        Returns:
            The card as it was known when it was rated, and the state it was rated from with the
            number of its answers until then; None if no rating was kept.
        """
        session = self.session
        if session is None or session.judgement is None:
            return None
        kept = session.rate(Rating(rating))
        self._check_totals()
        if not kept:
            return None
        key, answer = session._steps[-1]
        assert answer is not None
        return key, int(answer.before.state), answer.before.reps

    def take_back(self) -> bool:
        """Take back the last step; return whether there was one."""
        if self.session is None:
            return undo(self.workspace) is not None
        undone = self.session.undo()
        self._check_totals()
        return undone is not None

    def _check_totals(self) -> None:
        """See that the session counts each card once."""
        session = self.session
        assert session is not None
        keys = [*session._queue, *session._finished]
        if session.question:
            keys.append(session.question.card.key)
        assert len(keys) == len(set(keys))
        assert session.total == len(keys)


def main() -> None:
    """Obey until the input ends; a mistake ends the program, its traceback on standard error."""
    program = Program()
    for line in sys.stdin:
        program.at, name, *values = json.loads(line)
        print(json.dumps(getattr(program, name)(*values)), flush=True)


if __name__ == "__main__":
    main()
