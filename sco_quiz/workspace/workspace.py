"""Opens library and progress together: which decks there are, what waits, sessions over them."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Self

from sco_quiz import config as settings
from sco_quiz.errors import UsageError
from sco_quiz.learning.queue import Counts, Pick
from sco_quiz.library.index import Index
from sco_quiz.paths import Paths, find_paths
from sco_quiz.workspace import safekeeping
from sco_quiz.workspace.agenda import Agenda
from sco_quiz.workspace.catalogue import (
    Catalogue,
    DeckSummary,
    Header,
    logged_titles,
    state_of_files,
)
from sco_quiz.workspace.opening import attach, open_library, system_now
from sco_quiz.workspace.relinking import Relinker

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType

    from sco_quiz.learning.journal import Undone
    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.learning.results import QuizOptions
    from sco_quiz.learning.session import StudySession
    from sco_quiz.learning.study_day import Clock
    from sco_quiz.workspace.activity import Activity
    from sco_quiz.workspace.authoring import Authoring
    from sco_quiz.workspace.browsing import Browser
    from sco_quiz.workspace.catalogue import DeckRow, Problem
    from sco_quiz.workspace.figures import Figures
    from sco_quiz.workspace.history import History
    from sco_quiz.workspace.practice import Practice
    from sco_quiz.workspace.quizzing import QuizJournal


class Refreshed(NamedTuple):
    """What a look at the deck files came to.

    Attributes:
        changed: Whether any file was read or is gone.
        kept: Edited cards that kept their history.
        doubtful: Edited cards of which the learner has to say what they were.
    """

    changed: bool
    kept: int
    doubtful: int

    def in_words(self) -> str:
        """What became of edited cards; empty when there are none."""
        parts = []
        if self.kept:
            whose = "its" if self.kept == 1 else "their"
            parts.append(f"{self.kept} edited card{'s' * (self.kept != 1)} kept {whose} history")
        if self.doubtful:
            parts.append(f"{self.doubtful} need{'s' * (self.doubtful == 1)} you")
        return ", ".join(parts)


class Workspace:
    """Everything of one learner, open.

    Attributes:
        paths: Where things are.
        config: The settings.
        progress: The log.
        agenda: What waits.
        relinker: Keeps the history of edited cards, and asks about doubtful ones.
        mended: What became of a damaged progress file, in words; empty when it was whole.
    """

    def __init__(
        self,
        *,
        paths: Paths | None = None,
        clock: Clock | None = None,
        extra: Iterable[Path] = (),
        read_only: bool = False,
        mend: bool = False,
    ) -> None:
        """Open library and progress. No deck is read yet; see `refresh`.

        Args:
            paths: Where things are, if not where the platform says.
            clock: Tells the present, if not the system's.
            extra: Deck files besides those in the decks folders.
            read_only: Leave the progress file as it is, for commands that only look.
            mend: Put a new progress file in the place of a damaged one; see `mended`.

        Raises:
            ConfigError: The settings cannot be read.
            ProgressError: The progress file cannot be used.
        """
        self.paths = paths or find_paths()
        self._settings_stamp = settings.stamp(self.paths.config_file)
        self.config, self._config_problems = settings.load(self.paths.config_file)
        self.now = clock or (lambda: system_now(self.config.rollover))
        self._elsewhere = Lock()
        with ExitStack() as stack:
            self.progress, self.mended = safekeeping.open_progress(
                self.paths.progress_file, read_only=read_only, mend=mend
            )
            stack.callback(self.progress.close)
            self._index = Index(self.paths.index_file)
            stack.callback(self._index.close)
            self._extra = tuple(extra)
            self._read_only = read_only
            self._library = open_library(self._index, self.paths, self.config, self._extra)
            if not read_only and (self.paths.data / "imports" / "pending.json").exists():
                self._finish_import()
            self._db = self.progress.connection
            attach(self._db, self._index)
            self._close = stack.pop_all().close
        self.relinker = Relinker(self.progress, self._index, self.now)
        self.reload()

    def _finish_import(self) -> None:
        """Put right what an import left behind that was broken off."""
        from sco_quiz.workspace.importing import filing_of

        filing_of(self).settle()

    def close(self) -> None:
        """Let go of the files, once nothing is read `refresh_elsewhere`."""
        with self._elsewhere:
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

    # The library

    def refresh(self, progress: Callable[[int, int], None] | None = None) -> Refreshed:
        """Read the deck files that changed, see them, and re-link cards that were edited.

        Args:
            progress: Told after each file how many of how many are read.

        Raises:
            ProgressError: The log could not be written.
        """
        read = self._library.refresh(progress)
        self._look_again()
        kept, doubtful = (0, 0) if self._read_only else self.relinker.run()
        return Refreshed(bool(read), kept, doubtful)

    def refresh_elsewhere(self, progress: Callable[[int, int], None] | None = None) -> Refreshed:
        """What `refresh` does, on connections of its own: for a thread. `reload` then shows it."""
        with self._elsewhere:
            if not self._library.look() and self._index.relinking()[0] == self._files:
                return Refreshed(changed=False, kept=0, doubtful=0)
            with Workspace(
                paths=self.paths, clock=self.now, extra=self._extra, read_only=self._read_only
            ) as other:
                refreshed = other.refresh(progress)
                read = refreshed.changed or other._files != self._files  # by another program, maybe
                return refreshed._replace(changed=read)

    def elsewhere(self) -> Workspace:
        """The same on connections of its own, to look at from a thread."""
        return Workspace(paths=self.paths, clock=self.now, extra=self._extra, read_only=True)

    def reload(self) -> None:
        """See what the index holds now."""
        self._seen = self._index_version()
        self._catalogue = Catalogue(self._db, self._library.files)
        self.agenda = Agenda(self._db, self._catalogue.decks, self.config, self.now)
        self._files = state_of_files(self._db)

    def _look_again(self) -> bool:
        """See what another connection wrote to the index; whether there was anything."""
        if self._index_version() == self._seen:
            return False
        self.reload()
        return True

    def _index_version(self) -> int:
        """Differs when another connection wrote to the index."""
        version: int = self._db.execute("PRAGMA library.data_version").fetchone()[0]
        return version

    def reread_settings(self) -> bool:
        """Take up what the settings file says now; sessions that are open keep what they have.

        Returns:
            Whether anything changed.

        Raises:
            ConfigError: The file cannot be used; what was set before holds. Told once.
        """
        stamp = settings.stamp(self.paths.config_file)
        if stamp == self._settings_stamp:
            return False
        self._settings_stamp = stamp
        before = self.config, self._config_problems
        self.config, self._config_problems = settings.load(self.paths.config_file)
        if self.config.decks != before[0].decks:
            self._library = open_library(self._index, self.paths, self.config, self._extra)
        self.reload()
        return before != (self.config, self._config_problems)

    @property
    def warnings(self) -> list[str]:
        """Settings, folders and files that could not be used, one line each."""
        own = [self.mended, safekeeping.backup_in_sight(self.progress)]
        return [*filter(None, own), *self._config_problems, *self._library.problems]

    def problems(self) -> list[Problem]:
        """Mistakes in deck files, errors before warnings."""
        return self._catalogue.problems()

    def find_decks(self, names: Sequence[str]) -> list[str]:
        """The ids of decks named by id, by the unique beginning of one, or by path.

        Raises:
            UsageError: A name fits no deck, or more than one.
        """
        return list(dict.fromkeys(map(self._catalogue.find, names)))

    @cached_property
    def authoring(self) -> Authoring:
        """Writes to the learner's own decks."""
        from sco_quiz.workspace.authoring import Authoring

        return Authoring(self)

    @property
    def connection(self) -> sqlite3.Connection:
        """The log with the index attached; see `candidates`."""
        return self._db

    def file_of(self, deck: str) -> tuple[Path, bool]:
        """The file of a deck, and whether it came with the app."""
        return Path(self._decks[deck].path), self._catalogue.is_shipped(deck)

    def deck_of(self, path: Path) -> str | None:
        """The id of the deck in a file; None when it holds none that is used."""
        return next((deck for deck, row in self._decks.items() if row.path == str(path)), None)

    def owner_of(self, deck: str) -> Path | None:
        """The file of the deck that has an id, if one has."""
        return Path(self._decks[deck].path) if deck in self._decks else None

    def undo(self) -> Undone | None:
        """Take back the learner's last step; see `undoing.undo`."""
        from sco_quiz.workspace.undoing import undo

        return undo(self)

    def prompt_of(self, key: str) -> str:
        """What a card of the log asked when it was last answered, or otherwise touched."""
        rows = self.progress.query("SELECT prompt FROM face WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    def title(self, deck: str) -> str:
        """What people call a deck; of one that is gone, what it was called."""
        row = self._decks.get(deck)
        return row.title if row else logged_titles(self._db).get(deck, deck)

    def headers(self) -> list[Header]:
        """What the headers of the decks say of settings, in the order of the decks."""
        return self._catalogue.headers()

    @property
    def titles(self) -> dict[str, str]:
        """What people call each deck, by id."""
        return {deck: row.title for deck, row in self._decks.items()}

    @property
    def has_images(self) -> bool:
        """Whether any card names one."""
        return any(row.images for row in self._decks.values())

    @property
    def _decks(self) -> Mapping[str, DeckRow]:
        return self._catalogue.decks

    @cached_property
    def browser(self) -> Browser:
        """Finds cards and changes them."""
        from sco_quiz.workspace.browsing import Browser

        return Browser(self, self._index.fill_words, self._look_again)

    def again(self) -> Workspace:
        """The same, on connections of its own: for another thread."""
        return Workspace(paths=self.paths, clock=self.now, extra=self._extra)

    # What is due

    def decks(self) -> list[DeckSummary]:
        """Every usable deck with what waits in it: the shipped ones, then the learner's own."""
        counts = self.agenda.counts()
        return [
            DeckSummary(
                id=deck,
                title=row.title,
                description=row.description,
                path=row.path,
                shipped=self._catalogue.is_shipped(deck),
                notes=row.notes,
                cards=row.cards,
                counts=counts.get(deck, Counts()),
            )
            for deck, row in self._decks.items()
        ]

    def study(
        self,
        decks: Sequence[str] = (),
        *,
        tag: str | None = None,
        most: int | None = None,
        most_new: int | None = None,
        pick: Pick = Pick.DUE,
        minutes: float | None = None,
    ) -> StudySession:
        """A session over what `agenda.today` says; it writes each answer to the log.

        Args:
            decks: Only these; none means all.
            tag: Only notes with this tag.
            most: The most cards in all.
            most_new: The most new cards.
            pick: Which cards, and which first.
            minutes: How long it is to be. What is due then comes by its risk, new cards last.
        """
        from sco_quiz.learning.queue import Queue
        from sco_quiz.learning.session import StudySession
        from sco_quiz.workspace.journal import StudyJournal

        if pick is Pick.DUE and minutes is not None:
            pick = Pick.AT_RISK
        today = self.agenda.today(decks, tag=tag, most=most, most_new=most_new, pick=pick)
        journal = StudyJournal(
            self.progress,
            now=self.now,
            undo=self.undo,
            look_again=self._look_again,
            config=self.config,
            decks={deck: self._decks[deck].title for deck in decks or self._decks},
            retention={deck: self._retention_of(deck) for deck in self._decks},
            ramp={
                deck: self.config.of_deck(deck, "ramp", row.ramp)
                for deck, row in self._decks.items()
            },
            minutes=minutes,
        )
        queue = Queue(today, new_last=pick is Pick.AT_RISK)
        return StudySession(journal, queue, self.config.leech_lapses, minutes)

    def quiz(
        self,
        decks: Sequence[str] = (),
        options: QuizOptions | None = None,
        *,
        tag: str | None = None,
        seed: int | None = None,
    ) -> Quiz:
        """A quiz over all cards, due or not, but those set aside; it moves no due date.

        Args:
            decks: Only these, as far as they are there; none means all.
            options: What the learner chose; of more questions than there are cards it takes all.
            tag: Only notes with this tag.
            seed: Decides what is drawn; by default chance does.

        Raises:
            UsageError: There is nothing to ask.
        """
        from random import Random, SystemRandom

        from sco_quiz.learning.drawing import draw
        from sco_quiz.learning.quiz import Quiz
        from sco_quiz.learning.results import QuizOptions
        from sco_quiz.workspace.candidates import every_card

        options = options or QuizOptions()
        seed = SystemRandom().getrandbits(32) if seed is None else seed
        titles = {
            deck: row.title for deck, row in self._decks.items() if deck in decks or not decks
        }
        cards = every_card(self._db, list(titles), tag)
        drawn = draw(cards, options.number, Random(seed))  # noqa: S311 -- a game, not secrecy
        if not drawn:
            raise UsageError(
                f"there is no card to ask{f' with the tag {tag!r}' if tag else ''}",
                "choose other decks or another tag; suspended cards are not asked",
            )
        return Quiz(self.quiz_journal(titles, options, tag), drawn, options, seed)

    def quiz_journal(
        self,
        decks: Mapping[str, str],
        options: QuizOptions,
        tag: str | None = None,
        retry_of: str | None = None,
    ) -> QuizJournal:
        """What a quiz is written with; see `QuizJournal`."""
        from sco_quiz.workspace.quizzing import QuizJournal

        return QuizJournal(self.progress, self.now, self._look_again, decks, options, tag, retry_of)

    # What was done

    @cached_property
    def activity(self) -> Activity:
        """What the learner did of late."""
        from sco_quiz.workspace.activity import Activity

        return Activity(self)

    def figures(self, decks: Sequence[str] = ()) -> Figures:
        """How it has been going in these decks; none means all."""
        from sco_quiz.workspace.figures import Figures

        return Figures(self, decks)

    @cached_property
    def history(self) -> History:
        """Sessions and what was answered in them."""
        from sco_quiz.workspace.history import History

        return History(self)

    @cached_property
    def practice(self) -> Practice:
        """Quizzes on what went wrong."""
        from sco_quiz.workspace.practice import Practice

        return Practice(self)

    def desired_retention(self, decks: Sequence[str] = ()) -> float:
        """What holds for these decks (none means all) alike, else what is set for all."""
        own = {self._retention_of(deck) for deck in decks or self._decks if deck in self._decks}
        return own.pop() if len(own) == 1 else self.config.retention

    def _retention_of(self, deck: str) -> float:
        return float(self.config.of_deck(deck, "retention", self._decks[deck].retention))
