"""Finds every problem of deck files, one file after another."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DeckError
from sco_quiz.library.deck_tree import CIRCLE_HELP, DeckTree, PlacedDeck
from sco_quiz.library.decks import contents, look_into
from sco_quiz.library.diagnostics import (
    Diagnostic,
    Severity,
    TextLines,
    TooManyProblems,
    quote,
    render,
)
from sco_quiz.library.files import is_shipped
from sco_quiz.library.folders import COPY_HELP, find_original, originals_of
from sco_quiz.library.media import MEDIA_KEYS, find
from sco_quiz.library.nodes import MappingNode, SequenceNode
from sco_quiz.library.questions import line
from sco_quiz.library.semantics import look_for_slips
from sco_quiz.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from importlib.resources.abc import Traversable

    from sco_quiz.library.decks import Deck
    from sco_quiz.library.yaml_reading import Reading


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """The result of checking a file.

    Attributes:
        name: The name of the file, as the caller gave it.
        notes: The number of notes that can be studied.
        diagnostics: Every problem, in the order of the file.
        lines: The file's text.
    """

    name: str
    notes: int
    diagnostics: tuple[Diagnostic, ...]
    lines: TextLines

    @property
    def errors(self) -> int:
        """The number of errors."""
        return sum(problem.severity is Severity.ERROR for problem in self.diagnostics)

    @property
    def warnings(self) -> int:
        """The number of warnings."""
        return len(self.diagnostics) - self.errors

    @property
    def is_copy(self) -> bool:
        """True for a synchroniser's conflict copy of another file."""
        return any(problem.code == "W411" for problem in self.diagnostics)

    def shown(self) -> list[str]:
        """Return each problem as it is shown in a terminal, with its line and a caret."""
        return [render(problem, self.name, self.lines) for problem in self.diagnostics]


def not_searched(error: OSError) -> CheckedFile:
    """Return the result that stands for a folder that could not be searched."""
    problem = Diagnostic(
        "E102",
        f"the folder cannot be searched ({error.strerror})",
        help="check its permissions and, if it is a link, where it leads",
    )
    return CheckedFile(str(error.filename), 0, (problem,), TextLines(""))


class Checker:
    """Checks deck files. The deck ids of files checked before count as taken."""

    def __init__(self, today: date, max_age: int | None = None) -> None:
        """Check as of a day.

        Args:
            today: The day from which the age of a fact's `as_of` is counted.
            max_age: The age in days above which a fact is stale; None to let none be.
        """
        self._today = today
        self._max_age = max_age
        self._owners: dict[str, str] = {}
        self._placed: dict[str, _DeckOfFile] = {}
        self._decks: dict[str, str | None] = {}

    def check(self, name: str, file: Traversable, folders: tuple[str, ...] = ()) -> CheckedFile:
        """Find every problem of a file; for a conflict copy, tell only that it is one.

        Args:
            name: The name to report it by.
            file: The file to read.
            folders: The folders between a decks folder and the file, the outermost first.
        """
        data = contents(file)
        if isinstance(data, Diagnostic):
            return CheckedFile(name, 0, (data,), TextLines(""))
        reading, deck = look_into(file.name, data)
        beside = ids_beside(file) if isinstance(file, Path) else {}
        original = find_original(name, deck.id if deck else None, {**beside, **self._decks})
        if original is not None:
            return CheckedFile(name, 0, (_set_aside(original),), TextLines(""))
        if not is_shipped(Path(name)):
            self._decks[name] = deck.id if deck else None
        look_for_slips(reading, deck, self._today, self._max_age)
        if isinstance(file, Path):
            _look_for_media(reading, file)
        notes = 0
        if deck is not None:
            notes = len({card.note for card in deck.cards})
            self._claim(deck, reading, name)
            if deck.id not in self._placed or not is_shipped(Path(name)):
                self._placed[deck.id] = _placed(deck, reading, name, folders)
        return CheckedFile(name, notes, tuple(reading.problems.sorted()), reading.lines)

    def look_at_parents(
        self, files: Iterable[CheckedFile], *, all_known: bool
    ) -> list[CheckedFile]:
        """Add the problems with the parents of decks; a parent needs no cards of its own.

        Args:
            files: All files that were checked.
            all_known: True if no decks exist besides them, so an unknown parent is an error.
        """
        tree = DeckTree(placed.deck for placed in self._placed.values())
        decks = {placed.name: (deck, placed.spot) for deck, placed in self._placed.items()}
        checked = []
        for file in files:
            deck, spot = decks.get(file.name, ("", (1, 1, 1, 1)))
            problems = list(file.diagnostics)
            if tree.is_parent(deck) and deck:
                problems = [problem for problem in problems if problem.code != "E309"]
            if deck in tree.circles:
                problems.append(Diagnostic("E312", tree.circle_told(deck), *spot, CIRCLE_HELP))
            elif deck in tree.lost and all_known:
                told, help_ = tree.lost_told(deck)
                problems.append(Diagnostic("E311", told, *spot, help_))
            problems.sort(key=lambda problem: (problem.line, problem.column))
            checked.append(replace(file, diagnostics=tuple(problems)))
        return checked

    def _claim(self, deck: Deck, reading: Reading, name: str) -> None:
        """Take the id of a deck for its file, or note that another file has it.

        A learner's own copy of a shipped deck may have its id.
        """
        if is_shipped(Path(name)):
            return
        owner = self._owners.setdefault(deck.id, name)
        root = reading.root
        if owner == name or root is None:
            return
        spot = root.spot("id") if root.get("id") else None
        with suppress(TooManyProblems):
            reading.problems.add(
                "E310", f"the deck id {quote(deck.id)} is taken by {clean(owner, multiline=False)}",
                spot.start if spot else root.start, spot.end if spot else 0,
                help="give one of them another `id`",
            )  # fmt: skip


