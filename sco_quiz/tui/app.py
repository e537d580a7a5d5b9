"""The app: which screen is open. What happens in a screen is the screen's."""

from __future__ import annotations

import gc
from functools import cached_property
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from textual.app import App
from textual.binding import Binding
from textual.command import Command, CommandPalette
from textual.css.query import NoMatches
from textual.worker import WorkerFailed

from sco_quiz.config import THEMES
from sco_quiz.errors import SCOQuizError
from sco_quiz.learning.queue import Pick
from sco_quiz.tui.actions import EVERYWHERE, bindings
from sco_quiz.tui.messages import (
    DecksChanged,
    DecksRead,
    DecksUnread,
    ReadingDecks,
    StartQuiz,
    StartStudy,
    Unkept,
)
from sco_quiz.tui.preferences import Preferences
from sco_quiz.tui.signals import end_without_terminal, on_signal_to_end
from sco_quiz.workspace import safekeeping

if TYPE_CHECKING:
    from textual.events import DescendantFocus, Key
    from textual.screen import Screen

    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.learning.session import StudySession
    from sco_quiz.studying.overview import Overview
    from sco_quiz.tui.screens.home import Home
    from sco_quiz.workspace.workspace import Workspace

HELP_OF = {
    "Study": "Study",
    "Summary": "After a session",
    "Minutes": "Before study by time",
    "CatchUp": "A plan for a backlog",
    "QuizSetup": "Before a quiz",
    "Quiz": "Quiz",
    "Result": "After a quiz",
    "History": "History",
    "SessionPage": "A session",
    "Pair": "A confused pair",
    "Browse": "Browse",
    "Choosing": "A list to choose from",
    "ChooseFile": "Choose a file",
    "Import": "Import",
    "Columns": "Columns of a table",
    "Export": "Export",
    "NoteForm": "Add and edit",
    "NewDeck": "Add and edit",
    "Settings": "Settings",
}
"""Which part of the help comes first, by screen."""
SCREENS = Path(__file__).parent / "screens"
WATCH_SECONDS = 3.0
"""How often the deck folders are looked at for changes."""


