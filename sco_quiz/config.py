"""Settings: one named tuple; TOML on disk.

Neither a dataclass nor a msgspec struct: `sco-quiz due` reads the settings on every prompt, where
importing `dataclasses` alone would cost as much as starting Python. And a setting out of range has
to fall back alone, with a message of its own.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from sco_quiz.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Config(NamedTuple):
    """What a learner may choose. `documentation()` has each setting's text."""

    new_per_day: int = 10
    reviews_per_day: int = 200
    retention: float = 0.9
    learning_steps: tuple[float, ...] = (1.0, 10.0)
    relearning_steps: tuple[float, ...] = (10.0,)
    maximum_interval: int = 36500
    leech_lapses: int = 8
    rollover: int = 4
    decks: tuple[str, ...] = ()
    theme: str = "samarkand"


class _Setting(NamedTuple):
    """What a setting means, and the range of its values."""

    doc: str
    low: float = -inf
    high: float = inf


_SETTINGS = {
    "new_per_day": _Setting("New cards a day, for each deck.", 0, 9999),
    "reviews_per_day": _Setting("Reviews a day, for each deck.", 0, 9999),
    "retention": _Setting(
        "The share of reviews you want to get right. Higher means more reviews.", 0.7, 0.99
    ),
    "learning_steps": _Setting("Minutes until a new card is asked again, step by step.", 0.1, 1440),
    "relearning_steps": _Setting(
        "Minutes until a forgotten card is asked again, step by step.", 0.1, 1440
    ),
    "maximum_interval": _Setting("No card is put off for more days than this.", 1, 36500),
    "leech_lapses": _Setting("A card forgotten this often is a leech: better rewritten.", 2, 99),
    "rollover": _Setting("The hour at which your day begins.", 0, 23),
    "decks": _Setting("Folders with decks, besides the decks folder."),
    "theme": _Setting("Colours: samarkand (dark) or paper (light)."),
}


def documentation() -> Iterator[tuple[str, str, Any]]:
    """Each setting as (name, text, default)."""
    for name, setting in _SETTINGS.items():
        yield name, setting.doc, _default(name)


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
        data = tomllib.loads(raw.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}", "correct the file or move it away") from None
    values: dict[str, Any] = {}
    problems: list[str] = []
    for key, value in data.items():
        if key not in _SETTINGS:
            problems.append(f"{path}: unknown setting {key!r}{_nearest(key)}")
            continue
        try:
            values[key] = _checked(key, value)
        except ValueError as error:
            problems.append(f"{path}: {key}: {error}; the default is used")
    return Config(**values), problems


def _nearest(key: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key, _SETTINGS, n=1)
    return f", did you mean {close[0]!r}?" if close else ""


def _default(name: str) -> Any:  # noqa: ANN401 -- of the setting's type
    return Config._field_defaults[name]


def _checked(name: str, value: object) -> object:
    default = _default(name)
    if isinstance(default, tuple):
        if not isinstance(value, list):
            raise ValueError("expected a list")  # noqa: TRY004 -- told to the user, not raised on
        element = str if name == "decks" else float
        return tuple(_scalar(name, each, element) for each in value)
    return _scalar(name, value, type(default))


def _scalar(name: str, value: object, wanted: type) -> object:
    if wanted is float and type(value) is int:
        value = float(value)
    if type(value) is not wanted:
        names = {int: "a whole number", float: "a number", str: "a text"}
        raise ValueError(f"expected {names[wanted]}, not {value!r}")
    _, low, high = _SETTINGS[name]
    if isinstance(value, (int, float)) and not low <= value <= high:
        raise ValueError(f"{value:g} is not between {low:g} and {high:g}")
    return value
