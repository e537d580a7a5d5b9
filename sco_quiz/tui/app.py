"""The app: which screen is open. What happens in a screen is the screen's."""

from __future__ import annotations

import gc
from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from textual.binding import Binding
from textual.command import CommandPalette
from textual.worker import get_current_worker

from sco_quiz import debug, first_frame
from sco_quiz.commands.actions import EVERYWHERE
from sco_quiz.errors import SCOQuizError
from sco_quiz.tui import messages
from sco_quiz.tui.base import (
    App,
    Screen,
    bindings,
    end_without_terminal,
    on_signal_to_end,
    on_signals_to_stop,
)

if TYPE_CHECKING:
    from textual.events import Key
    from textual.screen import Screen as TextualScreen
    from textual.screen import ScreenResultCallbackType, ScreenResultType

    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.learning.session import StudySession
    from sco_quiz.studying.overview import Overview
    from sco_quiz.tui.screens.home import Home
    from sco_quiz.tui.screens.quiz import QuizScreen
    from sco_quiz.tui.screens.study import StudyScreen
    from sco_quiz.tui.syncing import Syncing
    from sco_quiz.workspace.workspace import Workspace

SCREENS = Path(__file__).parent / "screens"
WATCH_SECONDS = 3.0
"""How often the deck folders are looked at for changes."""
SYNC_SECONDS = 180.0
"""Seconds between two looks for changes by other devices."""


