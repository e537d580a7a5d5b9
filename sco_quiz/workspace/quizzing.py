"""What a quiz needs from outside, given by index and log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sco_quiz.learning.results import Earlier, Score
from sco_quiz.progress import log
from sco_quiz.workspace.journal import SessionJournal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.results import QuizOptions, Result
    from sco_quiz.learning.study_day import Clock
    from sco_quiz.progress.store import Progress

_EARLIER = """
SELECT correct, asked FROM session JOIN event ON event.session = session.id
WHERE session.kind = 'quiz' AND finished AND whole AND decks = ? AND tag IS ?
  AND event.card IS NULL AND event.kind = 'session-start'
ORDER BY stamp, device, seq"""


class QuizJournal(SessionJournal):
    """The journal of one quiz; see `learning.quiz.QuizJournal`."""

    def __init__(
        self,
        progress: Progress,
        now: Clock,
        look_again: Callable[[], bool],
        decks: Mapping[str, str],
        options: QuizOptions,
        tag: str | None = None,
        retry_of: str | None = None,
    ) -> None:
        """Begin a quiz that the log knows of once there is an answer.

        Args:
            progress: The log; its connection has the index attached.
            now: Tells the present.
            look_again: Sees what another program read from deck files; whether there was anything.
            decks: The decks it is on: their titles by id.
            options: What the learner chose.
            tag: The tag that its notes have to have.
            retry_of: The quiz whose missed questions it asks again.
        """
        quiz: dict[str, object] = {
            "number": options.number,
            "seconds": options.seconds,
            "total_seconds": options.total_seconds,
            "feedback": str(options.feedback),
            "tag": tag,
            "retry_of": retry_of,
        }
        if options.pair:
            quiz["pair"] = list(options.pair)
        decks = dict(sorted(decks.items()))
        super().__init__(progress, now, look_again, log.SessionKind.QUIZ, decks, quiz)
        self._chosen = options
        self._tag = tag
        self._brought: list[log.Event] = []

    def record(self, results: Sequence[Result], *, finished: bool) -> None:
        """Write answers; the first bring the quiz's start with them, the last its end."""
        now = self.now()
        drafts = [
            log.answer(
                now,
                result.question.original,
                session=self._session,
                correct=result.correct,
                answer=result.given,
                verdict=result.judgement.verdict,
                milliseconds=result.milliseconds,
                asked=result.question.card.kind,
                late=result.late,
            )
            for result in results
        ]
        if finished:
            drafts.append(log.session_end(now, self._session))
        self._append(*drafts)

    def leave(self) -> None:
        """Note that the quiz was left half-way."""
        self._append(log.session_end(self.now(), self._session, finished=False))

    def earlier(self) -> Earlier:
        """How earlier finished quizzes on the same decks and tag went.

        Retries and pairs do not count.
        """
        decks = json.dumps(list(self._decks), ensure_ascii=False, separators=(",", ":"))
        scores = [Score(*row) for row in self._progress.query(_EARLIER, (decks, self._tag))]
        if not scores:
            return Earlier()
        return Earlier(max(scores, key=lambda score: (score.share, score.of)), scores[-1])

    def bring(self, cards: Sequence[Card]) -> None:
        """Bring cards into today's study, in one step."""
        now = self.now()
        self._brought = self._progress.append(
            *(log.today(now, card, self._session) for card in cards)
        )

    def take_back(self) -> None:
        """Take back what `bring` did."""
        if self._brought:
            self._progress.take_back(self._brought[-1], self.now())
            self._brought = []

    def again(self) -> QuizJournal:
        """The journal of another quiz, on what was missed in this one."""
        return QuizJournal(
            self._progress, self.now, self._look_again, self._decks, self._chosen, self._tag,
            self._session,
        )  # fmt: skip
