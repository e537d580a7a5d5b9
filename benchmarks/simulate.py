"""Somebody who studies for months, as people do: `python -m benchmarks.simulate HOME`.

The learner forgets as FSRS says, takes answers for one another, misses days, studies past midnight,
travels, and once sets the clock back. The same seed gives the same log.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.homes import paths_in
from sco_quiz.learning.cards import CardState, Rating, State
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.scheduling import Scheduler
from sco_quiz.learning.study_day import DAY_MS, EPOCH_DAY, HOUR_MS, MINUTE_MS, Moment, study_day
from sco_quiz.progress import log
from sco_quiz.workspace.cards import cards_of_deck
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.learning.cards import Card
    from sco_quiz.progress.store import Progress

ROLLOVER = 4
_HOURS = {7: 4, 8: 3, 13: 2, 18: 3, 21: 4, 23.8: 2, 27.9: 1}
"""When sessions begin, local time, and how often: two reach over midnight or over the rollover."""
_MISTAKEN = (Kind.TYPED, Kind.CLOZE, Kind.CHOICE)


class Simulation:
    """One learner.

    Attributes:
        answers: Given so far.
    """

    def __init__(self, cards: Sequence[Card], *, seed: int) -> None:
        """Begin with nothing known.

        Args:
            cards: Begun in this order.
            seed: Decides everything that is left to chance.
        """
        self.answers = 0
        self._chance = random.Random(seed)
        self._scheduler = Scheduler()
        self._cards = cards
        self._new = list(reversed(cards))
        self._states: dict[str, CardState] = defaultdict(CardState)
        self._due: dict[int, list[Card]] = defaultdict(list)
        self._drafts: list[log.EventDraft] = []
        self._alike: dict[str, list[str]] = defaultdict(list)
        self._titles = {card.deck: f"The deck {card.deck}" for card in cards}
        for card in cards:
            if card.category:
                self._alike[card.category] += card.answers

    def study(self, last_day: int, days: int, *, new: int, most: int) -> list[log.EventDraft]:
        """Study to the end of a study day.

        Args:
            last_day: The last study day.
            days: How many there are.
            new: Cards begun a day, if there is room.
            most: Cards a day.

        Returns:
            What goes into the log.
        """
        for day in range(last_day - days + 1, last_day + 1):
            waiting = self._due.pop(day, [])
            if self._chance.random() < 0.08:  # a day off
                self._due[day + 1] += waiting
                continue
            today, late = waiting[:most], waiting[most:]
            self._due[day + 1] += late
            while len(today) < most and self._new and new > 0 and len(today) - len(waiting) < new:
                today.append(self._new.pop())
            tz = 60 if (last_day - day) % 120 < 9 else 300
            parts = self._chance.randint(1, 2)
            for part in range(parts):
                self._session(day, tz, f"{day}-{part}", today[part::parts])
            if (last_day - day) % 15 == 0:
                self._quiz(day, tz, f"{day}-quiz")
        return self._drafts

    def _session(self, day: int, tz: int, session: str, cards: list[Card]) -> None:
        if not cards:
            return
        (hour,) = self._chance.choices([*_HOURS], [*_HOURS.values()])
        at = (day - EPOCH_DAY) * DAY_MS + round(hour * HOUR_MS) - tz * MINUTE_MS
        if session.endswith("7-1"):
            at -= 3 * HOUR_MS + DAY_MS  # the clock was set back
        drafts = self._drafts
        start = self._moment(at, tz)
        drafts.append(
            log.session_start(start, session, log.SessionKind.STUDY, [*self._titles], self._titles)
        )
        for card in cards:
            state = self._states[card.key]
            while True:
                milliseconds = self._chance.randint(1_500, 30_000)
                at += milliseconds
                state = self._answer(card, state, self._moment(at, tz), session, milliseconds)
                at += self._chance.randint(500, 3_000)
                if state.state is State.REVIEW:
                    break
            self._states[card.key] = state
            self._due[max(state.due_day, day + 1)].append(card)
        if self._chance.random() < 0.95:
            end = self._moment(at, 60 if session.endswith("3-0") else tz)
            drafts.append(log.session_end(end, session))

    def _quiz(self, day: int, tz: int, session: str) -> None:
        at = (day - EPOCH_DAY) * DAY_MS + 22 * HOUR_MS - tz * MINUTE_MS
        cards = self._chance.sample(self._cards, min(10, len(self._cards)))
        kind, asked = log.SessionKind.QUIZ, {"number": len(cards)}
        start = log.session_start(
            self._moment(at, tz), session, kind, [*self._titles], self._titles, asked
        )
        self._drafts.append(start)
        half = self._chance.random() < 0.2
        for card in cards[: 5 if half else None]:
            at += 9_000
            right = self._chance.random() < 0.7
            draft = log.answer(
                self._moment(at, tz), card, session=session, correct=right,
                answer=self._given(card, right=right), milliseconds=8_000,
                verdict="correct" if right else "wrong", late=not right and card.key < "1",
            )  # fmt: skip
            self._drafts.append(draft)
        self._drafts.append(log.session_end(self._moment(at, tz), session, finished=not half))

    def _given(self, card: Card, *, right: bool) -> str | tuple[str, ...]:
        if right:
            return card.answers if len(card.answers) > 1 else card.answers[0]
        if card.kind is Kind.TYPED and self._chance.random() < 0.2:
            return "no idea"
        alike = self._alike.get(card.category, ()) if card.kind in _MISTAKEN else ()
        given = self._chance.choice([*alike, *card.choices, ""])
        return "" if given in card.answers else given

    def _moment(self, at: int, tz: int) -> Moment:
        return Moment(at, tz, study_day(at, tz, ROLLOVER))

    def _answer(
        self, card: Card, before: CardState, now: Moment, session: str, milliseconds: int
    ) -> CardState:
        chance = self._chance
        known = self._scheduler.retrievability(before, now.day) if before.reps else 0.6
        right = chance.random() < known
        rating = Rating(chance.choice((2, 3, 3, 3, 3, 4))) if right else Rating.AGAIN
        checked = card.kind is not Kind.BASIC
        after = self._scheduler.next_states(card.key, before, now)[rating]
        self._drafts.append(
            log.review(
                now, card, rating, before, after, session=session,
                answer=self._given(card, right=right),
                verdict=("correct" if right else "wrong") if checked else None,
                milliseconds=milliseconds,
            )
        )  # fmt: skip
        self.answers += 1
        return after


def simulate(
    progress: Progress,
    cards: Sequence[Card],
    last_day: int,
    *,
    days: int = 365,
    new: int = 5,
    most: int = 60,
    seed: int = 1,
) -> int:
    """Write a log as of somebody who studied until a study day.

    Args:
        progress: An empty log.
        cards: Begun in this order.
        last_day: The last study day.
        days: How many there are.
        new: Cards begun a day, if there is room.
        most: Cards a day.
        seed: Decides everything that is left to chance.

    Returns:
        How many answers there are.
    """
    simulation = Simulation(cards, seed=seed)
    events = progress.append(*simulation.study(last_day, days, new=new, most=most))
    reviews = [event for event in events if event.kind == log.EventKind.REVIEW]
    now = Moment(events[-1].at + 1, events[-1].tz, events[-1].day)
    for event in random.Random(seed).sample(reviews, min(5, len(reviews))):
        progress.undo(event, now)
    progress.append(
        *(log.suspend(now, card) for card in cards[10:12]),
        *(log.reset(now, card) for card in cards[12:13]),
        *(log.bury(now, card, now.day + 3) for card in cards[13:14]),
    )
    return simulation.answers


def today() -> int:
    """The study day, as the app takes it with its default settings."""
    at = time.time_ns() // 1_000_000
    return study_day(at, (time.localtime(at / 1000).tm_gmtoff or 0) // 60, ROLLOVER)


def main() -> None:
    """Let somebody study the decks of a home."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulate", description=__doc__)
    parser.add_argument("home", type=Path)
    for name, default in (("days", 365), ("new", 5), ("most", 60), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    arguments = vars(parser.parse_args())
    with Workspace(paths=paths_in(arguments.pop("home"))) as workspace:
        workspace.refresh()
        decks = (
            cards_of_deck(workspace.progress.connection, deck.id)
            for deck in workspace.agenda.decks()
        )
        cards = [card for deck in decks for card in deck]
        answers = simulate(workspace.progress, cards, today(), **arguments)
        print(f"{answers} answers in {workspace.paths.progress_file}", file=sys.stderr)


if __name__ == "__main__":
    main()
