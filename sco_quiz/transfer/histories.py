"""Make events of foreign histories of cards that the log does not have yet."""

from __future__ import annotations

import json
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.cards import CardState, Rating, State
from sco_quiz.learning.study_day import MINUTE_MS
from sco_quiz.progress import log
from sco_quiz.progress.corrections import Correction
from sco_quiz.workspace.opening import moment_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sco_quiz.config import Config
    from sco_quiz.interchange.material import ForeignHistory, ForeignReview
    from sco_quiz.learning.cards import Card
    from sco_quiz.progress.log import EventDraft
    from sco_quiz.progress.store import Progress
    from sco_quiz.workspace.workspace import Workspace

_SUSPENDED = 8
"""Stands beside a flag, 0 to 7, in what the log keeps of a card's marks."""

_MARKS = """
SELECT json_extract(data, '$.marks') FROM event
WHERE card IS NULL AND kind = 'import' AND (device, seq) NOT IN undone
ORDER BY stamp, device, seq"""
_KNOWN = """
WITH RECURSIVE now (key, card) AS (
  SELECT value, value FROM json_each(?)
  UNION SELECT now.key, kin.card FROM now JOIN kin ON kin.old = now.card
) SELECT now.key, review.at, event.at, device, seq
FROM now JOIN review ON review.card = now.card JOIN event USING (device, seq)"""
_CORRECTIONS = "SELECT data FROM event WHERE card IS NULL AND kind = 'clock'"
"""Also those that were taken back."""


class Addition(NamedTuple):
    """The part of a card's foreign history that the log does not have yet.

    Attributes:
        card: The card.
        reviews: In the order of time.
        due: The day that the last of them leads to, as `date.toordinal`; 0 to go by its interval.
        suspended: Whether to suspend it, or take it back; None for neither.
        flag: The flag it gets; None for the one it has.
    """

    card: Card
    reviews: Sequence[ForeignReview]
    due: int
    suspended: bool | None
    flag: int | None


class ComparedHistory(NamedTuple):
    """The result of comparing a card's foreign history with the log.

    Attributes:
        addition: What is new of it; None for nothing.
        impossible: Answers left out, since they lie in the future or before 1970.
    """

    addition: Addition | None
    impossible: int


class ForeignHistories:
    """Compares foreign histories with the log.

    Attributes:
        marks: For the log: what the source says of suspension and flag of each card, where that is
            another thing than at its last import.
    """

    def __init__(self, workspace: Workspace, cards: Iterable[Card]) -> None:
        """Look up what the log knows of cards."""
        self._now = workspace.now()
        self._config = workspace.config
        self._progress = workspace.progress
        self.marks: dict[str, int] = {}
        keys = [card.key for card in cards]
        self._states = self._progress.states(keys)
        self._known: dict[str, set[int]] = {}
        rows = self._progress.query(_CORRECTIONS)
        corrections = [Correction.of(json.loads(data)) for (data,) in rows]
        for key, at, told, *event in self._progress.query(_KNOWN, (json.dumps(keys),)):
            # The source may have come from here before a wrong clock was righted, or after.
            righted = {each.shift.moment(told)[0] for each in corrections if each.covers(*event)}
            self._known.setdefault(key, set()).update({at, told}, righted)
        self._marked: dict[str, int] = {}
        for (marks,) in self._progress.query(_MARKS):
            self._marked.update(json.loads(marks or "{}"))

    def compare(self, card: Card, history: ForeignHistory) -> ComparedHistory:
        """Compare a card's foreign history with the log; return what is new."""
        known = self._known.get(card.key, set())
        reviews: dict[int, ForeignReview] = {}
        impossible = 0
        for review in history.reviews:
            if not 0 <= review.at <= self._now.at:
                impossible += 1
            elif review.at not in known:
                reviews.setdefault(review.at, review)
        added = [reviews[at] for at in sorted(reviews)]
        due = history.due if added and added[-1] is history.reviews[-1] else 0
        suspended, flag = self._changed_marks(card.key, history)
        if not added and suspended is None and flag is None:
            return ComparedHistory(None, impossible)
        return ComparedHistory(Addition(card, added, due, suspended, flag), impossible)

    def _changed_marks(self, key: str, history: ForeignHistory) -> tuple[bool | None, int | None]:
        """Return the suspension and the flag that changed in the source and not here; else None."""
        before = self._marked.get(key, 0)
        mark = history.flag | (_SUSPENDED if history.suspended else 0)
        if mark == before:
            return None, None
        self.marks[key] = mark
        state = self._states.get(key, CardState())
        was_suspended, was_flag = bool(before & _SUSPENDED), before & ~_SUSPENDED
        take_suspended = history.suspended != was_suspended == state.suspended
        take_flag = history.flag != was_flag == state.flag
        return (
            history.suspended if take_suspended else None,
            history.flag if take_flag else None,
        )

    def drafts(self, addition: Addition) -> Iterator[EventDraft]:
        """The events of what is new of a card."""
        card, reviews, due, suspended, flag = addition
        yield from self._reviews(card, reviews, due)
        if suspended is not None:
            yield (log.suspend if suspended else log.unsuspend)(self._now, card)
        if flag is not None:
            yield log.flag(self._now, card, flag)

    def _reviews(
        self, card: Card, reviews: Sequence[ForeignReview], due: int
    ) -> Iterator[EventDraft]:
        own = _own(self._progress, card.key) if card.key in self._states else []
        rollover = self._config.rollover
        times = [at for at, _ in own]
        foreign, state = 0, CardState()
        for number, review in enumerate(reviews, 1):
            place = bisect_right(times, review.at)
            if place and times[place - 1] >= foreign:
                state = own[place - 1][1]
            moment = moment_at(review.at, rollover)
            last = due if number == len(reviews) else 0
            after = _after(state, review, moment.day, last, self._config)
            yield log.review(
                moment, card, review.rating, state, after, session=None,
                milliseconds=review.milliseconds,
            )  # fmt: skip
            foreign, state = review.at, after


def _own(progress: Progress, key: str) -> list[tuple[int, CardState]]:
    """Return the times at which the log changed a card's state, each with the state after it."""
    changes = [
        (event.at, after)
        for event, _, _, after in progress.transitions([key]).get(key, ())
        if event.kind in (log.EventKind.REVIEW, log.EventKind.RESET)
    ]
    return sorted(changes, key=lambda change: change[0])


def _after(
    before: CardState, review: ForeignReview, day: int, due: int, config: Config
) -> CardState:
    """Return a card's state after an answer, as far as it sets when the card is due.

    A step of another app is taken for the one of ours that the rating leads to.
    """
    if review.interval or due > day:
        return CardState(State.REVIEW, due_day=due or day + review.interval)
    relearning = before.state in (State.REVIEW, State.RELEARNING)
    steps = config.relearning_steps if relearning else config.learning_steps
    step = 0
    if before.state in (State.LEARNING, State.RELEARNING) and review.rating != Rating.AGAIN:
        step = before.step + (review.rating != Rating.HARD)
    elif before.state == State.NEW and review.rating >= Rating.GOOD:
        step = 1
    step = max(min(step, len(steps) - 1), 0)
    wait = round((steps[step] if steps else 0) * MINUTE_MS)
    state = State.RELEARNING if relearning else State.LEARNING
    return CardState(state, step, due_at=review.at + wait)
