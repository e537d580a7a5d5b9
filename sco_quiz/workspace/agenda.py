"""The agenda: the cards that wait today, by deck and within limits, and the next ones."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sco_quiz.learning.card_queue import (
    Counts,
    DailyLimits,
    Pick,
    Today,
    count_today,
    select_today,
    sum_of,
)
from sco_quiz.learning.study_day import DAY_MS, day_end
from sco_quiz.workspace import candidates
from sco_quiz.workspace.catalogue import DeckSummary

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import Any

    from sco_quiz.config import Config
    from sco_quiz.learning.backlog import Backlog
    from sco_quiz.learning.card_queue import Candidate
    from sco_quiz.learning.study_day import Clock, Moment
    from sco_quiz.workspace.catalogue import Catalogue
    from sco_quiz.workspace.tally import Tally

Result = TypeVar("Result")

HARDEST = 10
"""The number of cards in a session of the hardest."""
NOTHING = Counts()
MANY_BEGUN = 5_000
"""The number of begun cards from which on a tally is faster than to count them."""
ALL = ""
"""The name of the limit for all decks together."""


class Offers(NamedTuple):
    """The offers when nothing is due.

    Attributes:
        hardest: The number of hardest cards to study, at most `HARDEST`; if there is one, there are
            also cards to study ahead of time.
        quiz: True if there are cards for a quiz.
    """

    hardest: int
    quiz: bool


class Agenda:
    """The agenda of some decks; a method that gets no names takes all decks.

    Attributes:
        lacks_tally: True if many cards were counted without a tally; see `keep_tally`.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        catalogue: Catalogue,
        config: Config,
        clock: Clock,
    ) -> None:
        """Take the decks of a catalogue."""
        self._db = db
        self._catalogue = catalogue
        self._decks = catalogue.decks
        self._in_turn = sorted(self._decks, key=catalogue.stands_for_shipped)
        """The decks in the order in which they get new cards: the learner's own first."""
        self._config = config
        self._clock = clock
        self._cached: dict[str, tuple[object, Any]] = {}
        self.lacks_tally = False

    def decks(self, decks: Collection[str] = ()) -> list[DeckSummary]:
        """Return the decks with their waiting cards, in Home's order."""
        counts = self.counts(decks)
        return [self._summary(deck, counts) for deck in self._decks if deck in decks or not decks]

    def tree(self) -> list[DeckSummary]:
        """Return all decks and parents, in Home's order; a parent's numbers include those below."""
        counts, tree = self.counts(), self._catalogue.tree
        summaries = {name: self._summary(name, counts) for name in tree.nodes}
        for name in reversed(tree.parents):
            parts = [summaries[name], *map(summaries.__getitem__, tree.children(name))]
            summaries[name] = parts[0]._replace(
                notes=sum(part.notes for part in parts),
                cards=sum(part.cards for part in parts),
                counts=sum_of(part.counts for part in parts if part.counts is not NOTHING),
                decks=tuple(deck for part in parts for deck in part.decks),
            )
        return list(summaries.values())

    def _summary(self, name: str, counts: Mapping[str, Counts]) -> DeckSummary:
        """Return a deck by itself, or a parent without a file as if nothing were below it."""
        tree, row = self._catalogue.tree, self._decks.get(name)
        node = tree.nodes[name]
        return DeckSummary(
            id=name,
            title=row.title if row else node.name,
            description=row.description if row else "",
            path=row.path if row else "",
            shipped=self._catalogue.is_shipped(name) if row else node.shipped,
            stands_for_shipped=node.shipped,
            notes=row.notes if row else 0,
            cards=row.cards if row else 0,
            counts=counts.get(name, NOTHING),
            name=node.name,
            depth=len(tree.above(name)),
            decks=(name,) if row else (),
            is_parent=tree.is_parent(name),
        )

    def retention_of(self, deck: str) -> float:
        """Return the desired retention (0 to 1) of a deck: its own, or the one set for all."""
        return float(self._config.of_deck(deck, "retention", self._decks[deck].settings))

    def desired_retention(self, decks: Sequence[str] = ()) -> float:
        """Return the retention that holds for these decks alike, else the one set for all."""
        own = {self.retention_of(deck) for deck in decks or self._decks if deck in self._decks}
        return own.pop() if len(own) == 1 else self._config.retention

    def counts(self, decks: Collection[str] = ()) -> dict[str, Counts]:
        """Count the cards that `today` chooses of each deck, and the new ones held back.

        Decks without either are left out.
        """
        now = self._clock()
        if self._share(now) is not None:
            return self.today(decks).counts()
        notes, new, reviews = candidates.answered_today(self._db, now.day)
        room_for_new = self.limits("new_per_day", decks, new)
        brought = list(candidates.brought(self._db, now.day))
        decks_with_siblings = {*notes.values(), *(card.deck for card in brought)}
        with_new = self._may_have_new(now)
        wanted = {deck: room_for_new.of_itself(deck) for deck in room_for_new if deck in with_new}
        # Of no more notes than there are such cards is one begun: most decks have enough others.
        begun, tally = self._begun(now)
        begun_of = {} if tally is None else tally.begun
        enough_new = {
            deck: self._decks[deck].notes
            for deck, most in wanted.items()
            if not begun_of.get(deck, begun)
            or self._decks[deck].notes >= begun_of.get(deck, begun) + most
        }
        one_card_a_note = {
            deck: most
            for deck, most in wanted.items()
            if self._decks[deck].cards == self._decks[deck].notes
            and deck not in decks_with_siblings
            and deck not in enough_new
        }
        due = self._count_due(now)
        with_due = {deck for deck, _, _ in due if not decks or deck in decks}
        counts = count_today(
            candidates.learning(self._db, now.day, day_end(now, self._config.rollover)),
            due,
            lambda deck: (
                candidates.new(self._db, deck, now.day, last_first=True) if deck in with_new else ()
            ),
            room_for_new=room_for_new,
            room_for_reviews=(
                self.limits("reviews_per_day", with_due, reviews)
                if with_due
                else DailyLimits({}, {})
            ),
            counted_new={
                **enough_new,
                **dict(candidates.count_new(self._db, now.day, one_card_a_note)),
            },
            answered_notes=notes,
            brought=brought,
        )
        if not self._limits_of_parents("reviews_per_day"):
            return counts
        exact_counts = self.today(decks).counts()  # only each review shows which decks give way
        return {
            deck: counts.get(deck, Counts())._replace(
                review=exact_counts.get(deck, Counts()).review
            )
            for deck in {**counts, **exact_counts}
        }

    def today(
        self,
        decks: Collection[str] = (),
        *,
        tag: str | None = None,
        most: int | None = None,
        most_new: int | None = None,
        pick: Pick = Pick.DUE,
    ) -> Today:
        """Return the cards to study now.

        These decks get all that the day's limits leave. So a deck that is studied alone may get new
        cards that other decks would get if all were studied.

        Args:
            decks: The ids of decks, to take only these.
            tag: A tag, to take only notes with it.
            most: The most cards in all.
            most_new: The most new cards, in place of the day's limits.
            pick: The choice of cards and their order; cards that are not due are taken even beyond
                the day's limits.
        """
        now, db = self._clock(), self._db
        wanted = set(decks or self._decks)
        notes, new, reviews = candidates.answered_today(db, now.day)
        if pick in (Pick.AHEAD, Pick.HARDEST):  # beyond what the day asks for, so beyond its limits
            return select_today(
                (), candidates.reviews(db, now.day, tag, pick), lambda _: (),
                room_for_new=self.limits("new_per_day", wanted),
                room_for_reviews=self.limits("reviews_per_day", wanted),
                answered_notes=notes,
            ).of(wanted, most)  # fmt: skip
        with_new = self._may_have_new(now)
        share = self._share(now) if pick is Pick.DUE else None
        if most_new is None and share is None:
            room_for_new = self.limits("new_per_day", wanted, new)
        else:
            limits = {deck: (ALL,) for deck in self._in_turn if deck in wanted}
            room_for_new = DailyLimits(limits, {ALL: most_new or 0})
        return select_today(
            candidates.learning(db, now.day, day_end(now, self._config.rollover), tag),
            candidates.reviews(db, now.day, tag, pick),
            lambda deck: candidates.new(db, deck, now.day, tag) if deck in with_new else (),
            room_for_new=room_for_new,
            # A plan's share is of all decks, so a deck shows the cards that it asks when alone.
            room_for_reviews=self.limits(
                "reviews_per_day", wanted if share is None else (), reviews
            ),
            answered_notes=notes,
            most_reviews=share,
            brought=candidates.brought(db, now.day, tag),
        ).of(wanted, most)

    def _may_have_new(self, now: Moment) -> Collection[str]:
        """Return the decks with new cards; all decks unless most cards are begun."""
        begun, tally = self._begun(now)
        if tally is not None:
            return tally.with_new
        if begun * 2 < sum(deck.cards for deck in self._decks.values()):
            return self._decks.keys()
        return self._kept("decks with new", now, candidates.decks_with_new)

    def backlog(self) -> Backlog:
        """Return the reviews that wait in all decks, and the learner's plan for them."""
        from sco_quiz.learning.backlog import ABSENCE, USUAL, Backlog

        now = self._clock()
        waiting = self._waiting(now)
        share = self._share(now)
        usual, last = _study_before(self._db, now.day)
        return Backlog(
            waiting,
            0 if share is None else self._config.backlog_per_day,
            0 if share is None else waiting - share,
            usual or USUAL,
            bool(last) and now.day - last > ABSENCE,
        )

    def _waiting(self, now: Moment) -> int:
        return sum(count for _, _, count in self._count_due(now))

    def _count_due(self, now: Moment) -> list[tuple[str, str, int]]:
        tally = self._tally(now)
        return tally.due if tally is not None else self._kept("due", now, candidates.count_reviews)

    def _tally(self, now: Moment) -> Tally | None:
        """Return the tally; None if few cards are begun or it does not hold."""
        return self._begun(now)[1]

    def _begun(self, now: Moment) -> tuple[int, Tally | None]:
        """Return the number of begun cards and, if there are many, the tally, if it holds."""
        return self._kept("begun", now, self._look_at_begun)

    def _look_at_begun(self, db: sqlite3.Connection, day: int) -> tuple[int, Tally | None]:
        begun, tally = candidates.count_begun(db), None
        if begun >= MANY_BEGUN:
            from sco_quiz.workspace.tally import read_tally  # 2 modules, for large libraries only

            tally = read_tally(db, day)
            self.lacks_tally = tally is None
        return begun, tally

    def look_for_tally(self) -> None:
        """Look at the tally again that was made meanwhile; another thread may call this."""
        self.lacks_tally = False
        self._cached.pop("begun", None)

    def keep_tally(self) -> None:
        """Make a tally, for all agendas over the same log and index.

        It looks all begun cards up, which may take 0.2 s, so it is for a thread.
        """
        from sco_quiz.workspace.tally import keep_tally  # as above

        keep_tally(self._db, self._clock().day)

    def _kept(
        self, name: str, now: Moment, ask: Callable[[sqlite3.Connection, int], Result]
    ) -> Result:
        """Return the result of a query, cached until a write: such are most of Home's time."""
        (others,) = self._db.execute("PRAGMA main.data_version").fetchone()
        as_of = (now.day, self._db.total_changes, others)
        cached = self._cached.get(name)
        if cached is None or cached[0] != as_of:
            cached = self._cached[name] = as_of, ask(self._db, now.day)
        result: Result = cached[1]
        return result

    def _share(self, now: Moment) -> int | None:
        """Return the number of reviews that the plan for a backlog leaves for today.

        None without a plan, or if all that waits fits into it: then the backlog is cleared.
        """
        per_day = self._config.backlog_per_day
        if not per_day:
            return None
        _, _, reviews = candidates.answered_today(self._db, now.day)
        left = max(per_day - sum(reviews.values()), 0)
        return left if self._waiting(now) > left else None

    def offers(self, decks: Sequence[str] = ()) -> Offers:
        """Return the offers when nothing is due, of those of the decks that are there."""
        decks = [deck for deck in self._decks if deck in decks or not decks]
        return Offers(
            candidates.count_known(self._db, decks, self._clock().day, HARDEST),
            any(self._decks[deck].cards for deck in decks),
        )

    def due_tomorrow(self) -> int:
        """Return the number of reviews of all decks that are due by tomorrow."""
        return candidates.due_tomorrow(self._db, self._clock().day)

    def next_in_words(self, decks: Sequence[str] = ()) -> str:
        """Return sentences on the next card, and on new cards that are held back."""
        held = self.held_in_words(sum_of(self.counts(decks).values()))
        return " ".join(filter(None, (self._next_in_words(decks), held)))

    def _next_in_words(self, decks: Sequence[str]) -> str:
        from sco_quiz.numbers_and_times import (  # not needed by a shell prompt
            in_full,
            many,
            wait_in_words,
        )

        decks = decks or list(self._decks)
        now, today = self._clock(), self.today(decks)
        waiting = len(today.brought) + len(today.reviews) + len(today.new)
        if waiting:
            return f"{many(waiting, 'card still waits', 'cards still wait')} today."
        if self._share(now) is not None:
            return "What else waits comes on later days, as you planned."
        step, day = self._next(decks, now)
        if step is not None:
            return f"The next card comes in {wait_in_words(step - now.at)}."
        if day is None:
            return "No card is scheduled."
        if day == now.day + 1:
            return "The next cards come tomorrow."
        when = in_full(date.fromordinal(day), weekday=True, year=False)
        return f"The next card comes on {when}."

    def held_in_words(self, counts: Counts) -> str:
        """Return a sentence on new cards that are held back, and the reason; empty for none."""
        from sco_quiz.numbers_and_times import many  # not needed by a shell prompt

        if not counts.held:
            return ""
        _, new, _ = candidates.answered_today(self._db, self._clock().day)
        in_all = self._config.new_in_all
        is_used_up = 0 < in_all <= sum(new.values()) + counts.new
        why = f"{in_all} a day in all" if is_used_up else "by limits of parents"
        return f"{many(counts.held, 'new card')} held back: {why}."

    def next_wait(self, decks: Sequence[str]) -> str:
        """Return the time until the next card of decks without any now, in words; empty if none.

        A new card that a limit holds back comes tomorrow.
        """
        from sco_quiz.numbers_and_times import (  # not needed by a shell prompt
            span_in_words,
            wait_in_words,
        )

        now = self._clock()
        step, day = self._next(decks, now)
        if step is not None:
            return f"in {wait_in_words(step - now.at)}"
        if day is None:
            return ""
        return "tomorrow" if day == now.day + 1 else f"in {span_in_words(day - now.day)}"

    def _next(self, decks: Sequence[str], now: Moment) -> tuple[int | None, int | None]:
        """Return the end of the next (re)learning step (UTC ms), else the next day with a card."""
        steps = candidates.learning(self._db, now.day + 1, now.at + DAY_MS)
        step = next((card.due_at for card in steps if card.deck in decks), None)
        if step is not None:
            return step, None
        if self._has_new(decks, now.day + 1):
            return None, now.day + 1
        return None, candidates.next_due_day(self._db, decks, now.day)

    def steps(self) -> list[Candidate]:
        """Return the cards of all decks in a step that ends within a day, soonest first."""
        now = self._clock()
        return list(candidates.learning(self._db, now.day + 1, now.at + DAY_MS))

    def _has_new(self, decks: Sequence[str], day: int) -> bool:
        room = self.limits("new_per_day", decks)
        return any(
            room.of(deck) and next(candidates.new(self._db, deck, day), None) for deck in room
        )

    def limits(
        self,
        setting: str,
        decks: Collection[str] = (),
        used: Mapping[str, int] = MappingProxyType({}),
    ) -> DailyLimits:
        """Return the numbers of cards that the limits of a day leave.

        Args:
            setting: The setting with the limit: `new_per_day` or `reviews_per_day`.
            decks: The ids of decks, to take only these.
            used: The number of cards of each deck that count against it already.
        """
        chosen = [deck for deck in self._in_turn if deck in decks or not decks]
        usual, own = getattr(self._config, setting), self._config.deck
        left = {
            deck: self._limit(deck, setting) if deck in own or self._decks[deck].settings else usual
            for deck in chosen
        }
        most_in_all = self._config.new_in_all if setting == "new_per_day" else 0
        in_all = {ALL: most_in_all} if most_in_all else {}
        of_parents = self._limits_of_parents(setting)
        paths = {deck: (deck, *in_all) for deck in {**dict.fromkeys(chosen), **used}}
        if of_parents:
            above = self._catalogue.tree.above
            for deck in paths:
                limits = filter(of_parents.__contains__, above(deck))
                paths[deck] = (deck, *limits, *in_all)
        left |= of_parents | in_all
        for deck, count in used.items():
            for name in paths[deck]:
                if name in left:
                    left[name] -= count
        return DailyLimits({deck: paths[deck] for deck in chosen}, left)

    def _limits_of_parents(self, setting: str) -> dict[str, int]:
        """Return the limits that were chosen for parents, or that their headers set."""
        tree, chosen = self._catalogue.tree, self._config.deck
        limits: dict[str, int] = {}
        for name in tree.parents:
            row = self._decks.get(name)
            own_limit = chosen.get(name, {}).get(
                setting, row.settings.get(setting) if row else None
            )
            if own_limit is not None:
                limits[name] = own_limit
        return limits

    def _limit(self, deck: str, setting: str) -> int:
        return int(self._config.of_deck(deck, setting, self._decks[deck].settings))


def _study_before(db: sqlite3.Connection, day: int, days: int = 30) -> tuple[float, int]:
    """Return the mean answers of a study day before a day, and the last such day; or zeros."""
    row: tuple[float, int] = db.execute(
        "SELECT coalesce(avg(reviews), 0), coalesce(max(day), 0)"
        " FROM (SELECT day, reviews FROM study_day WHERE day < ? ORDER BY day DESC LIMIT ?)",
        (day, days),
    ).fetchone()
    return row
