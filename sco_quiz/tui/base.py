"""Our own `App` and `Screen`: what every screen needs of the app, and the app of its screens."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from textual import constants, getters, on
from textual.app import App as TextualApp
from textual.binding import Binding
from textual.content import Content
from textual.css.query import NoMatches
from textual.events import Compose, Key, Paste
from textual.screen import Screen as TextualScreen
from textual.screen import ScreenResultType
from textual.worker import WorkerFailed

from sco_quiz import debug, first_frame
from sco_quiz.commands.actions import ACTIONS, HELP, resolve
from sco_quiz.commands.keys import NONE, written
from sco_quiz.errors import ConfigError, SCOQuizError
from sco_quiz.numbers_and_times import taken_back
from sco_quiz.text import plain
from sco_quiz.tui.bars import KeyBar, Notice, StatusLine, TopBar, on_one_line
from sco_quiz.tui.key_queue import KeyQueue
from sco_quiz.tui.messages import OpenChoosing
from sco_quiz.tui.theme import HEAT, StrongOnPanels, find_theme

if sys.platform == "win32":
    from textual.drivers.windows_driver import WindowsDriver as PlatformDriver
else:
    import termios

    from textual.drivers.linux_driver import LinuxDriver as PlatformDriver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from threading import ExceptHookArgs

    from rich.console import RenderableType
    from textual.binding import BindingType
    from textual.driver import Driver
    from textual.events import DescendantFocus, Event
    from textual.filter import LineFilter
    from textual.geometry import Size
    from textual.message import Message
    from textual.notifications import SeverityLevel
    from textual.screen import ScreenResultCallbackType
    from textual.widget import Widget

    from sco_quiz.commands.actions import Action
    from sco_quiz.commands.keys import Keys
    from sco_quiz.learning.journal import UndoneStep
    from sco_quiz.tui.messages import Request
    from sco_quiz.workspace.workspace import Workspace


def bindings(actions: Iterable[Action]) -> list[BindingType]:
    """Return the actions as Textual wants them, with ids by which `keymap` gives them other keys.

    An action for several digits is given the place of the key that is pressed.
    """
    made: list[BindingType] = []
    for action in actions:
        text = action.label or action.help
        for place, key in enumerate(action.keys, 1):
            digit = action.name == "digit"
            name = f"{action.name}({place})" if digit else action.name
            binding_id = f"{action.id}.{place}" if digit else action.id
            made.append(Binding(key, name, text, show=False, id=binding_id))
    return made


def keymap(chosen: Mapping[str, Keys]) -> dict[str, str]:
    """Return the chosen keys as Textual wants them."""
    found: dict[str, str] = {}
    for action in ACTIONS.values():
        keys = chosen.get(action.id)
        if keys is None:
            continue
        if action.name == "digit":
            for place in range(len(action.keys)):
                key = keys[place] if place < len(keys) else NONE
                found[f"{action.id}.{place + 1}"] = key
        else:
            found[action.id] = ",".join(keys)
    return found


class Preferences:
    """The settings as the app follows them: colours, motion, keys.

    Attributes:
        keys: Of actions that have other keys than their own, by `actions.Action.id`.
        problems: Keys that cannot be used, one line each.
    """

    def __init__(self, app: App) -> None:
        """Follow the settings of an app's workspace; `follow` takes up new ones."""
        self._app = app
        self._given: Mapping[str, Keys] = {}
        self.keys, self.problems = resolve(app.workspace.config.keys)
        self._set_colours_and_motion()

    def follow(self) -> None:
        """Take up the settings as they are now, keys too: they need a screen."""
        self._set_colours_and_motion()
        config = self._app.workspace.config
        if config.keys != self._given:
            self._given = config.keys
            self.keys, self.problems = resolve(config.keys)
            self._app.set_keymap(keymap(self.keys))

    def key(self, action: str, *, typing: bool = False) -> str:
        """Return the key of an action as it is written on screen.

        Args:
            action: See `actions.Action.id`.
            typing: Take one that does not type a character.
        """
        chosen = ACTIONS[action].on(self.keys)
        return chosen.while_typing().key if typing else chosen.key

    def set(self, name: str, value: object) -> bool:
        """Change a setting in the file, and follow it; return whether that could be done."""
        from sco_quiz.config.file import change  # TOML is read and written only here

        try:
            change(self._app.workspace.paths.config_file, name, value)
        except ConfigError as error:
            self._app.tell(error)
            return False
        self._app.look_at_settings()
        return True

    def show_theme(self, name: str) -> None:
        """Show the colours of a theme, whatever is set."""
        if name != self._app.theme:
            self._app.register_theme(find_theme(name, self._app.console.color_system or ""))
            self._app.theme = name

    def calm(self, widget: Widget) -> None:
        """Keep the cursor of a text from blinking, if nothing is to move."""
        if hasattr(widget, "cursor_blink"):
            widget.cursor_blink = not self._app.workspace.config.reduced_motion

    def _set_colours_and_motion(self) -> None:
        config = self._app.workspace.config
        self.show_theme(config.theme)
        reduced = config.reduced_motion
        self._app.animation_level = "none" if reduced else constants.TEXTUAL_ANIMATIONS


