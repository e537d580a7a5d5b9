"""What is measured with: a big library, and learners who studied it for a year."""

from __future__ import annotations

import shutil
from functools import cache, cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING

from benchmarks.homes import paths_in
from benchmarks.learner import begin_each, study_for_a_year
from benchmarks.notes import pairs, plain_deck, write_library
from benchmarks.simulate import simulate, today
from sco_quiz.library.decks import read_deck
from sco_quiz.progress.store import Progress
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sco_quiz.learning.cards import Card

FILES = 100
NOTES = 100_000
ANSWERS = 100_000
STEADY, HASTY, LONG = 12_000, 22_000, 38_000


class Material:
    """Makes what a comparison asks for, once for all of them.

    A home is a folder with the decks, progress and index of one learner; the index is fresh.
    """

    def __init__(self, folder: Path) -> None:
        """Make everything below an empty folder."""
        self.folder = folder
        self._copies = 0

    @cached_property
    def decks(self) -> Path:
        """A folder with 100 decks of 1,000 notes each."""
        folder = self.folder / "decks"
        write_library(folder, FILES, NOTES // FILES)
        return folder

    @cached_property
    def newcomer(self) -> Path:
        """A home with the shipped decks only."""
        return self.copy(self._empty)

    @cached_property
    def library(self) -> Path:
        """A home with the big library that nobody has studied."""
        home = self.folder / "library"
        shutil.copytree(self.decks, paths_in(home).decks_folder)
        with Workspace(paths=paths_in(home)) as workspace:
            workspace.refresh()
        return home

    @cache  # noqa: B019 -- there is one, and it lives as long as the run
    def plain(self, notes: int) -> Path:
        """A home with one deck of plain notes, `plain`, that nobody has studied."""
        home = self.folder / f"plain-{notes}"
        folder = paths_in(home).decks_folder
        folder.mkdir(parents=True)
        (folder / "plain.yaml").write_text(plain_deck("plain", pairs(notes)), "utf-8")
        with Workspace(paths=paths_in(home)) as workspace:
            workspace.refresh()
        return home

    @cache  # noqa: B019 -- as above
    def tree(self, decks: int, notes: int) -> Path:
        """A home with plain notes in so many decks: ten make a folder, ten of these another."""
        home = self.folder / f"tree-{decks}"
        each = notes // decks
        for number in range(decks):
            folder = paths_in(home).decks_folder / f"group {number // 100}" / f"part {number // 10}"
            folder.mkdir(parents=True, exist_ok=True)
            name = f"deck-{number}"
            (folder / f"{name}.yaml").write_text(plain_deck(name, pairs(each)), "utf-8")
        with Workspace(paths=paths_in(home)) as workspace:
            workspace.refresh()
        return home

    @cached_property
    def steady(self) -> Path:
        """The home of a learner of the big library who was there yesterday, too."""
        home = self.copy(self.library)
        with Progress.open(paths_in(home).progress_file) as progress:
            study_for_a_year(progress, self._cards, today() - 1, answers=ANSWERS, seen=STEADY)
        return home

    @cached_property
    def returning(self) -> Path:
        """The home of one who began more, and is back after a year: all of it is due."""
        home = self.copy(self.library)
        with Progress.open(paths_in(home).progress_file) as progress:
            study_for_a_year(progress, self._cards, today() - 365, answers=ANSWERS, seen=HASTY)
        return home

    @cached_property
    def finished(self) -> Path:
        """The home of a learner who has begun every card of the big library."""
        home = self.copy(self.library)
        with Progress.open(paths_in(home).progress_file) as progress:
            begin_each(progress, self._cards, today() - 1)
        return home

    @cached_property
    def veteran(self) -> Path:
        """The home of a learner who gave some 500,000 answers in a year, until yesterday."""
        home = self.copy(self.library)
        with Progress.open(paths_in(home).progress_file) as progress:
            simulate(progress, self._cards[:LONG], today() - 1, new=LONG // 150, most=4_000)
        return home

    def copy(self, home: Path) -> Path:
        """The same home elsewhere, to write in."""
        self._copies += 1
        copy = self.folder / f"home-{self._copies}"
        # The index names files by their paths, and would keep those of the first home.
        shutil.copytree(home, copy, ignore=shutil.ignore_patterns("index.db*"))
        with Workspace(paths=paths_in(copy)) as workspace:
            workspace.refresh()
        return copy

    @cached_property
    def _empty(self) -> Path:
        home = self.folder / "empty"
        paths_in(home).decks_folder.mkdir(parents=True)
        return home

    @cached_property
    def _cards(self) -> Sequence[Card]:
        """The cards of the big library, from each deck in turn, in the order of its author."""
        decks = []
        for path in sorted(self.decks.iterdir()):
            deck = read_deck(path.name, path.read_bytes()).deck
            assert deck is not None, path
            decks.append(deck.cards)
        return [card for row in zip_longest(*decks) for card in row if card is not None]
