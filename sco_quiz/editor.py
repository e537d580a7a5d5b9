"""The learner's text editor, opened at a line."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path, PurePath

from sco_quiz.errors import UsageError

_PLUS_LINE = {"vi", "vim", "nvim", "gvim", "nano", "emacs", "emacsclient", "kak", "micro", "joe"}
_GO_TO = {"code", "code-insiders", "codium", "cursor", "windsurf"}
_COLON_LINE = {"hx", "helix", "subl", "zed"}
_RETURN_AT_ONCE = _GO_TO | {"subl", "zed"}


def command(path: Path, line: int = 1) -> list[str]:
    """Return the command that opens the learner's editor on a file, at a line (from 1) if possible.

    The editor is `$VISUAL`, else `$EDITOR`, with the options given there, else the system's usual
    one. An editor that returns at once gets the option to wait until the file is closed.

    Raises:
        UsageError: The variable is not a valid command line.
    """
    name, value = _chosen()
    try:
        words = [word.strip('"') if os.name == "nt" else word for word in _split(value)]
    except ValueError as error:
        raise UsageError(f"${name} cannot be understood: {error}", f"correct ${name}") from None
    file = str(path.absolute())
    editor = PurePath(words[0]).stem.casefold()
    if editor in _RETURN_AT_ONCE and not {"-w", "--wait"} & set(words):
        words.append("--wait")
    if editor in _PLUS_LINE:
        return [*words, f"+{line}", file]
    if editor in _GO_TO:
        return [*words, "-g", f"{file}:{line}"]
    if editor in _COLON_LINE:
        return [*words, f"{file}:{line}"]
    return [*words, file]


def open_in_editor(path: Path, line: int = 1) -> None:
    """Let the learner edit a file, and return when the editor ends.

    Raises:
        UsageError: The editor cannot be started.
    """
    words = command(path, line)
    try:
        subprocess.run(words, check=False)  # noqa: S603 -- it is the learner's own command
    except OSError as error:
        name, _ = _chosen()
        raise UsageError(
            f"the editor {words[0]!r} cannot be started ({error.strerror})",
            f"set ${name or 'VISUAL'} to the command of your editor",
        ) from None


def _chosen() -> tuple[str, str]:
    """Return the variable that names the editor, and the command; no variable for the usual one."""
    for name in ("VISUAL", "EDITOR"):
        value = os.environ.get(name, "").strip()
        if value:
            return name, value
    return "", "notepad" if os.name == "nt" else "vi"


def _split(value: str) -> list[str]:
    return shlex.split(value, posix=os.name != "nt")