class SCOQuizApp(App[None]):
    """sco-quiz in the terminal."""

    TITLE = "sco-quiz"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [  # noqa: RUF012 -- Textual's declaration
        *bindings(EVERYWHERE),
        Binding("ctrl+c", "quit", "Quit", show=False, priority=True),
    ]

    def __init__(
        self,
        workspace: Workspace,
        study: StudySession | None = None,
        quiz: Quiz | None = None,
        known: Overview | None = None,
    ) -> None:
        """Open the app on a workspace.

        Args:
            workspace: Belongs to the app's thread, but for `read_changed`.
            study: A session to begin with, before Home.
            quiz: A quiz to begin with.
            known: How things stand, if that has been found out.
        """
        super().__init__()
        self.workspace = workspace
        self._first_study, self._first_quiz, self._known = study, quiz, known
        self._reading = False
        self._trouble = ""
        self._backed_up = 0
        self.trouble: SCOQuizError | None = None
        self.preferences = Preferences(self)
        self._styled_as = self.theme
        self.stylesheet.set_variables(self.get_css_variables())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What our screens need before there is a theme of ours."""
        return {"muted": "#8596a8"}

    def refresh_css(self, animate: bool = True) -> None:
        """Style everything anew when the theme changed; Textual also asks for it when it starts."""
        if self.theme != self._styled_as:
            self._styled_as = self.theme
            super().refresh_css(animate)

    def get_default_screen(self) -> Screen[None]:
        """Home, unless the app begins with something else."""
        if self._first_study is not None or self._first_quiz is not None:
            return super().get_default_screen()
        for path in self.home.css_path:  # Textual does this for screens that are pushed only
            self.stylesheet.read(path)
        return self.home

    @cached_property
    def home(self) -> Home:
        """The one Home there is, on the screen or not."""
        from sco_quiz.tui.screens.home import Home

        return Home(self.workspace, self._known)

    def _go_home(self) -> None:
        """Show Home as things are now."""
        if self.home.is_attached:
            self.home.show_workspace()
        else:
            self.push_screen(self.home)

    def on_mount(self) -> None:
        """Begin with what is asked for; deck files are read once it is painted."""
        if not self.is_headless:
            on_signal_to_end(self.exit)
        self.preferences.follow()
        if self._first_study is not None:
            self._study(self._first_study)
        if self._first_quiz is not None:
            self._take(self._first_quiz)
        if self.workspace.mended:
            self.notify(self.workspace.mended, severity="warning", timeout=60, markup=False)
        self.call_after_refresh(self._on_painted)
        self.set_interval(WATCH_SECONDS, self._look_after)

    def _on_painted(self) -> None:
        """Do what had to wait until there is something to look at."""
        self._read_styles()
        self._look_after()
        Thread(target=_import_ahead, daemon=True).start()
        if not gc.isenabled():  # see `cli.study`; what is here now, stays
            gc.freeze()
            gc.enable()

    def _read_styles(self) -> None:
        """Read the stylesheets of screens to come: one that comes with it has all parsed anew."""
        for path in SCREENS.glob("*.tcss"):
            if not self.stylesheet.has_source(str(path), ""):
                self.stylesheet.read(path)
        self.stylesheet.parse()

    def _look_after(self) -> None:
        """See to the terminal and settings, and in threads to decks and backups."""
        if not self.is_headless:
            end_without_terminal()
        self.look_at_settings()
        self.on_read_decks()
        today = self.workspace.now().day
        if today != self._backed_up:
            self._backed_up = today
            self.run_worker(self._back_up, thread=True, group="backup")

    def _back_up(self) -> None:
        try:
            safekeeping.back_up_if_due(self.workspace.paths.progress_file, self._backed_up)
        except SCOQuizError as error:
            self.post_message(Unkept(error))

    def on_unkept(self, event: Unkept) -> None:
        """Say why there is no backup of today."""
        text = f"No backup was made: {event.error.message}\n{event.error.help}"
        self.notify(text, severity="error", timeout=60, markup=False)

    def _handle_exception(self, error: Exception) -> None:
        """Where the progress file is to blame, end with that rather than with a traceback.

        A screen that was to open when the app ended is told so without its widgets having come.
        """
        if self._exit and isinstance(error, NoMatches):
            return
        cause = error.error if isinstance(error, WorkerFailed) else error
        self.trouble = safekeeping.trouble_behind(cause, self.workspace.paths)
        if self.trouble is None:
            super()._handle_exception(error)
        else:
            self.exit()

    # Settings

    @property
    def warnings(self) -> list[str]:
        """Settings, keys, folders and files that could not be used, one line each."""
        file = self.workspace.paths.config_file
        return [
            *self.workspace.warnings,
            *(f"{file}: {each}" for each in self.preferences.problems),
        ]

    def look_at_settings(self) -> None:
        """Follow the settings file, if it changed."""
        try:
            changed = self.workspace.reread_settings()
        except SCOQuizError as error:
            self.notify(f"{error.message}\n{error.help}", severity="error", markup=False)
            return
        if changed:
            self.preferences.follow()
            if self.home.is_attached:
                self.home.show_workspace()
            self.on_read_decks()

    def on_key(self, event: Key) -> None:
        """Let a search have what was typed behind the key that opens it: it is no command."""
        take = getattr(self.screen, "type_ahead", None)
        if take is not None and event.is_printable and take(event.character):
            event.prevent_default()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """A cursor blinks only if it may."""
        self.preferences.calm(event.widget)

    def open_settings(self, name: str = "") -> None:
        """Show the settings, one of them under the cursor."""
        from sco_quiz.tui.screens.settings import Settings

        self.push_screen(Settings(self.workspace, name))

    def action_command_palette(self) -> None:
        """Find a deck, an action, a setting or a theme."""
        from sco_quiz.tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def action_choose_theme(self) -> None:
        """Choose the colours; those under the cursor are shown."""
        from sco_quiz.tui.palette import Palette, Themes

        def left(_: None) -> None:
            self.preferences.show_theme(self.workspace.config.theme)

        self.push_screen(Palette(Themes, "A theme"), left)

    def on_command_palette_option_highlighted(
        self, event: CommandPalette.OptionHighlighted
    ) -> None:
        """Show the theme under the cursor."""
        option = event.highlighted_event.option
        if isinstance(option, Command) and option.hit.text in THEMES:
            self.preferences.show_theme(option.hit.text)

    def action_help(self) -> None:
        """Show what the keys do, those of this screen first."""
        from sco_quiz.tui.screens.help import Help

        self.push_screen(Help(HELP_OF.get(type(self.screen).__name__, "Decks")))

    # Decks

    def on_read_decks(self) -> None:
        """Look for changed deck files in a thread, one look at a time."""
        if not self._reading:
            self._reading = True
            self.run_worker(self._read_decks, thread=True, group="library")

    def _read_decks(self) -> None:
        def tell(done: int, total: int) -> None:
            self.post_message(ReadingDecks(done, total))

        try:
            self.post_message(DecksRead(self.workspace.refresh(tell, in_thread=True)))
        except SCOQuizError as error:
            self.post_message(DecksUnread(error))

    def on_reading_decks(self, event: ReadingDecks) -> None:
        """Show how far the reading is."""
        if self.home.is_attached:
            self.home.show_reading(event.done, event.total)

    def on_decks_unread(self, event: DecksUnread) -> None:
        """Say why, once; the next look may do better."""
        self._reading = False
        trouble = f"{event.error.message}\n{event.error.help}"
        if trouble != self._trouble:
            self._trouble = trouble
            self.notify(trouble, severity="error", markup=False)

    def on_decks_read(self, event: DecksRead) -> None:
        """See what was read."""
        self._reading = False
        if event.refreshed.changed:
            self.workspace.see_changes()
            if self.home.is_attached:
                self.home.show_workspace()
            for screen in self.screen_stack:
                screen.post_message(DecksChanged())
        if event.refreshed.kept:
            self.notify(event.refreshed.in_words().capitalize() + ".")

    # Studying

    def on_start_study(self, event: StartStudy) -> None:
        """Begin a session, or say what is next when nothing is due."""
        from sco_quiz.studying.sessions import begin_study

        session = begin_study(self.workspace, event.decks, pick=event.pick, minutes=event.minutes)
        if session.question is None:
            self.notify(self._nothing_to_study(event))
        else:
            self._study(session, event.decks)

    def _study(self, session: StudySession, decks: tuple[str, ...] = ()) -> None:
        from sco_quiz.tui.screens.study import Study

        def studied(_: None) -> None:
            try:
                session.end()
            except SCOQuizError as error:  # only its end is not noted; every answer is safe
                self.notify(f"{error.message}\n{error.help}", severity="error", markup=False)
            if session.tally.answers:
                self._summarise(session, decks)
            else:
                self._go_home()

        self.push_screen(Study(session, self.workspace), studied)

    def _summarise(self, session: StudySession, decks: tuple[str, ...]) -> None:
        from sco_quiz.studying.backlog import end_cleared_plan
        from sco_quiz.tui.screens.summary import Summary

        def read(go_on: bool | None) -> None:
            if go_on:
                self._study(session, decks)
            else:
                self._go_home()

        self.push_screen(Summary(session, self.workspace, decks), read)
        try:
            if end_cleared_plan(self.workspace):
                self.notify("The backlog is cleared. New cards come again.")
        except SCOQuizError as error:
            self.notify(f"{error.message}\n{error.help}", severity="error", markup=False)

    # Quizzes

    def on_set_up_quiz(self) -> None:
        """Choose a quiz and take it."""
        from sco_quiz.tui.screens.quiz_setup import QuizSetup

        def chosen(quiz: Quiz | None) -> None:
            if quiz is not None:
                self._take(quiz)

        self.push_screen(QuizSetup(self.workspace), chosen)

    def on_start_quiz(self, event: StartQuiz) -> None:
        """Take a quiz, and show its result."""
        self._take(event.quiz)

    def _take(self, quiz: Quiz) -> None:
        from sco_quiz.tui.screens.quiz import Quiz as QuizScreen

        def taken(_: None) -> None:
            if quiz.results:
                self._tell_result(quiz)
            else:
                self._go_home()

        self.push_screen(QuizScreen(quiz, self.workspace), taken)

    def _tell_result(self, quiz: Quiz) -> None:
        from sco_quiz.tui.screens.result import Result

        def told(retry: Quiz | None) -> None:
            if retry is not None:
                self._take(retry)
            else:
                self._go_home()

        self.push_screen(Result(quiz), told)

    def _nothing_to_study(self, event: StartStudy) -> str:
        match event.pick:
            case Pick.AHEAD:
                return "There is nothing to study ahead: no card waits for a later day."
            case Pick.HARDEST:
                return "There is no card to go over: what you know, you answered today."
        offers = self.workspace.agenda.offers(event.decks)
        words = ["A studies ahead, x goes over the hardest"] if offers.hardest else []
        words += ["q takes a quiz"] if offers.quiz else []
        upshot = f" {', '.join(words)}." if words else ""
        return f"Nothing is due. {self.workspace.agenda.next_in_words(event.decks)}{upshot}"


def _import_ahead() -> None:
    """Import what the first answer needs while the question is read."""
    for module in ("tui.screens.study", "tui.outcome", "learning.scheduling"):
        import_module(f"sco_quiz.{module}")
