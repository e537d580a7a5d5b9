"""Which decks can be used, by which names, and what is wrong with the files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.config import OF_DECKS
from sco_quiz.errors import UsageError
from sco_quiz.workspace import queries

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from sco_quiz.library.library import DeckPath


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
    """What a deck says of settings.

    Attributes:
        deck: Its id.
        title: What people call it.
        says: Those of `config.OF_DECKS` that stand in its header.
    """

    deck: str
    title: str
    says: Mapping[str, object]


class Catalogue:
    """The decks in use: one file for each id, shipped ones first, then by title.

    A deck of the learner's own stands in place of the shipped one it is a copy of.

    Attributes:
        decks: By id.
    """

    def __init__(self, db: sqlite3.Connection, files: Iterable[DeckPath]) -> None:
        """Choose among the files the index knows.

        Args:
            db: Has the index attached.
            files: Those that are there now.
        """
        self._db = db
        known = queries.deck_rows(db)
        found = [(each, known[each.path]) for each in files if each.path in known]
        own = {row.deck for each, row in found if row.deck and not each.shipped}
        found = [(each, row) for each, row in found if not each.shipped or row.deck not in own]
        found.sort(key=lambda pair: ("", "") if pair[0].shipped else _by_title(pair[1]))
        self._shipped = {each.path for each, _ in found if each.shipped}
        self.decks: dict[str, queries.DeckRow] = {}
        self._broken: list[queries.DeckRow] = []
        self._taken: list[Problem] = []
        for _, row in found:
            if row.deck is None:
                self._broken.append(row)
            elif row.deck in self.decks:
                self._taken.append(_id_taken(row, self.decks[row.deck]))
            else:
                self.decks[row.deck] = row
        queries.use_decks(db, self.decks.values())

    def is_shipped(self, deck: str) -> bool:
        """Whether a deck came with the app."""
        return self.decks[deck].path in self._shipped

    def headers(self) -> list[Header]:
        """What the headers of the decks say of settings."""
        return [
            Header(
                deck,
                row.title,
                {name: each for name in OF_DECKS if (each := getattr(row, name)) is not None},
            )
            for deck, row in self.decks.items()
        ]

    def problems(self) -> list[Problem]:
        """Mistakes in deck files, errors before warnings."""
        found = [
            Problem(row.path, line, column, severity, code, message, help_)
            for row in [*self._broken, *self.decks.values()]
            for severity, code, message, help_, line, column in queries.problems(self._db, row.file)
        ]
        found += self._taken
        return sorted(found, key=lambda each: (each.severity != "error", each.path, each.line))

    def find(self, name: str) -> str:
        """The id of the deck named by id, by the unique beginning of one, or by path.

        Raises:
            UsageError: The name fits no deck, more than one, or one without a card.
        """
        path = str(Path(name).absolute())
        paths = {row.path: deck for deck, row in self.decks.items()}
        deck = name if name in self.decks else paths.get(path)
        if deck is not None and self.decks[deck].cards:
            return deck
        path = self.decks[deck].path if deck is not None else path
        for problem in self.problems():
            if problem.path == path or (deck is None and Path(problem.path).stem == name):
                where = f"{problem.path}:{problem.line}:{problem.column}"
                raise UsageError(f"{where}: {problem.message}", problem.help)
        fitting = [deck for deck in self.decks if deck.startswith(name)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting and name:
            raise UsageError(
                f"{name!r} fits several decks: {', '.join(fitting)}", "write more of the id"
            )
        from difflib import get_close_matches

        close = get_close_matches(name, list(self.decks), n=1, cutoff=0.4)
        suggestion = f"did you mean {close[0]!r}? " if close else ""
        raise UsageError(
            f"there is no deck {name!r}", f"{suggestion}`sco-quiz decks` lists them all"
        )


def _by_title(row: queries.DeckRow) -> tuple[str, str]:
    return "\x01" + row.title.casefold(), row.path


def _id_taken(row: queries.DeckRow, first: queries.DeckRow) -> Problem:
    from sco_quiz.text import clean

    return Problem(
        row.path, 1, 1, "error", "E310",
        f"the deck id {row.deck!r} is taken by {clean(first.path, multiline=False)}",
        "give one of them another `id`",
    )  # fmt: skip
