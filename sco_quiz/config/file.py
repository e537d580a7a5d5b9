"""Changes one setting in the settings file, and nothing else in it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from sco_quiz import files
from sco_quiz.config import DECK, KEYS, MOST_BYTES, parse_toml
from sco_quiz.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from tomlkit import TOMLDocument

HEADER = "# Settings of sco-quiz. `sco-quiz config` lists what can be set.\n"
"""The first line of a new file."""
_BOM = "\ufeff"


def change(path: Path, name: str, value: object) -> bool:
    """Set or remove a setting in the file, or the keys of an action.

    Comments, order, mode and line ends stay as they are; for a link, the file that it leads to is
    changed. A missing file is made.

    Args:
        path: The settings file.
        name: The setting; for the keys of an action, `keys.` with its group and name, for those of
            another app `keys.preset`; for a setting of one deck, `deck.` with the deck's id and the
            setting.
        value: The value, as `checked` returns it; None removes the setting.

    Returns:
        True if the file changed.

    Raises:
        ConfigError: The file cannot be read or written, or is not TOML. It is as it was.
    """
    try:
        target = path.resolve()
        stat_before = target.stat() if target.exists() else None
        text = files.read_plain(target, MOST_BYTES).decode() if stat_before else HEADER
        changed = _changed(text, name, value)
        if changed == text:
            return False
        if stat_before and not os.access(target, os.W_OK):
            raise ConfigError(
                f"{path} is write-protected", "allow it to be written, then try again"
            )
        files.make_folder(target.parent, private=True)
        files.put(target, changed.encode(), stat_before, private=True)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written ({error.strerror})",
            "check its permissions and the free space",
        ) from None
    except (ValueError, RecursionError, TOMLKitError) as error:
        raise ConfigError(f"{path}: {error}", "correct the file or move it away") from None
    return True


def _changed(text: str, name: str, value: object) -> str:
    """Return the text with one value set or removed.

    Raises:
        ValueError, RecursionError, TOMLKitError: It is not TOML, or another value would change.
    """
    before = parse_toml(
        text.removeprefix(_BOM)
    )  # gives the same errors with every version of tomlkit
    ends = "\r\n" if "\r\n" in text else "\n"
    bom = _BOM if text.startswith(_BOM) else ""
    lines = text.removeprefix(_BOM).replace("\r\n", "\n")
    if not lines.endswith("\n"):  # tomlkit does not always end a line before it begins another
        lines += "\n"
    document = tomlkit.parse(lines)
    table, _, below = name.partition(".")
    if table in (KEYS, DECK):
        # A deck's id may have dots; the name of an action may, its group has none.
        group, _, key = below.partition(".") if table == KEYS else below.rpartition(".")
        _change_in(document, table, group, key, value)
    elif value is None:
        document.pop(name, None)
    else:
        document[name] = _plain(value)
    changed = tomlkit.dumps(document)
    after = parse_toml(changed)
    if any(repr(after.get(other)) != repr(before[other]) for other in before if other != table):
        raise ValueError(f"{name} cannot be changed without something else in it")
    return bom + changed.replace("\n", ends)


def _change_in(document: TOMLDocument, table: str, group: str, name: str, value: object) -> None:
    """Set or remove a value in a group of a table."""
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    if not isinstance(document.get(table), dict):
        if value is None:
            return
        document[table] = tomlkit.table()
    groups: Any = document[table]
    if not name:  # it belongs to no group
        groups.pop(group, None)
        if value is not None:
            groups.append(group, _plain(value))
        return
    groups.pop(f"{group}.{name}", None)  # written as one name, in quotes
    below = groups.get(group)
    if value is None:
        if isinstance(below, dict):
            below.pop(name, None)
    elif isinstance(below, dict):
        below[name] = _plain(value)
    else:
        groups.pop(group, None)  # it may be there without being a table
        groups.append(tomlkit.key([group, name]), _plain(value))


def _plain(value: object) -> object:
    """Return a value as people write it: a list, or a whole number without a fraction."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
