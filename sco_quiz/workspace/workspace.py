"""Library and progress, opened as a pair, that sessions, figures, imports and forms stand on."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Self

from sco_quiz import config as settings
from sco_quiz.errors import DamagedError
from sco_quiz.library.index import Index
from sco_quiz.paths import Paths, find_paths
from sco_quiz.progress.store import Progress
from sco_quiz.workspace.agenda import Agenda
from sco_quiz.workspace.catalogue import Catalogue, state_of_files
from sco_quiz.workspace.opening import attach, open_library, system_now
from sco_quiz.workspace.relinking import Relinker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import TracebackType

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
            whose = "its" if self.kept == 1 else "their"
            parts.append(f"{self.kept} edited card{'s' * (self.kept != 1)} kept {whose} history")
        if self.doubtful:
            parts.append(f"{self.doubtful} need{'s' * (self.doubtful == 1)} you")
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
        mended: What became of a damaged progress file, in words; empty when it was whole.
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
        self._refreshing = Lock()
        self._titles: dict[str, str] = {}
        self._extra = tuple(extra)
        self._read_only = read_only
        with ExitStack() as stack:
            self.progress, self.mended = open_progress(
                self.paths.progress_file, read_only=read_only, mend=mend
            )
            stack.callback(self.progress.close)
            self.index = Index(self.paths.index_file)
            stack.callback(self.index.close)
            self._library = open_library(self.index, self.paths, self.config, self._extra)
            if not read_only and self.paths.pending_import.exists():
                self._settle_import()
            self._attach()
            self._close = stack.pop_all().close
        self.relinker = Relinker(self.progress, self.index, self.now)
        self._see()

    def _attach(self) -> None:
        attach(self.progress.connection, self.index, self._read_anew)
        self._attached = self.index.identity

    def _read_anew(self) -> None:
        """Read the decks into an index that was made anew while it was in use."""
        self._attached = self.index.identity
        self._library.refresh()
        self._see()

    def _settle_import(self) -> None:
        """Put right what an import left behind that was broken off."""
        from sco_quiz.workspace.filing import Filing  # once in a great while

        Filing(self.paths.pending_import, self.progress).settle()

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

        Args:
            progress: Told after each file how many of how many are read.
            in_thread: Called in another thread than the workspace's: work on connections of its
                own. `see_changes` then shows what was read.

        Raises:
            ProgressError: The log could not be written.
        """
        if in_thread:
            return self._refresh_elsewhere(progress)
        read = self._library.refresh(progress)
        self.see_changes()
        kept, doubtful = (0, 0) if self._read_only else self.relinker.run()
        return Refreshed(bool(read), kept, doubtful)

    def _refresh_elsewhere(self, progress: Callable[[int, int], None] | None) -> Refreshed:
        with self._refreshing:
            if not self._library.look() and self.index.relinking()[0] == self._files:
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
        before = self.config, self._config_problems
        self.config, self._config_problems = settings.load(self.paths.config_file)
        if self.config.decks != before[0].decks:
            self._library = open_library(self.index, self.paths, self.config, self._extra)
        self._see()
        return before != (self.config, self._config_problems)

    @property
    def warnings(self) -> list[str]:
        """Settings, folders and files that could not be used, one line each."""
        own = [self.mended, _backup_in_sight(self.progress)]
        return [*filter(None, own), *self._config_problems, *self._library.problems]


def open_progress(path: Path, *, read_only: bool, mend: bool) -> tuple[Progress, str]:
    """Open the progress file.

    Args:
        path: The file.
        read_only: Leave it as it is.
        mend: Put a new file in the place of a damaged one.

    Returns:
        The log; and what became of a damaged file, in words.

    Raises:
        ProgressError: It cannot be used.
    """
    try:
        return Progress.open(path, read_only=read_only), ""
    except DamagedError:
        if not mend:
            raise
    from sco_quiz.progress import doctor

    mended = doctor.mend(path)
    return Progress.open(path), mended.in_words() if mended else ""


def _backup_in_sight(progress: Progress) -> str:
    """Name a backup to somebody whose progress file is empty; else return nothing."""
    if progress.query("SELECT 1 FROM event LIMIT 1"):
        return ""
    from sco_quiz.progress.backup import backups_of

    for day, path in backups_of(progress.path).items():
        return f"nothing is in the progress file; `sco-quiz restore {path}` brings back {day}"
    return ""
