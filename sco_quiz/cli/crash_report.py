"""An error that nobody foresaw: a report is written, and one line says so.

A report says where in the program it happened, never with which texts.
"""

from __future__ import annotations

import re
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz import debug
from sco_quiz.cli.info import info
from sco_quiz.files import make_folder, read_plain
from sco_quiz.paths import find_paths
from sco_quiz.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

EXIT_CODE = 4
"""What a command that ends so returns."""
KEPT = 10
"""Reports that are kept, the last ones."""
LOG_LINES = 50
"""The last lines of the log, if there is one, that a report has."""
DEEPEST = 60
"""Calls that are told of an error, the innermost."""

_TELLING = (AttributeError, NameError, ImportError, IndexError, TypeError, ZeroDivisionError,
            RecursionError, MemoryError, NotImplementedError)  # fmt: skip
"""Errors whose message is of the program; any other may quote a card, an answer or a path."""
_PATH = re.compile(r"(?:/[^\s/'\"]+){2,}|[A-Za-z]:\\[^\s'\"]+")
_PACKAGE = Path(__file__).parents[1]
_LIBRARY = f"python{sys.version_info[0]}.{sys.version_info[1]}"


def tell_mishap(error: Exception) -> int:
    """Write a report of an error, and say where it lies.

    Returns:
        The exit code.
    """
    debug.note("an unexpected error\n%s", describe(error))
    if debug.is_on():
        traceback.print_exception(error)
    try:
        where = f"a report is in {write_report(error)}"
    except OSError as failure:
        where = f"no report could be written ({failure.strerror})"
    except Exception as failure:  # noqa: BLE001 -- the first error is the one to tell
        where = f"no report could be written ({type(failure).__name__})"
    said = f"error: sco-quiz made a mistake and had to end ({_place_of(error)}); {where}"
    print(clean(said, multiline=False), file=sys.stderr)
    return EXIT_CODE


def write_report(error: Exception) -> Path:
    """Write a report that only its owner can read, and let go of the oldest.

    Raises:
        OSError: It cannot be written.
    """
    folder = find_paths().log_folder
    make_folder(folder, private=True)
    path = folder / f"report-{datetime.now().astimezone():%Y-%m-%d-%H%M%S-%f}.txt"
    debug.create_private(path, new=True)
    try:
        path.write_text("\n".join(_parts(error)), encoding="utf-8", errors="replace")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    others = sorted(set(folder.glob("report-*.txt")) - {path})  # a clock set back wrote later ones
    for old in others[: 1 - KEPT]:
        old.unlink(missing_ok=True)
    return path


def describe(error: BaseException) -> str:
    """Return where an error came from, and the errors before it, without any value."""
    parts: list[str] = []
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        parts.append(_describe_one(each))
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return "which led to\n".join(reversed(parts))


def _describe_one(error: BaseException) -> str:
    lines = []
    for frame in traceback.extract_tb(error.__traceback__, limit=-DEEPEST):
        file = _short(frame.filename)
        lines.append(f"  {file}:{frame.lineno} in {frame.name}\n")
        if frame.line and "/" in file:  # the line of another file may be the learner's own
            lines.append(f"    {frame.line}\n")
    lines.append(f"{_name_and_message(error)}\n")
    if isinstance(error, BaseExceptionGroup):
        lines += [f"one of these\n{describe(each)}" for each in error.exceptions]
    return "".join(lines)


def _parts(error: Exception) -> Iterator[str]:
    yield "A report of sco-quiz. It holds nothing of your decks, your answers or yourself.\n"
    yield info()
    yield f"What happened\n{describe(error)}"
    if debug.is_on():
        log = read_plain(find_paths().debug_log, 2 * debug.LARGEST)
        lines = log.decode(errors="replace").splitlines()
        yield "\n".join(["The last lines of the log", *lines[-LOG_LINES:], ""])


def _name_and_message(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, _TELLING):
        return f"{name}: {clean(_PATH.sub('…', str(error)), multiline=False)}"
    code = getattr(error, "sqlite_errorname", None)
    if isinstance(error, OSError) and error.errno is not None:
        code = f"errno {error.errno}"
    return f"{name} ({code})" if code else name


def _place_of(error: Exception) -> str:
    """Return the kind of an error, and the innermost place that it came from, if need be not ours.

    The calls up to the start of the app are no such place.
    """
    frames = traceback.extract_tb(error.__traceback__)
    starts = [place for place, each in enumerate(frames, 1) if each.name == "run_app"]
    inner = frames[starts[-1] :] if starts else frames
    own = [frame for frame in inner if Path(frame.filename).is_relative_to(_PACKAGE)]
    place = (own or inner)[-1:]
    return type(error).__name__ + "".join(f" in {_short(p.filename)}:{p.lineno}" for p in place)


def _short(filename: str) -> str:
    """Return a file's name from its package on: what is before may name the learner."""
    path = Path(filename)
    if path.is_relative_to(_PACKAGE):
        return path.relative_to(_PACKAGE.parent).as_posix()
    for folder in ("site-packages", "dist-packages", _LIBRARY):
        _, found, rest = path.as_posix().rpartition(f"/{folder}/")
        if found:
            return rest
    return path.name
