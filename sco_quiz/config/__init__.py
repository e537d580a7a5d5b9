"""Settings: what can be set, and reading the file they stand in. `config.file` writes it.

Neither a dataclass nor a msgspec struct: `sco-quiz due` reads the settings on every prompt, where
importing `dataclasses` alone would cost as much as starting Python. And a setting out of range has
to fall back alone, with a message of its own.
"""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sco_quiz.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KEYS = "keys"
"""The table of the file that gives actions other keys."""
DECK = "deck"
"""The table of the file that has settings of single decks, by their ids."""
OF_DECKS = ("new_per_day", "reviews_per_day", "ramp", "retention")
"""Settings that a deck may have of its own: in its header, and by choice."""


class Config(NamedTuple):
    """What a learner may choose, with what holds if nothing was chosen.

    `SETTINGS` says what each means and may be; `keys` has, for each action by its group and name,
    the keys that trigger it instead of its own; `deck` has, by deck, those of `OF_DECKS` that were
    chosen for it alone.
    """

    new_per_day: int = 10
    reviews_per_day: int = 200
    rollover: int = 4
    backlog_per_day: int = 0
    ramp: bool = False
    goal_answers: int = 0
    goal_minutes: int = 0
    streak: bool = True
    rest_days: int = 0
    retention: float = 0.9
    learning_steps: tuple[float, ...] = (1.0, 10.0)
    relearning_steps: tuple[float, ...] = (10.0,)
    maximum_interval: int = 36500
    leech_lapses: int = 8
    theme: str = "samarkand"
    reduced_motion: bool = False
    decks: tuple[str, ...] = ()
    keys: Mapping[str, tuple[str, ...]] = {}
    deck: Mapping[str, Mapping[str, Any]] = {}

    @property
    def folders(self) -> Iterator[Path]:
        """The folders of `decks`."""
        return (Path(folder).expanduser() for folder in self.decks)

    def of_deck(self, deck: str, name: str, header: object) -> Any:  # noqa: ANN401 -- of its type
        """What holds for a deck: what was chosen for it, else its header, else what holds for all.

        Args:
            deck: Its id.
            name: One of `OF_DECKS`.
            header: What its header says; None when it does not.
        """
        own = self.deck.get(deck, {}).get(name, header)
        return getattr(self, name) if own is None else own


class Setting(NamedTuple):
    """What a setting means, and what it may be. Its type is that of its default.

    Attributes:
        group: What it belongs to.
        doc: One or two sentences.
        low: The least number, also of those in a list.
        high: The greatest.
        choices: The texts it may be; empty for any.
    """

    group: str
    doc: str
    low: float = -inf
    high: float = inf
    choices: tuple[str, ...] = ()


THEMES = (
    "samarkand", "paper", "high-contrast-dark", "high-contrast-light",
    "textual-dark", "textual-light", "atom-one-dark", "atom-one-light", "catppuccin-frappe",
    "catppuccin-latte", "catppuccin-macchiato", "catppuccin-mocha", "dracula", "flexoki", "gruvbox",
    "monokai", "nord", "rose-pine", "rose-pine-dawn", "rose-pine-moon", "solarized-dark",
    "solarized-light", "tokyo-night", "ansi-dark", "ansi-light",
)  # fmt: skip
"""Ours, then those that come with Textual."""

SETTINGS = {
    "new_per_day": Setting("Study", "New cards a day, for each deck.", 0, 9999),
    "reviews_per_day": Setting("Study", "Reviews a day, for each deck.", 0, 9999),
    "rollover": Setting("Study", "The hour at which your day begins.", 0, 23),
    "backlog_per_day": Setting(
        "Study",
        "Reviews a day, in all decks, until a backlog is cleared; 0 without such a plan.", 0, 9999,
    ),
    "ramp": Setting(
        "Study",
        "Ask typed notes as choices while they are learned, in decks that do not say themselves.",
    ),
    "goal_answers": Setting("Goal", "Answers you want to give a day; 0 for none.", 0, 9999),
    "goal_minutes": Setting("Goal", "Minutes you want to study a day; 0 for none.", 0, 1440),
    "streak": Setting("Goal", "Show how many days in a row you studied."),
    "rest_days": Setting(
        "Goal", "Days a week, from Monday, that you may miss without ending the row.", 0, 6
    ),
    "retention": Setting(
        "Memory",
        "The share of reviews you want to get right. Higher means more reviews.", 0.7, 0.99,
    ),
    "learning_steps": Setting(
        "Memory", "Minutes until a new card is asked again, step by step.", 0.1, 1440
    ),
    "relearning_steps": Setting(
        "Memory", "Minutes until a forgotten card is asked again, step by step.", 0.1, 1440
    ),
    "maximum_interval": Setting("Memory", "No card is put off for more days than this.", 1, 36500),
    "leech_lapses": Setting(
        "Memory", "A card forgotten this often is a leech: better rewritten.", 2, 99
    ),
    "theme": Setting(
        "Look", "The colours: ours, with high contrast, or those of Textual.", choices=THEMES
    ),
    "reduced_motion": Setting("Look", "No animations, and a cursor that does not blink."),
    "decks": Setting("Decks", "Folders with decks, besides the decks folder."),
}  # fmt: skip
"""Every setting, in the order in which it is shown."""


def default(name: str) -> Any:  # noqa: ANN401 -- of the setting's type
    """What holds if a setting is not chosen."""
    return Config._field_defaults[name]


def stamp(path: Path) -> tuple[int, int] | None:
    """What tells that the file changed; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def load(path: Path) -> tuple[Config, list[str]]:
    """Read the settings. What cannot be used keeps its default and is named in a message.

    Returns:
        The settings, and one line for each problem.

    Raises:
        ConfigError: The file is not TOML or cannot be read.
    """
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return Config(), []
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read ({error.strerror})", "check the file's permissions"
        ) from None
    import tomllib

    try:
        data = tomllib.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: {error}", "correct the file or move it away") from None
    from sco_quiz.config.values import checked, checked_decks, checked_keys, nearest

    values: dict[str, Any] = {}
    problems: list[str] = []
    for name, value in data.items():
        if name == KEYS:
            values[KEYS], wrong = checked_keys(value)
            problems += wrong
        elif name == DECK:
            values[DECK], wrong = checked_decks(value)
            problems += wrong
        elif name not in SETTINGS:
            problems.append(f"unknown setting {name!r}{nearest(name, SETTINGS)}")
        else:
            try:
                values[name] = checked(name, value)
            except ValueError as error:
                problems.append(f"{name}: {error}; the default is used")
    return Config(**values), [f"{path}: {problem}" for problem in problems]
