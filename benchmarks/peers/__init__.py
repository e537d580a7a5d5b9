"""Other programs: installed into environments of their own, run, and never imported."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measuring import ROOT, variables_of

if TYPE_CHECKING:
    from collections.abc import Sequence

CACHE = ROOT / "benchmarks" / ".cache"
"""Kept from run to run; may be deleted."""
CLANKI = "clanki==0.1.4"
"""Brings Anki along."""
BARE = (sys.executable, str(Path(__file__).with_name("bare.py")))
"""The command of a bare Textual app."""
BARE_TEXT = "This is all."


class Clanki:
    """Clanki, and the Anki below it, in an environment of their own; as text, their versions."""

    def __init__(self, folder: Path) -> None:
        """Use an environment; see `find`."""
        self._bin = folder / "bin"
        found = self._run("-c", _VERSIONS).split()
        self._name = "Clanki {} (Anki {}, Textual {})".format(*found)

    def __str__(self) -> str:
        return self._name

    @classmethod
    def find(cls) -> Clanki | str:
        """Clanki, installed unless it is there from an earlier run; or why it cannot be had."""
        folder = CACHE / f"{CLANKI}-{sys.version_info.major}.{sys.version_info.minor}"
        try:
            if not (folder / "bin" / "clanki").exists():
                _run([sys.executable, "-m", "venv", "--clear", str(folder)])
                _run([str(folder / "bin" / "pip"), "install", "--quiet", CLANKI])
            return cls(folder)
        except subprocess.CalledProcessError as error:
            lines = error.stderr.strip().splitlines() or ["it says nothing"]
            return f"Not measured against Anki and Clanki: {CLANKI} cannot be had ({lines[-1]})."

    def add(self, notes: Sequence[tuple[str, str]], base: Path) -> float:
        """Add notes to a new collection.

        Args:
            notes: Fronts and backs.
            base: A folder that is not there yet.

        Returns:
            How many seconds `add_notes` took, one call for all of them.
        """
        script = str(Path(__file__).with_name("anki_notes.py"))
        printed = self._run(script, str(base), given=json.dumps(notes))
        return float(printed.split()[-1])  # before it, Anki may complain that it is kept busy

    def take(self, package: Path, base: Path) -> float:
        """Import a package, with scheduling, into a new collection.

        Args:
            package: An `.apkg` file.
            base: A folder that is not there yet.

        Returns:
            How many seconds the import took.
        """
        script = str(Path(__file__).with_name("anki_import.py"))
        return float(self._run(script, str(base), str(package)).split()[-1])

    def review(self, base: Path) -> tuple[list[str], dict[str, str]]:
        """The command that asks the cards of a collection that `add` made, and its variables."""
        command = [str(self._bin / "clanki"), "review", "Plain"]
        return command, variables_of() | {"ANKI_BASE": str(base)}

    def _run(self, *arguments: str, given: str = "") -> str:
        return _run([str(self._bin / "python"), *arguments], given)


_VERSIONS = """
import anki.collection, clanki.tui
from importlib.metadata import version
print(*map(version, ("clanki", "anki", "textual")))
"""


def _run(command: list[str], given: str = "") -> str:
    # A peer has to find its own packages, not ours.
    variables = {name: value for name, value in variables_of().items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, env=variables, check=True
    )
    return done.stdout