class App(TextualApp[object], inherit_bindings=False):
    """The app as screens need it; the screens themselves are known to `app.SCOQuizApp`.

    Attributes:
        trouble: The first error that nobody caught.
        is_suspended: Whether another program has the terminal, as it was before the app.
    """

    def __init__(self, workspace: Workspace) -> None:
        """Make an app on a workspace.

        Args:
            workspace: Belongs to the app's thread.
        """
        super().__init__()
        # Nothing here has a tooltip, and what is told has a line: no screen needs widgets for them.
        self._disable_tooltips = self._disable_notifications = True
        self.workspace = workspace
        self.trouble: Exception | None = None
        self.is_suspended = False
        self.preferences = Preferences(self)
        self._untold: list[Notice] = []
        self._keys_in_turn = KeyQueue(self)
        self._styled_as = self.theme
        self.stylesheet.set_variables(self.get_css_variables())

    def get_driver_class(self) -> type[Driver]:
        """Return the driver, which goes on with a terminal that `first_frame` took."""
        driver = super().get_driver_class()
        return EarlyDriver if driver is PlatformDriver else driver

    def get_css_variables(self) -> dict[str, str]:
        """Return the colours of the theme; none before our app has one."""
        return super().get_css_variables() if "preferences" in vars(self) else {}

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the colours that our screens need before there is a theme of ours."""
        return {"muted": "#8596a8", **dict.fromkeys(HEAT, "#4cc2bc")}

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what changes the lines last: with 16 colours, texts on panels."""
        filters = super().get_line_filters()
        return [*filters, StrongOnPanels()] if self.console.color_system == "standard" else filters

    def refresh_css(self, animate: bool = True) -> None:
        """Style everything anew when the theme changed; Textual also asks for it when it starts."""
        if self.theme != self._styled_as:
            self._styled_as = self.theme
            super().refresh_css(animate)

    async def on_event(self, event: Event) -> None:
        """Handle keys one after another."""
        if isinstance(event, (Key, Paste)) and not event.is_forwarded:
            if not self._keys_in_turn.take(event):
                return
            if screen := self._told_screen:
                screen.telling.on_key()
        await super().on_event(event)

    async def _on_key(self, event: Key) -> None:
        """Do what a key is bound to; where that is nothing now, say so."""
        event.prevent_default()  # Textual would look it up again
        if not await self._check_bindings(event.key) and isinstance(self.screen, Screen):
            self.screen.answer_dead_key(event.key)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """A cursor blinks only if it may."""
        self.preferences.calm(event.widget)

    # Telling

    def tell(self, said: str | SCOQuizError, severity: SeverityLevel | None = None) -> None:
        """Tell the learner something, as plain text, on the line of the screen in view.

        Args:
            said: A text, or an error: what is wrong, and what to do.
            severity: An error is told as one, a text as information, if not said otherwise. All but
                information stays until it is read; see `bars.Notice`.
        """
        usual: SeverityLevel = "information"
        if isinstance(said, SCOQuizError):
            debug.note("told: %s", type(said).__name__)
            said, usual = f"{said.message}: {said.help}", "error"
        self.tell_or_keep(Notice(on_one_line(said), severity or usual))

    def tell_or_keep(self, *notices: Notice) -> None:
        """Tell notices, and kept ones, on the screen in view; keep them where there is none."""
        self._untold += notices
        if screen := self._told_screen:
            for notice in self._untold:
                screen.telling.say(notice)
            self._untold.clear()

    @property
    def _told_screen(self) -> Screen[Any] | None:
        """The screen of ours that is in view, maybe below one of Textual's."""
        ours = (each for each in reversed(self.screen_stack) if isinstance(each, Screen))
        return next(ours, None)

    @contextmanager
    def telling_errors(self) -> Iterator[None]:
        """Tell an error of what is tried, which then ends there."""
        try:
            yield
        except SCOQuizError as error:
            self.tell(error)

    def sync_word(self) -> str:
        """Return how syncing with other devices stands, in a word or two; empty without."""
        return ""

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
        with self.telling_errors():
            if self.workspace.reread_settings():
                self.preferences.follow()
                self.show_settings()

    def show_settings(self) -> None:
        """Show what follows from other settings, beside colours, motion and keys."""

    def action_choose_theme(self) -> None:
        """Choose the colours; those under the cursor are shown."""
        raise NotImplementedError

    # When something goes wrong

    def _handle_exception(self, error: Exception) -> None:
        """End with the first error that nobody caught; it is told once the terminal is given back.

        A screen that was to open when the app ended is told so without its widgets having come.
        """
        if self._exit and isinstance(error, NoMatches):
            return
        if self.trouble is None:
            cause = error.error if isinstance(error, WorkerFailed) else error
            self.trouble = cause if isinstance(cause, Exception) else error
            self.keep_texts()
        if not self.is_headless:
            end_without_terminal()  # which any error may come of
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Textual would show the traceback, with the texts of cards in it."""
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:  # noqa: ARG002 -- Textual's signature
        """Textual would show these; all it calls this for besides is keys that cannot be read."""
        if not self.is_headless:
            end_without_terminal()
        if self.trouble is None:
            self.trouble = RuntimeError("the terminal cannot be read any more")
            self.keep_texts()
        self._close_messages_no_wait()

    def end_with_errors_of_threads_and_tasks(self) -> None:
        """Errors that Textual would not hear of end the app too."""
        loop = asyncio.get_running_loop()

        def failed_in_task(_: object, context: dict[str, Any]) -> None:
            error = context.get("exception")
            if isinstance(error, Exception):
                self._handle_exception(error)

        def failed_in_thread(failed: ExceptHookArgs) -> None:
            if isinstance(failed.exc_value, Exception):
                loop.call_soon_threadsafe(self._handle_exception, failed.exc_value)

        loop.set_exception_handler(failed_in_task)
        threading.excepthook = failed_in_thread

    # Screens

    def keep_texts(self) -> None:
        """Keep what is written in open forms, as the app may end at once."""
        for screen in self.screen_stack:
            if isinstance(screen, Screen):
                screen.keep_text()

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Give the terminal to another program; Textual would not take it back after an error."""
        failed: Exception | None = None
        with super().suspend():
            self.is_suspended = True
            try:
                yield
            except Exception as error:  # noqa: BLE001 -- raised below
                failed = error
            finally:
                self.is_suspended = False
        if failed is not None:
            raise failed

    def open(
        self,
        request: Request[ScreenResultType],
        then: ScreenResultCallbackType[ScreenResultType] | None = None,
    ) -> None:
        """Open the screen that is asked for.

        Args:
            request: See `messages`.
            then: Told what the screen is dismissed with.
        """
        raise NotImplementedError


