"""Syncing while the app is open: now and then, and never in anybody's way."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from sco_quiz.errors import SCOQuizError
from sco_quiz.learning.study_day import local_time
from sco_quiz.tui.messages import Synced

if TYPE_CHECKING:
    from sco_quiz.tui.base import App


class Syncing:
    """The syncs of one app."""

    def __init__(self, app: App) -> None:
        """Sync the home of an app, once it is told to."""
        self._app = app
        self._is_under_way = self._is_asked = False
        self._trouble = self._told = self._ended = ""
        self._last_step = -1

    @property
    def word(self) -> str:
        """The state of syncing in a word or two, for Home; empty before the first sync."""
        if self._is_under_way:
            return "syncing…"
        if self.has_failed:
            return "not synced"
        return "not all synced" if self._ended and self.is_behind else self._ended

    @property
    def has_failed(self) -> bool:
        """Tell whether the last sync could not be done."""
        return bool(self._trouble)

    @property
    def is_behind(self) -> bool:
        """Tell whether something was done here since the last sync began, or it did not end."""
        return self._is_under_way or self._app.workspace.progress.last_step() != self._last_step

    def start(self, *, asked: bool = False) -> None:
        """Begin a sync with what the settings name, unless one is under way.

        Args:
            asked: The learner waits to hear what comes of it.
        """
        self._is_asked |= asked
        if not self._is_under_way:
            self._is_under_way = True
            self._last_step = self._app.workspace.progress.last_step()
            where = self._app.workspace.config.sync
            # Thread and process end with the app: a slow server keeps nobody from leaving.
            Thread(target=self._sync, args=(where,), daemon=True).start()

    def _sync(self, where: str) -> None:
        from sco_quiz.sync.beside import synchronise_beside  # with fsrs and msgspec, for who syncs

        workspace = self._app.workspace
        try:
            outcome = synchronise_beside(workspace.paths, workspace.now(), where)
        except SCOQuizError as error:
            self._app.post_message(Synced(error))
        else:
            self._app.post_message(Synced(outcome))

    def end(self, event: Synced) -> None:
        """Take up what came of a sync; tell what is new to the learner, or was asked for."""
        asked, self._is_asked, self._is_under_way = self._is_asked, False, False
        if isinstance(event.outcome, SCOQuizError):
            trouble = event.outcome.message
            if asked or trouble != self._trouble:
                self._app.tell(event.outcome)
            self._trouble = trouble
            return
        outcome = event.outcome
        now = self._app.workspace.now()
        self._ended = f"synced {local_time(now.at, now.tz):%H:%M}"
        trouble = "\n".join(outcome.troubles)
        if outcome.told:
            self._app.tell("\n".join(outcome.told))
        if trouble and (asked or trouble != self._told):
            self._app.tell(trouble, "warning")
        elif asked:
            self._app.tell(outcome.in_words())
        self._told = trouble
        self._trouble = ""
