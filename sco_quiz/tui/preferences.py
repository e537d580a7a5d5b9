"""The settings as the app follows them: colours, motion, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import constants

from sco_quiz.errors import ConfigError
from sco_quiz.tui.actions import ACTIONS, keymap, resolve
from sco_quiz.tui.theme import find_theme

if TYPE_CHECKING:
    from textual.widget import Widget

    from sco_quiz.tui.app import SCOQuizApp


class Preferences:
    """What the learner chose, as far as it can be used.

    Attributes:
        keys: Of actions that have other keys than their own, by `actions.Action.id`.
        problems: Keys that cannot be used, one line each.
    """

    def __init__(self, app: SCOQuizApp) -> None:
        """Follow the settings of an app's workspace; `follow` takes up new ones."""
        self._app = app
        self._given: object = None
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

    def key(self, action: str) -> str:
        """The key of an action as it is written on screen.

        Args:
            action: See `actions.Action.id`.
        """
        return ACTIONS[action].on(self.keys).key

    def set(self, name: str, value: object) -> bool:
        """Change a setting in the file, and follow it; whether that could be done."""
        from sco_quiz.config.file import change  # not needed to open the app

        path = self._app.workspace.paths.config_file
        try:
            change(path, name, value)
        except ConfigError as error:
            self._app.notify(f"{error.message}\n{error.help}", severity="error", markup=False)
            return False
        self._app.look_at_settings()
        return True

    def show_theme(self, name: str) -> None:
        """Show the colours of a theme, whatever is set."""
        if name != self._app.theme:
            self._app.register_theme(find_theme(name))
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
