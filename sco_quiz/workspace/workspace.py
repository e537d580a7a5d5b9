"""Library and progress, opened as a pair, that sessions, figures, imports and forms stand on."""

from __future__ import annotations

import os
from contextlib import ExitStack
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple, Self

from sco_quiz import config as settings
from sco_quiz import debug
from sco_quiz.errors import DamagedError, DeckError, ProgressError, StaleError
from sco_quiz.files import sweep
from sco_quiz.library.index import Index
from sco_quiz.paths import Paths, find_paths
from sco_quiz.progress.database import BACKUPS
from sco_quiz.progress.file import explained, settle
from sco_quiz.progress.store import Progress
from sco_quiz.vocabulary import many, plural
from sco_quiz.workspace.agenda import Agenda
from sco_quiz.workspace.catalogue import Catalogue, state_of_files
from sco_quiz.workspace.opening import attach, open_library, system_now
from sco_quiz.workspace.relinking import Relinker

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import TracebackType

    from sco_quiz.errors import BehindError
    from sco_quiz.learning.study_day import Clock


class Refreshed(NamedTuple):
    """The outcome of a look at the deck files.

    Attributes:
        changed: Whether any file was read or is gone.
        kept: Edited cards that kept their history.
        doubtful: Edited cards of which the learner has to say what they were.
    """

    changed: bool
    kept: int
    doubtful: int

    def in_words(self) -> str:
        """Tell what became of edited cards; empty when there are none."""
        parts = []
        if self.kept:
            whose = plural(self.kept, "its", "their")
            parts.append(f"{many(self.kept, 'edited card')} kept {whose} history")
        if self.doubtful:
            parts.append(many(self.doubtful, "needs you", "need you"))
        return ", ".join(parts)


