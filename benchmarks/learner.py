"""Learners: what somebody answered in a year, told to the log the way the app tells it."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import TYPE_CHECKING

from sco_quiz.learning.cards import CardState, Rating, State
from sco_quiz.learning.scheduling import Scheduler
from sco_quiz.learning.study_day import DAY_MS, EPOCH_DAY, HOUR_MS, Moment
from sco_quiz.progress import log

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sco_quiz.learning.cards import Card
    from sco_quiz.progress.store import Progress


_RATINGS = {Rating.AGAIN: 9, Rating.HARD: 5, Rating.GOOD: 82, Rating.EASY: 4}


class Learner:
    """Answers cards, a study day at a time, and writes what was answered to a progress file."""

    def __init__(self, progress: Progress, seed: int = 1) -> None:
        """Begin with an empty log."""
        self.answers = 0
        self._drafts: list[log.EventDraft] = []
        self._progress = progress
        self._dice = random.Random(seed)
        self._scheduler = Scheduler()
        self._states: dict[str, CardState] = {}

    def study(self, day: int, cards: Iterable[Card]) -> dict[Card, int]:
        """Answer each card on a study day, again and again until it is done with for that day.

        Returns:
            The study day on which each comes back.
        """
        session = f"{day}"
        at = (day - EPOCH_DAY) * DAY_MS + 12 * HOUR_MS
        start = Moment(at, 0, day)
        drafts = self._drafts
        drafts.append(log.session_start(start, session, log.SessionKind.STUDY, ["all"]))
        back = {}
        for card in cards:
            state = self._states.get(card.key, CardState())
            while True:
                at += 8_000
                state = self._answer(card, state, Moment(at, 0, day), session, drafts)
                if state.state == State.REVIEW:
                    break
            self._states[card.key] = state
            back[card] = state.due_day
        drafts.append(log.session_end(Moment(at, 0, day), session))
        return back

    def write(self) -> None:
        """Put all of it into the log."""
        self._progress.append(*self._drafts)
        self._drafts.clear()

    def _answer(
        self, card: Card, before: CardState, now: Moment, session: str, drafts: list[log.EventDraft]
    ) -> CardState:
        rating = self._dice.choices([*_RATINGS], [*_RATINGS.values()])[0]
        after = self._scheduler.next_states(card.key, before, now)[rating]
        right = rating != Rating.AGAIN
        drafts.append(
            log.review(
                now, card, rating, before, after, session=session,
                answer=card.answers[0] if right else "no idea",
                verdict="correct" if right else "wrong",
                milliseconds=self._dice.randint(1_500, 20_000),
            )
        )  # fmt: skip
        self.answers += 1
        return after


def study_for_a_year(
    progress: Progress, cards: Sequence[Card], last_day: int, *, answers: int, seen: int
) -> None:
    """Log a year of study that ends on a study day.

    Args:
        progress: An empty log.
        cards: Begun in this order.
        last_day: The last study day.
        answers: In all.
        seen: How many cards are begun, as many each day.
    """
    learner = Learner(progress)
    due: dict[int, list[Card]] = defaultdict(list)
    begun = 0
    for number in range(365):
        day = last_day - 364 + number
        until = seen * (number + 1) // 365
        new, begun = cards[begun:until], until
        # A new card takes some 2.3 answers, a review 1.1.
        room = (answers * (number + 1) // 365 - learner.answers - 2.3 * len(new)) / 1.1
        waiting = due.pop(day, [])
        today, late = waiting[: max(0, round(room))], waiting[max(0, round(room)) :]
        due[day + 1] += late
        for card, back in learner.study(day, [*today, *new]).items():
            due[back].append(card)
    learner.write()


def begin_each(progress: Progress, cards: Iterable[Card], day: int) -> None:
    """Log that every card was known at once on a study day; some hundred come back each day.

    Args:
        progress: An empty log.
        cards: All of them.
        day: The study day; the first cards come back on the next.
    """
    now = Moment((day - EPOCH_DAY) * DAY_MS + 12 * HOUR_MS, 0, day)
    new = CardState()
    known = Scheduler().next_states("", new, now)[Rating.EASY]
    progress.append(
        *(
            log.review(
                now, card, Rating.EASY, new, known._replace(due_day=day + 1 + number % 500),
                session="1", answer=card.answers[0], verdict="correct", milliseconds=3_000,
            )
            for number, card in enumerate(cards)
        )
    )  # fmt: skip