class SCOQuizApp(App):
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
        super().__init__(workspace)
        self._first_study, self._first_quiz, self._known = study, quiz, known
        self._reading = self._has_looked = self._has_followed_shipped = self._has_studied = False
        self._wanted: messages.StartStudy | None = None
        self._trouble = ""
        self._backed_up = 0
        self._seen = workspace.now().day, workspace.progress.version()

    def get_default_screen(self) -> TextualScreen[Any]:
        """Home, unless the app begins with something else."""
        begins_at_home = self._first_study is None and self._first_quiz is None
        # Textual would read it later, and all anew, as the screen is pushed; and not for this one.
        self.stylesheet.read(SCREENS / ("home.tcss" if begins_at_home else "study.tcss"))
        return self.home if begins_at_home else super().get_default_screen()

    @cached_property
    def home(self) -> Home:
        """The one Home there is, on the screen or not."""
        return home_screen()(self._known)

    @property
    def _open_home(self) -> Home | None:
        """Home, once it was shown: to make it earlier would have it show what was so then."""
        home: Home | None = vars(self).get("home")
        return home if home is not None and home.is_attached else None

    def _go_home(self) -> None:
        """Show Home as things are now."""
        if home := self._open_home:
            home.show_workspace()
        else:
            self.push_screen(self.home)

    def on_mount(self) -> None:
        """Begin with what is asked for; deck files are read once it is painted."""
        if not self.is_headless:
            on_signal_to_end(self)
            on_signals_to_stop(self)
            self.end_with_errors_of_threads_and_tasks()
        self.preferences.follow()
        if self.workspace.mended:
            self.tell(self.workspace.mended, "warning")
        self.call_after_refresh(self._on_painted)
        self.set_interval(WATCH_SECONDS, self._look_after)
        self.set_interval(SYNC_SECONDS, self.sync)

    async def _ready(self) -> None:
        """Open the session or quiz to begin with.

        Opened by `on_mount`, it would be painted later: Textual waits there for what is opened, and
        paints nothing meanwhile.
        """
        await super()._ready()
        if self._first_study is not None:
            self._study(self._first_study)
        if self._first_quiz is not None:
            self._take(self._first_quiz)

    def _on_painted(self) -> None:
        """Do what had to wait until there is something to look at."""
        self._read_styles()
        self._look_after()
        if self._first_study is not None or self._first_quiz is not None:
            self._tell_wrong_times()
        self._tell_drafts()
        Thread(target=_import_ahead, daemon=True).start()
        self.sync()
        if not gc.isenabled():  # see `cli.study`; what is here now, stays
            gc.freeze()
            gc.enable()

    def _tell_wrong_times(self) -> None:
        """Say what a wrong clock dated, where Home is not open to say so."""
        from sco_quiz.studying.wrong_clock import find_wrong_times  # once there is a question

        with self.telling_errors():
            if wrong := find_wrong_times(self.workspace):
                way = " Home offers to put that right." if wrong.offers else ""
                self.tell(wrong.words + way, "warning")

    def _tell_drafts(self) -> None:
        """Say what was written in forms and not saved, so that nobody has to think of it."""
        folder = self.workspace.paths.drafts_folder
        if folder.is_dir() and any(folder.iterdir()):
            from sco_quiz.authoring.drafts import describe_drafts  # seldom is there one

            if told := describe_drafts(self.workspace):
                self.tell(told)

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
        self._look_at_log()
        today = self.workspace.now().day
        if today != self._backed_up:
            self._backed_up = today
            self.run_worker(self._back_up, thread=True, group="backup")

    def on_steps_done(self) -> None:
        """Show on the screen that came meanwhile what the steps changed."""
        self._look_at_log()

    def _look_at_log(self) -> None:
        """Tell open screens where the day is another, or another program wrote to the log."""
        today = self.workspace.now().day
        seen = today, self.workspace.progress.version()
        if seen != self._seen:
            self._seen = seen
            self._tell_outdated()

    def _tell_outdated(self) -> None:
        """Tell open screens that decks, log or day are no longer as they were."""
        for screen in self.screen_stack:
            screen.post_message(messages.Outdated())

    def _back_up(self) -> None:
        """Make the backup of today; when the app is left, wait no longer than a second for it."""
        worker = get_current_worker()
        thread = Thread(target=self._back_up_now, daemon=True)
        thread.start()
        while thread.is_alive() and not worker.is_cancelled:
            thread.join(0.1)
        thread.join(1)

    def _back_up_now(self) -> None:
        try:
            self.workspace.back_up_if_due(self._backed_up, beside=True)
        except SCOQuizError as error:
            self.post_message(messages.BackupFailed(error))

    def on_backup_failed(self, event: messages.BackupFailed) -> None:
        """Say why there is no backup of today."""
        text = f"No backup was made: {event.error.message}: {event.error.help}"
        self.tell(text, "error")

    # Syncing

    def sync(self, *, asked: bool = False) -> None:
        """Sync in a thread, where the settings say with what, and show how it stands."""
        if self.workspace.config.sync:
            self._syncing.start(asked=asked)
            self._show_sync()

    @cached_property
    def _syncing(self) -> Syncing:
        from sco_quiz.tui.syncing import Syncing  # few have several devices

        return Syncing(self)

    @property
    def is_to_sync(self) -> bool:
        """Tell whether the app ended with something done that no sync has seen."""
        config = self.workspace.config
        return bool(config.sync) and not self._syncing.has_failed and self._syncing.is_behind

    def sync_word(self) -> str:
        """Return how syncing stands, once a first sync has begun."""
        return self._syncing.word if self.workspace.config.sync else ""

    def _show_sync(self) -> None:
        if home := self._open_home:
            home.show_sync()

    def on_sync_now(self) -> None:
        """Sync, and tell what came of it."""
        self.sync(asked=True)

    def on_synced(self, event: messages.Synced) -> None:
        """Show what came from other devices."""
        self._syncing.end(event)
        self._show_sync()
        self.look_at_settings()
        self._look_at_log()

    # Settings and keys

    def show_settings(self) -> None:
        """Show on Home what follows, and read the decks of folders that are new."""
        if home := self._open_home:
            home.show_workspace()
        self.on_read_decks()

    def on_key(self, event: Key) -> None:
        """Let a search have what was typed behind the key that opens it: it is no command."""
        take = getattr(self.screen, "type_ahead", None)
        if take is not None and event.is_printable and take(event.character):
            event.prevent_default()

    def action_command_palette(self) -> None:
        """Find a deck, an action, a setting or a theme."""
        if not isinstance(self.screen, CommandPalette):
            self.open(messages.OpenPalette())

    def action_choose_theme(self) -> None:
        """Choose the colours; those under the cursor are shown."""
        self.open(messages.OpenThemes())

    def action_help(self) -> None:
        """Show what the keys do, those of this screen first."""
        screen = self.screen
        if isinstance(screen, Screen):
            now = {each.name for each in screen.ACTIONS if screen.check_action(each.name, ())}
            self.open(messages.OpenHelp(screen.ACTIONS, now, screen.is_typed_at))
        else:
            self.open(messages.OpenHelp())

    async def action_quit(self) -> None:
        """End the app; but leave a form first, and what lies over it."""
        if not any(isinstance(each, Screen) and each.is_form for each in self.screen_stack):
            if first_frame.start is not None and not self.is_headless:
                from sco_quiz.tui.next_start import keep_first_screens  # at the end

                await keep_first_screens(self, first_frame.start, studied=self._has_studied)
            self.exit()
        elif isinstance(self.screen, Screen):
            self.screen.action_leave()
        else:
            self.screen.dismiss()

    # Screens

    def open(
        self,
        request: messages.Request[ScreenResultType],
        then: ScreenResultCallbackType[ScreenResultType] | None = None,
    ) -> None:
        """Open the screen that another asks for."""
        debug.note("%s", type(request).__name__)
        self.push_screen(_screen_for(request), then)

    # Decks

    def on_read_decks(self) -> None:
        """Look for changed deck files in a thread, one look at a time."""
        if not self._reading:
            self._reading = True
            self.run_worker(self._read_decks, thread=True, group="library")

    def _read_decks(self) -> None:
        def tell(done: int, total: int) -> None:
            self.post_message(messages.ReadingDecks(done, total))

        try:
            self.post_message(messages.DecksRead(self.workspace.refresh(tell, in_thread=True)))
        except SCOQuizError as error:
            self.post_message(messages.DecksUnreadable(error))

    def on_reading_decks(self, event: messages.ReadingDecks) -> None:
        """Show how far the reading is."""
        if home := self._open_home:
            home.show_reading(event.done, event.total)

    def on_decks_unreadable(self, event: messages.DecksUnreadable) -> None:
        """Say why, once; the next look may do better."""
        self._reading, self._has_looked, self._wanted = False, True, None
        trouble = f"{event.error.message}\n{event.error.help}"
        if trouble != self._trouble:
            self._trouble = trouble
            self.tell(event.error)

    def on_decks_read(self, event: messages.DecksRead) -> None:
        """See what was read."""
        self._reading, self._has_looked = False, True
        if event.refreshed.changed:
            debug.note("decks are read again")
            self.workspace.see_changes()
            self._tell_outdated()
        if (wanted := self._wanted) is not None:
            self._wanted = None
            if self.screen is self._open_home:
                self.on_start_study(wanted)
        if event.refreshed.kept:
            self.tell(event.refreshed.in_words().capitalize() + ".")
        if not self._has_followed_shipped:
            self._has_followed_shipped = True
            if self.workspace.catalogue.replaced:
                self.run_worker(self._follow_shipped, thread=True, group="shipped")

    def _follow_shipped(self) -> None:
        from sco_quiz.transfer.shipped import follow_shipped  # few have a copy

        try:
            with self.workspace.elsewhere() as workspace:
                told = follow_shipped(workspace)
        except SCOQuizError as error:
            self.post_message(messages.ShippedFollowed(error))
        else:
            if told:
                self.post_message(messages.ShippedFollowed(told))

    def on_shipped_followed(self, event: messages.ShippedFollowed) -> None:
        """Say what newer versions of shipped decks brought into the learner's copies."""
        self.tell(event.told, None if isinstance(event.told, SCOQuizError) else "warning")
        self.on_read_decks()

    # Studying

    def on_start_study(self, event: messages.StartStudy) -> None:
        """Begin a session, or say what is next when nothing is due."""
        from sco_quiz.studying.sessions import begin_study

        session = begin_study(self.workspace, event.decks, pick=event.pick, minutes=event.minutes)
        if session.question is None and not self._has_looked:
            self._wanted = event  # until the decks are read, as Home says
        elif session.question is None:
            self.tell(self._nothing_to_study(event))
        else:
            self._study(session, event.decks)

    def _study(self, session: StudySession, decks: tuple[str, ...] = ()) -> None:
        self._has_studied = True

        def studied(_: None) -> None:
            with self.telling_errors():  # only its end is not noted; every answer is safe
                session.end()
            self.sync()
            if session.tally.answers:
                self._summarise(session, decks)
            else:
                self._go_home()

        self.push_screen(study_screen()(session), studied)

    def _summarise(self, session: StudySession, decks: tuple[str, ...]) -> None:
        from sco_quiz.studying.sessions import end_cleared_plan
        from sco_quiz.tui.screens.summary import Summary

        def read(go_on: bool | None) -> None:
            if go_on:
                self._study(session, decks)
            else:
                self._go_home()

        self.push_screen(Summary(session, decks), read)
        with self.telling_errors():
            if end_cleared_plan(self.workspace):
                self.tell("The backlog is cleared. New cards come again.")

    # Quizzes

    def on_set_up_quiz(self) -> None:
        """Choose a quiz and take it."""

        def chosen(quiz: Quiz | None) -> None:
            if quiz is not None:
                self._take(quiz)

        self.open(messages.OpenQuizSetup(), chosen)

    def on_start_quiz(self, event: messages.StartQuiz) -> None:
        """Take a quiz, and show its result."""
        self._take(event.quiz)

    def _take(self, quiz: Quiz) -> None:
        def taken(_: None) -> None:
            self.sync()
            if quiz.results:
                self._tell_result(quiz)
            else:
                self._go_home()

        self.push_screen(quiz_screen()(quiz), taken)

    def _tell_result(self, quiz: Quiz) -> None:
        from sco_quiz.tui.screens.result import QuizResult

        def told(retry: Quiz | None) -> None:
            if retry is not None:
                self._take(retry)
            else:
                self._go_home()

        self.push_screen(QuizResult(quiz), told)

    def _nothing_to_study(self, event: messages.StartStudy) -> str:
        from sco_quiz.studying.sessions import NOTHING_PICKED

        if event.pick in NOTHING_PICKED:
            return NOTHING_PICKED[event.pick]
        offers = self.workspace.agenda.offers(event.decks)
        ways = {"ahead": "studies ahead", "hardest": "goes over the hardest"}
        ways = (ways if offers.hardest else {}) | ({"quiz": "takes a quiz"} if offers.quiz else {})
        keys = {name: self.preferences.key(f"home.{name}") for name in ways}
        words = [f"{keys[name]} {does}" for name, does in ways.items() if keys[name]]
        upshot = f" {', '.join(words)}." if words else ""
        return f"Nothing is due. {self.workspace.agenda.next_in_words(event.decks)}{upshot}"


