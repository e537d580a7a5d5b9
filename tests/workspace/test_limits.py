"""Limits of new cards: of each deck, and of all decks together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.cards import Rating
from sco_quiz.learning.queue import Counts
from sco_quiz.learning.study_day import DAY_MS
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace import glance
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import FakeClock


def write_deck(folder: Path, name: str, cards: int = 12, header: str = "") -> None:
    notes = "".join(f"- {{front: {name} {number}, back: b}}\n" for number in range(cards))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(f"deck: {name}\n{header}cards:\n{notes}")


def configure(home: Path, text: str) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "config.toml").write_text(text)


def new_by_deck(workspace: Workspace) -> dict[str, tuple[int, int]]:
    """How many new cards are given out to each deck, and held back."""
    return {
        deck: (counts.new, counts.held)
        for deck, counts in workspace.agenda.counts().items()
        if counts.new or counts.held
    }


def test_a_day_brings_fifteen_new_cards_to_the_shipped_decks_in_their_order(home: Path) -> None:
    with Workspace() as workspace:
        workspace.refresh()
        decks = [deck.counts for deck in workspace.agenda.decks()]
        assert [each.new for each in decks] == [10, 5, 0, 0, 0, 0]
        assert [each.held for each in decks] == [0, 5, 10, 10, 10, 10]
        assert len(workspace.agenda.today().new) == 15
    assert glance.waiting() == 15


def test_own_decks_come_before_the_shipped_ones(decks_folder: Path, home: Path) -> None:
    write_deck(decks_folder, "b", 3)
    write_deck(decks_folder, "a")
    configure(home, "new_in_all = 14\n")
    with Workspace() as workspace:
        workspace.refresh()
        given = new_by_deck(workspace)
        assert (given.pop("a"), given.pop("b")) == ((10, 0), (3, 0))
        assert [new for new, _ in given.values()] == [1, 0, 0, 0, 0, 0]
        asked = [card.deck for card in workspace.agenda.today().new]
        assert asked[:13] == ["a"] * 10 + ["b"] * 3


def test_without_the_limit_each_deck_has_its_own(home: Path) -> None:
    configure(home, "new_in_all = 0\n")
    with Workspace() as workspace:
        workspace.refresh()
        assert list(new_by_deck(workspace).values()) == [(10, 0)] * 6
        assert workspace.agenda.held_in_words(0) == ""


def test_a_deck_that_is_studied_alone_gets_what_the_day_has_left(
    decks_folder: Path, home: Path
) -> None:
    for name in "abc":
        write_deck(decks_folder, name)
    configure(home, "new_in_all = 12\n")
    with Workspace() as workspace:
        workspace.refresh()
        assert [new_by_deck(workspace)[name] for name in "abc"] == [(10, 0), (2, 8), (0, 10)]
        assert workspace.agenda.counts(["c"]) == {"c": Counts(new=10)}
        session = begin_study(workspace, ["c"])
        for _ in range(10):
            session.answer()
            session.rate(Rating.EASY)
        assert session.question is None
        assert [new_by_deck(workspace)[name] for name in "ab"] == [(2, 8), (0, 10)]
        assert len(workspace.agenda.today(["b"]).new) == 2
        assert "held back: 12 a day in all decks." in workspace.agenda.next_in_words(["c", "b"])


def test_a_wish_for_so_many_new_cards_stands_in_place_of_the_limits(home: Path) -> None:
    configure(home, "new_in_all = 1\n")
    with Workspace() as workspace:
        workspace.refresh()
        assert len(workspace.agenda.today(["sco-timeline"], most_new=12).new) == 12


def test_under_a_plan_for_a_backlog_a_wish_for_new_cards_of_a_deck_is_granted(
    decks_folder: Path, home: Path, clock: FakeClock
) -> None:
    write_deck(decks_folder, "a", 30)
    write_deck(decks_folder, "b", 30)
    configure(home, "new_in_all = 0\n")
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        session = begin_study(workspace, ["a"])
        while session.question:
            session.answer()
            session.rate(Rating.EASY)
    clock.at += 60 * DAY_MS
    configure(home, "backlog_per_day = 2\n")
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        assert len(workspace.agenda.today().reviews) == 2
        assert not workspace.agenda.today().new
        assert len(workspace.agenda.today(["b"], most_new=3).new) == 3


@pytest.mark.parametrize("in_all", [0, 5, 12])
def test_what_is_held_back_comes_tomorrow(decks_folder: Path, home: Path, in_all: int) -> None:
    write_deck(decks_folder, "a", 20)
    configure(home, f"new_in_all = {in_all}\n")
    with Workspace() as workspace:
        workspace.refresh()
        session = begin_study(workspace, ["a"])
        while session.question:
            session.answer()
            session.rate(Rating.EASY)
        said = workspace.agenda.next_in_words(["a"])
        assert said.startswith("The next cards come tomorrow.")
        assert ("held back" in said) == (in_all == 5)
