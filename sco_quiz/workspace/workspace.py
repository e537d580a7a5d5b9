"""The workspace: library and progress opened as a pair, for sessions, figures and imports."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple, Self

from sco_quiz import config as settings
from sco_quiz import debug
from sco_quiz.errors import DamagedError, DeckError, ProgressError, StaleError
from sco_quiz.files import sweep
from sco_quiz.library.index import Index
from sco_quiz.numbers_and_times import many, plural
from sco_quiz.paths import Paths, find_paths, shipped_decks
from sco_quiz.progress.database import BACKUPS
from sco_quiz.progress.file import errors_in_words, settle
from sco_quiz.progress.store import Progress
from sco_quiz.workspace.agenda import Agenda
from sco_quiz.workspace.catalogue import Catalogue, state_of_files
from sco_quiz.workspace.opening import attach, open_library, system_now

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from sco_quiz.errors import BehindError
    from sco_quiz.learning.study_day import Clock
    from sco_quiz.library.decks import DeckFile
    from sco_quiz.workspace.relinking import Relinker


class Refreshed(NamedTuple):
    """The outcome of reading the deck files that changed.

    Attributes:
        changed: True if any file was read or is gone.
        kept: The number of edited cards that kept their history.
        doubtful: The number of edited cards for the learner to decide.
    """

    changed: bool
    kept: int
    doubtful: int

    def in_words(self) -> str:
        """Return the outcome for edited cards, in words; empty if there are none."""
        parts = []
        if self.kept:
            whose = plural(self.kept, "its", "their")
            parts.append(f"{many(self.kept, 'edited card')} kept {whose} history")
        if self.doubtful:
            parts.append(many(self.doubtful, "needs you", "need you"))
        return ", ".join(parts)


class Workspace:
    """The decks and the progress of one learner, open.

    Sessions, figures, imports and forms use it, and it knows nothing of them.

    Attributes:
        paths: The learner's folders.
        config: The settings.
        now: Returns the present.
        progress: The log; its connection has the index attached, see `candidates`.
        index: The index of deck files.
        catalogue: The decks in use.
        agenda: The cards that wait.
        mended: Sentences on a damaged progress file that was mended, and on an interrupted step
            that could not be taken back; empty if there was neither.
    """

    catalogue: Catalogue
    agenda: Agenda

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
            paths: The learner's folders, if not the platform's.
            clock: Returns the present, if not the system's.
            extra: Deck files besides those in the decks folders.
            read_only: True to leave the progress file as it is, for commands that only read.
            mend: True to put a new progress file in the place of a damaged one; see `mended`.

        Raises:
            ConfigError: The settings cannot be read.
            BehindError: The progress file lacks events of its backups; not if `read_only`.
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
        self._read_only, self._has_swept = read_only, False
        with ExitStack() as stack:
            self.progress, self.mended = open_progress(
                self.paths.progress_file, read_only=read_only, mend=mend
            )
            stack.callback(self._close_progress)
            self.index = Index(self.paths.index_file)
            stack.callback(self.index.close)
            self._library = open_library(self.index, self.paths, self.config, self._extra)
            self._library.find()
            if not read_only:
                self.mended = "; ".join(
                    filter(None, [self.mended, *self._settle_interrupted_steps()])
                )
            self._use(self.progress)
            self._close = stack.pop_all().close
        debug.note("settings, progress and index opened in %.0f ms", _ms_since(began))

    def _use(self, progress: Progress) -> None:
        """Use this log, with the index attached."""
        if progress is not self.progress:
            self.progress.close()
            self.progress = progress
        self._attach()
        self._see()

    @property
    def relinker(self) -> Relinker:
        """The re-linker of edited cards, which also lists doubtful ones."""
        from sco_quiz.workspace.relinking import Relinker  # 4 modules, 3 ms: a start needs no card

        return Relinker(self.progress, self.index, self.now)

    def _attach(self) -> None:
        attach(self.progress.connection, self.index, self._read_anew)
        self._attached = self.index.identity

    def _read_anew(self) -> None:
        """Read the decks into an index that was made anew while it was in use."""
        self._attached = self.index.identity
        self._library.refresh()
        self._see()

    def _close_progress(self) -> None:
        self.progress.close()  # it may be another one than at the start

    def _settle_interrupted_steps(self) -> list[str]:
        """Finish or take back interrupted steps; return sentences on those that could not be."""
        data = self.paths.progress_file.parent
        for folder in (self.paths.config, self.paths.pending_import.parent, data, data / BACKUPS):
            sweep(folder)
        if not os.path.lexists(self.paths.pending_import):
            return []
        from sco_quiz.workspace.filing import Filing  # hardly ever needed

        try:
            return Filing(self.paths, self.config, self.progress).settle()
        except (DamagedError, StaleError):
            raise
        except (DeckError, ProgressError) as error:
            return [f"an interrupted step is not taken back yet: {error.message}"]

    def _sweep_decks(self) -> None:
        """Remove, once, what killed programs left in the folders of decks: all are searched."""
        if not (self._read_only or self._has_swept):
            self._has_swept = True
            for folder in (self.paths.decks_folder, *self.config.folders):
                sweep(folder, below=True)

    def close(self) -> None:
        """Close the files, once no thread is in `refresh`."""
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
        """Open the same learner's files on connections of its own, for another thread."""
        paths = self.paths._replace(cache=self.index.path.parent)  # maybe a temporary folder
        return Workspace(paths=paths, clock=self.now, extra=self._extra, read_only=read_only)

    def expect(self, path: Path, text: str, read: DeckFile) -> None:
        """Take what reading a file that was just written comes to, so that `refresh` need not."""
        self._library.expect(path.name, text.encode(), read)

    def refresh(
        self, progress: Callable[[int, int], None] | None = None, *, in_thread: bool = False
    ) -> Refreshed:
        """Read the deck files that changed, use them, and re-link cards that were edited.

        In a thread it also makes a tally if the agenda lacks one.

        A read-only workspace re-links too, in a copy of the progress file in memory, and then uses
        that copy. So `progress`, `catalogue`, `agenda` and `relinker` may be other objects.

        Args:
            progress: Called after each file with the number of files read and the number of all.
            in_thread: True if called in another thread than the workspace's, to work on connections
                of its own. `see_changes` then takes over what was read.

        Raises:
            ProgressError: The log could not be written.
        """
        if in_thread:
            return self._refresh_elsewhere(progress)
        began = perf_counter()
        if self.progress.in_memory:
            self._use(Progress.open(self.paths.progress_file, read_only=True))
        self._sweep_decks()
        read = self._library.refresh(progress)
        self.see_changes()
        edited = self.relinker.find()
        if edited.kept and self._read_only:
            self._use(self.progress.copy())
        kept, doubtful = self.relinker.keep(edited)
        debug.note("decks looked at in %.0f ms, changed: %s", _ms_since(began), bool(read))
        return Refreshed(bool(read), kept, doubtful)

    def _refresh_elsewhere(self, progress: Callable[[int, int], None] | None) -> Refreshed:
        with self._refreshing:
            self._sweep_decks()
            is_read = not self._library.look() and self.index.relinked_for() == self._files
            if is_read and not self.agenda.lacks_tally:
                return Refreshed(changed=False, kept=0, doubtful=0)
            with self.elsewhere(read_only=self._read_only or is_read) as other:
                refreshed = other.refresh(progress)
                changed = (
                    refreshed.changed or state_of_files(other.progress.connection) != self._files
                )
                if self.agenda.lacks_tally:
                    other.agenda.keep_tally()
                    self.agenda.look_for_tally()
                return refreshed._replace(changed=changed)  # by another program, maybe

    def see_changes(self) -> bool:
        """Take over what another thread or program read; return True if there was anything."""
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
        """Return a number that changes when another connection has written to the index."""
        version: int = self.progress.connection.execute("PRAGMA library.data_version").fetchone()[0]
        return version

    def reread_settings(self) -> bool:
        """Read the settings file if it changed; open sessions keep the settings they have.

        Returns:
            True if any setting changed.

        Raises:
            ConfigError: The file cannot be used; the old settings stay. It is raised once.
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
            self._library.find()
        self._see()
        return before != (self.config, self._config_problems)

    def back_up_if_due(self, today: int, *, beside: bool = False) -> None:
        """Make the backup of a study day unless there is one; it can be called in a thread.

        Args:
            today: The study day.
            beside: True to have a large file proved by another process, in nobody's way.

        Raises:
            ProgressError: The progress file is damaged, or the backup could not be written.
        """
        from sco_quiz.workspace import safekeeping  # not needed before the first screen

        safekeeping.back_up_if_due(self.paths.progress_file, today, beside=beside)

    def is_as_read(self) -> bool:
        """Return True if a workspace opened now would show the same, and all is in order."""
        self.see_changes()
        paths = self.paths
        return not (
            self.mended
            or self._read_only
            or self._extra
            or self._settings_stamp != settings.stamp(paths.config_file)
            or self._library.look()
            or self._library.files != self._seen_files
            or self.index.relinked_for() != self._files
            or os.path.lexists(paths.pending_import)
            or self.progress.is_replaced()
            or _shortfall(self.progress.connection, paths.progress_file)
        )

    def files_behind(self) -> tuple[list[Path], list[Path]]:
        """Return the files, and the folders of decks and backups, on which the screens depend."""
        paths, backups = self.paths, self.paths.progress_file.with_name(BACKUPS)
        journals = [
            path.with_name(f"{path.name}{ending}")
            for path in (paths.progress_file, paths.index_file)
            for ending in ("-journal", "-wal")
        ]
        files = [
            paths.config_file, paths.progress_file, paths.index_file, *journals, paths.opened_file,
            paths.pending_import,
        ]  # fmt: skip
        shipped = shipped_decks()
        folders = [paths.decks_folder, *self.config.folders, backups]
        return files, [*folders, shipped] if isinstance(shipped, Path) else folders

    @property
    def warnings(self) -> list[str]:
        """Sentences on settings, folders and files that could not be used."""
        own = [self.mended, self._shortfall()]
        return [*filter(None, own), *self._config_problems, *self._library.problems]

    def _shortfall(self) -> str:
        """Return a sentence on events that only a backup has, for a workspace that is read-only."""
        if not self._read_only:
            return ""
        with errors_in_words(self.progress.path):
            behind = _shortfall(self.progress.connection, self.progress.path)
        return f"{behind.message}; {behind.help}" if behind else ""


def _ms_since(began: float) -> float:
    return (perf_counter() - began) * 1000


def open_progress(path: Path, *, read_only: bool, mend: bool) -> tuple[Progress, str]:
    """Open the progress file.

    Args:
        path: The file.
        read_only: True to leave it as it is.
        mend: True to put a new file in the place of a damaged one.

    Returns:
        The log, and a sentence on a damaged file that was mended; empty if there was none.

    Raises:
        BehindError: It lacks events of its backups; nothing was written. Not if `read_only`.
        ProgressError: It cannot be used.
    """
    if read_only:
        return Progress.open(path, read_only=True), ""
    with ExitStack() as stack:
        with errors_in_words(path):
            settle(path)
        if not path.exists() or not path.stat().st_size:  # to open it would make it
            _check_reach(None, path)
        try:
            progress, mended_in_words = Progress.open(path), ""
        except DamagedError:
            if not mend:
                raise
            from sco_quiz.progress import renewing

            mended = renewing.mend(path)
            progress, mended_in_words = Progress.open(path), mended.in_words() if mended else ""
        stack.callback(progress.close)
        _check_reach(progress.connection, path)
        stack.pop_all()
    return progress, mended_in_words


def _check_reach(db: sqlite3.Connection | None, path: Path) -> None:
    with errors_in_words(path):
        behind = _shortfall(db, path)
    if behind:
        raise behind


def _shortfall(db: sqlite3.Connection | None, path: Path) -> BehindError | None:
    """Return the error for a log that lacks events of its backups; None if it lacks none."""
    if not path.with_name(BACKUPS).exists():
        return None
    from sco_quiz.progress.backup_reach import shortfall  # not needed without backups

    return shortfall(db, path)
