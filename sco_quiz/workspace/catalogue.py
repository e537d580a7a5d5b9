"""Which decks can be used, by which names, and what is wrong with the files."""

from __future__ import annotations

import os
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

    from sco_quiz.learning.queue import Counts
    from sco_quiz.library.library import DeckPath


class DeckSummary(NamedTuple):
    """A deck or a parent as a list of decks shows it; a parent with all that is below it.

    Attributes:
        id: What commands name it by.
        title: What people call it.
        description: What it is about; may be empty.
        path: Its file; empty for a parent without one.
        shipped: Whether it came with the app.
        stands_for_shipped: Whether it did, or is the learner's copy of one that did.
        notes: How many notes it has.
        cards: How many cards these yield.
        counts: What waits today.
        name: What it is called among those with the same parent.
        depth: How many parents are above it.
        decks: The decks that it stands for: itself and what is below it, in order.
        is_parent: Whether anything is below it.
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
        """Its name, moved in by how many parents are above it."""
        return "  " * self.depth + self.name


def decks_of(summaries: Iterable[DeckSummary]) -> list[str]:
    """The ids of all decks that decks and parents stand for, each once."""
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


class Header(NamedTuple):
    """The settings in the header of a deck; none for a parent without a file.

    Attributes:
        deck: Its id.
        title: What people call it.
        says: Those of `config.OF_DECKS` that stand in its header; of a parent without a file those
            that it may have, each at its greatest: no limit.
        is_deck: Whether it has a file.
    """

    deck: str
    title: str
    says: Mapping[str, object]
    is_deck: bool = True


class DeckRow(NamedTuple):
    """A deck file as the index has it; `deck` is None when it holds no usable deck."""

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

    A deck of the learner's own stands in place of the shipped one it is a copy of.

    Attributes:
        decks: By id, in the order of the tree.
        tree: The decks below their parents.
        replaced: The files of the shipped decks in whose place the learner's own stand, by id.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        files: Iterable[DeckPath],
        before: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Choose among the files the index knows.

        Args:
            db: Has the index attached.
            files: Those that are there now.
            before: The titles of decks that were in use before, by id.
        """
        self._db = db
        self._before = before
        known = _deck_rows(db)
        found = [(each, known[each.path]) for each in files if each.path in known]
        own = {row.deck for each, row in found if row.deck and not each.shipped}
        self.replaced = {
            row.deck: Path(each.path)
            for each, row in found
            if each.shipped and row.deck is not None and row.deck in own
        }
        found = [(each, row) for each, row in found if not each.shipped or row.deck not in own]
        found.sort(key=lambda pair: self._place(*pair))
        self._shipped = {each.path for each, _ in found if each.shipped}
        rows: dict[str, DeckRow] = {}
        placed: list[PlacedDeck] = []
        self._broken: list[DeckRow] = []
        self._taken: list[Problem] = []
        self._copies: list[Problem] = []
        copies = find_conflict_copies(
            {row.path: row.deck for each, row in found if not each.shipped}
        )
        for each, row in found:
            if (original := copies.get(row.path)) is not None:
                self._copies.append(_set_aside(row, original))
            elif row.deck is None:
                self._broken.append(row)
            elif row.deck in rows:
                self._taken.append(_id_taken(row, rows[row.deck]))
            else:
                rows[row.deck] = row
                placed.append(_placed(row, each, shipped=each.shipped or row.deck in self.replaced))
        self.tree = DeckTree(placed)
        self.decks = {deck: rows[deck] for deck, node in self.tree.nodes.items() if node.is_deck}
        _use_decks(db, self.decks.values())

    def _place(self, file: DeckPath, row: DeckRow) -> tuple[bool, str, tuple[str, str]]:
        """Return the sort key: first the shipped decks, with the learner's in their places."""
        replaced = self.replaced.get(row.deck or "")
        shipped = file.path if file.shipped else str(replaced or "")
        return not shipped, shipped, ("", "") if file.shipped else _by_title(row)

    def is_shipped(self, deck: str) -> bool:
        """Tell whether a deck came with the app."""
        return self.decks[deck].path in self._shipped

    def stands_for_shipped(self, deck: str) -> bool:
        """Tell whether a deck came with the app, or is the learner's copy of one that did."""
        return self.is_shipped(deck) or deck in self.replaced

    def file_of(self, deck: str) -> tuple[Path, bool]:
        """Return the file of a deck, and whether it came with the app."""
        return Path(self.decks[deck].path), self.is_shipped(deck)

    def deck_of(self, path: Path) -> str | None:
        """Return the id of the deck in a file; None when it holds none that is used."""
        return next((deck for deck, row in self.decks.items() if row.path == str(path)), None)

    def owner_of(self, deck: str) -> Path | None:
        """Return the file of the deck that has an id, if one has."""
        return Path(self.decks[deck].path) if deck in self.decks else None

    def title(self, deck: str) -> str:
        """Return what people call a deck; of one that is gone, what it was called."""
        row = self.decks.get(deck)
        if row:
            return row.title
        if deck in self.tree.nodes:
            return self.tree.nodes[deck].name
        return logged_titles(self._db).get(deck) or self._before.get(deck, deck)

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the decks, by id."""
        return {deck: row.title for deck, row in self.decks.items()}

    @property
    def has_images(self) -> bool:
        """Tell whether any card names one."""
        return any(row.images for row in self.decks.values())

    def headers(self) -> list[Header]:
        """What the headers of the decks say of settings."""
        found = []
        for name, node in self.tree.nodes.items():
            if node.is_deck:
                found.append(Header(name, self.decks[name].title, self.decks[name].settings))
            else:
                most = {setting: int(SETTINGS[setting].high) for setting in LIMITS}
                found.append(Header(name, node.name, most, is_deck=False))
        return found

    def problems(self) -> list[Problem]:
        """Mistakes in deck files, errors before warnings."""
        problems = _problems_by_file(self._db)
        found = [
            Problem(row.path, line, column, severity, code, message, help_)
            for row in [*self._broken, *self.decks.values()]
            for severity, code, message, help_, line, column in problems.get(row.file, ())
            if code != "E309" or not (row.deck and self.tree.is_parent(row.deck))
        ]
        found += [*self._taken, *self._copies]
        found += [
            self._parent_problem(deck)
            for deck in (*self.tree.lost, *self.tree.circles)
            if deck in self.decks
        ]
        return sorted(found, key=lambda each: (each.severity != "error", each.path, each.line))

    def find_decks(self, names: Iterable[str]) -> list[str]:
        """Return the ids of decks named by id, by the unique beginning of one, or by path.

        A parent stands for all decks below it.

        Raises:
            UsageError: A name fits no deck, more than one, or one without a card.
        """
        found: dict[str, None] = {}
        for name in names:
            node = self.find_node(name)
            found.update(dict.fromkeys(self.tree.decks(node)))
        return list(found)

    def find_deck(self, name: str) -> str:
        """Return the id of the one deck of a name, be it a parent.

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
        if deck in self.tree.lost:
            return Problem(path, 1, 1, "error", "E311", *self.tree.lost_told(deck))
        return Problem(path, 1, 1, "error", "E312", self.tree.circle_told(deck), CIRCLE_HELP)

    def mistake_in(self, path: str) -> str:
        """Return where and why a file holds no usable deck, in one line; empty if it does."""
        for row in self._broken:
            if row.path == path:
                for _, _, message, _, line, column in _problems_by_file(self._db).get(row.file, ()):
                    return f"{Path(path).name}:{line}:{column}: {message}"
        return ""

    def find_node(self, name: str) -> str:
        """Return the id of the deck or parent of a name; see `find_decks`.

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


def _placed(row: DeckRow, file: DeckPath, *, shipped: bool) -> PlacedDeck:
    stem = row.path[row.path.rfind(os.sep) + 1 :].rpartition(".")[0]
    return PlacedDeck(row.deck or "", row.title, row.parent, file.folders, stem, shipped)


def _by_title(row: DeckRow) -> tuple[str, str]:
    # Without its ending: `geo.yaml` comes before `geo-2.yaml`, which is more likely made of it.
    return "\x01" + row.title.casefold(), row.path.rpartition(".")[0]


def _id_taken(row: DeckRow, first: DeckRow) -> Problem:
    return Problem(
        row.path, 1, 1, "error", "E310",
        f"the deck id {row.deck!r} is taken by {_shown(first.path)}",
        "give one of them another `id`",
    )  # fmt: skip


def _set_aside(row: DeckRow, original: str) -> Problem:
    return Problem(
        row.path, 1, 1, "warning", "W411",
        f"set aside: a synchroniser's conflict copy of {_shown(original)}",
        COPY_HELP,
    )  # fmt: skip


def _shown(path: str) -> str:
    from sco_quiz.text import clean  # `due` does without

    return clean(path, multiline=False)


def state_of_files(db: sqlite3.Connection) -> str:
    """Differs whenever a deck file in use was read, or is no longer in use."""
    row = db.execute("SELECT count(*), max(file), sum(file), sum(place) FROM temp.deck").fetchone()
    return str(row)


def logged_titles(db: sqlite3.Connection) -> dict[str, str]:
    """What the log says decks are called, those that are gone among them."""
    return dict(db.execute("SELECT deck, title FROM deck_title"))


def _deck_rows(db: sqlite3.Connection) -> dict[str, DeckRow]:
    """Every file in the index, by path."""
    rows = db.execute(
        "SELECT id, path, deck, title, description, parent, notes, cards, settings, images"
        " FROM library.file"
    )
    found = (DeckRow._make([*others, _settings(lines), images]) for *others, lines, images in rows)
    return {row.path: row for row in found}


def _settings(lines: str) -> dict[str, Any]:
    """The settings of a header as the index has them."""
    pairs = (line.partition("=") for line in lines.splitlines())
    return {name: parse(name, value) for name, _, value in pairs}


def _use_decks(db: sqlite3.Connection, decks: Iterable[DeckRow]) -> None:
    """Name the decks that the other queries look at, in their order."""
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
    """Return what is wrong with files: severity, code, message, help, line, column."""
    found: dict[int, list[tuple[str, str, str, str, int, int]]] = {}
    for file, *problem in db.execute(
        "SELECT file, severity, code, message, help, line, col FROM library.problem"
        " ORDER BY line, col"
    ):
        found.setdefault(file, []).append(tuple(problem))
    return found
