"""The choices of the settings screen: settings and keys of actions, all in one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sco_quiz.commands import keys as names
from sco_quiz.commands.actions import ACTIONS, GROUPS, OWN, PRESETS, READING, preset, resolve
from sco_quiz.config import (
    DECK,
    KEYS,
    OF_DECKS,
    PRESET,
    SETTINGS,
    default,
    expected,
    parse,
    written,
)
from sco_quiz.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sco_quiz.commands.keys import Keys
    from sco_quiz.config import Config

    Header = tuple[str, str, Mapping[str, Any], bool]

SPOKEN = "one key, or several divided by blanks: f2, ctrl+s, x, ?"
"""What the keys of an action may be, in words."""


class SettingChoice(NamedTuple):
    """A setting, a setting of one deck, or the keys of an action.

    Attributes:
        name: What the settings file calls it.
        title: What stands in the list.
        group: What it belongs to.
        doc: What it is for.
        expected: What it may be, in words.
        options: The few values there are, as they are typed; empty where there are many.
        header: What the deck's header says; None when it does not, or for what is not a deck's.
    """

    name: str
    title: str
    group: str
    doc: str
    expected: str
    options: tuple[str, ...] = ()
    header: object = None

    def value(self, config: Config) -> str:
        """Return the chosen value, or the default, as somebody would type it."""
        return self._typed(self.given(config))

    def given(self, config: Config) -> Any:  # noqa: ANN401 -- a number, a text, a list
        """Return the chosen value, or the default."""
        chosen = self._chosen(config)
        return self.usual(config) if chosen is None else chosen

    def is_changed(self, config: Config) -> bool:
        """Tell whether something else is chosen than what holds by default."""
        chosen = self._chosen(config)
        stands_alone = bool(self._action or self._deck[0])
        return chosen is not None and (stands_alone or chosen != self.usual(config))

    def usual(self, config: Config) -> Any:  # noqa: ANN401 -- a number, a text, a list
        """Return the default; for a deck, the value in its header or the one for all decks."""
        if action := self._action:
            own = [OWN] if action == PRESET else ACTIONS[action].on(preset(config.keys)).keys
            return list(own)
        deck, setting = self._deck
        return config.of_deck("", setting, {setting: self.header}) if deck else default(setting)

    def default(self, config: Config) -> str:
        """Return the default, as somebody would type it."""
        return self._typed(self.usual(config))

    def _chosen(self, config: Config) -> Any:  # noqa: ANN401 -- None for nothing
        if action := self._action:
            return list(config.keys[action]) if action in config.keys else None
        deck, setting = self._deck
        return config.deck.get(deck, {}).get(setting) if deck else getattr(config, setting)

    def _typed(self, value: Any) -> str:  # noqa: ANN401 -- as `given` has it
        return " ".join(map(names.typed, value)) if self._action else written(value)

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
            return parse(self._deck[1], text)
        wanted = tuple(text.split())
        if not wanted:
            raise ValueError("give a key")
        if action == PRESET and text not in PRESETS:
            raise ValueError(f"there is no {text!r}, only {' and '.join(PRESETS)}")
        _, before = resolve({name: each for name, each in keys.items() if name != action})
        _, problems = resolve({**keys, action: wanted})
        for problem in problems:
            if problem not in before:
                said = problem.removeprefix(f"{self.name}: ").removeprefix(f"{KEYS}: ")
                raise ValueError(said.partition(";")[0])
        return wanted

    @property
    def table(self) -> str:
        """The table of the file that it stands in; empty for a setting of its own."""
        table, dot, _ = self.name.partition(".")
        return table if dot else ""

    @property
    def takes_key(self) -> bool:
        """Tell whether it is set by pressing a key: the keys of an action that has no places."""
        action = self._action
        return bool(action) and action != PRESET and ACTIONS[action].name != "digit"

    @property
    def _action(self) -> str:
        """The action whose keys these are, or `PRESET`; empty for a setting."""
        return self.name.removeprefix(f"{KEYS}.") if self.name.startswith(f"{KEYS}.") else ""

    @property
    def _deck(self) -> tuple[str, str]:
        """The deck, empty for what is set for all, and the setting."""
        below = self.name.removeprefix(f"{DECK}.")
        deck, _, setting = below.rpartition(".") if below != self.name else ("", "", self.name)
        return deck, setting


def choices(decks: Iterable[Header] = ()) -> list[SettingChoice]:
    """Everything that can be set: settings by group, those of decks, keys by where they hold."""
    return [*_settings(), *_settings_of(decks), *_keys()]


def _settings() -> Iterator[SettingChoice]:
    for name, setting in SETTINGS.items():
        yield _setting(name, name, setting.group, setting.doc)


def _settings_of(decks: Iterable[Header]) -> Iterator[SettingChoice]:
    for deck, title, says, is_deck in decks:
        group = f"Deck: {clean(title, multiline=False)}"
        for name in OF_DECKS if is_deck else says:
            yield _setting(
                name, f"{DECK}.{deck}.{name}", group, SETTINGS[name].of_deck, says.get(name)
            )


def _setting(name: str, full: str, group: str, doc: str, header: object = None) -> SettingChoice:
    is_switch = isinstance(default(name), bool)
    options = ("yes", "no") if is_switch else SETTINGS[name].choices
    return SettingChoice(full, name.replace("_", " "), group, doc, expected(name), options, header)


def _keys() -> Iterator[SettingChoice]:
    told = "Whose keys hold, where there is such an action; keys chosen below go above them."
    expects = " or ".join(PRESETS)
    yield SettingChoice(f"{KEYS}.{PRESET}", PRESET, "Keys", told, expects, tuple(PRESETS))
    seen = set()
    for group, table in (*GROUPS.items(), ("Pages", READING)):
        for action in table:
            if action.id not in seen:
                seen.add(action.id)
                yield SettingChoice(
                    f"{KEYS}.{action.id}", action.title, f"Keys: {group}", action.help, SPOKEN
                )
