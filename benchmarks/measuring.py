"""Taking figures: interleaved runs, medians with their spread, work in processes of its own."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, TypeVar

from benchmarks.homes import environment
from sco_quiz.paths import HOME_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).parent.parent
Taken = TypeVar("Taken")


class NeverShownError(Exception):
    """What was waited for did not come to the screen; names it, and shows the screen."""


@dataclass(frozen=True, slots=True)
class Series:
    """What one measurement came to, run after run."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The value in the middle."""
        return median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """The bounds of the middle half of the values."""
        return quantile(self.values, 0.25), quantile(self.values, 0.75)

    def over(self, other: Series) -> Series:
        """The ratio of each run to the run of the other beside it."""
        return Series(tuple(a / b for a, b in zip(self.values, other.values, strict=True)))

    def times(self, factor: float) -> Series:
        """In another unit."""
        return Series(tuple(value * factor for value in self.values))


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies; the nearest one there is."""
    return sorted(values)[min(round(share * len(values)), len(values) - 1)]


def interleaved(runs: int, *works: Callable[[], float]) -> list[Series]:
    """What works measured that were done in turn; see `in_turn`."""
    return [Series(tuple(values)) for values in in_turn(runs, *works)]


def in_turn(runs: int, *works: Callable[[], Taken]) -> list[list[Taken]]:
    """Do each work in turn, A B A B, so that a slow minute of the machine slows them all.

    Args:
        runs: How often.
        works: Each returns what it measured. The first run of each is not counted.
    """
    taken: list[list[Taken]] = [[] for _ in works]
    for number in range(runs + 1):
        for values, work in zip(taken, works, strict=True):
            value = work()
            if number:
                values.append(value)
    return taken


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def command(*arguments: str, home: Path | None = None) -> Callable[[], float]:
    """A measurement: how long a command takes from its start to its end, in seconds.

    Args:
        arguments: The command.
        home: Whose decks and progress it is to see.
    """
    variables = variables_of(home)

    def run() -> float:
        return seconds(
            lambda: subprocess.run(
                arguments, check=True, stdout=subprocess.DEVNULL, env=variables, cwd=ROOT
            )
        )

    return run


def variables_of(home: Path | None = None) -> dict[str, str]:
    """The environment of a command, as most people have it.

    Args:
        home: Whose decks and progress the command is to see.
    """
    # These send us elsewhere, have us compiled anew each time, or write to the terminal in bits.
    unwanted = (HOME_VARIABLE, "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return kept | (environment(home) if home else {})


def in_child(function: Callable[..., Any], *arguments: object) -> dict[str, Any]:
    """Call a function of a comparison in a fresh process.

    Args:
        function: Stands in a module, and returns a dictionary that JSON can hold.
        arguments: For it; as text.

    Returns:
        What it returned, and `peak`: the most memory it had, in bytes.
    """
    program = [sys.executable, "-c", "from benchmarks.measuring import _serve; _serve()"]
    name = [function.__module__, function.__name__, *map(str, arguments)]
    done = subprocess.run(
        [*program, *name], check=True, stdout=subprocess.PIPE, cwd=ROOT, env=variables_of()
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _serve() -> None:
    module, name, *arguments = sys.argv[1:]
    found = getattr(import_module(module), name)(*arguments)
    print(json.dumps({**found, "peak": peak_memory()}))


def peak_memory() -> int:
    """The most memory that this process had, in bytes.

    Linux counts in `ru_maxrss` what the process was before it became another program, so its own
    record is asked for there.
    """
    try:
        status = Path("/proc/self/status").read_text()
    except FileNotFoundError:
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
