"""`sco-quiz --info`: all that helps to find a mistake, and nothing personal."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz import __version__
from sco_quiz import config as settings
from sco_quiz.errors import SCOQuizError
from sco_quiz.paths import HOME_VARIABLE, find_paths
from sco_quiz.text import clean
from sco_quiz.workspace import sizes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PACKAGES = (
    "textual", "rich", "pyyaml", "fsrs", "msgspec", "click", "platformdirs", "rapidfuzz", "tomlkit",
    "markdown-it-py", "genanki", "textual-image", "fsrs-rs-python",
)  # fmt: skip
BASES = (HOME_VARIABLE, "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
"""Variables that say where folders are; a path below one is written from its name on."""


def info() -> str:
    """Return lines about the program, the system, the terminal, files and settings.

    What cannot be found out is said in its line. Nothing is written anywhere.
    """
    lines = []
    for name, find in {
        "sco-quiz": lambda: __version__,
        "Python": lambda: f"{platform.python_version()} ({platform.python_implementation()})",
        "SQLite": lambda: sizes.SQLITE,
        "packages": _packages,
        "libyaml": lambda: _yes(_has_libyaml()),
        "system": _system,
        "terminal": _terminal,
        "encoding": lambda: f"{sys.stdout.encoding}, of files {sys.getfilesystemencoding()}",
        "settings": lambda: _file(find_paths().config_file),
        "changed": _changed_settings,
        "progress": lambda: _file(find_paths().progress_file),
        "holds": lambda: _counts(sizes.count_events(find_paths())),
        "index": lambda: _file(find_paths().index_file),
        "decks": lambda: _counts(sizes.count_decks(find_paths())),
        "reports": lambda: from_base(find_paths().log_folder),
    }.items():
        lines.append(f"{name:<9} {clean(_found(find), multiline=False)}\n")
    return "".join(lines)


def from_base(path: Path) -> str:
    """Return a path from `~`, or from the variable that it follows from; else its name alone."""
    bases = {f"${name}": Path(os.environ[name]) for name in BASES if os.environ.get(name)}
    bases["~"] = Path.home()
    for name, base in bases.items():
        if path.is_relative_to(base.expanduser().absolute()):
            below = path.relative_to(base.expanduser().absolute())
            return f"{name}/{below.as_posix()}"
    return f"{path.name}, elsewhere"


def _found(find: Callable[[], str]) -> str:
    try:
        return find()
    except SCOQuizError as error:  # its message names a file
        return f"cannot be read ({type(error).__name__})"
    except Exception as error:  # noqa: BLE001 -- where something is broken the rest is wanted most
        return f"cannot be found out ({type(error).__name__})"


def _packages() -> str:
    return ", ".join(f"{name} {_version_of(name)}" for name in PACKAGES)


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def _has_libyaml() -> bool:
    yaml = find_spec("yaml")  # to import it would take 24 ms
    folders = yaml.submodule_search_locations if yaml else None
    return any(any(Path(folder).glob("_yaml.*")) for folder in folders or ())


def _system() -> str:
    release = platform.release()  # what is behind its number may be anything
    wsl = ", WSL" if "microsoft" in release.lower() else ""
    return f"{platform.system()} {release.partition('-')[0]}, {platform.machine()}{wsl}"


def _terminal() -> str:
    environment = os.environ
    columns, rows = shutil.get_terminal_size((0, 0))
    facts = {
        "TERM": environment.get("TERM", "none"),
        "COLORTERM": environment.get("COLORTERM", "none"),
        "size": f"{columns}x{rows}",
        "stdin": _yes(sys.stdin.isatty()),
        "stdout": _yes(sys.stdout.isatty()),
        "ssh": _yes(bool({"SSH_TTY", "SSH_CONNECTION"} & set(environment))),
        "tmux": _yes("TMUX" in environment),
        "screen": _yes("STY" in environment),
        "NO_COLOR": _yes(bool(environment.get("NO_COLOR"))),
    }
    return ", ".join(f"{name} {value}" for name, value in facts.items())


def _file(path: Path) -> str:
    try:
        size = f"{path.stat().st_size:,} bytes"
    except (FileNotFoundError, NotADirectoryError):
        size = "not there"
    except OSError as error:
        size = f"cannot be looked at ({error.strerror})"
    return f"{from_base(path)}, {size}"


def _changed_settings() -> str:
    """Return the names of settings that are not as they come; what they are may be personal."""
    config, problems = settings.load(find_paths().config_file)
    names = [name for name in settings.SETTINGS if getattr(config, name) != settings.default(name)]
    names += [table for table in (settings.KEYS, settings.DECK) if getattr(config, table)]
    unusable = [f"{len(problems)} cannot be used"] if problems else []
    return ", ".join(names + unusable) or "none"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counts.items()) or "nothing yet"


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
