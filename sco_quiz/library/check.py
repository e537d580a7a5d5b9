"""Every problem of deck files, one file after another."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DeckError
from sco_quiz.library.deck_tree import CIRCLE_HELP, DeckTree, PlacedDeck
from sco_quiz.library.decks import contents, look_into
from sco_quiz.library.diagnostics import Diagnostic, Lines, Severity, TooManyProblems, quote, render
from sco_quiz.library.files import is_shipped
from sco_quiz.library.folders import COPY_HELP, find_original, originals_of
from sco_quiz.library.media import MEDIA_KEYS, find
from sco_quiz.library.nodes import Mapping, Sequence
from sco_quiz.library.questions import line
from sco_quiz.library.semantics import look_for_slips
from sco_quiz.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from importlib.resources.abc import Traversable

    from sco_quiz.library.decks import Deck
    from sco_quiz.library.reader import Reading


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What was found in a file.

    Attributes:
        name: How the file was named.
        notes: How many notes can be studied.
        diagnostics: Every problem, in the order of the file.
        lines: The file's text.
    """

    name: str
    notes: int
    diagnostics: tuple[Diagnostic, ...]
    lines: Lines

    @property
    def errors(self) -> int:
        """How many errors it has."""
        return sum(each.severity is Severity.ERROR for each in self.diagnostics)

    @property
    def warnings(self) -> int:
        """How many warnings it has."""
        return len(self.diagnostics) - self.errors

    @property
    def is_copy(self) -> bool:
        """Tell whether it is a synchroniser's conflict copy of another."""
        return any(each.code == "W411" for each in self.diagnostics)

    def shown(self) -> list[str]:
        """Each problem as it is shown in a terminal, with its line and a caret."""
        return [render(each, self.name, self.lines) for each in self.diagnostics]


def not_searched(error: OSError) -> CheckedFile:
    """What stands for a folder that could not be searched."""
    problem = Diagnostic(
        "E102",
        f"the folder cannot be searched ({error.strerror})",
        help="check its permissions and, if it is a link, where it leads",
    )
    return CheckedFile(str(error.filename), 0, (problem,), Lines(""))


class Checker:
    """Checks deck files. Those checked before have their ids taken."""

    def __init__(self, today: date, max_age: int | None = None) -> None:
        """Check as of a day.

        Args:
            today: Facts are as old as their `as_of` is then.
            max_age: Days above which a fact is stale; None if none is.
        """
        self._today = today
        self._max_age = max_age
        self._owners: dict[str, str] = {}
        self._placed: dict[str, _Placed] = {}
        self._decks: dict[str, str | None] = {}

    def check(self, name: str, file: Traversable, folders: tuple[str, ...] = ()) -> CheckedFile:
        """Find every problem of a file, whatever it holds; of a conflict copy, only that it is one.

        Args:
            name: How to name it.
            file: What to read it from.
            folders: Those between a decks folder and the file, the outermost first.
        """
        data = contents(file)
        if isinstance(data, Diagnostic):
            return CheckedFile(name, 0, (data,), Lines(""))
        reading, deck = look_into(file.name, data)
        beside = ids_beside(file) if isinstance(file, Path) else {}
        original = find_original(name, deck.id if deck else None, {**beside, **self._decks})
        if original is not None:
            return CheckedFile(name, 0, (_set_aside(original),), Lines(""))
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
        """Add what is wrong with the parents of decks; a parent needs no cards of its own.

        Args:
            files: All that were checked.
            all_known: Whether a parent that was not checked is not there.
        """
        tree = DeckTree(placed.deck for placed in self._placed.values())
        decks = {placed.name: (deck, placed.spot) for deck, placed in self._placed.items()}
        found = []
        for file in files:
            deck, spot = decks.get(file.name, ("", (1, 1, 1, 1)))
            problems = list(file.diagnostics)
            if tree.is_parent(deck) and deck:
                problems = [each for each in problems if each.code != "E309"]
            if deck in tree.circles:
                problems.append(Diagnostic("E312", tree.circle_told(deck), *spot, CIRCLE_HELP))
            elif deck in tree.lost and all_known:
                told, help_ = tree.lost_told(deck)
                problems.append(Diagnostic("E311", told, *spot, help_))
            problems.sort(key=lambda each: (each.line, each.column))
            found.append(replace(file, diagnostics=tuple(problems)))
        return found

    def _claim(self, deck: Deck, reading: Reading, name: str) -> None:
        """Take the id of a deck for its file, or note whose it is.

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
    """Read the ids of the decks beside a file that it may be a copy of, by their paths.

    None stands for a deck that cannot be read.
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


class _Placed(NamedTuple):
    """The place of a deck in the tree, with the lines and columns of its file that say so."""

    name: str
    deck: PlacedDeck
    spot: tuple[int, int, int, int]


def _placed(deck: Deck, reading: Reading, name: str, folders: tuple[str, ...]) -> _Placed:
    spot, root = (1, 1, 1, 1), reading.root
    if root is not None and root.get("parent"):
        where = root.spot("parent")
        spot = (*reading.lines.position(where.start), *reading.lines.position(where.end))
    shipped = is_shipped(Path(name))
    placed = PlacedDeck(deck.id, deck.title, deck.parent, folders, PurePath(name).stem, shipped)
    return _Placed(name, placed, spot)


def _set_aside(original: str) -> Diagnostic:
    shown = clean(original, multiline=False)
    return Diagnostic(
        "W411", f"set aside: a synchroniser's conflict copy of {shown}", help=COPY_HELP
    )


def _look_for_media(reading: Reading, deck: Path) -> None:
    """Warn of images and recordings that notes name and that cannot be used."""
    cards = reading.root.get("cards") if reading.root is not None else None
    for note in cards if isinstance(cards, Sequence) else ():
        if not isinstance(note, Mapping):
            continue
        for key, sort in MEDIA_KEYS.items():
            name = note.get(key)
            spot = note.spot(key) if name else None
            if spot is None or reading.problems.errors_within(spot.start, spot.end):
                continue
            try:
                find(deck, line(str(name)), sort)
            except DeckError as error:
                with suppress(TooManyProblems):
                    reading.problems.add(
                        "W410", error.message, spot.start, spot.end, help=error.help
                    )