def ids_beside(file: Path) -> dict[str, str | None]:
    """Read the deck ids of the files that a file may be a copy of, by their paths.

    The id is None for a deck that cannot be read.
    """
    ids: dict[str, str | None] = {}
    for name, _ in originals_of(str(file)):
        if (original := Path(name)).is_file():
            ids[name] = read_id(original)
    return ids


def read_id(file: Path) -> str | None:
    """Read the id of a deck file; None if it holds no usable deck."""
    data = contents(file)
    deck = None if isinstance(data, Diagnostic) else look_into(file.name, data)[1]
    return deck.id if deck else None


class _DeckOfFile(NamedTuple):
    """A checked deck: its file, its place in the tree, and the spot of the file that says so."""

    name: str
    deck: PlacedDeck
    spot: tuple[int, int, int, int]


def _placed(deck: Deck, reading: Reading, name: str, folders: tuple[str, ...]) -> _DeckOfFile:
    spot, root = (1, 1, 1, 1), reading.root
    if root is not None and root.get("parent"):
        where = root.spot("parent")
        spot = (*reading.lines.position(where.start), *reading.lines.position(where.end))
    shipped = is_shipped(Path(name))
    placed = PlacedDeck(deck.id, deck.title, deck.parent, folders, PurePath(name).stem, shipped)
    return _DeckOfFile(name, placed, spot)


def _set_aside(original: str) -> Diagnostic:
    shown = clean(original, multiline=False)
    return Diagnostic(
        "W411", f"set aside: a synchroniser's conflict copy of {shown}", help=COPY_HELP
    )


def _look_for_media(reading: Reading, deck: Path) -> None:
    """Warn of images and recordings that notes name and that cannot be used."""
    cards = reading.root.get("cards") if reading.root is not None else None
    for note in cards if isinstance(cards, SequenceNode) else ():
        if not isinstance(note, MappingNode):
            continue
        for key, sort in MEDIA_KEYS.items():
            value = note.get(key)
            spot = note.spot(key) if value else None
            if spot is None or reading.problems.errors_within(spot.start, spot.end):
                continue
            named = (
                zip(value, value.each_spot(), strict=True)
                if isinstance(value, SequenceNode)
                else [(value, spot)]
            )
            for name, (_, start, end) in named:
                try:
                    find(deck, line(str(name)), sort)
                except DeckError as error:
                    with suppress(TooManyProblems):
                        reading.problems.add("W410", error.message, start, end, help=error.help)
