"""Declares the settings, and reads their file; `file` changes it.

`Config` is neither a dataclass nor a msgspec struct: `sco-quiz due` reads the settings on every
shell prompt, where to import `dataclasses` alone would cost as much as to start Python. And a
setting out of range must fall back to its default alone, with a message of its own.
"""

from __future__ import annotations

import os
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from sco_quiz.errors import ConfigError, closest
from sco_quiz.files import read_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Self

_MOST_DOTS = 1000
"""The most dots in a line of the settings file."""
MOST_BYTES = 1 << 20
"""The most bytes of the settings file."""
KEYS = "keys"
"""The table of the file that gives actions other keys."""
PRESET = "preset"
"""The name in that table for the app whose keys are used if no others are chosen."""
DECK = "deck"
"""The table of the file that has settings of single decks, by their ids."""

THEMES = (
    "samarkand", "paper", "high-contrast-dark", "high-contrast-light",
    "textual-dark", "textual-light", "atom-one-dark", "atom-one-light", "catppuccin-frappe",
    "catppuccin-latte", "catppuccin-macchiato", "catppuccin-mocha", "dracula", "flexoki", "gruvbox",
    "monokai", "nord", "rose-pine", "rose-pine-dawn", "rose-pine-moon", "solarized-dark",
    "solarized-light", "tokyo-night", "ansi-dark", "ansi-light",
)  # fmt: skip
"""Our themes, then those that come with Textual."""
T = TypeVar("T")


class Setting(Generic[T]):
    """A descriptor that declares a setting of `Config`, and returns its value in force.

    Attributes:
        name: The name in the file.
        default: The value in force if none was chosen; its type is that of the setting.
        group: The name of its group.
        doc: A description of one or two sentences.
        low: The least number, also of those in a list.
        high: The greatest number.
        choices: The possible texts; empty for any text.
        of_deck: A description of a single deck's own value, which its header (by a field of this
            name in `schema.Header`) or the learner may set; empty if decks cannot have their own.
        decides_due: True if due cards depend on it.
    """

    name: str

    def __init__(
        self,
        default: T,
        group: str,
        doc: str,
        low: float = -inf,
        high: float = inf,
        *,
        choices: tuple[str, ...] = (),
        of_deck: str = "",
        decides_due: bool = False,
    ) -> None:
        self.default = default
        self.group = group
        self.doc = doc
        self.low = low
        self.high = high
        self.choices = choices
        self.of_deck = of_deck
        self.decides_due = decides_due

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, config: None, owner: type) -> Self: ...

    @overload
    def __get__(self, config: Config, owner: type) -> T: ...

    def __get__(self, config: Config | None, owner: type) -> Self | T:
        return self if config is None else config.chosen.get(self.name, self.default)


