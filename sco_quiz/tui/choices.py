"""What can be set in the app: the settings, then the keys of every action, each in one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.config import KEYS, SETTINGS, default
from sco_quiz.config.values import expected, parse, written
from sco_quiz.tui import keys as names
from sco_quiz.tui.actions import ACTIONS, GROUPS, READING, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sco_quiz.config import Config
    from sco_quiz.tui.keys import Keys

SPOKEN = "one key, or several divided by blanks: f2, ctrl+s, x, ?"
"""What the keys of an action may be, in words."""


class Choice(NamedTuple):
    """A setting, or the keys of an action.

    Attributes:
        name: What the settings file calls it.
        title: What stands in the list.
        group: What it belongs to.
        doc: What it is for.
        expected: What it may be, in words.
        options: The few values there are, as they are typed; empty where there are many.
    """

    name: str
    title: str
    group: str
    doc: str
    expected: str
    options: tuple[str, ...] = ()

    def value(self, config: Config) -> str:
        """What is chosen, as somebody would type it."""
        if action := self._action:
            return _typed(config.keys.get(action, ACTIONS[action].keys))
        return written(getattr(config, self.name))

    def given(self, config: Config | None) -> object:
        """What is chosen, or holds by default if there is no config: a number, a text, a list."""
        if action := self._action:
            return list((config.keys if config else {}).get(action, ACTIONS[action].keys))
        return getattr(config, self.name) if config else default(self.name)

    def is_changed(self, config: Config) -> bool:
        """Whether something else is chosen than what holds by default."""
        if action := self._action:
            return action in config.keys
        return bool(getattr(config, self.name) != default(self.name))

    @property
    def default(self) -> str:
        """What holds by default, as somebody would type it."""
        if action := self._action:
            return _typed(ACTIONS[action].keys)
        return written(default(self.name))

    def parse(self, text: str, keys: Mapping[str, Keys]) -> object:
        """The value that somebody typed.

        Args:
            text: What was typed.
            keys: The keys that are chosen for other actions.

        Raises:
            ValueError: It cannot be; the message says why, and what could.
        """
        action = self._action
        if not action:
            return parse(self.name, text)
        wanted = tuple(text.split())
        if not wanted:
            raise ValueError("give a key")
        _, before = resolve({name: each for name, each in keys.items() if name != action})
        _, problems = resolve({**keys, action: wanted})
        for problem in problems:
            if problem not in before:
                said = problem.removeprefix(f"{self.name}: ").removeprefix(f"{KEYS}: ")
                raise ValueError(said.partition(";")[0])
        return wanted

    @property
    def _action(self) -> str:
        """The action whose keys these are; empty for a setting."""
        return self.name.removeprefix(f"{KEYS}.") if self.name.startswith(f"{KEYS}.") else ""


def choices() -> list[Choice]:
    """Everything that can be set: settings by group, then keys by where they hold."""
    return [*_settings(), *_keys()]


def _typed(keys: Keys) -> str:
    return " ".join(map(names.typed, keys))


def find(name: str) -> Choice:
    """A setting by its name, or the keys of an action by `keys.`, its group and its name.

    Raises:
        KeyError: There is none.
    """
    return {choice.name: choice for choice in choices()}[name]


def _settings() -> Iterator[Choice]:
    for name, setting in SETTINGS.items():
        options = ("yes", "no") if isinstance(default(name), bool) else setting.choices
        title = name.replace("_", " ")
        yield Choice(name, title, setting.group, setting.doc, expected(name), options)


def _keys() -> Iterator[Choice]:
    seen = set()
    for group, table in (*GROUPS.items(), ("Pages", READING)):
        for action in table:
            if action.id not in seen:
                seen.add(action.id)
                title = action.label or action.name.removeprefix("app.").replace("_", " ")
                yield Choice(f"{KEYS}.{action.id}", title, f"Keys: {group}", action.help, SPOKEN)
