"""The catalogue: the decks in use, their names, and the problems of deck files."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from sco_quiz.config import LIMITS, SETTINGS, parse
from sco_quiz.errors import UsageError, closest
from sco_quiz.library.deck_tree import CIRCLE_HELP, DeckTree, PlacedDeck
from sco_quiz.library.folders import COPY_HELP, find_conflict_copies, identify

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from sco_quiz.learning.card_queue import Counts
    from sco_quiz.library.library import DeckPath


class DeckSummary(NamedTuple):
    """A deck or a parent as a list of decks shows it; the numbers of a parent include those below.

    Attributes:
        id: The id, by which commands name it.
        title: The title.
        description: The subject; may be empty.
        path: Its file; empty for a parent without one.
        shipped: True if it came with the app.
        stands_for_shipped: True if it did, or is the learner's copy of one that did.
        notes: The number of its notes.
        cards: The number of its cards.
        counts: The cards that wait today.
        name: Its name below its parent.
        depth: The number of parents above it.
        decks: The ids of the decks that it stands for: itself and those below it, in order.
        is_parent: True if there are decks below it.
    """

    id: str
    title: str
    description: str
    path: str
    shipped: bool
    stands_for_shipped: bool
    notes: int
    cards: int
    counts: Counts
    name: str
    depth: int
    decks: tuple[str, ...]
    is_parent: bool

    @property
    def moved_in(self) -> str:
        """The name, indented by the number of parents above it."""
        return "  " * self.depth + self.name


def decks_of(summaries: Iterable[DeckSummary]) -> list[str]:
    """Return the ids of all decks that decks and parents stand for, without repeats."""
    return list(dict.fromkeys(deck for summary in summaries for deck in summary.decks))


class Problem(NamedTuple):
    """A mistake in a deck file; line 0 stands for the file as a whole."""

    path: str
    line: int
    column: int
    severity: str
    code: str
    message: str
    help: str


class HeaderSettings(NamedTuple):
    """The settings in the header of a deck; none for a parent without a file.

    Attributes:
        deck: The id of the deck.
        title: Its title.
        says: The settings of `config.OF_DECKS` in its header; for a parent without a file, those
            that it may have, each at its maximum, which is no limit.
        is_deck: True if it has a file.
    """

    deck: str
    title: str
    says: Mapping[str, object]
    is_deck: bool = True


class CataloguedFile(NamedTuple):
    """A deck file as the index has it; `deck` is None if it has no usable deck."""

    file: int
    path: str
    deck: str | None
    title: str
    description: str
    parent: str
    notes: int
    cards: int
    settings: Mapping[str, Any]
    images: bool


class Catalogue:
    """The decks in use: one file for each id, shipped ones first, then by title.

    The learner's copy of a shipped deck takes its place.

    Attributes:
        decks: The decks by id, in the order of the tree.
        tree: The tree of decks and parents.
        replaced: The files of shipped decks whose place the learner's copies take, by id.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        files: Iterable[DeckPath],
        before: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Choose decks from the files that the index knows.

        Args:
            db: A connection with the index attached.
            files: The present files.
            before: The titles of decks that were in use before, by id.
        """
        self._db = db
        self._earlier_titles = before
        known = _deck_rows(db)
        files_and_rows = [(file, known[file.path]) for file in files if file.path in known]
        own_ids = {row.deck for file, row in files_and_rows if row.deck and not file.shipped}
        self.replaced = {
            row.deck: Path(file.path)
            for file, row in files_and_rows
            if file.shipped and row.deck is not None and row.deck in own_ids
        }
        files_and_rows = [
            (file, row)
            for file, row in files_and_rows
            if not file.shipped or row.deck not in own_ids
        ]
        files_and_rows.sort(key=lambda pair: self._place(*pair))
        self._shipped = {file.path for file, _ in files_and_rows if file.shipped}
        rows: dict[str, CataloguedFile] = {}
        placed_decks: list[PlacedDeck] = []
        self._broken: list[CataloguedFile] = []
        self._taken: list[Problem] = []
        self._copies: list[Problem] = []
        copies = find_conflict_copies(
            {row.path: row.deck for file, row in files_and_rows if not file.shipped}
        )
        for file, row in files_and_rows:
            if (original := copies.get(row.path)) is not None:
                self._copies.append(_set_aside(row, original))
            elif row.deck is None:
                self._broken.append(row)
            elif row.deck in rows:
                self._taken.append(_id_taken(row, rows[row.deck]))
            else:
                rows[row.deck] = row
                placed_decks.append(
                    _placed(row, file, shipped=file.shipped or row.deck in self.replaced)
                )
        self.tree = DeckTree(placed_decks)
        self.decks = {deck: rows[deck] for deck, node in self.tree.nodes.items() if node.is_deck}
        _use_decks(db, self.decks.values())

    def _place(self, file: DeckPath, row: CataloguedFile) -> tuple[bool, str, tuple[str, str]]:
        """Return the sort key: shipped decks first, the learner's copies in their places."""
        replaced = self.replaced.get(row.deck or "")
        shipped = file.path if file.shipped else str(replaced or "")
        return not shipped, shipped, ("", "") if file.shipped else _by_title(row)

    def is_shipped(self, deck: str) -> bool:
        """Return True if a deck came with the app."""
        return self.decks[deck].path in self._shipped

    def stands_for_shipped(self, deck: str) -> bool:
        """Return True if a deck came with the app, or is the learner's copy of one that did."""
        return self.is_shipped(deck) or deck in self.replaced

    def file_of(self, deck: str) -> tuple[Path, bool]:
        """Return the file of a deck, and True if it came with the app."""
        return Path(self.decks[deck].path), self.is_shipped(deck)

    def deck_of(self, path: Path) -> str | None:
        """Return the id of the deck in a file; None if it has none in use."""
        return next((deck for deck, row in self.decks.items() if row.path == str(path)), None)

    def owner_of(self, deck: str) -> Path | None:
        """Return the file of the deck with an id; None if there is none."""
        return Path(self.decks[deck].path) if deck in self.decks else None

    def title(self, deck: str) -> str:
        """Return the title of a deck; for one that is gone, its last title."""
        row = self.decks.get(deck)
        if row:
            return row.title
        if deck in self.tree.nodes:
            return self.tree.nodes[deck].name
        return logged_titles(self._db).get(deck) or self._earlier_titles.get(deck, deck)

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the decks, by id."""
        return {deck: row.title for deck, row in self.decks.items()}

    @property
    def has_images(self) -> bool:
        """True if any card names an image."""
        return any(row.images for row in self.decks.values())

    def headers(self) -> list[HeaderSettings]:
        """Return the settings in the headers of the decks."""
        headers = []
        for name, node in self.tree.nodes.items():
            if node.is_deck:
                headers.append(
                    HeaderSettings(name, self.decks[name].title, self.decks[name].settings)
                )
            else:
                most = {setting: int(SETTINGS[setting].high) for setting in LIMITS}
                headers.append(HeaderSettings(name, node.name, most, is_deck=False))
        return headers

    def problems(self) -> list[Problem]:
        """Return the problems of deck files, errors before warnings."""
        problems = _problems_by_file(self._db)
        all_problems = [
            Problem(row.path, line, column, severity, code, message, help_)
            for row in [*self._broken, *self.decks.values()]
            for severity, code, message, help_, line, column in problems.get(row.file, ())
            if code != "E309" or not (row.deck and self.tree.is_parent(row.deck))
        ]
        all_problems += [*self._taken, *self._copies]
        all_problems += [
            self._parent_problem(deck)
            for deck in (*self.tree.lost, *self.tree.circles)
            if deck in self.decks
        ]
        return sorted(
            all_problems, key=lambda each: (each.severity != "error", each.path, each.line)
        )

    def find_decks(self, names: Iterable[str]) -> list[str]:
        """Return the ids of decks named by id, by its unique beginning, or by path.

        A parent stands for all decks below it.

        Raises:
            UsageError: A name fits no deck, more than one, or one without a card.
        """
        deck_ids: dict[str, None] = {}
        for name in names:
            node = self.find_node(name)
            deck_ids.update(dict.fromkeys(self.tree.decks(node)))
        return list(deck_ids)

    def find_deck(self, name: str) -> str:
        """Return the id of the one deck with a name.

        Raises:
            UsageError: See `find_decks`; or it is a parent without a file of its own.
        """
        node = self.find_node(name)
        if node not in self.decks:
            raise UsageError(
                f"{node!r} is a parent without a file of its own",
                f"name one of its decks: {', '.join(self.tree.decks(node)[:5])}",
            )
        return node

    def _parent_problem(self, deck: str) -> Problem:
        path = self.decks[deck].path
        place = _place_of("parent", path)
        if deck in self.tree.lost:
            return Problem(path, *place, "error", "E311", *self.tree.lost_told(deck))
        return Problem(path, *place, "error", "E312", self.tree.circle_told(deck), CIRCLE_HELP)

    def mistake_in(self, path: str) -> str:
        """Return the first mistake of a file without a usable deck, in one line; else empty."""
        for row in self._broken:
            if row.path == path:
                for _, _, message, _, line, column in _problems_by_file(self._db).get(row.file, ()):
                    return f"{Path(path).name}:{line}:{column}: {message}"
        return ""

    def find_node(self, name: str) -> str:
        """Return the id of the deck or parent with a name; see `find_decks`.

        Raises:
            UsageError: See `find_decks`.
        """
        path = str(Path(name).absolute())
        paths = {row.path: deck for deck, row in self.decks.items()}
        deck = name if name in self.decks else paths.get(path)
        if deck is None and Path(name).is_file():  # a link to one of them, or the file behind one
            place = identify(name)
            deck = next((deck for path, deck in paths.items() if identify(path) == place), None)
        if deck is None and name in self.tree.nodes:
            return name
        if deck is not None and (self.decks[deck].cards or self.tree.is_parent(deck)):
            return deck
        path = self.decks[deck].path if deck is not None else path
        for problem in self.problems():
            if problem.path == path or (deck is None and Path(problem.path).stem == name):
                where = f"{problem.path}:{problem.line}:{problem.column}"
                raise UsageError(f"{where}: {problem.message}", problem.help)
        fitting = [node for node in self.tree.nodes if node.startswith(name)]
        top = [node for node in fitting if not {*self.tree.above(node)} & {*fitting}]
        if len(top) == 1 and name:
            return top[0]
        if top and name:
            raise UsageError(
                f"{name!r} fits several decks: {', '.join(top)}", "write more of the id"
            )
        close = closest(name, self.tree.nodes, 0.4)
        suggestion = f"did you mean {close!r}? " if close else ""
        raise UsageError(
            f"there is no deck {name!r}", f"{suggestion}`sco-quiz decks` lists them all"
        )


def _placed(row: CataloguedFile, file: DeckPath, *, shipped: bool) -> PlacedDeck:
    stem = row.path[row.path.rfind(os.sep) + 1 :].rpartition(".")[0]
    return PlacedDeck(row.deck or "", row.title, row.parent, file.folders, stem, shipped)


def _by_title(row: CataloguedFile) -> tuple[str, str]:
    # Without its ending, so that `geo.yaml` comes before `geo-2.yaml`, which may be its copy.
    return "\x01" + row.title.casefold(), row.path.rpartition(".")[0]


def _place_of(key: str, path: str) -> tuple[int, int]:
    """Return line and column of the value of a deck's key, as `check` does; 1, 1 without one.

    The file is not parsed, since it may be large.
    """
    with suppress(OSError), Path(path).open(encoding="utf-8-sig", errors="replace") as lines:
        for number, text in enumerate(lines, 1):
            if match := re.match(rf"""(["']?){key}\1\s*:\s+""", text):
                return number, match.end() + 1
    return 1, 1


def _id_taken(row: CataloguedFile, first: CataloguedFile) -> Problem:
    return Problem(
        row.path, *_place_of("id", row.path), "error", "E310",
        f"the deck id {row.deck!r} is taken by {_shown(first.path)}",
        "give one of them another `id`",
    )  # fmt: skip


def _set_aside(row: CataloguedFile, original: str) -> Problem:
    return Problem(
        row.path, 1, 1, "warning", "W411",
        f"set aside: a synchroniser's conflict copy of {_shown(original)}",
        COPY_HELP,
    )  # fmt: skip


def _shown(path: str) -> str:
    from sco_quiz.text import clean  # not needed by `due`

    return clean(path, multiline=False)


def state_of_files(db: sqlite3.Connection) -> str:
    """Return a text that changes when a deck file in use is read anew or goes out of use."""
    row = db.execute("SELECT count(*), max(file), sum(file), sum(place) FROM temp.deck").fetchone()
    return str(row)


def logged_titles(db: sqlite3.Connection) -> dict[str, str]:
    """Return the titles of decks as last logged, by id; the decks may be gone."""
    return dict(db.execute("SELECT deck, title FROM deck_title"))


def _deck_rows(db: sqlite3.Connection) -> dict[str, CataloguedFile]:
    """Return every file in the index, by path."""
    rows = db.execute(
        "SELECT id, path, deck, title, description, parent, notes, cards, settings, images"
        " FROM library.file"
    )
    make = CataloguedFile._make
    return {row[1]: make((*row[:8], _settings(row[8]) if row[8] else {}, row[9])) for row in rows}


def _settings(lines: str) -> dict[str, Any]:
    """Return the settings of a header, which the index has as lines."""
    pairs = (line.partition("=") for line in lines.splitlines())
    return {name: parse(name, value) for name, _, value in pairs}


def _use_decks(db: sqlite3.Connection, decks: Iterable[CataloguedFile]) -> None:
    """Put the decks in use, in order, into the temporary table that other queries read."""
    db.execute("DROP TABLE IF EXISTS temp.deck")
    db.execute(
        "CREATE TEMP TABLE deck"
        " (file INTEGER PRIMARY KEY, id TEXT UNIQUE, place INTEGER UNIQUE) STRICT"
    )
    rows = [(row.file, row.deck, place) for place, row in enumerate(decks)]
    db.execute("SAVEPOINT decks")  # else each row is a transaction, of 0.03 ms
    try:
        db.executemany("INSERT INTO temp.deck VALUES (?, ?, ?)", rows)
    finally:
        db.execute("RELEASE decks")


def _problems_by_file(
    db: sqlite3.Connection,
) -> dict[int, list[tuple[str, str, str, str, int, int]]]:
    """Return the problems of files: severity, code, message, help, line, column."""
    problems: dict[int, list[tuple[str, str, str, str, int, int]]] = {}
    for file, *problem in db.execute(
        "SELECT file, severity, code, message, help, line, col FROM library.problem"
        " ORDER BY line, col"
    ):
        problems.setdefault(file, []).append(tuple(problem))
    return problems
