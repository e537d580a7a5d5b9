"""Settings: one dataclass; TOML on disk.

A plain dataclass rather than a msgspec struct: `sco-quiz due` reads it on every prompt and must
not pay for msgspec, and a setting out of range has to fall back alone, with a message of its own.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sco_quiz.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _setting(
    default: Any,  # noqa: ANN401 -- the type of the field it stands for
    doc: str,
    *,
    low: float | None = None,
    high: float | None = None,
) -> Any:  # noqa: ANN401
    return field(default=default, metadata={"doc": doc, "low": low, "high": high})


@dataclass(frozen=True, slots=True)
class Config:
    """What a learner may choose. `documentation()` has each setting's text."""

    new_per_day: int = _setting(10, "New cards a day, for each deck.", low=0, high=9999)
    reviews_per_day: int = _setting(200, "Reviews a day, for each deck.", low=0, high=9999)
    retention: float = _setting(
        0.9,
        "The share of reviews you want to get right. Higher means more reviews.",
        low=0.7,
        high=0.99,
    )
    learning_steps: tuple[float, ...] = _setting(
        (1.0, 10.0), "Minutes until a new card is asked again, step by step.", low=0.1, high=1440
    )
    relearning_steps: tuple[float, ...] = _setting(
        (10.0,), "Minutes until a forgotten card is asked again, step by step.", low=0.1, high=1440
    )
    maximum_interval: int = _setting(
        36500, "No card is put off for more days than this.", low=1, high=36500
    )
    leech_lapses: int = _setting(
        8, "A card forgotten this often is a leech: better rewritten.", low=2, high=99
    )
    rollover: int = _setting(4, "The hour at which your day begins.", low=0, high=23)
    decks: tuple[str, ...] = _setting((), "Folders with decks, besides the decks folder.")
    theme: str = _setting("samarkand", "Colours: samarkand (dark) or paper (light).")


def documentation() -> Iterator[tuple[str, str, Any]]:
    """Each setting as (name, text, default)."""
    for item in dataclasses.fields(Config):
        yield item.name, item.metadata["doc"], item.default


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
    known = {item.name: item for item in dataclasses.fields(Config)}
    for key, value in data.items():
        if key not in known:
            problems.append(f"{path}: unknown setting {key!r}{_nearest(key, list(known))}")
            continue
        try:
            values[key] = _checked(known[key], value)
        except ValueError as error:
            problems.append(f"{path}: {key}: {error}; the default is used")
    return Config(**values), problems


def _nearest(key: str, known: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key, known, n=1)
    return f", did you mean {close[0]!r}?" if close else ""


def _checked(item: dataclasses.Field[Any], value: object) -> object:
    default = item.default
    if isinstance(default, tuple):
        if not isinstance(value, list):
            raise ValueError("expected a list")  # noqa: TRY004 -- told to the user, not raised on
        element = str if item.name == "decks" else float
        return tuple(_scalar(item, each, element) for each in value)
    return _scalar(item, value, type(default))


def _scalar(item: dataclasses.Field[Any], value: object, wanted: type) -> object:
    if wanted is float and type(value) is int:
        value = float(value)
    if type(value) is not wanted:
        names = {int: "a whole number", float: "a number", str: "a text"}
        raise ValueError(f"expected {names[wanted]}, not {value!r}")
    low, high = item.metadata["low"], item.metadata["high"]
    if low is not None and isinstance(value, (int, float)) and not low <= value <= high:
        raise ValueError(f"{value:g} is not between {low:g} and {high:g}")
    return value
