"""Values of settings: what they may be, how they are typed, and the nearest right form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz.config import DECK, KEYS, OF_DECKS, SETTINGS, default

if TYPE_CHECKING:
    from collections.abc import Iterable


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
    """What a setting may be, in words."""
    usual, setting = default(name), SETTINGS[name]
    if isinstance(usual, bool):
        return "yes or no"
    if setting.choices:
        return "one of " + ", ".join(setting.choices)
    if name == "decks":
        return "a list of paths, divided by commas"
    between = f"{setting.low:g} to {setting.high:g}"
    if isinstance(usual, tuple):
        return f"a list of numbers from {between}, divided by commas"
    return f"a {'whole ' * isinstance(usual, int)}number from {between}"


def nearest(name: str, known: Iterable[str]) -> str:
    """Words that name the nearest of the known ones; empty where none is near."""
    from difflib import get_close_matches

    close = get_close_matches(name, list(known), n=1)
    return f", did you mean {close[0]!r}?" if close else ""


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
    if isinstance(value, str) and setting.choices and value not in setting.choices:
        raise ValueError(f"there is no {name} {_shown(value)}{nearest(value, setting.choices)}")
    if isinstance(value, (int, float)) and not setting.low <= value <= setting.high:
        bounds = f"{setting.low:g} and {setting.high:g}"
        raise ValueError(f"{_shown(value)} is not between {bounds}")
    return value


def _element(name: str) -> type:
    return str if name == "decks" else float


def _typed(name: str, text: str) -> object:
    """What a text says as the setting's type, or the text if it says nothing of that type."""
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
