"""The meanings, values and defaults of settings; and the reading of their file (see `file`).

Neither a dataclass nor a msgspec struct: `sco-quiz due` reads the settings on every prompt, where
importing `dataclasses` alone would cost as much as starting Python. And a setting out of range has
to fall back alone, with a message of its own.
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
"""In a line of the settings file."""
MOST_BYTES = 1 << 20
"""Of the settings file."""
KEYS = "keys"
"""The table of the file that gives actions other keys."""
PRESET = "preset"
"""The name in that table under which stands whose keys hold where no others are chosen."""
DECK = "deck"
"""The table of the file that has settings of single decks, by their ids."""

THEMES = (
    "samarkand", "paper", "high-contrast-dark", "high-contrast-light",
    "textual-dark", "textual-light", "atom-one-dark", "atom-one-light", "catppuccin-frappe",
    "catppuccin-latte", "catppuccin-macchiato", "catppuccin-mocha", "dracula", "flexoki", "gruvbox",
    "monokai", "nord", "rose-pine", "rose-pine-dawn", "rose-pine-moon", "solarized-dark",
    "solarized-light", "tokyo-night", "ansi-dark", "ansi-light",
)  # fmt: skip
"""Ours, then those that come with Textual."""
T = TypeVar("T")


class Setting(Generic[T]):
    """A setting as it is declared, once, in `Config`; of a `Config` it is the value that holds.

    Attributes:
        name: What the file calls it.
        default: What holds if nothing was chosen; its type is that of the setting.
        group: What it belongs to.
        doc: One or two sentences.
        low: The least number, also of those in a list.
        high: The greatest.
        choices: The texts it may be; empty for any.
        of_deck: A sentence for a single deck's own, which its header or the learner may give: then
            `schema.Header` has a field of that name. Empty if no deck has its own.
        decides_due: Whether what is due, and when, hangs on it.
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
        chosen: What was chosen, by setting; of those that are not there, the default holds.
        keys: For each action by its group and name, the keys that trigger it instead of its own;
            and whose keys hold else, under `PRESET`.
        deck: By deck, those of `OF_DECKS` that were chosen for it alone.
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
        "Ask typed notes as choices while they are learned, in decks that do not say themselves.",
        of_deck="Ask its typed notes as choices while they are learned.",
    )
    goal_answers = Setting(0, "Goal", "Answers you want to give a day; 0 for none.", 0, 9999)
    goal_minutes = Setting(0, "Goal", "Minutes you want to study a day; 0 for none.", 0, 1440)
    streak = Setting(True, "Goal", "Show how many days in a row you studied.")
    rest_days = Setting(
        0, "Goal", "Days a week, from Monday, that you may miss without ending the row.", 0, 6
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
        "", "Devices", "The folder, or the server, by which your devices have the same history."
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
        """What holds for a deck: what was chosen for it, else its header, else what holds for all.

        Args:
            deck: Its id.
            name: One of `OF_DECKS`.
            header: What its header says of settings.
        """
        own = self.deck.get(deck, {}).get(name, header.get(name))
        return getattr(self, name) if own is None else own


SETTINGS: dict[str, Setting[Any]] = {
    name: each for name, each in vars(Config).items() if isinstance(each, Setting)
}
"""Every setting, by name."""
LIMITS = ("new_per_day", "reviews_per_day")
"""Settings of decks that hold for a parent and all that is below it."""
OF_DECKS = tuple(name for name, each in SETTINGS.items() if each.of_deck)
"""Settings that a deck may have of its own: in its header, and by choice."""


def default(name: str) -> Any:  # noqa: ANN401 -- of the setting's type
    """What holds if a setting is not chosen."""
    return SETTINGS[name].default


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
    """Return what a text in TOML says.

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
    """A value as TOML has it, as the setting's type has it.

    Raises:
        ValueError: It is of another type or out of range; the message names the nearest right form.
    """
    try:
        return _fitting(name, value)
    except ValueError as error:
        raise ValueError(f"{error}{_instead(name, value)}") from None


def parse(name: str, text: str) -> object:
    """The value that somebody typed: `yes`, `90%`, or a list whose parts commas divide.

    Raises:
        ValueError: It cannot be one of this setting; see `checked`.
    """
    return checked(name, _typed(name, text))


def written(value: object) -> str:
    """A value as somebody would type it; `parse` reads it back."""
    if isinstance(value, tuple):
        return ", ".join(map(written, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def expected(name: str) -> str:
    """The values a setting may have, in words."""
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
    """Words that name the nearest of the known ones; empty where none is near."""
    close = closest(name, known)
    return f", did you mean {close!r}?" if close else ""


def _fitting(name: str, value: object) -> object:
    usual = default(name)
    if not isinstance(usual, tuple):
        return _fitting_one(name, value, type(usual))
    if not isinstance(value, list):
        raise ValueError(f"expected a list, not {_shown(value)}")  # noqa: TRY004 -- told to the user
    return tuple(_fitting_one(name, each, _element(name)) for each in value)


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
    """Return the folders that can be looked for, and what is wrong with the others."""
    folders: list[str] = []
    problems: list[str] = []
    for each in value:
        try:
            folders.append(str(_fitting_one("decks", each, str)))
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
    """Return the value of the setting's type that a text stands for, or the text if for none."""
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
    """Words that name the nearest value that would do; empty where there is none."""
    setting, usual = SETTINGS[name], default(name)
    better = value
    if isinstance(value, str):
        better = _typed(name, value)
    elif isinstance(usual, tuple):
        better = [_typed_one(str(each), _element(name)) for each in _listed(value)]
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
    """A value as it stands in the file, more or less."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, str):
        return f'"{value}"'
    return str(value)


def _shown(value: object) -> str:
    shown = toml(value)
    return shown if len(shown) < 60 else f"{shown[:59]}…"


def checked_keys(value: object) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """The keys of actions by group and name, and what is wrong with the others."""
    keys: dict[str, tuple[str, ...]] = {}
    if not isinstance(value, dict):
        return keys, [f"{KEYS}: expected a table, not {_shown(value)}"]
    problems: list[str] = []
    waiting = [(KEYS, value)]
    while waiting:
        where, value = waiting.pop(0)
        if isinstance(value, dict):
            waiting += [(f"{where}.{name}", each) for name, each in value.items()]
        elif isinstance(value, str) and value:
            keys[where.removeprefix(f"{KEYS}.")] = (value,)
        elif isinstance(value, list) and value and all(isinstance(x, str) and x for x in value):
            keys[where.removeprefix(f"{KEYS}.")] = tuple(value)
        else:
            said = f'{where}: expected a key, as in "f2", or a list of keys, not {_shown(value)}'
            problems.append(said + "; its own keys are used")
    return keys, problems


def checked_decks(value: object) -> tuple[dict[str, dict[str, object]], list[str]]:
    """The settings of single decks by their ids, and what is wrong with the others."""
    decks: dict[str, dict[str, object]] = {}
    problems: list[str] = []
    if not isinstance(value, dict):
        return decks, [f"{DECK}: expected a table, not {_shown(value)}"]
    for deck, chosen in value.items():
        where = f"{DECK}.{deck}"
        if not isinstance(chosen, dict):
            problems.append(f"{where}: expected a table, not {_shown(chosen)}")
            continue
        for name, each in chosen.items():
            if name not in OF_DECKS:
                problems.append(f"unknown setting {where}.{name}{nearest(name, OF_DECKS)}")
                continue
            try:
                decks.setdefault(deck, {})[name] = checked(name, each)
            except ValueError as error:
                problems.append(f"{where}.{name}: {error}; what holds without it is used")
    return decks, problems
