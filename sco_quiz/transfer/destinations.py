"""The decks that the notes of a source go to: those that are there, and new ones in folders."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.library.deck_tree import SEPARATOR
from sco_quiz.library.folders import id_of, one_line
from sco_quiz.transfer.media import ON_WINDOWS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sco_quiz.workspace.workspace import Workspace

_LONGEST_NAME = 120
"""Bytes of the name of a file or a folder; systems hold 255, with endings and numbers."""
_LONGEST_TITLE = 300
_ROOM = 90
"""Characters of an id that gets a number; ids have 100."""
_DEEPEST = 8
"""Folders within each other; a title may name more parents."""
_ALIKE = re.compile(r"[-_\s]+")


class Destination(NamedTuple):
    """A deck that notes go to.

    Attributes:
        id: What names it.
        title: What it is called; one that is there keeps its own.
        path: Its file.
    """

    id: str
    title: str
    path: Path


class Destinations:
    """Finds or names the deck for each title of a source, always the same one.

    A deck that is there is meant by its title, or by its id if the learner gave it another title
    since. Titles that would get one id are told apart by numbers, and so are files.
    """

    def __init__(self, workspace: Workspace) -> None:
        """Know the decks that there are."""
        self._workspace = workspace
        self._titles = dict(workspace.catalogue.titles)
        self._by_title: dict[str, Destination] = {}
        self._by_id: dict[str, Destination] = {}

    def named(self, name: str) -> Destination:
        """The deck that the learner names by id or title; a new one if there is none."""
        if self._workspace.catalogue.owner_of(name) is not None:
            return self.known(name)
        titled = [deck for deck, title in self._titles.items() if title == name]
        return self.known(titled[0]) if len(titled) == 1 else self.of(name)

    def of(self, title: str) -> Destination:
        """The deck for a title that a source gives."""
        title = one_line(title) or "deck"
        found = self._by_title.get(title)
        if found is None:
            cut = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
            found = self._by_title[title] = self._meant(cut) or self._new(cut)
        return found

    def known(self, deck: str) -> Destination:
        """The deck with an id that the catalogue has, or that this import makes."""
        found = self._by_id.get(deck)
        if found is None:
            path = self._workspace.catalogue.owner_of(deck)
            path = path or self._workspace.paths.decks_folder / f"{deck}.yaml"
            found = Destination(deck, self._titles.get(deck, deck), path)
            self._by_id[deck] = found
        return found

    def _meant(self, title: str) -> Destination | None:
        """The deck that is there and that a title means."""
        titled = [deck for deck, own in self._titles.items() if own == title]
        if len(titled) == 1:
            return self._called(titled[0], title)
        base = id_of(title)
        taken = {each.id for each in self._by_title.values()}
        for deck in self._numbered(base):
            own = self._titles.get(deck)
            if own is None:
                return None
            changed = id_of(own) != base
            if deck not in taken and (changed or _folded(own) == _folded(title)):
                return self._called(deck, title)
        return None

    def _called(self, deck: str, title: str) -> Destination:
        return self.known(deck)._replace(title=title)

    def _new(self, title: str) -> Destination:
        taken = self._titles.keys() | self._by_id.keys()
        deck = next(each for each in self._numbered(id_of(title)) if each not in taken)
        made = Destination(deck, title, self._file(deck, title))
        self._by_id[deck] = made
        return made

    def _file(self, deck: str, title: str) -> Path:
        """A file that no deck has: in folders, if the title names parents."""
        folder = self._workspace.paths.decks_folder
        parts = [part.strip() for part in title.split(SEPARATOR)]
        name = deck
        if len(parts) > 1 and all(parts):
            *above, name = parts
            for part in above[:_DEEPEST]:
                folder /= _fitting(id_of(part))
            name = id_of("-".join([*above[_DEEPEST:], name]))
        used = {each.path for each in self._by_id.values()}
        for each in self._numbered(_fitting(name)):
            path = folder / f"{each}.yaml"
            if path in used or (os.path.lexists(path) and self._is_deck(path)):
                continue
            return path
        raise AssertionError  # numbers do not end

    def _is_deck(self, path: Path) -> bool:
        """Tell whether a usable deck is in a file; one that has a mistake is to be mended."""
        return self._workspace.catalogue.deck_of(path) is not None

    @staticmethod
    def _numbered(name: str) -> Iterator[str]:
        yield name
        number = 2
        while True:
            yield f"{name[:_ROOM]}-{number}"
            number += 1


def _fitting(name: str) -> str:
    """A name that every file system holds."""
    short = name.encode()[:_LONGEST_NAME].decode(errors="ignore").strip("-._") or "deck"
    return f"{short}-deck" if ON_WINDOWS.fullmatch(short) else short


def _folded(title: str) -> str:
    return _ALIKE.sub(" ", title.casefold()).strip()
