"""Opens library and progress together: which decks, what is due, sessions, figures for today."""

from __future__ import annotations

import math
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from sco_quiz import config as settings
from sco_quiz.errors import UsageError
from sco_quiz.learning.queue import Allowance, Counts, Today, select_today
from sco_quiz.learning.study_day import DAY_MS, MINUTE_MS, Clock, Moment, day_end, study_day
from sco_quiz.library.index import Index
from sco_quiz.library.library import Library
from sco_quiz.paths import Paths, find_paths, shipped_decks
from sco_quiz.progress.store import Progress
from sco_quiz.workspace import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType

    from sco_quiz.learning.session import StudySession

USUAL_MS = 15_000
"""What an answer is taken to need before there are any to judge by."""


class Problem(NamedTuple):
    """A mistake in a deck file, or a file that cannot be read (line 0)."""

    path: str
    line: int
    column: int
    severity: str
    code: str
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class DeckSummary:
    """A deck as a list of decks shows it.

    Attributes:
        id: What commands name it by.
        title: What people call it.
        description: What it is about; may be empty.
        path: Its file.
        shipped: Whether it came with the app.
        notes: How many notes it has.
        cards: How many cards these yield.
        counts: What waits today.
    """

    id: str
    title: str
    description: str
    path: str
    shipped: bool
    notes: int
    cards: int
    counts: Counts


