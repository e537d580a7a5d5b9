"""Anki as the judge of what is read and written for it.

Anki is AGPL. It is installed into an environment of its own and talked to over pipes
(`anki_oracle.py`); nothing of it is imported here or in the app.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import platformdirs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ANKI = "anki>=25.9,<27"
_SCRIPT = Path(__file__).with_name("anki_oracle.py")
_LONGEST_INSTALLATION = 180  # seconds


class UnavailableError(Exception):
    """Anki cannot be had here."""


class Type(NamedTuple):
    """A note type of the learner's own; `templates` are names, questions and answers."""

    name: str
    fields: Sequence[str]
    templates: Sequence[tuple[str, str, str]]


class NewNote(NamedTuple):
    """A note to be made; `type` is one of Anki's own or of those given with it."""

    type: str
    fields: Sequence[str]
    deck: str = "Default"
    tags: Sequence[str] = ()
    guid: str = ""


class Answer(NamedTuple):
    """An answer to be given: to which note (by its number), on which day (0 is today)."""

    day: int
    note: int
    order: int
    rating: int
    milliseconds: int = 4_000


class Review(NamedTuple):
    """A row of Anki's review log, less its card."""

    at: int
    rating: int
    interval: int
    last_interval: int
    factor: int
    milliseconds: int
    type: int


class Card(NamedTuple):
    """A card as Anki has it.

    Attributes:
        due_in: Days from today; None unless it is in review.
        replayed: The stability that Anki makes of the card's log, if it knows one.
    """

    order: int
    deck: str
    type: int
    queue: int
    due: int
    due_in: int | None
    interval: int
    factor: int
    reps: int
    lapses: int
    flag: int
    stability: float | None
    difficulty: float | None
    replayed: float | None
    question: str
    answer: str
    reviews: tuple[Review, ...]


class Note(NamedTuple):
    """A note as Anki has it."""

    guid: str
    type: str
    fields: dict[str, str]
    tags: list[str]
    cards: list[Card]


class Collection:
    """A collection of Anki's, in a folder of its own."""

    def __init__(self, oracle: Oracle, folder: Path) -> None:
        self._oracle = oracle
        self._folder = folder

    def study(
        self,
        answers: Sequence[Answer],
        suspended: Sequence[tuple[int, int]] = (),
        flags: Sequence[tuple[int, int, int]] = (),
    ) -> Self:
        """Answer cards, in the order of their days, then set aside and flag some.

        Cards are named by the numbers of their note and of their order in it.
        """
        assert list(answers) == sorted(answers, key=lambda each: each.day)
        self._ask("study", answers=answers, suspended=suspended, flags=flags)
        return self

    def export(self, to: Path, *, legacy: bool = False, scheduling: bool = True) -> Path:
        """Write a package, `.apkg` or (always with everything) `.colpkg`."""
        self._ask("export", to=str(to), legacy=legacy, scheduling=scheduling)
        return to

    def take(self, package: Path, *, fsrs: bool = True) -> Self:
        """Import a package, with its scheduling."""
        self._ask("take", package=str(package), fsrs=fsrs)
        return self

    def notes(self) -> list[Note]:
        """All notes, as they were made."""
        return [
            Note(**note | {"cards": [_card(card) for card in note["cards"]]})
            for note in self._ask("show")["notes"]
        ]

    def media(self) -> dict[str, bytes]:
        """All files, by name."""
        found = self._ask("show")["media"]
        return {name: base64.b64decode(content) for name, content in found.items()}

    def _ask(self, do: str, **request: object) -> Any:
        return self._oracle.ask(do, base=str(self._folder), **request)


class Oracle:
    """Anki, running."""

    def __init__(self, folder: Path) -> None:
        """Start it.

        Args:
            folder: Where collections may be put.

        Raises:
            UnavailableError: It cannot be installed, or does not start.
        """
        self._folder = folder
        self._number = 0
        self._process = subprocess.Popen(
            [str(_environment()), "-E", str(_SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )

    def close(self) -> None:
        """End it."""
        self._process.communicate()

    def collection(self) -> Collection:
        """A collection that takes what is imported into it."""
        self._number += 1
        return Collection(self, self._folder / f"collection-{self._number}")

    def make(
        self,
        notes: Sequence[NewNote],
        *,
        types: Sequence[Type] = (),
        media: Mapping[str, bytes] | None = None,
        fsrs: bool = True,
    ) -> Collection:
        """A collection with notes."""
        made = self.collection()
        made._ask(
            "make",
            notes=[each._asdict() for each in notes],
            types=[each._asdict() for each in types],
            media={
                name: base64.b64encode(content).decode() for name, content in (media or {}).items()
            },
            fsrs=fsrs,
        )
        return made

    def ask(self, do: str, **request: object) -> Any:
        """What Anki answers to a request of `anki_oracle.py`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **request}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise UnavailableError(f"Anki ended by itself, with {self._process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer["answer"]


def _card(shown: dict[str, Any]) -> Card:
    return Card(**shown | {"reviews": tuple(Review(*row) for row in shown["reviews"])})


def _environment() -> Path:
    """The Python that has Anki; installed unless it is there from an earlier run."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = platformdirs.user_cache_path("sco-quiz-tests") / f"{ANKI}-{version}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    done, lock = folder / "done", folder.with_name(f"{folder.name}.lock")
    folder.parent.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + _LONGEST_INSTALLATION
    while not done.exists():
        try:
            lock.mkdir()  # of several processes one installs
        except FileExistsError:
            if time.monotonic() > until:  # whoever did was ended
                lock.rmdir()
                raise UnavailableError("it was not installed in time") from None
            time.sleep(0.2)
            continue
        try:
            _run([sys.executable, "-m", "venv", "--clear", str(folder)])
            _run([str(python), "-m", "pip", "install", "--quiet", "--retries", "1", ANKI])
            done.touch()
        finally:
            lock.rmdir()
    return python


def _run(command: list[str]) -> None:
    try:
        subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=_LONGEST_INSTALLATION
        )
    except subprocess.TimeoutExpired:
        raise UnavailableError("it takes too long to install") from None
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines() or ["nothing is said why"]
        raise UnavailableError(lines[-1]) from None