STOPPED = "sco-quiz waits, and everything is kept: `fg` goes back to it."
"""Told on the terminal when it is given to the shell."""

COPYING = (
    "Yes, in a copy of my own: what I learned stays, and newer versions still come",
    "No, leave it as it is",
)
"""Ways to go on where a shipped deck is to be changed."""


class Screen(TextualScreen[ScreenResultType]):
    """The base of all screens.

    Attributes:
        top_bar: Says where the learner is.
        key_bar: Names the keys, below what is told.
        telling: Says what is told.
    """

    app = getters.app(App)
    ACTIONS: ClassVar[tuple[Action, ...]] = ()
    """The actions; each has its keys bound."""

    def __init_subclass__(cls, **options: Any) -> None:  # noqa: ANN401 -- Textual's own
        """Bind the keys of the screen's actions."""
        if "ACTIONS" in vars(cls):
            cls.BINDINGS = bindings(cls.ACTIONS)
        super().__init_subclass__(**options)

    def __init__(self) -> None:
        super().__init__()
        # Kept by name: what was asked elsewhere may come back while the screen is taken apart.
        self.top_bar, self.key_bar = TopBar(), KeyBar()
        self.telling = StatusLine(self, self.key_bar, lambda: self._workspace.config.reduced_motion)

    @on(Compose)
    def _style_for_size(self) -> None:
        """Be styled for the size of the terminal at once: Textual first lays it out without.

        While the screen is still empty, nothing in it has to be styled twice.
        """
        self.update_classes(self._classes_for(self.app.size))

    def _screen_resized(self, size: Size) -> None:
        """Be laid out for a size once, in its own style: Textual would do so before and after."""
        if size == self.outer_size:
            return
        if self.outer_size:
            self.update_classes(self._classes_for(size), animate=False)
        super()._screen_resized(size)

    def _classes_for(self, size: Size) -> dict[str, bool]:
        """Return which of the classes for sizes fit a size."""
        columns, rows = self.HORIZONTAL_BREAKPOINTS or [], self.VERTICAL_BREAKPOINTS or []
        fit = self._get_breakpoint_classes(size.width, columns)
        fit |= self._get_breakpoint_classes(size.height, rows)
        return {name: name in fit for _, name in (*columns, *rows)}

    def update_node_styles(self, animate: bool = True) -> None:
        """Style everything anew; Textual also asks for it when the screen first comes into view."""
        if animate or self.outer_size:
            super().update_node_styles(animate)

    def on_screen_resume(self) -> None:
        """Tell what was said while there was no screen to tell it."""
        self.app.tell_or_keep()

    def on_screen_suspend(self) -> None:
        """Have what nobody can have seen told by the screen that is in view now."""
        self.app.tell_or_keep(*self.telling.leave())

    @property
    def is_typed_at(self) -> bool:
        """Tell whether a character types something here, and is no command."""
        return False

    @property
    def is_form(self) -> bool:
        """Tell whether texts are written here, which `ctrl+c` leaves without ending the app."""
        return False

    def keep_text(self) -> None:
        """Keep what is written here, if it is to be there the next time."""

    @property
    def _workspace(self) -> Workspace:
        """The app's own; it belongs to the app's thread."""
        return self.app.workspace

    def show_title(self, title: str | Content, aside: str | Content = "") -> None:
        """Say in the top bar where the learner is, and on its right how things stand."""
        left = Content.styled(title, "$foreground") if isinstance(title, str) else title
        self.top_bar.show(left, Content(aside) if isinstance(aside, str) else aside)

    def show_keys(
        self,
        labels: Mapping[str, str] | None = None,
        actions: Iterable[Action] | None = None,
        *,
        typing: bool = False,
    ) -> None:
        """Name in the key bar what can be done now.

        Args:
            labels: Words that fit the moment better than an action's own, by action name.
            actions: What can be done, if not all that the screen allows.
            typing: Name only keys that do not type a character.
        """
        if actions is None:
            actions = (each for each in self.ACTIONS if self.check_action(each.name, ()))
        chosen = self.app.preferences.keys
        named = ((each.while_typing() if typing else each).on(chosen) for each in actions)
        self.key_bar.show(named, labels or {})

    def action_leave(self) -> None:
        """Go back to where the learner came from."""
        self.dismiss(None)

    def tell(self, said: str | SCOQuizError, severity: SeverityLevel | None = None) -> None:
        """Tell the learner something; see `App.tell`."""
        self.app.tell(said, severity)

    def why_not(self, action: str) -> str:  # noqa: ARG002 -- for subclasses
        """Say in a sentence why an action cannot be done now; empty for no reason of its own."""
        return ""

    def answer_dead_key(self, key: str) -> None:
        """Say why a key does nothing now."""
        chosen = self.app.preferences.keys
        for action in self.ACTIONS:
            if key in action.on(chosen).keys:
                self.tell_why_not(action)
                return
        way, does = HELP, "shows all keys"
        if HELP not in self.ACTIONS:
            way = next(each for each in self.ACTIONS if each.name == "leave")
            does = "goes back"
        way_key = (way.while_typing() if self.is_typed_at else way).on(chosen).key
        self.tell(f"{written(key)} does nothing here; {way_key} {does}.")

    def tell_why_not(self, action: Action) -> None:
        """Say why an action cannot be done now."""
        self.tell(self.why_not(action.name) or f"{action.title}: not now.")

    def names_of_digits(self) -> Sequence[str]:
        """Return what the digits do now, from 1, where there is an action for them."""
        return ()

    def tell_undone(self, undone: UndoneStep | None, prompt: str = "") -> None:
        """Tell what was taken back.

        Args:
            undone: The step; None when there was none.
            prompt: Of its card, where that is not on the screen.
        """
        self.tell(taken_back(undone.words if undone else None, plain(prompt)[:200]))

    def run_editor(self, path: Path, line: int) -> None:
        """Let the learner edit a file, from a line on; the app waits meanwhile."""
        from sco_quiz.editor import open_in_editor  # it brings what starts programs

        with self.app.suspend():
            open_in_editor(path, line)

    def once_own(self, deck: str, step: Callable[[], None]) -> None:
        """Take a step that changes a deck; where that came with the app, once it is copied.

        Args:
            deck: Its id.
            step: What to do, in a deck of the learner's own.
        """
        catalogue = self._workspace.catalogue
        if deck not in catalogue.decks or not catalogue.is_shipped(deck):
            step()
            return

        def chosen(number: int | None) -> None:
            if number == 0:
                from sco_quiz.transfer.shipped import copy_to_own  # seldom, and not to begin with

                with self.app.telling_errors():
                    copy_to_own(self._workspace, deck)
                    step()

        question = f"{plain(catalogue.title(deck))} came with the app. Change it?"
        self.app.open(OpenChoosing(question, COPYING, None), chosen)

    def key_of(self, action: str, *, typing: bool = False) -> str:
        """Return the key of an action as it is written on screen; see `Preferences.key`."""
        return self.app.preferences.key(action, typing=typing)


