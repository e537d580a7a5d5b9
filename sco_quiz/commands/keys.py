"""Keys: their names, how they are written on screen, and those that the learner chose."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from sco_quiz.config import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

Keys = tuple[str, ...]

# Textual names characters by Unicode, with these exceptions.
_NAMES = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
_SPECIAL = (
    "enter", "escape", "space", "tab", "backspace", "delete", "insert", "home", "end", "pageup",
    "pagedown", "up", "down", "left", "right", *(f"f{number}" for number in range(1, 25)),
)  # fmt: skip
_OTHERWISE = {"esc": "escape", "return": "enter", "del": "delete", "pgup": "pageup"}
_MODIFIERS = ("ctrl", "alt", "shift")
MOVES = {"up", "down", "pageup", "pagedown", "home", "end", "j", "k", "g", "G"}
"""Keys that move in lists, everywhere."""
TAKEN = dict.fromkeys(MOVES, "moves in lists") | {
    "ctrl+c": "always quits",
    "ctrl+j": "is Enter to many terminals",
}
NONE = "none"
"""What stands for no key where one has to be given."""


def named(key: str) -> str:
    """A key by the name that Textual gives it: `?` is `question_mark`, `Ctrl+S` is `ctrl+s`.

    Raises:
        ValueError: There is no such key; the message names the nearest.
    """
    if not key:
        raise ValueError("it is no key")
    if len(key) == 1:
        if key == " " or not key.isprintable():
            raise ValueError("a blank is written as 'space'" if key == " " else "it is no key")
        if key.isalnum():
            return key
        name = unicodedata.name(key, "").lower().replace("-", "_").replace(" ", "_")
        return _NAMES.get(name, name)
    if key.startswith("^"):
        key = f"ctrl+{key[1:]}"
    *modifiers, last = key.split("+") if not key.endswith("+") else (*key[:-2].split("+"), "+")
    modifiers = [modifier.lower() for modifier in modifiers]
    last = _OTHERWISE.get(last.lower(), last.lower() if len(last) > 1 else named(last))
    if modifiers == ["shift"] and len(last) == 1:
        return last.upper()
    if "ctrl" in modifiers and len(last) == 1:
        last = last.lower()
    known = last in _SPECIAL or len(last) == 1 or character(last)
    if not known or any(modifier not in _MODIFIERS for modifier in modifiers):
        raise ValueError(f"there is no key {key!r}{nearest(key.lower(), _every_name())}")
    return "+".join([*sorted(set(modifiers)), last])


def _every_name() -> Iterator[str]:
    yield from _SPECIAL
    yield from (f"ctrl+{chr(code)}" for code in range(ord("a"), ord("z") + 1))
    yield from (f"shift+{name}" for name in _SPECIAL)


def character(key: str) -> str:
    """The character that a key types; empty if it types none."""
    return key if len(key) == 1 else _characters().get(key, "")


@cache
def _characters() -> dict[str, str]:
    signs = (sign for sign in map(chr, range(0x21, 0x250)) if not sign.isalnum())
    return {"space": " "} | {named(sign): sign for sign in signs if sign.isprintable()}


def typed(key: str) -> str:
    """A key as it is typed into settings; `named` takes it."""
    return key if key == "space" else character(key) or key


def written(key: str) -> str:
    """A key as it is written on screen."""
    if key.startswith("ctrl+"):
        return f"^{written(key.removeprefix('ctrl+'))}"
    if key == "escape":
        return "esc"
    return key if key == "space" else character(key) or key


def resolve(
    chosen: Mapping[str, Keys],
    tables: Sequence[Mapping[str, Keys]],
    typed: Collection[str],
) -> tuple[dict[str, Keys], list[str]]:
    """Return the keys that the learner chose, as far as they can be used.

    Args:
        chosen: By action; see `actions.Action.id`.
        tables: The usual keys of the actions that hold at the same time, table by table.
        typed: The actions that must keep a key beside the characters, since text is typed there.

    Returns:
        The names of the keys by action, and one line for each problem.
    """
    usual = dict.fromkeys(action for table in tables for action in table)
    keys: dict[str, Keys] = {}
    problems = []
    for action, names in chosen.items():
        if action not in usual:
            problems.append(f"keys.{action}: there is no such action{nearest(action, usual)}")
            continue
        try:
            keys[action] = _usable(names, typed=action in typed)
        except ValueError as error:
            problems.append(f"keys.{action}: {error}; its own keys are used")
    while clashes := _clashes(keys, tables):
        for key, first, second in clashes:
            problems.append(
                f"keys: {first} and {second} are both on {written(key)}; their own keys are used"
            )
            keys.pop(first, None)
            keys.pop(second, None)
    return keys, problems


def _usable(names: Keys, *, typed: bool) -> Keys:
    keys = tuple(dict.fromkeys(map(named, names)))
    for key in keys:
        if key in TAKEN:
            raise ValueError(f"{written(key)} {TAKEN[key]}; choose another key")
    if typed and all(map(character, keys)):
        those = ", ".join(map(written, keys))
        raise ValueError(f"{those} can be typed there; give also one as ctrl+s or f2")
    return keys


def _clashes(
    keys: Mapping[str, Keys], tables: Sequence[Mapping[str, Keys]]
) -> list[tuple[str, str, str]]:
    """Return the keys that mean two things at once, each with both."""
    found: dict[tuple[str, str, str], None] = {}
    for table in tables:
        owners: dict[str, str] = {}
        for action, usual in table.items():
            for key in keys.get(action, usual):
                owner = owners.setdefault(key, action)
                if owner != action and (owner in keys or action in keys):
                    found[key, owner, action] = None
    return list(found)