def _import_ahead() -> None:
    """Import what the first answer needs while the question is read."""
    from sco_quiz.learning import checking, posing  # noqa: F401 -- some 180 ms
    from sco_quiz.tui import outcome  # noqa: F401

    study_screen()


def home_screen() -> type[Home]:
    """Import Home."""
    from sco_quiz.tui.screens.home import Home

    return Home


def quiz_screen() -> type[QuizScreen]:
    """Import the screen of a quiz."""
    from sco_quiz.tui.screens.quiz import QuizScreen

    return QuizScreen


def study_screen() -> type[StudyScreen]:
    """Import the screen of a study session."""
    from sco_quiz.tui.screens.study import StudyScreen

    return StudyScreen


def _screen_for(request: messages.Request[Any]) -> TextualScreen[Any]:
    """Make the screen that is asked for; its module is imported when it is first opened."""
    match request:
        case messages.OpenBrowse():
            from sco_quiz.tui.screens.browse import Browse

            return Browse(request)
        case messages.OpenHistory():
            from sco_quiz.tui.screens.history import History

            return History()
        case messages.OpenSessionPage() | messages.OpenPair():
            from sco_quiz.tui.screens.history_pages import PairPage, SessionPage

            return (
                PairPage(request)
                if isinstance(request, messages.OpenPair)
                else SessionPage(request)
            )
        case messages.OpenCatchUp() | messages.OpenMinutes() | messages.OpenQuizSetup():
            return _setup_form_for(request)
        case (
            messages.OpenNoteForm()
            | messages.OpenNewDeck()
            | messages.OpenRenameDeck()
            | messages.OpenRetag()
        ):
            return _written_form_for(request)
        case (
            messages.OpenHelp()
            | messages.OpenCardPage()
            | messages.OpenProblems()
            | messages.OpenRelink()
        ):
            return _text_page_for(request)
        case messages.OpenChooseFile():
            from sco_quiz.tui.screens.choose_file import ChooseFile

            return ChooseFile()
        case messages.OpenImport() | messages.OpenColumns():
            from sco_quiz.tui.screens.importing import ColumnsScreen, Import

            return (
                Import(request)
                if isinstance(request, messages.OpenImport)
                else ColumnsScreen(request)
            )
        case messages.OpenExport():
            from sco_quiz.tui.screens.exporting import Export

            return Export(request)
        case messages.OpenChoosing():
            from sco_quiz.tui.screens.choosing import Choosing

            return Choosing(request)
        case messages.OpenSettings():
            from sco_quiz.tui.screens.settings import Settings

            return Settings(request)
        case messages.OpenPalette():
            from sco_quiz.tui.palette import Palette

            return Palette()
        case messages.OpenThemes():
            from sco_quiz.tui.screens.themes import Themes

            return Themes()
    raise TypeError(f"no screen for {type(request).__name__}")