class Workspace:
    """The decks and the progress of one learner, open.

    It knows nothing of what is done with them: sessions, figures, imports and forms stand on it.

    Attributes:
        paths: Where things are.
        config: The settings.
        now: Tells the present.
        progress: The log; its connection sees the index too, see `candidates`.
        index: What was read from the deck files.
        catalogue: The decks in use.
        agenda: What waits.
        relinker: Keeps the history of edited cards, and asks about doubtful ones.
        mended: What became of a damaged progress file, and of a step that was broken off and
            could not be put right, in words; empty when there was none.
    """

    catalogue: Catalogue
    agenda: Agenda
    relinker: Relinker

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
            BehindError: The progress file knows less than its backups; not if `read_only`.
            ProgressError: The progress file cannot be used.
        """
        began = perf_counter()
        self.paths = paths or find_paths()
        self._settings_stamp = settings.stamp(self.paths.config_file)
        self.config, self._config_problems = settings.load(self.paths.config_file)
        self.now = clock or (lambda: system_now(self.config.rollover))
        self._refreshing = Lock()
        self._titles: dict[str, str] = {}
        self._extra = tuple(extra)
        self._read_only = read_only
        with ExitStack() as stack:
            self.progress, self.mended = open_progress(
                self.paths.progress_file, read_only=read_only, mend=mend
            )
            stack.callback(self._close_progress)
            self.index = Index(self.paths.index_file)
            stack.callback(self.index.close)
            self._library = open_library(self.index, self.paths, self.config, self._extra)
            if not read_only:
                self.mended = "; ".join(filter(None, [self.mended, *self._put_right()]))
            self._use(self.progress)
            self._close = stack.pop_all().close
        debug.note("settings, progress and index opened in %.0f ms", _ms_since(began))

    def _use(self, progress: Progress) -> None:
        """Look at the log and the index together."""
        if progress is not self.progress:
            self.progress.close()
            self.progress = progress
        self._attach()
        self.relinker = Relinker(progress, self.index, self.now)
        self._see()

    def _attach(self) -> None:
        attach(self.progress.connection, self.index, self._read_anew)
        self._attached = self.index.identity

    def _read_anew(self) -> None:
        """Read the decks into an index that was made anew while it was in use."""
        self._attached = self.index.identity
        self._library.refresh()
        self._see()

    def _close_progress(self) -> None:
        self.progress.close()  # the one that is used by then

    def _put_right(self) -> list[str]:
        """Put right what steps left behind that were broken off; return what could not be."""
        data = self.paths.progress_file.parent
        for folder in (self.paths.config, self.paths.pending_import.parent, data, data / BACKUPS):
            sweep(folder)
        for folder in (self.paths.decks_folder, *self.config.folders):
            sweep(folder, below=True)
        if not os.path.lexists(self.paths.pending_import):
            return []
        from sco_quiz.workspace.filing import Filing  # once in a great while

        try:
            return Filing(self.paths, self.config, self.progress).settle()
        except (DamagedError, StaleError):
            raise
        except (DeckError, ProgressError) as error:
            return [f"a step that was broken off is not taken back yet: {error.message}"]

    def close(self) -> None:
        """Let go of the files, once no thread is in `refresh`."""
        with self._refreshing:
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

    def elsewhere(self, *, read_only: bool = False) -> Workspace:
        """Open the same on connections of its own, for another thread."""
        paths = self.paths._replace(cache=self.index.path.parent)  # maybe a passing folder
        return Workspace(paths=paths, clock=self.now, extra=self._extra, read_only=read_only)

    def refresh(
        self, progress: Callable[[int, int], None] | None = None, *, in_thread: bool = False
    ) -> Refreshed:
        """Read the deck files that changed, see them, and re-link cards that were edited.

        Who leaves the progress file as it is sees them re-linked all the same: from then on, on a
        copy of it in memory. So `progress`, `catalogue`, `agenda` and `relinker` may be others.

        Args:
            progress: Told after each file how many of how many are read.
            in_thread: Called in another thread than the workspace's: work on connections of its
                own. `see_changes` then shows what was read.

        Raises:
            ProgressError: The log could not be written.
        """
        if in_thread:
            return self._refresh_elsewhere(progress)
        began = perf_counter()
        if self.progress.in_memory:
            self._use(Progress.open(self.paths.progress_file, read_only=True))
        read = self._library.refresh(progress)
        self.see_changes()
        found = self.relinker.find()
        if found.kept and self._read_only:
            self._use(self.progress.copy())
        kept, doubtful = self.relinker.keep(found)
        debug.note("decks looked at in %.0f ms, changed: %s", _ms_since(began), bool(read))
        return Refreshed(bool(read), kept, doubtful)

    def _refresh_elsewhere(self, progress: Callable[[int, int], None] | None) -> Refreshed:
        with self._refreshing:
            if not self._library.look() and self.index.relinked_for() == self._files:
                return Refreshed(changed=False, kept=0, doubtful=0)
            with self.elsewhere(read_only=self._read_only) as other:
                refreshed = other.refresh(progress)
                changed = (
                    refreshed.changed or state_of_files(other.progress.connection) != self._files
                )
                return refreshed._replace(changed=changed)  # by another program, maybe

    def see_changes(self) -> bool:
        """Take up what another thread or program read; return whether there was anything."""
        self.index.adopt_replacement()
        if self.index.identity != self._attached:
            self._attach()
            if self._library.look():
                self._library.refresh()
        elif self._index_version() == self._seen and self._library.files == self._seen_files:
            return False
        self._see()
        return True

    def _see(self) -> None:
        db = self.progress.connection
        self._seen, self._seen_files = self._index_version(), self._library.files
        self.catalogue = Catalogue(db, self._library.files, self._titles)
        self._titles |= self.catalogue.titles
        self.agenda = Agenda(db, self.catalogue, self.config, self.now)
        self._files = state_of_files(db)

    def _index_version(self) -> int:
        """Return a number that differs when another connection wrote to the index."""
        version: int = self.progress.connection.execute("PRAGMA library.data_version").fetchone()[0]
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
        debug.note("settings changed, and are read again")
        before = self.config, self._config_problems
        self.config, self._config_problems = settings.load(self.paths.config_file)
        if self.config.decks != before[0].decks:
            self._library = open_library(self.index, self.paths, self.config, self._extra)
        self._see()
        return before != (self.config, self._config_problems)

    def back_up_if_due(self, today: int) -> None:
        """Make the backup of a study day unless there is one. May be called in another thread.

        Raises:
            ProgressError: The progress file is damaged, or the backup could not be written.
        """
        from sco_quiz.workspace import safekeeping  # behind the first paint or the last answer

        safekeeping.back_up_if_due(self.paths.progress_file, today)

    @property
    def warnings(self) -> list[str]:
        """Settings, folders and files that could not be used, one line each."""
        own = [self.mended, self._shortfall()]
        return [*filter(None, own), *self._config_problems, *self._library.problems]

    def _shortfall(self) -> str:
        """Tell what a backup holds beyond the progress file; who writes was told before."""
        if not self._read_only:
            return ""
        with explained(self.progress.path):
            behind = _shortfall(self.progress.connection, self.progress.path)
        return f"{behind.message}; {behind.help}" if behind else ""


def _ms_since(began: float) -> float:
    return (perf_counter() - began) * 1000


def open_progress(path: Path, *, read_only: bool, mend: bool) -> tuple[Progress, str]:
    """Open the progress file.

    Args:
        path: The file.
        read_only: Leave it as it is.
        mend: Put a new file in the place of a damaged one.

    Returns:
        The log; and what became of a damaged file, in words.

    Raises:
        BehindError: It knows less than its backups; nothing was written. Not if `read_only`.
        ProgressError: It cannot be used.
    """
    if read_only:
        return Progress.open(path, read_only=True), ""
    with ExitStack() as stack:
        with explained(path):
            settle(path)
        if not path.exists() or not path.stat().st_size:  # to open it would make it
            _check_reach(None, path)
        try:
            progress, told = Progress.open(path), ""
        except DamagedError:
            if not mend:
                raise
            from sco_quiz.progress import renewing

            mended = renewing.mend(path)
            progress, told = Progress.open(path), mended.in_words() if mended else ""
        stack.callback(progress.close)
        _check_reach(progress.connection, path)
        stack.pop_all()
    return progress, told


def _check_reach(db: sqlite3.Connection | None, path: Path) -> None:
    with explained(path):
        behind = _shortfall(db, path)
    if behind:
        raise behind


def _shortfall(db: sqlite3.Connection | None, path: Path) -> BehindError | None:
    """Return the error that tells of a log that knows less than its backups, if there are any."""
    if not path.with_name(BACKUPS).exists():
        return None
    from sco_quiz.progress.reach import shortfall  # a home without backups does without

    return shortfall(db, path)