class Workspace:
    """Everything of one learner, open.

    Attributes:
        paths: Where things are.
        config: The settings.
        warnings: Settings, folders and files that could not be used, one line each.
        progress: The log.
    """

    def __init__(
        self,
        *,
        paths: Paths | None = None,
        clock: Clock | None = None,
        extra: Iterable[Path] = (),
        read_only: bool = False,
    ) -> None:
        """Open library and progress. No deck is read yet; see `refresh`.

        Args:
            paths: Where things are, if not where the platform says.
            clock: Tells the present, if not the system's.
            extra: Deck files besides those in the decks folders.
            read_only: Leave the progress file as it is, for commands that only look.

        Raises:
            ConfigError: The settings cannot be read.
            ProgressError: The progress file cannot be used.
        """
        self.paths = paths or find_paths()
        self.config, self.warnings = settings.load(self.paths.config_file)
        self.now = clock or self._system_now
        with ExitStack() as stack:
            self.progress = Progress.open(self.paths.progress_file, read_only=read_only)
            stack.callback(self.progress.close)
            self._index = Index(self.paths.index_file)
            stack.callback(self._index.close)
            self._library = Library(
                self._index,
                shipped=shipped_decks(),
                folders=[self.paths.decks_folder, *map(Path, self.config.decks)],
                extra=extra,
            )
            self._db = self.progress.connection
            self._db.execute("ATTACH ? AS library", (self._index.uri + "?mode=ro",))
            self._close = stack.pop_all().close
        self._decks: dict[str, queries.DeckRow] = {}
        self._broken: list[queries.DeckRow] = []
        self._duplicates: list[Problem] = []
        self.reload()

    def close(self) -> None:
        """Let go of the files."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _system_now(self) -> Moment:
        at = time.time_ns() // 1_000_000
        tz = (time.localtime(at / 1000).tm_gmtoff or 0) // 60
        return Moment(at, tz, study_day(at, tz, self.config.rollover))

    # The library

    def changed(self) -> bool:
        """Whether deck files changed since they were read."""
        return bool(self._library.look())

    def read_changed(self, progress: Callable[[int, int], None] | None = None) -> bool:
        """Read the deck files that changed; may run in a thread. Then `reload` makes them seen.

        Args:
            progress: Told after each file how many of how many are read.

        Returns:
            Whether there were any.
        """
        return bool(self._library.refresh(progress))

    def refresh(self) -> None:
        """Read the deck files that changed, and see them."""
        if self.read_changed():
            self.reload()

    def reload(self) -> None:
        """See what the index holds now."""
        rows = queries.deck_rows(self._db)
        self._decks, self._broken, self._duplicates = {}, [], []
        shipped = {each.path for each in self._library.files if each.shipped}
        listed = [rows[each.path] for each in self._library.files if each.path in rows]
        listed.sort(
            key=lambda row: (
                row.path not in shipped,
                row.path in shipped or row.title.casefold(),
                row.path,
            )
        )
        for row in listed:
            if row.deck is None:
                self._broken.append(row)
            elif row.deck in self._decks:
                first = self._decks[row.deck].path
                self._duplicates.append(
                    Problem(
                        row.path, 1, 1, "error", "E002",
                        f"the deck id {row.deck!r} is taken by {first}",
                        "give one of them another `id`",
                    )
                )  # fmt: skip
            else:
                self._decks[row.deck] = row
        self._shipped = shipped
        queries.use_decks(self._db, self._decks.values())

    def problems(self) -> list[Problem]:
        """Mistakes in deck files, errors before warnings."""
        found = [
            Problem(row.path, line, column, severity, code, message, help_)
            for row in [*self._broken, *self._decks.values()]
            for severity, code, message, help_, line, column in queries.problems(self._db, row.file)
        ]
        found += self._duplicates
        return sorted(found, key=lambda each: (each.severity != "error", each.path, each.line))

    def find_decks(self, names: Sequence[str]) -> list[str]:
        """The ids of decks named by id, by the unique beginning of one, or by path.

        Raises:
            UsageError: A name fits no deck, or more than one.
        """
        return list(dict.fromkeys(self._find_deck(name) for name in names))

    def _find_deck(self, name: str) -> str:
        if name in self._decks:
            return name
        path = str(Path(name).absolute())
        for row in [*self._decks.values(), *self._broken]:
            if row.path == path:
                if row.deck is not None:
                    return row.deck
                first = queries.problems(self._db, row.file)[0]
                raise UsageError(f"{name}:{first[4]}:{first[5]}: {first[2]}", first[3])
        for duplicate in self._duplicates:
            if duplicate.path == path:
                raise UsageError(f"{name}: {duplicate.message}", duplicate.help)
        fitting = [deck for deck in self._decks if deck.startswith(name)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise UsageError(
                f"{name!r} fits several decks: {', '.join(fitting)}", "write more of the id"
            )
        from difflib import get_close_matches

        close = get_close_matches(name, list(self._decks), n=1, cutoff=0.4)
        raise UsageError(
            f"there is no deck {name!r}",
            f"did you mean {close[0]!r}? `sco-quiz decks` lists them all"
            if close
            else "`sco-quiz decks` lists them all",
        )

    def title(self, deck: str) -> str:
        """What people call a deck."""
        return self._decks[deck].title

    # What is due

    def decks(self) -> list[DeckSummary]:
        """Every usable deck with what waits in it: the shipped ones, then the learner's own."""
        counts = self.today().counts()
        return [
            DeckSummary(
                id=deck,
                title=row.title,
                description=row.description,
                path=row.path,
                shipped=row.path in self._shipped,
                notes=row.notes,
                cards=row.cards,
                counts=counts.get(deck, Counts()),
            )
            for deck, row in self._decks.items()
        ]

    def today(
        self,
        decks: Sequence[str] = (),
        *,
        tag: str | None = None,
        most: int | None = None,
        most_new: int | None = None,
        ahead: bool = False,
    ) -> Today:
        """What to study now.

        Args:
            decks: Only these; none means all.
            tag: Only notes with this tag.
            most: The most cards in all.
            most_new: The most new cards; also lifts the day's limit to it.
            ahead: Reviews that are not due yet, soonest first, instead of what is due.
        """
        now, db = self.now(), self._db
        decks = decks or list(self._decks)
        notes, used = queries.answered_today(db, now.day)
        allowances = {}
        for deck in decks:
            allowed, taken = self._limits(deck), used.get(deck, Allowance(0, 0))
            new = allowed.new - taken.new if most_new is None else most_new
            allowances[deck] = Allowance(max(new, 0), max(allowed.reviews - taken.reviews, 0))
        if ahead:
            return select_today(
                (), queries.reviews(db, now.day, tag, ahead=True), {},
                allowances=allowances, answered_notes=notes, most=most,
            )  # fmt: skip
        end = day_end(now, self.config.rollover)
        return select_today(
            queries.learning(db, now.day, end, tag),
            queries.reviews(db, now.day, tag),
            {deck: queries.new(db, deck, now.day, tag) for deck in decks if allowances[deck].new},
            allowances=allowances,
            answered_notes=notes,
            most=most,
            most_new=most_new,
        )

    def _limits(self, deck: str) -> Allowance:
        row, config = self._decks[deck], self.config
        return Allowance(
            config.new_per_day if row.new_per_day is None else row.new_per_day,
            config.reviews_per_day if row.reviews_per_day is None else row.reviews_per_day,
        )

    def study(
        self,
        decks: Sequence[str] = (),
        *,
        tag: str | None = None,
        most: int | None = None,
        most_new: int | None = None,
        ahead: bool = False,
    ) -> StudySession:
        """A session over what `today` says; it writes each answer to the log."""
        from sco_quiz.learning.queue import Queue
        from sco_quiz.learning.session import StudySession
        from sco_quiz.workspace.journal import StudyJournal

        today = self.today(decks, tag=tag, most=most, most_new=most_new, ahead=ahead)
        journal = StudyJournal(
            self.progress,
            now=self.now,
            config=self.config,
            decks=tuple(decks) or tuple(self._decks),
            retention={deck: row.retention for deck, row in self._decks.items() if row.retention},
        )
        return StudySession(journal, Queue(today))

    # Figures

    def next_due_in_words(self, decks: Sequence[str] = ()) -> str:
        """When the next card of these decks (none means all) comes, as a sentence."""
        now = self.now()
        decks = decks or list(self._decks)
        steps = queries.learning(self._db, now.day + 1, now.at + 2 * DAY_MS)
        step = next((card.due_at for card in steps if card.deck in decks), None)
        if step is not None and step < now.at + DAY_MS:
            minutes = max(0, math.ceil((step - now.at) / MINUTE_MS))
            when = "now" if minutes == 0 else in_minutes(minutes)
            return f"The next card comes {when}."
        day = queries.next_due_day(self._db, decks, now.day)
        if step is not None:
            day = min(day or step, now.day + 1)
        elif any(self._decks[deck].cards for deck in decks) and self._new_tomorrow(decks):
            day = now.day + 1
        if day is None:
            return "No card is scheduled."
        if day == now.day + 1:
            return "The next cards come tomorrow."
        return f"The next card comes on {date.fromordinal(day):%a} {date.fromordinal(day).day} {date.fromordinal(day):%b}."

    def _new_tomorrow(self, decks: Sequence[str]) -> bool:
        day = self.now().day + 1
        return any(
            self._limits(deck).new and next(queries.new(self._db, deck, day), None)
            for deck in decks
        )

    def due_tomorrow(self) -> int:
        """Reviews that fall due by tomorrow, of all decks."""
        return queries.due_tomorrow(self._db, self.now().day)

    def answers_by_day(self, days: int) -> Mapping[int, int]:
        """Answers by study day, for so many days back."""
        return queries.answers_by_day(self._db, self.now().day - days)

    def usual_milliseconds(self) -> float:
        """What an answer takes this learner."""
        return queries.usual_milliseconds(self._db) or USUAL_MS


def in_minutes(minutes: int) -> str:
    """A stretch of minutes as people say it: in 8 min, in 2 h."""
    return f"in {minutes} min" if minutes < 120 else f"in {round(minutes / 60)} h"