class Config:
    """The settings that a learner may choose, in the order in which they are shown.

    Attributes:
        chosen: The chosen values, by setting; the others have their defaults.
        keys: By group and name of an action, the keys that trigger it instead of its usual ones;
            and under `PRESET` the app whose keys are used for all other actions.
        deck: By deck, the settings of `OF_DECKS` that were chosen for it alone.
    """

    # fmt: off
    new_per_day = Setting(
        10, "Study", "New cards a day, for each deck.", 0, 9999,
        of_deck="New cards of this deck a day.", decides_due=True,
    )
    new_in_all = Setting(
        15, "Study", "New cards a day in all decks together; 0 for no such limit.", 0, 9999,
        decides_due=True,
    )
    reviews_per_day = Setting(
        200, "Study", "Reviews a day, for each deck.", 0, 9999,
        of_deck="Reviews of this deck a day.", decides_due=True,
    )
    rollover = Setting(4, "Study", "The hour at which your day begins.", 0, 23, decides_due=True)
    backlog_per_day = Setting(
        0, "Study",
        "Reviews a day, in all decks, until a backlog is cleared; 0 without such a plan.", 0, 9999,
        decides_due=True,
    )
    ramp = Setting(
        False, "Study",
        "Ask typed notes as choices while they are learned, unless a deck decides otherwise.",
        of_deck="Ask its typed notes as choices while they are learned.",
    )
    goal_answers = Setting(0, "Goal", "Answers you want to give a day; 0 for none.", 0, 9999)
    goal_minutes = Setting(0, "Goal", "Minutes you want to study a day; 0 for none.", 0, 1440)
    streak = Setting(True, "Goal", "Show how many days in a row you studied.")
    rest_days = Setting(
        0, "Goal", "Days a week, from Monday, that you may miss and still keep your row of days.",
        0, 6,
    )
    retention = Setting(
        0.9, "Memory",
        "The share of reviews you want to get right. Higher means more reviews.", 0.7, 0.99,
        of_deck="The share of its reviews you want to get right.", decides_due=True,
    )
    learning_steps = Setting[tuple[float, ...]](
        (1.0, 10.0), "Memory", "Minutes until a new card is asked again, step by step.",
        0.1, 1440, decides_due=True,
    )
    relearning_steps = Setting[tuple[float, ...]](
        (10.0,), "Memory", "Minutes until a forgotten card is asked again, step by step.",
        0.1, 1440, decides_due=True,
    )
    maximum_interval = Setting(
        36500, "Memory", "No card is put off for more days than this.", 1, 36500, decides_due=True
    )
    leech_lapses = Setting(
        8, "Memory", "A card forgotten this often is a leech: better rewritten.", 2, 99
    )
    theme = Setting(
        "samarkand", "Look", "The colours: ours, with high contrast, or those of Textual.",
        choices=THEMES,
    )
    reduced_motion = Setting(False, "Look", "No animations, and a cursor that does not blink.")
    decks = Setting[tuple[str, ...]](
        (), "Decks", "Folders with decks, besides the decks folder."
    )
    sync = Setting(
        "", "Devices", "The folder or server through which your devices share one history."
    )
    # fmt: on

    def __init__(
        self,
        chosen: Mapping[str, Any] = {},
        keys: Mapping[str, tuple[str, ...]] = {},
        deck: Mapping[str, Mapping[str, Any]] = {},
    ) -> None:
        self.chosen, self.keys, self.deck = chosen, keys, deck

    @property
    def folders(self) -> Iterator[Path]:
        """The folders of `decks`."""
        # Unlike `Path.expanduser`, this leaves the home of nobody, `~nobody`, as it is.
        return (Path(os.path.expanduser(folder)) for folder in self.decks)  # noqa: PTH111

    def of_deck(self, deck: str, name: str, header: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- of its type
        """Return the value for a deck: chosen for it, else from its header, else that for all.

        Args:
            deck: The id of the deck.
            name: One of `OF_DECKS`.
            header: The settings in the deck's header.
        """
        own = self.deck.get(deck, {}).get(name, header.get(name))
        return getattr(self, name) if own is None else own


SETTINGS: dict[str, Setting[Any]] = {
    name: setting for name, setting in vars(Config).items() if isinstance(setting, Setting)
}
"""Every setting, by name."""
LIMITS = ("new_per_day", "reviews_per_day")
"""The settings of decks that, on a parent, limit all decks below it together."""
OF_DECKS = tuple(name for name, setting in SETTINGS.items() if setting.of_deck)
"""The settings that a deck may have of its own: in its header, or chosen by the learner."""


def default(name: str) -> Any:  # noqa: ANN401 -- of the setting's type
    """Return the default of a setting."""
    return SETTINGS[name].default


def stamp(path: Path) -> tuple[int, int] | None:
    """Return a value that changes with the file; None if there is no file."""
    try:
        file_stat = path.stat()
    except OSError:
        return None
    return file_stat.st_mtime_ns, file_stat.st_size


def load(path: Path) -> tuple[Config, list[str]]:
    """Read the settings. A setting that cannot be used keeps its default, and a message names it.

    Returns:
        The settings, and one line for each problem.

    Raises:
        ConfigError: The file is not TOML or cannot be read.
    """
    try:
        path.stat()
        raw = read_plain(path, MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return Config(), []
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read ({error.strerror})", "check the file's permissions"
        ) from None
    try:
        data = parse_toml(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: {error}", "correct the file or move it away") from None
    values: dict[str, Any] = {}
    keys: dict[str, tuple[str, ...]] = {}
    decks: dict[str, dict[str, object]] = {}
    problems: list[str] = []
    for name, value in data.items():
        if name == KEYS:
            keys, wrong = checked_keys(value)
            problems += wrong
        elif name == DECK:
            decks, wrong = checked_decks(value)
            problems += wrong
        elif name not in SETTINGS:
            problems.append(f"unknown setting {name!r}{nearest(name, SETTINGS)}")
        elif name == "decks" and isinstance(value, list):
            values[name], wrong = _checked_folders(value)
            problems += wrong
        else:
            try:
                values[name] = checked(name, value)
            except ValueError as error:
                problems.append(f"{name}: {error}; the default is used")
    return Config(values, keys, decks), [f"{path}: {problem}" for problem in problems]


def parse_toml(text: str) -> dict[str, Any]:
    """Return the data of a text in TOML.

    Raises:
        ValueError, RecursionError: It is not TOML, or a line has too many dots: the time that
            `tomllib` takes grows by the square of them.
    """
    import tomllib  # 20 ms

    for number, line in enumerate(text.splitlines(), 1):
        if line.count(".") > _MOST_DOTS:
            raise ValueError(f"line {number} has more than {_MOST_DOTS:,} dots")
    return tomllib.loads(text)


def checked(name: str, value: object) -> object:
    """Convert a value from TOML to the setting's type.

    Raises:
        ValueError: It is of another type or out of range; the message names the nearest valid one.
    """
    try:
        return _fitting(name, value)
    except ValueError as error:
        raise ValueError(f"{error}{_instead(name, value)}") from None


def parse(name: str, text: str) -> object:
    """Read a typed value: `yes`, `90%`, or a list divided by commas.

    Raises:
        ValueError: The setting cannot have it; see `checked`.
    """
    return checked(name, _typed(name, text))


def written(value: object) -> str:
    """Return a value as people type it; `parse` reads it back."""
    if isinstance(value, tuple):
        return ", ".join(map(written, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def expected(name: str) -> str:
    """Return the possible values of a setting, in words."""
    usual, setting = default(name), SETTINGS[name]
    if isinstance(usual, bool):
        return "yes or no"
    if setting.choices:
        return "one of " + ", ".join(setting.choices)
    if name == "decks":
        return "a list of paths, divided by commas"
    if isinstance(usual, str):
        return "a text"
    between = f"{setting.low:g} to {setting.high:g}"
    if isinstance(usual, tuple):
        return f"a list of numbers from {between}, divided by commas"
    return f"a {'whole ' * isinstance(usual, int)}number from {between}"


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a question that names the most similar known word; empty if none is similar."""
    close = closest(name, known)
    return f", did you mean {close!r}?" if close else ""


def _fitting(name: str, value: object) -> object:
    usual = default(name)
    if not isinstance(usual, tuple):
        return _fitting_one(name, value, type(usual))
    if not isinstance(value, list):
        raise ValueError(f"expected a list, not {_shown(value)}")  # noqa: TRY004 -- told to the user
    return tuple(_fitting_one(name, item, _element(name)) for item in value)


def _fitting_one(name: str, value: object, wanted: type) -> object:
    if wanted is float and type(value) is int and abs(value) < 1e9:
        value = float(value)
    if type(value) is not wanted:
        names = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}
        raise ValueError(f"expected {names[wanted]}, not {_shown(value)}")
    setting = SETTINGS[name]
    if isinstance(value, str) and not (value.isascii() or _can_be_written(value)):
        raise ValueError(f"{_shown(value)} is not UTF-8")
    if name in ("decks", "sync") and "\0" in str(value):
        raise ValueError(f"no path has a zero byte, as {_shown(value)} has")
    if isinstance(value, str) and setting.choices and value not in setting.choices:
        raise ValueError(f"there is no {name} {_shown(value)}{nearest(value, setting.choices)}")
    if isinstance(value, (int, float)) and not setting.low <= value <= setting.high:
        bounds = f"{setting.low:g} and {setting.high:g}"
        raise ValueError(f"{_shown(value)} is not between {bounds}")
    return value


def _checked_folders(value: list[object]) -> tuple[tuple[str, ...], list[str]]:
    """Return the folders that can be used, and the problems of the others."""
    folders: list[str] = []
    problems: list[str] = []
    for folder in value:
        try:
            folders.append(str(_fitting_one("decks", folder, str)))
        except ValueError as error:
            problems.append(f"decks: {error}; it is left out")
    return tuple(folders), problems


def _can_be_written(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _element(name: str) -> type:
    return str if name == "decks" else float


def _typed(name: str, text: str) -> object:
    """Read a typed text as a value of the setting's type; return the text if it is none."""
    usual, text = default(name), text.strip()
    if not isinstance(usual, tuple):
        return _typed_one(text, type(usual))
    parts = (part.strip(" \"'") for part in text.removeprefix("[").removesuffix("]").split(","))
    return [_typed_one(part, _element(name)) for part in parts if part]


def _typed_one(text: str, wanted: type) -> object:
    if wanted is bool:
        words = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
        return words.get(text.lower(), text)
    try:
        if wanted is float:
            return float(text[:-1]) / 100 if text.endswith("%") else float(text)
        return int(text) if wanted is int else text
    except ValueError:
        return text


def _instead(name: str, value: object) -> str:
    """Return a question that names the nearest valid value; empty if there is none."""
    setting, usual = SETTINGS[name], default(name)
    better = value
    if isinstance(value, str):
        better = _typed(name, value)
    elif isinstance(usual, tuple):
        better = [_typed_one(str(item), _element(name)) for item in _listed(value)]
    elif isinstance(value, (int, float)) and type(usual) in (int, float):
        if setting.high < 1 < value <= setting.high * 100:
            value /= 100
        better = min(max(value, setting.low), setting.high)
    try:
        if type(usual) in (int, float) and isinstance(better, (int, float)):
            better = type(usual)(better)
        fitting = _fitting(name, better)
    except ValueError:
        return ""
    return f", did you mean {toml(fitting)}?"


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def toml(value: object) -> str:
    """Return a value as it may stand in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return str(value)


def _shown(value: object) -> str:
    shown = toml(value)
    return shown if len(shown) < 60 else f"{shown[:59]}…"


def checked_keys(value: object) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Return the keys of actions by group and name, and the problems of the others."""
    keys: dict[str, tuple[str, ...]] = {}
    if not isinstance(value, dict):
        return keys, [f"{KEYS}: expected a table, not {_shown(value)}"]
    problems: list[str] = []
    tables = [(KEYS, value)]
    while tables:
        path, value = tables.pop(0)
        if isinstance(value, dict):
            tables += [(f"{path}.{name}", inner_value) for name, inner_value in value.items()]
        elif isinstance(value, str) and value:
            keys[path.removeprefix(f"{KEYS}.")] = (value,)
        elif isinstance(value, list) and value and all(isinstance(x, str) and x for x in value):
            keys[path.removeprefix(f"{KEYS}.")] = tuple(value)
        else:
            message = f'{path}: expected a key, as in "f2", or a list of keys, not {_shown(value)}'
            problems.append(message + "; its own keys are used")
    return keys, problems


def checked_decks(value: object) -> tuple[dict[str, dict[str, object]], list[str]]:
    """Return the settings of single decks by their ids, and the problems of the others."""
    decks: dict[str, dict[str, object]] = {}
    problems: list[str] = []
    if not isinstance(value, dict):
        return decks, [f"{DECK}: expected a table, not {_shown(value)}"]
    for deck, chosen in value.items():
        path = f"{DECK}.{deck}"
        if not isinstance(chosen, dict):
            problems.append(f"{path}: expected a table, not {_shown(chosen)}")
            continue
        for name, chosen_value in chosen.items():
            if name not in OF_DECKS:
                problems.append(f"unknown setting {path}.{name}{nearest(name, OF_DECKS)}")
                continue
            try:
                decks.setdefault(deck, {})[name] = checked(name, chosen_value)
            except ValueError as error:
                problems.append(f"{path}.{name}: {error}; it is left out")
    return decks, problems