def _setup_form_for(
    request: messages.OpenCatchUp | messages.OpenMinutes | messages.OpenQuizSetup,
) -> TextualScreen[Any]:
    from sco_quiz.tui.screens import setup_forms

    match request:
        case messages.OpenCatchUp():
            return setup_forms.CatchUp()
        case messages.OpenMinutes():
            return setup_forms.Minutes(request)
        case messages.OpenQuizSetup():
            return setup_forms.QuizSetup(request)


def _written_form_for(
    request: messages.OpenNoteForm
    | messages.OpenNewDeck
    | messages.OpenRenameDeck
    | messages.OpenRetag,
) -> TextualScreen[Any]:
    from sco_quiz.tui.screens import note_form

    match request:
        case messages.OpenNoteForm():
            return note_form.NoteForm(request)
        case messages.OpenNewDeck():
            return note_form.NewDeck()
        case messages.OpenRenameDeck():
            return note_form.RenameDeck(request)
        case messages.OpenRetag():
            return note_form.Retag(request)


def _text_page_for(
    request: messages.OpenHelp
    | messages.OpenCardPage
    | messages.OpenProblems
    | messages.OpenRelink,
) -> TextualScreen[Any]:
    from sco_quiz.tui.screens import text_pages

    match request:
        case messages.OpenHelp():
            return text_pages.Help(request)
        case messages.OpenCardPage():
            return text_pages.CardPage(request)
        case messages.OpenProblems():
            return text_pages.ProblemsPage(request)
        case messages.OpenRelink():
            return text_pages.RelinkPage()