# The terminal


class EarlyDriver(PlatformDriver):
    """Goes on with the screen that `first_frame` painted, and gives back what was before it."""

    _painted: tuple[int, int] | None = None

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        taken = first_frame.hand_over()
        self._painted = taken.painted if taken else None
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if taken:
            self.attrs_before = taken.modes

    def process_message(self, message: Message) -> None:
        """Take a line feed for Enter, which a terminal makes of it before a program takes over."""
        if isinstance(message, Key) and message.key == "ctrl+j":
            message = Key("enter", "\r")
        super().process_message(message)

    def write(self, data: str) -> None:
        """Write what does not enter the second screen once more: that would empty it."""
        if self._painted and data == first_frame.ENTER_SCREEN:
            is_covered = self._painted == self._get_terminal_size()
            self._painted = None
            data = "" if is_covered else "\x1b[2J"
        super().write(data)


def on_signals_to_stop(app: App) -> None:
    """Stop for a shell and come back from it with the terminal in order and no thread left over.

    Textual would start its threads anew at each SIGCONT, also where nothing had ended them: after a
    SIGSTOP, and where a program that runs is told to go on. Those left over would not let it end.
    """
    if sys.platform == "win32":
        return
    loop = asyncio.get_running_loop()
    is_stopped = False
    renewal: asyncio.Handle | None = None

    def stop_now() -> None:
        nonlocal is_stopped
        is_stopped = True
        # To this thread, which then does nothing more before it is told to go on.
        signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)

    def stop() -> None:
        with app.suspend():
            print(STOPPED, file=sys.stderr, flush=True)
            stop_now()

    def renew() -> None:
        """Take the terminal anew, whatever another program made of it meanwhile."""
        nonlocal renewal
        if any(thread.name == "textual-input" for thread in threading.enumerate()):
            with app.suspend():
                renewal = None  # a signal that came before now is served by what follows
        elif app._driver is not None:  # noqa: SLF001 -- it could not be taken back before
            renewal = None
            app._driver.resume_application_mode()  # noqa: SLF001
            app.refresh(layout=True)

    def told_to_stop(*_: object) -> None:
        if app.is_suspended:
            stop_now()
        else:
            loop.call_soon_threadsafe(stop)

    def told_to_go_on(*_: object) -> None:
        nonlocal is_stopped, renewal
        if is_stopped:
            is_stopped = False  # and what comes after the stop takes the terminal
        elif renewal is None:
            renewal = loop.call_soon_threadsafe(renew)

    signal.signal(signal.SIGTSTP, told_to_stop)
    signal.signal(signal.SIGCONT, told_to_go_on)


def on_signal_to_end(app: App) -> None:
    """Leave in good order on SIGTERM, SIGHUP and SIGINT: Textual would leave the terminal as it is.

    Where the terminal itself is gone there is nothing to put in order, and trying to would never
    end; the signal then does what it does by default.
    """
    if sys.platform == "win32":
        return
    loop = asyncio.get_running_loop()

    def told(number: int, _: object) -> None:
        if number == signal.SIGINT and app.is_suspended:
            return  # it is for the program that has the terminal
        app.keep_texts()
        if _has_terminal():
            loop.call_soon_threadsafe(app.exit)
        else:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, told)


def end_without_terminal() -> None:
    """End when the terminal is gone and no signal said so, as when it was not the controlling one.

    Textual would read its end again and again.
    """
    if sys.platform != "win32" and not _has_terminal():
        os.kill(os.getpid(), signal.SIGHUP)


def _has_terminal() -> bool:
    try:
        termios.tcgetattr(sys.stdin.fileno())
    except termios.error:
        return False
    return True
