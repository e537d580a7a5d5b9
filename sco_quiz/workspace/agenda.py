"""What waits: today, deck by deck under its limits, and when the next card comes."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.queue import Allowance, Counts, Pick, Today, count_today, select_today
from sco_quiz.learning.study_day import DAY_MS, MINUTE_MS, Moment, day_end
from sco_quiz.workspace import queries

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from sco_quiz.config import Config
    from sco_quiz.learning.backlog import Backlog


HARDEST = 10
"""How many of the hardest cards are gone over at once."""


class Offers(NamedTuple):
    """What can be done when nothing is due.

    Attributes:
        hardest: How many of the hardest cards can be gone over, `HARDEST` at most; as long as there
            is one, there is something to study ahead of time.
        quiz: Whether there are cards for a quiz.
    """

    hardest: int
    quiz: bool


class Agenda:
    """What waits in some decks; none of the names given to a method means all of them."""

    def __init__(
        self, db: sqlite3.Connection, decks: Mapping[str, queries.DeckRow], config: Config
    ) -> None:
        """Look at the decks that `queries.use_decks` named."""
        self._db = db
        self._decks = decks
        self._config = config

    def counts(self, now: Moment) -> dict[str, Counts]:
        """How many cards `today` chooses of each deck; decks of which it chooses none left out."""
        if self._share(now) is not None:
            return self.today(now).counts()
        allowances, notes = self._allowances(now, list(self._decks))
        return count_today(
            queries.learning(self._db, now.day, day_end(now, self._config.rollover)),
            queries.count_reviews(self._db, now.day),
            {
                deck: queries.new(self._db, deck, now.day, last_first=True)
                for deck, allowed in allowances.items()
                if allowed.new
            },
            allowances=allowances,
            answered_notes=notes,
            brought=queries.brought(self._db, now.day),
        )

    def today(
        self,
        now: Moment,
        decks: Sequence[str] = (),
        *,
        tag: str | None = None,
        most: int | None = None,
        most_new: int | None = None,
        pick: Pick = Pick.DUE,
    ) -> Today:
        """What to study now; see `Workspace.today`."""
        db, wanted = self._db, decks or list(self._decks)
        allowances, notes = self._allowances(now, wanted, most_new)
        if pick in (Pick.AHEAD, Pick.HARDEST):  # beyond what the day asks for, so beyond its limits
            return select_today(
                (), queries.reviews(db, now.day, tag, pick), {},
                allowances={deck: self._limits(deck) for deck in wanted},
                answered_notes=notes, most=most,
            )  # fmt: skip
        share = self._share(now) if pick is Pick.DUE else None
        if share is not None:  # of all decks: so each shows what it asks when studied alone
            allowances, notes = self._allowances(now, list(self._decks), most_new or 0)
        today = select_today(
            queries.learning(db, now.day, day_end(now, self._config.rollover), tag),
            queries.reviews(db, now.day, tag, pick),
            {
                deck: queries.new(db, deck, now.day, tag)
                for deck, allowed in allowances.items()
                if allowed.new
            },
            allowances=allowances,
            answered_notes=notes,
            most=most if share is None else None,
            most_new=most_new,
            most_reviews=share,
            brought=queries.brought(db, now.day, tag),
        )
        return today if share is None else today.of(wanted, most)

    def backlog(self, now: Moment) -> Backlog:
        """The reviews that wait in all decks, and what the learner's plan makes of them."""
        from sco_quiz.learning.backlog import ABSENCE, USUAL, Backlog

        waiting = self._waiting(now)
        share = self._share(now)
        usual, last = queries.study_before(self._db, now.day)
        return Backlog(
            waiting,
            0 if share is None else self._config.backlog_per_day,
            0 if share is None else waiting - share,
            usual or USUAL,
            bool(last) and now.day - last > ABSENCE,
        )

    def _waiting(self, now: Moment) -> int:
        return sum(count for _, _, count in queries.count_reviews(self._db, now.day))

    def _share(self, now: Moment) -> int | None:
        """How many reviews the plan for a backlog leaves for today.

        None without a plan, or when there is room for all that waits: the backlog is cleared.
        """
        per_day = self._config.backlog_per_day
        if not per_day:
            return None
        _, used = queries.answered_today(self._db, now.day)
        left = max(per_day - sum(each.reviews for each in used.values()), 0)
        return left if self._waiting(now) > left else None

    def offers(self, now: Moment, decks: Sequence[str] = ()) -> Offers:
        """What can be done when nothing is due."""
        decks = decks or list(self._decks)
        return Offers(
            queries.known(self._db, decks, now.day, HARDEST),
            any(self._decks[deck].cards for deck in decks),
        )

    def next_in_words(self, now: Moment, decks: Sequence[str] = ()) -> str:
        """When the next card comes, as a sentence."""
        decks = decks or list(self._decks)
        today = self.today(now, decks)
        waiting = len(today.brought) + len(today.reviews) + len(today.new)
        if waiting:
            return f"{waiting} card{'s' * (waiting != 1)} still wait{'s' * (waiting == 1)} today."
        if self._share(now) is not None:
            return "What else waits comes on later days, as you planned."
        steps = queries.learning(self._db, now.day + 1, now.at + DAY_MS)
        step = next((card.due_at for card in steps if card.deck in decks), None)
        if step is not None:
            minutes = max(1, math.ceil((step - now.at) / MINUTE_MS))
            wait = f"{minutes} min" if minutes < 100 else f"{round(minutes / 60)} h"
            return f"The next card comes in {wait}."
        day = queries.next_due_day(self._db, decks, now.day)
        if self._has_new(decks, now.day + 1):
            day = now.day + 1
        if day is None:
            return "No card is scheduled."
        if day == now.day + 1:
            return "The next cards come tomorrow."
        when = date.fromordinal(day)
        return f"The next card comes on {when:%A}, {when.day} {when:%B}."

    def _has_new(self, decks: Sequence[str], day: int) -> bool:
        return any(
            self._limits(deck).new and next(queries.new(self._db, deck, day), None)
            for deck in decks
        )

    def _allowances(
        self, now: Moment, decks: Sequence[str], most_new: int | None = None
    ) -> tuple[dict[str, Allowance], set[str]]:
        """What each deck may still ask today, and the notes of which a card was answered today."""
        notes, used = queries.answered_today(self._db, now.day)
        allowances = {}
        for deck in decks:
            allowed, taken = self._limits(deck), used.get(deck, Allowance(0, 0))
            new = allowed.new - taken.new if most_new is None else most_new
            allowances[deck] = Allowance(max(new, 0), max(allowed.reviews - taken.reviews, 0))
        return allowances, notes

    def _limits(self, deck: str) -> Allowance:
        row, config = self._decks[deck], self._config
        return Allowance(
            config.of_deck(deck, "new_per_day", row.new_per_day),
            config.of_deck(deck, "reviews_per_day", row.reviews_per_day),
        )
